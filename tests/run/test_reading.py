"""The first half of a run: what is kept, taken over and held once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from kura_core.config import RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.errors import RunCancelled
from kura_core.run import shards as module
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.context import RunContext
from kura_core.run.fingerprint import conversation_digest
from kura_core.run.reading import Reading, read_conversations, redaction_fingerprint
from kura_core.types import Conversation, Message
from tests.small_data import Recorder


def conversation(number: int, text: str = "Where is the contract with Acme?") -> Conversation:
    messages = [Message("user", f"{text} {number}"), Message("assistant", "It is not there.")]
    return Conversation(f"c{number:03d}", messages)


PLAIN = [conversation(number) for number in range(20)]
PRIVATE = conversation(99, "Write to ann@example.com about")


def context(
    folder: Path,
    *,
    earlier: Sequence[Path] = (),
    record: Recorder | None = None,
) -> RunContext:
    return RunContext(
        RunConfig(),
        OfflineEngine(),
        JSONLCheckpointManager(folder),
        earlier=[JSONLCheckpointManager(path) for path in earlier],
        emit=record or Recorder(),
    )


def read(made: RunContext, conversations: Sequence[Conversation]) -> Reading:
    return asyncio.run(read_conversations(made, conversations))


def test_a_second_reading_is_the_same_and_makes_nothing(tmp_path: Path) -> None:
    first = read(context(tmp_path), [*PLAIN, PRIVATE])
    record = Recorder()
    second = read(context(tmp_path, record=record), [*PLAIN, PRIVATE])

    assert second == first
    assert second.conversations[-1].messages[0].content.startswith("Write to <EMAIL_1> about")
    assert second.redacted == {"EMAIL": 1}
    assert record.cached("redact") == record.cached("summarise") == (21, 21)


def test_messages_without_personal_data_are_held_once(tmp_path: Path) -> None:
    for _ in range(2):  # made, then read from the checkpoint
        found = read(context(tmp_path), [*PLAIN, PRIVATE]).conversations
        for was, now in zip(PLAIN, found, strict=False):
            assert all(a is b for a, b in zip(was.messages, now.messages, strict=True))
        assert found[-1].messages[0] is not PRIVATE.messages[0]
        assert found[-1].messages[1] is PRIVATE.messages[1]


def test_only_what_this_input_holds_is_taken_over_from_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COPIED_AT_ONCE", 3)
    read(context(tmp_path / "a"), PLAIN)
    read(context(tmp_path / "b"), PLAIN[:2])
    record = Recorder()
    own = context(tmp_path / "b", earlier=[tmp_path / "a"], record=record)
    read(own, [*PLAIN[:11], PRIVATE])

    assert record.cached("redact") == record.cached("summarise") == (11, 12)
    kept = own.store.load("conversations", redaction_fingerprint(own))
    assert kept.keys() == {conversation_digest(c) for c in [*PLAIN[:11], PRIVATE]}
    assert len((tmp_path / "b" / "conversations.jsonl").read_bytes().splitlines()) == 12


def test_a_stop_is_heard_within_a_shard_and_finished_shards_are_kept(tmp_path: Path) -> None:
    told: list[int] = []

    def look(event: str, values: dict[str, object]) -> None:
        if event == "step_started" and values["step"] == "summarise":
            told.append(1)

    made = context(tmp_path, record=Recorder(look))
    made.stop_requested = lambda: bool(told)
    with pytest.raises(RunCancelled):
        read(made, PLAIN)
    record = Recorder()
    read(context(tmp_path, record=record), PLAIN)
    assert record.cached("redact") == (20, 20)
    assert record.cached("summarise") == (0, 20)
