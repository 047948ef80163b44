"""The plain methods beside which the product's clusters are shown; all on the same vectors."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Vectors = np.ndarray[Any, np.dtype[np.float32]]
Labels = np.ndarray[Any, Any]
Anchor = Callable[[Vectors, Sequence[str], int], Labels]

SILHOUETTE_ROWS = 2_000
MOST_CLUSTERS = 200


def kmeans(points: Vectors, k: int, restarts: int = 3) -> Labels:
    """Scikit-learn's k-means."""
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=restarts, random_state=0).fit_predict(points)


def kmeans_by_silhouette(points: Vectors) -> Labels:
    """K-means with the number of clusters of best silhouette, in steps of 20 %."""
    from sklearn.metrics import silhouette_score

    judged = np.sort(np.random.default_rng(0).permutation(len(points))[:SILHOUETTE_ROWS])
    best: tuple[float, Labels | None] = (-2.0, None)
    k = 4
    while k <= min(MOST_CLUSTERS, len(points) // 8):
        labels = kmeans(points, k, restarts=1)
        score = silhouette_score(points[judged], labels[judged], metric="cosine")
        if score > best[0]:
            best = (float(score), labels)
        k = max(k + 1, round(k * 1.2))
    return np.zeros(len(points), dtype=int) if best[1] is None else best[1]


def umap_hdbscan(vectors: Vectors, dimensions: int, smallest: int) -> Labels:
    """UMAP, HDBSCAN, and what it leaves as noise put to the nearest centroid of the vectors."""
    import hdbscan

    points = reduced(vectors, dimensions).astype(np.float64)
    labels = hdbscan.HDBSCAN(min_cluster_size=smallest, core_dist_n_jobs=1).fit_predict(points)
    if labels.max() < 0:
        return np.zeros(len(vectors), dtype=int)
    centroids = np.stack([vectors[labels == c].mean(axis=0) for c in range(labels.max() + 1)])
    nearest = np.argmax(vectors @ centroids.T, axis=1)
    return np.where(labels < 0, nearest, labels)


def reduced(vectors: Vectors, dimensions: int) -> Vectors:
    """UMAP as BERTopic sets it: 15 neighbours by cosine, no minimal distance; seeded."""
    import umap

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="n_jobs value")
        model = umap.UMAP(15, dimensions, min_dist=0.0, metric="cosine", random_state=0)
        return model.fit_transform(vectors)


ANCHORS: dict[str, Anchor] = {
    "k-means, true k": lambda vectors, fine, count: kmeans(vectors, len(set(fine))),
    "k-means, k by silhouette": lambda vectors, fine, count: kmeans_by_silhouette(vectors),
    "k-means, k = n/10": lambda vectors, fine, count: kmeans(vectors, max(2, count // 10), 1),
    "UMAP 10-D, k-means, k by silhouette": lambda vectors, fine, count: kmeans_by_silhouette(
        reduced(vectors, 10)
    ),
    "UMAP 10-D, HDBSCAN, noise to nearest": lambda vectors, fine, count: umap_hdbscan(
        vectors, 10, max(10, count // 100)
    ),
    # Its default UMAP and HDBSCAN, on these vectors; outliers to the nearest topic by embedding.
    "BERTopic's recipe": lambda vectors, fine, count: umap_hdbscan(vectors, 5, 10),
}


def true_k_themes(vectors: Vectors, fine: Sequence[str], coarse: Sequence[str]) -> Labels:
    """K-means at the true number of fine labels, Ward on its centroids at that of coarse ones."""
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = kmeans(vectors, len(set(fine)))
    centroids = np.stack([vectors[labels == c].mean(axis=0) for c in range(labels.max() + 1)])
    return fcluster(linkage(centroids, "ward"), len(set(coarse)), "maxclust")[labels]
