"""Step 7: the 2-D map, by UMAP over the neighbour graph the clusters were made from."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kura_core.steps.cluster import FIT_LIMIT
from kura_core.steps.compiled import compiled_code_kept, umap_functions
from kura_core.steps.neighbours import NEIGHBOURS, Neighbours, Vectors, nearest_neighbours
from kura_core.steps.sample import FitSample, fit_sample

SMALLEST_UMAP = 12
EPOCHS = 200
MAP_RADIUS = 10.0

Points = np.ndarray[Any, np.dtype[np.float64]]
Tell = Callable[[float], None]


@dataclass(slots=True, frozen=True)
class HDBUMAP:
    """How the map is drawn: neighbours a point is kept near to, and how tight points may pack."""

    n_neighbors: int = NEIGHBOURS
    min_dist: float = 0.1
    seed: int = 0


def project_conversations(
    vectors: Vectors,
    neighbours: Neighbours | None = None,
    *,
    sample: FitSample | None = None,
    model: HDBUMAP | None = None,
    on_progress: Tell | None = None,
) -> Points:
    """Place unit vectors of shape (n, d) on a map: float64 of shape (n, 2), within ±10, finite.

    UMAP (McInnes et al. 2018) from a PCA start, seeded, 200 epochs. Fewer than a dozen rows are
    placed by PCA alone; above FIT_LIMIT rows a seeded sample is placed and the rest put among
    their nearest neighbours in it. `neighbours` may be given when known for all rows, and so may
    the `sample` of larger n. `on_progress` is told the share that is done, 0 to 1, and may raise to
    stop.
    """
    model = model or HDBUMAP()
    count = len(vectors)
    if count == 0:
        return np.empty((0, 2))
    if count <= FIT_LIMIT:
        graph = sample.graph if sample else neighbours
        return _scaled(_layout(vectors, graph, model, on_progress))
    fitted = sample or fit_sample(vectors, FIT_LIMIT, seed=model.seed)
    placed = _layout(vectors[fitted.rows], fitted.graph, model, on_progress)
    points = np.empty((count, 2))
    points[fitted.rows] = placed
    points[fitted.rest] = _among(placed, fitted.near, model.seed)
    return _scaled(points)


def place_beside(placed: Points, near: Neighbours, *, seed: int = 0) -> Points:
    """Place more rows on a map that is drawn, among those of its points that are `near` them.

    `placed` is the (n, 2) map and `near` counts neighbours by their place in it; the places, one a
    row of `near`, are finite and within its bounds.
    """
    return np.clip(_among(placed, near, seed), -MAP_RADIUS, MAP_RADIUS)


def warm_up(folder: Path) -> None:
    """Import UMAP ahead of its use, and compile it unless `folder` has it compiled.

    Meant for a thread. A disk that fails only has it compiled again another time.
    """
    rows = np.eye(SMALLEST_UMAP * 2, dtype=np.float32)
    with suppress(OSError), compiled_code_kept(umap_functions(), folder):
        _layout(rows, None, HDBUMAP(), None)


def medoids(points: Points, members: Sequence[np.ndarray[Any, Any]]) -> Points:
    """Place each cluster at the member nearest the median of its members; (clusters, 2)."""
    places = np.empty((len(members), 2))
    for position, rows in enumerate(members):
        own = points[rows]
        middle = np.median(own, axis=0)
        places[position] = own[np.argmin(((own - middle) ** 2).sum(axis=1))]
    return places


def _layout(
    vectors: Vectors, neighbours: Neighbours | None, model: HDBUMAP, on_progress: Tell | None
) -> Points:
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
    with _lock_given_back():
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
            tqdm_kwds=_told_by_epoch(on_progress) if on_progress else None,
        )[0]
    return np.asarray(points, dtype=np.float64)


@contextmanager
def _lock_given_back() -> Iterator[None]:
    """Free what a progress bar keeps when it is stopped by what it tells.

    A bar holds a lock of the whole process while it writes, and does not give it back when that
    raises: bars of other threads, other maps for instance, would wait for ever.
    """
    from umap.layouts import tqdm

    try:
        yield
    except BaseException:
        with suppress(RuntimeError, AssertionError):  # it may not be held
            tqdm.get_lock().release()
        raise


def _told_by_epoch(on_progress: Tell) -> dict[str, Any]:
    """Have UMAP's own progress bar tell `on_progress` of each epoch instead of a terminal."""

    class Told(io.StringIO):
        def write(self, text: str) -> int:
            if text.strip().isdecimal():
                on_progress(int(text) / EPOCHS)
            return len(text)

    bar = {"bar_format": "{n_fmt}", "mininterval": 0, "miniters": 1, "leave": False}
    return {"disable": False, "file": Told(), **bar}


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


def _among(placed: Points, near: Neighbours, seed: int) -> Points:
    """Between the three nearest, the nearest by far the most, and not just on top of each other."""
    weights = np.maximum(near.similarities[:, :3].astype(np.float64), 1e-6) ** 8
    weights /= weights.sum(axis=1, keepdims=True)
    points = (placed[near.indices[:, :3]] * weights[:, :, None]).sum(axis=1)
    rng = np.random.default_rng(seed)
    return np.asarray(points + rng.normal(scale=0.02 * placed.std(), size=(len(near.indices), 2)))


def _scaled(points: Points) -> Points:
    centred = points - (points.max(axis=0) + points.min(axis=0)) / 2
    reach = np.abs(centred).max()
    return centred * (MAP_RADIUS / reach) if reach > 1e-12 else np.zeros_like(centred)
