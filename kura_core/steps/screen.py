"""Which conversations to look at at all, asked of an engine before anything else is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kura_core.config import Facet
from kura_core.engines.protocol import Engine
from kura_core.errors import ConversationError
from kura_core.steps.ask_all import ask_all
from kura_core.types import Conversation


async def screen(
    conversations: Sequence[Conversation],
    engine: Engine,
    facet: Facet,
    *,
    concurrency: int = 20,
    on_done: Callable[[int, bool | ConversationError | None], None] = lambda *_: None,
) -> list[bool | ConversationError | None]:
    """Ask a yes/no facet about (already redacted) conversations, at most `concurrency` at once.

    True and False are the answers, None is where a conversation does not tell. Order, failures and
    `on_done` are as in `kura_core.steps.summarise`.
    """

    async def one(conversation: Conversation) -> bool | None:
        return await engine.screen(conversation, facet)

    return await ask_all(conversations, one, concurrency=concurrency, on_done=on_done)
