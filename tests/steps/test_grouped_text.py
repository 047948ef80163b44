"""Which text of a summary is grouped, embedded and shown to whoever names."""

from __future__ import annotations

import pytest

from kura_core.steps.grouped_text import as_grouped, grouped_text, text_to_embed
from kura_core.types import ConversationSummary

FULL = ConversationSummary(
    "c1",
    "Asks for a contract.",
    request="The user's overall request is to find it.",
    task="find a contract",
    topic="contracts",
    facets={"product": " Search ", "blank": "  "},
)


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("summary", "Asks for a contract."),
        ("request", "The user's overall request is to find it."),
        ("task", "find a contract"),
        ("topic", "contracts"),
        ("product", "Search"),
        ("blank", None),
        ("other", None),
    ],
)
def test_the_text_is_the_one_asked_for_or_none(by: str, text: str | None) -> None:
    assert grouped_text(FULL, by) == text
    assert text_to_embed(FULL, by) == (text or "Asks for a contract.")


def test_a_summary_is_embedded_by_all_that_was_said_where_that_is_known() -> None:
    said = ConversationSummary("c1", "Asks.", embedded_text="Where is my contract?")
    assert grouped_text(said, "summary") == "Where is my contract?"
    assert text_to_embed(said, "topic") == "Where is my contract?"


def test_names_see_the_grouped_text_and_no_other() -> None:
    assert as_grouped(FULL, "summary") is FULL
    shown = as_grouped(FULL, "topic")
    assert shown.summary == "contracts"
    assert (shown.request, shown.task, shown.topic, shown.embedded_text) == (None,) * 4
    assert FULL.summary == "Asks for a contract."
