"""Step 2: what each conversation was about, asked of an engine."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

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
) -> list[ConversationSummary | ConversationError]:
    """Summarise (already redacted) conversations, at most `concurrency` at once.

    The answers come in the order of the input. A conversation that cannot be summarised gives its
    ConversationError in place of a summary; it never ends the others.
    """
    places = asyncio.Semaphore(concurrency)

    async def one(conversation: Conversation) -> ConversationSummary | ConversationError:
        async with places:
            try:
                return await engine.summarise(conversation, facets)
            except ConversationError as error:
                return error

    return list(await asyncio.gather(*(one(conversation) for conversation in conversations)))
