"""The bounded, seeded sample that clusters and map are fitted on, and where all others stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kura_core.steps.neighbours import Neighbours, Vectors, nearest_neighbours

Rows = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(slots=True, frozen=True)
class FitSample:
    """Which `rows` are fitted and which `rest` is put among them, both in order.

    `graph` has the nearest neighbours of `rows` among themselves, `near` those of `rest` in
    `rows`; both count neighbours by their place in `rows`.
    """

    rows: Rows
    graph: Neighbours
    rest: Rows
    near: Neighbours


def fit_sample(
    vectors: Vectors,
    limit: int,
    *,
    seed: int = 0,
    graph: Neighbours | None = None,
    on_progress: Callable[[float], None] = lambda share: None,
) -> FitSample:
    """Draw at most `limit` of the unit vectors (n, d) and find everyone's neighbours among them.

    Up to `limit` rows all are fitted, and `graph` may be given when known. Costs n × limit
    products at most. `on_progress` is told the share that is done, 0 to 1, and may raise to stop.
    """
    count = len(vectors)
    rows, rest = np.arange(count), np.arange(0)
    if count > limit:
        rows = np.sort(np.random.default_rng(seed).choice(count, limit, replace=False))
        rest = np.setdiff1d(np.arange(count), rows, assume_unique=True)
        graph = None
    sample = vectors[rows] if len(rest) else vectors
    if graph is None:
        graph = nearest_neighbours(sample, on_rows=lambda done: on_progress(done / count))
    near = nearest_neighbours(
        vectors[rest],
        within=sample,
        on_rows=lambda done: on_progress((len(rows) + done) / count),
    )
    return FitSample(rows, graph, rest, near)


def arrays_of(sample: FitSample) -> dict[str, np.ndarray[Any, Any]]:
    """Return a sample as named arrays, to be kept."""
    return {
        "rows": sample.rows,
        "rest": sample.rest,
        "graph_indices": sample.graph.indices,
        "graph_similarities": sample.graph.similarities,
        "near_indices": sample.near.indices,
        "near_similarities": sample.near.similarities,
    }


def sample_from(arrays: Mapping[str, np.ndarray[Any, Any]]) -> FitSample:
    """Rebuild a sample from its arrays."""
    return FitSample(
        arrays["rows"],
        Neighbours(arrays["graph_indices"], arrays["graph_similarities"]),
        arrays["rest"],
        Neighbours(arrays["near_indices"], arrays["near_similarities"]),
    )
