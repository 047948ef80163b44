"""A finished run at a glance: verdict, figures, themes, and what is not in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kura_core.errors import InputError
from kura_core.explore.tree import tree_rows
from kura_core.insights.evidence import FAILED, Evidence
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.workspace import SAMPLE, Workspace, open_run
from pages.panels.actions import plan_of
from pages.panels.entry import go
from pages.panels.evidence import evidence_link
from pages.panels.joined import joined_run
from pages.panels.missing import chosen_impact
from pages.panels.runs import SAMPLE_NAME, Shown
from pages.panels.text import counted, days, escape, percent
from pages.panels.verdict import draw_verdict

if TYPE_CHECKING:
    from kura_core.insights.actions.plan import Plan

LEFT = "End without a usable answer"


def draw_result(shown: Shown) -> None:
    """Everything the overview says about a run, the answer first."""
    joined = joined_run(shown)
    heading(shown)
    draw_verdict(shown, joined)
    st.space("small")
    figures(shown, plan_of(shown, joined, chosen_impact(joined)))
    st.space("small")
    themes(shown, joined)
    st.space("small")
    left_out(shown)
    for notice in shown.manifest.get("notices", []):
        st.caption(f":material/info: {escape(str(notice))}")
    onwards(shown)


def prepare_sample(workspace: Workspace) -> None:
    """Work out what the overview says about the sample, so that it is there when it is opened."""
    from kura_core.run.tables import MANIFEST, read_manifest, read_tables

    try:
        directory = open_run(workspace, SAMPLE)
    except InputError:
        return
    changed = (directory / MANIFEST).stat().st_mtime_ns
    tables, manifest = read_tables(directory), read_manifest(directory)
    sample = Shown(SAMPLE, SAMPLE_NAME, directory, changed, tables, manifest)
    joined = joined_run(sample)
    plan_of(sample, joined, chosen_impact(joined))


def heading(shown: Shown) -> None:
    """Which run this is, in one quiet line."""
    period = days(shown.tables.conversations["created_at"]) or "no times in the data"
    st.caption(f"{escape(shown.name)} · {period}")


def figures(shown: Shown, plan: Plan) -> None:
    """How much there is, and how much of it ended badly."""
    conversations = shown.tables.conversations
    values = {"Conversations": f"{len(conversations):,}"}
    if conversations["user_id"].notna().any():
        values["Users"] = f"{conversations['user_id'].nunique():,}"
    values["Themes"] = f"{sum(row.depth == 0 for row in tree_rows(shown.tables.clusters)):,}"
    if plan.rate:
        values[LEFT] = f"{plan.failures:,}"
    columns = st.container(key="figures").columns(len(values))
    for column, (label, value) in zip(columns, values.items(), strict=True):
        with column:
            st.metric(label, value)
            if label == LEFT and plan.rate:
                failed, low, high = plan.rate
                st.caption(
                    f"{percent(failed, 1)} ({100 * low:.0f}–{100 * high:.0f}%) of the "
                    f"{plan.judged:,} that could be judged",
                    help="The range is a 95% interval that allows for users who come back.",
                )
                if plan.failures:
                    arrow = ":material/arrow_forward:"
                    evidence_link(shown, "Read them", Evidence(outcome=FAILED), icon=arrow)


@st.cache_resource(max_entries=8, show_spinner=False)
def _shares(directory: str, changed: int, _joined: JoinedRun) -> dict[str, tuple[float, float]]:
    from kura_core.insights.theme_shares import theme_shares

    return theme_shares(_joined)


def themes(shown: Shown, joined: JoinedRun) -> None:
    """The top clusters with their share of all conversations, each a way into the map."""
    st.header("Themes", anchor=False)
    st.caption(
        "All conversations, grouped by what they are about. Choose one to look inside.",
        help="Beside each share is its 95% interval: how far it could be off by chance, were "
        "other users of the same kind asked.",
    )
    ranges = _shares(str(shown.directory), shown.changed, joined)
    for row in joined.rows:
        if row.depth:
            continue
        name, bar = st.columns([3, 4], vertical_alignment="center")
        name.container(key=f"theme-{row.cluster_id}").page_link(
            "pages/explore.py",
            label=escape(row.name),
            query_params={"run": shown.run_id, "cluster": row.cluster_id},
        )
        share = f"{counted(row.conversations, 'conversation')} · {percent(row.share, 1)}"
        if row.cluster_id in ranges:
            low, high = ranges[row.cluster_id]
            share += f" ({100 * low:.0f}–{100 * high:.0f}%)"
        bar.progress(row.share, text=f":gray[{share}]")


def left_out(shown: Shown) -> None:
    """What is not in these numbers, and why."""
    excluded = shown.tables.excluded
    if excluded.empty:
        st.caption("Nothing was left out: every conversation that was read is in these numbers.")
        return
    counts = excluded["kind"].value_counts()
    parts = [
        f"{counts[kind]:,} {kind}" for kind in ("failed", "filtered", "rejected") if kind in counts
    ]
    title = f"Left out: {', '.join(parts)}"
    with st.expander(title, key="left_out", icon=":material/filter_alt:"):
        reasons = excluded.groupby(["kind", "reason"]).size().reset_index(name="Rows")
        reasons = reasons.sort_values(["Rows", "reason"], ascending=[False, True])
        st.dataframe(reasons.rename(columns={"kind": "What", "reason": "Why"}), hide_index=True)


def onwards(shown: Shown) -> None:
    """From the sample to one's own logs."""
    if shown.run_id != SAMPLE:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="own_logs"):
        st.text("This is the sample. What would your own logs say?")
        if st.button("Upload your chat logs", type="primary", key="upload"):
            go("data")
        if st.button("Run the sample yourself", key="run_sample"):
            go("pipeline", input=SAMPLE)
