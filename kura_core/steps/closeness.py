"""How close the names that the rules propose come to their clusters, by the embedding model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from kura_core.engines.rules.shortlist import propose_names
from kura_core.steps.neighbours import Vectors
from kura_core.types import ClusterEvidence

MOST_CLUSTERS = 300
_SIBLING = 0.75

Encode = Callable[[Sequence[str]], Vectors]


def with_closeness(
    evidence: Sequence[ClusterEvidence],
    centroids: Vectors,
    encode: Encode,
    on_cluster: Callable[[], None] = lambda: None,
) -> list[ClusterEvidence]:
    """Add to clusters' evidence how close each name that the rules propose comes to them.

    `centroids` (clusters, d) are unit vectors by the model that `encode` uses. A name's closeness
    is its cosine to its own cluster's centroid less three quarters of that to the nearest other,
    rounded to four digits. Only the 300 largest clusters are compared, at most twelve names each;
    the others' evidence comes back as it was. `on_cluster` is called before each and may raise.
    """
    order = sorted(range(len(evidence)), key=lambda place: (-evidence[place].size, place))
    proposed: dict[int, list[str]] = {}
    for place in order[:MOST_CLUSTERS]:
        on_cluster()
        proposed[place] = propose_names(evidence[place])
    names = sorted({name for own in proposed.values() for name in own})
    row_of = {name: row for row, name in enumerate(names)}
    rated = list(evidence)
    if not names:
        return rated
    on_cluster()
    likeness = np.round(encode(names) @ centroids.T, 4).astype(np.float64)
    for place, own in proposed.items():
        rows = likeness[[row_of[name] for name in own]]
        others = np.delete(rows, place, axis=1).max(axis=1, initial=-1.0)
        values = rows[:, place] - _SIBLING * others
        closeness = {name: round(float(v), 4) for name, v in zip(own, values, strict=True)}
        rated[place] = replace(evidence[place], closeness=closeness)
    return rated
