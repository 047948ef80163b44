"""The rows of a CSV or TSV file, whatever its encoding, and what is odd about its header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from kura_core.errors import InputError
from kura_core.load.files.detect import DetectedFile
from kura_core.load.files.encodings import as_latin, narrow_encoding
from kura_core.load.messages import clean_text

_LONGEST_FIELD = 2**31 - 1
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=.?")


class CsvRow(NamedTuple):
    """One record, by column, or the problem with it; `notes` (column, text) on the whole file."""

    number: int
    value: dict[str, str] | None
    problem: str | None = None
    notes: tuple[tuple[str, str], ...] = ()


class _Header(NamedTuple):
    columns: list[str]
    unnamed: frozenset[int]
    notes: tuple[tuple[str, str], ...]


def csv_rows(content: IO[bytes], file: DetectedFile) -> Iterator[CsvRow]:
    """Read the records, numbered from 2 because the header is 1.

    A file that is not UTF-8 is read as Windows-1252, which the notes of the first record say.
    Raises InputError when the first line is no header.
    """
    # The limit is the module's, not a reader's; its default of 131,072 characters is shorter than
    # many a conversation.
    csv.field_size_limit(_LONGEST_FIELD)
    encoding, bad_lines = file.encoding, 0
    if encoding == "utf-8":
        encoding, bad_lines = narrow_encoding(content)
    latin = encoding == "cp1252"
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    text = io.TextIOWrapper(content, codec, errors="surrogateescape", newline="")
    reader = csv.reader(text, delimiter=file.delimiter)
    header = _header(reader, file.name, latin)
    notes = header.notes
    if latin:
        lines = f"{bad_lines:,} line{'s are' if bad_lines > 1 else ' is'}"
        note = (
            f"{lines} not UTF-8, so the file was read as Windows-1252 (Latin-1); save it as UTF-8"
        )
        notes = (*notes, ("encoding", f"{note} if its accented letters look wrong"))
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield CsvRow(number, None, f"not readable as CSV: {error}")
            continue
        if cells:
            row = _row(number, header, cells, latin)
            if row.problem is None and notes:
                row, notes = row._replace(notes=notes), ()
            yield row


def _header(reader: Any, name: str, latin: bool) -> _Header:
    try:
        cells: list[str] = next((row for row in reader if row), [])
        # A line by which spreadsheets tell each other the delimiter.
        if len(cells) <= 2 and _SEPARATOR_LINE.fullmatch("".join(cells)):
            cells = next((row for row in reader if row), [])
    except csv.Error as error:
        raise InputError(f"The first line of {name} is no CSV header: {error}.") from error
    if latin:
        cells = [as_latin(cell) for cell in cells]
    names = [clean_text(cell.removeprefix("\ufeff").strip()) for cell in cells]
    unnamed = frozenset(index for index, column in enumerate(names) if not column)
    columns: list[str] = []
    notes: list[tuple[str, str]] = []
    count: Counter[str] = Counter()
    for index, column in enumerate(names, start=1):
        column = column or f"column {index}"
        count[column] += 1
        if count[column] > 1:
            new = f"{column} ({count[column]})"
            notes.append(
                (column, f"the header has this name twice; the later one is called {new!r}")
            )
            column = new
        columns.append(column)
    return _Header(columns, unnamed, tuple(notes))


def _row(number: int, header: _Header, cells: list[str], latin: bool) -> CsvRow:
    columns = header.columns
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        problem = f"it has {len(cells)} values, the header {len(columns)}; check its quotes"
        return CsvRow(number, None, problem)
    if latin:
        cells = [as_latin(cell) for cell in cells]
    elif any(_has_foreign_bytes(cell) for cell in cells):
        return CsvRow(number, None, "not UTF-8 text; save the file as UTF-8")
    value = dict(zip(columns, cells, strict=False))
    for index in header.unnamed:
        if not value.get(columns[index], "").strip():
            value.pop(columns[index], None)
    return CsvRow(number, value)


def _has_foreign_bytes(cell: str) -> bool:
    """Whether bytes that are no UTF-8 were read; they come through decoding as lone surrogates."""
    if cell.isascii():
        return False
    try:
        cell.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
