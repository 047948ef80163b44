"""Vectors with planted groups, and summaries and leaves to go with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kura_core.steps.meta_cluster import cluster_id_of
from kura_core.steps.neighbours import Vectors
from kura_core.types import Cluster, ClusterEvidence, ConversationSummary


def unit_rows(rows: np.ndarray) -> Vectors:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def blobs(
    sizes: Sequence[int], *, dimensions: int = 16, spread: float = 0.05, seed: int = 0
) -> tuple[Vectors, np.ndarray]:
    """Groups around orthogonal centres, in mixed order; unit vectors and the group of each."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    noise = rng.normal(scale=spread, size=(len(truth), dimensions))
    return unit_rows(np.eye(dimensions)[truth] + noise), truth


def random_rows(count: int, *, dimensions: int = 8, seed: int = 0) -> Vectors:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, dimensions)))


def summary(name: str, text: str = "The user wants something") -> ConversationSummary:
    return ConversationSummary(conversation_id=name, summary=text)


def leaf(
    number: int,
    centroid: Sequence[float],
    *,
    size: int = 2,
    name: str = "",
    text: str = "The user wants something",
    is_other: bool = False,
) -> Cluster:
    ids = [f"leaf{number:03d}-{i}" for i in range(size)]
    members = [summary(i, text) for i in ids]
    return Cluster(
        cluster_id=cluster_id_of(ids),
        name=name or f"Leaf {number}",
        description="What they share.",
        conversation_ids=ids,
        is_other=is_other,
        centroid=[float(value) for value in centroid],
        evidence=None if is_other else ClusterEvidence(members=members, size=size),
    )
