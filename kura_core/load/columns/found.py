"""The columns of a source, for the user to say which is which: names, examples, what is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from kura_core.config import ColumnField
from kura_core.errors import InputError
from kura_core.load.columns.recognise import Shape, recognise
from kura_core.load.columns.shape import FIRST_ROWS, columns_of
from kura_core.load.exports.normal_form import as_normal_form
from kura_core.load.files.archive import is_zip, open_archive
from kura_core.load.files.detect import detect
from kura_core.load.files.members import choose_members
from kura_core.load.files.rows import RawRow, read_rows
from kura_core.load.huggingface import dataset_name, dataset_rows, is_saved
from kura_core.load.kura_folder import find_conversations
from kura_core.load.messages import clean_text

EXAMPLES = 5
_EXAMPLE_LENGTH = 80
# Lists are written out only this far: one row may hold a conversation of any length.
_LIST_ITEMS = 2


@dataclass(slots=True, frozen=True)
class FoundColumn:
    """A column, up to five of its values, shortened, and the field it was recognised as."""

    name: str
    examples: tuple[str, ...]
    field: ColumnField | None


@dataclass(slots=True, frozen=True)
class FoundColumns:
    """What the first rows of a source hold.

    `rows` says how its rows hold conversations, None when the user has to map columns first; then
    `missing` lists fields to be named and `problem` says what is in the way. `shape` is a digest of
    the sorted column names, equal for files of the same columns.
    """

    columns: tuple[FoundColumn, ...] = ()
    rows: Shape | None = None
    missing: tuple[ColumnField, ...] = ()
    problem: str = ""
    shape: str = ""
    mapped: dict[ColumnField, str] = field(default_factory=dict)

    @property
    def needs_mapping(self) -> bool:
        """Whether the conversations cannot be read until the user has named columns."""
        return bool(self.columns) and self.rows is None


def inspect_columns(
    source: str | Path, columns: Mapping[ColumnField, str] | None = None
) -> FoundColumns:
    """Look at the first rows of a source (at most 200) and tell what its columns hold.

    `columns` is what the user has said so far; columns the source does not have are left aside. Of
    several files in a zip or folder the first that needs mapping is told of, else the first; a
    folder of checkpoints or of a saved data set has no columns to be named. Raises
    InputError when the source cannot be read.
    """
    first: FoundColumns | None = None
    for rows in _first_rows(source):
        found = _found(rows, columns or {})
        if found.needs_mapping:
            return found
        first = first or found
    return first or FoundColumns()


def column_shape(names: list[str]) -> str:
    """A digest of column names, whatever their order, by which files of one kind are known."""
    content = "\0".join(sorted(names)).encode("utf-8", errors="surrogatepass")
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def _found(rows: list[RawRow], columns: Mapping[ColumnField, str]) -> FoundColumns:
    sample = [row.value for row in rows if row.problem is None and isinstance(row.value, dict)]
    values = columns_of(sample)
    mapped = {name: column for name, column in columns.items() if column in values}
    layout = recognise(sample, mapped)
    field_of = {column: name for name, column in layout.fields.items()}
    return FoundColumns(
        columns=tuple(
            FoundColumn(column, _examples(values[column]), field_of.get(column))
            for column in values
        ),
        rows=layout.shape,
        missing=layout.missing,
        problem=layout.problem,
        shape=column_shape(list(values)),
        mapped=mapped,
    )


def _examples(values: list[Any]) -> tuple[str, ...]:
    shown: dict[str, None] = {}
    for value in values:
        if len(shown) == EXAMPLES:
            break
        shown[_shortened(value)] = None
    return tuple(shown)


def _shortened(value: Any) -> str:
    if isinstance(value, list):
        inside = ", ".join(_shortened(item) for item in value[:_LIST_ITEMS])
        text = f"[{inside}{', …' if len(value) > _LIST_ITEMS else ''}]"
    elif isinstance(value, dict):
        text = "{" + ", ".join(str(key)[:_EXAMPLE_LENGTH] for key in list(value)[:6]) + "}"
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**40:
        text = "a very large number"
    else:
        text = " ".join(str(value)[: _EXAMPLE_LENGTH * 4].split())
    text = clean_text(text)
    return text if len(text) <= _EXAMPLE_LENGTH else text[: _EXAMPLE_LENGTH - 1] + "…"


def _first_rows(source: str | Path) -> Iterator[list[RawRow]]:
    """The first rows of each file of a source, known exports in the normal form already."""
    dataset = dataset_name(source)
    if dataset is not None:
        yield _normal(dataset_rows(dataset, streaming=True))
        return
    path = Path(source)
    if path.is_dir():
        if is_saved(path) or find_conversations(path) is not None:
            return
        names = [
            one.relative_to(path).as_posix() for one in sorted(path.rglob("*")) if one.is_file()
        ]
        for name in choose_members(names, path.name).taken:
            yield _readable(path / name)
    elif path.exists() and is_zip(path):
        with open_archive(path) as archive:
            for member in archive.members.taken:
                with archive.unpack(member) as unpacked:
                    yield _readable(unpacked)
    else:
        yield _normal(read_rows(detect(path)))


def _readable(path: Path) -> list[RawRow]:
    """One file among several; one that cannot be read is told of where the source is loaded."""
    try:
        return _normal(read_rows(detect(path)))
    except InputError:
        return []


def _normal(rows: Iterator[RawRow]) -> list[RawRow]:
    return [as_normal_form(row) for row in islice(rows, FIRST_ROWS)]
