"""What prompts for names are shown and tried on: clusters of an earlier run, or stand-ins."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kura_core.engines.transcript import shortened
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.grouping import OTHER_NAME
from kura_core.run.items import cluster_of
from kura_core.run.jobs import Job, list_runs
from kura_core.run.pipeline import CHECKPOINTS
from kura_core.run.workspace import Workspace
from kura_core.types import (
    Cluster,
    ClusterEvidence,
    ClusterName,
    Conversation,
    ConversationSummary,
)

NAMED = {"cluster_name": "cluster", "theme_name": "theme"}
_MOST = 20
_GIST_BYTES = 300
_STAND_IN_MEMBERS, _STAND_IN_NEARBY, _STAND_IN_GROUPS = 8, 4, 4


@dataclass(slots=True, frozen=True)
class NamedGroup:
    """A cluster or theme as a prompt for its name sees it, and the name that it got."""

    name: str
    evidence: ClusterEvidence


def newest_finished_run(workspace: Workspace, source: Path) -> Job | None:
    """The newest finished run of a file, if there is one."""
    found = (job for job in list_runs(workspace) if job.input_path == str(source))
    return next((job for job in found if job.status == "done"), None)


def groups_of_run(folder: Path, prompt: str, seed: int) -> list[NamedGroup]:
    """Draw some clusters, or themes, of a finished run with what their names were made from.

    `prompt` is one of `NAMED`. Empty where the run has none, or keeps none any more.
    """
    store = JSONLCheckpointManager(folder / CHECKPOINTS)
    made_from = store.made_from("meta_clusters")
    if made_from is None:
        return []
    tree = [cluster_of(item) for item in store.load("meta_clusters", made_from).values()]
    parents = {cluster.parent_id for cluster in tree}
    leaves = [cluster for cluster in tree if cluster.cluster_id not in parents]
    # What the names were told not to be like, as `name_leaves` and `meta_cluster` have it.
    taken: Sequence[str] = (OTHER_NAME.name,)
    wanted: list[Cluster] = leaves
    if prompt == "theme_name":
        taken = sorted(leaf.name for leaf in leaves if leaf.parent_id is None)
        wanted = [cluster for cluster in tree if cluster.cluster_id in parents]
    found = [
        NamedGroup(cluster.name, replace(cluster.evidence, taken=tuple(taken)))
        for cluster in sorted(wanted, key=lambda cluster: cluster.cluster_id)
        if cluster.evidence is not None and not cluster.is_other
    ]
    return random.Random(seed).sample(found, min(_MOST, len(found)))


def stand_in_evidence(prompt: str, conversations: Sequence[Conversation]) -> ClusterEvidence:
    """Evidence made of the first conversations' own words, where no run has made clusters yet."""
    gists = [_gist(conversation) for conversation in conversations]
    members = gists[:_STAND_IN_MEMBERS]
    groups = gists[:_STAND_IN_GROUPS] if prompt == "theme_name" else []
    return ClusterEvidence(
        members=members,
        contrast=gists[_STAND_IN_MEMBERS : _STAND_IN_MEMBERS + _STAND_IN_NEARBY],
        children=[ClusterName(" ".join(gist.summary.split()[:6]), gist.summary) for gist in groups],
        size=len(members),
    )


def _gist(conversation: Conversation) -> ConversationSummary:
    return ConversationSummary(
        conversation.conversation_id, shortened(first_words(conversation), _GIST_BYTES)
    )


def first_words(conversation: Conversation) -> str:
    """What the user said first, on one line."""
    said = (message.content for message in conversation.messages if message.role == "user")
    return next((" ".join(text.split()) for text in said if text.strip()), "")
