"""A list of conversations, a page at a time, each one click from its transcript."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd
import streamlit as st

from pages.panels.runs import Shown
from pages.panels.text import counted, day, shortened
from pages.panels.transcript import show_transcript

PER_PAGE = 8
OUTCOMES = ["not achieved", "partly", "achieved", "cannot tell"]


def draw_members(shown: Shown, members: pd.DataFrame, key: str) -> None:
    """The conversations, newest first, with a filter by outcome where more than one occurs.

    `members` are rows of the conversations table; `key` tells this list from others on the page.
    """
    counts = members["outcome"].value_counts() if "outcome" in members else pd.Series(dtype=int)
    options = [outcome for outcome in OUTCOMES if counts.get(outcome)]
    if len(options) > 1:
        labels = {"all": f"All {len(members):,}"}
        labels |= {name: f"{name.capitalize()} {counts[name]:,}" for name in options}
        outcome = st.segmented_control(
            "How they ended",
            ["all", *options],
            default="all",
            format_func=lambda name: labels[name],
            key=f"outcome-{key}",
            required=True,
            help="Whether the user got what they asked for, judged from the conversation alone.",
        )
        if outcome != "all":
            members = members[members["outcome"] == outcome]
    members = members.sort_values(
        ["created_at", "conversation_id"], ascending=[False, True], na_position="last"
    )
    pages = max(1, math.ceil(len(members) / PER_PAGE))
    page = st.session_state.get(f"page-{key}", 1)
    page = min(page, pages)
    for member in members.iloc[(page - 1) * PER_PAGE : page * PER_PAGE].to_dict("records"):
        _draw_member(shown, member)
    if pages > 1:
        st.pagination(pages, key=f"page-{key}")


def _draw_member(shown: Shown, member: dict[Hashable, Any]) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.text(shortened(str(member["summary"]), 240))
            facts = [counted(int(member["turns"]), "message")]
            created = member.get("created_at")
            if isinstance(created, pd.Timestamp):
                facts.insert(0, day(created))
            if isinstance(member.get("outcome"), str):
                facts.append(str(member["outcome"]))
            if isinstance(member.get("cause"), str):
                undetermined = member["cause"] == "undetermined"
                facts.append("cause undetermined" if undetermined else str(member["cause"]))
            st.caption(" · ".join(facts))
        if st.button("Read", key=f"read-{member['conversation_id']}", icon=":material/chat:"):
            show_transcript(shown.directory, member)
