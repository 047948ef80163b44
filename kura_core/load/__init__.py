"""Files in, conversations in normal form out, with a report of every row that was left out."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kura_core.errors import InputError
from kura_core.load.collect import collect_conversations
from kura_core.load.detect import detect
from kura_core.load.normalise import conversation_from_row
from kura_core.load.report import Coverage, Excluded, LoadedConversations, LoadReport, LoadWarning
from kura_core.load.rows import read_rows

__all__ = [
    "Coverage",
    "Excluded",
    "LoadReport",
    "LoadWarning",
    "LoadedConversations",
    "conversation_from_row",
    "load_conversations",
]


def load_conversations(path: str | Path, *, limit: int | None = None) -> LoadedConversations:
    """Load JSONL, JSON, CSV, TSV or Parquet, plain or gzipped, in the normal form.

    The conversations come ordered by id, whatever the order of the rows. One bad row never rejects
    the file: it is in `report.rejected` with its row number and reason. Blank conversations and
    repeated ids are in `report.filtered`; values that were taken as null, in `report.warnings`.
    Times without a zone are taken as UTC. `limit` ends the reading after that many usable
    conversations. `report.file_sha256` is the hash of the file as it lies on disk.

    Raises InputError, whose message says what to do, when the file as a whole is of no use:
    missing, empty, damaged, of another format, without the columns needed, or without one usable
    row.
    """
    if limit is not None and limit < 1:
        raise InputError(f"The limit is {limit}; needed is at least 1 conversation.")
    file = detect(path)
    with _garbage_collection_paused():
        loaded = collect_conversations(read_rows(file), file.name, limit=limit)
    loaded.report.file_sha256 = file_sha256(file.path)
    return loaded


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Pause the search for cycles, of which rows have none.

    Over 100 000 conversations it took two thirds of the time of a JSON or Parquet file.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def file_sha256(path: str | Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
