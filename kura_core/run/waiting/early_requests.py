"""Vectors asked of a provider while a language model still reads: the waiting hides theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from kura_core.engines.embeddings import TEXTS_A_REQUEST, OnBlock
from kura_core.errors import KuraError
from kura_core.steps.neighbours import Vectors


@dataclass(slots=True)
class EarlyRequests:
    """Asks for the vectors of texts as they come, a full request at a time.

    `ask` is given texts and takes each block of them with its vectors. A failure ends the one
    request only: whoever needs the vectors meets it again, and says so.
    """

    ask: Callable[[Sequence[str], OnBlock], Awaitable[None]]
    made: dict[str, Vectors] = field(default_factory=dict, init=False)
    _offered: set[str] = field(default_factory=set, init=False)
    _waiting: list[str] = field(default_factory=list, init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    def offer(self, text: str) -> None:
        """Take a text that will need a vector."""
        if text in self._offered:
            return
        self._offered.add(text)
        self._waiting.append(text)
        if len(self._waiting) == TEXTS_A_REQUEST:
            block, self._waiting = self._waiting, []
            self._tasks.append(asyncio.create_task(self._make(block)))

    async def finish(self, check: Callable[[], None] = lambda: None) -> None:
        """Wait for what is asked; `check` is called several times a second and may raise."""
        asked = set(self._tasks)
        while asked:
            _, asked = await asyncio.wait(asked, timeout=0.1)
            check()

    def end(self) -> None:
        """Ask for nothing more, and leave what is asked."""
        for task in self._tasks:
            task.cancel()

    async def _make(self, texts: Sequence[str]) -> None:
        try:
            await self.ask(texts, self._take)
        except KuraError:
            return

    def _take(self, texts: Sequence[str], vectors: Vectors) -> None:
        self.made.update(zip(texts, vectors, strict=True))
