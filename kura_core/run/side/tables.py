"""What a run's owner knows besides: ratings of conversations and facts about users, kept with it.

The tables of a run lie in its folder `joined/`, each as Parquet with a JSON file beside it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import orjson

from kura_core.errors import InputError
from kura_core.run.fingerprint import digest, file_digest
from kura_core.run.side.columns import SideColumn

if TYPE_CHECKING:
    import pandas as pd

    from kura_core.run.tables import RunTables

SideKind = Literal["feedback", "users"]
# How several rows of one key become one.
Many = Literal["last", "first", "mean", "any negative"]
FOLDER = "joined"
KEYS: dict[SideKind, str] = {"feedback": "conversation_id", "users": "user_id"}
_CHOSEN = "feedback_column.json"
_EXAMPLES = 5


@dataclass(slots=True, frozen=True)
class MatchReport:
    """How a table and a run's conversations or users fit together.

    `rows` were read, `matched` of them belong to the run, `unmatched` do not (with up to five of
    their keys); `without_key` had none and `unreadable` could not be read (with what is wrong with
    the first). `known` conversations or users are in the run, `without_row` of them not in the
    table. `repeated_keys` occur more than once, in `repeated_rows` rows.
    """

    rows: int = 0
    matched: int = 0
    unmatched: int = 0
    unmatched_examples: tuple[str, ...] = ()
    without_key: int = 0
    unreadable: int = 0
    problem: str | None = None
    known: int = 0
    without_row: int = 0
    repeated_keys: int = 0
    repeated_rows: int = 0
    notes: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class SideTable:
    """A feedback table (`kind` "feedback") or a user table ("users") as it was given.

    `name` is its file's, `key` the column of the file that holds the ids. `frame` has every row
    that was read and has a key, in the file's order: the ids first, as `conversation_id` or
    `user_id`, then the `columns`, typed (see `side_columns.typed_column`). `many` says how several
    rows of one key become one (see `side.rows.one_row_each`), `feedback` which column is the
    explicit feedback (None: the table has none).
    """

    kind: SideKind
    name: str
    key: str
    frame: pd.DataFrame
    columns: tuple[SideColumn, ...]
    report: MatchReport
    many: Many = "last"
    feedback: str | None = None

    @property
    def key_column(self) -> str:
        """The name of the ids in `frame`."""
        return KEYS[self.kind]

    def column(self, name: str) -> SideColumn:
        """One column's description. Raises InputError when there is none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        names = ", ".join(repr(column.name) for column in self.columns)
        raise InputError(
            f"{self.name} has no column {name!r}; it has {names or 'none besides its ids'}."
        )


def known_ids(kind: SideKind, tables: RunTables) -> list[str]:
    """The distinct conversation or user ids of a run's conversations, in order."""
    return sorted(tables.conversations[KEYS[kind]].dropna().unique())


def matched(table: SideTable, ids: Iterable[str]) -> SideTable:
    """The same table, its report brought up to a run's conversation or user ids."""
    known = set(ids)
    keys = table.frame[table.key_column]
    is_known = keys.isin(known)
    repeated = keys[keys.duplicated(keep=False)]
    report = replace(
        table.report,
        matched=int(is_known.sum()),
        unmatched=int((~is_known).sum()),
        unmatched_examples=tuple(str(key)[:60] for key in keys[~is_known].unique()[:_EXAMPLES]),
        known=len(known),
        without_row=len(known - set(keys)),
        repeated_keys=int(repeated.nunique()),
        repeated_rows=len(repeated),
    )
    return replace(table, report=report)


def attach(folder: Path, *tables: SideTable) -> None:
    """Keep tables with a run, each in place of the one of its kind; whole or not at all.

    Raises InputError when they cannot be written.
    """
    try:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        for table in tables:
            _keep(folder / FOLDER, table)
    except OSError as error:
        raise InputError(
            f"The table cannot be kept with the run ({error.strerror or error}). Check the space "
            "that is left and that the folder can be written to, then add it again."
        ) from error


def attached(folder: Path) -> dict[SideKind, SideTable]:
    """The tables kept with a run, by kind; a kind nobody gave is not in it."""
    import pandas as pd

    found: dict[SideKind, SideTable] = {}
    for kind in get_args(SideKind):
        path = folder / FOLDER / f"{kind}.parquet"
        about = _read(path.with_suffix(".json"))
        if about is None or not path.exists():
            continue
        if about.pop("sha256") != file_digest(path):
            raise InputError(
                f"The {kind} table kept with this run is damaged. Remove it and add it again."
            )
        about["columns"] = tuple(_column(column) for column in about["columns"])
        about["report"] = _report(about["report"])
        found[kind] = SideTable(frame=pd.read_parquet(path), **about)
    return found


def detach(folder: Path, kind: SideKind) -> None:
    """Remove a table from a run; none is no error."""
    for suffix in (".json", ".parquet"):
        (folder / FOLDER / f"{kind}{suffix}").unlink(missing_ok=True)


def choose_feedback(folder: Path, column: str | None) -> None:
    """Take a column of the conversations themselves (`meta_rating`) as the explicit feedback.

    None goes back to the feedback table's own.
    """
    path = folder / FOLDER / _CHOSEN
    if column is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, {"column": column})


def chosen_feedback(folder: Path) -> str | None:
    """The column of the conversations that `choose_feedback` took, or None."""
    about = _read(folder / FOLDER / _CHOSEN)
    return about["column"] if about else None


def copy_attached(source: Path, target: Path) -> None:
    """Give a run the tables and the choice of another; what it has itself is replaced."""
    if not (source / FOLDER).is_dir():
        return
    shutil.copytree(source / FOLDER, target / FOLDER, dirs_exist_ok=True)


def side_stamp(folder: Path) -> str:
    """A digest that changes whenever the tables or the choice kept with a run do.

    How they match the run does not count: it follows from them.
    """
    kept = folder / FOLDER
    found = {path.name: _read(path) or {} for path in sorted(kept.glob("*.json"))}
    return digest({name: about | {"report": None} for name, about in found.items()})


def _keep(kept: Path, table: SideTable) -> None:
    about = asdict(replace(table, frame=None))  # type: ignore[arg-type]
    del about["frame"]
    part = kept / f"{table.kind}.part"
    table.frame.to_parquet(part, index=False, compression="zstd")
    about["sha256"] = file_digest(part)
    # The description goes first: without its own table it counts as none.
    _write(kept / f"{table.kind}.json", about)
    os.replace(part, kept / f"{table.kind}.parquet")


def _report(about: dict[str, Any]) -> MatchReport:
    lists = ("unmatched_examples", "notes")
    return MatchReport(**about | {name: tuple(about[name]) for name in lists})


def _column(about: dict[str, Any]) -> SideColumn:
    example = about["example"]
    return SideColumn(
        **about | {"example": tuple(example) if example else None, "notes": tuple(about["notes"])}
    )


def _write(path: Path, value: dict[str, Any]) -> None:
    partial = path.with_suffix(".json.part")
    partial.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2))
    os.replace(partial, path)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value = orjson.loads(path.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    return value if isinstance(value, dict) else None
