from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from kura_core.engines.calls import Calls, Patience
from kura_core.engines.endpoint import find_endpoint
from kura_core.engines.failures import CallFailed
from kura_core.engines.rate_limits import Allowance
from kura_core.errors import ConversationError, EngineError
from tests.engines.virtual_time import now, run_at_once

ADDRESS = "http://localhost:9/v1"
DEFAULT = Patience()


@dataclass
class Answer:
    input_tokens: int = 1_000_000
    output_tokens: int = 100_000
    limits: tuple[Allowance, ...] = ()


class Clock:
    """Time that passes only where something waits for it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def read(self) -> float:
        return self.now


def calls_with(clock: Clock, patience: Patience = DEFAULT, **changes: object) -> Calls:
    given = {"concurrency": 5, "price": (2.0, 10.0), **changes}
    endpoint = find_endpoint("openai", ADDRESS)
    return Calls(endpoint, patience=patience, sleep=clock.sleep, clock=clock.read, **given)


def failing(times: int, failed: CallFailed) -> Callable[[], Awaitable[Answer]]:
    left = [failed] * times

    async def attempt() -> Answer:
        if left:
            raise left.pop()
        return Answer()

    return attempt


def test_waits_grow_with_each_try_and_are_spread_out() -> None:
    clock = Clock()
    calls = calls_with(clock, Patience(tries=6, first_delay=1.0, longest_delay=4.0))
    asyncio.run(calls.send(failing(5, CallFailed("transient", "busy", status=503))))
    assert [round(2 ** min(i, 2) / 2, 1) <= wait <= 2 ** min(i, 2) for i, wait in
            enumerate(clock.waits)] == [True] * 5  # fmt: skip
    assert len(set(clock.waits)) == 5
    assert (calls.usage().sent, calls.usage().retried) == (6, 5)


def test_a_server_is_never_asked_again_sooner_than_it_said() -> None:
    clock = Clock()
    slow = CallFailed("transient", "slow down", status=429, retry_after=20.0)
    asyncio.run(calls_with(clock).send(failing(2, slow)))
    assert len(clock.waits) == 2
    assert all(20.0 <= wait < 25.0 for wait in clock.waits)


def test_a_wait_beyond_the_time_allowed_is_not_begun() -> None:
    clock = Clock()
    slow = CallFailed("transient", "come back tomorrow", status=429, retry_after=86_400.0)
    with pytest.raises(ConversationError, match=r"No answer in 1 tries.*429.*tomorrow"):
        asyncio.run(calls_with(clock).send(failing(1, slow)))
    assert clock.waits == []


def test_tries_are_bounded() -> None:
    clock = Clock()
    calls = calls_with(clock, Patience(tries=3))
    with pytest.raises(ConversationError, match=r"No answer in 3 tries\. The server at .* 500"):
        asyncio.run(calls.send(failing(9, CallFailed("transient", "broken", status=500))))
    assert calls.usage().sent == 3


def test_a_rate_limit_is_waited_out_however_many_tries_it_takes() -> None:
    clock = Clock()
    calls = calls_with(clock, Patience(tries=3, longest_delay=5.0))
    asyncio.run(calls.send(failing(30, CallFailed("transient", "slow down", status=429))))
    assert calls.usage().sent == 31
    assert clock.now < 300.0


def test_a_server_that_answers_nobody_ends_the_run() -> None:
    clock = Clock()
    calls = calls_with(clock, Patience(tries=1))

    async def work() -> None:
        for _ in range(9):
            with pytest.raises(ConversationError):
                await calls.send(failing(1, CallFailed("transient", "refused")))
        with pytest.raises(EngineError, match="10 requests in a row got no answer"):
            await calls.send(failing(1, CallFailed("transient", "refused")))
        with pytest.raises(EngineError):
            await calls.send(failing(0, CallFailed("transient", "")))

    asyncio.run(work())
    assert calls.usage().sent == 10


def test_one_answer_among_them_lets_it_go_on() -> None:
    calls = calls_with(Clock(), Patience(tries=1))

    async def work() -> None:
        for _ in range(3):
            for _ in range(9):
                with pytest.raises(ConversationError):
                    await calls.send(failing(1, CallFailed("transient", "refused")))
            await calls.send(failing(0, CallFailed("transient", "")))

    asyncio.run(work())


def test_a_call_that_stalls_is_cut_off_and_made_again() -> None:
    calls = calls_with(Clock(), Patience(timeout=0.02))
    stalls = [True]

    async def attempt() -> Answer:
        if stalls:
            stalls.pop()
            await asyncio.Event().wait()
        return Answer()

    asyncio.run(calls.send(attempt))
    assert calls.usage().retried == 1


def test_tokens_and_dollars_add_up() -> None:
    calls = calls_with(Clock())

    async def work() -> None:
        for _ in range(3):
            await calls.send(failing(0, CallFailed("transient", "")))

    assert calls.usage().cost_usd == 0.0
    asyncio.run(work())
    spent = calls.usage()
    assert (spent.input_tokens, spent.output_tokens) == (3_000_000, 300_000)
    assert spent.cost_usd == pytest.approx(9.0)


def test_an_unknown_price_is_not_nothing() -> None:
    calls = calls_with(Clock(), price=None)
    asyncio.run(calls.send(failing(0, CallFailed("transient", ""))))
    assert calls.usage().cost_usd is None


def test_nothing_is_sent_after_closing() -> None:
    calls = calls_with(Clock())
    calls.close()
    with pytest.raises(EngineError, match="closed"):
        asyncio.run(calls.send(failing(0, CallFailed("transient", ""))))
    assert calls.usage().sent == 0


def test_a_rate_limit_lets_nobody_through_until_the_server_said() -> None:
    async def work() -> list[float]:
        calls = Calls(find_endpoint("openai", ADDRESS), 5, None, clock=now)
        limited, begun = [True], []

        async def attempt() -> Answer:
            begun.append(now())
            if limited:
                limited.pop()
                raise CallFailed("transient", "slow down", status=429, retry_after=30.0)
            await asyncio.sleep(1)
            return Answer()

        async def later() -> None:
            await asyncio.sleep(0.5)
            await calls.send(attempt)

        await asyncio.gather(calls.send(attempt), *(later() for _ in range(4)))
        return begun

    first, *others = run_at_once(work())
    assert first == 0.0
    assert len(others) == 5
    assert all(at >= 30.0 for at in others)


def test_a_wait_that_is_too_long_holds_nobody_else_up() -> None:
    async def work() -> float:
        calls = Calls(find_endpoint("openai", ADDRESS), 5, None, clock=now)
        slow = CallFailed("transient", "tomorrow", status=429, retry_after=86_400.0)
        with pytest.raises(ConversationError):
            await calls.send(failing(1, slow))
        await calls.send(failing(0, slow))
        return now()

    assert run_at_once(work()) < 1.0


@pytest.mark.parametrize("status", [429, 529])
def test_an_overload_makes_fewer_calls_at_once_and_a_broken_server_does_not(status: int) -> None:
    clock = Clock()
    calls = calls_with(clock, concurrency=8)
    asyncio.run(calls.send(failing(1, CallFailed("transient", "broken", status=500))))
    assert calls.pace.limit == 8
    asyncio.run(calls.send(failing(1, CallFailed("transient", "busy", status=status))))
    assert calls.pace.limit == 5  # half, and one step up for the answer


def test_what_headers_say_is_left_is_not_exceeded() -> None:
    async def work() -> list[float]:
        calls = Calls(find_endpoint("openai", ADDRESS), 50, None, clock=now)
        begun = []

        async def attempt() -> Answer:
            begun.append(now())
            await asyncio.sleep(0.1)
            left = max(0.0, 10.0 - len(begun))
            return Answer(limits=(Allowance("requests", left, 10.0, 1.0),))

        for _ in range(15):
            await calls.send(attempt)
        return begun

    begun = run_at_once(work())
    assert max(begun[:10]) < 1.5
    assert begun[14] >= 4.0


def test_a_call_that_takes_much_longer_than_all_others_is_ended_and_made_again() -> None:
    async def work() -> tuple[float, int]:
        calls = Calls(find_endpoint("openai", ADDRESS), 5, None, clock=now)
        stalls = [False, True]

        async def attempt() -> Answer:
            await asyncio.sleep(10_000 if stalls and stalls.pop(0) else 1)
            return Answer()

        await calls.send(attempt)
        await calls.send(attempt)
        return now(), calls.usage().retried

    seconds, retried = run_at_once(work())
    assert 20 <= seconds < 30
    assert retried == 1


def test_a_server_that_becomes_slow_is_given_the_time_it_takes() -> None:
    async def work() -> int:
        calls = Calls(find_endpoint("openai", ADDRESS), 5, None, clock=now)
        seconds = [1.0]

        async def attempt() -> Answer:
            await asyncio.sleep(seconds[0])
            return Answer()

        await calls.send(attempt)
        seconds[0] = 70.0
        await calls.send(attempt)
        return calls.usage().retried

    assert run_at_once(work()) == 2


def test_time_spent_in_the_queue_is_no_time_spent_trying() -> None:
    async def work() -> int:
        calls = Calls(find_endpoint("openai", ADDRESS), 5, None, clock=now, requests_per_minute=1)
        broken = CallFailed("transient", "broken", status=500)
        await asyncio.gather(*(calls.send(failing(1, broken)) for _ in range(10)))
        return calls.usage().sent

    assert run_at_once(work()) == 20
