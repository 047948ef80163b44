"""The runs made before: open, resume, delete."""

from __future__ import annotations

import streamlit as st

from kura_core.engines.spending import dollars
from kura_core.errors import InputError
from kura_core.run.jobs import Job, delete_run, list_runs
from kura_core.run.workspace import Workspace
from pages.panels.entry import go
from pages.panels.text import counted, day_and_time, duration, escape

STATUS = {
    "running": ("Running", "blue"),
    "done": ("Done", "green"),
    "cancelled": ("Cancelled", "gray"),
    "budget": ("Stopped by the budget", "orange"),
    "failed": ("Failed", "red"),
    "interrupted": ("Interrupted", "orange"),
}


def draw_history(workspace: Workspace, shown: str | None) -> None:
    """Every run of this workspace, newest first."""
    jobs = [job for job in list_runs(workspace) if job.run_id != shown]
    if not jobs:
        return
    st.subheader("Other runs" if shown else "Earlier runs", anchor=False)
    for job in jobs:
        _row(workspace, job)


def _row(workspace: Workspace, job: Job) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown(f"**{escape(job.name)}**")
            st.caption(" · ".join(_facts(job)))
        label, colour = STATUS[job.status]
        st.badge(label, color=colour)  # type: ignore[arg-type]
        if st.button("Open", key=f"open-{job.run_id}"):
            if job.status == "done":
                go("overview", run=job.run_id)
            go("pipeline", run=job.run_id)
        if job.status != "running" and st.button(
            "Delete", key=f"delete-{job.run_id}", icon=":material/delete:", type="tertiary"
        ):
            _confirm(workspace, job)


def _facts(job: Job) -> list[str]:
    facts = [job.input_name, f"{day_and_time(job.started)} UTC"]
    if job.status == "done" and job.conversations is not None and job.clusters is not None:
        facts.append(counted(job.conversations, "conversation"))
        facts.append(counted(job.clusters, "cluster"))
    if job.seconds is not None:
        facts.append(duration(job.seconds))
    if job.cost_usd:
        facts.append(dollars(job.cost_usd))
    return [escape(fact) for fact in facts]


@st.dialog("Delete this run?")
def _confirm(workspace: Workspace, job: Job) -> None:
    st.text(f"{job.name}: its map, tree, summaries and transcripts are removed for good.")
    with st.container(horizontal=True):
        if st.button("Delete", type="primary", key="confirm_delete"):
            try:
                delete_run(workspace, job.run_id)
            except InputError as error:
                st.warning(str(error))
                return
            st.rerun()
        if st.button("Keep it", key="keep_run"):
            st.rerun()
