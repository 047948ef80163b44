"""The maps of a run as Altair charts. Only coordinates, ids and names travel with a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from kura_core.explore.tree import TreeRow, leaves_under, tree_rows

if TYPE_CHECKING:
    from kura_core.explore.colours import Colouring

# Ten tones that stay apart on white and on near-black, and a grey for what is left over.
PALETTE = (
    "#4269d0 #e0913a #3ca37a #c65b8b #8b63d6 #4aa5c9 #a5754a #d1604d #8aa83a #3f8f95 #9498a0"
).split()
OTHER_THEMES = "Other themes"
# A browser draws so many points at once without making its user wait.
MOST_POINTS = 20_000
PICK = "pick"
_HINT = "Click a cluster to look inside, double-click beside it to go back."
_MARGIN = 0.1
# Closer than this part of the map, the clusters' own names take the place of their theme's.
_CLOSE = 0.55
# The part of the width on either side where names run inwards.
_EDGE = 0.27
_SMALL = {"fontSize": 11, "fontWeight": 400, "dy": -14}
_LARGE = {"fontSize": 13, "fontWeight": 700, "dy": -16}
_LABEL_CHARACTERS = 34
# Pixels, to keep names apart: the width of the map beside the tree, of a character, of a line.
_TYPICAL_WIDTH, _CHARACTER, _LINE = 560.0, 6.8, 18.0
# Pixels of an entry of the legend.
_LEGEND_COLUMN = 142


def conversation_map(
    conversations: pd.DataFrame,
    clusters: pd.DataFrame,
    *,
    dark: bool = False,
    focus: str | None = None,
    height: int = 560,
    colouring: Colouring | None = None,
) -> alt.LayerChart:
    """A point per conversation coloured by theme, and a labelled marker per cluster.

    `conversations` needs x, y, cluster_id; `clusters` the columns of `clusters.parquet`. `focus` is
    a cluster whose members the view is fitted to and shown in full colour. The selection `pick`
    holds the cluster_id of a clicked point or marker; dragging and scrolling move the view
    without a word to Python. With a `colouring` the points have its colours and a legend, and the
    markers, which stand for many conversations, none. Of more than MOST_POINTS conversations a
    seeded random sample is drawn, which keeps how dense the map is where, and a line above the map
    says so; the members of `focus` come first.
    """
    rows = tree_rows(clusters)
    theme_of = _themes(rows)
    themes = [row.name for row in rows if row.depth == 0 and not row.is_other]
    shown = themes[: len(PALETTE) - 1]
    name_of = {row.cluster_id: row.name for row in rows}
    points = pd.DataFrame(
        {
            "x": conversations["x"].round(4),
            "y": conversations["y"].round(4),
            "cluster_id": conversations["cluster_id"],
            "size": _dot_size(min(len(conversations), MOST_POINTS)),
        }
    )
    if colouring is not None:
        points["group"] = colouring.groups
    placed = clusters[clusters["x"].notna() & clusters["y"].notna()]
    leaves = {row.cluster_id for row in rows if not row.has_children}
    tops = {row.cluster_id for row in rows if row.depth == 0 and not row.is_other}
    markers = _markers(placed[placed["cluster_id"].isin(leaves)])
    members = leaves_under(rows, focus) if focus else []
    view = points[points["cluster_id"].isin(members)] if members else points
    # A few members far from the rest do not decide what a focus shows.
    if members:
        view = view[["x", "y"]].quantile([0.02, 0.98])
    across = _domain(view["x"], points["x"])
    up = _domain(view["y"], points["y"])
    x, y = _axis(alt.X, "x:Q", across), _axis(alt.Y, "y:Q", up)
    pan = alt.selection_interval(name="pan", bind="scales")
    pick = alt.selection_point(
        name=PICK,
        fields=["cluster_id"],
        value=[{"cluster_id": leaf} for leaf in members] or alt.Undefined,
    )
    shown_points = _sample(points, points["cluster_id"].isin(members))
    # Points and markers share one layer: a selection listens to the clicks of one layer only.
    drawn = pd.concat([shown_points.assign(marker=False), markers.drop(columns="label")])
    drawn["name"] = drawn["cluster_id"].map(name_of).astype("category")
    drawn["theme"] = _shown_theme(drawn["cluster_id"].map(theme_of), shown)
    drawn["cluster_id"] = drawn["cluster_id"].astype("category")
    is_marker = alt.datum.marker
    colour: Any = _theme_colour([*shown, OTHER_THEMES])
    tooltip = [alt.Tooltip("name:N", title="Cluster"), alt.Tooltip("theme:N", title="Theme")]
    if colouring is not None:
        colour = alt.condition(is_marker, alt.value(_ink(dark)), _group_colour(colouring))
        tooltip.append(alt.Tooltip("group:N", title=colouring.title))
    marks = (
        alt.Chart(drawn)
        .mark_point(filled=True)
        .encode(
            x=x,
            y=y,
            color=colour,
            size=alt.Size("size:Q", scale=None),
            opacity=alt.when(pick & is_marker)
            .then(alt.value(1))
            .when(pick)
            .then(alt.value(0.6))
            .otherwise(alt.value(0.1)),
            stroke=alt.when(is_marker).then(alt.value(_paper(dark))).otherwise(alt.value(None)),
            strokeWidth=alt.when(is_marker).then(alt.value(1.5)).otherwise(alt.value(0)),
            tooltip=tooltip,
        )
        .add_params(pan, pick)
    )
    names = _markers(placed[placed["cluster_id"].isin(tops)])
    names = _spread_labels(names, across, up, height)
    whole = names["cluster_id"].isin(leaves)
    small = markers[~markers["cluster_id"].isin(tops)]
    width = f"abs(domain('x')[1] - domain('x')[0]) < {_span(points) * _CLOSE:.6f}"
    layers = [marks]
    layers += _labels(small, x, y, across, dark, _SMALL, only=width)
    layers += _labels(names[~whole], x, y, across, dark, _LARGE, only=f"!({width})")
    layers += _labels(names[whole], x, y, across, dark, _LARGE)
    chart = alt.layer(*layers).properties(height=height)
    if len(shown_points) < len(points):
        said = f"Showing {len(shown_points):,} of {len(points):,} conversations"
        chart = chart.properties(title=_quiet_title(said))
    return chart.configure_view(strokeWidth=0)


def cluster_map(clusters: pd.DataFrame, *, dark: bool = False, height: int = 520) -> alt.LayerChart:
    """A point per cluster, its size the count; hover describes, a click opens what is below it.

    Starts with the top clusters; a click on one with children shows these, a double click returns.
    Needs cluster_id, parent_id, name, description, conversations, x, y; rows without coordinates
    are left out.
    """
    rows = tree_rows(clusters)
    theme_of = _themes(rows)
    themes = [row.name for row in rows if row.depth == 0 and not row.is_other]
    shown = themes[: len(PALETTE) - 1]
    at = clusters.set_index("cluster_id")[["x", "y"]]
    frame = pd.DataFrame(
        {
            "cluster_id": [row.cluster_id for row in rows],
            "name": [_short(row.name) for row in rows],
            "full_name": [row.name for row in rows],
            "description": [row.description for row in rows],
            "conversations": [row.conversations for row in rows],
            "share": [row.share for row in rows],
            "theme": list(_shown_theme(pd.Series([theme_of[r.cluster_id] for r in rows]), shown)),
            "under": [row.parent_id or "" for row in rows],
            # A leaf opens the view it is in, so that a click on it never empties the map.
            "opens": [r.cluster_id if r.has_children else r.parent_id or "" for r in rows],
            "x": at["x"].reindex([row.cluster_id for row in rows]).to_numpy(),
            "y": at["y"].reindex([row.cluster_id for row in rows]).to_numpy(),
        }
    ).dropna(subset=["x", "y"])
    x = alt.X("x:Q", axis=None, scale=alt.Scale(zero=False, padding=110))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(zero=False, padding=48))
    drill = alt.selection_point(name="drill", fields=["opens"], toggle=False, clear="dblclick")
    opened = "isValid(drill.opens) && length(drill.opens) > 0 ? drill.opens[0] : ''"
    base = alt.Chart(frame).transform_filter(f"datum.under == ({opened})")
    dots = (
        base.mark_point(filled=True, opacity=0.85, stroke=_paper(dark), strokeWidth=1.5)
        .encode(
            x=x,
            y=y,
            color=_theme_colour([*shown, OTHER_THEMES]),
            size=alt.Size("conversations:Q", scale=alt.Scale(range=[80, 1600]), legend=None),
            tooltip=[
                alt.Tooltip("full_name:N", title="Cluster"),
                alt.Tooltip("conversations:Q", title="Conversations", format=","),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
                alt.Tooltip("description:N", title="What they share"),
            ],
        )
        .add_params(drill)
    )
    names = base.mark_text(fontSize=12, dy=-26, fontWeight=600, color=_ink(dark)).encode(
        x=x, y=y, text="name:N"
    )
    hint = _quiet_title(_HINT)
    chart = alt.layer(dots, names).properties(width="container", height=height, title=hint)
    return chart.configure_view(strokeWidth=0)


def _themes(rows: Sequence[TreeRow]) -> dict[str, str]:
    """The name of the top cluster each cluster is under; rows come in reading order."""
    theme_of: dict[str, str] = {}
    theme = ""
    for row in rows:
        theme = theme if row.depth else row.name
        theme_of[row.cluster_id] = theme
    return theme_of


def _sample(points: pd.DataFrame, first: pd.Series[bool]) -> pd.DataFrame:
    """Keep at most MOST_POINTS at random, those of `first` before others, in their own order."""
    if len(points) <= MOST_POINTS:
        return points
    chance = np.random.default_rng(0).random(len(points))
    rows = np.lexsort((chance, ~first.to_numpy()))[:MOST_POINTS]
    return points.iloc[np.sort(rows)]


def _quiet_title(text: str) -> alt.TitleParams:
    return alt.TitleParams(text, anchor="start", fontSize=11, fontWeight="normal", color="gray")


def _theme_colour(domain: Sequence[str]) -> alt.Color:
    colours = [*PALETTE[: len(domain) - 1], PALETTE[-1]]
    return alt.Color("theme:N", scale=alt.Scale(domain=list(domain), range=colours), legend=None)


def _group_colour(colouring: Colouring) -> alt.Color:
    scale = alt.Scale(domain=list(colouring.groups.cat.categories), range=list(colouring.colours))
    legend = alt.Legend(
        title=colouring.title,
        orient="bottom",
        direction="horizontal",
        columns=alt.ExprRef(f"max(1, floor(width / {_LEGEND_COLUMN}))"),
        labelLimit=_LEGEND_COLUMN - 18,
        symbolType="circle",
        symbolOpacity=1,
        symbolSize=90,
        symbolStrokeWidth=0,
    )
    return alt.Color("group:N", scale=scale, legend=legend)


def _shown_theme(themes: pd.Series[Any], shown: Sequence[str]) -> pd.Series[Any]:
    return themes.where(themes.isin(shown), OTHER_THEMES).astype("category")


def _axis(channel: Any, field: str, domain: tuple[float, float]) -> Any:
    scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    return channel(field, axis=None, scale=scale)


def _domain(view: pd.Series[float], everything: pd.Series[float]) -> tuple[float, float]:
    low, high = float(view.min()), float(view.max())
    whole = float(everything.max() - everything.min()) or 1.0
    margin = max(high - low, 0.1 * whole) * _MARGIN + (0.05 * whole if high - low < 1e-9 else 0)
    return low - margin, high + margin


def _span(points: pd.DataFrame) -> float:
    return float(points["x"].max() - points["x"].min()) or 1.0


def _dot_size(count: int) -> int:
    for limit, size in ((300, 70), (2_000, 42), (10_000, 22), (40_000, 12)):
        if count <= limit:
            return size
    return 7


def _markers(clusters: pd.DataFrame) -> pd.DataFrame:
    largest = max(1.0, float(clusters["conversations"].max())) if len(clusters) else 1.0
    return pd.DataFrame(
        {
            "x": clusters["x"].round(4),
            "y": clusters["y"].round(4),
            "cluster_id": clusters["cluster_id"],
            "size": (50 + 200 * clusters["conversations"] / largest).round(1),
            "marker": True,
            "label": clusters["name"].map(_short),
        }
    )


def _spread_labels(
    frame: pd.DataFrame, across: tuple[float, float], up: tuple[float, float], height: int
) -> pd.DataFrame:
    """Move the names of small themes up or down until none lies on a larger theme's name.

    Sizes are those of a map `_TYPICAL_WIDTH` pixels wide that shows the domains `across` and `up`.
    """
    to_x = _TYPICAL_WIDTH / (across[1] - across[0])
    to_y = height / (up[1] - up[0])
    taken: list[tuple[float, float, float]] = []
    rows: list[float] = []
    frame = frame.sort_values(["size", "cluster_id"], ascending=[False, True])
    for x, y, label in zip(frame["x"], frame["y"], frame["label"], strict=True):
        left = (x - across[0]) * to_x
        width = len(label) * _CHARACTER
        align = _alignment(left / _TYPICAL_WIDTH)
        left -= {"left": 0.0, "center": width / 2, "right": width}[align]
        line = (y - up[0]) * to_y
        tries = [line] + [line + sign * _LINE * step for step in range(1, 8) for sign in (1, -1)]
        free = (
            at
            for at in tries
            if all(
                abs(at - other) >= _LINE or left >= end or left + width <= start
                for start, end, other in taken
            )
        )
        at = next(free, line)
        taken.append((left, left + width, at))
        rows.append(at / to_y + up[0])
    return frame.assign(y=rows)


def _alignment(place: float) -> Literal["left", "center", "right"]:
    """How a name is set, by where it stands from left (0) to right (1): inwards near an edge."""
    return "left" if place < _EDGE else "right" if place > 1 - _EDGE else "center"


def _labels(
    frame: pd.DataFrame,
    x: Any,
    y: Any,
    across: tuple[float, float],
    dark: bool,
    style: dict[str, Any],
    only: str | None = None,
) -> list[alt.Chart]:
    """Text with a halo of the page's colour: two layers, since a stroke is drawn over its fill.

    `across` is the x domain at first sight; names near its ends run inwards, so that the edge does
    not cut them. `only` is the Vega expression under which they are shown.
    """
    opacity: Any = alt.value(1)
    if only is not None:
        opacity = alt.condition(only, alt.value(1), alt.value(0))
    alignments = ((frame["x"] - across[0]) / (across[1] - across[0])).map(_alignment)
    layers = []
    for align, shift in (("left", -12), ("center", 0), ("right", 12)):
        chosen = alignments == align
        if not chosen.any():
            continue
        base = alt.Chart(frame[chosen]).encode(x=x, y=y, text="label:N", opacity=opacity)
        text = {**style, "align": align, "dx": shift}
        halo = {**text, "stroke": _paper(dark), "strokeWidth": 4, "strokeJoin": "round"}
        layers.append(base.mark_text(**halo, fill=_paper(dark)))
        layers.append(base.mark_text(**text, fill=_ink(dark)))
    return layers


def _short(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= _LABEL_CHARACTERS else line[: _LABEL_CHARACTERS - 1] + "…"


def _paper(dark: bool) -> str:
    return "#111716" if dark else "#ffffff"


def _ink(dark: bool) -> str:
    return "#e6ecea" if dark else "#1c2523"
