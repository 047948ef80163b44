"""Rows of any shape into one row a conversation, in the normal form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from kura_core.config import ColumnField
from kura_core.errors import InputError
from kura_core.load.columns.mapping import matched_columns, parse_column_map
from kura_core.load.columns.recognise import Layout, needed_columns, own_column, recognise
from kura_core.load.columns.transcripts import parse_transcript
from kura_core.load.columns.turns import exchange_messages, group_turns
from kura_core.load.files.rows import RawRow
from kura_core.load.messages import is_message_list
from kura_core.load.normalise import row_metadata
from kura_core.load.times import parse_time

__all__ = ["FIRST_ROWS", "parse_column_map", "shape_rows"]

# How many rows are looked at to tell what the columns hold.
FIRST_ROWS = 200


def shape_rows(
    rows: Iterable[RawRow], columns: Mapping[ColumnField, str] | None, name: str
) -> Iterator[RawRow]:
    """Bring rows to one a conversation, each an object with messages.

    Read are: messages in a column of their own; one row a message (conversation, role, text); one
    row a question and its answer (prompt, response); one row a transcript (text). `columns` is the
    user's word on which column is which; without it the names and values of the first 200 rows
    decide. Rows that have a problem pass as they are. Only rows that must be brought together are
    held in memory. Raises InputError, listing the columns found and how to name them, when the
    columns cannot be told or one that was named is not there.
    """
    rows = iter(rows)
    first = list(islice(rows, FIRST_ROWS))
    everything: Iterator[RawRow] = chain(first, rows)
    sample = [row.value for row in first if row.problem is None and isinstance(row.value, dict)]
    if any(isinstance(row.value, list) for row in first):
        everything = map(_from_list, everything)
    if not sample:
        return everything
    found = columns_of(sample)
    mapped = matched_columns(columns or {}, list(found), name)
    layout = recognise(sample, mapped)
    if layout.shape is None:
        raise InputError(needed_columns(layout, found, name))
    return _warned(_shaped(everything, layout, list(found), name), layout)


def columns_of(sample: Iterable[dict[str, Any]]) -> dict[str, list[Any]]:
    """The columns of some rows in the order they are met, each with the values it has."""
    found: dict[str, list[Any]] = {}
    for row in sample:
        for column, value in row.items():
            values = found.setdefault(column if isinstance(column, str) else str(column), [])
            if value is not None and value != "":
                values.append(value)
    return found


def _shaped(
    rows: Iterator[RawRow], layout: Layout, columns: list[str], name: str
) -> Iterator[RawRow]:
    if layout.grouped:
        return group_turns(rows, layout, name)
    if layout.shape == "messages":
        if _is_normal_form(layout, columns):
            return rows
        return (_with_messages(row, layout) for row in rows)
    one = _exchange if layout.shape == "exchanges" else _text
    return (one(row, layout) for row in rows)


def _is_normal_form(layout: Layout, columns: list[str]) -> bool:
    """Whether the rows can go on as they are, because their columns are those looked for."""
    names: tuple[ColumnField, ...] = ("conversation_id", "created_at", "user_id", "messages")
    return layout.day_first and all(
        layout.fields.get(name) == own_column(name, columns) for name in names
    )


def _warned(rows: Iterator[RawRow], layout: Layout) -> Iterator[RawRow]:
    """The rows; the first one that is kept says how dates were read that could be read two ways."""
    if layout.open_date is None:
        return rows
    text = (
        f"dates such as {layout.open_date} are read with the day first, because no date in the "
        "column tells; write them as 2026-01-31 if the month comes first"
    )
    return _with_note(rows, (layout.fields["created_at"], text))


def _with_note(rows: Iterator[RawRow], note: tuple[str, str]) -> Iterator[RawRow]:
    said = False
    for row in rows:
        if not said and row.problem is None:
            said = True
            row = row._replace(lost=(*row.lost, note))
        yield row


def _from_list(row: RawRow) -> RawRow:
    """A row that is a list of messages is a conversation without anything else."""
    return row._replace(value={"messages": row.value}) if is_message_list(row.value) else row


def _with_messages(row: RawRow, layout: Layout) -> RawRow:
    if row.problem is not None or not isinstance(row.value, dict):
        return row
    return _conversation(row, layout, row.value.get(layout.fields["messages"]))


def _exchange(row: RawRow, layout: Layout) -> RawRow:
    if row.problem is not None or not isinstance(row.value, dict):
        return row
    messages = exchange_messages(row.value, layout)
    if not messages:
        columns = [layout.fields[name] for name in ("prompt", "response") if name in layout.fields]
        return row._replace(value=None, problem=f"no text in {' or '.join(map(repr, columns))}")
    return _conversation(row, layout, messages)


def _text(row: RawRow, layout: Layout) -> RawRow:
    if row.problem is not None or not isinstance(row.value, dict):
        return row
    text = row.value.get(layout.fields["text"])
    if not isinstance(text, str) or not text or text.isspace():
        problem = f"no text in {layout.fields['text']!r}"
        return row._replace(value=None, problem=problem)
    messages, open_sides = parse_transcript(text)
    if open_sides is not None:
        return row._replace(value=None, problem=open_sides)
    return _conversation(row, layout, messages or [{"role": "user", "content": text}])


def _conversation(row: RawRow, layout: Layout, messages: Any) -> RawRow:
    value, fields = row.value, layout.fields
    used = layout.used
    found = {
        str(name): value.get(column)
        for name, column in fields.items()
        if name in ("conversation_id", "user_id")
    }
    others = {column: one for column, one in value.items() if column not in used}
    shaped = {**found, "created_at": _time(value, layout), "messages": messages}
    return row._replace(value={**shaped, "metadata": row_metadata(others)})


def _time(value: dict[str, Any], layout: Layout) -> Any:
    """The time as written, unless it takes the column's other values to read it."""
    column = layout.fields.get("created_at")
    if column is None:
        return None
    if layout.day_first:
        return value.get(column)
    try:
        return parse_time(value.get(column), day_first=False)
    except (ValueError, OverflowError):
        return value.get(column)
