"""Tokens, light stems and verb forms: the little morphology the rules need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from kura_core.engines.rules.lexicon import (
    COMPOUNDS,
    IRREGULAR_VERBS,
    NUMBER_WORDS,
    STOP_WORDS,
    VERBS,
)

_TOKEN = re.compile(r"\.?\w[\w'+#./&@-]*")
_TERM = re.compile(r"\d(?:fa|d|g)", re.IGNORECASE)
_MAIL = frozenset("mail mails mailed mailing email emails emailed emailing".split())
_VOWEL = re.compile(r"[aeiouy]")


def tokens(text: str) -> list[str]:
    """Words of a text in order, case kept; "C++", "node.js" and "don't" stay whole.

    Two-word verbs become one ("top up" → "top-up"), so that their parts are not misread.
    """
    found: list[str] = []
    for match in _TOKEN.findall(text.replace("’", "'")):
        token = match.rstrip("'./&@-")
        if not token:
            continue
        if found and (found[-1].lower(), token.lower()) in COMPOUNDS:
            found[-1] = f"{found[-1]}-{token}"
        else:
            found.append(token)
    return found


def is_compound_verb(word: str) -> bool:
    """True for "top-up" and its like, which open a phrase as a verb and close it as a noun."""
    first, dash, last = word.lower().partition("-")
    return bool(dash) and (first, last) in COMPOUNDS and first in VERBS


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A light stem, equal for the forms of one English word; a key for matching, never shown.

    Plural, -ing, -ed, doubled consonants and a final e are undone, after the S-stemmer of
    Harman, "How effective is suffixing?" (1991), widened to verb forms.
    """
    word = word.lower().removesuffix("'s")
    # "e-mail", "email" and "mail" are one thing, as "e-book" and "ebook" are.
    if word.startswith("e-"):
        word = f"e{word[2:]}"
    if word in _MAIL:
        return "email"
    if "-" in word and word.rstrip("s").replace("-", "").isalpha():
        return word.removesuffix("s")
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("sses"):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix in ("ing", "ed"):
        head = word[: -len(suffix)]
        if word.endswith(suffix) and len(head) >= 3 and _VOWEL.search(head):
            word = head
            break
    if word.endswith(("e", "y")) and len(word) > 3:
        word = word[:-1]
    if len(word) > 2 and word[-1] == word[-2]:
        word = word[:-1]
    return word


@lru_cache(maxsize=20_000)
def base_verb(word: str) -> str | None:
    """The base form of a known verb ("booking" → "book"), None for any other word."""
    word = word.lower()
    if word in VERBS or is_compound_verb(word):
        return word
    if word in IRREGULAR_VERBS:
        return IRREGULAR_VERBS[word]
    for suffix in ("ing", "ed", "es", "s"):
        if not word.endswith(suffix) or len(word) - len(suffix) < 2:
            continue
        head = word[: -len(suffix)]
        shortened = head[:-1] if len(head) > 2 and head[-1] == head[-2] else head
        for candidate in (head, head + "e", shortened):
            if candidate in VERBS:
                return candidate
        if suffix == "es" and head.endswith("i") and head[:-1] + "y" in VERBS:
            return head[:-1] + "y"
        if suffix == "ed" and head + "e" not in VERBS and head.endswith("i"):
            if head[:-1] + "y" in VERBS:
                return head[:-1] + "y"
    return None


def is_past(word: str) -> bool:
    """True for words in -ed: a past form or a participle, hardly ever the noun of a phrase."""
    return len(word) > 4 and word.endswith("ed") and not word.endswith("eed")


def is_number(word: str) -> bool:
    """True for what holds a figure of one conversation: 3, 7:30pm, 2018-05-01, "three".

    Terms such as "2FA" and "3D" are words.
    """
    if _TERM.fullmatch(word):
        return False
    return word[0].isdigit() or word.lower() in NUMBER_WORDS or sum(map(str.isdigit, word)) > 3


def is_content(word: str) -> bool:
    """True for a word that can carry a topic."""
    return len(word) > 1 and word.lower() not in STOP_WORDS and not is_number(word)


def content_stems(text: str) -> list[str]:
    """Stems of the topic-bearing words of a text, in order, with repeats."""
    return [stem(word) for word in tokens(text) if is_content(word)]


def jaccard(left: Iterable[str], right: Iterable[str]) -> float:
    """Share of two sets' members that both have; 0 when both are empty."""
    first, second = set(left), set(right)
    union = first | second
    return len(first & second) / len(union) if union else 0.0
