"""Raw rows, numbered as a person counts them, streamed out of each format."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from kura_core.errors import InputError
from kura_core.load.columns.names import CONVERSATION_NAMES, plain_name
from kura_core.load.exports.normal_form import is_conversation
from kura_core.load.files.csv_rows import csv_rows
from kura_core.load.files.detect import FORMATS, DetectedFile, open_content
from kura_core.load.files.encodings import UTF8_BOM, utf8_lines
from kura_core.load.messages import clean_text, is_message_list
from kura_core.load.parse_json import parse_json

_PARQUET_BATCH = 1_000
# Which array of an object is meant where it has several.
_ARRAYS = ("conversations", "chats", "dialogues", "dialogs", "sessions", "threads")


class RawRow(NamedTuple):
    """One row as the file holds it, or the problem that kept it from being read.

    `lost` names the columns whose value could not be read and was taken as null, and why;
    `member` the file of an archive or folder the row is in, where there are several.
    """

    number: int
    value: Any
    problem: str | None = None
    lost: tuple[tuple[str, str], ...] = ()
    member: str = ""


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
            yield from _jsonl_rows(content, file.encoding)
        elif file.format == "json":
            yield from _json_rows(content, file)
        else:
            for row in csv_rows(content, file):
                yield RawRow(row.number, row.value, row.problem, row.notes)


def _jsonl_rows(content: IO[bytes], encoding: str) -> Iterator[RawRow]:
    for number, line in enumerate(utf8_lines(content, encoding), start=1):
        if line.isspace() or not line:
            continue
        try:
            yield RawRow(number, parse_json(line))
        except ValueError as error:
            yield RawRow(number, None, str(error))


def _json_rows(content: IO[bytes], file: DetectedFile) -> Iterator[RawRow]:
    data = content.read()
    if file.encoding != "utf-8":
        data = data.decode(file.encoding, errors="replace").encode("utf-8", errors="replace")
    try:
        value = parse_json(data.removeprefix(UTF8_BOM))
    except ValueError as error:
        if "Extra data" in str(error):
            raise InputError(
                f"{file.name} holds several JSON values one after the other ({error}). Write each "
                "conversation on a line of its own (JSONL), or all of them as one array."
            ) from error
        raise InputError(f"{file.name} cannot be read as JSON: {error}.") from error
    for number, row in enumerate(_conversation_array(value, file.name), start=1):
        yield RawRow(number, row)


def _conversation_array(value: Any, name: str) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise InputError(
            f"{name} holds a single {type(value).__name__}; needed is an array of conversations."
        )
    if is_conversation(value):
        return [value]
    arrays = {
        key: rows
        for key, rows in value.items()
        if isinstance(rows, list) and any(isinstance(row, dict) for row in rows)
    }
    if len(arrays) > 1:
        arrays = {key: rows for key, rows in arrays.items() if key in _ARRAYS} or arrays
    if len(arrays) == 1:
        (rows,) = arrays.values()
        return [value] if is_message_list(rows) and not _has_conversation(rows) else rows
    keys = ", ".join(repr(clean_text(key)[:40]) for key in list(value)[:12])
    raise InputError(
        f"{name} is an object with {len(arrays)} arrays of objects (keys: {keys or 'none'}); "
        "needed is an array of conversations, or an object with one such array."
    )


def _has_conversation(rows: list[Any]) -> bool:
    """Whether messages in a list say which conversation they belong to: there may be several."""
    return any(
        plain_name(key) in CONVERSATION_NAMES
        for row in rows[:4]
        if isinstance(row, dict)
        for key in row
    )


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
