"""Replies kept by the exact request: none asked for twice, none given for another."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from kura_core.engines.kept_answers import KeptAnswers, request_key
from kura_core.engines.provider import Reply, Request
from tests.engines.virtual_time import run_at_once

REQUEST = Request("rules", "question", "summary", {"type": "object"})
ASKED = {"model": "m", "base_url": "http://a/v1", "parameters": {"temperature": 0}}


class Memory(dict[str, str]):
    """A cache in memory."""

    def set(self, key: str, value: str) -> None:
        self[key] = value


class Model:
    """Answers after a second, counting how often it is asked."""

    def __init__(self, *answers: Reply | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self) -> Reply:
        self.asked += 1
        await asyncio.sleep(1)
        answer = self.answers.pop(0) if self.answers else Reply(f"answer {self.asked}", 5, 5)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_reply_is_kept_and_costs_nothing_again() -> None:
    memory, model = Memory(), Model()

    async def work() -> list[tuple[str, int, bool]]:
        found = []
        for _ in range(2):
            reply, spared = await KeptAnswers(memory).reply("key", model)
            found.append((reply.text, reply.input_tokens, spared))
        return found

    assert run_at_once(work()) == [("answer 1", 5, False), ("answer 1", 0, True)]


def test_equal_requests_at_the_same_time_are_sent_once() -> None:
    model = Model()

    async def work() -> list[tuple[Reply, bool]]:
        kept = KeptAnswers(Memory())
        return await asyncio.gather(*(kept.reply("key", model) for _ in range(5)))

    found = run_at_once(work())
    assert model.asked == 1
    assert [spared for _, spared in found] == [False, True, True, True, True]
    assert {reply.text for reply, _ in found} == {"answer 1"}


def test_what_fails_fails_for_all_that_wait_and_is_not_kept() -> None:
    memory, model = Memory(), Model(ValueError("no"))

    async def work() -> list[object]:
        kept = KeptAnswers(memory)
        asked = [kept.reply("key", model) for _ in range(3)]
        found: list[object] = list(await asyncio.gather(*asked, return_exceptions=True))
        return [*found, await kept.reply("key", model)]

    *failed, (reply, spared) = run_at_once(work())  # type: ignore[misc]
    assert [str(error) for error in failed] == ["no"] * 3
    assert (reply.text, spared, model.asked) == ("answer 2", False, 2)


def test_whoever_waited_for_one_that_is_cancelled_asks_anew() -> None:
    model = Model()

    async def work() -> tuple[Reply, bool]:
        kept = KeptAnswers(Memory())
        first = asyncio.create_task(kept.reply("key", model))
        await asyncio.sleep(0.5)
        second = asyncio.create_task(kept.reply("key", model))
        await asyncio.sleep(0.1)
        first.cancel()
        return await second

    assert run_at_once(work()) == (Reply("answer 2", 5, 5), False)


@pytest.mark.parametrize("damaged", ["", "{", "[1, 2]", "null", '["one"]', "{}"])
def test_what_is_damaged_or_forgotten_is_asked_for_again(damaged: str) -> None:
    memory, model = Memory(key=damaged), Model()

    async def work() -> bool:
        return (await KeptAnswers(memory).reply("key", model))[1]

    assert run_at_once(work()) is False
    assert model.asked == 1


def test_a_refusal_is_not_kept() -> None:
    memory, model = Memory(), Model(Reply("", 5, 5, refusal="I cannot"))

    async def work() -> str:
        kept = KeptAnswers(memory)
        await kept.reply("key", model)
        return (await kept.reply("key", model))[0].text

    assert run_at_once(work()) == "answer 2"


@pytest.mark.parametrize(
    "changed",
    [
        {"system": "other rules"},
        {"user": "another question"},
        {"name": "judge"},
        {"schema": {"type": "object", "properties": {}}},
        {"longest": 10},
    ],
)
def test_every_part_of_a_request_makes_another_key(changed: dict[str, object]) -> None:
    assert request_key(replace(REQUEST, **changed), ASKED) != request_key(REQUEST, ASKED)


@pytest.mark.parametrize("name", ["model", "base_url", "parameters"])
def test_who_is_asked_and_how_makes_another_key(name: str) -> None:
    assert request_key(REQUEST, {**ASKED, name: "other"}) != request_key(REQUEST, ASKED)
    assert request_key(REQUEST, dict(reversed(ASKED.items()))) == request_key(REQUEST, ASKED)
