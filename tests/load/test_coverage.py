"""Counts, lengths, languages and metadata of what was loaded."""

from __future__ import annotations

import time

import pytest

from kura_core.load.coverage import (
    count_coverage,
    count_languages,
    describe_metadata,
    embedding_notice,
)
from kura_core.types import Conversation, Message

ENGLISH = "Where can I find the contract that I signed last week?"
GERMAN = "Wo finde ich den Vertrag, den ich letzte Woche unterschrieben habe?"


def talk(name: str, text: str, turns: int = 1, **metadata: object) -> Conversation:
    messages = [Message("user", text)]
    messages += [Message("assistant", "ok")] * (turns - 1)
    return Conversation(name, messages, metadata=dict(metadata))


def test_lengths_and_shares_are_counted() -> None:
    coverage = count_coverage([talk(str(n), "x" * n, turns=n) for n in range(1, 11)])
    assert (coverage.turns.median, coverage.turns.most, coverage.turns.longest) == (5, 10, 10)
    assert coverage.characters.longest == 10 + 2 * 9
    assert (coverage.with_assistant, coverage.single_turn) == (9, 10)
    assert count_coverage([]).turns.longest == 0


def test_languages_are_counted_and_too_short_texts_are_unknown() -> None:
    conversations = [talk("a", ENGLISH), talk("b", GERMAN), talk("c", "ok"), talk("d", GERMAN)]
    assert count_languages(conversations) == {"de": 2, "en": 1, "unknown": 1}


def test_languages_are_counted_in_a_sample_spread_over_all() -> None:
    many = [talk(str(n), ENGLISH if n % 2 else GERMAN) for n in range(2_001)]
    counts = count_languages(many)
    assert sum(counts.values()) <= 500 and set(counts) <= {"en", "de"}


def test_metadata_columns_have_a_kind_and_a_fill_rate() -> None:
    values = [
        {"n": 1, "ok": True, "plan": "team", "day": "2026-01-31", "note": f"{n} " + "word " * 20,
         "none": None}
        for n in range(4)
    ]  # fmt: skip
    columns = {c.name: c for c in describe_metadata([talk("a", "x", 1, **v) for v in values])}
    kinds = {name: column.kind for name, column in columns.items()}
    assert kinds == {
        "n": "number", "ok": "yes/no", "plan": "category", "day": "time", "note": "text",
        "none": "empty",
    }  # fmt: skip
    assert columns["note"].distinct == columns["note"].filled == 4
    assert columns["none"].filled == 0


def test_a_model_of_english_is_named_where_it_is_weak() -> None:
    sentence = embedding_notice({"en": 59, "es": 23, "de": 18, "unknown": 50}, "all-MiniLM-L6-v2")
    assert sentence is not None
    assert sentence.startswith(
        "41 % of these conversations are not in English (Spanish 23 %, German 1"
    )
    assert "paraphrase-multilingual-MiniLM-L12-v2" in sentence


@pytest.mark.parametrize(
    ("languages", "model"),
    [
        ({"en": 95, "es": 5}, "all-MiniLM-L6-v2"),
        ({"unknown": 9}, "all-MiniLM-L6-v2"),
        ({}, "all-MiniLM-L6-v2"),
        ({"es": 9}, "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"),
        ({"es": 9}, "openai"),
    ],
)
def test_there_is_no_notice_without_need(languages: dict[str, int], model: str) -> None:
    assert embedding_notice(languages, model) is None


def test_it_stays_cheap_for_many_conversations() -> None:
    many = [talk(str(n), ENGLISH, 3, plan="team", score=n) for n in range(20_000)]
    count_languages(many[:1])
    start = time.process_time()
    count_coverage(many)
    count_languages(many)
    describe_metadata(many)
    assert time.process_time() - start < 2
