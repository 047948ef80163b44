"""Sentences of the users' own, for clusters without a task or a subject."""

from __future__ import annotations

import asyncio

import pytest

from kura_core.engines.offline import OfflineEngine
from kura_core.engines.rules.sayings import is_saying, typical_sayings
from kura_core.engines.rules.support import measure_support
from kura_core.types import ClusterEvidence, Conversation, ConversationSummary, Message

ENGINE = OfflineEngine()


def _said(*texts: str) -> list[ConversationSummary]:
    return [
        asyncio.run(ENGINE.summarise(Conversation(f"c{place}", [Message("user", text)]), ()))
        for place, text in enumerate(texts)
    ]


def _sayings(*texts: str, outside: tuple[str, ...] = ()) -> list[str]:
    evidence = ClusterEvidence(_said(*texts), _said(*outside), size=len(texts))
    return typical_sayings(evidence, measure_support(evidence))


EMPLOYER = (
    "who do you work for",
    "whom do you work for",
    "who is it that you work for",
    "tell me who you work for",
    "do you work for somebody",
)


def test_the_sentence_most_like_all_others_comes_first() -> None:
    assert _sayings(*EMPLOYER)[0] in ("Who do you work for", "Who is it that you work for")


def test_small_talk_is_named_by_what_is_said() -> None:
    evidence = ClusterEvidence(
        _said("I'm not sure", "not sure", "I'm not really sure", "not sure at all", "not sure yet"),
        size=5,
    )
    named = asyncio.run(ENGINE.name_cluster(evidence))
    assert "ot sure" in named.name
    assert named.description.startswith(f"Users say “{named.name}”")


@pytest.mark.parametrize(
    "private",
    [
        "call Robert for me please now",
        "is <PHONE_1> your number",
        "is 4417 your code",
        "are you at me@example.com",
        "are you a stupid bot",
    ],
)
def test_what_tells_on_somebody_or_is_abuse_is_never_a_saying(private: str) -> None:
    texts = [private, *[f"{private} {word}" for word in ("again", "today", "too")]]
    assert _sayings(*texts) == []


def test_sentences_that_nobody_else_says_do_not_speak_for_a_cluster() -> None:
    assert _sayings("Where is it", "Book the red one", "Sing to us", "Never mind him") == []


@pytest.mark.parametrize("name", ["Who do you work for", "Not sure", "Can I pay later"])
def test_sentences_are_sayings(name: str) -> None:
    assert is_saying(name)


@pytest.mark.parametrize("name", ["Book a flight", "API calls", "Find out when a file was changed"])
def test_tasks_and_subjects_are_none(name: str) -> None:
    assert not is_saying(name)
