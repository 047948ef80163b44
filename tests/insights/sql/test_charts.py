from __future__ import annotations

import pandas as pd
import pytest
import vl_convert

from kura_core.insights.sql.charts import MOST_BARS, ChartShape, chart_shape, query_chart

WEEKS = pd.to_datetime(["2026-01-05", "2026-01-12", "2026-01-19"])
PUBLISHED = pd.DataFrame(
    {
        "cluster_id": ["a1", "b2", "c3"],
        "cluster_name": ["Signed contracts", "E-mail", None],
        "conversations": pd.array([4, 9, 2], dtype="Int64"),
        "total": [30.0, 20.0, None],
    }
)


def svg(frame: pd.DataFrame, measure: str | None = None) -> str:
    """The chart as SVG; an invalid spec raises here, where a browser would say nothing."""
    shape = chart_shape(frame)
    assert shape is not None
    chart = query_chart(frame, shape, measure or shape.measures[0])
    return str(vl_convert.vegalite_to_svg(chart.properties(width=500).to_json(), vl_version="6.1"))


def test_a_category_with_numbers_makes_bars_by_name_not_by_id() -> None:
    shape = chart_shape(PUBLISHED.head(2))

    assert shape == ChartShape("bar", "cluster_name", ("total", "conversations"))
    drawn = svg(PUBLISHED.head(2))
    assert "Signed contracts" in drawn
    assert drawn.index("Signed contracts") < drawn.index("E-mail")
    assert "–" in svg(PUBLISHED)


def test_a_date_with_numbers_makes_lines() -> None:
    frame = pd.DataFrame({"week": WEEKS, "failures": [1, 5, 3], "judged": [9, 9, 9]})

    assert chart_shape(frame) == ChartShape("line", "week", ("failures", "judged"))
    assert "path" in svg(frame, "judged")
    both = pd.concat([frame.assign(plan="free"), frame.assign(plan="team")])
    assert chart_shape(both) == ChartShape("line", "week", ("failures", "judged"), "plan")
    assert "team" in svg(both)


def test_two_numbers_make_a_scatter() -> None:
    frame = pd.DataFrame({"turns": [1, 2, 2], "score": [0.5, None, 0.25]})

    assert chart_shape(frame) == ChartShape("scatter", "turns", ("score",))
    assert "score" in svg(frame)


def test_two_categories_make_bars_in_the_colours_of_the_smaller_one() -> None:
    names = [f"theme {number}" for number in range(4)]
    frame = pd.DataFrame({"plan": ["free", "team"] * 4, "theme": sorted(names * 2), "n": range(8)})

    assert chart_shape(frame) == ChartShape("bar", "theme", ("n",), "plan")
    assert "team" in svg(frame)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"n": [1]}),
        pd.DataFrame({"name": ["a"], "n": [1]}),
        pd.DataFrame({"name": ["a", "a"], "n": [1, 2]}),
        pd.DataFrame({"name": ["a", "b"], "other": ["c", "d"]}),
        pd.DataFrame({"a": [1, 2], "b": [1, 2], "c": [1, 2]}),
        pd.DataFrame({"week": WEEKS, "also": WEEKS, "n": [1, 2, 3]}),
        pd.DataFrame({"week": [*WEEKS, *WEEKS], "n": range(6)}),
        pd.DataFrame(),
    ],
)
def test_other_results_have_the_shape_of_no_chart(frame: pd.DataFrame) -> None:
    assert chart_shape(frame) is None


def test_of_many_bars_the_first_are_drawn() -> None:
    frame = pd.DataFrame({"name": [f"n{i:03d}" for i in range(60)], "n": range(60)})

    drawn = svg(frame)
    assert f"n{MOST_BARS - 1:03d}" in drawn
    assert f"n{MOST_BARS:03d}" not in drawn


def test_names_with_signs_of_a_query_language_are_drawn_as_they_stand() -> None:
    frame = pd.DataFrame({"a.b[0]:c": ["x", "y"], "count_star()": [1, 2]})

    assert "count_star()" in svg(frame)
