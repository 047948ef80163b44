"""Asking a screen of many conversations at once."""

from __future__ import annotations

import asyncio

import pytest

from kura_core.config import Facet
from kura_core.errors import ConversationError, EngineError
from kura_core.steps.screen import screen
from kura_core.types import Conversation, Message
from tests.steps.stub_engine import StubEngine

FACET = Facet(name="work", question="Work?", type="yes/no")
CONVERSATIONS = [
    Conversation(f"{'no' if i % 3 else 'yes'}{'c' * (i % 7)}{i}", [Message("user", "Hello")])
    for i in range(30)
]


def test_answers_come_in_the_order_of_the_input() -> None:
    answers = asyncio.run(screen(CONVERSATIONS, StubEngine(), FACET, concurrency=7))
    assert answers == [i % 3 == 0 for i in range(30)]


def test_a_conversation_that_cannot_be_asked_does_not_end_the_others() -> None:
    engine = StubEngine(failing=frozenset([CONVERSATIONS[4].conversation_id]))
    done: list[int] = []
    answers = asyncio.run(
        screen(
            CONVERSATIONS,
            engine,
            FACET,
            concurrency=4,
            on_done=lambda place, answer: done.append(place),
        )
    )
    assert isinstance(answers[4], ConversationError)
    assert sorted(done) == list(range(30))
    assert engine.most_running == 4


def test_an_engine_that_cannot_be_used_at_all_ends_the_step() -> None:
    class Unusable(StubEngine):
        async def screen(self, *_: object) -> bool | None:
            raise EngineError("No key.")

    with pytest.raises(EngineError, match="No key"):
        asyncio.run(screen(CONVERSATIONS, Unusable(), FACET))
