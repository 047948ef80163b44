"""A request boiled down to a short task ("Reset password") and its topic ("password")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kura_core.engines.rules.clauses import keeps_case, split_at_breaks, trim, trim_end
from kura_core.engines.rules.frames import find_frame
from kura_core.engines.rules.gist import tidy
from kura_core.engines.rules.lexicon import (
    ACRONYMS,
    AUXILIARIES,
    CLAUSE_WORDS,
    DESCRIBING_WORDS,
    DETERMINERS,
    FILLERS,
    NOUN_VERBS,
    OWNERS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
    VAGUE_NOUNS,
    VERBS,
)
from kura_core.engines.rules.readings import words_of_frame, words_of_statement
from kura_core.engines.rules.segment import clip
from kura_core.engines.rules.troubles import mishap, passive
from kura_core.engines.rules.words import (
    base_verb,
    is_compound_verb,
    is_content,
    is_past,
    tokens,
)

TASK_WORDS = 8
TOPIC_WORDS = 4

_PLACEHOLDER = re.compile(r"[<\[{(]{1,2}[A-Z][A-Z_]{2,}(?:[ _]?\d+)?[>\]})]{1,2}")
# "Bug report: …", "Quick question, …": what kind of message it is, not what it asks.
_TAG = re.compile(
    r"^(?:[\w/-]+ ){0,3}[\w/-]+\s?(?::|\s[-–—])\s+(?=\S.{12})|^(?:[\w/-]+ ){0,2}(?:question"
    r"|problem|issue|feedback|bug|request|help|suggestion"
    r"|idea|thing|you|complaint)s?\s?,\s+(?=\S.{12})",
    re.IGNORECASE,
)
_PARTICLES = frozenset("up out off down in on back over away".split())


def task_and_topic(sentence: str) -> tuple[str | None, str | None]:
    """The task (2–8 words, imperative or noun phrase) and its topic (1–4 words) of a request.

    English only; None for what cannot be found.
    """
    text = _PLACEHOLDER.sub(" ", tidy(sentence)).replace("’", "'").replace(" & ", " and ")
    text = _untagged(text)
    frame = find_frame(text)
    words = mishap(text) if frame is None or frame.strength < 2.4 else []
    words = words or passive(text)
    if not words and frame is not None:
        words = words_of_frame(frame)
    if not any(map(is_content, words)):
        words = words_of_statement(text)
    words = trim_end(_imperative(words)[:TASK_WORDS])
    if not any(map(is_content, words)):
        return None, None
    return _headline(words), topic_of(words)


def _imperative(words: list[str]) -> list[str]:
    """ "Managing runs" → "manage runs"; "booking confirmation", a noun phrase, stays."""
    verb = base_verb(words[0]) if len(words) > 1 and words[0].lower().endswith("ing") else None
    return [verb, *words[1:]] if verb is not None and verb not in NOUN_VERBS else words


def _untagged(text: str) -> str:
    """The text without what only says of which kind it is; "Fix this: …" is no such tag."""
    for _ in range(2):
        tag = _TAG.match(text)
        first = tokens(text)[0].lower() if tag is not None else ""
        if tag is None or (first in VERBS and first not in NOUN_VERBS | {"help"}) or first == "fix":
            break
        text = text[tag.end() :]
    first_word = text.split(" ", 1)[0]
    return text if keeps_case(first_word) else text[:1].lower() + text[1:]


def excerpt(text: str) -> str:
    """At most eight words of a request as they stand: the task where no rule can read it."""
    shown = split_at_breaks(tidy(_PLACEHOLDER.sub(" ", text)))
    first = next((part.strip() for part in shown if len(part.strip()) > 2), text)
    first = clip(first, TASK_WORDS).strip(" .…¿¡")
    return first[:1].upper() + first[1:]


def topic_of(words: Sequence[str]) -> str | None:
    """The noun phrase a task is about: its words after the verb, up to the next preposition."""
    rest = list(words)
    if len(rest) > 1 and base_verb(rest[0]) is not None:
        rest = rest[1:]
        if rest[0].lower() in _PARTICLES:
            rest = rest[1:]
    bounds = PREPOSITIONS | CLAUSE_WORDS | AUXILIARIES | QUESTION_WORDS | PRONOUNS | {"to"}
    runs: list[list[str]] = [[]]
    for word in rest:
        lowered = word.lower()
        if lowered in bounds:
            runs.append([])
        elif lowered in {"and", "or"}:
            runs[-1].extend([word] if runs[-1] else [])
        elif lowered not in DETERMINERS | OWNERS | FILLERS:
            runs[-1].append(word)
    if len(runs) > 1 and runs[0] and runs[1] and "of" in (word.lower() for word in rest):
        # "status of my claim" is about the claim's status, not about any status.
        whole, part = trim(runs[1]), trim(runs[0])
        if part and part[-1].lower() in VAGUE_NOUNS and 0 < len(whole) + len(part) <= TOPIC_WORDS:
            runs = [[*whole, *part]]
    for run in runs:
        kept = trim(run[:TOPIC_WORDS])
        closes = kept and kept[-1].lower() not in DESCRIBING_WORDS and not is_past(kept[-1])
        if closes and any(map(is_content, kept)):
            return " ".join(word if keeps_case(word) else word.lower() for word in kept)
    return None


def _headline(words: Sequence[str]) -> str:
    """Sentence case: a capital first, compound verbs in two words, no shouting."""
    shouted = sum(map(str.isupper, words)) > 0.5 * len(words) and len(words) > 2
    shown = [
        word.upper()
        if word.lower() in ACRONYMS
        else word.lower()
        if word.isupper() and (shouted or not keeps_case(word))
        else word
        for word in words
    ]
    for place, word in enumerate(shown[:-1]):
        if is_compound_verb(word) and (place == 0 or shown[place - 1] == "to"):
            shown[place] = word.replace("-", " ")
    text = " ".join(shown)
    return text[:1].upper() + text[1:]
