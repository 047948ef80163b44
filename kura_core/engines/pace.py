"""How many calls may be under way, and when the next may begin: learnt as answers come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from kura_core.engines.rate_limits import Allowance, What

# So many more calls at once for each round of answers, once a server takes more again.
_STEPS_A_ROUND = 4.0


@dataclass(slots=True)
class Bucket:
    """An amount that calls take from, and that fills again by `per_second` up to `most`."""

    level: float
    most: float
    per_second: float
    filled_at: float

    def wait(self, wanted: float, now: float) -> float:
        """Return the seconds until there is as much as is wanted, or all there ever is."""
        self.level = min(self.most, self.level + (now - self.filled_at) * self.per_second)
        self.filled_at = now
        lacking = min(wanted, self.most) - self.level
        # What is less than a millionth is a rest of adding fractions.
        return lacking / self.per_second if lacking > 1e-6 * self.most else 0.0


@dataclass(slots=True, frozen=True)
class Turn:
    """One call under way: the requests and tokens that had begun with it, and since when."""

    requests: int
    tokens: float
    size: float
    overloads: int


@dataclass(slots=True)
class Pace:
    """Lets calls begin, in the order in which they come: at first `most` at once.

    An overload halves that once, however many calls under way meet it, and nothing begins before
    the time the server asked for; answers let it climb again (additive increase, multiplicative
    decrease: Chiu and Jain 1989). What a server says is left is not exceeded, nor are
    `requests_per_minute` and `tokens_per_minute`, which are spread evenly. `sleep` and `clock` can
    be replaced.
    """

    most: int
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    limit: float = field(init=False)
    under_way: int = field(default=0, init=False)
    _overloads: int = field(default=0, init=False)
    _closed_until: float = field(default=float("-inf"), init=False)
    _requests: int = field(default=0, init=False)
    _tokens: float = field(default=0.0, init=False)
    _own: dict[What, Bucket] = field(default_factory=dict, init=False)
    _told: dict[What, Bucket] = field(default_factory=dict, init=False)
    _told_by: int = field(default=0, init=False)
    _door: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _ended: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def __post_init__(self) -> None:
        self.limit = float(self.most)
        now = self.clock()
        if self.requests_per_minute:
            self._own["requests"] = _by_the_minute(self.requests_per_minute, now)
        if self.tokens_per_minute:
            self._own["tokens"] = _by_the_minute(self.tokens_per_minute, now)

    async def begin(self, size: float) -> Turn:
        """Wait until a call of some `size` tokens may begin. Whoever begins must `end`."""
        async with self._door:  # a lock lets through those who wait in their order
            while True:
                if self.under_way >= int(self.limit):
                    self._ended.clear()
                    await self._ended.wait()
                elif (seconds := self._seconds(size)) > 0:
                    await self.sleep(seconds)
                else:
                    break
            self.under_way += 1
            self._requests += 1
            self._tokens += size
            for bucket, amount in self._buckets(size):
                bucket.level -= amount
            return Turn(self._requests, self._tokens, size, self._overloads)

    def end(self, turn: Turn, tokens: float | None, limits: Sequence[Allowance] = ()) -> None:
        """Note that a call is over: what it took, None where unknown, and what its headers say."""
        self.under_way -= 1
        if tokens is not None and "tokens" in self._own:
            self._own["tokens"].level -= tokens - turn.size
        if limits and turn.requests > self._told_by:
            self._told_by = turn.requests
            # What began after it was not yet counted when the server answered.
            since: dict[What, float] = {
                "requests": self._requests - turn.requests,
                "tokens": self._tokens - turn.tokens,
            }
            now = self.clock()
            self._told = {
                found.what: Bucket(
                    found.left - since[found.what], found.most, found.per_second, now
                )
                for found in limits
            }
        self._ended.set()

    def answered(self) -> None:
        """Climb: an answer came."""
        self.limit = min(float(self.most), self.limit + _STEPS_A_ROUND / self.limit)
        self._ended.set()

    def overloaded(self, turn: Turn) -> None:
        """Go slower: the server could not take this call. Of one overload only the first counts."""
        if turn.overloads == self._overloads:
            self._overloads += 1
            self.limit = max(1.0, self.limit / 2)

    def hold(self, seconds: float) -> None:
        """Let nothing begin for some seconds."""
        self._closed_until = max(self._closed_until, self.clock() + seconds)

    def _seconds(self, size: float) -> float:
        now = self.clock()
        waits = [bucket.wait(amount, now) for bucket, amount in self._buckets(size)]
        return max([self._closed_until - now, *waits])

    def _buckets(self, size: float) -> list[tuple[Bucket, float]]:
        amounts: dict[What, float] = {"requests": 1.0, "tokens": size}
        return [
            (bucket, amounts[what])
            for buckets in (self._own, self._told)
            for what, bucket in buckets.items()
        ]


def _by_the_minute(amount: int, now: float) -> Bucket:
    """A bucket of a second's worth, so that no minute holds more than its amount and that."""
    second = amount / 60.0
    return Bucket(max(second, 1.0), max(second, 1.0), second, now)
