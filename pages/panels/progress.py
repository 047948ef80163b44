"""A run as it happens, drawn from its events alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pandas as pd
import streamlit as st

from kura_core.errors import InputError
from kura_core.explore.charts import conversation_map
from kura_core.run.events import RunProgress, StepProgress, read_events
from kura_core.run.jobs import Job, cancel_run, find_run
from kura_core.run.workspace import Workspace, open_run
from pages.panels.cost import draw_meter
from pages.panels.entry import go
from pages.panels.outcome import draw_failed, draw_spent
from pages.panels.resume import draw_resume, draw_retry
from pages.panels.runs import show_run
from pages.panels.text import counted, duration, escape, remaining, shortened

EVERY_SECONDS = 1.0
# Another browser may resume a run, or ask again, while this one shows how it ended.
AGAIN_SECONDS = 2.0
EXAMPLES = 3
# The exit code of a run that is done, but lost more than a fifth.
MANY_FAILED = 5
_AGAIN_WHOLE = (
    "The same settings for the whole file. What was read already is not asked or paid for again."
)


def watch(workspace: Workspace, job: Job) -> None:
    """One run: while it works a view that refreshes itself, afterwards how it ended."""
    st.header(escape(job.name), anchor=False)
    if job.status == "running":
        _live(workspace, job.run_id)
        return
    folder = open_run(workspace, job.run_id)
    progress = read_events(folder / "events.jsonl")
    if job.status == "done":
        _done(workspace, job, progress)
    else:
        _stopped(workspace, job)
    draw_spent(folder)
    draw_failed(folder)
    begun = any(step.state != "waiting" for step in progress.steps)
    with st.expander("Steps", key="steps", expanded=job.status != "done" and begun):
        _steps(progress, ended=True)
    _notices(progress)
    _await_change(workspace, job)


@st.fragment(run_every=AGAIN_SECONDS)
def _await_change(workspace: Workspace, shown: Job) -> None:
    """Draw the page anew when the run is no longer what it shows."""
    try:
        job = find_run(workspace, shown.run_id)
    except InputError:
        st.rerun()
    if (job.status, job.pid) != (shown.status, shown.pid):
        st.rerun()


@st.fragment(run_every=EVERY_SECONDS)
def _live(workspace: Workspace, run_id: str) -> None:
    try:
        job = find_run(workspace, run_id)
    except InputError:
        st.rerun()
    if job.status != "running":
        # One full run of the page, so that everything on it knows the run has ended.
        st.rerun()
    folder = open_run(workspace, run_id)
    progress = read_events(folder / "events.jsonl")
    with st.container(horizontal=True, vertical_alignment="center", key="now"):
        st.text(_headline(progress))
        st.button(
            "Stopping…" if job.stopping else "Cancel",
            key="cancel_run",
            disabled=job.stopping,
            on_click=_cancel,
            args=(workspace, run_id),
        )
    draw_meter(progress.meter, progress.estimate)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _steps(progress)
        _notices(progress)
    with right:
        _partial_map(folder, progress)
        _examples(progress)
    st.caption("You may close this page; the run goes on and is found here again.")


def _cancel(workspace: Workspace, run_id: str) -> None:
    # Another tab may have deleted the run in the meantime.
    with suppress(InputError):
        cancel_run(workspace, run_id)


def _headline(progress: RunProgress) -> str:
    current = [step for step in progress.steps if step.state == "running"]
    done = sum(step.state == "done" for step in progress.steps)
    if not current:
        return "Starting…" if done == 0 else f"Step {done} of {len(progress.steps)} done"
    text = f"Step {done + 1} of {len(progress.steps)}: {current[-1].title.lower()}"
    left = current[-1].eta_seconds
    return f"{text}, {remaining(left)}" if left is not None else text


def _steps(progress: RunProgress, *, ended: bool = False) -> None:
    for step in progress.steps:
        st.progress(_part(step), text=_step_text(step, ended=ended))


def _part(step: StepProgress) -> float:
    if step.state == "done":
        return 1.0
    return min(1.0, step.done / step.total) if step.total else 0.0


def _step_text(step: StepProgress, *, ended: bool) -> str:
    if step.state == "waiting":
        return f":gray[{step.title}]"
    if step.state == "done":
        facts = [f"{step.total:,} {step.unit}"] if step.total > 1 else []
        if step.cached:
            facts.append(f"{step.cached:,} kept from before")
        facts.append(duration(step.seconds or 0))
        return f"{step.title} :gray[· {' · '.join(facts)}]"
    facts = [f"{step.done:,} of {step.total:,} {step.unit}"] if step.total > 1 else []
    if step.eta_seconds is not None and not ended:
        facts.append(remaining(step.eta_seconds))
    return f"**{step.title}** :gray[{' · '.join(['', *facts]).strip()}]" if facts else step.title


def _notices(progress: RunProgress) -> None:
    for notice in progress.notices:
        icon = ":material/warning:" if notice["level"] == "warning" else ":material/info:"
        st.caption(f"{icon} {escape(notice['text'])}")


def _examples(progress: RunProgress) -> None:
    if not progress.examples:
        return
    st.subheader("Just read", anchor=False)
    for example in reversed(progress.examples[-EXAMPLES:]):
        with st.container(border=True, gap=None):
            summary, request = (str(example.get(name) or "") for name in ("summary", "request"))
            st.text(shortened(summary, 160))
            # Without an LLM the summary often is the request; once is enough.
            if request and request[:30].lower() not in summary.lower():
                st.caption(f"“{escape(shortened(request, 160))}”")


def _partial_map(folder: Path, progress: RunProgress) -> None:
    """The map as soon as there is one; names appear as they are made."""
    points = _partial(folder, "partial/map.parquet", progress)
    if points is None or points.empty:
        return
    clusters = _partial(folder, "partial/clusters.parquet", progress)
    if clusters is None:
        clusters = _unnamed(points)
    named = int(clusters["name"].notna().sum())
    st.subheader("The map so far", anchor=False)
    st.caption(f"{named:,} of {counted(len(clusters), 'cluster')} named")
    clusters = clusters.assign(name=clusters["name"].fillna("…"))
    dark = st.context.theme.type == "dark"
    st.altair_chart(conversation_map(points, clusters, dark=dark, height=380), key="partial_map")


def _partial(folder: Path, name: str, progress: RunProgress) -> pd.DataFrame | None:
    path = folder / name
    if name not in progress.partial_files or not path.exists():
        return None
    return pd.read_parquet(path)


def _unnamed(points: pd.DataFrame) -> pd.DataFrame:
    grouped = points.groupby("cluster_id", sort=True)
    frame = grouped[["x", "y"]].median().reset_index()
    return frame.assign(
        parent_id=None, level=0, name=None, description="", conversations=grouped.size().to_numpy()
    )


def _stopped(workspace: Workspace, job: Job) -> None:
    sentences = {
        "cancelled": "This run was cancelled. What was finished is kept.",
        "budget": "This run stopped at its budget. What was finished is kept.",
        "failed": "This run could not be finished.",
        "interrupted": "This run was interrupted. What was finished is kept.",
    }
    if job.status == "failed":
        st.error(sentences[job.status], icon=":material/error:")
    else:
        st.warning(sentences[job.status], icon=":material/pause_circle:")
    if job.text:
        st.text(job.text)
    draw_resume(workspace, job)
    if job.status in ("failed", "interrupted") and not workspace.public:
        log = open_run(workspace, job.run_id) / "log.txt"
        st.caption(f"What its process printed is in {escape(str(log))}")


def _done(workspace: Workspace, job: Job, progress: RunProgress) -> None:
    facts = []
    if job.conversations is not None and job.clusters is not None:
        facts.append(
            f"{counted(job.conversations, 'conversation')} in {counted(job.clusters, 'cluster')}"
        )
    if job.seconds is not None:
        facts.append(duration(job.seconds))
    if progress.exit_code == MANY_FAILED:
        said = "Done, but more than a fifth of the conversations failed; see why below"
        st.warning(" · ".join([said, *facts]), icon=":material/warning:")
    else:
        st.success(" · ".join(["Done", *facts]), icon=":material/check_circle:")
    with st.container(horizontal=True):
        if st.button("See what users want", type="primary", key="to_overview"):
            go("overview", run=job.run_id)
        if st.button("Explore the map", key="to_explore"):
            go("explore", run=job.run_id)
        again = "Run all of it" if job.limit else "Run again with other settings"
        if st.button(again, key="run_again", help=_AGAIN_WHOLE if job.limit else None):
            go("pipeline", input=job.input_id, like=job.run_id)
    draw_retry(workspace, job)
    show_run(job.run_id)
