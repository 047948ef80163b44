"""Raw rows, numbered as a person counts them, streamed out of each format."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from kura_core.errors import InputError
from kura_core.load.detect import FORMATS, DetectedFile, open_content
from kura_core.load.messages import clean_text
from kura_core.load.normalise import column_field
from kura_core.load.parse_json import parse_json

_BOM = b"\xef\xbb\xbf"
_PARQUET_BATCH = 1_000
_LONGEST_CSV_FIELD = 2**31 - 1


class RawRow(NamedTuple):
    """One row as the file holds it, or the problem that kept it from being read.

    `lost` names the columns whose value could not be read and was taken as null, and why.
    """

    number: int
    value: Any
    problem: str | None = None
    lost: tuple[tuple[str, str], ...] = ()


def read_rows(file: DetectedFile) -> Iterator[RawRow]:
    """Stream a file's rows; one that cannot be read is given with its problem.

    A row's number is the line of a JSONL file, the element of a JSON array (from 1), the record of
    a CSV or TSV file (the header is 1) or the row of a Parquet file (from 1). Only a JSON array is
    held in memory whole. Raises InputError for what is wrong with the file as a whole.
    """
    if file.format == "parquet":
        yield from _parquet_rows(file)
        return
    with open_content(file.path, file.gzipped) as content:
        if file.format == "jsonl":
            yield from _jsonl_rows(content)
        elif file.format == "json":
            yield from _json_rows(content, file.name)
        else:
            yield from _csv_rows(content, file)


def _jsonl_rows(content: IO[bytes]) -> Iterator[RawRow]:
    for number, line in enumerate(content, start=1):
        if number == 1:
            line = line.removeprefix(_BOM)
        if line.isspace() or not line:
            continue
        try:
            yield RawRow(number, parse_json(line))
        except ValueError as error:
            yield RawRow(number, None, str(error))


def _json_rows(content: IO[bytes], name: str) -> Iterator[RawRow]:
    try:
        value = parse_json(content.read().removeprefix(_BOM))
    except ValueError as error:
        raise InputError(f"{name} cannot be read as JSON: {error}.") from error
    for number, row in enumerate(_conversation_array(value, name), start=1):
        yield RawRow(number, row)


def _conversation_array(value: Any, name: str) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise InputError(
            f"{name} holds a single {type(value).__name__}; needed is an array of conversations."
        )
    if isinstance(value.get("messages"), list):
        return [value]
    arrays = {
        key: rows
        for key, rows in value.items()
        if isinstance(rows, list) and any(isinstance(row, dict) for row in rows)
    }
    if len(arrays) > 1 and "conversations" in arrays:
        return arrays["conversations"]
    if len(arrays) == 1:
        return next(iter(arrays.values()))
    keys = ", ".join(repr(clean_text(key)[:40]) for key in list(value)[:12])
    raise InputError(
        f"{name} is an object with {len(arrays)} arrays of objects (keys: {keys or 'none'}); "
        "needed is an array of conversations, or an object with one such array."
    )


def _csv_rows(content: IO[bytes], file: DetectedFile) -> Iterator[RawRow]:
    # The limit is the module's, not a reader's; its default of 131,072 characters is shorter than
    # many a conversation.
    csv.field_size_limit(_LONGEST_CSV_FIELD)
    text = io.TextIOWrapper(content, "utf-8-sig", errors="surrogateescape", newline="")
    reader = csv.reader(text, delimiter=file.delimiter)
    columns = _csv_header(reader, file.name)
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield RawRow(number, None, f"not readable as CSV: {error}")
            continue
        if cells:
            yield _csv_row(number, columns, cells)


def _csv_header(reader: Any, name: str) -> list[str]:
    try:
        columns = [clean_text(cell.strip()) for cell in next((row for row in reader if row), [])]
    except csv.Error as error:
        raise InputError(f"The first line of {name} is no CSV header: {error}.") from error
    require_messages_column(columns, name)
    return columns


def require_messages_column(columns: list[str], name: str) -> None:
    """Raise InputError, listing the columns there are, when none of them holds messages."""
    if any(column_field(column)[0] == "messages" for column in columns):
        return
    listed = ", ".join(repr(column[:40]) for column in columns[:20])
    raise InputError(
        f"{name} has no column messages. Columns found: {listed or 'none'}. Needed: messages, a "
        'JSON list such as [{"role": "user", "content": "…"}]; also read are conversation_id, '
        "created_at, user_id and metadata."
    )


def _csv_row(number: int, columns: list[str], cells: list[str]) -> RawRow:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return RawRow(
            number, None, f"it has {len(cells)} values, the header {len(columns)}; check its quotes"
        )
    if any(_has_foreign_bytes(cell) for cell in cells):
        return RawRow(number, None, "not UTF-8 text; save the file as UTF-8")
    return RawRow(number, dict(zip(columns, cells, strict=False)))


def _has_foreign_bytes(cell: str) -> bool:
    """Whether bytes that are no UTF-8 were read; they come through decoding as lone surrogates."""
    if cell.isascii():
        return False
    try:
        cell.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _parquet_rows(file: DetectedFile) -> Iterator[RawRow]:
    if not file.gzipped:
        yield from _parquet_batches(file.path, file.name)
        return
    # Parquet is read from its end, which a gzip stream cannot give.
    with tempfile.TemporaryFile() as unpacked:
        with open_content(file.path, gzipped=True) as content:
            while chunk := content.read(1 << 20):
                unpacked.write(chunk)
        unpacked.seek(0)
        yield from _parquet_batches(unpacked, file.name)


def _parquet_batches(source: Path | IO[bytes], name: str) -> Iterator[RawRow]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(source) as parquet:
            require_messages_column([str(column) for column in parquet.schema_arrow.names], name)
            number = 0
            for batch in parquet.iter_batches(batch_size=_PARQUET_BATCH):
                for row in _batch_rows(batch, number):
                    number += 1
                    yield row
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{name} is a damaged Parquet file or one of a kind that cannot be read "
            f"({str(error).splitlines()[0][:200]}); export it again. Needed is {FORMATS}."
        ) from error


def _batch_rows(batch: Any, before: int) -> Iterator[RawRow]:
    try:
        values = batch.to_pylist()
    except (ValueError, OverflowError, KeyError):
        # A value Python has no equal for, such as a year 20 000 or text that is no UTF-8.
        for index in range(batch.num_rows):
            yield _value_by_value(batch, index, before + index + 1)
        return
    for index, value in enumerate(values, start=1):
        yield RawRow(before + index, value)


def _value_by_value(batch: Any, index: int, number: int) -> RawRow:
    row: dict[str, Any] = {}
    lost = []
    for column, values in zip(batch.schema.names, batch.columns, strict=True):
        try:
            row[column] = values[index].as_py()
        except (ValueError, OverflowError, KeyError) as error:
            row[column] = None
            lost.append((column, f"a value that cannot be read ({error}); taken as null"))
    return RawRow(number, row, lost=tuple(lost))
