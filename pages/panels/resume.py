"""The way on from a run that stopped: again with its key, or with other settings."""

from __future__ import annotations

import streamlit as st

from kura_core.config import RunConfig
from kura_core.engines.spending import dollars
from kura_core.errors import InputError, KuraError
from kura_core.run.jobs import Job, read_config, resume_run
from kura_core.run.sending import keys_for, missing_keys, sendings
from kura_core.run.workspace import Workspace
from pages.panels.entry import go
from pages.panels.keys import TITLES, draw_key, keys_at_hand
from pages.panels.text import counted, escape


def draw_resume(workspace: Workspace, job: Job) -> None:
    """Fields for the keys the run takes, and the two buttons."""
    config = _config(workspace, job)
    budget = None
    if config is not None:
        if job.status == "budget":
            budget = _more(config, job)
        _draw_keys(workspace, config)
    with st.container(horizontal=True):
        again = config is not None and st.button("Resume", type="primary", key="resume_run")
        if st.button("Change the settings", key="change_settings"):
            go("pipeline", input=job.input_id, like=job.run_id)
    if config is not None and again:
        _resume(workspace, job, config, budget)


def draw_retry(workspace: Workspace, job: Job) -> None:
    """Ask again for the conversations that failed in a finished run; nothing where none did."""
    if not job.failed:
        return
    config = _config(workspace, job)
    if config is None or not sendings(config):
        return
    _draw_keys(workspace, config)
    if st.button(
        f"Ask again for {counted(job.failed, 'failed conversation')}",
        key="retry_failed",
        icon=":material/replay:",
        help="With the same settings. All other answers are kept and not paid for again.",
    ):
        _resume(workspace, job, config, None)


def _more(config: RunConfig, job: Job) -> float | None:
    """The budget to go on with, of which what is spent already counts."""
    spent, given = job.cost_usd or 0.0, config.budget or 0.0
    return st.number_input(
        "Budget in US dollars",
        0.0,
        None,
        round(2 * max(given, spent), 2) or 1.0,
        key="new_budget",
        width=240,
        help=f"For the whole run; {dollars(spent)} of it is spent already.".replace("$", "\\$"),
    )


def _config(workspace: Workspace, job: Job) -> RunConfig | None:
    try:
        return read_config(workspace, job.run_id)
    except InputError as error:
        st.caption(escape(str(error)))
        return None


def _draw_keys(workspace: Workspace, config: RunConfig) -> None:
    providers = {sending.provider: sending for sending in sendings(config)}
    for provider, sending in providers.items():
        with st.container(width=480):
            draw_key(provider, public=workspace.public, own_server=not sending.needs_key)
    if providers:
        hosts = sorted({sending.host for sending in providers.values()})
        st.caption(
            f"Going on sends what is not finished to {escape(' and '.join(hosts))}, as you agreed "
            "when you started the run. What is finished is not paid for again."
        )


def _resume(workspace: Workspace, job: Job, config: RunConfig, budget: float | None) -> None:
    keys = keys_at_hand(public=workspace.public, base_url=config.base_url)
    missing = missing_keys(config, keys)
    if missing:
        titles = " and ".join(TITLES[provider] for provider in missing)
        st.warning(f"To go on, enter a key for {titles} above.", icon=":material/key:")
        return
    try:
        raised = {"budget": budget} if budget else {}
        resume_run(workspace, job.run_id, keys=keys_for(config, keys), **raised)
    except KuraError as error:
        st.warning(escape(str(error)), icon=":material/hourglass_top:")
    else:
        st.rerun()
