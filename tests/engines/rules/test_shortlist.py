"""The names a cluster could well have, and which of them is taken when their closeness is known."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from kura_core.engines.offline import OfflineEngine
from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.shortlist import MOST_PROPOSED, propose_names
from kura_core.types import Conversation, ConversationSummary, Message

ENGINE = OfflineEngine()


def members(*texts: str) -> list[ConversationSummary]:
    return [
        asyncio.run(ENGINE.summarise(Conversation(f"c{place}", [Message("user", text)]), ()))
        for place, text in enumerate(texts)
    ]


def name(evidence: ClusterEvidence) -> str:
    return asyncio.run(ENGINE.name_cluster(evidence)).name


PIZZA = ClusterEvidence(
    members(
        "I need a veg out pizza",
        "I need two veg out pizza",
        "order a pizza",
        "I want to order a large pizza please",
        "need one veg pizza",
        "a pizza for my kids",
        "Can I order a pizza with mushrooms",
        "veg out pizza",
    ),
    keywords=[("pizza", 0.5), ("veg", 0.3), ("veg out", 0.2)],
    size=8,
)


def test_proposed_names_are_few_and_differ() -> None:
    proposed = propose_names(PIZZA)
    assert 1 < len(proposed) <= MOST_PROPOSED
    assert len({text.lower() for text in proposed}) == len(proposed)
    assert all(len(text.split()) <= 8 for text in proposed)


def test_of_sound_names_the_one_closest_to_the_cluster_wins() -> None:
    proposed = propose_names(PIZZA)
    assert "Order a pizza" in proposed
    for wanted in ("Order a pizza", "Veg out pizza"):
        closeness = {text: 0.5 if text == wanted else 0.1 for text in proposed}
        assert name(replace(PIZZA, closeness=closeness)) == wanted


def test_a_closest_name_that_is_taken_gives_way() -> None:
    closeness = {text: 0.5 if text == "Order a pizza" else 0.1 for text in propose_names(PIZZA)}
    said = name(replace(PIZZA, closeness=closeness, taken=["Order a pizza"]))
    assert said not in ("Order a pizza", "Order pizzas")


def test_a_sentence_must_be_clearly_closer_than_a_task() -> None:
    evidence = ClusterEvidence(
        members(*["How can I reset my password?"] * 4, *["please reset my password"] * 3),
        keywords=[("password", 0.5)],
        size=7,
    )
    proposed = propose_names(evidence)
    sentences = [text for text in proposed if text.startswith("How ")]
    assert sentences and "Reset password" in proposed
    slightly = {text: 0.52 if text in sentences else 0.5 for text in proposed}
    assert name(replace(evidence, closeness=slightly)) == "Reset password"


def test_where_only_some_go_is_no_part_of_a_proposed_name() -> None:
    cities = "dallas dallas boston denver seattle austin miami tampa reno".split()
    flights = members(*(f"find a flight to {city}" for city in cities))
    evidence = ClusterEvidence(flights, keywords=[("flight", 0.5), ("dallas", 0.4)], size=9)
    proposed = propose_names(evidence)
    assert proposed
    assert not [text for text in proposed if any(city in text.lower() for city in cities)]


def test_a_word_that_only_describes_what_follows_closes_no_proposed_name() -> None:
    cards = members(
        "I need a disposable virtual card",
        "get a disposable virtual card",
        "how do I get a disposable virtual card",
        "order a disposable virtual card",
        "can I have disposable virtual cards",
    )
    proposed = propose_names(ClusterEvidence(cards, keywords=[("virtual card", 0.5)], size=5))
    assert proposed
    assert not [text for text in proposed if text.lower().endswith("virtual")]


def test_nothing_is_proposed_for_members_that_are_not_read() -> None:
    spanish = members("¿Dónde están los contratos firmados?", "No encuentro los contratos firmados")
    assert propose_names(ClusterEvidence(spanish, size=2)) == []


def test_no_members_and_blank_ones_give_no_names() -> None:
    assert propose_names(ClusterEvidence([])) == []
    assert propose_names(ClusterEvidence([ConversationSummary("c", "…")], size=1)) == []


@pytest.mark.parametrize("asked", ["city, genre, seats", "star rating"])
def test_what_assistants_ask_back_is_in_no_name(asked: str) -> None:
    said = [
        replace(member, summary=f"{member.summary.rstrip('.')}. Details: {asked}.")
        for member in PIZZA.members
    ]
    evidence = replace(PIZZA, members=said)
    assert propose_names(evidence) == propose_names(PIZZA)
    assert name(evidence) == name(PIZZA)
