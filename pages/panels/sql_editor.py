"""Where a query is chosen, written, run and kept."""

from __future__ import annotations

import streamlit as st

from kura_core.errors import InputError
from kura_core.insights.sql.query import Described
from kura_core.insights.sql.saved_queries import (
    LONGEST_NAME,
    delete_query,
    list_saved,
    rename_query,
    save_query,
)
from kura_core.insights.sql.starter_queries import STARTERS, StarterQuery, lacking, starter
from kura_core.run.workspace import Workspace
from pages.panels.text import escape

_TEXT = "sql-text"
_KEPT = "sql.kept"
_STARTER = "sql_starter"
_SAVED = "sql_saved"
_SAVE_AS = "sql_save_as"
_PROBLEM = "sql.problem"
_RUN = "sql.run"
_HEIGHT = 300
_STYLE = """<style>
.st-key-sql-text textarea {font-family: monospace; font-size: .8rem; line-height: 1.6}
.st-key-sql_rows [aria-label^="Download as CSV"] {display: none}
</style>"""


def draw_editor(workspace: Workspace, described: Described) -> str | None:
    """The editor and what can be put into it; the query when it is to be run now, else None."""
    st.session_state.setdefault(_KEPT, STARTERS[0].sql)
    st.session_state.setdefault(_TEXT, st.session_state[_KEPT])
    st.html(_STYLE)
    starters, saved = st.columns([3, 2])
    with starters:
        _draw_starters()
    with saved:
        _draw_saved(workspace)
    text = st.text_area(
        "Query",
        key=_TEXT,
        height=_HEIGHT,
        placeholder="SELECT … FROM chat_clusters",
        help="One SELECT over the tables beside it; it may take 10 seconds.",
    )
    st.session_state[_KEPT] = text or ""
    with st.container(horizontal=True):
        run = st.button(
            "Run",
            type="primary",
            key="sql_run",
            icon=":material/play_arrow:",
            shortcut="Ctrl+Enter",
        )
        _draw_keep(workspace, text or "")
    chosen = starter(st.session_state.get(_STARTER) or "")
    if chosen is not None and chosen.sql == text:
        _about(chosen, described)
    if problem := st.session_state.pop(_PROBLEM, None):
        st.warning(escape(problem), icon=":material/error:")
    return (text or "") if st.session_state.pop(_RUN, False) or run else None


def choose_starter(key: str) -> None:
    """Put a starter query into the editor and run it; for callbacks."""
    found = starter(key)
    if found is not None:
        st.session_state[_STARTER] = key
        _put(found.sql)


def _put(sql: str) -> None:
    """The result below is always that of the query shown, so a query put here is run."""
    st.session_state[_TEXT] = st.session_state[_KEPT] = sql
    st.session_state[_RUN] = True


def _draw_starters() -> None:
    titles = {query.key: query.title for query in STARTERS}
    st.session_state.setdefault(_STARTER, STARTERS[0].key)
    st.selectbox(
        "Start from",
        list(titles),
        format_func=lambda key: titles[key],
        key=_STARTER,
        on_change=lambda: choose_starter(st.session_state[_STARTER]),
    )


def _draw_saved(workspace: Workspace) -> None:
    names = list(list_saved(workspace))
    st.selectbox(
        "Saved queries",
        names,
        index=None,
        placeholder="Choose one" if names else "None yet",
        disabled=not names,
        key=_SAVED,
        on_change=_load_saved,
        args=(workspace,),
    )


def _load_saved(workspace: Workspace) -> None:
    sql = list_saved(workspace).get(st.session_state[_SAVED] or "")
    if sql is not None:
        _put(sql)


def _about(query: StarterQuery, described: Described) -> None:
    missing = lacking(query, described)
    st.caption(query.about)
    if missing:
        names = escape(", ".join(missing))
        st.caption(
            f":material/info: This run's tables have no {names}; put the name of your own column "
            "in its place."
        )


def _draw_keep(workspace: Workspace, text: str) -> None:
    chosen = st.session_state.get(_SAVED)
    with st.popover("Save", icon=":material/bookmark:", key="sql_keep"):
        st.text_input("Save this query as", key=_SAVE_AS, max_chars=LONGEST_NAME)
        st.button("Save", key="sql_save", type="primary", on_click=_save, args=(workspace, text))
        if chosen:
            st.divider()
            name = f"sql_rename-{chosen}"
            st.text_input("Name of the chosen one", chosen, key=name, max_chars=LONGEST_NAME)
            with st.container(horizontal=True):
                st.button("Rename", key="sql_rename", on_click=_rename, args=(workspace, chosen))
                st.button("Delete", key="sql_delete", on_click=_delete, args=(workspace, chosen))


def _save(workspace: Workspace, text: str) -> None:
    try:
        st.session_state[_SAVED] = save_query(workspace, st.session_state[_SAVE_AS], text)
        st.session_state[_SAVE_AS] = ""
    except InputError as error:
        st.session_state[_PROBLEM] = str(error)


def _rename(workspace: Workspace, old: str) -> None:
    try:
        new = rename_query(workspace, old, st.session_state[f"sql_rename-{old}"])
        st.session_state[_SAVED] = new
    except InputError as error:
        st.session_state[_PROBLEM] = str(error)


def _delete(workspace: Workspace, name: str) -> None:
    try:
        delete_query(workspace, name)
        st.session_state[_SAVED] = None
    except InputError as error:
        st.session_state[_PROBLEM] = str(error)
