"""The second half of a run: vectors, clusters, map, names and themes."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kura_core.run.context import RunContext
from kura_core.run.fingerprint import (
    array_digest,
    code_version,
    digest,
    package_versions,
    thread_count,
)
from kura_core.run.items import cluster_item, cluster_of, summary_item
from kura_core.run.partial import show_clusters, show_map
from kura_core.run.vectors import append_vectors, embed_missing, read_vectors
from kura_core.steps.cluster import FIT_LIMIT, OTHER, Clustering, cluster_vectors
from kura_core.steps.embed import TfidfModel, find_embedding_model, load_sentence_model
from kura_core.steps.evidence import Rows, gather_evidence
from kura_core.steps.meta_cluster import cluster_id_of, meta_cluster
from kura_core.steps.name import name_clusters
from kura_core.steps.neighbours import Neighbours, Vectors, nearest_neighbours
from kura_core.steps.project import (
    HDBUMAP,
    SMALLEST_UMAP,
    Points,
    medoids,
    project_conversations,
    warm_up,
)
from kura_core.types import Cluster, ClusterEvidence, ClusterName, ConversationSummary

OTHER_NAME = ClusterName(
    "Other", "Conversations too unlike the rest, or too few of a kind, to form a group."
)


@dataclass(slots=True)
class Grouping:
    """All clusters, parents before children; the leaf and the place of each conversation by id."""

    clusters: list[Cluster]
    leaf_of: Mapping[str, str]
    points: Mapping[str, tuple[float, float]]


@dataclass(slots=True, frozen=True)
class Embedded:
    """Summaries with their unit vectors (n, d) and neighbour graph, and what these came from."""

    summaries: Sequence[ConversationSummary]
    vectors: Vectors
    neighbours: Neighbours | None
    origin: str

    @property
    def ids(self) -> list[str]:
        """Return the conversation ids, in the order of the vectors."""
        return [summary.conversation_id for summary in self.summaries]


async def group(context: RunContext, summaries: Sequence[ConversationSummary]) -> Grouping:
    """Embed summaries, find and name clusters and draw the map, each unless it is there."""
    if not summaries:
        return Grouping([], {}, {})
    embedded = embed(context, summaries)
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


def embed(context: RunContext, summaries: Sequence[ConversationSummary]) -> Embedded:
    """Give every summary its vector, making only those that no store has."""
    vectors = _vectors(context, [s.embedded_text or s.summary for s in summaries])
    ids = [summary.conversation_id for summary in summaries]
    origin = digest(array_digest(vectors), ids, code_version(), package_versions())
    few = len(vectors) <= FIT_LIMIT
    return Embedded(summaries, vectors, nearest_neighbours(vectors) if few else None, origin)


def find_clusters(context: RunContext, embedded: Embedded) -> Clustering:
    """Find the base clusters, unless they are kept."""
    config = context.config
    made_from = digest(
        embedded.origin, config.clustering, config.clusters, config.per_cluster, config.seed
    )
    kept = context.store.load_arrays("clusters", made_from)
    count = len(embedded.vectors)
    with context.step("cluster", count, cached=count if kept else 0):
        if kept:
            return Clustering(kept["labels"], kept["centroids"])
        clustering = cluster_vectors(
            embedded.vectors,
            embedded.neighbours,
            method=config.clustering,
            clusters=config.clusters,
            per_cluster=config.per_cluster,
            seed=config.seed,
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
    with context.step("project", count, cached=count if kept else 0):
        if kept:
            points = kept["points"]
        else:
            model = HDBUMAP(seed=context.config.seed)
            points = project_conversations(embedded.vectors, embedded.neighbours, model=model)
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
        [summary_item(summary) for summary in embedded.summaries],
        clustering.labels.tolist(),
        context.engine.identity(),
        context.config.seed,
    )
    kept = [cluster_of(item) for item in context.store.load("clusters", made_from).values()]
    rows = _rows(clustering)
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
            _leaf(own, embedded.ids, clustering.centroids[i], evidence[i])
            for i, own in enumerate(rows[:clear])
        ]
        for own in rows[clear:]:
            centroid = embedded.vectors[own].mean(axis=0)
            leaves.append(_named(_leaf(own, embedded.ids, centroid, None), OTHER_NAME))
            leaves[-1] = replace(leaves[-1], is_other=True)
        if points is not None:
            show_clusters(context, leaves, rows, points)
        named = 0

        def tell(position: int, name: ClusterName) -> None:
            nonlocal named
            named += 1
            leaves[position] = _named(leaves[position], name)
            step.progress(named)
            if points is not None and (named % 8 == 0 or named == clear):
                show_clusters(context, leaves, rows, points)

        await name_clusters(evidence, context.engine, taken=[OTHER_NAME.name], on_name=tell)
        items = [(leaf.cluster_id, cluster_item(leaf)) for leaf in leaves]
        context.store.save("clusters", made_from, items)
        return leaves


async def themes(context: RunContext, leaves: Sequence[Cluster]) -> list[Cluster]:
    """Build and name the levels above the leaves, unless that is done."""
    made_from = digest(
        [cluster_item(leaf) for leaf in leaves],
        context.engine.identity(),
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

        tree = await meta_cluster(
            leaves,
            context.engine,
            max_top=context.config.max_top,
            seed=context.config.seed,
            on_named=tell,
        )
        items = [(cluster.cluster_id, cluster_item(cluster)) for cluster in tree]
        context.store.save("meta_clusters", made_from, items)
        return tree


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


def _vectors(context: RunContext, texts: Sequence[str]) -> Vectors:
    source = find_embedding_model(context.config.embedding_model)
    if source.notice:
        context.notice(source.notice)
    if source.folder is None:  # TF-IDF is fitted on all texts, so nothing can be kept by text
        with context.step("embed", len(texts)):
            return TfidfModel(context.config.seed).encode(texts)
    own = context.store.vectors if context.store.enabled else None
    known = read_vectors(texts, source.identity, [own] if own else [])
    missing = [text for text in texts if text not in known]
    reused = read_vectors(missing, source.identity, [store.vectors for store in context.earlier])
    append_vectors(list(reused), np.array(list(reused.values())), source.identity, own)
    known.update(reused)
    distinct = len(set(texts))
    with context.step("embed", distinct, cached=len(known)) as step:

        def tell(done: int) -> None:
            step.progress(done)
            context.check()

        if len(known) < distinct:
            context.check()
            _set_torch_threads()
            model = load_sentence_model(source)
            _warm_up_map(context, len(texts))
            embed_missing(texts, known, model, own, on_block=tell)
    return np.stack([known[text] for text in texts])


def _warm_up_map(context: RunContext, conversations: int) -> None:
    """Compile UMAP while vectors are computed, unless an earlier map may be used again.

    Not before the model is loaded: two threads importing torch and scipy trip over each other.
    """
    stores = [context.store, *context.earlier]
    if conversations >= SMALLEST_UMAP and not any(store.has("dimensionality") for store in stores):
        threading.Thread(target=warm_up, name="map warm-up", daemon=True).start()


def _set_torch_threads() -> None:
    import torch

    torch.set_num_threads(thread_count())


def _rows(clustering: Clustering) -> list[Rows]:
    """Return the rows of each cluster, and last those of noise when there is any."""
    rows = [np.flatnonzero(clustering.labels == c) for c in range(len(clustering.centroids))]
    noise = np.flatnonzero(clustering.labels == OTHER)
    return [*rows, noise] if len(noise) else rows


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
