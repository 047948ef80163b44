"""One call to a model, made to succeed if it can: limits, timeouts, tries, and what it cost."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from kura_core.engines.endpoint import Endpoint
from kura_core.engines.failures import CallFailed
from kura_core.engines.prices import cost_of
from kura_core.errors import ConversationError, EngineError
from kura_core.types import Usage

# So many conversations lost in a row to a server that does not answer: it is gone.
_LOST_IN_A_ROW = 10
_RATE_LIMIT = 429


@dataclass(slots=True, frozen=True)
class Patience:
    """How long to go on asking: tries for one answer, seconds of back-off, in all and for a call.

    A server that limits the rate is asked as often as `seconds` allow.
    """

    tries: int = 7
    first_delay: float = 0.5
    longest_delay: float = 30.0
    seconds: float = 300.0
    timeout: float = 120.0


class Counted(Protocol):
    """An answer that says what it cost in tokens."""

    @property
    def input_tokens(self) -> int:
        """Tokens read."""
        ...

    @property
    def output_tokens(self) -> int:
        """Tokens written."""
        ...


Answer = TypeVar("Answer", bound=Counted)


@dataclass(slots=True)
class Calls:
    """The calls of one run to one endpoint: at most `concurrency` at once, all counted.

    `price` is dollars per million tokens in and out, None if unknown. `sleep` and `clock` can be
    replaced, so that waiting takes no time in a test.
    """

    endpoint: Endpoint
    concurrency: int
    price: tuple[float, float] | None
    patience: Patience = Patience()
    seed: int = 0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    _usage: Usage = field(default_factory=Usage, init=False)
    _places: asyncio.Semaphore = field(init=False)
    _jitter: random.Random = field(init=False)
    _lost: int = field(default=0, init=False)
    _end: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.concurrency)
        self._jitter = random.Random(self.seed)

    def usage(self) -> Usage:
        """Return what has been spent so far."""
        spent = self._usage
        return replace(spent, cost_usd=cost_of(self.price, spent.input_tokens, spent.output_tokens))

    async def send(
        self,
        attempt: Callable[[], Awaitable[Answer]],
        *,
        again: bool = False,
        patience: Patience | None = None,
    ) -> Answer:
        """Make a call, trying again after what passes: overload, a timeout, a broken connection.

        `again` says that it was sent before for the same answer; `patience` is this call's own.
        Raises CallFailed when another request may do better (refused, too long), ConversationError
        when no try brought an answer, EngineError when no call can, now or later.
        """
        patience = patience or self.patience
        started = self.clock()
        number = 0
        while True:
            number += 1
            try:
                answer = await self._once(attempt, patience.timeout, again=again or number > 1)
            except CallFailed as failed:
                if failed.kind == "unusable":
                    self._end = self.explain(failed)
                    raise EngineError(self._end) from failed
                if failed.kind != "transient":
                    raise
                delay = self._delay(number, failed.retry_after, patience)
                late = self.clock() - started + delay > patience.seconds
                # A rate limit lets everybody through in time; it says nothing about this request.
                if late or (number >= patience.tries and failed.status != _RATE_LIMIT):
                    raise self._given_up(failed, number) from failed
                await self.sleep(delay)
            else:
                self._lost = 0
                self._usage.input_tokens += answer.input_tokens
                self._usage.output_tokens += answer.output_tokens
                return answer

    def close(self) -> None:
        """Let no further call begin."""
        self._end = self._end or "The engine was closed; start the run again to go on."

    def explain(self, failed: CallFailed) -> str:
        """Say what a failed call means, and what to do about it, without giving the key away."""
        said = self.endpoint.without_key(failed.message).rstrip(".") + "."
        title = self.endpoint.title
        title = title[0].upper() + title[1:]
        if failed.status == 401:
            return f"{title} refused the key (401): {said} Check the key, or enter another one."
        if failed.kind == "unusable" and failed.status in (400, 402, 429):
            return (
                f"{title} answers no more because nothing is left to spend ({failed.status}): "
                f"{said} Add credit or raise the limit at the provider, then run again."
            )
        if failed.status == 403:
            return (
                f"{title} does not allow this key to use the model (403): {said} Choose another "
                "model, or give the key that permission."
            )
        if failed.status is not None and failed.kind == "unusable":
            return (
                f"{title} does not know the model or the address ({failed.status}): {said} Check "
                "the model's name and the base URL."
            )
        if failed.status is not None:
            return f"{title} answered {failed.status}: {said}"
        return f"{title} gave no answer: {said}"

    async def _once(
        self, attempt: Callable[[], Awaitable[Answer]], seconds: float, *, again: bool
    ) -> Answer:
        async with self._places:
            if self._end is not None:  # nothing more is spent once no call can succeed
                raise EngineError(self._end)
            self._usage.sent += 1
            self._usage.retried += again
            try:
                async with asyncio.timeout(seconds):
                    return await attempt()
            except TimeoutError as error:
                raise CallFailed("transient", f"nothing came in {seconds:g} seconds") from error

    def _delay(self, number: int, asked: float | None, patience: Patience) -> float:
        """Exponential back-off with jitter; never sooner than the server asked."""
        longest = min(patience.first_delay * 2 ** (number - 1), patience.longest_delay)
        delay = longest * self._jitter.uniform(0.5, 1.0)
        return delay if asked is None else asked + delay

    def _given_up(self, failed: CallFailed, tries: int) -> Exception:
        self._lost += 1
        reason = self.explain(failed)
        if self._lost >= _LOST_IN_A_ROW:
            self._end = (
                f"{reason} {self._lost} requests in a row got no answer. What is finished is kept: "
                "run again, once the server answers, to go on."
            )
            return EngineError(self._end)
        return ConversationError(f"No answer in {tries} tries. {reason}")
