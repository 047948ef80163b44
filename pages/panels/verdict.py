"""The verdict of a run, the first things to do with their evidence, and how it was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kura_core.insights.joined_run import JoinedRun
from pages.panels.actions import draw_kind, judged_by, plan_of
from pages.panels.evidence import draw_quote, draw_sentence
from pages.panels.missing import chosen_impact
from pages.panels.runs import Shown
from pages.panels.text import counted, escape

if TYPE_CHECKING:
    from kura_core.insights.actions.plan import Action
    from kura_core.insights.verdict import Wish


def draw_verdict(shown: Shown, joined: JoinedRun) -> None:
    """The headline in one sentence, a quote under it, and what to do first, or what is asked."""
    from kura_core.insights.verdict import verdict

    plan = plan_of(shown, joined, chosen_impact(joined))
    found = verdict(joined, plan)
    with st.container(key="verdict"):
        st.title(escape(found.headline), anchor=False)
        if found.quote:
            st.markdown("In their words:")
            draw_quote(shown, found.quote, "headline")
    if found.actions or found.wishes:
        st.space("small")
        title = "What to do first" if found.actions else "What users ask for most"
        st.header(title, anchor=False)
    if found.actions:
        columns = st.columns(len(found.actions))
        for place, (column, action) in enumerate(zip(columns, found.actions, strict=True), start=1):
            with column:
                _draw_action(shown, place, action)
        _draw_way_on(shown)
    elif found.wishes:
        for column, wish in zip(st.columns(len(found.wishes)), found.wishes, strict=True):
            with column:
                _draw_wish(shown, wish)
    if joined.is_judged:
        st.caption(
            escape(judged_by(shown, joined, plan)),
            help="Whether the user got what was asked for. Where nothing in the transcript "
            "decides it, the outcome stays “cannot tell”.",
        )
    else:
        st.caption("How conversations ended was not judged in this run.")


def _draw_action(shown: Shown, place: int, action: Action) -> None:
    with st.container(border=True, height="stretch", key=f"finding-{place}"):
        draw_kind(action)
        st.subheader(escape(action.title), anchor=False)
        draw_sentence(shown, action.sentence, f"finding-{place}")
        # The headline already has the first words of the first one.
        for quote in action.quotes[1:] if place == 1 else action.quotes[:1]:
            draw_quote(shown, quote, f"finding-{place}")


def _draw_way_on(shown: Shown) -> None:
    with st.container(horizontal=True, key="way_on"):
        for label, view in (("See what to do", "actions"), ("See what is missing", "missing")):
            st.page_link(
                "pages/insights.py",
                label=label,
                icon=":material/arrow_forward:",
                query_params={"run": shown.run_id, "view": view},
            )


def _draw_wish(shown: Shown, wish: Wish) -> None:
    with st.container(border=True, height="stretch", key=f"finding-{wish.cluster_id}"):
        st.subheader(escape(wish.name), anchor=False)
        facts = [counted(wish.conversations, "conversation")]
        facts += [counted(wish.users, "user")] if wish.users is not None else []
        st.markdown(" · ".join(facts))
        for quote in (wish.quotes[1:] or wish.quotes)[:2]:
            draw_quote(shown, quote, f"finding-{wish.cluster_id}")
        st.space("stretch")
        st.page_link(
            "pages/explore.py",
            label=f"See {counted(wish.conversations, 'conversation')}",
            icon=":material/arrow_forward:",
            query_params={"run": shown.run_id, "cluster": wish.cluster_id},
        )
