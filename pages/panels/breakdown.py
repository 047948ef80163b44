"""What the chosen conversations are, facet by facet, beside all the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from kura_core.explore.breakdown import FEW, breakdown, facet_totals
from kura_core.explore.breakdown_chart import breakdown_chart
from kura_core.explore.facets import NOT_KNOWN, FacetColumn
from pages.panels.runs import Shown
from pages.panels.text import counted, escape

if TYPE_CHECKING:
    import pandas as pd

TITLE = "What these conversations are"
MOST_AT_ONCE = 4
_ALL = "explore.breakdown"


def draw_breakdown(
    shown: Shown,
    facets: list[FacetColumn],
    inside: pd.Series,
    cluster_id: str | None,
    first: FacetColumn | None = None,
) -> None:
    """A small chart for every facet; `inside` marks the conversations, those of `cluster_id`.

    The facet `first` comes first, then what the user asked, then what Kura finds by itself.
    """
    if not facets:
        return
    panel = st.expander(TITLE, expanded=True, key="breakdown", on_change="rerun")
    if not panel.open:
        return
    counts, totals = _count(str(shown.directory), shown.changed, cluster_id, shown, facets, inside)
    drawn = [facet for facet in facets if facet.kind != "text"]
    drawn.sort(key=lambda facet: (facet != first, not facet.question))
    more = len(drawn) - MOST_AT_ONCE
    if not st.session_state.get(_ALL):
        drawn = drawn[:MOST_AT_ONCE]
    with panel:
        for left in range(0, len(drawn), 2):
            columns = st.columns(2, gap="large")
            for column, facet in zip(columns, drawn[left : left + 2], strict=False):
                with column:
                    _draw_facet(facet, counts[counts["column"] == facet.column], totals)
        if len(drawn) == MOST_AT_ONCE and more > 0:
            st.button(
                f"Show {counted(more, 'more facet')}",
                key="breakdown_all",
                type="tertiary",
                icon=":material/expand_more:",
                on_click=_show_all,
            )
        _draw_answered([facet for facet in facets if facet.kind == "text"], totals)
        if drawn:
            _how_to_read(cluster_id is not None)


def _show_all() -> None:
    st.session_state[_ALL] = True


def _draw_facet(facet: FacetColumn, rows: pd.DataFrame, totals: pd.DataFrame) -> None:
    total = _total(totals, facet)
    st.markdown(f"**{escape(facet.label)}**", help=escape(facet.question) or None)
    st.caption(_said(facet, total))
    if total["known"]:
        st.altair_chart(
            breakdown_chart(rows[rows["group"] != NOT_KNOWN], dark=st.context.theme.type == "dark"),
            theme="streamlit",
            key=f"breakdown-{facet.column}",
            alt=f"{facet.label}: the share of each answer here and elsewhere.",
        )


def _said(facet: FacetColumn, total: dict[str, Any]) -> str:
    """Of how many it is known, whether these are too few, and the mean of numbers."""
    parts = [f"{total['known']:,} of {total['known'] + total['not_known']:,} known"]
    if 0 < total["known"] < FEW:
        parts.append("too few to tell")
    if facet.kind == "list":
        parts.append("a conversation can have several")
    if total["mean"] == total["mean"]:
        mean = f"mean {_number(total['mean'])}"
        if total["low"] == total["low"]:
            mean += f" (95% interval {_number(total['low'])} to {_number(total['high'])})"
        if total["rest_mean"] == total["rest_mean"]:
            mean += f", elsewhere {_number(total['rest_mean'])}"
        parts.append(mean)
    return " · ".join(parts)


def _draw_answered(facets: list[FacetColumn], totals: pd.DataFrame) -> None:
    if not facets:
        return
    st.markdown("**Answered in free text**")
    for facet in facets:
        total = _total(totals, facet)
        whole = counted(total["known"] + total["not_known"], "conversation")
        st.markdown(
            f"{escape(facet.label)}: {total['known']:,} of {whole}",
            help=escape(facet.question) or None,
        )


def _how_to_read(compared: bool) -> None:
    read = "Bars: the share of the conversations with an answer; lines: 95% intervals."
    if compared:
        read += " Upright marks: all other conversations of the run."
    st.caption(
        f"{read} In brackets: how many conversations.",
        help="Where users come back, the interval takes users, not conversations, as witnesses: "
        "ten conversations of one user say less than ten users. A long line means too few to tell.",
    )


def _total(totals: pd.DataFrame, facet: FacetColumn) -> dict[str, Any]:
    row = totals[totals["column"] == facet.column].iloc[0]
    found = {str(name): value for name, value in row.items()}
    return found


def _number(number: float) -> str:
    return f"{number:,.2f}" if abs(number) < 10 else f"{number:,.1f}"


@st.cache_resource(max_entries=32, show_spinner=False)
def _count(
    directory: str,
    changed: int,
    cluster_id: str | None,
    _shown: Shown,
    _facets: list[FacetColumn],
    _inside: pd.Series,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    conversations = _shown.tables.conversations
    return (
        breakdown(conversations, _inside, _facets),
        facet_totals(conversations, _inside, _facets),
    )
