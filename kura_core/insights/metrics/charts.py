"""A metric per cluster as points with their intervals, and its spread as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from kura_core.insights.metrics.by_cluster import Metric

if TYPE_CHECKING:
    import pandas as pd

# More clusters than this are a table, not a chart.
MOST_ROWS = 30
# Pixels: a row, and the axis with its title below them.
_ROW, _AXIS = 26, 74
_NAME_CHARACTERS = 44
_POINT, _WHOLE = "#1a9384", "#9498a0"


def metric_chart(
    measured: pd.DataFrame, metric: Metric, *, dark: bool = False, title: str | None = None
) -> alt.LayerChart:
    """Draw clusters from the lowest value to the highest, each with its 95% interval.

    `measured` is as `metric_by_cluster` gives it; its first row is all of the run and becomes a
    dashed line. Clusters without a value are left out; of more than MOST_ROWS those with the most
    values are drawn.
    """
    known = measured[measured["value"].notna()]
    whole = known[known["cluster_id"].isna()]
    groups = known[known["cluster_id"].notna()]
    groups = groups.sort_values(["n", "cluster_id"], ascending=[False, True]).head(MOST_ROWS)
    frame = _rows(groups.sort_values(["value", "cluster_id"]), metric)
    names = list(frame["label"])
    axis = alt.Axis(title=title or metric.label, format=_format(metric), tickCount=6, grid=True)
    scale = alt.Scale(zero=False, nice=True)
    y = alt.Y(
        "label:N",
        sort=names,
        title=None,
        axis=alt.Axis(
            labelLimit=320,
            labelFontSize=12,
            ticks=False,
            domain=False,
            labelPadding=8,
            labelOverlap=False,
            labelFlush=False,
        ),
    )
    x = alt.X("value:Q", axis=axis, scale=scale)
    tooltip = [
        alt.Tooltip("label:N", title="Cluster"),
        alt.Tooltip("value:Q", title=title or metric.label, format=_format(metric)),
        alt.Tooltip("interval:N", title="95% interval"),
        alt.Tooltip("n:Q", title="Users" if metric.per_user else "Conversations", format=","),
        alt.Tooltip("users:Q", title="Different users", format=","),
    ]
    base = alt.Chart(frame)
    bars = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=2, opacity=0.55)
    points = base.mark_point(filled=True, size=90, opacity=1, color=_POINT)
    layers = [
        bars.encode(y=y, x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q",
                    color=alt.value(_POINT), tooltip=tooltip),
        points.encode(y=y, x=x, tooltip=tooltip),
    ]  # fmt: skip
    if len(whole):
        line = alt.Chart(whole[["value"]]).mark_rule(strokeDash=[4, 4], color=_WHOLE, size=1.5)
        layers.insert(0, line.encode(x=x))
    height = _ROW * max(1, len(names)) + _AXIS
    chart = alt.layer(*layers).properties(width="container", height=height)
    return chart.configure_view(strokeWidth=0).configure_axis(gridOpacity=0.35 if dark else 0.7)


def distribution_chart(
    spread: pd.DataFrame, metric: Metric, *, dark: bool = False
) -> alt.LayerChart:
    """Draw a cluster's values as bars of shares, with a tick where all of the run is.

    `spread` is as `distribution` gives it.
    """
    frame = spread.assign(label=[_short(str(label)) for label in spread["label"]])
    y = alt.Y(
        "label:N",
        sort=list(frame["label"]),
        title=None,
        axis=alt.Axis(labelLimit=240, labelOverlap=False),
    )
    axis = alt.Axis(title="Share", format=".0%", tickCount=5)
    tooltip = [
        alt.Tooltip("label:N", title=metric.label),
        alt.Tooltip("count:Q", title="Users" if metric.per_user else "Conversations", format=","),
        alt.Tooltip("share:Q", title="Share here", format=".1%"),
        alt.Tooltip("all_share:Q", title="Share in all conversations", format=".1%"),
    ]
    base = alt.Chart(frame)
    bars = base.mark_bar(color=_POINT, opacity=0.65, cornerRadiusEnd=2)
    ticks = base.mark_tick(color="#e6ecea" if dark else "#1c2523", thickness=2.5, size=18)
    layers = [
        bars.encode(y=y, x=alt.X("share:Q", axis=axis), tooltip=tooltip),
        ticks.encode(y=y, x=alt.X("all_share:Q", axis=axis), tooltip=tooltip),
    ]
    chart = alt.layer(*layers).properties(width="container", height=_ROW * len(frame) + _AXIS)
    return chart.configure_view(strokeWidth=0)


def value_text(value: float, metric: Metric) -> str:
    """A value as people read it: 27%, $1,230, 3.4; a dash where there is none."""
    if value != value:
        return "–"
    if metric.is_share:
        return f"{100 * value:.1f}%" if 0 < abs(value) < 0.1 else f"{100 * value:.0f}%"
    digits = f"{abs(value):,.0f}" if abs(value) >= 100 else f"{abs(value):,.3g}"
    sign = "−" if value < 0 else ""
    if metric.unit is None:
        return f"{sign}{digits}"
    space = " " if metric.unit.isalpha() else ""
    return f"{sign}{metric.unit}{space}{digits}"


def interval_text(low: float, high: float, metric: Metric) -> str:
    """An interval as people read it; a dash where too little is known for one."""
    if low != low or high != high:
        return "–"
    return f"{value_text(low, metric)} to {value_text(high, metric)}"


def _rows(groups: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    seen: dict[str, int] = {}
    labels = []
    for name in groups["name"]:
        label = _short(str(name))
        seen[label] = seen.get(label, 0) + 1
        labels.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    intervals = [
        interval_text(low, high, metric)
        for low, high in zip(groups["low"], groups["high"], strict=True)
    ]
    names = ["value", "low", "high", "n", "users"]
    return groups[names].assign(label=labels, interval=intervals)


def _format(metric: Metric) -> str:
    return ".0%" if metric.is_share else ",.4~g"


def _short(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= _NAME_CHARACTERS else f"{line[: _NAME_CHARACTERS - 1]}…"
