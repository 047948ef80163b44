"""Step 7: the 2-D map, by UMAP over the neighbour graph the clusters were made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kura_core.steps.cluster import FIT_LIMIT
from kura_core.steps.neighbours import NEIGHBOURS, Neighbours, Vectors, nearest_neighbours

SMALLEST_UMAP = 12
EPOCHS = 200
MAP_RADIUS = 10.0

Points = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(slots=True, frozen=True)
class HDBUMAP:
    """How the map is drawn: neighbours a point is kept near to, and how tight points may pack."""

    n_neighbors: int = NEIGHBOURS
    min_dist: float = 0.1
    seed: int = 0


def project_conversations(
    vectors: Vectors, neighbours: Neighbours | None = None, *, model: HDBUMAP | None = None
) -> Points:
    """Place unit vectors of shape (n, d) on a map: float64 of shape (n, 2), within ±10, finite.

    UMAP (McInnes et al. 2018) from a PCA start, seeded, 200 epochs. Fewer than a dozen rows are
    placed by PCA alone; above FIT_LIMIT rows a seeded sample is placed and the rest put among
    their nearest neighbours in it. `neighbours` may be given when known for all rows.
    """
    model = model or HDBUMAP()
    count = len(vectors)
    if count == 0:
        return np.empty((0, 2))
    if count <= FIT_LIMIT:
        return _scaled(_layout(vectors, neighbours, model))
    rng = np.random.default_rng(model.seed)
    fitted = np.sort(rng.choice(count, FIT_LIMIT, replace=False))
    placed = _layout(vectors[fitted], None, model)
    points = np.empty((count, 2))
    points[fitted] = placed
    rest = np.setdiff1d(np.arange(count), fitted, assume_unique=True)
    spread = rng.normal(scale=0.02 * placed.std(), size=(len(rest), 2))
    for start in range(0, len(rest), 8192):
        rows = slice(start, start + 8192)
        near = nearest_neighbours(vectors[rest[rows]], 3, within=vectors[fitted])
        weights = np.maximum(near.similarities.astype(np.float64), 1e-6) ** 8
        weights /= weights.sum(axis=1, keepdims=True)
        points[rest[rows]] = (placed[near.indices] * weights[:, :, None]).sum(axis=1)
    points[rest] += spread
    return _scaled(points)


def warm_up() -> None:
    """Import and compile UMAP ahead of its use, on a dozen points; meant for a thread."""
    rows = np.eye(SMALLEST_UMAP * 2, dtype=np.float32)
    _layout(rows, None, HDBUMAP())


def medoids(points: Points, members: Sequence[np.ndarray[Any, Any]]) -> Points:
    """Place each cluster at the member nearest the median of its members; (clusters, 2)."""
    places = np.empty((len(members), 2))
    for position, rows in enumerate(members):
        own = points[rows]
        middle = np.median(own, axis=0)
        places[position] = own[np.argmin(((own - middle) ** 2).sum(axis=1))]
    return places


def _layout(vectors: Vectors, neighbours: Neighbours | None, model: HDBUMAP) -> Points:
    start = _principal_plane(vectors)
    if len(np.unique(vectors, axis=0)) < SMALLEST_UMAP:
        return start
    # UMAP stretches its start to a square and divides by its sides: none may be zero.
    start = start + np.random.default_rng(model.seed).normal(scale=1e-3, size=start.shape)
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set, simplicial_set_embedding

    graph = neighbours or nearest_neighbours(vectors, model.n_neighbors)
    own = np.arange(len(vectors), dtype=np.int32)[:, None]
    indices = np.hstack([own, graph.indices])
    distances = np.hstack([np.zeros_like(own, dtype=np.float32), 1 - graph.similarities])
    state = np.random.RandomState(model.seed)
    fuzzy = fuzzy_simplicial_set(
        vectors,
        indices.shape[1],
        state,
        "cosine",
        knn_indices=indices,
        knn_dists=np.maximum(distances, 0, dtype=np.float32),
    )[0]
    a, b = find_ab_params(1.0, model.min_dist)
    points = simplicial_set_embedding(
        vectors,
        fuzzy,
        n_components=2,
        initial_alpha=1.0,
        a=a,
        b=b,
        gamma=1.0,
        negative_sample_rate=5,
        n_epochs=EPOCHS,
        init=start.astype(np.float32),
        random_state=state,
        metric="cosine",
        metric_kwds={},
        densmap=False,
        densmap_kwds={},
        output_dens=False,
        parallel=False,
    )[0]
    return np.asarray(points, dtype=np.float64)


def _principal_plane(vectors: Vectors) -> Points:
    """Project on the two directions of most variance, signs fixed, scaled to ±10."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, directions = np.linalg.eigh(centred.T @ centred)
    plane = np.zeros((len(vectors), 2))
    axes = directions[:, ::-1][:, :2]
    strongest = np.argmax(np.abs(axes), axis=0)
    axes = axes * np.sign(axes[strongest, np.arange(axes.shape[1])])
    plane[:, : axes.shape[1]] = centred @ axes
    return _scaled(plane)


def _scaled(points: Points) -> Points:
    centred = points - (points.max(axis=0) + points.min(axis=0)) / 2
    reach = np.abs(centred).max()
    return centred * (MAP_RADIUS / reach) if reach > 1e-12 else np.zeros_like(centred)
