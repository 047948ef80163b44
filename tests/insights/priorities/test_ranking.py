import numpy as np
import pandas as pd
import pytest

from kura_core.errors import ConfigError
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.priorities.draws import RESAMPLES, draw_groups
from kura_core.insights.priorities.ranking import Weights, rank_priorities
from tests.insights.joined_runs import joined_of, several

FAILED = {"outcome": "not achieved"}


def group(name: str, failed: int, achieved: int, **row: object) -> list[dict[str, object]]:
    return [
        *several(failed, **FAILED, cluster_id=name, **row),
        *several(achieved, cluster_id=name, **row),
    ]


def by_id(ranked: pd.DataFrame) -> pd.DataFrame:
    return ranked.set_index("cluster_id")


@pytest.fixture
def joined() -> JoinedRun:
    return joined_of([*group("large", 10, 90), *group("bad", 45, 5), *group("fine", 1, 19)])


def test_priority_is_volume_times_failure_never_volume_times_success(joined: JoinedRun) -> None:
    ranked = rank_priorities(joined)

    assert list(ranked["cluster_id"]) == ["bad", "large", "fine"]
    assert list(ranked["rank"]) == [1, 2, 3]
    assert list(ranked["priority"]) == pytest.approx([100, 100 * 10 / 45, 100 * 1 / 45])
    assert list(ranked["success"]) == pytest.approx([0.1, 0.9, 0.95])


def test_partly_counts_as_failed_and_cannot_tell_is_left_out_of_the_rate() -> None:
    rows = [
        *several(6, outcome="partly"),
        *several(6),
        *several(8, outcome="cannot tell"),
        *several(3, outcome=None),
    ]
    row = rank_priorities(joined_of(rows)).iloc[0]

    assert (row["conversations"], row["judged"], row["achieved"]) == (23, 12, 6)
    assert row["success"] == 0.5


def test_effort_divides(joined: JoinedRun) -> None:
    ranked = by_id(rank_priorities(joined, efforts={"bad": 10.0}))

    assert ranked["rank"].to_dict() == {"large": 1, "bad": 2, "fine": 3}
    assert ranked.loc["bad", "priority"] == pytest.approx(45)
    assert ranked.loc["bad", "effort"] == 10


@pytest.mark.parametrize("effort", [0.0, -1.0, float("nan")])
def test_an_effort_that_is_not_above_zero_is_said(joined: JoinedRun, effort: float) -> None:
    with pytest.raises(ConfigError, match="above 0"):
        rank_priorities(joined, efforts={"bad": effort})


def test_weights_are_exponents(joined: JoinedRun) -> None:
    by_volume = rank_priorities(joined, weights=Weights(failure=0))
    by_failure = rank_priorities(joined, weights=Weights(volume=0))
    squared = by_id(rank_priorities(joined, weights=Weights(failure=2)))

    assert list(by_volume["cluster_id"]) == ["large", "bad", "fine"]
    assert list(by_failure["cluster_id"]) == ["bad", "large", "fine"]
    assert squared.loc["large", "priority"] == pytest.approx(100 * 100 * 0.1**2 / (50 * 0.9**2))


def test_a_users_money_counts_once_per_group_and_is_spread_over_its_conversations() -> None:
    rows = [
        *several(6, **FAILED, user_id="rich", cluster_id="a"),
        *several(2, **FAILED, user_id="poor", cluster_id="a"),
        *several(5, **FAILED, user_id="rich", cluster_id="b"),
    ]
    joined = joined_of(rows)
    worth = joined.conversations["user_id"].map({"rich": 1000.0, "poor": 40.0})
    joined.conversations["user_mrr"] = worth
    joined.conversations["meta_fee"] = [1.0] * 6 + [None] * 2 + [3.0] * 5

    per_user = by_id(rank_priorities(joined, "user_mrr"))["impact"]
    per_conversation = by_id(rank_priorities(joined, "meta_fee"))["impact"]

    assert per_user.to_dict() == {"a": 1040 / 8, "b": 1000 / 5}
    assert per_conversation.to_dict() == {"a": 1.0, "b": 3.0}


def test_without_an_impact_column_every_conversation_counts_alike(joined: JoinedRun) -> None:
    assert set(rank_priorities(joined)["impact"]) == {1.0}


def test_groups_with_few_judged_or_no_known_value_are_not_ranked() -> None:
    joined = joined_of(
        [
            *group("a", 5, 5),
            *group("few", 4, 0),
            *several(9, outcome="cannot tell", cluster_id="few"),
            *group("unknown", 9, 0),
        ]
    )
    fee = joined.conversations["cluster_id"].map({"a": 2.0, "few": 2.0})
    joined.conversations["meta_fee"] = fee
    ranked = by_id(rank_priorities(joined, "meta_fee"))

    assert list(ranked.index) == ["a", "few", "unknown"]
    assert ranked["rank"].isna().to_dict() == {"a": False, "few": True, "unknown": True}
    assert ranked["priority"].isna().to_dict() == {"a": False, "few": True, "unknown": True}
    assert ranked["few"].to_dict() == {"a": False, "few": True, "unknown": False}


