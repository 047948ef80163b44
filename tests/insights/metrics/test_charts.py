"""The charts of a metric compile, and hold what the table holds."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert

from kura_core.insights.metrics.by_cluster import Metric
from kura_core.insights.metrics.charts import (
    MOST_ROWS,
    distribution_chart,
    interval_text,
    metric_chart,
    value_text,
)

RATE = Metric("feedback_thumbs_up", "Thumbs up", "yes/no")
MONEY = Metric("user_revenue", "Revenue", "number", "$", per_user=True)


def drawn(chart: alt.LayerChart) -> str:
    """The chart as SVG; an invalid spec raises here, where a browser would say nothing."""
    return str(vl_convert.vegalite_to_svg(chart.to_json(), vl_version="6.1"))


def measured(values: list[float], names: list[str] | None = None) -> pd.DataFrame:
    names = names or [f"Cluster {place}" for place in range(len(values))]
    rows = [(None, "All conversations", None, 100, 90, 80, 0.5, 0.4, 0.6)]
    rows += [
        (f"id{place}", name, "Theme", 20, 10 + place, 8, value, value - 0.1, value + 0.1)
        for place, (name, value) in enumerate(zip(names, values, strict=True))
    ]
    columns = "cluster_id name theme_name conversations n users value low high".split()
    return pd.DataFrame(rows, columns=columns)


def rows_of(chart: alt.LayerChart) -> list[dict[str, Any]]:
    spec: dict[str, Any] = json.loads(chart.to_json())
    return [row for rows in spec["datasets"].values() for row in rows if "label" in row]


@pytest.mark.parametrize("metric", [RATE, MONEY])
@pytest.mark.parametrize("dark", [False, True])
def test_clusters_are_drawn_with_their_names(metric: Metric, dark: bool) -> None:
    svg = drawn(metric_chart(measured([0.7, 0.2], ["Send e-mail", "Find it"]), metric, dark=dark))

    assert "Send e-mail" in svg
    assert "Find it" in svg


def test_the_lowest_comes_first_and_clusters_without_a_value_not_at_all() -> None:
    chart = metric_chart(measured([0.7, float("nan"), 0.2]), RATE)
    rows = rows_of(chart)

    drawn(chart)
    assert [row["label"] for row in rows] == ["Cluster 2", "Cluster 0"]


def test_clusters_of_one_name_stay_two() -> None:
    chart = metric_chart(measured([0.1, 0.2], ["Same", "Same"]), RATE)

    drawn(chart)
    assert {row["label"] for row in rows_of(chart)} == {"Same", "Same (2)"}


def test_a_value_without_an_interval_is_a_point_alone() -> None:
    frame = measured([0.3])
    frame.loc[1, ["low", "high"]] = float("nan")

    assert "Cluster 0" in drawn(metric_chart(frame, RATE))
    assert rows_of(metric_chart(frame, RATE))[0]["interval"] == "–"


def test_of_very_many_clusters_those_with_the_most_values_are_drawn() -> None:
    rows = rows_of(metric_chart(measured([place / 100 for place in range(60)]), RATE))

    assert len(rows) == MOST_ROWS
    assert min(row["n"] for row in rows) == 10 + 60 - MOST_ROWS


def test_nothing_measured_still_compiles() -> None:
    drawn(metric_chart(measured([])[:1], RATE))
    drawn(metric_chart(measured([float("nan")])[1:], RATE))


def test_the_spread_is_bars_with_ticks_for_the_run() -> None:
    spread = pd.DataFrame(
        {"label": ["yes", "no"], "count": [3, 1], "share": [0.75, 0.25], "all_share": [0.5, 0.5]}
    )
    assert "yes" in drawn(distribution_chart(spread, RATE))


@pytest.mark.parametrize(
    ("value", "metric", "text"),
    [
        (0.2667, RATE, "27%"),
        (0.021, RATE, "2.1%"),
        (1234.5, MONEY, "$1,234"),
        (-12.3, MONEY, "−$12.3"),
        (7.0, Metric("x", "X", "number", "CHF"), "CHF 7"),
        (3.14159, Metric("x", "X", "number"), "3.14"),
        (float("nan"), RATE, "–"),
    ],
)
def test_values_are_written_with_their_unit(value: float, metric: Metric, text: str) -> None:
    assert value_text(value, metric) == text


def test_an_interval_is_written_from_to() -> None:
    assert interval_text(0.2, 0.35, RATE) == "20% to 35%"
