"""Many questions to an engine at once: answers in order, one failure never ending the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from kura_core.errors import ConversationError

Item = TypeVar("Item")
Answer = TypeVar("Answer")


async def ask_all(
    items: Sequence[Item],
    ask: Callable[[Item], Awaitable[Answer]],
    *,
    concurrency: int,
    on_done: Callable[[int, Answer | ConversationError], None],
) -> list[Answer | ConversationError]:
    """Ask about every item, at most `concurrency` at once; the answers come in order of the items.

    An item that fails gives its ConversationError in place of an answer. `on_done` is called with
    an item's place and its answer as soon as that is there; what it raises, or an error that
    concerns them all, stops those under way and is raised.
    """
    answers: dict[int, Answer | ConversationError] = {}
    waiting = iter(enumerate(items))

    async def work() -> None:
        for place, item in waiting:
            try:
                answers[place] = await ask(item)
            except ConversationError as error:
                answers[place] = error
            on_done(place, answers[place])

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(items))):
                group.create_task(work())
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [answers[place] for place in range(len(items))]
