"""One conversation, read as it was held, with what was judged of it and where."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.panels.text import counted, day_and_time, escape

_AVATARS = {"user": ":material/person:", "assistant": ":material/auto_awesome:"}
_OTHER_AVATAR = ":material/settings:"
_SAID = {
    "rephrased": "asked the same again in other words",
    "corrected": "corrected the answer",
    "asked again": "asked for what was missing or unclear",
    "gave up": "gave up",
}


@st.dialog("Conversation", width="large")
def show_transcript(directory: Path, conversation: dict[Hashable, Any]) -> None:
    """A dialog with the (redacted) messages of one row of the conversations table."""
    from kura_core.run.tables import read_messages

    messages = read_messages(directory, conversation["conversation_id"])
    st.text(conversation["summary"])
    st.caption(" · ".join(_facts(conversation)))
    judged = _judged(conversation)
    if judged:
        st.caption(
            judged,
            help="Judged from this transcript alone, without ratings. Whether something is "
            "missing from the data or from the product cannot always be told from it.",
        )
    if messages.empty:
        st.info("The messages of this conversation were not kept with the run.")
    for message in messages.to_dict("records"):
        role = str(message["role"])
        with st.chat_message(role, avatar=_AVATARS.get(role, _OTHER_AVATAR)):
            if role not in _AVATARS:
                st.caption(role)
            st.text(message["content"])
            for mark in _marks(conversation, message):
                st.caption(mark)


def _facts(conversation: dict[Hashable, Any]) -> list[str]:
    facts = [counted(int(conversation["turns"]), "message")]
    if pd.notna(conversation.get("created_at")):
        facts.insert(0, day_and_time(conversation["created_at"]) + " UTC")
    if pd.notna(conversation.get("frustration")):
        facts.append(f"frustration {int(conversation['frustration'])} of 5")
    if conversation.get("negative") is True:
        facts.append("rated negative")
    if conversation.get("truncated"):
        facts.append("shortened before it was read")
    return facts


def _judged(conversation: dict[Hashable, Any]) -> str:
    """Outcome, cause and what is missing, as far as they were judged."""
    parts = []
    if isinstance(conversation.get("outcome"), str):
        parts.append(f"**Outcome:** {escape(conversation['outcome'])}")
    if isinstance(conversation.get("cause"), str):
        kind = conversation.get("gap_kind")
        of_kind = f" ({escape(kind)})" if isinstance(kind, str) else ""
        parts.append(f"**Cause:** {escape(conversation['cause'])}{of_kind}")
    if isinstance(conversation.get("missing"), str):
        parts.append(f"**Missing:** {escape(conversation['missing'])}")
    said = _voiced(conversation)
    if said:
        parts.append(f"**Dissatisfaction:** the user {said}")
    return " · ".join(parts)


def _marks(conversation: dict[Hashable, Any], message: dict[Hashable, Any]) -> list[str]:
    """What was judged by this message, with the words it was judged by."""
    marks = []
    index, content = int(message["message_index"]), str(message["content"])
    if _index(conversation, "outcome_message") == index:
        judged = f"Judged by this message: {escape(conversation['outcome'])}"
        quoted = _quoted(conversation, "outcome_quote", content)
        marks.append(f":material/flag: {judged}{quoted}")
    if _index(conversation, "dissatisfaction_message") == index:
        quoted = _quoted(conversation, "dissatisfaction_quote", content)
        marks.append(f":material/sentiment_dissatisfied: Dissatisfaction shows here{quoted}")
    return marks


def _voiced(conversation: dict[Hashable, Any]) -> str:
    kinds = conversation.get("dissatisfaction")
    if kinds is None or isinstance(kinds, float):
        return ""
    return ", ".join(_SAID[kind] for kind in kinds if kind in _SAID)


def _index(conversation: dict[Hashable, Any], name: str) -> int | None:
    index = conversation.get(name)
    return int(index) if index is not None and pd.notna(index) else None


def _quoted(conversation: dict[Hashable, Any], name: str, content: str) -> str:
    """The words judged by, where they are not the whole message anyway."""
    quote = conversation.get(name)
    if not isinstance(quote, str) or quote.strip() == content.strip():
        return ""
    return f" — “{escape(quote)}”"
