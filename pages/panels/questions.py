"""What a language model is asked: the prompts, and questions of one's own."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from kura_core.config import Facet
from kura_core.errors import ConfigError
from kura_core.prompts import DEFAULT_PROMPTS, JUDGE_PROMPTS, VARIABLES, check_variables
from kura_core.run.form_values import read_questions
from pages.panels.text import counted, escape

PROMPTS = {
    "summary": "What is asked about each conversation",
    "cluster_name": "How a cluster gets its name",
    "theme_name": "How a theme gets its name",
    "outcome": "How it is judged whether a user got what was asked for",
    "dissatisfaction": "How signs of dissatisfaction are read",
    "failure": "How a failure is doubted, and then explained",
}
KINDS = ["text", "number", "yes/no", "one of", "list"]
_ROWS, _EDITOR = "question_rows", "question_editor"


def draw_prompts(*, judging: bool) -> tuple[dict[str, str], list[str]]:
    """The texts to change; returns those that differ from the built-in, and what is wrong.

    `judging` is whether the language model judges outcomes, too.
    """
    changed: dict[str, str] = {}
    problems: list[str] = []
    with st.expander("Prompts", key="prompts", icon=":material/edit_note:"):
        st.caption(
            "The built-in prompts serve most data. Words in braces, as {conversation}, are where "
            "the text is put in."
        )
        for name, title in PROMPTS.items():
            if name in JUDGE_PROMPTS and not judging:
                continue
            text, problem = _prompt(name, title)
            if problem is not None:
                problems.append(problem)
            elif text is not None:
                changed[name] = text
    return changed, problems


def _prompt(name: str, title: str) -> tuple[str | None, str | None]:
    built_in: str = getattr(DEFAULT_PROMPTS, name)
    key = prompt_key(name)
    st.session_state.setdefault(key, built_in)
    required, optional = VARIABLES[name]
    known = ", ".join(f"{{{variable}}}" for variable in sorted(required | optional))
    text = (
        st.text_area(
            title, key=key, persist_state="session", height=180, help=f"It can use {known}."
        )
        or ""
    )
    if text.strip() == built_in.strip():
        return None, None
    problem = None
    try:
        check_variables(name, text)
    except ConfigError as error:
        problem = str(error)
        st.error(escape(problem), icon=":material/error:")
    st.button(
        "Back to the built-in prompt",
        key=f"built_in_{name}",
        type="tertiary",
        icon=":material/undo:",
        on_click=lambda: st.session_state.update({key: built_in}),
    )
    return text, problem


def prompt_key(name: str) -> str:
    """Where the text of a prompt is kept in the session."""
    return f"prompt_{name}"


def take_questions(rows: list[dict[str, Any]]) -> None:
    """Fill the table of questions anew."""
    st.session_state[_ROWS] = rows
    st.session_state.pop(_EDITOR, None)


def draw_questions() -> tuple[tuple[Facet, ...], list[str]]:
    """A table to write questions in; returns the facets they ask for, and what is wrong."""
    kept = st.session_state.setdefault(_ROWS, [])
    if _EDITOR not in st.session_state:
        # The editor keeps what changed against the rows it began with: these must stay the same.
        st.session_state[f"{_EDITOR}_begun"] = kept
    begun = st.session_state[f"{_EDITOR}_begun"]
    title = "Your own questions"
    with st.expander(title, key="questions", icon=":material/help_center:"):
        st.caption(
            "Each becomes a column of the results, answered for every conversation. For example "
            "“channel”, “Where does the user want the answer sent?”."
        )
        columns = ["name", "question", "type", "options"]
        edited = st.data_editor(
            pd.DataFrame(begun, columns=columns, dtype="string"),
            key=_EDITOR,
            num_rows="dynamic",
            hide_index=True,
            column_config={
                "name": st.column_config.TextColumn(
                    "Name", width="small", help="One word in lower case: the column's name."
                ),
                "question": st.column_config.TextColumn("Question", width="large"),
                "type": st.column_config.SelectboxColumn(
                    "Kind of answer", options=KINDS, default="text", width="small"
                ),
                "options": st.column_config.TextColumn(
                    "Options", help="For “one of” and “list”: the choices, with commas between."
                ),
            },
        )
        st.session_state[_ROWS] = edited.to_dict("records")
        facets, problems = read_questions(st.session_state[_ROWS])
        for problem in problems:
            st.error(escape(problem), icon=":material/error:")
        if facets and not problems:
            st.caption(f"{counted(len(facets), 'question')} will be asked.")
    return facets, problems
