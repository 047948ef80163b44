"""What some conversations are beside all the others."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from kura_core.explore.breakdown import breakdown, facet_totals
from kura_core.explore.breakdown_chart import breakdown_chart
from kura_core.explore.facets import NOT_KNOWN, FacetColumn
from kura_core.explore.stats import share, share_by

CATEGORY = FacetColumn("facet_a", "A", "category")
SCALE = FacetColumn("facet_a", "A", "number", low=1, high=5)
LISTED = FacetColumn("facet_a", "A", "list")


def conversations(values: list[Any], users: list[str | None] | None = None) -> pd.DataFrame:
    names = users or [f"u{number}" for number in range(len(values))]
    return pd.DataFrame({"facet_a": pd.Series(values, dtype=object), "user_id": names})


def of_group(found: pd.DataFrame, group: str) -> dict[Any, Any]:
    return found[found["group"] == group].iloc[0].to_dict()


answer = st.one_of(st.none(), st.sampled_from([f"a{number}" for number in range(12)]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(answer, st.booleans(), st.sampled_from(["u", "v", None])), min_size=1))
def test_shares_add_up_to_one_and_counts_to_all(rows: list[tuple[str | None, bool, str]]) -> None:
    values, inside, users = (list(part) for part in zip(*rows, strict=True))
    found = breakdown(conversations(values, users), pd.Series(inside), [CATEGORY])

    assert found["count"].sum() == sum(inside)
    assert found["rest_count"].sum() == len(rows) - sum(inside)
    for share_of, counts in (("share", "count"), ("rest_share", "rest_count")):
        known = found[found["group"] != NOT_KNOWN]
        if known[counts].sum():
            assert known[share_of].sum() == pytest.approx(1)
            assert (known[share_of] * known[counts].sum()).tolist() == pytest.approx(
                known[counts].tolist()
            )
        else:
            assert known[share_of].isna().all()
    drawn = found.dropna(subset="share")
    assert (
        (drawn["low"] <= drawn["share"] + 1e-9) & (drawn["share"] <= drawn["high"] + 1e-9)
    ).all()


def test_a_share_stands_beside_that_of_all_the_rest() -> None:
    frame = conversations(["yes"] * 6 + ["no"] * 4 + ["yes"] * 2 + ["no"] * 8 + [None])
    inside = pd.Series([True] * 10 + [False] * 11)
    row = of_group(breakdown(frame, inside, [CATEGORY]), "yes")
    wilson = share(6, 10)

    assert (row["count"], row["share"], row["rest_count"], row["rest_share"]) == (6, 0.6, 2, 0.2)
    assert (row["low"], row["high"]) == pytest.approx((wilson.low, wilson.high))
    unknown = of_group(breakdown(frame, inside, [CATEGORY]), NOT_KNOWN)
    assert (unknown["count"], unknown["rest_count"]) == (0, 1)


def test_where_users_come_back_they_are_the_witnesses() -> None:
    values = ["yes" if number % 3 else "no" for number in range(300)]
    users: list[str | None] = [f"u{number % 50}" for number in range(300)]
    frame = conversations(values, users)
    everything = pd.Series(True, index=frame.index)
    row = of_group(breakdown(frame, everything, [CATEGORY]), "yes")
    counted = frame.assign(g="facet_a yes", hit=frame["facet_a"] == "yes")
    expected = share_by(counted, "g", "hit").iloc[0]

    assert (row["low"], row["high"]) == pytest.approx((expected["low"], expected["high"]))


def test_a_list_is_counted_by_item() -> None:
    frame = conversations([["x", "y"], ["x"], [], None, ["y"]])
    found = breakdown(frame, pd.Series([True, True, True, True, False]), [LISTED])

    assert dict(zip(found["group"], found["count"], strict=True)) == {
        "x": 2,
        "y": 1,
        "None": 1,
        NOT_KNOWN: 1,
    }
    assert of_group(found, "x")["share"] == pytest.approx(2 / 3)


def test_the_numbers_of_a_part_have_a_mean_and_the_steps_of_the_whole() -> None:
    frame = conversations([1, 2, 2, 5, 5, None])
    inside = pd.Series([True, True, True, False, False, True])
    found = breakdown(frame, inside, [SCALE])
    (total,) = facet_totals(frame, inside, [SCALE]).to_dict("records")

    assert found["group"].tolist() == ["1", "2", "3", "4", "5", NOT_KNOWN]
    assert found["count"].tolist() == [1, 2, 0, 0, 0, 1]
    assert (total["known"], total["not_known"], total["rest_known"]) == (3, 1, 2)
    assert total["mean"] == pytest.approx(5 / 3)
    assert total["rest_mean"] == 5
    assert 1 <= total["low"] < total["mean"] < total["high"] <= 5


def test_free_text_is_not_broken_down_but_its_answers_are_counted() -> None:
    text = FacetColumn("facet_a", "A", "text")
    frame = conversations(["a", "a", None])
    everything = pd.Series(True, index=frame.index)

    assert breakdown(frame, everything, [text]).empty
    (total,) = facet_totals(frame, everything, [text]).to_dict("records")
    assert (total["known"], total["not_known"]) == (2, 1)


@pytest.mark.parametrize("values", [[None, None], ["a", None], ["a", "b"]])
def test_nothing_inside_or_nothing_outside_is_no_share(values: list[Any]) -> None:
    frame = conversations(values)
    for inside in (True, False):
        found = breakdown(frame, pd.Series(inside, index=frame.index), [CATEGORY])
        assert found["rest_share" if inside else "share"].isna().all()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("rest", [False, True])
def test_the_chart_has_each_group_with_its_count_and_both_shares(dark: bool, rest: bool) -> None:
    frame = conversations(["<b>yes</b>"] * 6 + ["no"] * 4 + ["no"] * 9 + ["<b>yes</b>"])
    inside = pd.Series([True] * 10 + [not rest] * 10)
    rows = breakdown(frame, inside, [CATEGORY])
    chart = breakdown_chart(rows[rows["group"] != NOT_KNOWN], dark=dark)
    svg = vl_convert.vegalite_to_svg(chart.properties(width=400).to_json(), vl_version="6.1")

    assert ("elsewhere" in svg) == rest
    assert ("10%" in svg) == rest
    assert "no (4)" in svg if rest else "no (13)" in svg
    assert "<b>" not in svg


def test_a_chart_of_no_share_at_all_is_drawn() -> None:
    frame = conversations(["a", None])
    rows = breakdown(frame, pd.Series([False, True]), [CATEGORY])
    chart = breakdown_chart(rows[rows["group"] != NOT_KNOWN]).properties(width=400)

    assert "–" in vl_convert.vegalite_to_svg(chart.to_json(), vl_version="6.1")
