"""Vectors that are asked of a provider while answers are waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from kura_core.engines.embeddings import TEXTS_A_REQUEST, OnBlock
from kura_core.errors import BudgetSpent, RunCancelled
from kura_core.run.waiting.early_requests import EarlyRequests


@dataclass
class Provider:
    """Gives vectors once it is let; refuses the texts of some request."""

    asked: list[list[str]] = field(default_factory=list)
    refused: int | None = None
    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, texts: Sequence[str], take: OnBlock) -> None:
        self.asked.append(list(texts))
        if len(self.asked) - 1 == self.refused:
            raise BudgetSpent("no more")
        await self.let.wait()
        take(texts, np.ones((len(texts), 2), dtype=np.float32))


def texts(count: int) -> list[str]:
    return [f"text {place}" for place in range(count)]


def test_full_requests_are_sent_while_others_are_waited_for() -> None:
    async def work() -> None:
        provider = Provider()
        early = EarlyRequests(provider.ask)
        for text in texts(2 * TEXTS_A_REQUEST + 5):
            early.offer(text)
        provider.let.set()
        await early.finish()
        sent = texts(2 * TEXTS_A_REQUEST)
        assert provider.asked == [sent[:TEXTS_A_REQUEST], sent[TEXTS_A_REQUEST:]]
        assert list(early.made) == sent

    asyncio.run(work())


def test_a_text_is_asked_for_once() -> None:
    async def work() -> None:
        provider = Provider()
        early = EarlyRequests(provider.ask)
        for text in texts(TEXTS_A_REQUEST) * 3:
            early.offer(text)
        provider.let.set()
        await early.finish()
        assert len(provider.asked) == 1

    asyncio.run(work())


def test_a_request_that_fails_leaves_the_others() -> None:
    async def work() -> None:
        provider = Provider(refused=0)
        early = EarlyRequests(provider.ask)
        for text in texts(2 * TEXTS_A_REQUEST):
            early.offer(text)
        provider.let.set()
        await early.finish()
        assert list(early.made) == texts(2 * TEXTS_A_REQUEST)[TEXTS_A_REQUEST:]

    asyncio.run(work())


def test_a_run_can_be_stopped_while_vectors_are_waited_for() -> None:
    def check() -> None:
        raise RunCancelled("stopped")

    async def work() -> None:
        provider = Provider()
        early = EarlyRequests(provider.ask)
        for text in texts(TEXTS_A_REQUEST):
            early.offer(text)
        with pytest.raises(RunCancelled):
            await early.finish(check)
        early.end()
        await early.finish()
        assert early.made == {}

    asyncio.run(work())
