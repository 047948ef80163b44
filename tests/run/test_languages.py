"""Languages of what was loaded, and models that are weak for them."""

from __future__ import annotations

import pytest

from kura_core.run.languages import count_languages, embedding_notice
from kura_core.types import Conversation, Message

ENGLISH = "Where can I find the contract that I signed last week?"
GERMAN = "Wo finde ich den Vertrag, den ich letzte Woche unterschrieben habe?"


def talk(name: str, text: str) -> Conversation:
    return Conversation(name, [Message("user", text)])


def test_languages_are_counted_and_too_short_texts_are_unknown() -> None:
    conversations = [talk("a", ENGLISH), talk("b", GERMAN), talk("c", "12"), talk("d", GERMAN)]
    assert count_languages(conversations) == {"de": 2, "en": 1, "unknown": 1}


def test_languages_are_counted_in_a_sample_spread_over_all() -> None:
    many = [talk(str(n), ENGLISH if n % 2 else GERMAN) for n in range(2_001)]
    counts = count_languages(many)
    assert sum(counts.values()) <= 500 and set(counts) <= {"en", "de"}


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
