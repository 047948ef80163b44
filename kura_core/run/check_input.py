"""Check an input in a process of its own: `python -m kura_core.run.check_input SOURCE`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kura_core.config import ColumnField
from kura_core.errors import ConfigError, InputError
from kura_core.load import Coverage, Excluded, LoadWarning, load_conversations
from kura_core.load.columns.found import FoundColumns, inspect_columns
from kura_core.load.columns.shape import parse_column_map
from kura_core.load.coverage import describe_metadata
from kura_core.run.languages import count_languages
from kura_core.types import Conversation

PREVIEW = 20
SHOWN_ROWS = 500
_FIRST_CHARACTERS = 300


def check_input(
    source: str | Path,
    columns: Mapping[ColumnField, str] | None = None,
    *,
    limit: int | None = None,
) -> dict[str, Any]:
    """The load report of a source, what it covers and its first conversations, as plain JSON.

    Keys: read, rejected, loaded, filtered, usable (counts); excluded (source_row, kind, reason; at
    most 500) and warnings (source_row, column, text; at most 500, counted in `warned`); users,
    with_users, with_times, with_assistant, single_turn, messages, first_time, last_time; turns and
    characters (median, most: nine in ten are no longer, longest); languages (code → count in a
    sample); metadata (name, filled, kind, distinct); columns (as `needs_columns`, or None); preview
    (20 conversations, in order of time). `limit` ends the reading after that many conversations.

    A source of no use gives {"error": the sentence to show}, and when its columns must be named
    also `needs_columns`: columns (name, examples, field), missing, problem, shape (by which
    `kura_core.run.column_maps` keeps what the user says).
    """
    try:
        loaded = load_conversations(source, columns=columns, limit=limit)
    except InputError as error:
        return {"error": str(error), **_needed(source, columns)}
    found = _inspected(source, columns)
    report = loaded.report
    excluded = sorted([*report.rejected, *report.filtered], key=lambda row: row.source_row)
    first = sorted(
        loaded.conversations,
        key=lambda c: (c.created_at is None, c.created_at or 0, c.conversation_id),
    )
    return {
        "read": report.read,
        "rejected": len(report.rejected),
        "loaded": report.loaded,
        "filtered": len(report.filtered),
        "usable": report.usable,
        "excluded": [_excluded(row) for row in excluded[:SHOWN_ROWS]],
        "warned": len(report.warnings),
        "warnings": [_warning(warning) for warning in report.warnings[:SHOWN_ROWS]],
        **_coverage(report.coverage),
        "languages": count_languages(loaded.conversations),
        "metadata": [asdict(column) for column in describe_metadata(loaded.conversations)],
        "columns": _columns(found) if found is not None else None,
        "preview": [_preview(conversation) for conversation in first[:PREVIEW]],
    }


def _needed(source: str | Path, columns: Mapping[ColumnField, str] | None) -> dict[str, Any]:
    """The columns to be named, when that is what keeps the source from being read."""
    found = _inspected(source, columns)
    if found is None:
        return {}
    unknown = bool(found.columns) and len(found.mapped) < len(columns or {})
    return {"needs_columns": _columns(found)} if found.needs_mapping or unknown else {}


def _inspected(
    source: str | Path, columns: Mapping[ColumnField, str] | None
) -> FoundColumns | None:
    """The columns of the source; None where it is not read by columns or cannot be read."""
    try:
        found = inspect_columns(source, columns)
    except InputError:
        return None
    return found if found.columns else None


def _columns(found: FoundColumns) -> dict[str, Any]:
    return {
        "columns": [
            {"name": column.name, "examples": list(column.examples), "field": column.field}
            for column in found.columns
        ],
        "missing": list(found.missing),
        "problem": found.problem,
        "rows": found.rows,
        "shape": found.shape,
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    counts = asdict(coverage)
    for name in ("first_time", "last_time"):
        counts[name] = counts[name].isoformat() if counts[name] else None
    return counts


def _excluded(row: Excluded) -> dict[str, Any]:
    return {"source_row": row.source_row, "kind": row.kind, "reason": row.reason}


def _warning(warning: LoadWarning) -> dict[str, Any]:
    return {"source_row": warning.source_row, "column": warning.column, "text": warning.text}


def _preview(conversation: Conversation) -> dict[str, Any]:
    said = next((m.content for m in conversation.messages if m.role == "user"), "")
    created = conversation.created_at
    return {
        "conversation_id": conversation.conversation_id,
        "created_at": created.isoformat() if created else None,
        "user_id": conversation.user_id,
        "messages": len(conversation.messages),
        "first": " ".join(said[: _FIRST_CHARACTERS * 4].split())[:_FIRST_CHARACTERS],
    }


def main(arguments: list[str] | None = None) -> None:
    """Print the check of one source as JSON."""
    parser = argparse.ArgumentParser(description="Check an input; the answer is JSON on stdout.")
    parser.add_argument("source", help="a file, a zip, a folder or hf:OWNER/NAME")
    parser.add_argument("--map", metavar="FIELD=COLUMN,…", help="which column holds what")
    parser.add_argument("--limit", type=int, metavar="N", help="read at most N conversations")
    options = parser.parse_args(arguments)
    try:
        columns = parse_column_map(options.map) if options.map else None
        found = check_input(options.source, columns, limit=options.limit)
    except ConfigError as error:
        found = {"error": str(error)}
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    json.dump(found, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
