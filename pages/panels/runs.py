"""Which finished run a page shows, and its tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from kura_core.errors import InputError
from kura_core.run.jobs import Job, list_runs
from kura_core.run.workspace import SAMPLE, Workspace, open_run
from pages.panels.entry import go
from pages.panels.text import counted, day_and_time, distinct
from pages.panels.views import EVIDENCE, VIEWS

if TYPE_CHECKING:
    from kura_core.run.tables import RunTables

_CHOSEN = "kura.run"
_PICKER = "run_picker"
SAMPLE_NAME = "Sample"


@dataclass(frozen=True, slots=True)
class Shown:
    """The run a page shows: its id in links, its name and directory, and what is in there.

    `changed` is when it was finished, in nanoseconds: what is worked out from it is kept by that.
    """

    run_id: str
    name: str
    directory: Path
    changed: int
    tables: RunTables
    manifest: dict[str, Any]


def show_run(run_id: str) -> None:
    """Make a run the one that pages show."""
    st.session_state[_CHOSEN] = run_id
    st.query_params["run"] = run_id


def shown_run(workspace: Workspace) -> Shown | None:
    """The run named in the link, else the one shown last, else the newest finished one.

    None where there is nothing to show yet. A run that cannot be shown ends the page with a
    sentence that says why and what to do.
    """
    finished = [job for job in list_runs(workspace) if job.status == "done"]
    wanted = st.query_params.get("run") or st.session_state.get(_CHOSEN)
    if wanted is None:
        if not finished:
            return None
        wanted = finished[0].run_id
    try:
        directory = open_run(workspace, wanted)
    except InputError as error:
        st.session_state.pop(_CHOSEN, None)
        _nothing_to_show(str(error))
    if not (directory / "tables" / "clusters.parquet").exists():
        st.session_state.pop(_CHOSEN, None)
        _nothing_to_show("This run has no result yet. See how far it is on the pipeline page.")
    show_run(wanted)
    _offer_others(wanted, finished)
    changed = (directory / "manifest.json").stat().st_mtime_ns
    tables, manifest = _read(str(directory), changed)
    names = {job.run_id: job.name for job in finished}
    name = SAMPLE_NAME if wanted == SAMPLE else names.get(wanted, "Run")
    return Shown(wanted, name, directory, changed, tables, manifest)


def run_label(job: Job) -> str:
    """A run in a list: its name, when it was started and what it holds."""
    parts = [job.name, day_and_time(job.started)]
    if job.conversations is not None:
        parts.append(counted(job.conversations, "conversation"))
    return " · ".join(parts)


# Shared by all sessions and keyed by the directory, which is only reached through a workspace.
@st.cache_resource(max_entries=4, show_spinner=False)
def _read(directory: str, changed: int) -> tuple[RunTables, dict[str, Any]]:
    from kura_core.run.tables import read_manifest, read_tables

    return read_tables(Path(directory)), read_manifest(Path(directory))


def _offer_others(chosen: str, finished: list[Job]) -> None:
    labels = distinct({job.run_id: run_label(job) for job in finished})
    labels[SAMPLE] = SAMPLE_NAME
    if len(labels) < 2:
        return
    options = list(labels)
    if st.session_state.get(_PICKER) != chosen and chosen in options:
        st.session_state[_PICKER] = chosen
    st.sidebar.selectbox(
        "Showing the run",
        options,
        format_func=lambda run_id: labels[run_id],
        key=_PICKER,
        on_change=_picked,
    )


def _picked() -> None:
    """Show the chosen run in the same view; what the link named of the other run is dropped."""
    view = st.query_params.get("view")
    if view == EVIDENCE:
        view = st.query_params.get("from")
    st.query_params.from_dict({"view": view} if view in VIEWS else {})
    show_run(st.session_state[_PICKER])


def _nothing_to_show(why: str) -> None:
    st.title("Nothing to show here", anchor=False)
    st.text(why)
    with st.container(horizontal=True):
        if st.button("See my runs", type="primary", key="gone_runs"):
            go("pipeline")
        if st.button("Explore the sample", key="gone_sample"):
            go("overview", run=SAMPLE)
    st.stop()
