"""Vectors that are made while answers are waited for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from kura_core.errors import EngineError, RunCancelled
from kura_core.run.waiting.early_vectors import EarlyVectors
from kura_core.steps.embed import BATCH_ROWS, Vectors


@dataclass
class Model:
    """Stands in for an embedding process: a text's vector is its length, a word is one token."""

    identity: str = "stub"
    encoded: list[list[str]] = field(default_factory=list)
    killed: threading.Event = field(default_factory=threading.Event)
    closed: bool = False
    # Set: never answers until it is killed, as a process that still loads its model does.
    silent: bool = False

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded.append(list(texts))
        return np.array([[len(text)] for text in texts], dtype=np.float32)

    def padded_lengths(self, texts: Sequence[str]) -> list[int]:
        if self.silent:
            self.killed.wait(10)
            raise EngineError("ended")
        return [len(text.split()) for text in texts]

    def kill(self) -> None:
        self.killed.set()

    def close(self) -> None:
        self.closed = True


@dataclass
class Early:
    """Early vectors by a stub, and what becomes of them."""

    model: Model | None = field(default_factory=Model)
    kept: list[str] = field(default_factory=list)
    started: int = 0
    batches: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.vectors = EarlyVectors(self.start, self.keep)  # type: ignore[arg-type]

    def start(self) -> Model | None:
        self.started += 1
        return self.model

    def keep(self, texts: Sequence[str], vectors: Vectors, identity: str) -> None:
        assert identity == "stub"
        self.kept += texts
        self.batches.release()

    def offer(self, texts: Sequence[str], batches: int) -> None:
        for text in texts:
            self.vectors.offer(text)
        for _ in range(batches):
            assert self.batches.acquire(timeout=10)
        asyncio.run(self.vectors.finish())


def texts(count: int, words: int = 2) -> list[str]:
    return [" ".join([f"t{place}", *["word"] * (words - 1)]) for place in range(count)]


def test_full_batches_are_embedded_while_others_are_waited_for() -> None:
    early = Early()
    early.offer(texts(3 * BATCH_ROWS + 5), batches=3)
    assert early.kept == texts(3 * BATCH_ROWS)
    assert early.vectors.made.keys() == set(early.kept)
    assert early.vectors.model is early.model
    assert early.started == 1


def test_texts_of_like_length_share_a_batch() -> None:
    early = Early()
    mixed = [text for pair in zip(texts(40, 3), texts(40, 9), strict=True) for text in pair]
    early.offer(mixed, batches=2)
    assert early.model is not None
    assert [{len(t.split()) for t in batch} for batch in early.model.encoded] == [{3}, {9}]


def test_a_text_is_embedded_once() -> None:
    early = Early()
    early.offer(texts(BATCH_ROWS) * 4, batches=1)
    assert early.kept == texts(BATCH_ROWS)


def test_nothing_is_started_without_a_text() -> None:
    early = Early()
    early.offer([], batches=0)
    early.vectors.end()
    assert early.started == 0


def test_a_model_that_cannot_be_had_ends_nothing_else() -> None:
    early = Early(model=None)
    early.offer(texts(200), batches=0)
    assert (early.kept, early.vectors.made, early.vectors.model) == ([], {}, None)

    def missing() -> None:
        raise EngineError("no such model")

    other = EarlyVectors(missing, early.keep)
    other.offer("one")
    asyncio.run(other.finish())
    assert (other.made, other.model) == ({}, None)


def test_a_process_that_fails_is_closed_and_not_asked_again() -> None:
    model = Model(silent=True)
    model.killed.set()
    early = Early(model)
    early.offer(texts(200), batches=0)
    assert model.closed
    assert early.vectors.model is None


def test_the_end_comes_at_once_also_while_the_model_is_loading() -> None:
    model = Model(silent=True)
    early = Early(model)
    early.vectors.offer("one")
    while early.vectors.model is None:
        threading.Event().wait(0.001)
    early.vectors.end()
    assert model.closed
    assert early.vectors.model is None


def test_a_run_can_be_stopped_while_the_model_is_loading() -> None:
    early = Early(Model(silent=True))
    early.vectors.offer("one")

    def check() -> None:
        raise RunCancelled("stopped")

    with pytest.raises(RunCancelled):
        asyncio.run(early.vectors.finish(check))
    early.vectors.end()
