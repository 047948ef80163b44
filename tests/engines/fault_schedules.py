"""Engines among faults that come by chance, from a seed, in time that passes at once.

A schedule says of every try of every request what happens to it; the order of arrival says nothing,
so that a schedule can be run again after a kill.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kura_core.engines.calls import Calls
from kura_core.engines.endpoint import find_endpoint
from kura_core.engines.failures import CallFailed
from kura_core.engines.language_model import LanguageModelEngine
from kura_core.engines.provider import Dialect, Reply, Request, Shape
from kura_core.errors import ConversationError
from kura_core.steps.summarise import summarise
from kura_core.types import Conversation, ConversationSummary, Message
from tests.engines.virtual_time import now, run_at_once

POISON = "a text that the server always refuses"
LONGEST = 60_000
_PASSING = (429, 500, 502, 503, 529, "disconnect", "stall")
_UNUSABLE = ("malformed", "truncated", "empty", "wrong type")


@dataclass
class Schedule:
    """What a server does: how often it fails and how, how long it takes, how much it reads."""

    seed: int

    def __post_init__(self) -> None:
        rng = random.Random(self.seed)
        self.rate = rng.choice([0.02, 0.1, 0.2, 0.35, 0.5])
        self.unusable = rng.choice([0.0, 0.0, 0.05])
        self.kinds = rng.sample(_PASSING, rng.randint(1, len(_PASSING)))
        self.concurrency = rng.choice([1, 3, 10, 40])
        self.latency = rng.choice([0.05, 1.0, 8.0])
        self.retry_after = rng.choice([None, 0.0, 1.0, 20.0])
        self.per_minute = rng.choice([None, None, 600])
        self.killed_after = rng.uniform(0.5, 60.0)
        self.conversations = _conversations(rng)

    def fault(self, text: str, number: int) -> tuple[int | str | None, float]:
        """What happens to the nth try of a request, and after how many seconds."""
        rng = random.Random(f"{self.seed} {number} {text}")
        seconds = self.latency * rng.uniform(0.5, 1.5)
        if rng.random() < self.rate:
            return rng.choice(self.kinds), seconds
        return (rng.choice(_UNUSABLE) if rng.random() < self.unusable else None), seconds


@dataclass
class Server:
    """Speaks as a provider, by a schedule; counts what it was asked and what it answered."""

    schedule: Schedule
    asked: Counter[str] = field(default_factory=Counter)
    answered: set[str] = field(default_factory=set)
    repeated: list[str] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    shapes: tuple[Shape, ...] = ("schema", "object", "text")
    options: tuple[str, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)

    def body(self, request: Request, dialect: Dialect) -> dict[str, Any]:
        return {"system": request.system, "user": request.user}

    async def complete(self, request: Request, dialect: Dialect) -> Reply:
        text = request.user
        self.asked[text] += 1
        if text in self.answered:
            self.repeated.append(text)
        fault, seconds = self.schedule.fault(text, self.asked[text])
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(10_000.0 if fault == "stall" else seconds)
        finally:
            self.under_way -= 1
        if fault in _PASSING:
            raise self._failure(fault)
        if POISON in text:
            raise CallFailed("refused", "this text is not taken", status=400)
        if len(text) > LONGEST:
            raise CallFailed("too long", "maximum context length is 16000 tokens", status=400)
        self.answered.add(text)
        return Reply(_written(text, fault), len(text) // 4, 30, cut_off=fault == "truncated")

    async def models(self) -> list[str]:
        return ["own"]

    async def aclose(self) -> None:
        """Close nothing."""

    def _failure(self, fault: int | str) -> CallFailed:
        if fault == "disconnect":
            return CallFailed("transient", "Connection error.")
        after = self.schedule.retry_after if fault in (429, 503, 529) else None
        assert isinstance(fault, int)
        return CallFailed("transient", "try later", status=fault, retry_after=after)


@dataclass
class Outcome:
    """What came of a schedule: an answer for every conversation, and what the server saw."""

    conversations: Sequence[Conversation]
    answers: Sequence[ConversationSummary | ConversationError]
    server: Server
    forgotten: int
    seconds: float

    def problems(self) -> list[str]:
        """Say what is lost, wrong or paid for twice; nothing where all is well."""
        found = []
        if len(self.answers) != len(self.conversations):
            found.append(f"{len(self.conversations) - len(self.answers)} without an answer")
        for conversation, answer in zip(self.conversations, self.answers, strict=False):
            poisoned = POISON in conversation.messages[0].content
            if isinstance(answer, ConversationError):
                if poisoned and "400" not in str(answer) and "No answer in" not in str(answer):
                    found.append(f"{conversation.conversation_id}: another reason: {answer}")
                if not poisoned and "No answer in" not in str(answer):
                    if "No usable answer" not in str(answer):
                        found.append(f"{conversation.conversation_id}: {answer}")
            elif poisoned:
                found.append(f"{conversation.conversation_id} cannot have an answer")
            elif answer.conversation_id != conversation.conversation_id:
                found.append(f"{conversation.conversation_id} got another's answer")
            elif answer.topic != _word(conversation.messages[0].content):
                found.append(f"{conversation.conversation_id} got an answer to another text")
        if len(self.server.repeated) > self.forgotten:
            found.append(f"{len(self.server.repeated)} requests were answered twice")
        if self.server.most_under_way > self.server.schedule.concurrency:
            found.append(f"{self.server.most_under_way} calls at once")
        return found


def run_schedule(seed: int) -> Outcome:
    """Summarise everything among faults, killed once on the way and begun again.

    Raises Hung where that would never end.
    """
    schedule = Schedule(seed)
    server, cache = Server(schedule), _Cache()
    seconds = run_at_once(_until_killed(server, cache))
    answers, more = run_at_once(_to_the_end(server, cache))
    return Outcome(schedule.conversations, answers, server, cache.forgotten, seconds + more)


async def _until_killed(server: Server, cache: _Cache) -> float:
    work = asyncio.create_task(_all(server, cache))
    await asyncio.wait([work], timeout=server.schedule.killed_after)
    work.cancel()
    await asyncio.wait([work])
    return now()


async def _to_the_end(
    server: Server, cache: _Cache
) -> tuple[list[ConversationSummary | ConversationError], float]:
    return await _all(server, cache), now()


async def _all(server: Server, cache: _Cache) -> list[ConversationSummary | ConversationError]:
    schedule = server.schedule
    endpoint = find_endpoint("openai", "http://localhost:9/v1")
    calls = Calls(
        endpoint,
        schedule.concurrency,
        None,
        seed=schedule.seed,
        clock=now,
        requests_per_minute=schedule.per_minute,
    )
    engine = LanguageModelEngine("openai", "own", server, calls).keeping(cache)
    return await summarise(schedule.conversations, engine, concurrency=schedule.concurrency)


class _Cache(dict[str, str]):
    """Keeps answers in memory; counts those that led to nothing and may be asked for again."""

    forgotten = 0

    def set(self, key: str, value: str) -> None:
        self[key] = value
        self.forgotten += value == ""


def _conversations(rng: random.Random) -> list[Conversation]:
    """Forty conversations: some twice, one refused, one too long for the server."""
    texts = [f"word{rng.randrange(10**9)} about invoices" for _ in range(36)]
    texts += [texts[0], texts[1], f"word1 {POISON}", "word2 " + "long " * 30_000]
    rng.shuffle(texts)
    return [Conversation(f"c{i:02d}", [Message("user", text)]) for i, text in enumerate(texts)]


def _word(text: str) -> str:
    return next(word for word in text.split() if word.startswith("word"))


def _written(text: str, fault: int | str | None) -> str:
    data = text.partition("<conversation>")[2]
    values = {
        "summary": "Asks.", "request": "R", "task": "T", "topic": _word(data), "language": "en",
        "frustration": 1,
    }  # fmt: skip
    whole = json.dumps(values)
    broken = {
        "malformed": whole.replace(":", ""),
        "truncated": whole[: len(whole) // 2],
        "empty": "",
        "wrong type": json.dumps({"unexpected": True}),
    }
    return broken.get(str(fault), whole)
