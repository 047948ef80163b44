"""A run and what is known besides as SQL tables in memory: conversations, ratings, users, clusters.

- `chat_clusters`: a row per conversation, with its cluster and theme by name, the facets, what was
  judged and the metadata. `created_at` is in UTC.
- `user_feedback`: a row per rated conversation; of several rows the one that the run's feedback is
  told to go by (the last one unless chosen otherwise), so that a join does not count a
  conversation twice. Yes/no is 1 and 0, so that AVG gives a share.
- `user_metadata`: a row per user.
- `clusters`: a row per cluster, leaves and those above them.
- `gaps`: a row per missing thing and conversation that asks for it; `failed` says whether it ended
  without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kura_core.insights.join_run import join_run
from kura_core.run.quadrants import quadrants
from kura_core.run.side.rows import PREFIXES, explicit_feedback, one_row_each
from kura_core.run.side.tables import KEYS, SideKind, SideTable, known_ids
from kura_core.run.tables import RunTables, read_tables

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

CONVERSATIONS, FEEDBACK, USERS, CLUSTERS, GAPS = TABLES = (
    "chat_clusters",
    "user_feedback",
    "user_metadata",
    "clusters",
    "gaps",
)
_FIRST = "conversation_id user_id cluster_id cluster_name theme_id theme_name created_at".split()
_JUDGED = (
    "quadrant outcome cause gap_kind missing dissatisfaction outcome_message outcome_quote "
    "dissatisfaction_message dissatisfaction_quote failure_score"
).split()
_WHOLE = "turns frustration concern outcome_message dissatisfaction_message".split()
_OF_CLUSTERS = (
    "cluster_id parent_id level name description conversations users x y is_other"
).split()
# Names of `chat_clusters` that a query may use without saying of which table.
_KEPT_APART = frozenset({"cluster_id", "cluster_name", "theme_id", "theme_name"})
# What the tables of ratings and users have while nobody has given any.
_DOCUMENTED: dict[SideKind, dict[str, str]] = {
    "feedback": {
        "conversation_id": "str",
        "thumbs_up": "Int8",
        "comment": "str",
        "created_at": "datetime64[us]",
    },
    "users": {
        "user_id": "str",
        "plan": "str",
        "signup_date": "datetime64[us]",
        "revenue_impact": "float64",
    },
}
_TABLE_OF: dict[SideKind, str] = {"feedback": FEEDBACK, "users": USERS}
_WORD_OF: dict[SideKind, str] = {"feedback": "ratings", "users": "user table"}
_EXAMPLE_CHARACTERS = 40


@dataclass(slots=True, frozen=True)
class ColumnShown:
    """A column of a table: its name, its SQL type, and a value it has ("" when it is empty)."""

    name: str
    type: str
    example: str


@dataclass(slots=True, frozen=True)
class TableShown:
    """A table with its number of rows and its columns, in order."""

    name: str
    rows: int
    columns: tuple[ColumnShown, ...]


def load_warehouse(
    connection: DuckDBPyConnection,
    folder: Path,
    feedback: Path | None = None,
    users: Path | None = None,
) -> tuple[str, ...]:
    """Make the tables in an open in-memory database; returns sentences on what to know of them.

    `feedback` and `users` are files that take the place of the tables kept with the run. Raises
    InputError when the folder holds no finished run or a file cannot be read or matched.
    """
    tables = read_tables(folder)
    joined = join_run(folder, tables)
    side = dict(joined.side)
    conversations = joined.conversations
    if feedback is not None:
        side["feedback"] = _from_file(feedback, "feedback", tables)
        kinds: dict[SideKind, SideTable] = {"feedback": side["feedback"]}
        negative, _ = explicit_feedback(folder, conversations, kinds)
        judged = quadrants(conversations["outcome"], conversations["dissatisfaction"], negative)
        conversations = conversations.assign(quadrant=judged)
    if users is not None:
        side["users"] = _from_file(users, "users", tables)
    given = {
        CONVERSATIONS: _conversations(conversations, tables),
        FEEDBACK: _side(side, "feedback"),
        USERS: _side(side, "users"),
        CLUSTERS: tables.clusters[[name for name in _OF_CLUSTERS if name in tables.clusters]],
        GAPS: joined.gaps,
    }
    for name, frame in given.items():
        connection.register("given", _as_arrow(frame))
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        connection.unregister("given")
    return tuple(note for kind in KEYS for note in _notes(side, kind))


def shown_tables(connection: DuckDBPyConnection) -> tuple[TableShown, ...]:
    """The tables of a loaded database, their columns, types and an example each."""
    return tuple(_shown(connection, name) for name in TABLES)


def _from_file(path: Path, kind: SideKind, tables: RunTables) -> SideTable:
    from kura_core.run.side.reading import read_side_table

    return read_side_table(path, kind, known_ids(kind, tables))


def _conversations(joined: pd.DataFrame, tables: RunTables) -> pd.DataFrame:
    own = [*tables.conversations.columns]
    others = [name for name in own if name not in {*_FIRST, *_JUDGED}]
    frame = joined[[*_FIRST, *_JUDGED, *others]]
    whole = {name: "Int32" for name in _WHOLE if name in frame}
    return frame.astype(dict.fromkeys(whole, "float64")).astype(whole)


def _side(side: Mapping[str, SideTable], kind: SideKind) -> pd.DataFrame:
    import pandas as pd

    table = side.get(kind)
    if table is None:
        return pd.DataFrame(
            {name: pd.Series([], dtype=dtype) for name, dtype in _DOCUMENTED[kind].items()}
        )
    frame = one_row_each(table).reset_index()
    yes_no = [column.name for column in table.columns if column.kind == "yes/no"]
    numbers = dict.fromkeys(yes_no, "Float64" if table.many == "mean" else "Int8")
    apart = {name: f"{PREFIXES[kind]}{name}" for name in _KEPT_APART if name in frame}
    return frame.astype(numbers).rename(columns=apart)


def _notes(side: Mapping[str, SideTable], kind: SideKind) -> list[str]:
    table, name, word = side.get(kind), _TABLE_OF[kind], _WORD_OF[kind]
    if table is None:
        verb = "are" if kind == "feedback" else "is"
        return [f"{name} is empty: no {word} {verb} attached to this run."]
    report = table.report
    one = KEYS[kind].removesuffix("_id")
    notes = []
    if report.repeated_keys:
        many = f"{one}s have" if report.repeated_keys > 1 else f"{one} has"
        notes.append(
            f"{report.repeated_keys:,} {many} several rows in {table.name}; {name} has one row "
            f"each ({table.many})."
        )
    if report.unmatched:
        rows = "rows are of no" if report.unmatched > 1 else "row is of no"
        notes.append(f"{report.unmatched:,} {rows} {one} of this run and join nothing.")
    return notes


def _as_arrow(frame: pd.DataFrame) -> pa.Table:
    """Columns under names that differ in more than case, times in UTC without their zone."""
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False)
    # Before a run is judged its columns are there all the same, with the types they will have.
    empty = {"dissatisfaction": pa.list_(pa.string()), "failure_score": pa.float64()}
    taken: set[str] = set()
    names, columns = [], []
    for name, column in zip(table.column_names, table.columns, strict=True):
        unique, number = name, 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{name}_{number}"
        taken.add(unique.casefold())
        names.append(unique)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us"), safe=False)
        elif pa.types.is_null(column.type):
            column = column.cast(empty.get(name, pa.string()))
        columns.append(column)
    return pa.Table.from_arrays(columns, names=names)


def _shown(connection: DuckDBPyConnection, table: str) -> TableShown:
    described = connection.execute(f"DESCRIBE {table}").fetchall()
    names = [str(row[0]) for row in described]
    quoted = ['"{}"'.format(name.replace('"', '""')) for name in names]
    picked = ", ".join(f"CAST(ANY_VALUE({name}) AS VARCHAR)" for name in quoted)
    count, *examples = connection.execute(f"SELECT COUNT(*), {picked} FROM {table}").fetchall()[0]
    columns = [
        ColumnShown(name, str(row[1]), _shortened(example))
        for name, row, example in zip(names, described, examples, strict=True)
    ]
    return TableShown(table, int(count), tuple(columns))


def _shortened(example: str | None) -> str:
    line = " ".join((example or "").split())
    return line if len(line) <= _EXAMPLE_CHARACTERS else line[: _EXAMPLE_CHARACTERS - 1] + "…"
