"""The 2×2 of volume against success: a point per group, what is big and failing at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

if TYPE_CHECKING:
    import pandas as pd

PICK = "pick"
# More names than this lie on each other.
MOST_NAMES, _MOST_ON_PHONE = 8, 3
_NAME_CHARACTERS = 30
# Pixels: the chart beside a menu and on a phone, and the width between these.
_WIDE, _PHONE, _NARROW = 860.0, 230.0, 520
# Pixels, to keep names apart: the chart's height, a character, a line, from a point to its name.
_HEIGHT, _CHARACTER, _LINE, _GAP = 400.0, 6.2, 16.0, 14.0
_UNRANKED = "too few to tell"
_ACCENT, _QUIET = "#d1604d", "#4269d0"
_CORNERS = (
    ("Big and failing: fix first", "right", "bottom"),
    ("Small and failing: watch", "left", "bottom"),
    ("Big and working: keep it so", "right", "top"),
    ("Small and working", "left", "top"),
)


def volume_success_chart(
    ranked: pd.DataFrame, *, log: bool = True, dark: bool = False, height: int = 440
) -> alt.LayerChart:
    """Draw groups by conversations (across) and success rate (up, with its 95 % interval).

    `ranked` is as `rank_priorities` gives it; groups without a judged conversation are left out.
    The size of a point is its impact per conversation; lines stand at the medians. The selection
    `pick` holds the cluster_id of a clicked point.
    """
    frame = _points(ranked)
    spread = _spread(frame["conversations"])
    kind: Any = "log" if log else "linear"
    x = alt.X(
        "conversations:Q",
        title="Conversations" + (" (logarithmic)" if log else ""),
        scale=alt.Scale(type=kind, domain=spread, nice=False),
        axis=alt.Axis(grid=False, tickCount=5, format=",d"),
    )
    y = alt.Y(
        "success:Q",
        title="Success rate",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(grid=False, format=".0%", tickCount=5),
    )
    pick = alt.selection_point(name=PICK, fields=["cluster_id"], toggle=False)
    base = alt.Chart(frame)
    bars = base.mark_rule(opacity=0.35, strokeWidth=1.5).encode(
        x=x, y=alt.Y("low:Q", title="Success rate"), y2="high:Q", color=_colour()
    )
    points = (
        base.mark_point(filled=True, stroke=_paper(dark), strokeWidth=1.2)
        .encode(
            x=x,
            y=y,
            size=_size(frame),
            color=_colour(),
            opacity=alt.when(pick).then(alt.value(0.95)).otherwise(alt.value(0.3)),
            tooltip=[
                alt.Tooltip("name:N", title="Group"),
                alt.Tooltip("conversations:Q", title="Conversations", format=","),
                alt.Tooltip("success:Q", title="Success rate", format=".0%"),
                alt.Tooltip("interval:N", title="95% interval"),
                alt.Tooltip("place:N", title="Rank"),
                alt.Tooltip("impact:Q", title="Impact per conversation", format=",.4~g"),
            ],
        )
        .add_params(pick)
    )
    layers = [*_medians(frame, x, y, dark), *_corners(dark), bars, points]
    layers += _names(frame, x, y, spread, log=log, dark=dark)
    chart = alt.layer(*layers).properties(width="container", height=height)
    return chart.configure_view(strokeWidth=0)


def _points(ranked: pd.DataFrame) -> pd.DataFrame:
    known = ranked[ranked["success"].notna()]
    lows, highs = known["success_low"], known["success_high"]
    places = [
        _UNRANKED if rank != rank or rank is None else f"{rank:.0f}"
        for rank in known["rank"].astype("Float64").to_numpy(dtype=float, na_value=float("nan"))
    ]
    frame = known[["cluster_id", "name", "conversations", "success", "impact"]].assign(
        low=lows,
        high=highs,
        interval=[f"{a:.0%} to {b:.0%}" for a, b in zip(lows, highs, strict=True)],
        place=places,
        label=[_short(name) for name in known["name"]],
    )
    middle = frame["conversations"].median(), frame["success"].median()
    first = (frame["conversations"] >= middle[0]) & (frame["success"] <= middle[1])
    return frame.assign(first=first, impact=frame["impact"].astype(float))


def _spread(conversations: pd.Series) -> list[float]:
    low, high = float(conversations.min()), float(conversations.max())
    if not low > 0:
        return [1.0, 10.0]
    return [max(0.5, low * 0.8), high * 1.25]


def _colour() -> Any:
    return alt.when(alt.datum.first).then(alt.value(_ACCENT)).otherwise(alt.value(_QUIET))


def _size(frame: pd.DataFrame) -> Any:
    if frame["impact"].nunique() < 2:
        return alt.value(170)
    return alt.Size("impact:Q", scale=alt.Scale(range=[60, 700]), legend=None)


def _medians(frame: pd.DataFrame, x: Any, y: Any, dark: bool) -> list[alt.Chart]:
    if len(frame) < 2:
        return []
    middle = frame[["conversations", "success"]].median().to_frame().T
    line = alt.Chart(middle).mark_rule(strokeDash=[4, 4], color=_ink(dark), opacity=0.35)
    return [line.encode(x=x), line.encode(y=y)]


def _corners(dark: bool) -> list[alt.Chart]:
    import pandas as pd

    nowhere = pd.DataFrame({"nothing": [0]})
    layers = []
    for text, side, end in _CORNERS:
        place = alt.value(alt.expr("width - 6") if side == "right" else 6)
        mark = alt.Chart(nowhere).mark_text(
            text=text,
            align="right" if side == "right" else "left",
            baseline="bottom" if end == "bottom" else "top",
            fontSize=12,
            fontStyle="italic",
            color=_ink(dark),
        )
        # Two captions side by side have no room on a phone.
        seen: Any = alt.condition(f"width >= {_NARROW}", alt.value(0.6), alt.value(0))
        opacity = seen if side == "left" else alt.value(0.6)
        up = alt.value(alt.expr("height - 6") if end == "bottom" else 6)
        layers.append(mark.encode(x=place, y=up, opacity=opacity))
    return layers


def _names(
    frame: pd.DataFrame, x: Any, y: Any, spread: list[float], *, log: bool, dark: bool
) -> list[alt.Chart]:
    """The names of the groups ranked first, running inwards, none on another or on a point."""
    import numpy as np

    scale = np.log if log else np.asarray
    ends = scale(np.array(spread))
    across = (scale(frame["conversations"].to_numpy(dtype=float)) - ends[0]) / (ends[1] - ends[0])
    frame = frame.assign(across=across, up=frame["success"] * _HEIGHT)
    layers: list[alt.Chart] = []
    for width, most, when in (
        (_WIDE, MOST_NAMES, f"width >= {_NARROW}"),
        (_PHONE, _MOST_ON_PHONE, f"width < {_NARROW}"),
    ):
        placed = _placed(frame, width, most)
        for is_right in (False, True):
            rows = placed[placed["is_right"] == is_right]
            if len(rows):
                layers += _texts(rows, x, y, when, is_right=is_right, dark=dark)
    return layers


def _texts(
    rows: pd.DataFrame, x: Any, y: Any, when: str, *, is_right: bool, dark: bool
) -> list[alt.Chart]:
    shown: Any = alt.condition(when, alt.value(1), alt.value(0))
    text: dict[str, Any] = {"fontSize": 12, "dx": -_GAP if is_right else _GAP}
    text["align"] = "right" if is_right else "left"
    halo: dict[str, Any] = {"stroke": _paper(dark), "strokeWidth": 4, "strokeJoin": "round"}
    base = alt.Chart(rows).encode(x=x, y=y, text="label:N", opacity=shown)
    return [
        base.mark_text(**text, **halo, fill=_paper(dark)),
        base.mark_text(**text, fontWeight=600, fill=_ink(dark)),
    ]


def _placed(frame: pd.DataFrame, width: float, most: int) -> pd.DataFrame:
    """Of the `most` groups ranked first those whose name has room, and on which side of the point.

    `width` is that of the chart, in pixels. Names keep clear of other names and, on a wide chart,
    of other points.
    """
    import pandas as pd

    frame = frame.assign(across=frame["across"] * width)
    points = list(zip(frame["cluster_id"], frame["across"], frame["up"], strict=True))
    points = points if width > _NARROW else []
    taken: list[tuple[float, float, float]] = []
    kept = []
    for row in frame[frame["place"] != _UNRANKED].head(most).to_dict("records"):
        length, line = len(row["label"]) * _CHARACTER, row["up"]
        for is_right in (row["across"] > width / 2, row["across"] <= width / 2):
            start = row["across"] + (-_GAP - length if is_right else _GAP)
            end = start + length
            is_free = all(
                abs(line - other) >= _LINE or end <= left or start >= right
                for left, right, other in taken
            ) and all(
                name == row["cluster_id"] or abs(line - up) >= _LINE or not start < at < end
                for name, at, up in points
            )
            if is_free and start >= 0 and end <= width:
                taken.append((start, end, line))
                kept.append({**row, "is_right": is_right})
                break
    return pd.DataFrame(kept, columns=[*frame.columns, "is_right"])


def _short(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= _NAME_CHARACTERS else line[: _NAME_CHARACTERS - 1] + "…"


def _paper(dark: bool) -> str:
    return "#111716" if dark else "#ffffff"


def _ink(dark: bool) -> str:
    return "#e6ecea" if dark else "#1c2523"
