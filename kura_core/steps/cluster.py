"""Step 4: base clusters, the leaves of the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from kura_core.errors import ConfigError
from kura_core.steps.dendrogram import Labels, Merges, cut, ward
from kura_core.steps.neighbours import Neighbours, Vectors, smooth, unit
from kura_core.steps.sample import FitSample, fit_sample

# Above this many conversations the clusters are fitted on a seeded sample and the rest assigned
# to them, so that time grows with the number of conversations and not with its square.
FIT_LIMIT = 20_000
SCAN_LIMIT = 5_000
SILHOUETTE_LIMIT = 2_000
MOST_CLUSTERS = 300
ROUNDS = 2
# A few broad groups often have the best silhouette by a little, and belong in the levels above:
# they become base clusters only when clearly better than any k from about 1.5 × ∛n on.
FEWEST_CLUSTERS = 1.5
CLEARLY_BETTER = 0.1
OTHER = -1

Method = Literal["kmeans", "minibatch", "hdbscan"]


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
    sample: FitSample | None = None,
    method: Method = "kmeans",
    clusters: int | None = None,
    per_cluster: int | None = None,
    seed: int = 0,
    rounds: int = ROUNDS,
    fewest: float = FEWEST_CLUSTERS,
    on_progress: Callable[[float], None] = lambda share: None,
) -> Clustering:
    """Group unit vectors of shape (n, d) by meaning; equal input and seed give equal labels.

    Vectors are smoothed over their nearest-neighbour graph, then grouped by k-means that starts
    from a Ward dendrogram cut at k (Ward 1963): no draw of starting points decides the outcome.
    Unless `clusters` or `per_cluster` (mean size) is set, k is the one with the best silhouette
    (Rousseeuw 1987) among a geometric series. `neighbours` may be given when they are known (of
    all rows, n at most FIT_LIMIT), and so may the `sample` of larger n. HDBSCAN finds its own k and
    leaves noise as -1. `rounds` of smoothing and the `fewest` clusters (times ∛n) are there for the
    benchmark that checks their defaults. `on_progress` is told the share that is done, 0 to 1, and
    may raise to stop. Raises ConfigError when more clusters are asked for than there are
    conversations.
    """
    count = len(vectors)
    if clusters is not None and clusters > count:
        raise ConfigError(
            f"Got {clusters} clusters for {count} conversations; a cluster needs at least one. "
            f"Set the number of clusters to {count} or fewer, or leave it to be found."
        )
    fitted = sample or fit_sample(vectors, FIT_LIMIT, seed=seed, graph=neighbours)
    smoothed = smooth(vectors[fitted.rows], fitted.graph, rounds=rounds)
    distinct = len(np.unique(smoothed.round(5), axis=0))
    wanted = clusters or (max(1, round(count / per_cluster)) if per_cluster else None)

    silhouettes: tuple[tuple[int, float], ...] = ()
    with _one_thread():
        if method == "hdbscan":
            labels = _hdbscan(smoothed, seed)
        else:
            rows = np.sort(np.random.default_rng(seed).permutation(len(smoothed))[:SCAN_LIMIT])
            merges = ward(smoothed[rows])
            if wanted is None:
                silhouettes = _try_cluster_counts(
                    smoothed[rows], merges, distinct, method, seed, on_progress
                )
                wanted = _best_count(silhouettes, len(smoothed), fewest)
            wanted = min(wanted, distinct)
            if wanted > len(rows):  # more groups than the dendrogram has leaves
                labels = _kmeans(smoothed, wanted, method, seed)
            else:
                start = _centroids(smoothed[rows], cut(merges, wanted))
                labels = _kmeans(smoothed, wanted, method, seed, start=start)
    centroids = _centroids(smoothed, labels)
    if count > FIT_LIMIT:
        labels = _assign_rest(fitted, smoothed, labels, centroids)
    labels = _largest_first(labels)
    if count > FIT_LIMIT:
        return Clustering(labels, _centroids(vectors, labels), silhouettes)
    return Clustering(labels, _centroids(smoothed, labels), silhouettes)


def keep_together(clustering: Clustering, vectors: Vectors, kinds: Labels) -> Clustering:
    """Give all rows of a kind, equal answers for instance, the label that most of them have.

    `kinds` numbers them from 0, (n,). Clusters that are empty then go, and the others' centroids
    are those of `vectors`, (n, d).
    """
    pairs, counts = np.unique(np.stack([kinds, clustering.labels]), axis=1, return_counts=True)
    noise = pairs[1] == OTHER
    order = np.lexsort((pairs[1], noise, -counts, pairs[0]))
    _, first = np.unique(pairs[0][order], return_index=True)
    labels = pairs[1][order][first][kinds]
    if (labels == clustering.labels).all():
        return clustering
    labels = _largest_first(labels)
    return Clustering(labels, _centroids(vectors, labels), clustering.silhouettes)


def _try_cluster_counts(
    scanned: Vectors,
    merges: Merges,
    distinct: int,
    method: Method,
    seed: int,
    on_progress: Callable[[float], None],
) -> tuple[tuple[int, float], ...]:
    from sklearn.metrics import silhouette_score

    judged = np.sort(np.random.default_rng(seed).permutation(len(scanned))[:SILHOUETTE_LIMIT])
    apart = np.maximum(1 - scanned[judged] @ scanned[judged].T, 0)
    np.fill_diagonal(apart, 0)
    tried = []
    counts = list(_cluster_counts(len(scanned), distinct))
    for place, k in enumerate(counts):
        on_progress(sum(counts[:place]) / sum(counts))
        start = _centroids(scanned, cut(merges, k))
        labels = _kmeans(scanned, k, method, seed, start=start)[judged]
        if 1 < len(np.unique(labels)) < len(labels):
            tried.append((k, float(silhouette_score(apart, labels, metric="precomputed"))))
    return tuple(tried)


def _cluster_counts(count: int, distinct: int) -> Iterator[int]:
    """Yield the numbers of clusters to try: 15 % apart, eight conversations a cluster at least."""
    most = min(MOST_CLUSTERS, count // 8 if count >= 64 else count // 3, distinct, count - 1)
    k = 4 if count >= 64 and most >= 4 else 2
    while k <= most:
        yield k
        k = max(k + 1, round(k * 1.15))


def _best_count(silhouettes: Sequence[tuple[int, float]], count: int, factor: float) -> int:
    if not silhouettes:
        return 1
    best = max(silhouettes, key=lambda tried: tried[1])
    fewest = factor * min(count, SCAN_LIMIT) ** (1 / 3)
    fine = [tried for tried in silhouettes if tried[0] >= fewest]
    if count < 64 or not fine:
        return best[0]
    finest = max(fine, key=lambda tried: tried[1])
    return best[0] if best[1] - finest[1] > CLEARLY_BETTER else finest[0]


def _kmeans(
    points: Vectors, k: int, method: Method, seed: int, *, start: Vectors | None = None
) -> Labels:
    from sklearn.cluster import KMeans, MiniBatchKMeans

    if k <= 1:
        return np.zeros(len(points), dtype=np.int32)
    init = "k-means++" if start is None else start
    if method == "minibatch":
        model = MiniBatchKMeans(k, init=init, n_init=1, batch_size=4096, random_state=seed)
    else:
        model = KMeans(k, init=init, n_init=1, random_state=seed)
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
    fitted: FitSample, smoothed: Vectors, labels: Labels, centroids: Vectors
) -> Labels:
    """Give rows outside the fitted sample the cluster of their smoothed position."""
    everyone = np.empty(len(fitted.rows) + len(fitted.rest), dtype=np.int32)
    everyone[fitted.rows] = labels
    for start in range(0, len(fitted.rest), 2048):
        rows = slice(start, start + 2048)
        weights = np.maximum(fitted.near.similarities[rows], 1e-6)[:, :, None]
        places = unit((smoothed[fitted.near.indices[rows]] * weights).sum(axis=1))
        everyone[fitted.rest[rows]] = np.argmax(places @ centroids.T, axis=1)
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
