"""Lays what is known besides beside a run's conversations; everything on insights reads this."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kura_core.explore.tree import TreeRow, tree_rows
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.quadrants import quadrants
from kura_core.run.side.rows import PREFIXES, explicit_feedback, one_row_each
from kura_core.run.side.tables import KEYS, SideKind, SideTable, attached, known_ids, matched
from kura_core.run.tables import RunTables

if TYPE_CHECKING:
    import pandas as pd

# What judges leave, for runs that were made before there were any.
_JUDGED = {
    "outcome": "str",
    "outcome_message": "float64",
    "outcome_quote": "str",
    "failure_score": "float64",
    "dissatisfaction": "object",
    "dissatisfaction_message": "float64",
    "dissatisfaction_quote": "str",
    "cause": "str",
    "gap_kind": "str",
    "missing": "str",
    "quadrant": "string",
}


def join_run(folder: Path, tables: RunTables) -> JoinedRun:
    """Join a finished run with the tables kept in its folder; `tables` themselves do not change.

    Raises InputError when a table kept with the run is damaged.
    """
    side: dict[SideKind, SideTable] = {
        kind: matched(table, known_ids(kind, tables)) for kind, table in attached(folder).items()
    }
    rows = tree_rows(tables.clusters)
    joined = _with_judged_columns(tables.conversations)
    joined = joined.assign(**_places(joined["cluster_id"], rows))
    negative, _ = explicit_feedback(folder, joined, side)
    joined["negative"] = negative
    joined["quadrant"] = quadrants(joined["outcome"], joined["dissatisfaction"], negative)
    joined = _with_side(joined, side)
    return JoinedRun(folder, joined, tables.clusters, rows, dict(side.items()), tables.gaps)


def joined_name(kind: SideKind, column: str) -> str:
    """A side column's name among the conversations': `feedback_rating`, `user_plan`.

    The `id` of a user table does not become `user_id`, which is the conversations' own.
    """
    name = f"{PREFIXES[kind]}{column}"
    return f"{name} (given)" if name in KEYS.values() else name


def _with_judged_columns(conversations: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    lacking = {
        name: pd.Series([None] * len(conversations), index=conversations.index, dtype=kind)
        for name, kind in _JUDGED.items()
        if name not in conversations
    }
    return conversations.assign(**lacking)


def _places(cluster_id: pd.Series, rows: list[TreeRow]) -> dict[str, pd.Series]:
    """The leaf's name, and the id and name of the top cluster it is under."""
    theme_of: dict[str, TreeRow] = {}
    for row in rows:  # parents come before their children
        above = theme_of.get(row.parent_id) if row.parent_id else None
        theme_of[row.cluster_id] = above or row
    name_of = {row.cluster_id: row.name for row in rows}
    return {
        "cluster_name": cluster_id.map(name_of),
        "theme_id": cluster_id.map({i: theme.cluster_id for i, theme in theme_of.items()}),
        "theme_name": cluster_id.map({i: theme.name for i, theme in theme_of.items()}),
    }


def _with_side(conversations: pd.DataFrame, side: Mapping[SideKind, SideTable]) -> pd.DataFrame:
    import pandas as pd

    found = [conversations]
    for kind, table in side.items():
        beside = one_row_each(table).reindex(conversations[table.key_column])
        names = {column.name: joined_name(kind, column.name) for column in table.columns}
        found.append(beside.rename(columns=names).set_axis(conversations.index))
    return pd.concat(found, axis=1)
