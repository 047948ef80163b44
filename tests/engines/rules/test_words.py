"""Tokens, stems and verb forms."""

from __future__ import annotations

import pytest

from kura_core.engines.rules.segment import clip, sentences
from kura_core.engines.rules.words import base_verb, jaccard, stem, tokens


@pytest.mark.parametrize(
    "forms",
    [
        ("book", "books", "booking", "booked"),
        ("schedule", "scheduling", "scheduled", "schedules"),
        ("company", "companies"),
        ("cancel", "cancelled", "canceling"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("form", "verb"),
    [
        ("booking", "book"),
        ("paid", "pay"),
        ("submitted", "submit"),
        ("tries", "try"),
        ("tree", None),
    ],
)
def test_verb_forms_lead_to_the_base(form: str, verb: str | None) -> None:
    assert base_verb(form) == verb


def test_terms_stay_whole() -> None:
    assert tokens("C++ and node.js don't top up, e.g. here.") == [
        "C++", "and", "node.js", "don't", "top-up", "e.g", "here",
    ]  # fmt: skip


def test_jaccard_of_nothing_is_zero() -> None:
    assert jaccard([], []) == 0.0


def test_sentences_leave_out_code_and_keep_abbreviations_together() -> None:
    text = "Ask Dr. Smith about it.\n```\nx = 1\n```\nThen tell me! if (a) { b[0] = c; } // {};"
    assert sentences(text)[:2] == ["Ask Dr. Smith about it.", "Then tell me!"]


def test_clip_marks_its_cut() -> None:
    assert clip("one two three", 2) == "one two…"
    assert clip("one two", 2) == "one two"
    assert len(clip("語" * 900, 8)) <= 97
