"""How many calls are under way at once, and when."""

from __future__ import annotations

import asyncio

import pytest

from kura_core.engines.pace import Pace
from kura_core.engines.rate_limits import Allowance
from tests.engines.virtual_time import now, run_at_once

Begun = list[float]


def pace_of(most: int = 8, **changes: int | None) -> Pace:
    return Pace(most, clock=now, **changes)  # type: ignore[arg-type]


async def calls(pace: Pace, count: int, seconds: float = 1.0, size: float = 0.0) -> Begun:
    """Make calls that all succeed, and return when each began."""
    begun: Begun = []

    async def one() -> None:
        turn = await pace.begin(size)
        begun.append(now())
        await asyncio.sleep(seconds)
        pace.answered()
        pace.end(turn, size)

    await asyncio.gather(*(one() for _ in range(count)))
    return begun


async def meet_overload(pace: Pace, count: int) -> None:
    turns = [await pace.begin(0) for _ in range(count)]
    for turn in turns:
        pace.overloaded(turn)
        pace.end(turn, None)


def most_at_once(begun: Begun, seconds: float) -> int:
    return max(sum(at <= moment < at + seconds for at in begun) for moment in begun)


def test_as_many_are_under_way_as_the_user_allows_and_no_more() -> None:
    async def work() -> Begun:
        return await calls(pace_of(8), 80)

    begun = run_at_once(work())
    assert most_at_once(begun, 1.0) == 8
    assert max(begun) == pytest.approx(9.0)


def test_one_overload_halves_once_however_many_calls_meet_it() -> None:
    async def work() -> list[float]:
        pace, found = pace_of(8), []
        for _ in range(5):
            await meet_overload(pace, int(pace.limit))
            found.append(pace.limit)
        return found

    assert run_at_once(work()) == [4.0, 2.0, 1.0, 1.0, 1.0]


def test_answers_let_it_climb_to_what_the_user_allows() -> None:
    async def work() -> tuple[float, int, float]:
        pace = pace_of(8)
        await meet_overload(pace, 8)
        begun = await calls(pace, 12)
        first = most_at_once([at for at in begun if at < 1.0], 1.0)
        await calls(pace, 60)
        return begun[3], first, pace.limit

    assert run_at_once(work()) == (0.0, 4, 8.0)


def test_everybody_waits_for_as_long_as_the_server_asked() -> None:
    async def work() -> Begun:
        pace = pace_of(4)
        pace.hold(7.0)
        pace.hold(3.0)
        return await calls(pace, 4)

    assert run_at_once(work()) == [7.0] * 4


def test_a_hold_during_the_wait_is_heeded() -> None:
    async def work() -> Begun:
        pace = pace_of(1)
        pace.hold(1.0)
        waiting = asyncio.create_task(calls(pace, 1))
        await asyncio.sleep(0.5)
        pace.hold(10.0)
        return await waiting

    assert run_at_once(work()) == [10.5]


def test_requests_a_minute_are_kept_to_and_spread() -> None:
    async def work() -> Begun:
        return await calls(pace_of(50, requests_per_minute=120), 300)

    begun = run_at_once(work())
    within = max(sum(at <= moment < at + 60 for moment in begun) for at in begun)
    assert within <= 122
    assert max(begun) == pytest.approx(149.0, abs=1)


def test_tokens_a_minute_are_kept_to_whatever_was_guessed() -> None:
    async def work() -> Begun:
        pace, begun = pace_of(50, tokens_per_minute=6_000), []
        for _ in range(60):
            turn = await pace.begin(100)
            begun.append(now())
            pace.end(turn, 300)  # three times as many as was thought
        return begun

    begun = run_at_once(work())
    assert 60 * 300 / 6_000 * 60 * 0.9 <= max(begun) <= 60 * 300 / 6_000 * 60


def test_a_call_of_more_tokens_than_a_minute_has_begins_all_the_same() -> None:
    async def work() -> Begun:
        return await calls(pace_of(2, tokens_per_minute=60), 3, size=1_000.0)

    begun = run_at_once(work())
    assert begun[0] == 0.0 and begun[1] >= 900.0


def test_what_the_server_says_is_left_is_not_exceeded() -> None:
    async def work() -> Begun:
        pace = pace_of(50)
        turn = await pace.begin(0)
        pace.end(turn, None, [Allowance("requests", 5, 100, 1.0)])
        return await calls(pace, 10)

    begun = run_at_once(work())
    assert begun[:5] == [0.0] * 5
    assert begun[5:] == pytest.approx([1.0, 2.0, 3.0, 4.0, 5.0])


def test_what_began_after_the_server_counted_is_counted_too_and_old_news_is_not() -> None:
    async def work() -> Begun:
        pace = pace_of(50)
        first, second = await pace.begin(0), await pace.begin(0)
        later = [await pace.begin(0) for _ in range(3)]
        pace.end(second, None, [Allowance("requests", 4, 100, 0.5)])
        pace.end(first, None, [Allowance("requests", 99, 100, 0.5)])
        for turn in later:
            pace.end(turn, None)
        return await calls(pace, 3, seconds=0.0)

    assert run_at_once(work()) == pytest.approx([0.0, 2.0, 4.0])


def test_whoever_is_cancelled_while_waiting_holds_nobody_up() -> None:
    async def work() -> Begun:
        pace = pace_of(1)
        turn = await pace.begin(0)
        waiting = [asyncio.create_task(calls(pace, 1)) for _ in range(3)]
        await asyncio.sleep(1)
        waiting[0].cancel()
        await asyncio.sleep(1)
        pace.end(turn, None)
        return [(await task)[0] for task in waiting[1:]]

    assert run_at_once(work()) == [2.0, 3.0]
