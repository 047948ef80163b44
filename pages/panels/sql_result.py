"""What a query answered: its rows, as a chart where they make one, and as a file."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from kura_core.errors import KuraError, QueryError
from kura_core.insights.sql.charts import MOST_BARS, chart_shape, query_chart
from kura_core.insights.sql.query import Described, QueryResult
from kura_core.insights.sql.starter_queries import ONCE, counts_money_per_conversation
from pages.panels.download import offer_csv
from pages.panels.sql_editor import choose_starter
from pages.panels.text import counted, escape

_MOST_HEIGHT = 480
_ROW = 35


def draw_error(error: KuraError) -> None:
    """The sentence, and the place in the query where that is known."""
    sentence = error.sentence if isinstance(error, QueryError) else str(error)
    st.error(escape(sentence), icon=":material/error:")
    if isinstance(error, QueryError) and error.excerpt:
        st.code(error.excerpt, language=None)


def draw_result(result: QueryResult, query: str, described: Described) -> None:
    """Table or chart, how many rows in what time, and the rows as CSV."""
    st.header("Result", anchor=False)
    if result.frame.empty:
        st.text("The query has no rows. Loosen its conditions, or check that its joins can match.")
        _draw_notes(result.notes, query, described)
        return
    shape = chart_shape(result.frame)
    views = ["Table", "Chart"] if shape else ["Table"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(_size(result))
        st.space("stretch")
        view = "Table"
        if shape:
            view = st.segmented_control(
                "View",
                views,
                default="Table",
                key="sql_view",
                required=True,
                label_visibility="collapsed",
            )
        offer_csv(result.frame, "query.csv", "sql_csv", "CSV")
    if view == "Chart" and shape is not None:
        _draw_chart(result.frame)
    else:
        _draw_table(result.frame)
    _draw_notes(result.notes, query, described)


def _size(result: QueryResult) -> str:
    shown, time = len(result.frame), f"{result.seconds:.2f} s"
    if shown == result.total and result.is_all:
        return f"{counted(shown, 'row')} · {time}"
    total = f"{result.total:,}" if result.is_all else f"more than {result.total:,}"
    return f"The first {shown:,} of {total} rows · {time}"


def _draw_table(frame: pd.DataFrame) -> None:
    st.dataframe(
        frame,
        hide_index=True,
        height=min(_MOST_HEIGHT, _ROW * (len(frame) + 1) + 3),
        key="sql_rows",
        column_config=_formats(frame),
        alt="The rows of the query",
    )


def _formats(frame: pd.DataFrame) -> dict[str, Any]:
    formats = {str(name): _format(frame[name]) for name in frame}
    # None would hide the column.
    return {name: kind for name, kind in formats.items() if kind is not None}


def _format(column: pd.Series) -> Any:
    if column.dtype.kind == "M":
        known = column.dropna()
        if (known == known.dt.normalize()).all():
            return st.column_config.DateColumn(format="D MMM YYYY")
        return st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")
    if column.dtype.kind in "iuf":
        return st.column_config.NumberColumn(format="localized")
    return None


def _draw_chart(frame: pd.DataFrame) -> None:
    shape = chart_shape(frame)
    if shape is None:
        return
    measure = shape.measures[0]
    if len(shape.measures) > 1:
        measure = st.selectbox("Show", shape.measures, key="sql_measure", width=320)
    st.altair_chart(
        query_chart(frame, shape, measure),
        key="sql_chart",
        alt=f"{measure} by {shape.across}",
    )
    more = frame[shape.across].nunique() - MOST_BARS
    if shape.kind == "bar" and more > 0:
        st.caption(
            f"The first {MOST_BARS} of {frame[shape.across].nunique():,}, in the order of "
            "the rows; the table has all."
        )


def _draw_notes(notes: tuple[str, ...], query: str, described: Described) -> None:
    for note in notes:
        st.caption(f":material/info: {escape(note)}")
    money = counts_money_per_conversation(query, described.tables)
    if money is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="sql_money"):
        st.caption(
            f":material/payments: {escape(money)} is added up once per conversation here, so a "
            "user with several conversations counts several times."
        )
        st.button(
            "Count each user once",
            key="sql_once",
            type="tertiary",
            icon=":material/arrow_forward:",
            on_click=choose_starter,
            args=(ONCE,),
        )
