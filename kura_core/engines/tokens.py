"""How many tokens a text may be counted as, by family of models and by what servers have counted.

No tokenizer is asked: every family counts otherwise, most publish none, and a range is honest
where one number would not be. English prose has four to five characters a token, code and JSON
three to four, Chinese and Japanese about one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# What a server adds to a call for the roles, and for being told a form.
OF_A_CALL = 20
# Beyond what was measured so far: the rest may be other text.
MARGIN = 0.06
# Fewer answers than this say little about the rest.
ENOUGH_ANSWERS = 10


@dataclass(slots=True, frozen=True)
class Range:
    """A low and a high bound of the same quantity."""

    low: float = 0.0
    high: float = 0.0

    def plus(self, other: Range) -> Range:
        """Add two quantities."""
        return Range(self.low + other.low, self.high + other.high)

    def times(self, other: Range) -> Range:
        """Multiply two quantities that are not below zero."""
        return Range(self.low * other.low, self.high * other.high)

    @property
    def middle(self) -> float:
        """The mean of both bounds."""
        return (self.low + self.high) / 2


NOTHING = Range()


@dataclass(slots=True, frozen=True)
class Density:
    """Characters a token stands for at most, and bytes of UTF-8 it stands for at least.

    The two differ where a character takes several bytes: Cyrillic has two bytes a character and
    three or four characters a token, Chinese three and about one.
    """

    characters: float
    bytes: float

    def tokens(self, characters: float, size: float, calls: Range) -> Range:
        """Return how many tokens texts of so many characters and bytes may be counted as."""
        return Range(characters / self.characters, size / self.bytes + calls.high * OF_A_CALL)


_FAMILIES = (
    (re.compile(r"gpt-|chatgpt|o\d|text-embedding"), Density(4.7, 3.6)),
    # Newer tokenizers of this family count up to a third more.
    (re.compile(r"claude"), Density(4.6, 2.8)),
)
_OTHERS = Density(5.0, 2.7)


def density_of(model: str) -> Density:
    """Return what is known of a model's family, whatever its routing prefix."""
    name = model.strip().lower().rpartition("/")[2]
    return next((density for known, density in _FAMILIES if known.match(name)), _OTHERS)


def measured(expected: Range, counted: float, answers: int) -> Range | None:
    """Return by how much a range of tokens is off, from what servers counted in its place.

    The factors are for its low and its high bound; None while there are too few answers.
    """
    if answers < ENOUGH_ANSWERS or counted <= 0 or expected.low <= 0:
        return None
    return Range(
        counted * (1 - MARGIN) / expected.low,
        counted * (1 + MARGIN) / expected.high,
    )
