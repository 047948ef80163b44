"""Vectors made while a language model still reads: the waiting hides what they take."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kura_core.errors import KuraError
from kura_core.run.waiting.embedding_process import EmbeddingProcess
from kura_core.steps.embed import BATCH_ROWS, Vectors


@dataclass(slots=True)
class EarlyVectors:
    """Has texts embedded as they come, by a process that `start` starts for the first of them.

    `start` returns None where no model is loaded on this machine; `keep` is given each block of
    texts with its vectors and the model's identity. Texts are taken by full batches of like length,
    so that nothing is computed that would not be later. A failure ends this only: whoever needs the
    vectors meets it again, and says so.
    """

    start: Callable[[], EmbeddingProcess | None]
    keep: Callable[[Sequence[str], Vectors, str], None]
    model: EmbeddingProcess | None = field(default=None, init=False)
    made: dict[str, Vectors] = field(default_factory=dict, init=False)
    _texts: queue.SimpleQueue[str | None] = field(default_factory=queue.SimpleQueue, init=False)
    _ended: bool = field(default=False, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def offer(self, text: str) -> None:
        """Take a text that will need a vector."""
        self._texts.put(text)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="early vectors", daemon=True)
            self._thread.start()

    async def finish(self, check: Callable[[], None] = lambda: None) -> None:
        """End after the batch that is made now; `made` and `model` stand from then on.

        `check` is called several times a second until then, and may raise to leave it.
        """
        self._stop()
        while self._thread is not None and self._thread.is_alive():
            await asyncio.to_thread(self._thread.join, 0.1)
            check()

    def end(self) -> None:
        """End at once, the process too."""
        self._stop()
        if self.model is not None:
            self.model.kill()
        if self._thread is not None:
            self._thread.join()
        if self.model is not None:
            self.model.close()
            self.model = None

    def _stop(self) -> None:
        self._ended = True
        self._texts.put(None)

    def _work(self) -> None:
        try:
            self.model = self.start()
            if self.model is not None:
                self._embed(self.model)
        except (KuraError, OSError):
            model, self.model = self.model, None
            if model is not None:
                model.close()

    def _embed(self, model: EmbeddingProcess) -> None:
        shelves: dict[int, dict[str, None]] = {}
        while not self._ended:
            text = self._texts.get()
            if text is None or text in self.made:
                continue
            shelf = shelves.setdefault(model.padded_lengths([text])[0], {})
            shelf[text] = None
            if len(shelf) == BATCH_ROWS:
                batch = list(shelf)
                shelf.clear()
                vectors = model.encode(batch)
                self.made.update(zip(batch, vectors, strict=True))
                self.keep(batch, vectors, model.identity)
