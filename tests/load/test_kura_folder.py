"""Folders of checkpoints, as the published Kura writes them and as our own runs do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kura_core.errors import InputError
from kura_core.load import fingerprint_source, load_conversations
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.items import conversation_item
from kura_core.types import Conversation, Message
from tests.load.written_files import as_jsonl, row


def published(name: str, text: str = "Write a short story") -> dict[str, Any]:
    """A line of conversations.jsonl of Kura 0.5."""
    time = "2024-01-01T00:00:00"
    return {
        "chat_id": name,
        "created_at": time,
        "messages": [
            {"created_at": time, "role": "user", "content": text},
            {"created_at": time, "role": "assistant", "content": "Once upon a time."},
        ],
        "metadata": {"model": "gpt-4", "winner": False, "question_id": 87, "tags": ["a", "b"]},
    }


SUMMARY = {
    "summary": "The user asked for a short story.",
    "request": "write a short story",
    "topic": None,
    "languages": ["english"],
    "task": "write a short story",
    "concerning_score": 1,
    "user_frustration": 1,
    "assistant_errors": None,
    "chat_id": "87_gpt-4_1",
    "metadata": {"conversation_turns": 4},
    "embedding": None,
}
CLUSTER = {"id": "c1", "name": "Stories", "chat_ids": ["87_gpt-4_1"], "parent_id": None}


def checkpoints(folder: Path, *names: str) -> Path:
    folder.mkdir()
    (folder / "summaries.jsonl").write_bytes(as_jsonl([SUMMARY]))
    for name in ("clusters", "meta_clusters", "dimensionality"):
        (folder / f"{name}.jsonl").write_bytes(as_jsonl([CLUSTER]))
    for name in names:
        content = [published("87_gpt-4_1"), published("87_gpt-4_2")]
        text = as_jsonl(content) if name.endswith("l") else json.dumps(content).encode()
        (folder / name).write_bytes(text)
    return folder


@pytest.mark.parametrize("name", ["conversations.jsonl", "conversations.json"])
def test_a_published_checkpoint_folder_gives_its_conversations(tmp_path: Path, name: str) -> None:
    folder = checkpoints(tmp_path / "data", name)
    loaded = load_conversations(folder)
    assert [c.conversation_id for c in loaded.conversations] == ["87_gpt-4_1", "87_gpt-4_2"]
    first = loaded.conversations[0]
    assert first.created_at == first.messages[1].created_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert first.metadata == {
        "model": "gpt-4", "winner": False, "question_id": 87, "tags": '["a","b"]',
    }  # fmt: skip
    assert loaded.report.rejected == [] and loaded.report.warnings == []
    digest = fingerprint_source(folder)
    (folder / "summaries.jsonl").write_text("")
    assert fingerprint_source(folder) == digest is not None


def test_published_checkpoints_as_parquet_are_read(tmp_path: Path) -> None:
    columns = [
        {**one, "messages": json.dumps(one["messages"]), "metadata": json.dumps(one["metadata"])}
        for one in (published("a"), published("b"))
    ]
    pq.write_table(pa.Table.from_pylist(columns), tmp_path / "conversations.parquet")
    pq.write_table(pa.Table.from_pylist([{"chat_id": "a", "summary": "x"}]),
                   tmp_path / "summaries.parquet")  # fmt: skip
    loaded = load_conversations(tmp_path)
    assert [c.metadata["model"] for c in loaded.conversations] == ["gpt-4", "gpt-4"]


def test_published_checkpoints_as_saved_data_sets_are_read(tmp_path: Path) -> None:
    from datasets import ClassLabel, Dataset, Features, Sequence, Value, disable_progress_bars

    disable_progress_bars()
    message = {
        "created_at": Value("timestamp[ns]"),
        "role": ClassLabel(names=["user", "assistant"]),
        "content": Value("string"),
    }
    pairs = {"keys": Sequence(Value("string")), "values": Sequence(Value("string"))}
    features = Features(
        {
            "chat_id": Value("string"),
            "created_at": Value("timestamp[ns]"),
            "messages": Sequence(message),
            "metadata": pairs,
        }
    )
    time = datetime(2024, 1, 1)
    rows = [
        {
            "chat_id": "a",
            "created_at": time,
            "messages": {
                "created_at": [time, time],
                "role": ["user", "assistant"],
                "content": ["Hi", "Hello!"],
            },
            "metadata": {"keys": ["model"], "values": ["gpt-4"]},
        }
    ]
    Dataset.from_list(rows, features=features).save_to_disk(str(tmp_path / "conversations"))
    Dataset.from_list([SUMMARY]).save_to_disk(str(tmp_path / "summaries"))
    (found,) = load_conversations(tmp_path).conversations
    assert [m.role for m in found.messages] == ["user", "assistant"]
    assert [m.content for m in found.messages] == ["Hi", "Hello!"]
    assert found.created_at == found.messages[0].created_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert found.metadata == {"model": "gpt-4"}


def test_our_own_checkpoints_and_their_file_alone_are_read(tmp_path: Path) -> None:
    conversation = Conversation(
        "c1", [Message("user", "Where is it?")], datetime(2026, 1, 31, tzinfo=UTC), "u7", {"p": 1}
    )
    item = {"conversation": conversation_item(conversation), "redacted": {}}
    store = JSONLCheckpointManager(tmp_path / "checkpoints")
    store.save("conversations", "made from", [("key", item)])
    store.save("summaries", "made from", [("key", {"summary": "x"})])
    for source in (tmp_path / "checkpoints", tmp_path, store.folder / "conversations.jsonl"):
        assert load_conversations(source).conversations == [conversation]


def test_a_finished_run_is_read_though_its_checkpoints_are_gone(tmp_path: Path) -> None:
    messages = [
        {"conversation_id": "c1", "message_index": index, "role": role, "content": text}
        for index, (role, text) in enumerate([("user", "Hi"), ("assistant", "Hello!")])
    ]
    (tmp_path / "tables").mkdir()
    pq.write_table(pa.Table.from_pylist(messages), tmp_path / "tables" / "messages.parquet")
    (tmp_path / "manifest.json").write_text("{}")
    (found,) = load_conversations(tmp_path).conversations
    assert [m.role for m in found.messages] == ["user", "assistant"]
    assert [m.content for m in found.messages] == ["Hi", "Hello!"]


@pytest.mark.parametrize("place", ["", "checkpoints"])
def test_a_folder_of_summaries_alone_says_what_is_missing(tmp_path: Path, place: str) -> None:
    checkpoints(tmp_path / (place or "data"))
    with pytest.raises(InputError, match=r"not the conversations .* Give the conversations"):
        load_conversations(tmp_path if place else tmp_path / "data")


def test_a_folder_that_is_no_kura_folder_is_read_as_files(tmp_path: Path) -> None:
    (tmp_path / "conversations.jsonl").write_bytes(as_jsonl([row("c1")]))
    (tmp_path / "more.jsonl").write_bytes(as_jsonl([row("c2")]))
    assert len(load_conversations(tmp_path).conversations) == 2
