"""Cutting a phrase to what it asks for: no clauses, owners, fillers, figures, dates or names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kura_core.engines.rules.lexicon import (
    AUXILIARIES,
    CLAUSE_WORDS,
    DATE_WORDS,
    DETAIL_PREPOSITIONS,
    DETERMINERS,
    FILLERS,
    OWNERS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
    VERBS,
)
from kura_core.engines.rules.words import base_verb, is_content, is_number, tokens

_BREAK = re.compile(r"[,;:!?()\n\[\]{}\"“”<>—–|]| - |\.(?:\s|$)| / ")
_UNITS = frozenset(
    "gb mb tb kb kg km cm mm usd dollar dollars euro euros pounds percent pm am people persons "
    "minute minutes hour hours "
    "day days week weeks month months year years nights".split()
)
_TITLES = frozenset("dr mr mrs ms miss prof".split())
_SPEAKERS = frozenset("i i'm i've i'd i'll we we're you he she they".split())
_DROP_END = (
    PREPOSITIONS
    | DETERMINERS
    | OWNERS
    | FILLERS
    | AUXILIARIES
    | CLAUSE_WORDS
    | QUESTION_WORDS
    | _SPEAKERS
    | _TITLES
    | frozenset("and or to it me so as than etc also please".split())
)
_DROP_START = DETERMINERS | OWNERS | FILLERS | frozenset("and or to of about".split())


def without_details(words: Sequence[str]) -> list[str]:
    """A phrase up to its clause boundary, without what belongs to one conversation only.

    "a flight to Paris on May 3rd for me" → "a flight". An opening "a" or "an" is kept.
    """
    kept: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        lowered = word.lower()
        if any(map(is_content, kept)) and (
            lowered in CLAUSE_WORDS
            or lowered in _SPEAKERS
            or (lowered in {"and", "or"} and not _joins(words, place))
        ):
            break
        if _is_passed_over(words, place) or (lowered == "of" and not any(map(is_content, kept))):
            place += 1
        elif any(map(is_content, kept)) and _opens_detail(words, place):
            place = _end_of_detail(words, place)
        else:
            kept.append(word)
            place += 1
    return trim_end(kept)


def noun_phrase(words: Sequence[str]) -> list[str]:
    """The noun phrase that a stretch of words opens with, without its article."""
    kept = list(words)
    dropped = PRONOUNS | OWNERS | DETERMINERS | FILLERS | AUXILIARIES | CLAUSE_WORDS
    while kept and kept[0].lower() in dropped | {"and", "to"}:
        kept = kept[1:]
    stops = AUXILIARIES | _SPEAKERS | {"it"}
    cut = next((place for place, word in enumerate(kept) if place and word.lower() in stops), None)
    return trim(without_details(kept[:cut]))


def split_at_breaks(text: str) -> list[str]:
    """The parts of a sentence between its punctuation."""
    return _BREAK.split(text)


def until_break(text: str) -> str:
    """The text up to its first punctuation, or further where that says nothing yet."""
    said = ""
    for part in split_at_breaks(text):
        said = f"{said} {part.strip()}".strip()
        if any(map(is_content, tokens(said))):
            break
    return said


def trim(words: Sequence[str]) -> list[str]:
    """The words without function words at either end."""
    kept = trim_end(words)
    while kept and (kept[0].lower() in _DROP_START or kept[0].lower() in PREPOSITIONS):
        kept = kept[1:]
    return kept


def trim_end(words: Sequence[str]) -> list[str]:
    """The words without function words at the end; particles such as "up" stay after a verb."""
    kept = list(words)
    while kept and kept[-1].lower() in _DROP_END:
        kept = kept[:-1]
    return kept


def keeps_case(word: str) -> bool:
    """True for acronyms and mixed-case terms (PDF, C++, iPhone), whose case carries meaning."""
    capitals = sum(map(str.isupper, word))
    mixed = any(letter.isupper() for letter in word[1:]) and not word.isupper()
    return (len(word) <= 6 and capitals >= 2) or mixed or any(mark in word for mark in "+#")


def _is_passed_over(words: Sequence[str], place: int) -> bool:
    lowered = words[place].lower()
    if lowered in OWNERS | FILLERS | {"the"} or lowered in _TITLES or is_number(words[place]):
        return True
    if lowered in _UNITS and place and is_number(words[place - 1]):
        return True
    following = words[place + 1] if place + 1 < len(words) else ""
    return lowered in DATE_WORDS and not (following and is_content(following))


def _joins(words: Sequence[str], place: int) -> bool:
    """Whether an "and" joins two things rather than opening a new clause."""
    if not 0 < place < len(words) - 1:
        return False
    following = words[place + 1].lower()
    if following in DETERMINERS and place + 2 < len(words):
        following = words[place + 2].lower()
    return is_content(following) and base_verb(following) not in VERBS - {"book"}


def _opens_detail(words: Sequence[str], place: int) -> bool:
    """Whether a preposition leads to a figure, a date or a name."""
    if words[place].lower() not in DETAIL_PREPOSITIONS:
        return False
    before = ""
    for word in words[place + 1 : place + 4]:
        lowered = word.lower()
        if lowered in PREPOSITIONS:
            return False
        # "a French restaurant" is no name, "the Ritz" may be one.
        name = word[0].isupper() and not keeps_case(word) and before not in ("a", "an")
        if is_number(word) or name or lowered in DATE_WORDS | _TITLES:
            return True
        if lowered not in DETERMINERS | OWNERS:
            return False
        before = lowered
    return True


def _end_of_detail(words: Sequence[str], place: int) -> int:
    place += 1
    while place < len(words) and words[place].lower() not in PREPOSITIONS | CLAUSE_WORDS:
        place += 1
    return place
