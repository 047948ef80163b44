"""Step 2: what each conversation was about, asked of an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kura_core.config import Facet
from kura_core.engines.protocol import Engine
from kura_core.errors import ConversationError
from kura_core.steps.ask_all import ask_all
from kura_core.types import Conversation, ConversationSummary


async def summarise(
    conversations: Sequence[Conversation],
    engine: Engine,
    facets: Sequence[Facet] = (),
    *,
    concurrency: int = 20,
    on_done: Callable[[int, ConversationSummary | ConversationError], None] = lambda *_: None,
) -> list[ConversationSummary | ConversationError]:
    """Summarise (already redacted) conversations, at most `concurrency` at once.

    The answers come in the order of the input. A conversation that cannot be summarised gives its
    ConversationError in place of a summary; it never ends the others. `on_done` is called with
    a conversation's place and its answer as soon as that is there; what it raises, or an error that
    concerns them all, stops those under way and is raised.
    """

    async def one(conversation: Conversation) -> ConversationSummary:
        return await engine.summarise(conversation, facets)

    return await ask_all(conversations, one, concurrency=concurrency, on_done=on_done)
