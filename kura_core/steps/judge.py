"""Whether each user got what was asked for, asked of a judge that never sees ratings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kura_core.engines.protocol import Engine
from kura_core.errors import ConversationError
from kura_core.steps.ask_all import ask_all
from kura_core.types import Conversation, Judgement


async def judge(
    conversations: Sequence[Conversation],
    requests: Sequence[str | None],
    engine: Engine,
    *,
    concurrency: int = 20,
    on_done: Callable[[int, Judgement | ConversationError], None] = lambda *_: None,
) -> list[Judgement | ConversationError]:
    """Judge (already redacted) conversations against their requests, at most `concurrency` at once.

    `requests` are aligned with `conversations`; None where nothing was asked for. Order, failures
    and `on_done` are as in `kura_core.steps.summarise`.
    """

    async def one(asked: tuple[Conversation, str | None]) -> Judgement:
        return await engine.judge(*asked)

    pairs = list(zip(conversations, requests, strict=True))
    return await ask_all(pairs, one, concurrency=concurrency, on_done=on_done)
