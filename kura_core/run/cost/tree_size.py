"""How many clusters and themes a run may find, before anything is grouped."""

from __future__ import annotations

import math

from kura_core.config import RunConfig
from kura_core.engines.tokens import Range
from kura_core.steps.cluster import MOST_CLUSTERS
from kura_core.steps.meta_cluster import MOST_CHILDREN

_SURELY_DISTINCT = 4


def cluster_counts(conversations: int, config: RunConfig) -> Range:
    """Return how many base clusters there may be: as many as set, else what may be found."""
    if not conversations:
        return Range()
    wanted = config.clusters
    if config.per_cluster is not None:
        wanted = max(1, round(conversations / config.per_cluster))
    if wanted is not None:
        wanted = min(wanted, conversations)
        # Fewer are found only where texts are the same: so many summaries hardly all are, answers
        # of a word or two may well be.
        surely = conversations >= _SURELY_DISTINCT * wanted and config.cluster_by == "summary"
        return Range(wanted if surely else 1, wanted)
    most = conversations // 8 if conversations >= 64 else conversations // 3
    most = max(1, min(MOST_CLUSTERS, most))
    return Range(1, most)  # a few broad groups, where they are clearly better


def theme_count(clusters: int, max_top: int) -> int:
    """Return how many parents so many base clusters get at most (see `steps.meta_cluster`)."""
    if clusters <= max_top:
        return 0
    between = max(0, math.ceil(math.log(clusters / max_top, MOST_CHILDREN)) - 1)
    growth = (clusters / max_top) ** (1 / (between + 1))
    return sum(round(max_top * growth**step) for step in range(between + 1))
