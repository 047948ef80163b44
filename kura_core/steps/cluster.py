"""Step 4: base clusters, the leaves of the tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from kura_core.errors import ConfigError
from kura_core.steps.neighbours import Neighbours, Vectors, nearest_neighbours, smooth, unit

# Above this many conversations the clusters are fitted on a seeded sample and the rest assigned
# to them, so that time grows with the number of conversations and not with its square.
FIT_LIMIT = 20_000
SCAN_LIMIT = 5_000
SILHOUETTE_LIMIT = 2_000
MOST_CLUSTERS = 300
# A few broad groups often have the best silhouette by a little, and belong in the levels above:
# they become base clusters only when clearly better than any k from about a third of √n on.
FEWEST_CLUSTERS = 0.35
CLEARLY_BETTER = 0.1
OTHER = -1

Method = Literal["kmeans", "minibatch", "hdbscan"]
Labels = np.ndarray[Any, np.dtype[np.int32]]
Rows = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(slots=True, frozen=True)
class Clustering:
    """A label per row, 0 the largest cluster, -1 for noise; unit centroids, (clusters, d).

    `silhouettes` are the (clusters, silhouette) pairs that were tried, empty when the user set k.
    """

    labels: Labels
    centroids: Vectors
    silhouettes: tuple[tuple[int, float], ...] = ()


def cluster_vectors(
    vectors: Vectors,
    neighbours: Neighbours | None = None,
    *,
    method: Method = "kmeans",
    clusters: int | None = None,
    per_cluster: int | None = None,
    seed: int = 0,
) -> Clustering:
    """Group unit vectors of shape (n, d) by meaning; equal input and seed give equal labels.

    Vectors are smoothed over their nearest-neighbour graph, then grouped by k-means. Unless
    `clusters` or `per_cluster` (mean size) is set, k is the one with the best silhouette
    (Rousseeuw 1987) among a geometric series. `neighbours` may be given when they are known (of
    all rows, n at most FIT_LIMIT). HDBSCAN finds its own k and leaves noise as -1. Raises
    ConfigError when more clusters are asked for than there are conversations.
    """
    count = len(vectors)
    if clusters is not None and clusters > count:
        raise ConfigError(
            f"Got {clusters} clusters for {count} conversations; a cluster needs at least one. "
            f"Set the number of clusters to {count} or fewer, or leave it to be found."
        )
    rng = np.random.default_rng(seed)
    fitted = np.arange(count)
    if count > FIT_LIMIT:
        fitted = np.sort(rng.choice(count, FIT_LIMIT, replace=False))
        neighbours = None
    sample = vectors[fitted]
    graph = neighbours or nearest_neighbours(sample)
    smoothed = smooth(sample, graph)
    distinct = len(np.unique(smoothed.round(5), axis=0))
    wanted = clusters or (max(1, round(count / per_cluster)) if per_cluster else None)

    silhouettes: tuple[tuple[int, float], ...] = ()
    with _one_thread():
        if method == "hdbscan":
            labels = _hdbscan(smoothed, seed)
        else:
            if wanted is None:
                silhouettes = _try_cluster_counts(smoothed, distinct, method, seed)
                wanted = _best_count(silhouettes, len(smoothed))
            labels = _kmeans(smoothed, min(wanted, distinct), method, seed, restarts=4)
    centroids = _centroids(smoothed, labels)
    if count > FIT_LIMIT:
        labels = _assign_rest(vectors, fitted, smoothed, labels, centroids)
    labels = _largest_first(labels)
    if count > FIT_LIMIT:
        return Clustering(labels, _centroids(vectors, labels), silhouettes)
    return Clustering(labels, _centroids(smoothed, labels), silhouettes)


def _try_cluster_counts(
    smoothed: Vectors, distinct: int, method: Method, seed: int
) -> tuple[tuple[int, float], ...]:
    from sklearn.metrics import silhouette_score

    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(smoothed))[:SCAN_LIMIT])
    scanned = smoothed[rows]
    judged = np.sort(rng.permutation(len(scanned))[:SILHOUETTE_LIMIT])
    tried = []
    for k in _cluster_counts(len(scanned), distinct):
        labels = _kmeans(scanned, k, method, seed, restarts=2)[judged]
        if 1 < len(np.unique(labels)) < len(labels):
            score = silhouette_score(scanned[judged], labels, metric="cosine")
            tried.append((k, float(score)))
    return tuple(tried)


def _cluster_counts(count: int, distinct: int) -> Iterator[int]:
    """Yield the numbers of clusters to try: 20 % apart, eight conversations a cluster at least."""
    most = min(MOST_CLUSTERS, count // 8 if count >= 64 else count // 3, distinct, count - 1)
    k = 4 if count >= 64 and most >= 4 else 2
    while k <= most:
        yield k
        k = max(k + 1, round(k * 1.2))


def _best_count(silhouettes: Sequence[tuple[int, float]], count: int) -> int:
    if not silhouettes:
        return 1
    best = max(silhouettes, key=lambda tried: tried[1])
    fewest = FEWEST_CLUSTERS * min(count, SCAN_LIMIT) ** 0.5
    fine = [tried for tried in silhouettes if tried[0] >= fewest]
    if count < 64 or not fine:
        return best[0]
    finest = max(fine, key=lambda tried: tried[1])
    return best[0] if best[1] - finest[1] > CLEARLY_BETTER else finest[0]


def _kmeans(points: Vectors, k: int, method: Method, seed: int, *, restarts: int) -> Labels:
    from sklearn.cluster import KMeans, MiniBatchKMeans

    if k <= 1:
        return np.zeros(len(points), dtype=np.int32)
    if method == "minibatch":
        model = MiniBatchKMeans(k, n_init=restarts, batch_size=4096, random_state=seed)
    else:
        model = KMeans(k, n_init=restarts, random_state=seed)
    return np.asarray(model.fit_predict(points), dtype=np.int32)


def _hdbscan(points: Vectors, seed: int) -> Labels:
    import hdbscan
    from sklearn.decomposition import PCA

    size = max(5, len(points) // 100)
    if len(points) <= 2 * size:
        return np.zeros(len(points), dtype=np.int32)
    few = PCA(min(20, *points.shape), random_state=seed).fit_transform(points)
    # Rounded: HDBSCAN would see groups in the last bits that set equal conversations apart.
    few = few.astype(np.float64).round(5)
    model = hdbscan.HDBSCAN(min_cluster_size=size, min_samples=5, core_dist_n_jobs=1)
    labels = np.asarray(model.fit_predict(few), dtype=np.int32)
    return labels if (labels >= 0).any() else np.zeros(len(points), dtype=np.int32)


def _assign_rest(
    vectors: Vectors, fitted: Rows, smoothed: Vectors, labels: Labels, centroids: Vectors
) -> Labels:
    """Give rows outside the fitted sample the cluster of their smoothed position."""
    rest = np.setdiff1d(np.arange(len(vectors)), fitted, assume_unique=True)
    everyone = np.empty(len(vectors), dtype=np.int32)
    everyone[fitted] = labels
    sample = vectors[fitted]
    for start in range(0, len(rest), 8192):
        rows = rest[start : start + 8192]
        near = nearest_neighbours(vectors[rows], within=sample)
        weights = np.maximum(near.similarities, 1e-6)[:, :, None]
        places = unit((smoothed[near.indices] * weights).sum(axis=1))
        everyone[rows] = np.argmax(places @ centroids.T, axis=1)
    return everyone


def _centroids(points: Vectors, labels: Labels) -> Vectors:
    from scipy import sparse

    kept = labels >= 0
    shape = (int(labels.max(initial=-1)) + 1, len(points))
    member = sparse.csr_matrix(
        (np.ones(int(kept.sum()), dtype=np.float64), (labels[kept], np.flatnonzero(kept))), shape
    )
    return unit((member @ points.astype(np.float64)).astype(np.float32))


def _largest_first(labels: Labels) -> Labels:
    """Renumber clusters by size, then by their first member."""
    names, first, sizes = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    renumbered = np.full(int(labels.max(initial=-1)) + 2, OTHER, dtype=np.int32)
    renumbered[names[order]] = np.arange(len(names), dtype=np.int32)
    return renumbered[labels]


def _one_thread() -> Any:
    """Keep k-means to one thread: with more, sums of floats depend on which thread ends first."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1)
