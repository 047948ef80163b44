"""The nearest-neighbour graph that clustering and the map share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

NEIGHBOURS = 15
_BLOCK_ROWS = 2048
_SORTED_ROWS = 128

Vectors = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(slots=True, frozen=True)
class Neighbours:
    """For each row its nearest other rows, nearest first: `indices` and `similarities`, (n, k)."""

    indices: np.ndarray[Any, np.dtype[np.int32]]
    similarities: Vectors


def nearest_neighbours(
    vectors: Vectors,
    k: int = NEIGHBOURS,
    *,
    within: Vectors | None = None,
    on_rows: Callable[[int], None] = lambda done: None,
) -> Neighbours:
    """Find the k most similar rows by cosine, exactly, block by block.

    `vectors` are unit vectors of shape (n, d). Without `within` a row is not its own neighbour and
    k is at most n - 1; with `within` (m, d) the neighbours are rows of `within`. Ties go to the
    lower index. Costs n × m products: callers bound m. `on_rows` is told how many rows are done
    and may raise to stop.
    """
    pool = vectors if within is None else within
    k = min(k, len(pool) - (within is None))
    indices = np.empty((len(vectors), k), dtype=np.int32)
    similarities = np.empty((len(vectors), k), dtype=np.float32)
    if k < 1:
        return Neighbours(indices, similarities)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        rows = slice(start, min(start + _BLOCK_ROWS, len(vectors)))
        block = vectors[rows] @ pool.T
        if within is None:
            own = np.arange(rows.start, rows.stop)
            block[own - start, own] = -2.0
        # Sorting needs several times the memory of what it sorts: a few rows at a time.
        for first in range(0, len(block), _SORTED_ROWS):
            part = slice(start + first, min(start + first + _SORTED_ROWS, rows.stop))
            indices[part], similarities[part] = _nearest(block[first : first + _SORTED_ROWS], k)
        on_rows(rows.stop)
    return Neighbours(indices, similarities)


def _nearest(block: Vectors, k: int) -> tuple[np.ndarray[Any, np.dtype[np.intp]], Vectors]:
    """Return the k columns of the largest values of each row, largest first, and the values."""
    nearest = np.argpartition(-block, k - 1, axis=1)[:, :k]
    nearest.sort(axis=1)
    _settle_ties(block, nearest)
    found = np.take_along_axis(block, nearest, axis=1)
    order = np.argsort(-found, axis=1, kind="stable")
    return np.take_along_axis(nearest, order, axis=1), np.take_along_axis(found, order, axis=1)


def _settle_ties(block: Vectors, nearest: np.ndarray[Any, np.dtype[np.intp]]) -> None:
    """Let the lowest indices in where more columns tie for the last places than there are."""
    k = nearest.shape[1]
    least = np.take_along_axis(block, nearest, axis=1).min(axis=1, keepdims=True)
    tied = np.flatnonzero((block >= least).sum(axis=1) > k)
    for row in tied:
        above = np.flatnonzero(block[row] > least[row])
        level = np.flatnonzero(block[row] == least[row])[: k - len(above)]
        nearest[row] = np.sort(np.concatenate([above, level]))


def smooth(vectors: Vectors, neighbours: Neighbours, *, rounds: int = 2) -> Vectors:
    """Average every vector with its neighbours', weighted by similarity, and make it unit again.

    Pulls the members of a topic together and topics apart before k-means, the way a simplified
    graph convolution does (Wu et al. 2019, "Simplifying graph convolutional networks"). Shape and
    dtype are kept.
    """
    from scipy import sparse

    count, k = neighbours.indices.shape
    if k < 1:
        return vectors
    weights = np.maximum(neighbours.similarities, 0).astype(np.float32)
    graph = sparse.csr_matrix(
        (weights.ravel(), neighbours.indices.ravel(), np.arange(0, count * k + 1, k)),
        shape=(count, count),
    )
    graph = graph.maximum(graph.T) + sparse.identity(count, dtype=np.float32, format="csr")
    degrees = np.asarray(graph.sum(axis=1)).ravel()
    average = sparse.diags_array((1 / degrees).astype(np.float32)) @ graph
    smoothed = vectors
    for _ in range(rounds):
        smoothed = unit(average @ smoothed)
    return smoothed


def unit(vectors: Vectors) -> Vectors:
    """Scale rows to length one; rows of zeros stay zeros."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, norms, out=np.zeros_like(vectors, dtype=np.float32), where=norms > 0)
