"""Ward's dendrogram (Ward 1963) over points or weighted groups, and its cuts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kura_core.steps.neighbours import Vectors

Merges = np.ndarray[Any, np.dtype[np.intp]]
Labels = np.ndarray[Any, np.dtype[np.int32]]


def ward(points: Vectors) -> Merges:
    """Merge points of shape (n, d) pairwise: (n - 1, 2) node numbers, lowest merge first.

    Nodes below n are points; n + i is what merge i made. Costs n × n distances: callers bound n.
    """
    from scipy.cluster.hierarchy import linkage

    if len(points) < 2:
        return np.empty((0, 2), dtype=np.intp)
    return np.asarray(linkage(points.astype(np.float64), "ward")[:, :2], dtype=np.intp)


def weighted_ward(centres: Vectors, weights: Sequence[float]) -> Merges:
    """Merge groups that stand for many points each, as `ward` does; (n - 1, 2) node numbers.

    A merge costs what it adds to the weighted variance. By nearest-neighbour chains (Murtagh 1983,
    "A survey of recent advances in hierarchical clustering algorithms"), so that no table of n × n
    distances is needed.
    """
    count = len(centres)
    places = np.zeros((max(0, 2 * count - 1), centres.shape[1]))
    places[:count] = centres
    mass = np.zeros(len(places))
    mass[:count] = weights
    alive = np.zeros(len(places), dtype=bool)
    alive[:count] = True
    found: list[tuple[float, int, int]] = []
    chain: list[int] = []
    while len(found) < count - 1:
        if not chain:
            chain.append(int(np.argmax(alive)))
        tip = chain[-1]
        others = np.flatnonzero(alive)
        others = others[others != tip]
        apart = ((places[others] - places[tip]) ** 2).sum(axis=1)
        costs = apart * mass[others] * mass[tip] / (mass[others] + mass[tip])
        cost = float(costs.min())
        before = chain[-2] if len(chain) > 1 else -1
        # On a tie the one before wins, or the chain would never end.
        back = before >= 0 and bool(costs[np.searchsorted(others, before)] <= cost)
        if not back:
            chain.append(int(others[np.argmin(costs)]))
            continue
        del chain[-2:]
        node = count + len(found)
        total = mass[before] + mass[tip]
        places[node] = (places[before] * mass[before] + places[tip] * mass[tip]) / total
        mass[node] = total
        alive[[before, tip]] = False
        alive[node] = True
        found.append((cost, before, tip))
    return _lowest_first(found, count)


def _lowest_first(found: Sequence[tuple[float, int, int]], count: int) -> Merges:
    """Put merges in order of their cost and renumber what they made; parts stay before wholes."""
    order = sorted(range(len(found)), key=lambda i: (round(found[i][0], 12), i))
    number = {count + i: count + place for place, i in enumerate(order)}
    pairs = [[number.get(node, node) for node in found[i][1:]] for i in order]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def cut(merges: Merges, branches: int) -> Labels:
    """Label each leaf by the branch it is in before the last `branches` - 1 merges, from 0."""
    leaves = len(merges) + 1
    top = 2 * leaves - branches
    root = np.arange(top)
    for node in range(top - 1, leaves - 1, -1):
        root[merges[node - leaves]] = root[node]
    return np.unique(root[:leaves], return_inverse=True)[1].astype(np.int32)
