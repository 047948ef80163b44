"""Which column of a file is which, where its names do not tell, or not rightly."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from kura_core.errors import InputError
from kura_core.run.uploads import Upload, name_columns, preview_upload
from kura_core.run.workspace import Workspace
from pages.panels.text import counted, escape

ROWS = {
    "message rows": "One message",
    "messages": "One conversation, its messages in one column",
    "exchanges": "One question and its answer",
    "texts": "One text",
}
# By how the rows hold conversations: the fields that are needed, then those that are useful.
FIELDS: dict[str, tuple[list[str], list[str]]] = {
    "message rows": (["text", "role", "conversation_id"], ["created_at", "user_id"]),
    "messages": (["messages"], ["conversation_id", "created_at", "user_id"]),
    "exchanges": (["prompt"], ["response", "conversation_id", "created_at", "user_id"]),
    "texts": (["text"], ["conversation_id", "created_at", "user_id"]),
}
LABELS = {
    "text": "What was said",
    "role": "Who said it",
    "conversation_id": "Conversation",
    "created_at": "Time",
    "user_id": "User",
    "messages": "All messages",
    "prompt": "What the user asked",
    "response": "What the assistant answered",
}
HELP = {
    "text": "The words themselves.",
    "role": "Words such as user and assistant, customer and agent, human and bot.",
    "conversation_id": "What rows of the same conversation have in common: an id, a thread, a "
    "ticket.",
    "created_at": "When it was said or begun. Without it there are no trends.",
    "user_id": "Who the user is: an id or a name. It is never sent anywhere.",
    "messages": "A list of messages, each with who said it and what.",
}
NOT_THERE = "Not in this file"
_OPEN, _PREVIEW = "mapping_open", "mapping_preview"


def mapping_is_open(upload: Upload) -> bool:
    """Whether the user asked to change the columns of this file."""
    return bool(st.session_state.get(_OPEN) == upload.upload_id)


def open_mapping(upload_id: str | None) -> None:
    """Show the panel for a file, or for none."""
    st.session_state[_OPEN] = upload_id


def draw_mapping(workspace: Workspace, upload: Upload, found: dict[str, Any]) -> None:
    """The file's columns with examples, a choice for each field, and what that choice gives.

    `found` is the file's check.
    """
    columns = found.get("needs_columns") or found["columns"]
    used: dict[str, str] = found.get("used_columns") or {}
    st.subheader("Which column is which?", anchor=False)
    if "needs_columns" in found:
        problem = str(columns["problem"] or found["error"])
        st.text(f"{problem[0].upper()}{problem[1:]}.".replace("..", "."))
    _draw_columns(columns["columns"])
    chosen, lacking = _draw_choices(upload, columns, used)
    twice = sorted({name for name in chosen.values() if list(chosen.values()).count(name) > 1})
    ready = False
    if twice:
        st.warning(f"“{escape(twice[0])}” is chosen twice; choose each column once.")
    elif lacking:
        names = ", ".join(f"“{LABELS[field]}”" for field in lacking)
        st.caption(f":material/arrow_upward: Choose {names} to see what comes out.")
    else:
        ready = _draw_preview(workspace, upload, chosen)
    _draw_buttons(workspace, upload, found, chosen, columns["shape"], ready=ready)


def _draw_columns(columns: list[dict[str, Any]]) -> None:
    table = pd.DataFrame(
        {
            "Column": [column["name"] for column in columns],
            "First values": ["  ·  ".join(column["examples"]) or "empty" for column in columns],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height="content" if len(table) <= 8 else 320,
        column_config={"Column": st.column_config.TextColumn(width="medium")},
    )


def _draw_choices(
    upload: Upload, columns: dict[str, Any], used: dict[str, str]
) -> tuple[dict[str, str], list[str]]:
    """A select box a field; returns the columns chosen, and the needed fields without one."""
    names = [column["name"] for column in columns["columns"] if column["name"].strip()]
    guessed = {column["field"]: column["name"] for column in columns["columns"]}
    key = f"rows_of-{upload.upload_id}"
    st.session_state.setdefault(key, columns["rows"] or _likely_rows(columns))
    rows = st.radio(
        "A row of this file is",
        list(ROWS),
        format_func=lambda name: ROWS[name],
        key=key,
        horizontal=True,
    )
    needed, useful = FIELDS[rows]
    chosen: dict[str, str] = {}
    fields = [*needed, *useful]
    for start in range(0, len(fields), 3):
        for place, field in zip(st.columns(3), fields[start : start + 3], strict=False):
            preset = used.get(field) or guessed.get(field)
            with place:
                column = st.selectbox(
                    LABELS[field] if field in needed else f"{LABELS[field]} :gray[(if any)]",
                    names,
                    index=names.index(preset) if preset in names else None,
                    key=f"column-{upload.upload_id}-{rows}-{field}",
                    placeholder="Choose a column" if field in needed else NOT_THERE,
                    help=HELP.get(field),
                )
            if column is not None:
                chosen[field] = column
    return chosen, [field for field in needed if field not in chosen]


def _likely_rows(columns: dict[str, Any]) -> str:
    guessed = {column["field"] for column in columns["columns"]}
    if "messages" in guessed:
        return "messages"
    return "exchanges" if {"prompt", "response"} & guessed else "message rows"


def _draw_preview(workspace: Workspace, upload: Upload, chosen: dict[str, str]) -> bool:
    """The first conversations this choice gives and the rows it leaves out; True when any come."""
    asked = (upload.upload_id, tuple(chosen.items()))
    kept = st.session_state.get(_PREVIEW)
    if kept is None or kept[0] != asked:
        try:
            with st.spinner("Trying these columns…"):
                found = preview_upload(workspace, upload, chosen)  # type: ignore[arg-type]
        except InputError as error:
            found = {"error": str(error)}
        st.session_state[_PREVIEW] = kept = (asked, found)
    found = kept[1]
    if "error" in found:
        st.error("These columns cannot be used so.", icon=":material/error:")
        st.text(found["error"])
        return False
    st.markdown(
        f"**{counted(found['usable'], 'conversation')}** in the first "
        f"{counted(found['rows'], 'row')}, {found['left_out']:,} left out"
    )
    _draw_conversations(found["conversations"])
    if found["excluded"]:
        names = {"source_row": "Row", "reason": "Why it is left out"}
        st.dataframe(pd.DataFrame(found["excluded"]).rename(columns=names), hide_index=True)
    return bool(found["usable"])


def _draw_conversations(conversations: list[dict[str, Any]]) -> None:
    names = ["user", "assistant", "messages", "created_at", "user_id"]
    rows = pd.DataFrame(conversations, columns=["conversation_id", *names])
    rows["created_at"] = pd.to_datetime(rows["created_at"], utc=True)
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "conversation_id": st.column_config.TextColumn("Conversation", width="small"),
            "user": st.column_config.TextColumn("First words of the user", width="medium"),
            "assistant": st.column_config.TextColumn("First answer", width="medium"),
            "messages": st.column_config.NumberColumn("Messages", width="small"),
            "created_at": st.column_config.DatetimeColumn("Time (UTC)", format="D MMM YYYY, HH:mm"),
            "user_id": st.column_config.TextColumn("User", width="small"),
        },
    )


def _draw_buttons(
    workspace: Workspace,
    upload: Upload,
    found: dict[str, Any],
    chosen: dict[str, str],
    shape: str,
    *,
    ready: bool,
) -> None:
    with st.container(horizontal=True):
        use = st.button("Use these columns", type="primary", key="use_columns", disabled=not ready)
        forget = bool(found.get("used_columns")) and st.button(
            "Let Kura find them",
            key="forget_columns",
            help="Forget what you chose for files of this shape.",
        )
        if "needs_columns" not in found:
            st.button("Leave them as they are", key="leave_columns", on_click=open_mapping,
                      args=(None,))  # fmt: skip
    st.caption("Your choice is kept for the next file with the same columns.")
    if not use and not forget:
        return
    try:
        with st.spinner("Reading the file…"):
            name_columns(workspace, upload, shape, chosen if use else {})  # type: ignore[arg-type]
    except InputError as error:
        st.error("The columns were not kept.", icon=":material/error:")
        st.text(str(error))
        return
    open_mapping(None)
    st.rerun()
