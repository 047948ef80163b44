"""Files in, conversations in normal form out, with a report of every row that was left out."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kura_core.config import ColumnField
from kura_core.errors import InputError
from kura_core.load.collect import collect_conversations
from kura_core.load.normalise import conversation_from_row
from kura_core.load.report import Coverage, Excluded, LoadedConversations, LoadReport, LoadWarning
from kura_core.load.source import fingerprint_source, read_source, source_name

__all__ = [
    "Coverage",
    "Excluded",
    "LoadReport",
    "LoadWarning",
    "LoadedConversations",
    "conversation_from_row",
    "fingerprint_source",
    "load_conversations",
    "source_name",
]


def load_conversations(
    source: str | Path,
    *,
    limit: int | None = None,
    columns: Mapping[ColumnField, str] | None = None,
) -> LoadedConversations:
    """Load conversations from a file, a zip, a folder or a Hugging Face data set.

    Files are JSONL, JSON, CSV, TSV or Parquet, plain, gzipped or in a zip, in the normal form or
    one that is recognised: ChatGPT's and Claude's account exports, logs of API calls, data sets of
    chats. A folder is one of Kura's checkpoints, a data set saved on disk, or read as a zip of its
    files. `hf:OWNER/NAME[#SPLIT]` is a data set on the hub. `columns` says what the user's own
    columns hold, where they are not recognised.

    The conversations come ordered by id, whatever the order of the rows. One bad row never rejects
    the file: it is in `report.rejected` with its row number and reason. Blank conversations and
    repeated ids are in `report.filtered`; values that were taken as null, in `report.warnings`, and
    with row 0 the files of an archive or folder that were not read. Times without a zone are taken
    as UTC. `limit` ends the reading after that many usable conversations, and of a data set on the
    hub no more is downloaded. `report.file_sha256` is the hash of the file as it lies on disk, of a
    folder that of the names and bytes of its files, and None for a data set on the hub.

    Raises InputError, whose message says what to do, when the source as a whole is of no use:
    missing, empty, damaged, of another format, without the columns needed, or without one usable
    row.
    """
    if limit is not None and limit < 1:
        raise InputError(f"The limit is {limit}; needed is at least 1 conversation.")
    notes: list[LoadWarning] = []
    rows = read_source(source, columns, notes=notes, some=limit is not None)
    with _garbage_collection_paused():
        loaded = collect_conversations(rows, source_name(source), limit=limit)
    loaded.report.warnings[:0] = notes
    loaded.report.file_sha256 = fingerprint_source(source)
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
