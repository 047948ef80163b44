"""The conversations behind a number, and the links that lead to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import streamlit as st

from kura_core.errors import InputError
from kura_core.insights.evidence import Evidence, conversations_of, evidence_of, query_of, title_of
from kura_core.insights.joined_run import JoinedRun
from pages.panels.members import draw_members
from pages.panels.runs import Shown
from pages.panels.text import counted, escape
from pages.panels.views import EVIDENCE, FIRST, VIEWS

if TYPE_CHECKING:
    from kura_core.insights.actions.text import Part
    from kura_core.insights.quotes import Quote


# st.text cuts spaces off the ends; this one, of no width, keeps them.
_KEPT = "\u200b"


def evidence_link(shown: Shown, label: str, evidence: Evidence, *, icon: str | None = None) -> None:
    """A link to the conversations behind a number, and back; `label` is Markdown."""
    query = {"run": shown.run_id, "view": EVIDENCE, **query_of(evidence)}
    view = st.query_params.get("view", FIRST)
    if view in VIEWS and view != FIRST:
        query["from"] = view
    st.page_link("pages/insights.py", label=label, icon=icon, query_params=query)


def draw_sentence(shown: Shown, parts: Iterable[Part], key: str) -> None:
    """A sentence whose numbers lead to their evidence; `key` tells it from others on the page."""
    with st.container(key=f"sentence-{key}"):
        for part in parts:
            if part.evidence is None:
                st.text(f"{_KEPT}{part.text}{_KEPT}")
            else:
                evidence_link(shown, escape(part.text), part.evidence)


def draw_quote(shown: Shown, quote: Quote, key: str) -> None:
    """A user's words, which lead to the conversation they are from."""
    name = f"quote-{key}-{quote.conversation_id}"
    st.container(key=name).page_link(
        "pages/explore.py",
        label=f"“{escape(quote.text)}”",
        help="Read this conversation",
        query_params={"run": shown.run_id, "conversation": quote.conversation_id},
    )


def draw_evidence(shown: Shown, joined: JoinedRun) -> None:
    """List the conversations the link names, with a way back; what is not there is said."""
    from pages.panels.missing import board_of

    back = st.query_params.get("from", FIRST)
    back = back if back in VIEWS else FIRST
    st.page_link(
        "pages/insights.py",
        label=VIEWS[back],
        icon=":material/arrow_back:",
        query_params={"run": shown.run_id, "view": back},
    )
    evidence = evidence_of(st.query_params)
    board = board_of(shown, joined, None) if evidence.gap else None
    try:
        found = conversations_of(joined, evidence, board)
        title = title_of(joined, evidence, board)
    except InputError as error:
        st.warning(escape(str(error)), icon=":material/link_off:")
        return
    st.header(escape(title), anchor=False)
    facts = [counted(len(found), "conversation")]
    if found["user_id"].notna().any():
        facts.append(counted(found["user_id"].nunique(), "user"))
    st.caption(" · ".join(facts))
    if found.empty:
        st.text(
            "No conversation of this run is like that."
            if joined.is_judged
            else "How conversations ended was not judged in this run; run it again with judging on."
        )
        return
    draw_members(shown, found, "evidence-" + "-".join(query_of(evidence).values()))
