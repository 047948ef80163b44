"""Step 6: the levels above the base clusters, until few enough themes remain at the top."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kura_core.engines.protocol import Engine
from kura_core.steps.dendrogram import Labels, cut, weighted_ward
from kura_core.steps.evidence import merge_evidence
from kura_core.steps.name import Failed, name_clusters
from kura_core.steps.neighbours import Vectors, unit
from kura_core.types import Cluster, ClusterName

# A level in between is added where one theme would otherwise open into more rows than this.
MOST_CHILDREN = 12


@dataclass(slots=True, frozen=True)
class Branch:
    """A parent in the tree: the positions of the leaves below it, and its children's branches."""

    leaves: tuple[int, ...]
    children: tuple[Branch, ...] = ()


def build_tree(
    centroids: Vectors, sizes: Sequence[int] | None = None, *, max_top: int = 10
) -> tuple[Branch, ...]:
    """Group leaves with unit centroids of shape (leaves, d) until at most `max_top` roots remain.

    One Ward dendrogram (Ward 1963) is cut at `max_top` branches, and in between where a theme would
    open into too many rows, so levels nest and the work always ends. A leaf weighs the square root
    of its size: by size alone the largest themes are split while small unlike ones are thrown
    together, and without sizes a handful of conversations makes a theme of its own. Every branch
    with children has at least two; roots and children come in order of their first leaf.
    """
    count = len(centroids)
    if count <= max_top:
        return tuple(Branch((leaf,)) for leaf in range(count))
    merges = weighted_ward(centroids, np.sqrt(sizes or [1] * count).tolist())
    between = max(0, math.ceil(math.log(count / max_top, MOST_CHILDREN)) - 1)
    growth = (count / max_top) ** (1 / (between + 1))
    widths = [round(max_top * growth**step) for step in range(between + 1)]
    cuts = [cut(merges, width) for width in widths]
    return _branches(tuple(range(count)), cuts)


def _branches(leaves: tuple[int, ...], cuts: list[Labels]) -> tuple[Branch, ...]:
    if not cuts:
        return tuple(Branch((leaf,)) for leaf in leaves)
    groups: dict[int, list[int]] = {}
    for leaf in leaves:
        groups.setdefault(int(cuts[0][leaf]), []).append(leaf)
    branches = []
    for members in groups.values():
        children = _branches(tuple(members), cuts[1:])
        # A group of one is its child: a parent has at least two children.
        branches.append(children[0] if len(children) == 1 else Branch(tuple(members), children))
    return tuple(branches)


def cluster_id_of(conversation_ids: Iterable[str]) -> str:
    """Return ten hex digits of a hash of the sorted member ids."""
    joined = "\n".join(sorted(conversation_ids))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:10]


async def meta_cluster(
    leaves: Sequence[Cluster],
    engine: Engine,
    *,
    max_top: int = 10,
    seed: int = 0,
    on_named: Callable[[int, int], None] = lambda done, total: None,
    on_failed: Failed | None = None,
) -> list[Cluster]:
    """Build and name the levels above `leaves`; return all clusters, parents before children.

    Needs nothing but what leaves hold: centroid, evidence and members. A leaf that gathers noise
    stays at the top and counts towards `max_top`, unless that is 1. `on_named` is told how many of
    how many parents have a name, `on_failed` of parents that the engine could not name (see
    `name_clusters`).
    """
    others = [replace(leaf, parent_id=None, level=0) for leaf in leaves if leaf.is_other]
    grouped = [leaf for leaf in leaves if not leaf.is_other]
    if not grouped:
        return others
    centroids = np.array([leaf.centroid for leaf in grouped], dtype=np.float32)
    sizes = [len(leaf.conversation_ids) for leaf in grouped]
    top = build_tree(centroids, sizes, max_top=max(1, max_top - len(others)))
    made: dict[Branch, Cluster] = {}
    # A parent may sound like what is below it, but never like what stands beside it.
    beside = {cluster.name for cluster in others} | {
        made_by.name for branches in _families(top) for made_by in _leaves_among(branches, grouped)
    }
    taken = sorted(beside)
    reserved = [leaf.name for leaf in grouped if leaf.name not in beside]
    heights: dict[int, list[Branch]] = {}
    for branch in _walk(top):
        heights.setdefault(_height(branch), []).append(branch)
    parents = sum(len(branches) for height, branches in heights.items() if height)
    for branch in heights[0]:
        made[branch] = grouped[branch.leaves[0]]
    # From below, so that a parent's evidence holds its children's names.
    for height in sorted(heights.keys() - {0}):
        for branch, cluster in await _parents(
            heights[height], made, engine, taken, reserved, seed, on_failed
        ):
            made[branch] = cluster
            taken.append(cluster.name)
        on_named(len(made) - len(grouped), parents)
    return [*_in_reading_order(top, made), *others]


async def _parents(
    branches: Sequence[Branch],
    made: dict[Branch, Cluster],
    engine: Engine,
    taken: Sequence[str],
    reserved: Sequence[str],
    seed: int,
    on_failed: Failed | None,
) -> list[tuple[Branch, Cluster]]:
    below = [[made[child] for child in branch.children] for branch in branches]
    centroids = unit(
        np.stack(
            [
                np.average(
                    np.array([child.centroid for child in children], dtype=np.float64),
                    axis=0,
                    weights=[len(child.conversation_ids) for child in children],
                )
                for children in below
            ]
        ).astype(np.float32)
    )
    evidence = merge_evidence(
        [[child.evidence for child in children if child.evidence] for children in below],
        [[ClusterName(child.name, child.description) for child in children] for children in below],
        centroids,
        seed=seed,
    )
    names = await name_clusters(
        evidence, engine, taken=taken, reserved=reserved, on_failed=on_failed
    )
    clusters = []
    for children, name, item, centroid in zip(below, names, evidence, centroids, strict=True):
        ids = sorted(i for child in children for i in child.conversation_ids)
        clusters.append(
            Cluster(
                cluster_id=cluster_id_of(ids),
                name=name.name,
                description=name.description,
                conversation_ids=ids,
                centroid=[float(value) for value in centroid],
                evidence=item,
            )
        )
    return list(zip(branches, clusters, strict=True))


def _in_reading_order(top: Sequence[Branch], made: dict[Branch, Cluster]) -> Iterable[Cluster]:
    waiting: list[tuple[Branch, str | None, int]] = [(b, None, 0) for b in reversed(top)]
    while waiting:
        branch, parent_id, level = waiting.pop()
        cluster = replace(made[branch], parent_id=parent_id, level=level)
        yield cluster
        waiting.extend(
            (child, cluster.cluster_id, level + 1) for child in reversed(branch.children)
        )


def _families(top: Sequence[Branch]) -> Iterable[Sequence[Branch]]:
    """The branches of each parent, and those at the top."""
    yield top
    for branch in _walk(top):
        if branch.children:
            yield branch.children


def _leaves_among(branches: Sequence[Branch], leaves: Sequence[Cluster]) -> list[Cluster]:
    """The leaves that stand beside a parent."""
    mixed = any(branch.children for branch in branches)
    return [leaves[b.leaves[0]] for b in branches if mixed and not b.children]


def _walk(branches: Iterable[Branch]) -> Iterable[Branch]:
    for branch in branches:
        yield branch
        yield from _walk(branch.children)


def _height(branch: Branch) -> int:
    return 1 + max((_height(child) for child in branch.children), default=-1)
