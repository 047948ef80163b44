"""One conversation, read as it was held."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.panels.text import counted, day_and_time

_AVATARS = {"user": ":material/person:", "assistant": ":material/auto_awesome:"}
_OTHER_AVATAR = ":material/settings:"


@st.dialog("Conversation", width="large")
def show_transcript(directory: Path, conversation: dict[Hashable, Any]) -> None:
    """A dialog with the (redacted) messages of one row of the conversations table."""
    from kura_core.run.tables import read_messages

    messages = read_messages(directory, conversation["conversation_id"])
    st.text(conversation["summary"])
    st.caption(" · ".join(_facts(conversation)))
    cited = conversation.get("outcome_message")
    cited = int(cited) if pd.notna(cited) else None
    if messages.empty:
        st.info("The messages of this conversation were not kept with the run.")
    for message in messages.to_dict("records"):
        role = str(message["role"])
        with st.chat_message(role, avatar=_AVATARS.get(role, _OTHER_AVATAR)):
            if role not in _AVATARS:
                st.caption(role)
            st.text(message["content"])
            if message["message_index"] == cited:
                st.caption(f":material/flag: Judged by this message: {conversation['outcome']}")


def _facts(conversation: dict[Hashable, Any]) -> list[str]:
    facts = [counted(int(conversation["turns"]), "message")]
    if pd.notna(conversation.get("created_at")):
        facts.insert(0, day_and_time(conversation["created_at"]) + " UTC")
    if isinstance(conversation.get("outcome"), str):
        facts.append(f"outcome: {conversation['outcome']}")
    if pd.notna(conversation.get("frustration")):
        facts.append(f"frustration {int(conversation['frustration'])} of 5")
    if conversation.get("truncated"):
        facts.append("shortened before it was read")
    return facts
