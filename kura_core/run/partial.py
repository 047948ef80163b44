"""Results that are shown while a run still works: the map, then the names as they settle."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from kura_core.run.context import RunContext
from kura_core.steps.evidence import Rows
from kura_core.steps.meta_cluster import cluster_id_of
from kura_core.steps.project import Points, medoids
from kura_core.types import Cluster


@dataclass(slots=True)
class MapSoFar:
    """Shows map and clusters as they are made, whichever is there first.

    `ids` are the conversations' and `rows` the places in it of each cluster's.
    """

    context: RunContext
    ids: Sequence[str]
    rows: Sequence[Rows]
    places: Points | None = field(default=None, init=False)
    leaves: Sequence[Cluster] = field(default=(), init=False)

    def drawn(self, points: Points) -> None:
        """Show the map of shape (conversations, 2), and on it the clusters that are known."""
        self.places = medoids(points, self.rows)
        show_map(self.context, self.ids, points, self.rows)
        if self.leaves:
            show_clusters(self.context, self.leaves, self.places)

    def named(self, leaves: Sequence[Cluster]) -> None:
        """Show the base clusters with the names they have so far, once there is a map."""
        self.leaves = leaves
        if self.places is not None:
            show_clusters(self.context, leaves, self.places)


def show_map(
    context: RunContext, ids: Sequence[str], points: Points, rows: Sequence[Rows]
) -> None:
    """Write `map.parquet`: conversation_id, x, y and cluster_id of every conversation."""
    if context.partial is None:
        return
    cluster_ids = np.empty(len(ids), dtype=object)
    for own in rows:
        cluster_ids[own] = cluster_id_of(ids[row] for row in own)
    columns = {
        "conversation_id": list(ids),
        "x": points[:, 0].tolist(),
        "y": points[:, 1].tolist(),
        "cluster_id": cluster_ids.tolist(),
    }
    _write(context, context.partial / "map.parquet", columns)


def show_clusters(context: RunContext, leaves: Sequence[Cluster], places: Points) -> None:
    """Write `clusters.parquet`: the base clusters, null where one has no name yet.

    `places` are theirs on the map, (clusters, 2).
    """
    if context.partial is None:
        return
    columns = {
        "cluster_id": [leaf.cluster_id for leaf in leaves],
        "parent_id": [None] * len(leaves),
        "level": [0] * len(leaves),
        "name": [leaf.name or None for leaf in leaves],
        "description": [leaf.description or None for leaf in leaves],
        "conversations": [len(leaf.conversation_ids) for leaf in leaves],
        "x": places[:, 0].tolist(),
        "y": places[:, 1].tolist(),
    }
    _write(context, context.partial / "clusters.parquet", columns)


def _write(context: RunContext, path: Path, columns: dict[str, list[Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    # A column that is all null yet, the names for instance, is one of text.
    arrays = {
        name: pa.array(values, pa.string() if set(values) == {None} else None)
        for name, values in columns.items()
    }
    pq.write_table(pa.table(arrays), path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)
    context.emit("partial", file=f"{path.parent.name}/{path.name}")
