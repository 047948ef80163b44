"""The normal form of what is missing."""

from __future__ import annotations

import pytest

from kura_core.engines.rules.judging.missing import (
    attribute_of,
    in_state,
    many,
    name_deed,
    thing_of,
)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("any executed contracts for Oakhurst Fyne", ["executed", "contracts"]),
        ("results for train tickets in March", ["train", "tickets"]),
        ('documents matching "Zed"', []),
        ("a list", ["list"]),
        ("it", []),
        ("invoice_2024.pdf", []),
        ("", []),
    ],
)
def test_a_thing_is_cut_from_its_sentence(said: str, words: list[str]) -> None:
    assert thing_of(said) == words or (not words and not set(thing_of(said)) - {"documents"})


@pytest.mark.parametrize(
    ("verb", "said", "name"),
    [
        ("send", "e-mails", "send e-mail"),
        ("deliver", "mail", "send e-mail"),
        ("add", "the meeting to your calendar", "book meetings"),
        ("delete", "your old files", "delete old files"),
        ("delete", "it", None),
        (None, "things", None),
    ],
)
def test_a_deed_is_named_by_verb_and_object(verb: str | None, said: str, name: str | None) -> None:
    assert name_deed(verb, said) == name


def test_only_a_denied_deed_may_lack_an_object() -> None:
    assert name_deed("post", "to social networks") is None
    assert name_deed("post", "to social networks", denied=True) == "post to social networks"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("when this document was modified", "modification dates"),
        ("when it was uploaded", "upload dates"),
        ("who wrote it", "authors"),
        ("the owner of the file", "owners"),
        ("the weather", None),
    ],
)
def test_what_is_known_about_a_record_has_a_name(said: str, name: str | None) -> None:
    assert attribute_of(said) == name


def test_synonyms_are_said_plainly() -> None:
    assert in_state("executed", "agreements") == "signed contracts"
    assert in_state("approved", "budget") == "approved budgets"


@pytest.mark.parametrize(
    ("word", "plural"),
    [("box", "boxes"), ("party", "parties"), ("information", "information"), ("API", "API")],
)
def test_a_noun_is_counted_where_it_can_be(word: str, plural: str) -> None:
    assert many(word) == plural
