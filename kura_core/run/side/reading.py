"""A feedback or user table out of a file: its rows, its key column and the types of the others."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from kura_core.errors import InputError
from kura_core.load.columns.names import CONVERSATION_NAMES, ROW_ID_NAMES, USER_NAMES, plain_name
from kura_core.load.files.detect import FORMATS, DetectedFile, detect
from kura_core.load.files.rows import RawRow, read_rows
from kura_core.load.messages import clean_text
from kura_core.load.normalise import identifier
from kura_core.run.side.columns import typed_column
from kura_core.run.side.feedback import find_feedback
from kura_core.run.side.tables import KEYS, Many, MatchReport, SideKind, SideTable, matched

_KEY_NAMES: dict[SideKind, tuple[str, ...]] = {
    "feedback": (*CONVERSATION_NAMES, *ROW_ID_NAMES),
    "users": (*USER_NAMES, *ROW_ID_NAMES),
}
_WHAT: dict[SideKind, tuple[str, str]] = {
    "feedback": ("feedback table", "conversation"),
    "users": ("user table", "user"),
}
# A column whose name says nothing is taken as the key when so many of its values are known ids.
_MATCHES_BY_VALUE = 0.5
_MOST_COLUMNS = 300
_EXAMPLES = 3
_JSON_TABLE = 'an array with an object a row: [{"conversation_id": "c1", "thumbs_up": 1}, …]'


@dataclass(slots=True, frozen=True)
class SideRows:
    """A table as its file has it: raw values by column, the rows they are from, what was lost.

    `numbers` are the rows as a person counts them; `unreadable` rows are not among them, `problem`
    says what is wrong with the first.
    """

    name: str
    values: dict[str, list[Any]]
    numbers: list[int]
    unreadable: int
    problem: str | None
    notes: tuple[str, ...]


def read_side_rows(path: Path) -> SideRows:
    """Read a table's file. Raises InputError when it is none that can be read, or has no row."""
    if path.is_file() and path.stat().st_size == 0:
        raise InputError(f"{path.name} is empty; give a table with a header and rows.")
    values: dict[str, list[Any]] = {}
    numbers: list[int] = []
    problems: list[str] = []
    notes: list[str] = []
    for row in _table_rows(detect(path)):
        notes += [text for _, text in row.lost if text not in notes]
        if row.problem is None and isinstance(row.value, dict):
            _add_row(values, row.value, len(numbers), path.name)
            numbers.append(row.number)
        else:
            problem = row.problem or "it holds no named values"
            problems.append(f"row {row.number}: {problem}")
    if not numbers:
        why = f" ({problems[0]})" if problems else ""
        raise InputError(
            f"{path.name} has no row that can be read{why}; needed is a table with a header and "
            f"rows, as {FORMATS}."
        )
    for cells in values.values():
        cells.extend([None] * (len(numbers) - len(cells)))
    first = problems[0] if problems else None
    return SideRows(path.name, values, numbers, len(problems), first, tuple(notes))


def _table_rows(file: DetectedFile) -> Iterator[RawRow]:
    try:
        yield from read_rows(file)
    except InputError as error:
        if file.format != "json":
            raise
        raise InputError(f"{error} A table in JSON is {_JSON_TABLE}.") from error