def test_a_refund_is_worth_nothing_rather_than_less() -> None:
    joined = joined_of([*group("a", 5, 5), *group("b", 5, 5)])
    joined.conversations["meta_fee"] = joined.conversations["cluster_id"].map({"a": -3.0, "b": 1.0})
    ranked = by_id(rank_priorities(joined, "meta_fee", Weights(impact=0.5)))

    assert ranked["priority"].to_dict() == {"a": 0.0, "b": 100.0}


def test_what_is_left_over_is_not_ranked_and_themes_can_be() -> None:
    rows = [*group("a", 5, 5), *group("b", 5, 5), *group("rest", 9, 1)]
    joined = joined_of(rows, themes={"a": "t", "b": "t"}, other="rest")

    assert set(rank_priorities(joined)["cluster_id"]) == {"a", "b"}
    themes = rank_priorities(joined, level="theme")
    assert themes[["cluster_id", "name", "conversations"]].to_numpy().tolist() == [
        ["t", "Name t", 20]
    ]


def test_nothing_to_rank_gives_no_rows() -> None:
    assert rank_priorities(joined_of(several(9, cluster_id="rest"), other="rest")).empty


def test_nothing_failing_has_no_priority() -> None:
    ranked = rank_priorities(joined_of([*group("a", 0, 9), *group("b", 0, 5)]))

    assert list(ranked["priority"]) == [0, 0]


def test_the_interval_holds_the_priority_and_the_rank_range_the_rank(joined: JoinedRun) -> None:
    ranked = rank_priorities(joined)

    assert (ranked["priority_low"] < ranked["priority"]).all()
    assert (ranked["priority"] < ranked["priority_high"]).all()
    assert ranked["rank_low"].to_list() == ranked["rank_high"].to_list() == [1, 2, 3]


def test_groups_that_are_close_share_a_range_of_ranks() -> None:
    ranked = rank_priorities(
        joined_of([*group("a", 21, 20), *group("b", 20, 20), *group("far", 2, 90)])
    )

    assert ranked["rank_low"].to_list() == [1, 1, 3]
    assert ranked["rank_high"].to_list() == [2, 2, 3]


def test_one_user_who_asks_often_makes_the_interval_wide() -> None:
    def width(users: int) -> float:
        rows = [
            {"user_id": f"u{i % users}", **(FAILED if i % users < users // 2 else {})}
            for i in range(400)
        ]
        ranked = rank_priorities(joined_of(rows))
        return float((ranked["priority_high"] - ranked["priority_low"]).iloc[0])

    assert width(20) > 3 * width(400)


def test_the_interval_covers_what_a_binomial_count_would_give() -> None:
    # Each user has one conversation, so the failures are a count with a known spread.
    joined = joined_of([*group("a", 60, 40), *group("rest", 150, 150)], other="rest")
    row = rank_priorities(joined).iloc[0]
    spread = 1.96 * np.sqrt(60 * 0.4) / 60 * 100

    assert row["priority_high"] - 100 == pytest.approx(spread, rel=0.2)
    assert 100 - row["priority_low"] == pytest.approx(spread, rel=0.2)


def test_a_group_that_always_ended_alike_is_not_taken_for_certain() -> None:
    ranked = by_id(rank_priorities(joined_of([*group("a", 0, 6), *group("b", 6, 6)])))

    assert ranked.loc["a", "priority"] == 0
    assert ranked.loc["a", "priority_high"] > 10


def test_conversations_without_a_user_stand_for_themselves() -> None:
    rows = [*group("a", 30, 30, user_id=None)]
    with_users = rank_priorities(joined_of(group("a", 30, 30))).iloc[0]
    without = rank_priorities(joined_of(rows)).iloc[0]

    assert without["users"] is pd.NA
    assert without["priority_high"] == pytest.approx(with_users["priority_high"], rel=0.1)


def test_the_same_seed_gives_the_same_ranking_and_row_order_does_not_matter_to_the_measure(
    joined: JoinedRun,
) -> None:
    pd.testing.assert_frame_equal(rank_priorities(joined), rank_priorities(joined))
    assert not rank_priorities(joined, seed=1)["priority_high"].equals(
        rank_priorities(joined)["priority_high"]
    )


def test_all_groups_are_resampled_at_once(joined: JoinedRun) -> None:
    draws = draw_groups(joined, None)

    assert draws.volume.shape == draws.failure.shape == draws.impact.shape == (RESAMPLES, 3)
    # A resample always has as many users, here conversations, as there are.
    assert set(draws.volume.sum(axis=1)) == {170.0}
    pd.testing.assert_frame_equal(rank_priorities(joined, draws=draws), rank_priorities(joined))
