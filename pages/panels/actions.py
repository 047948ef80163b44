"""What to do next: five sentences, each number a link, and what to tell users afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from kura_core.insights.evidence import FAILED, Evidence
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.side.tables import side_stamp
from pages.panels.entry import go
from pages.panels.evidence import draw_quote, draw_sentence, evidence_link
from pages.panels.missing import board_of, choose_impact, chosen_impact
from pages.panels.runs import Shown
from pages.panels.text import counted, escape

if TYPE_CHECKING:
    from kura_core.insights.actions.plan import Action, Plan

Colour = Literal["blue", "violet", "orange", "gray"]
KINDS: dict[str, tuple[Colour, str]] = {
    "inventory gap": ("blue", "The data, or what is known about it, is not there: index it."),
    "capability gap": ("violet", "The product cannot do what was asked: build it."),
    "answer quality": ("orange", "It can be answered, but the answers do not help: improve them."),
    "policy refusal": ("gray", "A policy refuses what was asked: review whether it should."),
    "user input": ("gray", "Something only the user could give was not given: ask for it better."),
    "undetermined": ("gray", "From the transcripts alone nobody can tell why these fail."),
}


def plan_of(shown: Shown, joined: JoinedRun, impact: str | None) -> Plan:
    """The actions of a run; worked out once for all who look at it."""
    stamp = side_stamp(shown.directory)
    return _plan(str(shown.directory), shown.changed, stamp, impact, shown, joined)


def draw_actions(shown: Shown, joined: JoinedRun) -> None:
    """The top five with their evidence, their words for users, and all of it as Markdown."""
    if not_judged(joined):
        return
    plan = plan_of(shown, joined, chosen_impact(joined))
    if not plan.actions:
        _draw_nothing(shown, plan)
    for place, action in enumerate(plan.actions, start=1):
        _draw_action(shown, place, action)
    if plan.actions:
        _draw_markdown(shown, joined, plan)
        st.caption(
            f"Ordered by {escape(plan.ranked_by)}. Ranges are 95% intervals.",
            help="Things that fail fewer than five times are left out, and a theme whose failures "
            "are mostly explained by one missing thing is not listed a second time.",
        )
        choose_impact(joined)
    st.caption(escape(judged_by(shown, joined, plan)))


def not_judged(joined: JoinedRun) -> bool:
    """Say so, with what to do, where no conversation was judged."""
    if joined.is_judged:
        return False
    st.text(
        "How conversations ended was not judged in this run, so it is not known which of them "
        "failed. Run it again with the judge on; the rules cost nothing."
    )
    if st.button("Run it again", type="primary", key="judge_again"):
        go("pipeline")
    return True


def judged_by(shown: Shown, joined: JoinedRun, plan: Plan) -> str:
    """Who judged, from what, how much could not be told, and how right people found it."""
    from pages.panels.review import judge_quality_line

    config = shown.manifest.get("config", {})
    judge = config.get("model") or config.get("engine")
    judge = judge if config.get("judges") == "engine" else "rules"
    quality = judge_quality_line(shown, joined)
    said = f"Judged by {judge} from the transcripts alone, without ratings."
    if plan.unclear:
        said += (
            f" {plan.unclear:,} of {counted(plan.conversations, 'conversation')} do not tell how "
            "they end and are in no rate."
        )
    return f"{said} {quality}" if quality else said


@st.cache_resource(max_entries=8, show_spinner="Working out what to do…")
def _plan(
    directory: str, changed: int, stamp: str, impact: str | None, _shown: Shown, _joined: JoinedRun
) -> Plan:
    from kura_core.insights.actions.plan import what_to_do

    return what_to_do(_joined, board_of(_shown, _joined, impact), impact)


def draw_kind(action: Action) -> None:
    """In which bucket the action falls, as a small mark."""
    if action.kind in KINDS:
        colour, meaning = KINDS[action.kind]
        kind = "cause undetermined" if action.kind == "undetermined" else action.kind
        st.badge(kind, color=colour, help=meaning)


def _draw_action(shown: Shown, place: int, action: Action) -> None:
    with st.container(border=True, key=f"action-{place}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(f"{place}. {escape(action.title)}", anchor=False, width="content")
            draw_kind(action)
        draw_sentence(shown, action.sentence, f"action-{place}")
        for quote in action.quotes:
            draw_quote(shown, quote, f"action-{place}")
        with st.expander("Starter prompts, and what to tell users", key=f"starters-{place}"):
            st.caption("Offer these to users once it works. Made from what they typically ask.")
            for prompt in action.starters.prompts:
                st.code(prompt, language=None, wrap_lines=True)
            st.caption("Tell users:")
            st.code(action.starters.line, language=None, wrap_lines=True)


def _draw_markdown(shown: Shown, joined: JoinedRun, plan: Plan) -> None:
    from kura_core.insights.actions.plan import as_markdown

    with st.expander("Copy as Markdown", key="actions_markdown", icon=":material/content_copy:"):
        text = as_markdown(plan, shown.name, judged_by(shown, joined, plan))
        st.code(text, language="markdown", wrap_lines=True, height=320)


def _draw_nothing(shown: Shown, plan: Plan) -> None:
    if not plan.judged:
        st.text(
            "Nothing can be said of what to do: no conversation tells how it ends. Let a language "
            "model judge instead of the rules, or load conversations with the product's answers."
        )
    elif not plan.failures:
        st.text(
            f"Nothing to act on: of {counted(plan.judged, 'conversation')} that could be judged, "
            "none ends without a usable answer. See under “Check the judge” whether it misses some."
        )
    else:
        st.text(
            f"Nothing fails often enough to act on: {plan.failures:,} of "
            f"{counted(plan.judged, 'conversation')} that could be judged end without a usable "
            "answer, and no thing or theme has five of them. More conversations would show more."
        )
        evidence_link(
            shown, "Read those that failed", Evidence(outcome=FAILED), icon=":material/chat:"
        )
