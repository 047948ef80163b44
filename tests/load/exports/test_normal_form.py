"""Rows of chat data sets in the normal form, and every other row left as it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kura_core.load import load_conversations
from kura_core.load.exports.normal_form import as_normal_form
from kura_core.load.files.rows import RawRow
from kura_core.load.normalise import normalise_row
from tests.load.export_files import chatgpt_export, claude_export, read_row
from tests.load.written_files import row, write

TURNS = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}]
CHATS: dict[str, dict[str, Any]] = {
    "sharegpt": {
        "id": "x1",
        "conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello!"}],
    },
    "lmsys": {
        "conversation_id": "x1",
        "model": "vicuna-13b",
        "conversation": TURNS,
        "turn": 1,
        "language": "English",
        "openai_moderation": [{"flagged": False, "categories": {"hate": False}}],
        "redacted": False,
    },
    "arena": {
        "question_id": "x1",
        "conversation_id": "x1",
        "model_a": "gpt-4",
        "model_b": "llama",
        "winner": "model_a",
        "conversation_a": TURNS,
        "conversation_b": [*TURNS[:1], {"role": "assistant", "content": "Go away"}],
    },
    "as text": {"conversation_id": "x1", "conversation": json.dumps(TURNS)},
    "pair": {"id": "x1", "prompt": "Hi", "completion": "Hello!"},
    "lists": {"id": "x1", "prompt": TURNS[:1], "completion": TURNS[1:]},
    "one list a field": {
        "id": "x1",
        "messages": {"role": ["user", "assistant"], "content": ["Hi", "Hello!"]},
    },
    "fine-tuning": {"id": "x1", "messages": TURNS, "tools": [{"type": "function"}]},
}


@pytest.mark.parametrize("form", CHATS)
def test_a_data_set_of_chats_is_read(form: str) -> None:
    found = normalise_row(as_normal_form(RawRow(2, CHATS[form])).value).conversation
    assert found is not None and found.conversation_id == "x1"
    assert [(m.role, m.content) for m in found.messages] == [
        ("user", "Hi"),
        ("assistant", "Hello!"),
    ]
    assert "openai_moderation" not in found.metadata


def test_wildchat_gives_user_and_time() -> None:
    value = {
        "conversation_hash": "9b3e",
        "model": "gpt-4-0314",
        "timestamp": datetime(2023, 4, 9, tzinfo=UTC),
        "conversation": [
            {"content": "Hi", "role": "user", "hashed_ip": "22fd", "header": {"user-agent": "x"}},
            {"content": "Hello!", "role": "assistant", "timestamp": datetime(2023, 4, 9)},
        ],
        "hashed_ip": "22fd",
        "header": {"accept-language": "en", "user-agent": "x"},
        "detoxify_moderation": [],
    }
    found = read_row(value)
    assert (found.conversation_id, found.user_id) == ("9b3e", "22fd")
    assert found.created_at == datetime(2023, 4, 9, tzinfo=UTC)
    assert found.metadata == {"model": "gpt-4-0314"}


def test_of_an_arena_battle_the_other_answer_is_said_to_be_left_out_once(tmp_path: Path) -> None:
    rows = [CHATS["arena"], {**CHATS["arena"], "conversation_id": "x2"}]
    loaded = load_conversations(write(tmp_path, "arena.json", json.dumps(rows)))
    assert [warning.column for warning in loaded.report.warnings] == ["conversation_b"]
    assert loaded.report.usable == 2


NORMAL = [
    row("c1"),
    row("c1", mapping={"a": 1}, conversation="about contracts", response="text", output="x"),
    row("c1", request={"path": "/chat"}, prompt="p", completion="c", chat_messages=[{"a": 1}]),
    {"question": "Which?", "choices": [{"text": "A"}, {"text": "B"}]},
    {"mapping": {"a": "b"}, "text": "x"},
    {"conversation": "Hi", "output": ["a"]},
    {"conversations": [{"name": "x"}], "body": {"messages": "none"}},
    {"prompt": "p", "response": "r"},
    ["not", "an", "object"],
    None,
]


@pytest.mark.parametrize("value", NORMAL, ids=range(len(NORMAL)))
def test_any_other_row_is_returned_as_it_is(value: Any) -> None:
    given_row = RawRow(1, value)
    assert as_normal_form(given_row) is given_row


def test_columns_the_user_named_are_kept() -> None:
    normal = as_normal_form(RawRow(1, {**CHATS["lmsys"], "header": "u9"}), ["header"]).value
    assert normal["header"] == "u9"


LOG = {
    "request": {"model": "gpt-4o-mini", "messages": TURNS[:1]},
    "response": {"body": {"choices": [{"index": 0, "message": TURNS[1]}]}},
}
KNOWN = [LOG, *CHATS.values(), *chatgpt_export(), *claude_export()]


def odd_values() -> st.SearchStrategy[Any]:
    keys = st.sampled_from(
        "mapping message author role content parts content_type metadata parent children id "
        "current_node chat_messages sender text attachments conversation conversations from value "
        "choices output input body request response messages prompt completion model type".split()
    )
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | keys
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5),
        max_leaves=25,
    )


@settings(max_examples=300, deadline=None)
@given(odd_values())
def test_whatever_a_row_is_it_does_not_raise(value: Any) -> None:
    normalise_row(as_normal_form(RawRow(1, value)).value)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KNOWN),
       st.randoms(use_true_random=False), odd_values())  # fmt: skip
def test_a_known_form_with_an_odd_value_anywhere_does_not_raise(
    value: Any, choice: Any, odd: Any
) -> None:
    value = json.loads(json.dumps(value))
    place, key = value, choice.choice(sorted(value))
    while isinstance(place[key], dict | list) and place[key] and choice.random() < 0.8:
        place = place[key]
        key = choice.choice(sorted(place) if isinstance(place, dict) else range(len(place)))
    place[key] = odd
    normalise_row(as_normal_form(RawRow(1, value)).value)
