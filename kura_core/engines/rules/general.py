"""Names for clusters whose members share a subject or a language, but no phrase."""

from __future__ import annotations

from collections import Counter

from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.candidates import Phrase, is_well_formed
from kura_core.engines.rules.lexicon import (
    DATE_WORDS,
    DESCRIBING_WORDS,
    LANGUAGE_NAMES,
    MISHAPS,
    VAGUE_NOUNS,
)
from kura_core.engines.rules.phrase import excerpt
from kura_core.engines.rules.support import Support
from kura_core.engines.rules.words import base_verb, stem, tokens

_TOP_NOUNS = 4
_WIDELY_SHARED = 0.2
_FAULTY = 0.3
_ASKING = 0.4
_ONE_LANGUAGE = 0.6
_FAULT_WORDS = frozenset(word.lower() for word in MISHAPS.values()) | {"fix"}


def is_foreign(evidence: ClusterEvidence) -> bool:
    """Whether most members write another language than English, which the rules cannot read."""
    foreign = sum(1 for member in evidence.members if member.language not in (None, "en"))
    return foreign > 0.5 * len(evidence.members)


def foreign_names(evidence: ClusterEvidence) -> list[str]:
    """Names for members the rules cannot read: a short request, or the languages if they differ."""
    languages = Counter(
        member.language for member in evidence.members if member.language not in (None, "en")
    )
    ranked = [code for code, _ in sorted(languages.items(), key=lambda item: (-item[1], item[0]))]
    spoken = [LANGUAGE_NAMES[code] for code in ranked if code in LANGUAGE_NAMES]
    by_language = [f"Requests in {' and '.join(spoken[:2])}"] if spoken else []
    requests = [member.request or member.summary for member in evidence.members]
    short = [excerpt(text) for text in requests if len(text.split()) <= 8 and len(text) <= 60]
    long = [excerpt(text) for text in requests]
    said = [name for name in (*short, *long) if name]
    of_one = max(languages.values(), default=0) >= _ONE_LANGUAGE * languages.total()
    if of_one and not evidence.children:
        return [*said, *by_language]
    return [*by_language, *said]


def subject_phrases(evidence: ClusterEvidence, support: Support) -> list[Phrase]:
    """Phrases built on the strongest nouns: two joined by "and", or one with what is said of it."""
    nouns: list[str] = []
    for term, _ in evidence.keywords:
        words = tuple(word.lower() for word in tokens(term))
        if len(words) != 1 or stem(words[0]) in map(stem, nouns) or not is_well_formed(words):
            continue
        word = words[0]
        if word in DESCRIBING_WORDS | VAGUE_NOUNS or base_verb(word) is not None:
            continue
        if word not in DATE_WORDS and support.share.get(stem(word), 0.0) >= _WIDELY_SHARED:
            nouns.append(word)
    nouns = nouns[:_TOP_NOUNS]
    found = [
        Phrase((left, "and", right), None)
        for place, left in enumerate(nouns)
        for right in nouns[place + 1 :]
    ]
    closing = _said_of_it(evidence)
    if closing:
        found += [Phrase((_singular(noun), closing), None) for noun in nouns]
    return found


def _said_of_it(evidence: ClusterEvidence) -> str:
    """ "problems" where many members report a fault, "questions" where many ask, else nothing."""
    count = max(1, len(evidence.members))
    faults = sum(
        1
        for member in evidence.members
        if (member.task or " ").split(" ")[0].lower() in _FAULT_WORDS
    )
    asking = sum(1 for member in evidence.members if (member.request or "").rstrip().endswith("?"))
    if faults >= _FAULTY * count:
        return "problems"
    return "questions" if asking >= _ASKING * count else ""


def _singular(noun: str) -> str:
    plural = noun.endswith("s") and not noun.endswith(("ss", "us", "is", "ies")) and len(noun) > 3
    return noun[:-1] if plural else noun
