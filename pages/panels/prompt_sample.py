"""Conversations of the chosen file, read once, for what the Pipeline page works out from them."""

from __future__ import annotations

import json

import streamlit as st

from kura_core.config import RunConfig
from kura_core.errors import InputError
from kura_core.run.jobs import list_runs
from kura_core.run.prompts.sample import PromptSample, sample_of
from kura_core.run.uploads import Upload, sample_upload
from kura_core.run.workspace import Workspace

_TRIALS = "prompt_trials_made"


def read_sample(workspace: Workspace, upload: Upload, config: RunConfig) -> PromptSample:
    """The file's conversations (of many a sample), redacted as a run would.

    Raises InputError when the file cannot be read.
    """
    deciding = RunConfig(
        redact=config.redact, limit=config.limit, columns=config.columns, seed=config.seed
    )
    settings = json.dumps(deciding.as_json(), sort_keys=True)
    return _sample(stamp_of(upload), settings, workspace, upload, deciding)


def stamp_of(upload: Upload) -> str:
    """What changes with a file's content."""
    return f"{upload.path}-{upload.size}-{upload.uploaded.timestamp():.6f}"


def answers_stamp(workspace: Workspace) -> str:
    """What changes when answers may have been kept: a run's state, or a trial on this page."""
    runs = [(job.run_id, job.status) for job in list_runs(workspace)]
    return json.dumps([runs, st.session_state.get(_TRIALS, 0)])


def count_trial() -> None:
    """Let everything that depends on kept answers be worked out anew."""
    st.session_state[_TRIALS] = st.session_state.get(_TRIALS, 0) + 1


@st.cache_resource(max_entries=4, ttl="1h", show_spinner="Reading your conversations…")
def _sample(
    stamp: str, settings: str, _workspace: Workspace, _upload: Upload, _config: RunConfig
) -> PromptSample:
    answer = sample_upload(_workspace, _upload, _config)
    if "error" in answer:
        raise InputError(answer["error"])
    return sample_of(answer)
