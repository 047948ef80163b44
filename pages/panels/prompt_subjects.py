"""What a prompt is shown on and tried on: the user's conversations, or clusters of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kura_core.config import RunConfig
from kura_core.run.prompts.evidence import (
    NAMED,
    NamedGroup,
    first_words,
    groups_of_run,
    newest_finished_run,
    stand_in_evidence,
)
from kura_core.run.prompts.sample import PromptSample, draw_conversations
from kura_core.run.uploads import Upload
from kura_core.run.workspace import Workspace, open_run
from kura_core.types import ClusterEvidence, Conversation
from pages.panels.text import shortened

_MOST = 50


@dataclass(slots=True, frozen=True)
class Subject:
    """A conversation or cluster, by a few words; `said` is what must be known of where it is from.

    `real` is False for a cluster that is only made up of the first conversations.
    """

    title: str
    about: Conversation | ClusterEvidence
    said: str = ""
    real: bool = True


def subjects_of(
    workspace: Workspace, upload: Upload, config: RunConfig, sample: PromptSample, prompt: str
) -> Sequence[Subject]:
    """What a prompt can be shown on, in an order drawn with the seed; the first five are tried."""
    if prompt not in NAMED:
        drawn = draw_conversations(sample.conversations, config.seed, _MOST)
        return [Subject(shortened(first_words(one), 80) or "No words", one) for one in drawn]
    run = newest_finished_run(workspace, upload.path)
    groups = _groups(str(workspace.runs), run.run_id, prompt, config.seed, workspace) if run else []
    if run is not None and groups:
        said = f"A {NAMED[prompt]} of the run “{run.name}”."
        return [Subject(group.name, group.evidence, said) for group in groups]
    said = (
        f"No finished run of this file has a {NAMED[prompt]} yet: its first conversations stand in "
        "for one."
    )
    first = sample.conversations
    return [Subject("", stand_in_evidence(prompt, first), said, real=False)] if first else []


@st.cache_resource(max_entries=8, ttl="1h", show_spinner=False)
def _groups(
    runs: str, run_id: str, prompt: str, seed: int, _workspace: Workspace
) -> list[NamedGroup]:
    return groups_of_run(open_run(_workspace, run_id), prompt, seed)
