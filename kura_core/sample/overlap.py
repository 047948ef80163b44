"""No two users of the sample may sound alike: texts are compared by their word 5-grams."""

from __future__ import annotations

import re
from collections import Counter

WORDS = 5
PLAIN, BETWEEN_SPACES = re.compile(r"\w+"), re.compile(r"\S+")


def five_grams(text: str, word: re.Pattern[str] = PLAIN) -> frozenset[tuple[str, ...]]:
    """The set of runs of five words in a text, in lower case; `word` says what a word is."""
    words = word.findall(text.lower())
    return frozenset(zip(*(words[i:] for i in range(WORDS)), strict=False))


class OverlapIndex:
    """Texts taken so far, looked up by 5-gram, so that a new one is never compared with all."""

    def __init__(self, word: re.Pattern[str] = PLAIN) -> None:
        self._word = word
        self._holders: dict[tuple[str, ...], list[int]] = {}
        self._sizes: list[int] = []
        self._short: set[str] = set()

    def nearest(self, text: str) -> float:
        """The largest share of 5-grams common with one text: |A∩B| / min(|A|, |B|), 0 to 1."""
        grams = five_grams(text, self._word)
        if not grams:
            return float(" ".join(self._word.findall(text.lower())) in self._short)
        common: Counter[int] = Counter()
        for gram in grams:
            common.update(self._holders.get(gram, ()))
        return max(
            (n / min(len(grams), self._sizes[other]) for other, n in common.items()), default=0.0
        )

    def add(self, text: str) -> None:
        """Remember a text that was taken."""
        grams = five_grams(text, self._word)
        if not grams:
            self._short.add(" ".join(self._word.findall(text.lower())))
        for gram in grams:
            self._holders.setdefault(gram, []).append(len(self._sizes))
        self._sizes.append(len(grams))
