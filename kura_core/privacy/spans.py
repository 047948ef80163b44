"""A stretch of text that is personal, and the order in which types win where they overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# The earlier type wins: what is surest, or would be torn apart by another, comes first.
TYPES = tuple("SECRET URL EMAIL IBAN CARD WALLET UUID MAC IP SSN PHONE NUMBER".split())
_RANK = {name: rank for rank, name in enumerate(TYPES)}


class Span(NamedTuple):
    """Characters `start` to `end` are of a type; one `key` is one thing, however written."""

    start: int
    end: int
    type: str
    key: str


def without_overlaps(spans: Iterable[Span], length: int) -> list[Span]:
    """Of overlapping spans keep the one whose type wins; the rest in the order of the text.

    `length` is that of the text; the time is linear in it and in the spans.
    """
    taken = bytearray(length)
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (_RANK[s.type], s.start, -s.end)):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            kept.append(span)
    return sorted(kept)


def digits_of(text: str) -> str:
    """The digits of a text, without what stands between them."""
    return "".join(character for character in text if character.isdigit())
