"""What answers deny, and of what."""

from __future__ import annotations

import pytest

from kura_core.engines.rules.judging.cause_denials import Denial, read_complaints, read_denials


@pytest.mark.parametrize(
    ("sentence", "kind", "verb"),
    [
        ("I can't send e-mails.", "deed", "send"),
        ("Booking rooms isn't something I can do.", "deed", "book"),
        ("You'll have to rename them one by one yourself.", "deed", "rename"),
        ("We don't support refunds.", "deed", "support"),
        ("I couldn't find any maps.", "fact", "find"),
        ("I don't have information about the owner.", "fact", None),
        ("No matching records were found.", "fact", None),
        ("I don't have access to payment details.", "sight", "access"),
        ("I'm afraid I can't connect to Outlook.", "link", "connect"),
        ("That is against our policy.", "policy", None),
        ("There is no room available for these dates.", "stock", None),
        ("Your PIN is incorrect.", "user", None),
        ("Something went wrong.", "broken", None),
    ],
)
def test_each_kind_of_denial_is_told(sentence: str, kind: str, verb: str | None) -> None:
    first = read_denials(sentence)[0]
    assert (first.kind, first.verb) == (kind, verb)


def test_two_verbs_of_one_denial_are_two_denials() -> None:
    assert [d.verb for d in read_denials("I can't see or change calendars.")] == ["change", "see"]


@pytest.mark.parametrize("sentence", ["Here is your map.", "Sure, I can find it.", ""])
def test_a_plain_answer_denies_nothing(sentence: str) -> None:
    assert read_denials(sentence) == []


def test_a_complaint_is_of_the_product_not_of_life() -> None:
    assert read_complaints("Why can't it find my maps?") == [Denial("fact", "my maps", "find")]
    assert read_complaints("I can't find my glasses") == []
