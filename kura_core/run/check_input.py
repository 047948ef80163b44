"""Check an input file in a process of its own: `python -m kura_core.run.check_input FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from kura_core.errors import InputError
from kura_core.load import Excluded, load_conversations
from kura_core.types import Conversation

PREVIEW = 20
SHOWN_ROWS = 500
_FIRST_CHARACTERS = 300


def check_input(path: Path) -> dict[str, Any]:
    """The load report of a file and its first conversations, as plain JSON.

    Keys: read, rejected, loaded, filtered, usable (counts); excluded (source_row, kind, reason; at
    most 500) and warnings (source_row, column, text; at most 500, counted in `warned`); users,
    with_times, messages, first_time, last_time; preview (20 conversations, in order of time).
    A file of no use gives {"error": the sentence to show}.
    """
    try:
        loaded = load_conversations(path)
    except InputError as error:
        return {"error": str(error)}
    report, coverage = loaded.report, loaded.report.coverage
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
        "warnings": [
            {"source_row": w.source_row, "column": w.column, "text": w.text}
            for w in report.warnings[:SHOWN_ROWS]
        ],
        "messages": coverage.messages,
        "users": coverage.users,
        "with_times": coverage.with_times,
        "first_time": coverage.first_time.isoformat() if coverage.first_time else None,
        "last_time": coverage.last_time.isoformat() if coverage.last_time else None,
        "preview": [_preview(conversation) for conversation in first[:PREVIEW]],
    }


def _excluded(row: Excluded) -> dict[str, Any]:
    return {"source_row": row.source_row, "kind": row.kind, "reason": row.reason}


def _preview(conversation: Conversation) -> dict[str, Any]:
    said = next((m.content for m in conversation.messages if m.role == "user"), "")
    created = conversation.created_at
    return {
        "conversation_id": conversation.conversation_id,
        "created_at": created.isoformat() if created else None,
        "user_id": conversation.user_id,
        "messages": len(conversation.messages),
        "first": " ".join(said.split())[:_FIRST_CHARACTERS],
    }


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    json.dump(check_input(Path(sys.argv[1])), sys.stdout, ensure_ascii=False)
