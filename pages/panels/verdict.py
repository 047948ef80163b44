"""The verdict of a run, its findings with their evidence, and how it was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.panels.runs import Shown
from pages.panels.text import counted, escape

if TYPE_CHECKING:
    from kura_core.insights.verdict import Finding, Quote, Verdict


def draw_verdict(shown: Shown) -> None:
    """The headline in one sentence, a quote under it, and the findings that stand behind it."""
    verdict = _read(str(shown.directory), shown.changed, shown)
    with st.container(key="verdict"):
        st.title(escape(verdict.headline), anchor=False)
        first = verdict.findings[0] if verdict.findings else None
        if first and first.quotes:
            st.markdown("In their words:")
            _quote(shown, first, first.quotes[0], "headline")
    if verdict.findings:
        st.space("small")
        failing = any(finding.failed for finding in verdict.findings)
        title = "Where users leave without an answer" if failing else "What users ask for most"
        st.header(title, anchor=False)
        for column, finding in zip(
            st.columns(len(verdict.findings)), verdict.findings, strict=True
        ):
            with column:
                _finding(shown, finding)
    _how_judged(verdict)


@st.cache_resource(max_entries=8, show_spinner=False)
def _read(directory: str, changed: int, _shown: Shown) -> Verdict:
    from kura_core.insights.verdict import verdict

    return verdict(_shown.tables)


def _finding(shown: Shown, finding: Finding) -> None:
    with st.container(border=True, height="stretch", key=f"finding-{finding.cluster_id}"):
        st.subheader(escape(finding.name), anchor=False)
        if finding.failed:
            st.markdown(
                f"**{finding.failed:,}** of {counted(finding.conversations, 'conversation')} end "
                "without an answer"
            )
        else:
            st.markdown(counted(finding.conversations, "conversation"))
        facts = [counted(finding.users, "user")] if finding.users is not None else []
        facts += [f"{finding.partly:,} partly answered"] if finding.partly else []
        facts += [f"{finding.unclear:,} cannot be told"] if finding.unclear else []
        if facts:
            st.caption(" · ".join(facts))
        # The headline already has the first words of the first finding.
        for quote in (finding.quotes[1:] or finding.quotes)[:2]:
            _quote(shown, finding, quote, "card")
        st.space("stretch")
        st.page_link(
            "pages/explore.py",
            label=f"See {counted(finding.conversations, 'conversation')}",
            icon=":material/arrow_forward:",
            query_params={"run": shown.run_id, "cluster": finding.cluster_id},
        )


def _quote(shown: Shown, finding: Finding, quote: Quote, place: str) -> None:
    name = f"quote-{place}-{finding.cluster_id}-{quote.conversation_id}"
    st.container(key=name).page_link(
        "pages/explore.py",
        label=f"“{escape(quote.text)}”",
        help="Read this conversation",
        query_params={
            "run": shown.run_id,
            "cluster": finding.cluster_id,
            "conversation": quote.conversation_id,
        },
    )


def _how_judged(verdict: Verdict) -> None:
    if not verdict.judged and not verdict.unclear:
        st.caption("How conversations ended was not judged in this run.")
        return
    st.caption(
        f"Judged from the transcripts alone, without ratings: {verdict.judged:,} of "
        f"{counted(verdict.conversations, 'conversation')} show how they ended; "
        f"{verdict.unclear:,} cannot be told.",
        help="Rules look at the last answers: a refusal, an apology or an empty result that is not "
        "made good counts as not achieved; thanks or a delivered answer as achieved. Where "
        "nothing decides it, the outcome stays “cannot tell”.",
    )
