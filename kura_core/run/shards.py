"""What is asked about every conversation: answers as they come, kept in small batches."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from kura_core.errors import ConversationError
from kura_core.run.context import RunContext

SHARD = 128
COPIED_AT_ONCE = 2_048
# Answers are kept when there are so many of them, or after so many seconds.
_SECONDS = 1.0

Answer = TypeVar("Answer")
# Asks about the conversations at some places, calling back with each one's position and answer.
OnAnswer = Callable[[int, Answer | ConversationError], None]
Ask = Callable[[Sequence[int], OnAnswer[Answer]], Awaitable[Sequence[Answer | ConversationError]]]
OnKept = Callable[[Sequence[dict[str, Any]]], None]


@dataclass(slots=True)
class _Batch:
    """Answers that are not yet on disk."""

    context: RunContext
    file: str
    on_kept: OnKept
    items: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    def add(self, key: str, item: dict[str, Any]) -> None:
        """Take one more, and keep all of them when it is time to."""
        self.items.append((key, item))
        if len(self.items) >= SHARD or time.monotonic() - self.since >= _SECONDS:
            self.keep()

    def keep(self) -> None:
        """Put all on disk."""
        items, self.items, self.since = self.items, [], time.monotonic()
        if items:
            self.context.store.append(self.file, items)
            self.on_kept([item for _, item in items])


async def answer_each(
    context: RunContext,
    step: str,
    file: str,
    fingerprint: str,
    keys: Sequence[str],
    ask: Ask[Answer],
    to_item: Callable[[Answer], dict[str, Any]],
    of_item: Callable[[dict[str, Any]], Answer],
    on_kept: OnKept = lambda items: None,
    on_answer: Callable[[Answer], None] = lambda answer: None,
) -> tuple[dict[int, Answer], dict[int, str]]:
    """Take the answers that are kept and ask for the rest; returns them, and failures, by place.

    `keys` say what the answer at each place depends on besides `fingerprint`. Answers are kept in
    `file` as `to_item` makes them, in the order in which they come, some at a time; `on_kept` is
    told the items of each time, `on_answer` each new answer. A failure is not kept: it is asked for
    again when the run goes on.
    """
    place_of = {key: place for place, key in enumerate(keys)}
    kept = kept_items(context, file, fingerprint, place_of)
    found = {place_of[key]: of_item(item) for key, item in kept}
    failed: dict[int, str] = {}
    missing = [place for place in range(len(keys)) if place not in found]
    batch = _Batch(context, file, on_kept)
    with context.step(step, len(keys), cached=len(found)) as progress:

        def take(position: int, answer: Answer | ConversationError) -> None:
            place = missing[position]
            if isinstance(answer, ConversationError):
                failed[place] = str(answer)
            else:
                found[place] = answer
                batch.add(keys[place], to_item(answer))
                on_answer(answer)
            progress.progress(len(found) + len(failed))
            context.check()

        context.check()
        try:
            await ask(missing, take)
        finally:  # also when the run is stopped: what is answered is paid for
            batch.keep()
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
