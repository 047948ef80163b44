"""Try a choice of columns: `python -m kura_core.run.preview_columns FILE --map FIELD=COLUMN,…`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from kura_core.config import ColumnField
from kura_core.errors import ConfigError, InputError
from kura_core.load.collect import collect_conversations
from kura_core.load.columns.found import inspect_columns
from kura_core.load.columns.shape import parse_column_map, shape_rows
from kura_core.load.files.archive import is_zip, open_archive
from kura_core.load.files.detect import detect
from kura_core.load.files.rows import RawRow, read_rows
from kura_core.types import Conversation, Role

ROWS = 2_000
SHOWN = 8
_FIRST_CHARACTERS = 300


def preview_columns(source: Path, columns: Mapping[ColumnField, str]) -> dict[str, Any]:
    """What the first 2,000 rows of a file give with these columns, as plain JSON.

    Keys: rows (looked at), usable, left_out (counts); conversations (the first eight:
    conversation_id, user, assistant (the first words of each), messages, created_at, user_id);
    excluded (the first eight rows left out: source_row, reason). What cannot be read so gives
    {"error": the sentence to show}.
    """
    rows = 0

    def counted(every: Iterator[RawRow]) -> Iterator[RawRow]:
        nonlocal rows
        for row in islice(every, ROWS):
            rows += 1
            yield row

    try:
        with ExitStack() as opened:
            shaped = shape_rows(counted(_rows(source, opened)), columns, source.name)
            loaded = collect_conversations(shaped, source.name)
    except InputError as error:
        return {"error": _problem(source, columns) or str(error)}
    report = loaded.report
    excluded = sorted([*report.rejected, *report.filtered], key=lambda row: row.source_row)
    in_order = sorted(
        zip(loaded.source_rows, loaded.conversations, strict=True), key=lambda pair: pair[0]
    )
    return {
        "rows": rows,
        "usable": report.usable,
        "left_out": len(excluded),
        "conversations": [_shown(conversation) for _, conversation in in_order[:SHOWN]],
        "excluded": [
            {"source_row": row.source_row, "reason": row.reason} for row in excluded[:SHOWN]
        ],
    }


def _problem(source: Path, columns: Mapping[ColumnField, str]) -> str | None:
    """What is wrong with a choice of columns, without the list of columns that is on the screen."""
    try:
        found = inspect_columns(source, columns)
    except InputError:
        return None
    all_there = len(found.mapped) == len(columns)
    problem = found.problem if found.needs_mapping and all_there else ""
    return f"{problem[0].upper()}{problem[1:]}." if problem else None


def _rows(source: Path, opened: ExitStack) -> Iterator[RawRow]:
    if is_zip(source):
        archive = opened.enter_context(open_archive(source))
        if archive.members.taken:
            source = opened.enter_context(archive.unpack(archive.members.taken[0]))
    return read_rows(detect(source))


def _shown(conversation: Conversation) -> dict[str, Any]:
    created = conversation.created_at
    return {
        "conversation_id": conversation.conversation_id,
        "user": _first_words(conversation, "user"),
        "assistant": _first_words(conversation, "assistant"),
        "messages": len(conversation.messages),
        "created_at": created.isoformat() if created else None,
        "user_id": conversation.user_id,
    }


def _first_words(conversation: Conversation, role: Role) -> str | None:
    said = next((m.content for m in conversation.messages if m.role == role), None)
    return None if said is None else " ".join(said[:_FIRST_CHARACTERS].split())


def main(arguments: list[str] | None = None) -> None:
    """Print what a choice of columns gives, as JSON."""
    parser = argparse.ArgumentParser(prog="python -m kura_core.run.preview_columns")
    parser.add_argument("source", type=Path)
    parser.add_argument("--map", metavar="FIELD=COLUMN,…", required=True)
    options = parser.parse_args(arguments)
    try:
        found = preview_columns(options.source, parse_column_map(options.map))
    except ConfigError as error:
        found = {"error": str(error)}
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    json.dump(found, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
