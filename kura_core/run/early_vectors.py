"""Vectors made while a language model still reads: the waiting hides what they take."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kura_core.errors import KuraError
from kura_core.steps.embed import BATCH_ROWS, SentenceModel, Vectors

# Less waiting than so many seconds hides nothing: loading a model takes about as long.
WORTH_SECONDS = 6.0
# So many answers tell how long the others will take.
ANSWERS_TO_TELL = 64


@dataclass(slots=True)
class EarlyVectors:
    """Embeds texts as they come, in a thread, once enough waiting lies ahead.

    `load` makes the model, None where texts are not embedded by one; `keep` is given each block of
    texts with its vectors. Texts are taken by full batches of like length, so that nothing is
    computed that would not be later. A failure ends the thread only: whoever needs the vectors
    meets it again, and says so.
    """

    load: Callable[[], SentenceModel | None]
    keep: Callable[[Sequence[str], Vectors], None]
    clock: Callable[[], float] = time.monotonic
    model: SentenceModel | None = field(default=None, init=False)
    made: dict[str, Vectors] = field(default_factory=dict, init=False)
    _texts: queue.SimpleQueue[str | None] = field(default_factory=queue.SimpleQueue, init=False)
    _offered: int = field(default=0, init=False)
    _since: float = field(default=0.0, init=False)
    _ended: bool = field(default=False, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def offer(self, text: str, left: int) -> None:
        """Take a text that will need a vector, `left` more of which are waited for."""
        self._texts.put(text)
        # From the first answer on: before it much else is begun.
        self._since = self._since if self._offered else self.clock()
        self._offered += 1
        if self._thread is None and self._offered >= ANSWERS_TO_TELL:
            ahead = (self.clock() - self._since) / self._offered * left
            if ahead > WORTH_SECONDS:
                self._thread = threading.Thread(
                    target=self._work, name="early vectors", daemon=True
                )
                self._thread.start()

    def finish(self) -> None:
        """End the thread after the batch it is at; `made` and `model` stand from then on."""
        self._ended = True
        self._texts.put(None)
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        try:
            self.model = self.load()
            if self.model is not None:
                self._embed(self.model)
        except (KuraError, OSError):
            return

    def _embed(self, model: SentenceModel) -> None:
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
                self.keep(batch, vectors)
                self.made.update(zip(batch, vectors, strict=True))
