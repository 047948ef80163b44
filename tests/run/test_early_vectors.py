"""Vectors that are made while answers are waited for."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from kura_core.errors import EngineError
from kura_core.run.early_vectors import ANSWERS_TO_TELL, WORTH_SECONDS, EarlyVectors
from kura_core.steps.embed import BATCH_ROWS, SentenceModel, Vectors


@dataclass
class Model(SentenceModel):
    """Embeds a text as its length; one word is one token."""

    model: object = None
    identity: str = "stub"
    encoded: list[list[str]] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded.append(list(texts))
        return np.array([[len(text)] for text in texts], dtype=np.float32)

    def padded_lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


class Clock:
    """A clock that is put forward by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Early:
    """What offers answers at a steady rate, and sees what becomes of them."""

    model: Model | None = field(default_factory=Model)
    kept: list[str] = field(default_factory=list)
    batches: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.vectors = EarlyVectors(self.load, self.keep, self.clock)

    def load(self) -> Model | None:
        return self.model

    def keep(self, texts: Sequence[str], vectors: Vectors) -> None:
        self.kept += texts
        self.batches.release()

    def offer(self, texts: Sequence[str], *, every: float, more: int = 0) -> None:
        for place, text in enumerate(texts, start=1):
            self.vectors.offer(text, len(texts) - place + more)
            self.clock.now += every


def texts(count: int, words: int = 2) -> list[str]:
    return [" ".join([f"t{place}", *["word"] * (words - 1)]) for place in range(count)]


def test_full_batches_are_embedded_while_others_are_waited_for() -> None:
    early = Early()
    early.offer(texts(3 * BATCH_ROWS + 5), every=1.0, more=100)
    for _ in range(3):
        assert early.batches.acquire(timeout=10)
    early.vectors.finish()
    assert early.kept == texts(3 * BATCH_ROWS)
    assert early.vectors.made.keys() == set(early.kept)
    assert early.vectors.model is early.model


def test_texts_of_like_length_share_a_batch() -> None:
    early = Early()
    mixed = [text for pair in zip(texts(40, 3), texts(40, 9), strict=True) for text in pair]
    early.offer(mixed, every=1.0, more=100)
    for _ in range(2):
        assert early.batches.acquire(timeout=10)
    early.vectors.finish()
    assert early.model is not None
    assert [{len(t.split()) for t in batch} for batch in early.model.encoded] == [{3}, {9}]


def test_a_text_is_embedded_once() -> None:
    early = Early()
    early.offer(texts(BATCH_ROWS) * 4, every=1.0, more=100)
    assert early.batches.acquire(timeout=10)
    early.vectors.finish()
    assert early.kept == texts(BATCH_ROWS)


@pytest.mark.parametrize(
    ("every", "count"), [(WORTH_SECONDS / 1_000, 900), (1.0, ANSWERS_TO_TELL - 1)]
)
def test_nothing_begins_where_no_waiting_lies_ahead_or_none_is_known_of(
    every: float, count: int
) -> None:
    early = Early()
    early.offer(texts(count), every=every)
    early.vectors.finish()
    assert early.vectors.model is None
    assert early.kept == []


def test_a_model_that_cannot_be_had_ends_nothing_else() -> None:
    early = Early(model=None)
    early.offer(texts(200), every=1.0, more=100)
    early.vectors.finish()

    def missing() -> Model | None:
        raise EngineError("no such model")

    other = EarlyVectors(missing, early.keep, early.clock)
    for place in range(200):
        early.clock.now += 1
        other.offer(f"t{place}", 100)
    other.finish()
    assert (early.kept, other.made, other.model) == ([], {}, None)
