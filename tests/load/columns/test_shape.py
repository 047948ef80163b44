"""Rows of every shape, the user's word on columns, and files whose columns cannot be told."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kura_core.config import ColumnField
from kura_core.errors import InputError
from kura_core.load import LoadedConversations, load_conversations
from kura_core.load.collect import collect_conversations
from kura_core.load.columns.shape import shape_rows
from kura_core.load.files.rows import RawRow
from tests.load.written_files import FORMATS, write

MESSAGE_ROWS = [
    {"thread": thread, "sent_at": f"2026-01-31T{time}Z", "sender": who, "body": body, "plan": plan}
    for thread, time, who, body, plan in [
        ("t1", "09:00:05", "bot", "Yo", "a"),
        ("t2", "10:00:00", "user", "Two", "b"),
        ("t1", "09:00:00", "user", "One", "a"),
    ]
]


def load(
    rows: Sequence[Any], columns: Mapping[ColumnField, str] | None = None
) -> LoadedConversations:
    raw = [RawRow(number, row) for number, row in enumerate(rows, start=1)]
    return collect_conversations(shape_rows(raw, columns, "f.csv"), "f.csv")


def said(loaded: LoadedConversations) -> list[list[tuple[str, str]]]:
    return [[(m.role, m.content) for m in c.messages] for c in loaded.conversations]


def test_one_row_a_message_becomes_one_conversation_in_order_of_time() -> None:
    loaded = load(MESSAGE_ROWS)
    first, second = loaded.conversations
    assert said(loaded) == [[("user", "One"), ("assistant", "Yo")], [("user", "Two")]]
    assert (first.conversation_id, first.metadata) == ("t1", {"plan": "a"})
    assert first.created_at == datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert first.messages[1].created_at == datetime(2026, 1, 31, 9, 0, 5, tzinfo=UTC)
    assert list(loaded.source_rows) == [1, 2] and loaded.report.read == 2
    assert second.conversation_id == "t2" and not loaded.report.warnings


def test_without_all_times_the_numbering_column_decides_and_then_the_row() -> None:
    rows = [
        {"session_id": 1.0, "turn": 2, "role": "assistant", "text": "b c"},
        {"session_id": 1.0, "turn": 1, "role": "user", "text": "a b"},
        {"session_id": 2, "turn": 1, "role": "user", "text": "c d"},
    ]
    loaded = load(rows)
    assert said(loaded) == [[("user", "a b"), ("assistant", "b c")], [("user", "c d")]]
    assert [c.conversation_id for c in loaded.conversations] == ["1", "2"]
    plain = load([{key: one[key] for key in one if key != "turn"} for one in rows])
    assert said(plain)[0] == [("assistant", "b c"), ("user", "a b")]


def test_an_answer_of_the_same_second_follows_its_question() -> None:
    rows = [{**one, "sent_at": "2026-01-31T09:00:00Z"} for one in MESSAGE_ROWS]
    assert (
        said(load(rows))[0] == said(load(rows[::-1]))[0] == [("user", "One"), ("assistant", "Yo")]
    )


def test_the_user_is_that_of_the_users_rows_and_differing_metadata_is_said_once() -> None:
    rows = [
        {"chat_id": c, "role": role, "text": "words here", "user_id": user, "mood": mood}
        for c in ("c1", "c2")
        for role, user, mood in [
            ("assistant", "bot-1", None),
            ("user", "u1", "x"),
            ("user", "u1", "y"),
        ]
    ]
    loaded = load(rows)
    assert [(c.user_id, c.metadata) for c in loaded.conversations] == [("u1", {"mood": "x"})] * 2
    (warning,) = loaded.report.warnings
    assert warning.column == "mood" and "first value is kept" in warning.text


def test_a_bad_message_row_is_named_and_the_rest_kept() -> None:
    rows = [
        *MESSAGE_ROWS,
        {"thread": "t1", "sent_at": "no date", "sender": "user", "body": "Late"},
        {"thread": "t1", "sender": "narrator", "body": "Once"},
        {"thread": "t1", "sender": "user", "body": " "},
        {"thread": None, "sender": "user", "body": "Lost"},
        {"thread": "t3", "sender": "user", "body": ""},
    ]
    loaded = load(rows)
    assert said(loaded)[0] == [("assistant", "Yo"), ("user", "One"), ("user", "Late")]
    texts = " | ".join(warning.text for warning in loaded.report.warnings)
    assert "row 4: 'no date' is no date" in texts
    assert "row 5: the unknown role 'narrator'; the message is left out" in texts
    assert "row 6: no text in 'body'" in texts
    reasons = {one.source_row: one.reason for one in loaded.report.rejected}
    assert "belongs to no conversation" in reasons[7] and reasons[8] == "no text in 'body'"
    assert loaded.report.read == loaded.report.loaded + len(loaded.report.rejected) == 4


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("is_user", [True, False]), ("inbound", ["True", "False"]), ("from_bot", [0, 1]),
        ("direction", ["inbound", "outbound"]), ("author", ["Kunde", "Martha"]),
        ("type", ["human", "ai"]),
    ],
)  # fmt: skip
def test_the_sides_are_found_in_many_columns(column: str, values: list[Any]) -> None:
    turns = (*values, values[0])
    rows = [{"conversation": "c1", column: value, "message": "some words"} for value in turns]
    assert [role for role, _ in said(load(rows))[0]] == ["user", "assistant", "user"]


def test_questions_and_answers_are_conversations_or_parts_of_one() -> None:
    rows = [
        {"id": 1, "prompt": "How?", "response": "So.", "date": "2026-01-31"},
        {"id": 2, "prompt": "Why?", "response": None},
        {"id": 3, "prompt": "", "response": ""},
    ]
    loaded = load(rows)
    assert said(loaded) == [[("user", "How?"), ("assistant", "So.")], [("user", "Why?")]]
    assert loaded.conversations[0].created_at == datetime(2026, 1, 31, tzinfo=UTC)
    assert loaded.report.rejected[0].reason == "no text in 'prompt' or 'response'"
    parts = load([{"session_id": "s", "user_message": q, "bot_response": "So."} for q in "ab"])
    assert said(parts) == [
        [("user", "a"), ("assistant", "So."), ("user", "b"), ("assistant", "So.")]
    ]


def test_instructions_keep_what_they_are_about() -> None:
    loaded = load([{"instruction": "Translate", "input": "Hello", "output": "Bonjour"}])
    assert said(loaded) == [[("user", "Translate\n\nHello"), ("assistant", "Bonjour")]]


def test_transcripts_are_split_and_other_texts_are_one_message() -> None:
    rows = [
        {"ticket_id": "a", "transcript": "Customer: Hi\nAgent: Yo", "plan": "team"},
        {"ticket_id": "b", "transcript": "My contract is gone"},
        {"ticket_id": "c", "transcript": "Anna: a\nBen: b\nAnna: c"},
        {"ticket_id": "d", "transcript": None},
    ]
    loaded = load(rows)
    assert said(loaded) == [
        [("user", "Hi"), ("assistant", "Yo")],
        [("user", "My contract is gone")],
    ]
    assert loaded.conversations[0].metadata == {"plan": "team"}
    reasons = [one.reason for one in loaded.report.rejected]
    assert "'Anna' and 'Ben'" in reasons[0] and reasons[1] == "no text in 'transcript'"


def test_messages_are_found_under_other_names_and_as_json() -> None:
    turns = '[{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Yo"}]'
    rows = [{"session_id": f"s{i}", "dialog": turns, "started_at": "31/01/2026"} for i in range(2)]
    loaded = load(rows)
    assert said(loaded) == [[("user", "Hi"), ("assistant", "Yo")]] * 2
    assert [c.conversation_id for c in loaded.conversations] == ["s0", "s1"]
    assert loaded.conversations[0].created_at == datetime(2026, 1, 31, tzinfo=UTC)
    assert said(load([[{"role": "user", "content": "Hi"}]])) == [[("user", "Hi")]]


def test_an_id_beside_the_conversations_id_is_metadata() -> None:
    messages = [{"role": "user", "content": "Hi"}]
    loaded = load([{"conversation_id": "c1", "id": 5, "session_id": "s", "messages": messages}])
    assert loaded.conversations[0].metadata == {"id": 5, "session_id": "s"}


def test_the_users_word_is_taken_before_any_name() -> None:
    rows = [{"id": i, "c": "x", "w": "me" if i else "user", "t": f"words {i}"} for i in (0, 1)]
    loaded = load(rows, {"conversation_id": "c", "role": "w", "text": "t"})
    assert said(loaded) == [[("user", "words 0"), ("assistant", "words 1")]]
    only_text = load([{"a": "one two three four", "b": "five six seven eight"}], {"text": "b"})
    assert said(only_text) == [[("user", "five six seven eight")]]
    assert only_text.conversations[0].metadata == {"a": "one two three four"}


@pytest.mark.parametrize(
    ("rows", "columns", "sentence"),
    [
        ([{"id": i, "role": "user", "content": "words"} for i in range(3)], None,
         "no column says which conversation it belongs to.*'content' .'words'.*--map"),
        ([{"thread": 1, "sender": s, "body": "words"} for s in "AB"], None,
         "the role column 'sender' holds 'A', 'B', none of which is known"),
        ([{"thread": 1, "body": f"words {i}"} for i in range(2)], None,
         "no column says who wrote the text in 'body'"),
        ([{"summary": "one two three four", "description": "five six seven eight"}], None,
         "several columns hold longer texts .'summary', 'description'."),
        ([{"xx": 1, "yy": s, "zz": "one two three four"} for s in ("user", "assistant")], None,
         "'yy' says who wrote each row, so a row is one message of a conversation"),
        ([{"name": "x", "revenue": 3}], None, "no column holds messages or what was said"),
        ([{"a": "x"}], {"text": "b"}, "has no column 'b', which was named as text.*'a'"),
        ([{"c": 1, "w": s, "t": "words"} for s in "AB"],
         {"conversation_id": "c", "role": "w", "text": "t"}, "'w' holds 'A', 'B'"),
    ],
)  # fmt: skip
def test_columns_that_cannot_be_told_are_listed_with_what_to_do(
    rows: list[Any], columns: Mapping[ColumnField, str] | None, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        load(rows, columns)


def test_a_date_that_can_be_read_two_ways_is_said_once() -> None:
    rows = [{"id": i, "prompt": "words", "date": "03/04/2026"} for i in range(2)]
    loaded = load(rows)
    assert loaded.conversations[0].created_at == datetime(2026, 4, 3, tzinfo=UTC)
    (warning,) = loaded.report.warnings
    assert "day first" in warning.text and "03/04/2026" in warning.text
    told = load([*rows, {"id": 9, "prompt": "words", "date": "03/31/2026"}])
    assert told.conversations[0].created_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert not told.report.warnings


def test_rows_that_are_whole_conversations_are_not_held() -> None:
    taken = 0

    def rows() -> Any:
        nonlocal taken
        for number in range(1, 100_001):
            taken = number
            yield RawRow(number, {"prompt": "words", "response": "more"})

    shaped = shape_rows(rows(), None, "f.csv")
    assert next(iter(shaped)).number == 1
    assert taken <= 200


def test_very_long_values_are_kept(tmp_path: Path) -> None:
    rows = [
        {"conversation_id": "i" * 10_000, "messages": [{"role": "user", "content": "w" * 10**6}]}
    ]
    (one,) = load_conversations(
        write(tmp_path, "f.jsonl", FORMATS["rows.jsonl"](rows))
    ).conversations
    assert len(one.conversation_id) == 10_000 and len(one.messages[0].content) == 10**6


message_rows = st.lists(
    st.fixed_dictionaries(
        {
            "thread": st.sampled_from(["a", "b", "c", "", None]),
            "role": st.sampled_from(["user", "assistant", "narrator", None]),
            "text": st.sampled_from(["words here", "more words", " ", None]),
        }
    ),
    min_size=1,
    max_size=30,
)
_KNOWN = [
    {"thread": "k", "role": "user", "text": "words here", "time": "2026-01-01T00:00:00Z"},
    {"thread": "k", "role": "assistant", "text": "more words", "time": "2026-01-01T00:00:01Z"},
]


@settings(max_examples=60, deadline=None)
@given(rows=message_rows, seed=st.integers(0, 1000))
def test_no_row_is_lost_and_their_order_does_not_matter_with_times(
    rows: list[dict[str, Any]], seed: int
) -> None:
    timed = _KNOWN + [
        {**row, "time": f"2026-01-02T00:{index // 60:02}:{index % 60:02}Z"}
        for index, row in enumerate(rows)
    ]
    loaded = load(timed)
    left_out = [w for w in loaded.report.warnings if w.text.endswith("the message is left out")]
    messages = sum(len(c.messages) for c in loaded.conversations)
    # A conversation in which no user speaks is filtered as a whole.
    filtered = {one.conversation_id for one in loaded.report.filtered}
    good = Counter(
        row["thread"]
        for row in timed
        if row["thread"] and row["role"] in ("user", "assistant") and (row["text"] or "").strip()
    )
    assert messages == sum(count for thread, count in good.items() if thread not in filtered)
    accounted = sum(good.values()) + len(left_out) + len(loaded.report.rejected)
    assert accounted == len(timed)
    shuffled = timed[:]
    random.Random(seed).shuffle(shuffled)
    assert load(shuffled).conversations == loaded.conversations


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
names = st.sampled_from(
    "id conversation_id thread_id role sender inbound text message messages prompt response "
    "created_at date user_id metadata turn transcript note".split()
)
any_rows = st.lists(
    json_values
    | st.dictionaries(names, json_values | st.sampled_from(["user", "bot", "words and words"])),
    max_size=6,
)
fields = st.dictionaries(
    st.sampled_from(["conversation_id", "created_at", "user_id", "messages", "role", "text",
                     "prompt", "response"]),
    names, max_size=3,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(rows=any_rows, columns=fields)
def test_any_rows_and_any_mapping_load_or_are_refused(rows: list[Any], columns: Any) -> None:
    try:
        loaded = load(rows, columns)
    except InputError as error:
        assert str(error)
        return
    assert loaded.report.read == loaded.report.loaded + len(loaded.report.rejected)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.binary(max_size=300)
    | st.text(alphabet='{}[],":;|\t\r\nab1 é\ufeff', max_size=200).map(lambda t: t.encode()),
    name=st.sampled_from(["f.csv", "f.tsv", "f.json", "f.jsonl", "f.txt", "f.parquet", "f.csv.gz"]),
)
def test_any_bytes_load_or_are_refused(tmp_path: Path, content: bytes, name: str) -> None:
    try:
        load_conversations(write(tmp_path, name, content))
    except InputError as error:
        assert str(error)
