"""What is asked about every conversation: as it comes, kept as it comes, no one waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kura_core.config import RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.errors import ConversationError, RunCancelled
from kura_core.run import shards
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.context import RunContext
from kura_core.run.shards import OnAnswer, answer_each
from kura_core.steps.ask_all import ask_all
from tests.engines.virtual_time import now, run_at_once
from tests.small_data import Recorder

KEYS = [f"k{place:03d}" for place in range(300)]
CONCURRENCY = 10


def made(folder: Path, record: Recorder | None = None) -> RunContext:
    return RunContext(
        RunConfig(), OfflineEngine(), JSONLCheckpointManager(folder), emit=record or Recorder()
    )


def answer(
    context: RunContext,
    *,
    slow: Sequence[int] = (),
    failing: Sequence[int] = (),
    ended: list[float] | None = None,
    told: list[str] | None = None,
) -> tuple[dict[int, str], dict[int, str]]:
    """Ask about all keys: a second each, a minute where `slow`, in time that passes at once."""

    async def one(place: int) -> str:
        await asyncio.sleep(60 if place in slow else 1 + place % 3)
        if ended is not None:
            ended.append(now())
        if place in failing:
            raise ConversationError(f"no answer about {place}")
        return f"answer {place}"

    async def ask(places: Sequence[int], on_done: OnAnswer[str]) -> list[str | ConversationError]:
        return await ask_all(places, one, concurrency=CONCURRENCY, on_done=on_done)

    def item(text: str) -> dict[str, Any]:
        return {"text": text}

    return run_at_once(
        answer_each(
            context,
            "summarise",
            "summaries",
            "made from",
            KEYS,
            ask,
            item,
            lambda kept: str(kept["text"]),
            on_answer=lambda text: told.append(text) if told is not None else None,
        )
    )


def test_every_place_has_its_own_answer_or_its_reason(tmp_path: Path) -> None:
    found, failed = answer(made(tmp_path), failing=[7, 200])
    assert failed == {7: "no answer about 7", 200: "no answer about 200"}
    assert found == {place: f"answer {place}" for place in range(300) if place not in failed}


def test_nobody_waits_for_the_slowest(tmp_path: Path) -> None:
    ended: list[float] = []
    answer(made(tmp_path), slow=[0], ended=ended)
    # The others have the nine other places to themselves: no more than their share of the time.
    assert sorted(ended)[-2] < 2 * 300 / 9 + 4


def test_what_is_kept_in_any_order_gives_the_same(tmp_path: Path) -> None:
    first = answer(made(tmp_path), slow=[3, 100])
    lines = (tmp_path / "summaries.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "summaries.jsonl").write_bytes(b"".join(reversed(lines)))
    record = Recorder()
    assert answer(made(tmp_path, record)) == first
    assert record.cached("summarise") == (300, 300)


def test_only_what_failed_is_asked_again(tmp_path: Path) -> None:
    answer(made(tmp_path), failing=[7, 200])
    ended: list[float] = []
    found, failed = answer(made(tmp_path), ended=ended)
    assert (len(ended), len(found), failed) == (2, 300, {})


def test_a_stop_keeps_all_that_is_answered(tmp_path: Path) -> None:
    seen: list[str] = []
    context = made(tmp_path)
    context.stop_requested = lambda: len(seen) > 40
    with pytest.raises(RunCancelled):
        answer(context, told=seen)
    record = Recorder()
    answer(made(tmp_path, record))
    kept, total = record.cached("summarise")
    assert 41 <= kept <= 41 + CONCURRENCY and total == 300


def test_answers_are_on_disk_when_a_batch_is_full_or_its_time_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    append = JSONLCheckpointManager.append

    def counted(self: JSONLCheckpointManager, step: str, items: Any) -> None:
        sizes.append(len(items))
        append(self, step, items)

    monkeypatch.setattr(JSONLCheckpointManager, "append", counted)
    answer(made(tmp_path / "a"))
    assert (sum(sizes), max(sizes)) == (300, shards.SHARD)
    monkeypatch.setattr(shards, "_SECONDS", 0.0)
    sizes.clear()
    answer(made(tmp_path / "b"))
    assert sizes == [1] * 300


def test_each_new_answer_is_told_once_and_a_kept_one_not_again(tmp_path: Path) -> None:
    told: list[str] = []
    found, _ = answer(made(tmp_path), failing=[7], told=told)
    assert len(told) == 299
    assert set(told) == set(found.values())
    answer(made(tmp_path), told=told)
    assert told[299:] == ["answer 7"]
