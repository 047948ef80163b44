"""The tree of clusters: as rows for a table of contents, and as text for a terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from kura_core.types import Cluster

TreeStyle = Literal["basic", "enhanced", "rich"]
ALL = "All conversations"
_BAR = 20
_WIDTH = 160


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A cluster in reading order: parents before their children, larger siblings first."""

    cluster_id: str
    parent_id: str | None
    depth: int
    name: str
    description: str
    conversations: int
    share: float
    has_children: bool
    is_other: bool


def clusters_frame(clusters: Iterable[Cluster]) -> pd.DataFrame:
    """Clusters as the columns of `clusters.parquet` that a tree and a map read."""
    rows = [
        (c.cluster_id, c.parent_id, c.level, c.name, c.description, size, c.x, c.y, c.is_other)
        for c in clusters
        for size in [len(c.conversation_ids)]
    ]
    names = "cluster_id parent_id level name description conversations x y is_other".split()
    return pd.DataFrame(rows, columns=names)


def tree_rows(clusters: pd.DataFrame) -> list[TreeRow]:
    """The clusters table as rows in reading order.

    `share` is of all conversations. "Other" leaves come last among their siblings. A cluster whose
    parent is not in the table counts as a top one, so that no row is ever lost.
    """
    ids = set(clusters["cluster_id"])
    children: dict[str | None, list[dict[Hashable, Any]]] = {}
    for record in clusters.to_dict("records"):
        parent = record.get("parent_id")
        record["parent_id"] = parent if isinstance(parent, str) and parent in ids else None
        children.setdefault(record["parent_id"], []).append(record)
    for siblings in children.values():
        siblings.sort(
            key=lambda row: (
                bool(row.get("is_other")),
                -int(row["conversations"]),
                str(row["name"]),
                str(row["cluster_id"]),
            )
        )
    total = sum(int(row["conversations"]) for row in children.get(None, []))
    rows: list[TreeRow] = []
    waiting = [(row, 0) for row in reversed(children.get(None, []))]
    while waiting:
        record, depth = waiting.pop()
        below = children.get(str(record["cluster_id"]), [])
        rows.append(_row(record, depth, bool(below), total))
        waiting.extend((row, depth + 1) for row in reversed(below))
    return rows


def path_to(rows: Sequence[TreeRow], cluster_id: str) -> list[TreeRow]:
    """The clusters from the top down to `cluster_id`; empty when there is none of that id."""
    by_id = {row.cluster_id: row for row in rows}
    path: list[TreeRow] = []
    current = by_id.get(cluster_id)
    while current is not None:
        path.append(current)
        current = by_id.get(current.parent_id) if current.parent_id else None
    return path[::-1]


def leaves_under(rows: Sequence[TreeRow], cluster_id: str) -> list[str]:
    """The ids of the leaves at or below a cluster, in reading order."""
    index = next((i for i, row in enumerate(rows) if row.cluster_id == cluster_id), None)
    if index is None:
        return []
    leaves = [] if rows[index].has_children else [cluster_id]
    for below in rows[index + 1 :]:
        if below.depth <= rows[index].depth:
            break
        if not below.has_children:
            leaves.append(below.cluster_id)
    return leaves


def render_tree(
    clusters: Iterable[Cluster] | pd.DataFrame,
    style: TreeStyle = "basic",
    *,
    colour: bool | None = None,
) -> str:
    """The tree as text, its first line "All conversations (190 conversations)".

    `basic` draws names and counts, `enhanced` adds each share as a bar and a percentage and the
    description, `rich` is laid out by the rich library, in colour when `colour` says so or, left
    open, when stdout is a terminal. Raises ValueError for another style.
    """
    frame = clusters if isinstance(clusters, pd.DataFrame) else clusters_frame(clusters)
    rows = tree_rows(frame)
    total = sum(row.conversations for row in rows if row.depth == 0)
    if style == "rich":
        return _rich_tree(rows, total, sys.stdout.isatty() if colour is None else colour)
    if style not in ("basic", "enhanced"):
        raise ValueError(f'got the style "{style}"; choose "basic", "enhanced" or "rich"')
    lines = [f"{ALL} ({_counted(total)})"]
    open_levels: list[bool] = []
    for index, row in enumerate(rows):
        last = _is_last(rows, index)
        del open_levels[row.depth :]
        before = "".join("│  " if more else "   " for more in open_levels)
        branch = "└─" if last else "├─"
        count = _counted(row.conversations)
        lines.append(f"{before}{branch} {_one_line(row.name)} ({count})")
        if style == "enhanced":
            below = before + ("   " if last else "│  ") + ("│  " if row.has_children else "   ")
            lines.extend(_details(row, below))
        open_levels.append(not last)
    return "\n".join(lines)


def _row(record: dict[Hashable, Any], depth: int, has_children: bool, total: int) -> TreeRow:
    count = int(record["conversations"])
    parent = record["parent_id"]
    description = record.get("description")
    return TreeRow(
        cluster_id=str(record["cluster_id"]),
        parent_id=parent if isinstance(parent, str) else None,
        depth=depth,
        name=str(record["name"]),
        description=description if isinstance(description, str) else "",
        conversations=count,
        share=count / total if total else 0.0,
        has_children=has_children,
        is_other=bool(record.get("is_other")),
    )


def _is_last(rows: Sequence[TreeRow], index: int) -> bool:
    for row in rows[index + 1 :]:
        if row.depth <= rows[index].depth:
            return row.depth < rows[index].depth
    return True


def _counted(count: int) -> str:
    return f"{count:,} conversation{'' if count == 1 else 's'}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _details(row: TreeRow, before: str) -> list[str]:
    bar = "█" * max(1, round(row.share * _BAR))
    lines = [f"{before}{bar:<{_BAR}} {row.share:.1%}"]
    if row.description:
        lines.append(before + _one_line(row.description))
    return [line.rstrip() for line in lines]


def _rich_tree(rows: Sequence[TreeRow], total: int, colour: bool) -> str:
    root = Tree(Text(ALL, style="bold").append(f" ({_counted(total)})", style="dim"))
    branches = [root]
    for row in rows:
        label = Text(_one_line(row.name), style="bold cyan" if row.depth == 0 else "")
        label.append(f" ({_counted(row.conversations)})", style="dim")
        label.append(f" {row.share:.1%}", style="green")
        del branches[row.depth + 1 :]
        branches.append(branches[-1].add(label))
    output = io.StringIO()
    system: Literal["standard"] | None = "standard" if colour else None
    console = Console(file=output, force_terminal=colour, width=_WIDTH, color_system=system)
    console.print(root)
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines())
