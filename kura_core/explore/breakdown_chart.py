"""The groups of one facet as bars, with their shares here and elsewhere beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    import pandas as pd

_HERE, _QUIET = "#1a9384", "#7d868c"
# Pixels: a row, what a page leaves free below them, a column of shares, the names of groups.
_ROW, _BELOW, _SHARES, _NAMES = 24, 20, 60, 150
# The row of the heads.
_HEADS = ""


def breakdown_chart(rows: pd.DataFrame, *, dark: bool = False) -> alt.LayerChart:
    """Draw the rows of one facet, as `breakdown` gives them without those not known.

    A bar is the share here with its 95 % interval, the upright mark and the second number are the
    share in all the rest; where there is no rest, neither is drawn.
    """
    frame = rows.assign(
        label=[f"{name} ({count:,})" for name, count in _pairs(rows)],
        here=[_percent(share) for share in rows["share"]],
        elsewhere=[_percent(share) for share in rows["rest_share"]],
    )
    compared = bool(rows["rest_share"].notna().any())
    columns = 2 if compared else 1
    ink = "#e6ecea" if dark else "#1c2523"
    most = float(rows[["high", "share", "rest_share"]].max().max())
    scale = alt.Scale(
        domain=[0, most or 1.0],
        range=[0, {"expr": f"max(1, width - {columns * _SHARES + 12})"}],
        nice=False,
    )
    y = alt.Y(
        "label:N",
        title=None,
        scale=alt.Scale(domain=[_HEADS, *frame["label"]]),
        axis=alt.Axis(
            labelLimit=_NAMES,
            minExtent=_NAMES,
            maxExtent=_NAMES,
            labelFontSize=12,
            labelOverlap=False,
            labelFlush=False,
            labelPadding=8,
            ticks=False,
            domain=False,
        ),
    )
    tooltip = [
        alt.Tooltip("group:N", title="Answer"),
        alt.Tooltip("count:Q", title="Conversations here", format=","),
        alt.Tooltip("share:Q", title="Share here", format=".1%"),
        alt.Tooltip("low:Q", title="95% interval from", format=".1%"),
        alt.Tooltip("high:Q", title="to", format=".1%"),
    ]
    if compared:
        tooltip.append(alt.Tooltip("rest_share:Q", title="Share elsewhere", format=".1%"))
        tooltip.append(alt.Tooltip("rest_count:Q", title="Conversations elsewhere", format=","))
    base = alt.Chart(frame).encode(y=y, tooltip=tooltip)
    x = alt.X("share:Q", axis=None, scale=scale)
    layers: list[Any] = [
        base.mark_bar(color=_HERE, opacity=0.55, cornerRadiusEnd=2, height=12).encode(x=x),
        base.mark_rule(color=_HERE, strokeWidth=2).encode(
            x=alt.X("low:Q", axis=None, scale=scale), x2="high:Q"
        ),
        *_shares(base, y, "here", columns - 1, ink, 600),
    ]
    if compared:
        tick = base.mark_tick(color=ink, thickness=2, size=16)
        layers.append(tick.encode(x=alt.X("rest_share:Q", axis=None, scale=scale)))
        layers += _shares(base, y, "elsewhere", 0, _QUIET, 400)
    height = _ROW * (len(frame) + 1) + _BELOW
    chart = alt.layer(*layers).properties(width="container", height=height)
    return chart.configure_view(strokeWidth=0)


def _shares(
    base: alt.Chart, y: alt.Y, name: str, from_right: int, colour: str, weight: Any
) -> list[Any]:
    """A column of numbers set to the right, under its head."""
    place = alt.value({"expr": f"width - {from_right * _SHARES}"})
    text = base.mark_text(align="right", fontSize=12, fontWeight=weight, color=colour)
    head = alt.Chart(base.data.head(1).assign(label=_HEADS)).mark_text(
        align="right", fontSize=11, color=_QUIET, text=name
    )
    return [text.encode(x=place, text=f"{name}:N"), head.encode(x=place, y=y)]


def _pairs(rows: pd.DataFrame) -> zip[tuple[Any, Any]]:
    return zip(rows["group"], rows["count"], strict=True)


def _percent(share: float) -> str:
    if share != share:
        return "–"
    return f"{share:.1%}" if 0 < share < 0.1 else f"{share:.0%}"
