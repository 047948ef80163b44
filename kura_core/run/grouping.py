"""The second half of a run: clusters, map, names and themes, each unless it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from kura_core.engines.offline import OfflineEngine
from kura_core.run.context import RunContext
from kura_core.run.embedding import Embedded, embed, model_for_names, sample_of
from kura_core.run.fingerprint import (
    code_version,
    digest,
    package_versions,
)
from kura_core.run.items import cluster_item, cluster_of, summary_item
from kura_core.run.partial import MapSoFar
from kura_core.run.waiting.warm_map import end_warm_up
from kura_core.steps.closeness import with_closeness
from kura_core.steps.cluster import (
    OTHER,
    ROUNDS,
    Clustering,
    cluster_vectors,
    keep_together,
)
from kura_core.steps.dendrogram import Labels
from kura_core.steps.evidence import Rows, gather_evidence
from kura_core.steps.meta_cluster import cluster_id_of, meta_cluster
from kura_core.steps.name import name_clusters
from kura_core.steps.neighbours import Vectors, nearest_neighbours
from kura_core.steps.project import (
    HDBUMAP,
    Points,
    medoids,
    place_beside,
    project_conversations,
)
from kura_core.steps.sample import FitSample
from kura_core.types import Cluster, ClusterEvidence, ClusterName, ConversationSummary

# Names are shown as they settle, some at a time: each showing writes all clusters again.
NAMES_AT_LEAST, SHOWN_AT_MOST = 8, 40
OnLeaves = Callable[[Sequence[Cluster]], None]
OTHER_NAME = ClusterName(
    "Other", "Conversations too unlike the rest, or too few of a kind, to form a group."
)


@dataclass(slots=True)
class Grouping:
    """All clusters, parents before children; the leaf and the place of each conversation by id."""

    clusters: list[Cluster]
    leaf_of: Mapping[str, str]
    points: Mapping[str, tuple[float, float]]


async def group(context: RunContext, summaries: Sequence[ConversationSummary]) -> Grouping:
    """Embed summaries, find and name clusters and draw the map, each unless it is there."""
    if not summaries:
        return Grouping([], {}, {})
    embedded = await embed(context, summaries)
    clustering = find_clusters(context, embedded)
    context.check()
    shown = MapSoFar(context, embedded.ids, _rows(clustering))
    if context.engine.name == OfflineEngine.name:
        points = draw_map(context, embedded)
        shown.drawn(points)
        context.check()
        leaves, clusters = await _name_all(context, embedded, clustering, shown.named)
    else:  # names are waited for, and need no map
        drawing = asyncio.create_task(_draw_aside(context, embedded, shown.drawn))
        try:
            leaves, clusters = await _name_all(context, embedded, clustering, shown.named)
        finally:  # a thread cannot be ended, and what it has drawn is kept
            await asyncio.gather(drawing, return_exceptions=True)
        points = drawing.result()
    tree = place(clusters, embedded.ids, points)
    leaf_of = {i: leaf.cluster_id for leaf in leaves for i in leaf.conversation_ids}
    places = {i: (float(x), float(y)) for i, (x, y) in zip(embedded.ids, points, strict=True)}
    return Grouping(tree, leaf_of, places)


async def _name_all(
    context: RunContext, embedded: Embedded, clustering: Clustering, on_leaves: OnLeaves
) -> tuple[list[Cluster], list[Cluster]]:
    leaves = await name_leaves(context, embedded, clustering, on_leaves)
    return leaves, await themes(context, leaves)


async def _draw_aside(
    context: RunContext, embedded: Embedded, on_points: Callable[[Points], None]
) -> Points:
    """Draw the map in a thread, whose events are told where all others are."""
    loop = asyncio.get_running_loop()

    def emit(event: str, **values: Any) -> None:
        loop.call_soon_threadsafe(partial(context.emit, event, **values))

    points = await asyncio.to_thread(draw_map, replace(context, emit=emit), embedded)
    on_points(points)
    return points


def find_clusters(context: RunContext, embedded: Embedded) -> Clustering:
    """Find the base clusters, unless they are kept."""
    config = context.config
    made_from = digest(
        embedded.origin, config.clustering, config.clusters, config.per_cluster, config.seed
    )
    kept = context.store.load_arrays("clusters", made_from)
    count = len(embedded.grouped)
    with context.step("cluster", count, cached=count if kept else 0) as step:

        def tell(share: float) -> None:
            step.progress(round(share * count))
            context.check()

        if kept:
            return Clustering(kept["labels"], kept["centroids"])
        clustering = cluster_vectors(
            embedded.grouped,
            sample=sample_of(context, embedded, lambda share: tell(share / 2)),
            method=config.clustering,
            clusters=config.clusters,
            per_cluster=config.per_cluster,
            seed=config.seed,
            rounds=_rounds(embedded.kinds),
            on_progress=lambda share: tell((1 + share) / 2),
        )
        if embedded.kinds is not None:
            clustering = keep_together(clustering, embedded.grouped, embedded.kinds)
        if embedded.answered is not None:
            labels = np.full(len(embedded.vectors), OTHER, dtype=clustering.labels.dtype)
            labels[embedded.answered] = clustering.labels
            clustering = replace(clustering, labels=labels)
        context.store.save_arrays(
            "clusters", made_from, labels=clustering.labels, centroids=clustering.centroids
        )
        return clustering


def _rounds(kinds: Labels | None) -> int:
    """How often to smooth vectors: never where most texts come again and again.

    Those few would each be pulled apart by which of the others happen to be their neighbours.
    """
    repeated = kinds is not None and 2 * len(np.unique(kinds)) <= len(kinds)
    return 0 if repeated else ROUNDS


def draw_map(context: RunContext, embedded: Embedded) -> Points:
    """Place every conversation on the map, unless a store has the places."""
    made_from = digest(embedded.origin, "map", context.config.seed)
    kept = None
    for store in (context.store, *context.earlier):
        kept = kept or store.load_arrays("dimensionality", made_from)
    count = len(embedded.vectors)
    with context.step("project", count, cached=count if kept else 0) as step:

        def tell(share: float) -> None:
            step.progress(round(share * count))
            context.check()

        if kept:
            points = kept["points"]
        else:
            model = HDBUMAP(seed=context.config.seed)
            sample = sample_of(context, embedded, lambda share: context.check())
            end_warm_up(context, len(embedded.grouped))
            points = project_conversations(
                embedded.grouped, sample=sample, model=model, on_progress=tell
            )
            if embedded.answered is not None:
                points = _with_unanswered(embedded, embedded.answered, sample, points, model.seed)
        context.store.save_arrays("dimensionality", made_from, points=points)
    return points


def _with_unanswered(
    embedded: Embedded, answered: Rows, sample: FitSample, points: Points, seed: int
) -> Points:
    """Add those without an answer to the map, beside the answers that are nearest their gist."""
    missing = np.setdiff1d(np.arange(len(embedded.vectors)), answered, assume_unique=True)
    fitted = answered[sample.rows]
    near = nearest_neighbours(embedded.vectors[missing], within=embedded.vectors[fitted])
    everyone = np.empty((len(embedded.vectors), 2))
    everyone[answered] = points
    everyone[missing] = place_beside(points[sample.rows], near, seed=seed)
    return everyone


async def name_leaves(
    context: RunContext,
    embedded: Embedded,
    clustering: Clustering,
    on_leaves: OnLeaves = lambda leaves: None,
) -> list[Cluster]:
    """Name the base clusters, unless that is done; the leaf that holds noise comes last.

    `on_leaves` is given them before and while they are named.
    """
    made_from = digest(
        embedded.origin,
        [digest(summary_item(summary)) for summary in embedded.summaries],
        clustering.labels.tolist(),
        context.engine.name_identity(),
        context.config.seed,
    )
    kept = [cluster_of(item) for item in context.store.load("clusters", made_from).values()]
    rows, ids = _rows(clustering), embedded.ids
    with context.step("name", len(rows), cached=len(kept) if len(kept) == len(rows) else 0) as step:
        if len(kept) == len(rows):
            return kept
        clear = len(clustering.centroids)
        evidence = gather_evidence(
            rows[:clear],
            clustering.centroids,
            embedded.vectors,
            embedded.summaries,
            seed=context.config.seed,
        )
        leaves = [
            _leaf(own, ids, clustering.centroids[i], evidence[i])
            for i, own in enumerate(rows[:clear])
        ]
        if context.engine.name == OfflineEngine.name:
            model = model_for_names(context, embedded)
            if model is not None:
                evidence = with_closeness(
                    evidence, clustering.centroids, model.encode, context.check
                )
        for own in rows[clear:]:
            centroid = embedded.vectors[own].mean(axis=0)
            leaves.append(_named(_leaf(own, ids, centroid, None), _other_name(context, embedded)))
            leaves[-1] = replace(leaves[-1], is_other=True)
        on_leaves(leaves)
        show_every = max(NAMES_AT_LEAST, clear // SHOWN_AT_MOST)
        named = 0

        def tell(position: int, name: ClusterName) -> None:
            nonlocal named
            named += 1
            leaves[position] = _named(leaves[position], name)
            step.progress(named)
            context.check()
            if named % show_every == 0 or named == clear:
                on_leaves(leaves)

        failed: list[str] = []
        await name_clusters(
            evidence,
            context.engine,
            taken=[OTHER_NAME.name],
            on_name=tell,
            on_failed=lambda position, error: failed.append(str(error)),
        )
        _tell_unnamed(context, failed, f"{len(failed)} of {clear} clusters")
        if not failed:  # what has no real name is asked for again when the run goes on
            items = [(leaf.cluster_id, cluster_item(leaf)) for leaf in leaves]
            context.store.save("clusters", made_from, items)
        return leaves


async def themes(context: RunContext, leaves: Sequence[Cluster]) -> list[Cluster]:
    """Build and name the levels above the leaves, unless that is done."""
    made_from = digest(
        [cluster_item(leaf) for leaf in leaves],
        context.engine.name_identity(),
        context.config.max_top,
        context.config.seed,
        code_version(),
        package_versions(),
    )
    kept = [cluster_of(item) for item in context.store.load("meta_clusters", made_from).values()]
    whole = _is_whole(kept, leaves)
    parents = len(kept) - len(leaves) if whole else 0
    with context.step("meta_cluster", parents, cached=parents) as step:
        if whole:
            return kept

        def tell(done: int, total: int) -> None:
            context.check()
            step.total = total
            step.progress(done)

        failed: list[str] = []
        tree = await meta_cluster(
            leaves,
            context.engine,
            max_top=context.config.max_top,
            seed=context.config.seed,
            on_named=tell,
            on_failed=lambda position, error: failed.append(str(error)),
        )
        _tell_unnamed(context, failed, f"{len(failed)} of {len(tree) - len(leaves)} themes")
        if not failed:
            items = [(cluster.cluster_id, cluster_item(cluster)) for cluster in tree]
            context.store.save("meta_clusters", made_from, items)
        return tree


def _tell_unnamed(context: RunContext, failed: Sequence[str], which: str) -> None:
    if failed:
        context.notice(
            f"{which} could not be named, so they go by their most telling words. The first reason "
            f"was: {failed[0]}"
        )


def _is_whole(tree: Sequence[Cluster], leaves: Sequence[Cluster]) -> bool:
    """Tell whether every leaf and every parent that is spoken of is in the tree."""
    ids = {cluster.cluster_id for cluster in tree}
    needed = {leaf.cluster_id for leaf in leaves}
    needed |= {cluster.parent_id for cluster in tree if cluster.parent_id is not None}
    return bool(tree) and needed <= ids


def place(clusters: Sequence[Cluster], ids: Sequence[str], points: Points) -> list[Cluster]:
    """Put every cluster at the medoid of its members on the map."""
    row_of = {conversation_id: row for row, conversation_id in enumerate(ids)}
    rows = [np.array([row_of[i] for i in cluster.conversation_ids]) for cluster in clusters]
    return [
        replace(cluster, x=float(x), y=float(y))
        for cluster, (x, y) in zip(clusters, medoids(points, rows), strict=True)
    ]


def _rows(clustering: Clustering) -> list[Rows]:
    """Return the rows of each cluster, and last those of noise when there is any."""
    labels = np.where(clustering.labels == OTHER, len(clustering.centroids), clustering.labels)
    sizes = np.bincount(labels, minlength=len(clustering.centroids))
    return np.split(np.argsort(labels, kind="stable"), np.cumsum(sizes)[:-1])


def _other_name(context: RunContext, embedded: Embedded) -> ClusterName:
    if embedded.answered is None:
        return OTHER_NAME
    by = context.config.cluster_by
    text = f"Conversations without an answer to “{by}”, by which all others are grouped."
    if context.config.clustering == "hdbscan":
        text += f" {OTHER_NAME.description}"
    return replace(OTHER_NAME, description=text)


def _leaf(
    rows: Rows, ids: Sequence[str], centroid: Vectors, evidence: ClusterEvidence | None
) -> Cluster:
    members = sorted(ids[row] for row in rows)
    return Cluster(
        cluster_id=cluster_id_of(members),
        name="",
        description="",
        conversation_ids=members,
        centroid=[float(value) for value in centroid],
        evidence=evidence,
    )


def _named(cluster: Cluster, name: ClusterName) -> Cluster:
    return replace(cluster, name=name.name, description=name.description)
