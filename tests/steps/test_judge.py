"""Asking a judge about many conversations at once."""

from __future__ import annotations

import asyncio

import pytest

from kura_core.errors import ConversationError, EngineError
from kura_core.steps.judge import judge
from kura_core.types import Conversation, Judgement, Message
from tests.steps.stub_engine import StubEngine

CONVERSATIONS = [
    Conversation("c" * (1 + i * 3 % 11) + str(i), [Message("user", "Hello")]) for i in range(30)
]
REQUESTS = [f"request {i}" if i % 3 else None for i in range(30)]


def test_judgements_come_in_the_order_of_the_input_each_with_its_own_request() -> None:
    answers = asyncio.run(judge(CONVERSATIONS, REQUESTS, StubEngine(), concurrency=7))
    found = [(one.conversation_id, one.missing) for one in answers if isinstance(one, Judgement)]
    ids = [conversation.conversation_id for conversation in CONVERSATIONS]
    assert found == list(zip(ids, REQUESTS, strict=True))


def test_a_conversation_that_cannot_be_judged_does_not_end_the_others() -> None:
    engine = StubEngine(failing=frozenset([CONVERSATIONS[4].conversation_id]))
    done: list[int] = []
    answers = asyncio.run(
        judge(
            CONVERSATIONS,
            REQUESTS,
            engine,
            concurrency=4,
            on_done=lambda place, answer: done.append(place),
        )
    )
    assert isinstance(answers[4], ConversationError)
    assert sum(isinstance(answer, Judgement) for answer in answers) == len(done) - 1 == 29
    assert engine.most_running == 4


def test_a_judge_that_cannot_be_used_at_all_ends_the_step() -> None:
    class Unusable(StubEngine):
        async def judge(self, *_: object) -> Judgement:
            raise EngineError("No key.")

    with pytest.raises(EngineError, match="No key"):
        asyncio.run(judge(CONVERSATIONS, REQUESTS, Unusable()))


def test_requests_that_are_not_aligned_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        asyncio.run(judge(CONVERSATIONS, REQUESTS[:3], StubEngine()))
