"""A finished run at a glance: verdict, figures, themes, and what is not in them."""

from __future__ import annotations

import streamlit as st

from kura_core.explore.tree import tree_rows
from kura_core.run.workspace import SAMPLE
from pages.panels.entry import go
from pages.panels.runs import Shown
from pages.panels.text import counted, days, escape, percent
from pages.panels.verdict import draw_verdict


def draw_result(shown: Shown) -> None:
    """Everything the overview says about a run, the answer first."""
    heading(shown)
    draw_verdict(shown)
    st.space("small")
    figures(shown)
    st.space("small")
    themes(shown)
    st.space("small")
    left_out(shown)
    for notice in shown.manifest.get("notices", []):
        st.caption(f":material/info: {escape(str(notice))}")
    onwards(shown)


def heading(shown: Shown) -> None:
    """Which run this is, in one quiet line."""
    period = days(shown.tables.conversations["created_at"]) or "no times in the data"
    st.caption(f"{escape(shown.name)} · {period}")


def figures(shown: Shown) -> None:
    """How much there is, and how much of it ended badly."""
    conversations = shown.tables.conversations
    values = {"Conversations": f"{len(conversations):,}"}
    if conversations["user_id"].notna().any():
        values["Users"] = f"{conversations['user_id'].nunique():,}"
    values["Themes"] = f"{sum(row.depth == 0 for row in tree_rows(shown.tables.clusters)):,}"
    outcomes = conversations["outcome"].value_counts()
    if len(outcomes):
        values["Left without an answer"] = f"{outcomes.get('not achieved', 0):,}"
    for column, (label, value) in zip(st.columns(len(values)), values.items(), strict=True):
        column.metric(label, value)


def themes(shown: Shown) -> None:
    """The top clusters with their share of all conversations, each a way into the map."""
    st.header("Themes", anchor=False)
    st.caption("All conversations, grouped by what they are about. Choose one to look inside.")
    for row in tree_rows(shown.tables.clusters):
        if row.depth:
            continue
        name, bar = st.columns([3, 4], vertical_alignment="center")
        name.container(key=f"theme-{row.cluster_id}").page_link(
            "pages/explore.py",
            label=escape(row.name),
            query_params={"run": shown.run_id, "cluster": row.cluster_id},
        )
        share = f"{counted(row.conversations, 'conversation')} · {percent(row.share, 1)}"
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
