"""One call to a model, made to succeed if it can: limits, timeouts, tries, and what it cost."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from kura_core.engines.endpoint import Endpoint
from kura_core.engines.failures import CallFailed
from kura_core.engines.pace import Pace
from kura_core.engines.prices import cost_of
from kura_core.engines.rate_limits import Allowance
from kura_core.errors import ConversationError, EngineError
from kura_core.types import Usage

# So many conversations lost in a row to a server that does not answer: it is gone.
_LOST_IN_A_ROW = 10
# A limit that lets everybody through in time, and says nothing about the request that met it.
_OVERLOAD = frozenset({429, 529})
# A call that takes so many times as long as the slowest answer so far has stalled.
_STALLED = 8.0


@dataclass(slots=True, frozen=True)
class Patience:
    """How long to go on asking: tries for one answer, seconds of back-off, in all and for a call.

    A server that limits the rate is asked as often as `seconds` allow. A call has `timeout`
    seconds; once answers tell how long they take, none is waited for much longer than that: at
    least `stall` seconds, twice as long at each further try.
    """

    tries: int = 7
    first_delay: float = 0.5
    longest_delay: float = 30.0
    seconds: float = 300.0
    timeout: float = 120.0
    stall: float = 20.0


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

    @property
    def limits(self) -> Sequence[Allowance]:
        """What the server says is left of its limits."""
        ...


Answer = TypeVar("Answer", bound=Counted)


@dataclass(slots=True)
class Calls:
    """The calls of one run to one endpoint: at most `concurrency` at once, all counted.

    Fewer at once where the server is overloaded (see `kura_core.engines.pace`). `price` is dollars
    per million tokens in and out, None if unknown. `sleep` and `clock` can be replaced, so that
    waiting takes no time in a test.
    """

    endpoint: Endpoint
    concurrency: int
    price: tuple[float, float] | None
    patience: Patience = Patience()
    seed: int = 0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    pace: Pace = field(init=False)
    _usage: Usage = field(default_factory=Usage, init=False)
    _jitter: random.Random = field(init=False)
    _lost: int = field(default=0, init=False)
    _slowest: float | None = field(default=None, init=False)
    _end: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.pace = Pace(
            self.concurrency,
            self.requests_per_minute,
            self.tokens_per_minute,
            self.sleep,
            self.clock,
        )
        self._jitter = random.Random(self.seed)

    def usage(self) -> Usage:
        """Return what has been spent so far."""
        spent = self._usage
        return replace(spent, cost_usd=cost_of(self.price, spent.input_tokens, spent.output_tokens))

    def spared(self) -> None:
        """Count an answer that needed no call."""
        self._usage.cached += 1

    async def send(
        self,
        attempt: Callable[[], Awaitable[Answer]],
        *,
        again: bool = False,
        size: float = 0.0,
        patience: Patience | None = None,
    ) -> Answer:
        """Make a call, trying again after what passes: overload, a timeout, a broken connection.

        `again` says that it was sent before for the same answer, `size` is about how many tokens it
        takes; `patience` is this call's own. Raises CallFailed when another request may do better
        (refused, too long), ConversationError when no try brought an answer, EngineError when no
        call can, now or later.
        """
        patience = patience or self.patience
        spent = 0.0
        number = 0
        while True:
            number += 1
            turn = await self.pace.begin(size)
            begun = self.clock()
            tokens: float | None = None
            limits: Sequence[Allowance] = ()
            try:
                seconds = self._longest(patience, number)
                answer = await self._once(attempt, seconds, again=again or number > 1)
                tokens, limits = answer.input_tokens + answer.output_tokens, answer.limits
            except CallFailed as failed:
                limits = failed.limits
                spent += self.clock() - begun
                if failed.kind == "unusable":
                    self._end = self.explain(failed)
                    raise EngineError(self._end) from failed
                if failed.kind != "transient":
                    raise
                overload = failed.status in _OVERLOAD
                if overload:
                    self.pace.overloaded(turn)
                delay = self._delay(number, failed.retry_after, patience)
                late = spent + delay > patience.seconds
                if late or (number >= patience.tries and not overload):
                    raise self._given_up(failed, number) from failed
                if failed.retry_after is not None:
                    self.pace.hold(failed.retry_after)
            else:
                self._lost = 0
                self._slowest = max(self._slowest or 0.0, self.clock() - begun)
                self._usage.input_tokens += answer.input_tokens
                self._usage.output_tokens += answer.output_tokens
                self.pace.answered()
                return answer
            finally:
                self.pace.end(turn, tokens, limits)
            spent += delay
            await self.sleep(delay)

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
        if self._end is not None:  # nothing more is spent once no call can succeed
            raise EngineError(self._end)
        self._usage.sent += 1
        self._usage.retried += again
        try:
            async with asyncio.timeout(seconds):
                return await attempt()
        except TimeoutError as error:
            raise CallFailed("transient", f"nothing came in {seconds:g} seconds") from error

    def _longest(self, patience: Patience, number: int) -> float:
        """Return the seconds that a call may take before it counts as stalled."""
        if self._slowest is None:
            return patience.timeout
        usual = max(patience.stall, _STALLED * self._slowest) * 2 ** (number - 1)
        return min(patience.timeout, usual)

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
