"""A query's result as a chart, where it has the shape of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

ChartKind = Literal["bar", "line", "scatter"]
MOST_BARS = 25
MOST_COLOURS = 10
_MOST_POINTS = 5_000
_LABEL_PIXELS = 260
_BAR_PIXELS = 26


@dataclass(slots=True, frozen=True)
class ChartShape:
    """What a chart shows: `across` (categories, times or a number) and the numbers to choose from.

    `colour` is a second category, or None.
    """

    kind: ChartKind
    across: str
    measures: tuple[str, ...]
    colour: str | None = None


def chart_shape(frame: pd.DataFrame) -> ChartShape | None:
    """The chart a result has the shape of, or None.

    Numbers by a date or time make lines, by a category bars, two numbers alone a scatter. Ids
    beside names are left aside.
    """
    if len(frame) < 2:
        return None
    kinds = {str(name): frame[name].dtype.kind for name in frame}
    numbers = [name for name, kind in kinds.items() if kind in "iuf"]
    times = [name for name, kind in kinds.items() if kind == "M"]
    words = [name for name in kinds if name not in numbers and name not in times]
    named = [name for name in words if not name.lower().endswith("_id")]
    words = named or words
    if len(times) == 1 and numbers and len(words) <= 1:
        return _lines(frame, times[0], numbers, words)
    if times or not numbers:
        return None
    if not words:
        return ChartShape("scatter", numbers[0], (numbers[1],)) if len(numbers) == 2 else None
    return _bars(frame, words, numbers)


def _lines(
    frame: pd.DataFrame, time: str, numbers: list[str], words: list[str]
) -> ChartShape | None:
    colour = words[0] if words else None
    if colour is not None and frame[colour].nunique() > MOST_COLOURS:
        return None
    keys = [time, *words]
    return (
        None if frame.duplicated(keys).any() else ChartShape("line", time, tuple(numbers), colour)
    )


def _bars(frame: pd.DataFrame, words: list[str], numbers: list[str]) -> ChartShape | None:
    if len(words) > 2 or frame.duplicated(words).any():
        return None
    across, *second = sorted(words, key=lambda name: -frame[name].nunique())
    if second and frame[across].is_unique:
        second = []  # the second only repeats the first in other words
    if second and frame[second[0]].nunique() > MOST_COLOURS:
        return None
    # The number that the rows are ordered by is what was asked for.
    numbers = sorted(numbers, key=lambda name: not frame[name].is_monotonic_decreasing)
    return ChartShape("bar", across, tuple(numbers), second[0] if second else None)


def query_chart(frame: pd.DataFrame, shape: ChartShape, measure: str) -> alt.Chart:
    """The chart of one of the shape's measures; of many bars the first, in the result's order."""
    import altair as alt
    import pandas as pd

    from kura_core.explore.charts import PALETTE

    data = pd.DataFrame(
        {"across": frame[shape.across], "measure": frame[measure].astype("Float64")}
    )
    data["measure"] = data["measure"].astype("float64")
    if shape.colour is not None:
        data["colour"] = frame[shape.colour].astype("object").fillna("–").astype("str")
    if shape.kind == "bar":
        data["across"] = data["across"].astype("object").fillna("–").astype("str")
        kept = list(dict.fromkeys(data["across"]))[:MOST_BARS]
        data = data[data["across"].isin(kept)]
    else:
        data = data.dropna().head(_MOST_POINTS)
    value = alt.Y("measure:Q", title=measure)
    number = alt.Tooltip("measure:Q", title=measure, format=",.4~g")
    base = alt.Chart(data).properties(height=320)
    if shape.kind == "scatter":
        data["across"] = data["across"].astype("Float64").astype("float64")
        x = alt.X("across:Q", title=shape.across, scale=alt.Scale(zero=False))
        hints = [alt.Tooltip("across:Q", title=shape.across, format=",.4~g"), number]
        return base.mark_circle(size=50, opacity=0.7, color=PALETTE[2]).encode(
            x=x, y=alt.Y("measure:Q", title=measure, scale=alt.Scale(zero=False)), tooltip=hints
        )
    hints = []
    colour: Any = alt.value(PALETTE[2])
    if shape.colour is not None:
        hints = [alt.Tooltip("colour:N", title=shape.colour)]
        colour = alt.Color(
            "colour:N", title=shape.colour, scale=alt.Scale(range=PALETTE), sort=None
        )
    if shape.kind == "line":
        hints = [alt.Tooltip("across:T", title=shape.across), *hints, number]
        return base.mark_line(point=True).encode(
            x=alt.X("across:T", title=None), y=value, color=colour, tooltip=hints
        )
    hints = [alt.Tooltip("across:N", title=shape.across), *hints, number]
    return (
        base.mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("across:N", title=None, sort=None, axis=alt.Axis(labelLimit=_LABEL_PIXELS)),
            x=alt.X("measure:Q", title=measure),
            color=colour,
            tooltip=hints,
        )
        .properties(height=max(120, _BAR_PIXELS * data["across"].nunique()))
    )
