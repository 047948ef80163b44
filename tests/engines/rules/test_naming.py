"""Names a person would write, told apart from their siblings."""

from __future__ import annotations

import asyncio

import pytest

from kura_core.engines.offline import OfflineEngine
from kura_core.engines.protocol import ClusterEvidence, ClusterName
from kura_core.engines.rules.naming import is_taken
from kura_core.types import Conversation, ConversationSummary, Message

ENGINE = OfflineEngine()


def members(*texts: str) -> list[ConversationSummary]:
    return [
        asyncio.run(ENGINE.summarise(Conversation(f"c{place}", [Message("user", text)]), ()))
        for place, text in enumerate(texts)
    ]


def name(evidence: ClusterEvidence) -> ClusterName:
    return asyncio.run(ENGINE.name_cluster(evidence))


CONTRACTS = members(
    "Why can't it find my signed contracts?",
    "find the signed contract with Acme",
    "I'm looking for signed contracts from 2023",
    "where are my signed contracts",
    "Can you find all signed contracts of last year",
    "hello, I need the countersigned contracts",
)
FLIGHTS = members(
    "I'd like to book a flight to Paris",
    "book a flight from Rome for Tuesday",
    "can you book me a flight please",
    "need to book a cheap flight to Oslo on 3 May",
)


def test_a_name_is_what_most_members_ask_for() -> None:
    keywords = [("signed contracts", 0.4), ("signed", 0.3), ("contracts", 0.3)]
    named = name(ClusterEvidence(CONTRACTS, FLIGHTS, keywords, size=6))
    assert named.name == "Find signed contracts"
    assert named.description.startswith("Users ask to find signed contracts")
    assert "Typical: “" in named.description


def test_a_name_holds_no_detail_of_one_conversation() -> None:
    assert (
        name(ClusterEvidence(FLIGHTS, CONTRACTS, [("flight", 0.5)], size=4)).name == "Book a flight"
    )


def test_a_taken_name_is_not_repeated_nor_nearly() -> None:
    taken = ["Book a flight"]
    other = name(ClusterEvidence(FLIGHTS, CONTRACTS, [("flight", 0.5)], size=4, taken=taken)).name
    assert not is_taken(other, taken)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Book a flight", "Book flights"),
        ("Find signed contracts", "find signed contracts"),
        ("Check claim status", "Find claim status"),
        ("Reset account password", "Reset the account password now"),
    ],
)
def test_near_equal_names_are_taken(one: str, other: str) -> None:
    assert is_taken(one, [other])


def test_different_names_are_free() -> None:
    assert not is_taken("Cancel a flight", ["Book a hotel", "Find signed contracts"])


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        (("Schedule a meeting", "Cancel a meeting", "Move a meeting"), "Manage meetings"),
        (("Find a doctor", "Find a dentist"), "Find doctors and dentists"),
        (("Find flights", "Book a flight"), "Find and book flights"),
        (("Export documents", "Signed contracts"), "Documents and contracts"),
    ],
)
def test_a_parent_is_named_over_its_children(below: tuple[str, ...], expected: str) -> None:
    texts = [f"I want to {text}" for text in below] + ["cancel a meeting", "a doctor or a dentist"]
    children = [ClusterName(text, "…") for text in below]
    named = name(ClusterEvidence(members(*texts), children=children, size=9))
    assert named.name == expected
    assert named.description.startswith(f"Brings together {len(below)} groups")


def test_a_cluster_in_another_language_is_named_in_its_words() -> None:
    spanish = members("¿Dónde están los contratos firmados?", "No encuentro los contratos firmados")
    assert name(ClusterEvidence(spanish, size=2)).name == "Dónde están los contratos firmados"


def test_names_do_not_depend_on_the_process() -> None:
    evidence = ClusterEvidence(CONTRACTS, FLIGHTS, [("signed", 0.3)], size=6)
    assert name(evidence) == name(evidence)
