"""The side tables a run is given, from its start to its end: read, matched, kept with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kura_core.run.fingerprint import file_digest
from kura_core.run.side.reading import SideRows, read_side_rows, type_side_table
from kura_core.run.side.rows import META, explicit_feedback
from kura_core.run.side.tables import (
    KEYS,
    SideKind,
    SideTable,
    attach,
    attached,
    choose_feedback,
    chosen_feedback,
    detach,
    matched,
    side_stamp,
)
from kura_core.types import Conversation


@dataclass(slots=True, frozen=True)
class SideInput:
    """Files with feedback and with facts about users, by kind; `keep` also uses what is kept.

    With `keep` the tables that are in the run's folder already count as given, unless a file of
    their kind is; without it they are removed, so that a run is made of what its command names.
    """

    files: Mapping[SideKind, Path]
    keep: bool = False

    def fingerprint(self, folder: Path) -> dict[str, Any]:
        """Say what the run's quadrants are made from besides its conversations."""
        files = {kind: file_digest(path) for kind, path in sorted(self.files.items())}
        return {"files": files, "kept": side_stamp(folder) if self.keep else None}

    def read(self) -> dict[SideKind, SideRows]:
        """Read the files. Raises InputError for the first that cannot be used."""
        return {kind: read_side_rows(path) for kind, path in self.files.items()}


def match_side(
    side: SideInput,
    rows: Mapping[SideKind, SideRows],
    folder: Path,
    conversations: Sequence[Conversation],
) -> dict[SideKind, SideTable]:
    """Match what was read to loaded conversations, and add the tables that are kept.

    Raises InputError when the keys of a file match nothing.
    """
    found = attached(folder) if side.keep else {}
    tables = {
        kind: matched(table, _ids(kind, conversations))
        for kind, table in found.items()
        if kind not in rows
    }
    for kind, raw in rows.items():
        tables[kind] = type_side_table(raw, kind, _ids(kind, conversations))
    return tables


def keep_side(
    side: SideInput,
    folder: Path,
    tables: Mapping[SideKind, SideTable],
    conversations: Sequence[Conversation],
) -> dict[str, bool] | None:
    """Keep the tables with the run and return whose explicit feedback was negative, or not.

    `conversations` are those in the run's tables. None where there is no feedback at all.
    """
    import pandas as pd

    for kind in KEYS:
        if kind not in tables:
            detach(folder, kind)
    if not side.keep:
        choose_feedback(folder, None)
    tables = {kind: matched(table, _ids(kind, conversations)) for kind, table in tables.items()}
    if tables:
        attach(folder, *tables.values())
    columns: dict[str, list[Any]] = {"conversation_id": [c.conversation_id for c in conversations]}
    chosen = chosen_feedback(folder)
    if chosen is not None:
        name = chosen.removeprefix(META)
        columns[chosen] = [c.metadata.get(name) for c in conversations]
    negative, _ = explicit_feedback(folder, pd.DataFrame(columns), tables)
    known = negative.notna()
    ids = pd.Series(columns["conversation_id"], dtype="object")
    return dict(zip(ids[known], negative[known].astype(bool), strict=True)) or None


def left_from_before(side: SideInput, folder: Path) -> list[str]:
    """Names of tables kept in the folder by an earlier command that this one does not name."""
    if side.keep:
        return []
    return [t.name for kind, t in attached(folder).items() if kind not in side.files]


def _ids(kind: SideKind, conversations: Iterable[Conversation]) -> set[str]:
    found = (getattr(conversation, KEYS[kind]) for conversation in conversations)
    return {identity for identity in found if identity is not None}
