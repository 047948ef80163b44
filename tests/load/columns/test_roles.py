"""Words for the two sides of a conversation."""

from __future__ import annotations

import pytest

from kura_core.load.columns.roles import complete_roles, read_role, role_by_yes_no


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("user", "user"), (" USER ", "user"), ("HumanMessage", "user"),
        ("MessageRole.USER", "user"),
        ("Kunde", "user"), ("客户", "user"), ("inbound", "user"), ("user_message", "user"),
        ("AI", "assistant"), ("AIMessage", "assistant"), ("Support Agent", "assistant"),
        ("Berater", "assistant"), ("outgoing", "assistant"), ("developer", "system"),
        ("tool_result", "tool"), ("narrator", None), ("", None), (None, None), (3, None),
        ("user" * 100, None),
    ],
)  # fmt: skip
def test_words_of_many_tools_and_languages_are_known(word: object, role: str | None) -> None:
    assert read_role(word) == role


def test_the_other_of_two_words_is_the_other_side() -> None:
    assert complete_roles(["customer", "Martha"]) == {"customer": "user", "Martha": "assistant"}
    assert complete_roles(["customer", "Martha", "Ben"]) == {"customer": "user"}
    assert complete_roles(["system", "Martha"]) == {"system": "system"}
    assert complete_roles(["A", "B"]) == {}


def test_yes_and_no_stand_for_the_sides() -> None:
    assert role_by_yes_no("isuser", True) == "user"
    assert role_by_yes_no("inbound", "False") == "assistant"
    assert role_by_yes_no("frombot", 1) == "assistant"
    assert role_by_yes_no("isuser", "maybe") is None
    assert role_by_yes_no("other", True) is None
