"""What loading found: what was read, what was left out and why, and what the rows cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kura_core.types import Conversation


@dataclass(slots=True, frozen=True)
class Excluded:
    """One row that has no place in the result, and why; a line of `excluded.parquet`.

    `source_row` counts as a person does: the line of a JSONL file, the element of a JSON array
    (from 1), the record of a CSV or TSV file (the header is 1, the first data row 2), the row of a
    Parquet file (from 1).
    """

    conversation_id: str | None
    source_row: int
    kind: Literal["rejected", "filtered", "failed"]
    stage: str
    reason: str


@dataclass(slots=True, frozen=True)
class LoadWarning:
    """A value that could not be taken as it stood, in a row that was kept."""

    source_row: int
    column: str
    text: str


@dataclass(slots=True, frozen=True)
class Lengths:
    """How long conversations are: half are at most `median`, nine in ten at most `most`."""

    median: int = 0
    most: int = 0
    longest: int = 0


@dataclass(slots=True, frozen=True)
class MetadataColumn:
    """A metadata column: how many conversations have a value, of what kind, how many different.

    `distinct` is counted up to 1 000.
    """

    name: str
    filled: int
    kind: Literal["number", "yes/no", "category", "text", "time", "empty"]
    distinct: int


@dataclass(slots=True)
class Coverage:
    """What the usable conversations have: counts, lengths, and the span of their times (UTC).

    `single_turn` are those with one message of a user; `turns` counts messages, `characters` those
    of all messages of a conversation.
    """

    messages: int = 0
    with_times: int = 0
    with_users: int = 0
    users: int = 0
    first_time: datetime | None = None
    last_time: datetime | None = None
    with_assistant: int = 0
    single_turn: int = 0
    turns: Lengths = Lengths()
    characters: Lengths = Lengths()


@dataclass(slots=True)
class LoadReport:
    """The account of one loading: `read = len(rejected) + loaded`; `loaded` has the filtered."""

    read: int = 0
    rejected: list[Excluded] = field(default_factory=list)
    filtered: list[Excluded] = field(default_factory=list)
    warnings: list[LoadWarning] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    file_sha256: str | None = None

    @property
    def loaded(self) -> int:
        """Rows that hold a conversation, the filtered ones included."""
        return self.read - len(self.rejected)

    @property
    def usable(self) -> int:
        """Conversations that go on to be summarised."""
        return self.loaded - len(self.filtered)


@dataclass(slots=True)
class LoadedConversations:
    """Conversations ordered by id, whatever the order of the rows they came from.

    `source_rows[i]` is the row `conversations[i]` was read from, counted as in `Excluded`.
    """

    conversations: list[Conversation]
    source_rows: Sequence[int]
    report: LoadReport
