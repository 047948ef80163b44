import pandas as pd
import pytest

from kura_core.insights.impact import (
    default_impact,
    impact_columns,
    impact_label,
    is_per_user,
    total_impact,
)
from kura_core.insights.joined_run import JoinedRun
from tests.insights.joined_runs import joined_of


def with_columns(**columns: list[object]) -> JoinedRun:
    size = len(next(iter(columns.values())))
    joined = joined_of([{} for _ in range(size)])
    for name, values in columns.items():
        joined.conversations[name] = values
    return joined


def test_numbers_of_users_metadata_and_feedback_can_weigh_and_money_comes_first() -> None:
    joined = with_columns(
        meta_revenue=[5, 6],
        user_seats=[10, 20],
        user_mrr=[1.5, None],
        user_plan=["pro", "team"],
        user_active=[True, False],
        feedback_score=[1, 5],
        feedback_thumbs_up=[0, 1],
        user_nothing=[None, None],
        turns=[1, 2],
    )

    assert impact_columns(joined) == ["user_mrr", "meta_revenue", "user_seats", "feedback_score"]


def test_the_users_id_is_no_impact_even_where_it_is_a_number() -> None:
    joined = with_columns(user_id=[1, 2])

    assert impact_columns(joined) == []


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["user_age", "user_revenue_impact"], "user_revenue_impact"),
        (["user_impact", "user_arr"], "user_arr"),
        (["meta_price", "user_spend"], "user_spend"),
        (["user_age", "user_warranty"], None),
    ],
)
def test_the_column_that_sounds_most_like_money_is_taken(
    columns: list[str], expected: str | None
) -> None:
    joined = with_columns(**{name: [3, 4] for name in columns})

    assert default_impact(joined) == expected


def test_a_users_worth_is_counted_once_and_a_conversations_worth_each_time() -> None:
    members = pd.DataFrame(
        {"user_id": ["u", "u", "v", None], "user_mrr": [10, 10, 5, None], "meta_fee": [1, 2, 3, 4]}
    )

    assert total_impact(members, "user_mrr") == 15
    assert total_impact(members, "meta_fee") == 10
    assert total_impact(members[members["user_id"].isna()], "user_mrr") is None


def test_columns_are_named_in_plain_words() -> None:
    assert impact_label("user_revenue_impact") == "Revenue impact"
    assert is_per_user("user_revenue_impact")
    assert not is_per_user("meta_revenue")
