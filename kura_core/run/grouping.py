"""The second half of a run: clusters, map, names and themes, each unless it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
from kura_core.run.partial import show_clusters, show_map
from kura_core.steps.closeness import with_closeness
from kura_core.steps.cluster import OTHER, Clustering, cluster_vectors
from kura_core.steps.evidence import Rows, gather_evidence
from kura_core.steps.meta_cluster import cluster_id_of, meta_cluster
from kura_core.steps.name import name_clusters
from kura_core.steps.neighbours import Vectors
from kura_core.steps.project import (
    HDBUMAP,
    Points,
    medoids,
    project_conversations,
)
from kura_core.types import Cluster, ClusterEvidence, ClusterName, ConversationSummary

# Names are shown as they settle, some at a time: each showing writes all clusters again.
NAMES_AT_LEAST, SHOWN_AT_MOST = 8, 40
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
    points = draw_map(context, embedded)
    rows = _rows(clustering)
    show_map(context, embedded.ids, points, rows)
    context.check()
    leaves = await name_leaves(context, embedded, clustering, points)
    tree = place(await themes(context, leaves), embedded.ids, points)
    leaf_of = {i: leaf.cluster_id for leaf in leaves for i in leaf.conversation_ids}
    places = {i: (float(x), float(y)) for i, (x, y) in zip(embedded.ids, points, strict=True)}
    return Grouping(tree, leaf_of, places)


def find_clusters(context: RunContext, embedded: Embedded) -> Clustering:
    """Find the base clusters, unless they are kept."""
    config = context.config
    made_from = digest(
        embedded.origin, config.clustering, config.clusters, config.per_cluster, config.seed
    )
    kept = context.store.load_arrays("clusters", made_from)
    count = len(embedded.vectors)
    with context.step("cluster", count, cached=count if kept else 0) as step:

        def tell(share: float) -> None:
            step.progress(round(share * count))
            context.check()

        if kept:
            return Clustering(kept["labels"], kept["centroids"])
        clustering = cluster_vectors(
            embedded.vectors,
            sample=sample_of(context, embedded, lambda share: tell(share / 2)),
            method=config.clustering,
            clusters=config.clusters,
            per_cluster=config.per_cluster,
            seed=config.seed,
            on_progress=lambda share: tell((1 + share) / 2),
        )
        context.store.save_arrays(
            "clusters", made_from, labels=clustering.labels, centroids=clustering.centroids
        )
        return clustering


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
            points = project_conversations(
                embedded.vectors, sample=sample, model=model, on_progress=tell
            )
        context.store.save_arrays("dimensionality", made_from, points=points)
    return points


async def name_leaves(
    context: RunContext,
    embedded: Embedded,
    clustering: Clustering,
    points: Points | None = None,
) -> list[Cluster]:
    """Name the base clusters, unless that is done; the leaf that holds noise comes last."""
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
            leaves.append(_named(_leaf(own, ids, centroid, None), OTHER_NAME))
            leaves[-1] = replace(leaves[-1], is_other=True)
        places = medoids(points, rows) if points is not None else None
        show_clusters(context, leaves, places)
        show_every = max(NAMES_AT_LEAST, clear // SHOWN_AT_MOST)
        named = 0

        def tell(position: int, name: ClusterName) -> None:
            nonlocal named
            named += 1
            leaves[position] = _named(leaves[position], name)
            step.progress(named)
            context.check()
            if named % show_every == 0 or named == clear:
                show_clusters(context, leaves, places)

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
