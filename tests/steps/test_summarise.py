"""Asking an engine about many conversations at once."""

from __future__ import annotations

import asyncio

import pytest

from kura_core.config import Facet
from kura_core.errors import ConversationError, EngineError
from kura_core.steps.summarise import summarise
from kura_core.types import Conversation, ConversationSummary, Message
from tests.steps.stub_engine import StubEngine

# Names of all lengths, so that conversations end in another order than they began in.
CONVERSATIONS = [
    Conversation("c" * (1 + i * 3 % 11) + str(i), [Message("user", "Hello")]) for i in range(30)
]


def test_answers_come_in_the_order_of_the_input() -> None:
    answers = asyncio.run(summarise(CONVERSATIONS, StubEngine(), concurrency=7))
    assert [answer.conversation_id for answer in answers] == [  # type: ignore[union-attr]
        conversation.conversation_id for conversation in CONVERSATIONS
    ]


def test_a_conversation_that_fails_does_not_end_the_others() -> None:
    failing = CONVERSATIONS[4].conversation_id
    engine = StubEngine(failing=frozenset([failing]))
    answers = asyncio.run(summarise(CONVERSATIONS, engine))
    assert isinstance(answers[4], ConversationError)
    assert failing in str(answers[4])
    others = [*answers[:4], *answers[5:]]
    assert all(isinstance(answer, ConversationSummary) for answer in others)
    assert len(others) == len(CONVERSATIONS) - 1


def test_an_engine_that_cannot_be_used_at_all_ends_the_step() -> None:
    class Unusable(StubEngine):
        async def summarise(self, *_: object) -> ConversationSummary:
            raise EngineError("No key.")

    with pytest.raises(EngineError, match="No key"):
        asyncio.run(summarise(CONVERSATIONS, Unusable()))


@pytest.mark.parametrize("concurrency", [1, 4, 100])
def test_as_many_at_once_as_allowed_and_never_more(concurrency: int) -> None:
    engine = StubEngine()
    asyncio.run(summarise(CONVERSATIONS, engine, concurrency=concurrency))
    assert engine.most_running == min(concurrency, len(CONVERSATIONS))


def test_facets_reach_the_engine() -> None:
    facet = Facet(name="mood", question="How do they feel?")
    answers = asyncio.run(summarise(CONVERSATIONS[:2], StubEngine(), [facet]))
    assert [answer.facets for answer in answers] == [{"mood": 1}] * 2  # type: ignore[union-attr]


def test_no_conversations_give_no_answers() -> None:
    assert asyncio.run(summarise([], StubEngine())) == []
