"""Rejected, filtered, named and ordered, and an account that adds up."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kura_core.load import load_conversations
from tests.load.written_files import ROWS, as_jsonl, row, write


def test_blank_conversations_and_repeated_ids_are_filtered(tmp_path: Path) -> None:
    rows = [
        row("c1"),
        {"conversation_id": "c2", "messages": []},
        {"conversation_id": "c3", "messages": [{"role": "user", "content": " \n"}]},
        {"conversation_id": "c4", "messages": [{"role": "assistant", "content": "Hello?"}]},
        row("c1", text="Something else"),
    ]
    loaded = load_conversations(write(tmp_path, "rows.jsonl", as_jsonl(rows)))
    assert [one.messages[0].content for one in loaded.conversations] == ["Where is my contract?"]
    assert (loaded.report.loaded, loaded.report.usable) == (5, 1)
    reasons = {one.source_row: one.reason for one in loaded.report.filtered}
    assert reasons[2] == reasons[3] == "blank: no message holds text"
    assert reasons[4] == "blank: no message of a user holds text"
    assert reasons[5] == "duplicate: row 1 has the same id and is kept"


def test_a_blank_row_does_not_take_the_id_of_a_later_good_one(tmp_path: Path) -> None:
    rows = [{"conversation_id": "c1", "messages": []}, row("c1")]
    loaded = load_conversations(write(tmp_path, "rows.jsonl", as_jsonl(rows)))
    assert loaded.source_rows == [2]


def test_rows_without_an_id_get_one_from_their_content_and_count(tmp_path: Path) -> None:
    rows = [
        {"messages": row("")["messages"]},
        {"messages": [{"role": "user", "content": "Another"}]},
        {"conversation_id": "  ", "messages": row("")["messages"]},
    ]
    first = load_conversations(write(tmp_path, "a.jsonl", as_jsonl(rows)))
    second = load_conversations(write(tmp_path, "b.jsonl", as_jsonl(rows[::-1])))
    assert first.conversations == second.conversations
    ids = [one.conversation_id for one in first.conversations]
    assert len(set(ids)) == 3 and all(one.startswith("auto-") for one in ids)
    assert sorted(one[-2:] for one in ids) == ["-1", "-1", "-2"]
    assert {len(one) for one in ids} == {len("auto-") + 12 + 2}


def test_a_limit_counts_usable_conversations(tmp_path: Path) -> None:
    rows = [row("c9"), {"conversation_id": "c0", "messages": []}, row("c8"), row("c1")]
    loaded = load_conversations(write(tmp_path, "rows.jsonl", as_jsonl(rows)), limit=2)
    assert [one.conversation_id for one in loaded.conversations] == ["c8", "c9"]
    assert loaded.report.read == 3


def test_the_report_has_coverage_and_the_hash_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.jsonl", as_jsonl([*ROWS, row("c3", user_id="u7")]))
    report = load_conversations(path).report
    assert report.file_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    coverage = report.coverage
    assert (coverage.with_users, coverage.users, coverage.with_times) == (3, 2, 1)
    assert coverage.messages == 6
    assert coverage.first_time == coverage.last_time == datetime(2026, 1, 31, 9, tzinfo=UTC)


def test_a_bad_date_or_metadata_is_null_and_reported_and_its_row_kept(tmp_path: Path) -> None:
    rows = [row("c1", created_at="last Tuesday", metadata=[1, 2], note="n" * 40_000)]
    loaded = load_conversations(write(tmp_path, "rows.jsonl", as_jsonl(rows)))
    (conversation,) = loaded.conversations
    assert conversation.created_at is None and conversation.metadata == {"note": "n" * 2000}
    warnings = {warning.column: warning.text for warning in loaded.report.warnings}
    assert "'last Tuesday' is no date" in warnings["created_at"]
    assert warnings["metadata"] == "a list, not an object; taken as null"
    assert warnings["note"].startswith("40,000 characters")
    assert {warning.source_row for warning in loaded.report.warnings} == {1}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


loose_rows = json_values | st.fixed_dictionaries(
    {},
    optional={
        "conversation_id": json_values,
        "id": json_values,
        "created_at": json_values,
        "user_id": json_values,
        "metadata": json_values,
        "messages": json_values
        | st.lists(
            st.fixed_dictionaries(
                {"role": st.sampled_from(["user", "Assistant ", "x"]) | json_values},
                optional={"content": json_values, "tool_calls": json_values, "time": json_values},
            ),
            max_size=4,
        ),
    },
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(loose_rows, max_size=6))
def test_no_json_value_as_a_row_ends_the_loading(tmp_path: Path, rows: list[Any]) -> None:
    path = write(tmp_path, "rows.jsonl", as_jsonl([*rows, row("the-good-one")]))
    loaded = load_conversations(path)
    report = loaded.report
    assert report.read == len(rows) + 1
    assert report.read == len(report.rejected) + report.loaded
    assert report.loaded == len(loaded.conversations) + len(report.filtered)
    ids = [one.conversation_id for one in loaded.conversations]
    assert ids == sorted(set(ids)) and "the-good-one" in ids
    for conversation in loaded.conversations:
        assert any(message.role == "user" for message in conversation.messages)
        values = [*conversation.metadata.values(), *(m.content for m in conversation.messages)]
        assert all(isinstance(value, str | int | float | bool | None) for value in values)
        json.dumps(values).encode("utf-8")


good_rows = st.lists(
    st.builds(
        lambda name, text, user: {
            **({"conversation_id": name} if name else {}),
            "user_id": user,
            "messages": [{"role": "user", "content": text}],
        },
        st.none() | st.uuids().map(str),
        st.sampled_from(["Hello", "Bye", "Where is it?"]),
        st.sampled_from([None, "u1", 2]),
    ),
    min_size=1,
    max_size=10,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=good_rows, seed=st.integers(0, 2**16))
def test_the_order_of_the_rows_does_not_matter(
    tmp_path: Path, rows: list[dict[str, Any]], seed: int
) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    first = load_conversations(write(tmp_path, "a.jsonl", as_jsonl(rows)))
    second = load_conversations(write(tmp_path, "b.jsonl", as_jsonl(shuffled)))
    assert first.conversations == second.conversations
