"""Step 2: what each conversation was about, asked of an engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from kura_core.config import Facet
from kura_core.engines.protocol import Engine
from kura_core.errors import ConversationError
from kura_core.types import Conversation, ConversationSummary


async def summarise(
    conversations: Sequence[Conversation],
    engine: Engine,
    facets: Sequence[Facet] = (),
    *,
    concurrency: int = 20,
    on_done: Callable[[], None] = lambda: None,
) -> list[ConversationSummary | ConversationError]:
    """Summarise (already redacted) conversations, at most `concurrency` at once.

    The answers come in the order of the input. A conversation that cannot be summarised gives its
    ConversationError in place of a summary; it never ends the others. `on_done` is called after
    each; what it raises, or an error that concerns them all, stops those under way and is raised.
    """
    places = asyncio.Semaphore(concurrency)

    async def one(conversation: Conversation) -> ConversationSummary | ConversationError:
        async with places:
            try:
                answer: ConversationSummary | ConversationError = await engine.summarise(
                    conversation, facets
                )
            except ConversationError as error:
                answer = error
            on_done()
            return answer

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(conversation)) for conversation in conversations]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]
