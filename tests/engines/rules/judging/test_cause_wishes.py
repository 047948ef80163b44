"""What users want, as far as a gap can be named after it."""

from __future__ import annotations

import pytest

from kura_core.engines.rules.judging.cause_wishes import ordered_deed, read_wish
from kura_core.types import Message


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Can you e-mail the list to Ada?", "deed", "send e-mail"),
        ("hi, please set up half an hour with the auditors", "deed", "book meetings"),
        ("I need the tickets cancelled", "deed", "cancel tickets"),
        ("Please delete my account", "deed", "delete accounts"),
        ("Help me write an e-mail to my boss", "other", None),
        ("Which files were changed since Monday?", "attribute", "modification dates"),
        ("who wrote this page", "attribute", "authors"),
        ("Where are the approved travel budgets?", "find", "approved budgets"),
        ("Where is the map of the park?", "find", "maps"),
        ("How do I cancel a ticket?", "how", None),
        ("Tell me a joke", "other", None),
    ],
)
def test_a_wish_is_read(text: str, kind: str, name: str | None) -> None:
    wish = read_wish([Message("user", text)], text)
    assert (wish.kind, wish.name) == (kind, name)


def test_what_happens_is_no_order() -> None:
    text = "Delete fails with an error, purchase order numbers must be shown"
    assert read_wish([Message("user", text)], text).kind != "deed"


def test_later_messages_make_a_wish_clear() -> None:
    messages = [Message("user", "The minutes are done."), Message("user", "Now mail them to Bo")]
    assert read_wish(messages, "The minutes are done.").name == "send e-mail"


def test_an_order_is_named_whatever_its_verb() -> None:
    assert ordered_deed("Please create a Jira ticket for this") == "create Jira tickets"
    assert ordered_deed("no idea") is None
    assert ordered_deed(None) is None
