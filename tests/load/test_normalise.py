"""One raw row into one conversation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kura_core.errors import InputError
from kura_core.load import conversation_from_row
from kura_core.load.normalise import normalise_row

HELLO = [{"role": "user", "content": "Hello"}]


@pytest.mark.parametrize(
    ("raw", "role"),
    [
        ("user", "user"), ("human", "user"), ("Customer", "user"), (" CLIENT ", "user"),
        ("assistant", "assistant"), ("AI", "assistant"), ("bot", "assistant"),
        ("model", "assistant"), ("gpt", "assistant"), ("agent", "assistant"),
        ("chatbot", "assistant"), ("system", "system"), ("developer", "system"),
        ("tool", "tool"), ("function", "tool"), ("tool_result", "tool"),
    ],
)  # fmt: skip
def test_roles_are_brought_to_four(raw: str, role: str) -> None:
    row = {"id": "c1", "messages": [{"role": raw, "content": "x"}]}
    assert conversation_from_row(row).messages[0].role == role


@pytest.mark.parametrize(
    ("message", "content"),
    [
        ({"content": [{"type": "text", "text": "Look:"}, {"type": "image_url"}]}, "Look:\n[image]"),
        ({"content": ["one", {"type": "input_audio"}, {"type": "file"}]}, "one\n[audio]\n[file]"),
        ({"content": [{"type": "tool_use", "name": "search"}]}, "[tool call: search]"),
        ({"content": [{"type": "tool_result", "content": [{"text": "found"}]}]}, "found"),
        ({"content": [{"type": "hologram", "data": "…"}]}, "[hologram]"),
        ({"content": {"type": "text", "text": "just one part"}}, "just one part"),
        ({"content": None, "tool_calls": [{"function": {"name": "send"}}]}, "[tool call: send]"),
        ({"content": "", "function_call": {"name": "send"}}, "[tool call: send]"),
        ({"content": 42}, "42"),
    ],
)
def test_content_parts_are_joined_and_what_is_no_text_is_marked(
    message: dict[str, Any], content: str
) -> None:
    row = {"id": "c1", "messages": [{"role": "user", **message}]}
    assert conversation_from_row(row).messages[0].content == content


@pytest.mark.parametrize("column", ["conversation_id", "conversationId", "chat_id", "id", "UUID"])
def test_ids_are_read_under_their_aliases_and_become_strings(column: str) -> None:
    assert conversation_from_row({column: 17, "messages": HELLO}).conversation_id == "17"
    assert conversation_from_row({column: 17.0, "messages": HELLO}).conversation_id == "17"


def test_the_best_alias_wins_and_the_others_become_metadata() -> None:
    conversation = conversation_from_row({"id": 5, "chat_id": "c1", "messages": HELLO})
    assert (conversation.conversation_id, conversation.metadata) == ("c1", {"id": 5})
    assert (
        conversation_from_row({"chat_id": None, "id": 5, "messages": HELLO}).conversation_id == "5"
    )


@pytest.mark.parametrize("column", ["created_at", "createdAt", "timestamp", "time"])
@pytest.mark.parametrize("user", ["user_id", "user", "userId"])
def test_times_and_users_are_read_under_their_aliases(column: str, user: str) -> None:
    row = {"id": "c1", "messages": HELLO, column: "2026-01-31T10:00:00+01:00", user: 7}
    conversation = conversation_from_row(row)
    assert conversation.created_at == datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert conversation.user_id == "7"


def test_messages_without_text_are_dropped_and_unknown_roles_reported() -> None:
    messages = [*HELLO, {"role": "user", "content": " "}, {"role": "narrator", "content": "x"}, "?"]
    normalised = normalise_row({"id": "c1", "messages": messages})
    assert normalised.conversation is not None
    assert [message.content for message in normalised.conversation.messages] == ["Hello"]
    ((column, text),) = normalised.warnings
    assert column == "messages" and "'narrator'" in text and "message 4" in text


def test_message_times_are_kept() -> None:
    row = {"id": "c1", "messages": [{**HELLO[0], "timestamp": 1_700_000_000}]}
    assert conversation_from_row(row).messages[0].created_at == datetime(
        2023, 11, 14, 22, 13, 20, tzinfo=UTC
    )


def test_metadata_keeps_plain_values_and_writes_nested_ones_as_json() -> None:
    row = {
        "id": "c1", "messages": HELLO, "plan": "team",
        "metadata": {"score": 0.5, "n": 3, "ok": True, "tags": ["a", "b"], "empty": "",
                     "huge": 2**70, "nan": float("nan")},
    }  # fmt: skip
    assert conversation_from_row(row).metadata == {
        "score": 0.5, "n": 3, "ok": True, "tags": '["a","b"]', "empty": None,
        "huge": str(2**70), "nan": None, "plan": "team",
    }  # fmt: skip


def test_metadata_wins_over_a_column_of_the_same_name() -> None:
    normalised = normalise_row({"id": "c", "messages": HELLO, "a": 1, "metadata": {"a": 2}})
    assert normalised.conversation is not None
    assert normalised.conversation.metadata == {"a": 2}
    assert normalised.warnings == [("a", "given twice; the first value is kept")]


def test_equal_content_has_the_same_automatic_id_and_other_content_another() -> None:
    first = conversation_from_row({"messages": HELLO}).conversation_id
    assert first == conversation_from_row({"messages": HELLO}).conversation_id
    assert first.startswith("auto-") and first.endswith("-1")
    assert first != conversation_from_row({"messages": HELLO, "user": 3}).conversation_id


@pytest.mark.parametrize("row", [{}, {"messages": "Hello"}, {"messages": 3}, {"messages": None}])
def test_a_row_without_messages_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="holds no conversation"):
        conversation_from_row(row)
