"""Your data: ratings of conversations and facts about users, added to a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from kura_core.errors import InputError
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.side.feedback import feedback_columns
from kura_core.run.side.reading import SideRows, key_columns, read_uploaded_rows, type_side_table
from kura_core.run.side.report import match_sentences
from kura_core.run.side.rows import META, explicit_feedback, meta_feedback_columns
from kura_core.run.side.tables import (
    Many,
    SideKind,
    SideTable,
    attach,
    choose_feedback,
    chosen_feedback,
    detach,
    known_ids,
)
from kura_core.run.workspace import SAMPLE
from pages.panels.entry import go
from pages.panels.runs import Shown
from pages.panels.text import counted, escape, percent

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

TITLES: dict[SideKind, str] = {"feedback": "Feedback", "users": "Users"}
ABOUT: dict[SideKind, str] = {
    "feedback": "A row per rating: the conversation's id, and thumbs, stars or a score.",
    "users": "A row per user: the user's id, and plan, revenue or whatever you know of them.",
}
IDS: dict[SideKind, str] = {
    "feedback": "Column with the conversation ids",
    "users": "Column with the user ids",
}
MANY: dict[SideKind, dict[Many, str]] = {
    "feedback": {
        "last": "the last one",
        "first": "the first one",
        "mean": "their mean",
        "any negative": "negative if any is",
    },
    "users": {"last": "the last one", "first": "the first one"},
}
TYPES = ["csv", "tsv", "json", "jsonl", "ndjson", "parquet", "gz"]
PREVIEW = 5
_TURN, _ROWS = "side_data.turn", "side_data.rows"


def draw_side_data(shown: Shown, joined: JoinedRun) -> None:
    """The two tables of the run, each with what matched, and which column is the rating."""
    st.caption(
        "These tables stay beside this run: Kura reads them here, and nothing of them is sent to "
        "a language model or anywhere else."
    )
    if shown.run_id == SAMPLE:
        st.info(
            "The sample comes with its own two tables, which cannot be changed. To add others, "
            "run the sample yourself or load your own chats.",
            icon=":material/info:",
        )
        if st.button("Run the sample yourself", key="side_sample"):
            go("data")
    for kind in TITLES:
        st.subheader(TITLES[kind], anchor=False)
        table = joined.side.get(kind)
        if table is not None:
            _draw_table(shown, table)
        elif shown.run_id != SAMPLE:
            _draw_upload(shown, kind)
    _draw_rating(shown, joined)


def _draw_table(shown: Shown, table: SideTable) -> None:
    _draw_report(table)
    if shown.run_id == SAMPLE:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if table.report.repeated_keys:
            _draw_many(shown, table)
        st.button(
            "Remove this table",
            key=f"side_remove-{table.kind}",
            icon=":material/delete:",
            on_click=detach,
            args=(shown.directory, table.kind),
        )


def _draw_many(shown: Shown, table: SideTable) -> None:
    words = MANY[table.kind]
    key = f"side_many-{table.kind}"
    st.selectbox(
        "Of several rows, what counts is",
        list(words),
        index=list(words).index(table.many),
        format_func=lambda many: words[many],
        key=key,
        on_change=lambda: _keep(shown, replace(table, many=st.session_state[key])),
        help="Last and first go by the table's first column of dates, or by the file's order.",
        width=260,
    )


def _draw_upload(shown: Shown, kind: SideKind) -> None:
    turn = st.session_state.get(f"{_TURN}-{kind}", 0)
    uploaded = st.file_uploader(ABOUT[kind], TYPES, key=f"side_file-{kind}-{turn}")
    if uploaded is None:
        return
    try:
        rows = _rows_of(uploaded, kind)
    except InputError as error:
        st.error(escape(str(error)), icon=":material/error:")
        return
    ids = known_ids(kind, shown.tables)
    likely = next(iter(key_columns(rows, kind, ids)), None)
    names = list(rows.values)
    key = st.selectbox(
        IDS[kind],
        names,
        index=names.index(likely) if likely in names else None,
        key=f"side_key-{kind}-{uploaded.file_id}",
        placeholder="Choose a column",
        width=360,
    )
    try:
        with st.spinner("Reading the table…"):
            table = type_side_table(rows, kind, ids, key=key)
    except InputError as error:
        st.error(escape(str(error)), icon=":material/error:")
        return
    _draw_report(table)
    st.button(
        "Use this table",
        type="primary",
        key=f"side_use-{kind}",
        on_click=_use,
        args=(shown, table, turn),
    )


def _rows_of(uploaded: UploadedFile, kind: SideKind) -> SideRows:
    """What a file holds, read once for as long as it lies in the uploader."""
    kept = st.session_state.get(f"{_ROWS}-{kind}")
    if kept is None or kept[0] != uploaded.file_id:
        uploaded.seek(0)
        kept = uploaded.file_id, read_uploaded_rows(uploaded.name, uploaded)
        st.session_state[f"{_ROWS}-{kind}"] = kept
    rows: SideRows = kept[1]
    return rows


def _use(shown: Shown, table: SideTable, turn: int) -> None:
    """Keep a table and empty its uploader."""
    _keep(shown, table)
    st.session_state.pop(f"{_ROWS}-{table.kind}", None)
    st.session_state[f"{_TURN}-{table.kind}"] = turn + 1


def _keep(shown: Shown, table: SideTable) -> None:
    try:
        attach(shown.directory, table)
    except InputError as error:
        st.toast(escape(str(error)), icon=":material/error:")


def _draw_report(table: SideTable) -> None:
    for sentence in match_sentences(table):
        st.text(sentence)
    with st.expander(f"The first rows of {escape(table.name)}"):
        st.dataframe(table.frame.head(PREVIEW), hide_index=True, width="stretch")
        kinds = ", ".join(f"{escape(column.name)}: {column.kind}" for column in table.columns)
        st.caption(f"Read as: {kinds or 'ids only'}.")


def _draw_rating(shown: Shown, joined: JoinedRun) -> None:
    """Which column is the explicit feedback; it decides between silent and rated failures."""
    table = joined.side.get("feedback")
    own = feedback_columns(table.columns, table.frame) if table is not None else []
    options = [f"feedback_{name}" for name in own]
    options += _meta(str(shown.directory), shown.changed, shown)
    if not options:
        return
    st.subheader("What counts as a rating", anchor=False)
    current = chosen_feedback(shown.directory)
    if current is None and table is not None and table.feedback is not None:
        current = f"feedback_{table.feedback}"
    st.selectbox(
        "Column",
        options,
        index=options.index(current) if current in options else None,
        format_func=_rating_label,
        key="side_rating",
        placeholder="No column counts as a rating",
        disabled=shown.run_id == SAMPLE,
        on_change=_choose_rating,
        args=(shown, table),
        help="A rating never decides whether users got what they asked for. It tells the failures "
        "that were rated badly from those that nobody would hear of.",
        width=360,
    )
    negative, notes = explicit_feedback(shown.directory, joined.conversations, joined.side)
    rated = int(negative.notna().sum())
    if notes and rated:
        bad = int(negative.fillna(False).sum())
        st.caption(
            f"{escape(notes[0][:1].upper() + notes[0][1:])}: {bad:,} of "
            f"{counted(rated, 'rated conversation')} ({percent(bad, rated)})."
        )


def _choose_rating(shown: Shown, table: SideTable | None) -> None:
    column = st.session_state["side_rating"]
    if column is not None and column.startswith(META):
        choose_feedback(shown.directory, column)
        return
    choose_feedback(shown.directory, None)
    if table is not None:
        _keep(shown, replace(table, feedback=column and column.removeprefix("feedback_")))


def _rating_label(column: str) -> str:
    if column.startswith(META):
        return f"{column.removeprefix(META)} (in your conversations)"
    return column.removeprefix("feedback_")


@st.cache_resource(max_entries=8, show_spinner=False)
def _meta(directory: str, changed: int, _shown: Shown) -> list[str]:
    return meta_feedback_columns(_shown.tables.conversations)
