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
    on_done: Callable[[], None],
) -> list[Answer | ConversationError]:
    """Ask about every item, at most `concurrency` at once; the answers come in order of the items.

    An item that fails gives its ConversationError in place of an answer. `on_done` is called after
    each; what it raises, or an error that concerns them all, stops those under way and is raised.
    """
    places = asyncio.Semaphore(concurrency)

    async def one(item: Item) -> Answer | ConversationError:
        async with places:
            try:
                answer: Answer | ConversationError = await ask(item)
            except ConversationError as error:
                answer = error
            on_done()
            return answer

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(item)) for item in items]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]