def read_uploaded_rows(name: str, content: IO[bytes]) -> SideRows:
    """Read a table that was uploaded under a name, as `read_side_rows` does a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "table")
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
        return read_side_rows(path)


def _add_row(values: dict[str, list[Any]], row: dict[Any, Any], before: int, name: str) -> None:
    for column, cell in row.items():
        plain = " ".join(clean_text(str(column)).split()) or "unnamed"
        cells = values.setdefault(plain, [])
        if len(values) > _MOST_COLUMNS:
            raise InputError(
                f"{name} has more than {_MOST_COLUMNS} columns; leave out those you do not need."
            )
        # Rows in between did not have this column; a second one of the same name is left out.
        if len(cells) <= before:
            cells.extend([None] * (before - len(cells)))
            cells.append(cell)


def read_side_table(
    path: Path,
    kind: SideKind,
    ids: Collection[str],
    *,
    key: str | None = None,
    many: Many = "last",
    feedback: str | None = None,
) -> SideTable:
    """Read a feedback or user table and match it to a run's conversation or user ids.

    `key` names the column with the ids; left out, it is found by its name and by how many of its
    values are known. `many` says what becomes of several rows of one key, `feedback` which column
    is the explicit feedback (left out: found by name and kind). Raises InputError when the file
    cannot be read, there is no such column, or no key is known.
    """
    return type_side_table(read_side_rows(path), kind, ids, key=key, many=many, feedback=feedback)


def type_side_table(
    rows: SideRows,
    kind: SideKind,
    ids: Collection[str],
    *,
    key: str | None = None,
    many: Many = "last",
    feedback: str | None = None,
) -> SideTable:
    """Do the same as `read_side_table` with rows that were read before."""
    import pandas as pd

    known = set(ids)
    _refuse_without_ids(rows, kind, known)
    found = _key_column(rows, kind, known, key)
    keys = [identifier(value) for value in rows.values[found]]
    kept = [index for index, value in enumerate(keys) if value is not None]
    numbers = [rows.numbers[index] for index in kept]
    series = {KEYS[kind]: pd.Series([keys[index] for index in kept], dtype="str")}
    columns = []
    for name, new in _column_names([c for c in rows.values if c != found], KEYS[kind]):
        values = [rows.values[name][index] for index in kept]
        series[new], column = typed_column(new, values, numbers)
        columns.append(column)
    report = MatchReport(
        rows=len(rows.numbers) + rows.unreadable,
        without_key=len(keys) - len(kept),
        unreadable=rows.unreadable,
        problem=rows.problem,
        notes=rows.notes,
    )
    frame = pd.DataFrame(series)
    chosen = find_feedback(columns, frame, feedback) if kind == "feedback" else None
    table = SideTable(kind, rows.name, found, frame, tuple(columns), report, many, chosen)
    return matched(table, known)


def key_columns(rows: SideRows, kind: SideKind, ids: Collection[str]) -> list[str]:
    """The columns that can be the key, the likeliest first: by their names, then their values."""
    known = set(ids)
    order = {name: place for place, name in enumerate(_KEY_NAMES[kind])}
    shares = {name: _known_share(values, known) for name, values in rows.values.items()}
    named = [name for name in rows.values if plain_name(name) in order and shares[name] > 0]
    named.sort(key=lambda name: (-round(shares[name], 1), order[plain_name(name)]))
    others = [n for n in rows.values if n not in named and shares[n] >= _MATCHES_BY_VALUE]
    return named + sorted(others, key=lambda name: -shares[name])


def _key_column(rows: SideRows, kind: SideKind, known: set[str], wanted: str | None) -> str:
    what, one = _WHAT[kind]
    if wanted is not None and wanted not in rows.values:
        raise InputError(
            f"{rows.name} has no column {wanted!r}; its columns are {_listed(rows.values)}."
        )
    if wanted is None:
        able = key_columns(rows, kind, known)
        if able:
            return able[0]
    elif _known_share(rows.values[wanted], known) > 0:
        return wanted
    order = _KEY_NAMES[kind]
    named = [name for name in rows.values if plain_name(name) in order]
    tried = wanted or min(named, key=lambda n: order.index(plain_name(n)), default=None)
    theirs = f"those of this run are {_listed(sorted(known))}"
    if tried is None:
        raise InputError(
            f"No column of {rows.name} holds {one} ids: its columns are {_listed(rows.values)}, "
            f"and {theirs}. Add a column {KEYS[kind]} with the same ids as the conversations, or "
            "choose the column that has them."
        )
    seen = [text for value in rows.values[tried] if (text := identifier(value)) is not None]
    has = f"has {_listed(list(dict.fromkeys(seen)))}" if seen else "is empty"
    raise InputError(
        f"None of the {one} ids in {rows.name} is one of this run: the column {tried!r} {has}; "
        f"{theirs}. Check that the {what} is of the same {one}s, or choose another column as the "
        "key."
    )


def _known_share(values: Sequence[Any], known: set[str]) -> float:
    found = Counter(text in known for value in values if (text := identifier(value)) is not None)
    return found[True] / found.total() if found else 0.0


def _refuse_without_ids(rows: SideRows, kind: SideKind, known: set[str]) -> None:
    if known or kind == "feedback":
        return
    raise InputError(
        f"{rows.name} cannot be matched: the conversations of this run say nothing of users. Load "
        "them again with the column that holds the user id."
    )


def _column_names(columns: list[str], key: str) -> list[tuple[str, str]]:
    """Names that stay apart without regard to case, as a database needs them."""
    taken = {key}
    named = []
    for column in columns:
        new, number = column, 1
        while new.casefold() in taken:
            number += 1
            new = f"{column} ({number})"
        taken.add(new.casefold())
        named.append((column, new))
    return named


def _listed(names: Collection[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in list(names)[:_EXAMPLES])
    return f"{shown}, …" if len(names) > _EXAMPLES else shown or "none"
