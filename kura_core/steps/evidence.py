"""What each cluster's name is made from: typical members, near outsiders, telling terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kura_core.engines.rules.gist import without_details
from kura_core.steps.keywords import class_keywords
from kura_core.steps.neighbours import Vectors
from kura_core.types import ClusterEvidence, ClusterName, ConversationSummary

MEMBERS = 60
CONTRAST = 10
KEYWORDS = 20
_TEXTS_FOR_KEYWORDS = 200

Rows = np.ndarray[Any, np.dtype[np.intp]]


def gather_evidence(
    members: Sequence[Rows],
    centroids: Vectors,
    vectors: Vectors,
    summaries: Sequence[ConversationSummary],
    *,
    seed: int = 0,
) -> list[ClusterEvidence]:
    """Gather evidence for clusters that are siblings of each other.

    `members[i]` are the rows (of `vectors`, (n, d), and `summaries`) in cluster i, whose unit
    centroid is `centroids[i]`. Members come nearest the centroid first, a bounded number; contrast
    is the nearest conversations outside the cluster, taken from its nearest sibling clusters.
    """
    rng = np.random.default_rng(seed)
    ranked = [_nearest_first(rows, vectors, centroids[i]) for i, rows in enumerate(members)]
    texts = []
    for rows in ranked:
        drawn = rows
        if len(rows) > _TEXTS_FOR_KEYWORDS:
            drawn = rng.choice(rows, _TEXTS_FOR_KEYWORDS, replace=False)
        texts.append([without_details(summaries[row].summary) for row in drawn])
    keywords = class_keywords(texts, KEYWORDS, seed)
    likeness = centroids @ centroids.T
    evidence = []
    for i, rows in enumerate(ranked):
        siblings = [j for j in np.argsort(-likeness[i], kind="stable") if j != i][:3]
        outside = np.concatenate([ranked[j] for j in siblings]) if siblings else rows[:0]
        near = _nearest_first(np.sort(outside), vectors, centroids[i])[:CONTRAST]
        evidence.append(
            ClusterEvidence(
                members=[summaries[row] for row in rows[:MEMBERS]],
                contrast=[summaries[row] for row in near],
                keywords=keywords[i],
                size=len(rows),
            )
        )
    return evidence


def merge_evidence(
    groups: Sequence[Sequence[ClusterEvidence]],
    children: Sequence[Sequence[ClusterName]],
    centroids: Vectors,
    *,
    seed: int = 0,
) -> list[ClusterEvidence]:
    """Gather evidence for parents that are siblings, from what their children's names came from.

    `groups[i]` is the evidence and `children[i]` the names of parent i's children, `centroids[i]`
    its unit centroid. Each child gives members by its share of the parent, the typical ones first;
    contrast comes from the nearest sibling.
    """
    members = [_mixed(group) for group in groups]
    texts = [[without_details(member.summary) for member in own] for own in members]
    keywords = class_keywords(texts, KEYWORDS, seed)
    likeness = centroids @ centroids.T
    np.fill_diagonal(likeness, -2.0)
    return [
        ClusterEvidence(
            members=own,
            contrast=members[int(np.argmax(likeness[i]))][:CONTRAST] if len(members) > 1 else (),
            keywords=keywords[i],
            children=children[i],
            size=sum(item.size for item in groups[i]),
        )
        for i, own in enumerate(members)
    ]


def _mixed(group: Sequence[ClusterEvidence]) -> list[ConversationSummary]:
    total = sum(item.size for item in group)
    parts = [item.members[: max(1, round(MEMBERS * item.size / total))] for item in group]
    # The share of a part that is before a member decides its place: typical ones of all first.
    places = [
        (position / len(part), child, member)
        for child, part in enumerate(parts)
        for position, member in enumerate(part)
    ]
    places.sort(key=lambda place: place[:2])
    return [member for _, _, member in places[:MEMBERS]]


def _nearest_first(rows: Rows, vectors: Vectors, centroid: Vectors) -> Rows:
    # Rounded, so that the last bits of a product never decide who counts as typical.
    nearness = np.round(vectors[rows] @ centroid, 5)
    return rows[np.argsort(-nearness, kind="stable")]
