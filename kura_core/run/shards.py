"""What is asked about every conversation: shard by shard, each finished one kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from kura_core.errors import ConversationError
from kura_core.run.context import RunContext

SHARD = 128
COPIED_AT_ONCE = 2_048

Answer = TypeVar("Answer")
# Asks about the conversations at some places, calling back after each.
Ask = Callable[
    [Sequence[int], Callable[[], None]], Awaitable[Sequence["Answer | ConversationError"]]
]


async def answer_by_shard(
    context: RunContext,
    step: str,
    file: str,
    fingerprint: str,
    keys: Sequence[str],
    ask: Ask[Answer],
    to_item: Callable[[Answer], dict[str, Any]],
    of_item: Callable[[dict[str, Any]], Answer],
    on_shard: Callable[[Sequence[dict[str, Any]]], None] = lambda items: None,
) -> tuple[dict[int, Answer], dict[int, str]]:
    """Take the answers that are kept and ask for the rest; returns them, and failures, by place.

    `keys` say what the answer at each place depends on besides `fingerprint`. Answers are kept in
    `file` as `to_item` makes them; `on_shard` is told the items of each shard that was asked.
    A failure is not kept: it is asked for again when the run goes on.
    """
    place_of = {key: place for place, key in enumerate(keys)}
    kept = kept_items(context, file, fingerprint, place_of)
    found = {place_of[key]: of_item(item) for key, item in kept}
    failed: dict[int, str] = {}
    done = len(found)
    with context.step(step, len(keys), cached=done) as progress:

        def tell() -> None:
            nonlocal done
            done += 1
            progress.progress(done)
            context.check()

        missing = [place for place in range(len(keys)) if place not in found]
        for start in range(0, len(missing), SHARD):
            shard = missing[start : start + SHARD]
            context.check()
            fresh = []
            for place, answer in zip(shard, await ask(shard, tell), strict=True):
                if isinstance(answer, ConversationError):
                    failed[place] = str(answer)
                else:
                    found[place] = answer
                    fresh.append((keys[place], to_item(answer)))
            context.store.append(file, fresh)
            on_shard([item for _, item in fresh])
    return found, failed


def kept_items(
    context: RunContext, step: str, fingerprint: str, wanted: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a step's finished items of this run, then what other runs have, which is copied to it.

    Each wanted key comes once at most. The step is ready for more items afterwards.
    """
    seen: set[str] = set()
    for key, item in context.store.items(step, fingerprint):
        if key in wanted and key not in seen:
            seen.add(key)
            yield key, item
    context.store.begin(step, fingerprint)
    for store in context.earlier:
        elsewhere = store.items(step, fingerprint)
        while batch := list(islice(elsewhere, COPIED_AT_ONCE)):
            context.check()
            new = {key: item for key, item in batch if key in wanted and key not in seen}
            if new:
                context.store.append(step, new.items())
            seen |= new.keys()
            yield from new.items()
