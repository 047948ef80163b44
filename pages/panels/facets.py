"""What is asked about every conversation besides its summary, and what that decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from kura_core.config import GROUPED_BY, Facet
from kura_core.ready_facets import READY_FACETS
from kura_core.run.form_values import question_rows, read_questions
from pages.panels.text import counted, escape

KINDS = ["text", "number", "yes/no", "one of", "list"]
# Where the choices are kept in the session.
CLUSTER_BY, SCREEN = "cluster_by", "screen"
EVERYBODY = ""
BUILT_IN = {
    "summary": "What they are about (the summary)",
    "request": "What the user asked for",
    "task": "What the assistant was to do",
    "topic": "The subject, in a few words",
}
_TEXTS, _NUMBERS = ("name", "question", "type", "options"), ("low", "high")
_ROWS, _BEGUN, _EDITION = "question_rows", "question_rows_begun", "question_edition"


def take_questions(rows: list[dict[str, Any]]) -> None:
    """Fill the table of questions anew."""
    st.session_state[_ROWS] = rows
    st.session_state[_EDITION] = st.session_state.get(_EDITION, 0) + 1


def draw_facets() -> tuple[dict[str, Any], list[str]]:
    """A table to write questions in; returns these settings of a RunConfig, and what is wrong."""
    with st.expander("Your own questions", key="questions", icon=":material/help_center:"):
        st.caption(
            "Each becomes a column of the results, answered for every conversation. For example "
            "“channel”, “Where does the user want the answer sent?”."
        )
        picks = st.container(horizontal=True, vertical_alignment="center", key="ready_facets")
        rows = _table()
        # Drawn above the table, after it: what was typed last must be in the rows that are kept.
        with picks:
            _draw_ready(rows)
        facets, problems = read_questions(rows)
        for problem in problems:
            st.error(escape(problem), icon=":material/error:")
        if facets and not problems:
            _say_what_follows(facets)
        screen = _screen([facet.name for facet in facets if facet.type == "yes/no"])
    return {"facets": facets, "screen": screen}, problems


def draw_cluster_by(facets: Sequence[Facet]) -> str:
    """What conversations are grouped by; offline there are only the built-in texts."""
    st.session_state.setdefault(CLUSTER_BY, GROUPED_BY[0])
    own = [facet.name for facet in facets if facet.type == "text"]

    def title(name: str) -> str:
        return BUILT_IN.get(name) or _with_doubt(f"Answers to “{name}”", name in own)

    chosen: str = st.selectbox(
        "Group conversations by",
        _with_chosen([*GROUPED_BY, *own], CLUSTER_BY),
        format_func=title,
        key=CLUSTER_BY,
        persist_state="session",
        help="Conversations come into one cluster where this text means the same. Besides what "
        "Kura writes itself it can be any question of your own whose kind of answer is text.",
    )
    return chosen


def _table() -> list[dict[str, Any]]:
    kept = st.session_state.setdefault(_ROWS, [])
    key = f"question_editor_{st.session_state.setdefault(_EDITION, 0)}"
    if key not in st.session_state:
        # The editor keeps what changed against the rows it began with: these must stay the same.
        st.session_state[_BEGUN] = kept
    columns = [*_TEXTS, *_NUMBERS]
    begun = pd.DataFrame(st.session_state[_BEGUN], columns=columns)
    edited = st.data_editor(
        begun.astype(dict.fromkeys(_TEXTS, "string") | dict.fromkeys(_NUMBERS, "float64")),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        placeholder="",
        column_config={
            "name": st.column_config.TextColumn(
                "Name", width=130, help="One word in lower case: the column's name."
            ),
            "question": st.column_config.TextColumn("Question", width=270),
            "type": st.column_config.SelectboxColumn(
                "Kind", options=KINDS, default="text", width=90, help="What an answer has to be."
            ),
            "options": st.column_config.TextColumn(
                "Options",
                width=210,
                help="For “one of” and “list”: the choices, with commas between. An option with a "
                "comma of its own stands in double quotes.",
            ),
            "low": st.column_config.NumberColumn(
                "From", width=80, help="For numbers: the smallest answer there can be."
            ),
            "high": st.column_config.NumberColumn(
                "To", width=80, help="For numbers: the largest answer there can be."
            ),
        },
    )
    rows = [dict(zip(columns, row, strict=True)) for row in edited[columns].itertuples(index=False)]
    st.session_state[_ROWS] = rows
    return rows


def _draw_ready(rows: list[dict[str, Any]]) -> None:
    """A button for each facet that is ready to pick; those in the table are shown as added."""
    there = {_text(row["name"]) for row in rows}
    st.caption("Ready to pick", width="content")
    for facet in READY_FACETS:
        added = facet.name in there
        if st.button(
            facet.name.replace("_", " ").capitalize(),
            key=f"add_{facet.name}",
            icon=":material/check:" if added else ":material/add:",
            disabled=added,
            help=_meaning(facet),
        ):
            begun = [row for row in rows if _text(row["name"]) or _text(row["question"])]
            take_questions([*begun, *question_rows([facet])])
            st.rerun()


def _text(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _meaning(facet: Facet) -> str:
    question = facet.question.partition("?")[0] + "?"
    scale = f"A number from {facet.low:g} to {facet.high:g}" if facet.low is not None else ""
    return escape(f"{question} {scale or 'One of: ' + ', '.join(facet.options)}.")


def _say_what_follows(facets: Sequence[Facet]) -> None:
    said = f"{counted(len(facets), 'question')} will be asked."
    if any(facet.type == "text" for facet in facets):
        said += " Conversations can also be grouped by the text answers: see Advanced."
    st.caption(said)


def _screen(names: Sequence[str]) -> str | None:
    """The yes/no question that chooses conversations; nothing is drawn while there is none."""
    st.session_state.setdefault(SCREEN, EVERYBODY)
    if not names and st.session_state[SCREEN] == EVERYBODY:
        return None
    chosen = st.selectbox(
        "Only conversations where this is yes",
        _with_chosen([EVERYBODY, *names], SCREEN),
        format_func=lambda name: (
            _with_doubt(f"“{name}”", name in names) if name else "All conversations"
        ),
        key=SCREEN,
        persist_state="session",
        help="The question is asked first, alone. Conversations answered no are left out of "
        "everything else, and counted; those where the answer is not known stay in.",
    )
    return chosen or None


def _with_chosen(options: list[str], key: str) -> list[str]:
    """The options, and what is chosen though its question is gone or wrong: never lost unseen."""
    chosen = st.session_state[key]
    return options if chosen in options else [*options, chosen]


def _with_doubt(title: str, asked: bool) -> str:
    return title if asked else f"{title} (no longer asked)"
