import json
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert

from kura_core.insights.priorities.charts import volume_success_chart
from kura_core.insights.priorities.ranking import rank_priorities
from tests.insights.joined_runs import joined_of, several


def ranked_of(groups: dict[str, tuple[int, int]]) -> pd.DataFrame:
    rows = []
    for name, (failed, achieved) in groups.items():
        rows += several(failed, cluster_id=name, outcome="not achieved")
        rows += several(achieved, cluster_id=name)
    return rank_priorities(joined_of(rows))


@pytest.fixture
def ranked() -> pd.DataFrame:
    return ranked_of({"bad": (30, 10), "large": (10, 90), "small": (1, 5), "few": (1, 1)})


def drawn(chart: alt.LayerChart) -> str:
    """The chart as SVG; an invalid spec raises here, where a browser would say nothing."""
    spec = chart.properties(width=800).to_json()
    return str(vl_convert.vegalite_to_svg(spec, vl_version="6.1"))


def spec_of(chart: alt.LayerChart) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(chart.to_json())
    return spec


def points_of(chart: alt.LayerChart) -> dict[str, dict[str, Any]]:
    rows = [row for rows in spec_of(chart)["datasets"].values() for row in rows]
    return {row["cluster_id"]: row for row in rows if "interval" in row and "is_right" not in row}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("log", [False, True])
def test_the_chart_compiles_with_its_corners_and_names(
    ranked: pd.DataFrame, log: bool, dark: bool
) -> None:
    svg = drawn(volume_success_chart(ranked, log=log, dark=dark))

    assert "Big and failing: fix first" in svg
    assert "Name bad" in svg
    assert "Success rate" in svg


def test_each_point_is_its_group_with_its_interval(ranked: pd.DataFrame) -> None:
    points = points_of(volume_success_chart(ranked))

    assert set(points) == {"bad", "large", "small", "few"}
    assert points["bad"]["conversations"] == 40
    assert points["bad"]["low"] < points["bad"]["success"] == 0.25 < points["bad"]["high"]
    assert points["bad"]["first"] and not points["large"]["first"]
    assert points["few"]["place"] == "too few to tell"


def test_a_click_gives_the_group(ranked: pd.DataFrame) -> None:
    params = spec_of(volume_success_chart(ranked))["params"]

    assert [p["select"]["fields"] for p in params if p["name"] == "pick"] == [["cluster_id"]]


def test_groups_without_a_judged_conversation_are_left_out() -> None:
    rows = [*several(6, cluster_id="a"), *several(6, cluster_id="b", outcome="cannot tell")]

    assert set(points_of(volume_success_chart(rank_priorities(joined_of(rows))))) == {"a"}


@pytest.mark.parametrize("count", [0, 1])
def test_one_group_or_none_is_drawn(ranked: pd.DataFrame, count: int) -> None:
    for log in (False, True):
        drawn(volume_success_chart(ranked.head(count), log=log))


def test_names_that_would_lie_on_others_are_left_out() -> None:
    ranked = ranked_of({f"g{n:02d}": (10, 10) for n in range(20)} | {"far": (50, 5)})
    chart = volume_success_chart(ranked)
    drawn(chart)
    names = {
        row["cluster_id"]
        for rows in spec_of(chart)["datasets"].values()
        for row in rows
        if "is_right" in row
    }

    # Twenty groups at one spot: one name on either side of it.
    assert names == {"far", "g00", "g01"}


def test_the_size_of_a_point_is_its_impact_where_it_differs(ranked: pd.DataFrame) -> None:
    ranked = ranked.assign(impact=[10.0, 20.0, 30.0, 40.0])
    sizes = [
        layer["encoding"].get("size") for layer in spec_of(volume_success_chart(ranked))["layer"]
    ]

    assert {"impact"} == {size["field"] for size in sizes if size and "field" in size}
    drawn(volume_success_chart(ranked))
