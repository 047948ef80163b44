"""Names for clusters whose members share a subject or a language, but no phrase."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.candidates import SMALL, Phrase, is_private, is_well_formed
from kura_core.engines.rules.lexicon import (
    ACRONYMS,
    DATE_WORDS,
    DESCRIBING_WORDS,
    GERUND_NOUNS,
    LANGUAGE_NAMES,
    MASS_NOUNS,
    MISHAPS,
    TECH_NAMES,
    VAGUE_NOUNS,
)
from kura_core.engines.rules.phrase import excerpt
from kura_core.engines.rules.support import Support
from kura_core.engines.rules.words import base_verb, is_past, stem

_TOP_NOUNS = 5
_SHARED = 0.07
_FAULTY = 0.3
_ASKING = 0.4
_FOREIGN = 0.6
_FEWEST_READ = 3
_BY_LANGUAGE = "Requests in "
_ABSTRACT_ENDS = ("ness", "ity", "ism", "ance", "ence")
_ONE_LANGUAGE = 0.75
_FAULT_WORDS = frozenset(word.lower() for word in MISHAPS.values()) | {"fix"}


def is_foreign(evidence: ClusterEvidence) -> bool:
    """Whether most members write another language than English, which the rules cannot read."""
    foreign = sum(1 for member in evidence.members if member.language not in (None, "en"))
    return foreign >= _FOREIGN * len(evidence.members) > 0


def is_language(word: str) -> bool:
    """Whether a word names a language, in any case."""
    return word.capitalize() in LANGUAGE_NAMES.values() or word.lower() == "english"


def sets_apart(evidence: ClusterEvidence) -> bool:
    """Whether the nearest outsiders mostly write other languages than a cluster's members do."""
    if any(child.name.startswith(_BY_LANGUAGE) for child in evidence.children):
        return True
    spoken = {member.language for member in evidence.members} - {None, "en"}
    same = sum(1 for member in evidence.contrast if member.language in spoken)
    return 2 * same < len(evidence.contrast)


def readable_part(evidence: ClusterEvidence) -> ClusterEvidence | None:
    """Members in English, where enough speak for all, and no other language sets them apart."""
    read = [member for member in evidence.members if member.language == "en"]
    enough = len(read) >= _FEWEST_READ and not sets_apart(evidence)
    return replace(evidence, members=read) if enough else None


def foreign_names(evidence: ClusterEvidence) -> list[str]:
    """Names for members the rules cannot read, best first.

    Their language, where it sets them apart from their neighbours; else a short request of theirs.
    """
    counts = Counter(
        member.language for member in evidence.members if member.language not in (None, "en")
    )
    ranked = [code for code, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    spoken = [LANGUAGE_NAMES[code] for code in ranked if code in LANGUAGE_NAMES]
    of_two = sum(counts[code] for code in ranked[:2]) >= _ONE_LANGUAGE * counts.total()
    by_language: list[str] = []
    if spoken and counts[ranked[0]] >= _ONE_LANGUAGE * counts.total():
        by_language.append(f"{_BY_LANGUAGE}{spoken[0]}")
    elif spoken and of_two and not evidence.children:
        by_language.append(f"{_BY_LANGUAGE}{' and '.join(spoken[:2])}")
    by_language.append(f"{_BY_LANGUAGE}other languages")
    requests = [member.request or member.summary for member in evidence.members]
    short = [excerpt(text) for text in requests if len(text.split()) <= 8 and len(text) <= 60]
    said = [name for name in (*short, *map(excerpt, requests)) if name]
    return [*by_language, *said] if sets_apart(evidence) else [*said, *by_language]


def subject_phrases(evidence: ClusterEvidence, support: Support) -> list[Phrase]:
    """Phrases built on the strongest nouns: two joined by "and", or one with what is said of it."""
    nouns = leading_nouns(support)
    found = [
        Phrase(side_by_side((left,), (right,), support), None)
        for place, left in enumerate(nouns)
        for right in nouns[place + 1 :]
    ]
    closing = _said_of_it(evidence)
    found += [
        Phrase((tool, plural(noun, support)), None)
        for tool in nouns
        for noun in nouns
        if tool in TECH_NAMES and noun not in TECH_NAMES
    ]
    found += [Phrase((_singular(noun), closing), None) for noun in nouns[:2]]
    found += [Phrase((plural(noun, support),), None) for noun in nouns[:2]]
    return found


def side_by_side(
    left: tuple[str, ...], right: tuple[str, ...], support: Support
) -> tuple[str, ...]:
    """Two noun phrases joined by "and", both plural where one of them is."""
    ends = [plural(left[-1], support), plural(right[-1], support)]
    many = [end.endswith("s") and not end.endswith(("ss", "us")) for end in ends]
    if any(many):
        ends = [plural(end, support, eager=True) for end in ends]
    return (*left[:-1], ends[0], "and", *right[:-1], ends[1])


def leading_nouns(support: Support) -> list[str]:
    """The nouns that say most about the members, as most of them spell these; strongest first."""
    found: list[str] = []
    for key in sorted(support.weight, key=lambda key: (-round(support.weight[key], 9), key)):
        word = support.spelled.get(key, "")
        if not word or support.share[key] < _SHARED or not is_well_formed((word, "matters")):
            continue
        if word in DESCRIBING_WORDS | VAGUE_NOUNS | DATE_WORDS or is_private(word, support):
            continue
        if is_past(word) or word.endswith("ly") or support.forms.get(word, word).istitle():
            continue
        # A word that could be a verb is taken for a noun where members mostly use it as one.
        verbal = base_verb(word) is not None and word not in GERUND_NOUNS
        uses = support.counted[key]
        least = max(2.0, 0.4 * uses) if verbal else max(2.0, 0.25 * uses)
        if support.members < SMALL or (word.endswith("s") and not verbal):
            least = min(least, 1.0 + verbal)
        if word in TECH_NAMES or support.heads[key] >= least:
            found.append(word)
    return found[:_TOP_NOUNS]


def plural(word: str, support: Support, *, eager: bool = False) -> str:
    """The plural of a noun that members count ("a contract"); mass nouns stay as they are.

    `eager` takes more than that for a noun that is counted.
    """
    low = word.lower()
    if (
        low in MASS_NOUNS
        or not low.isalpha()
        or low in TECH_NAMES
        or low in ACRONYMS
        or is_language(low)
        or low.endswith(_ABSTRACT_ENDS)
        or (low.endswith("ing") and f"{low}s" not in GERUND_NOUNS)
        or (low.endswith("s") and not low.endswith(("ss", "us")))
    ):
        return word
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        many = word[:-1] + "ies"
    elif low.endswith(("s", "x", "z", "ch", "sh")):
        many = word + "es"
    else:
        many = word + "s"
    counted = low in support.countable or many.lower() in support.forms
    return many if counted or (eager and support.heads[stem(low)] >= 2) else word


def _said_of_it(evidence: ClusterEvidence) -> str:
    """ "problems" where many members report a fault, "questions" where many ask."""
    count = max(1, len(evidence.members))
    faults = sum(
        1
        for member in evidence.members
        if (member.task or " ").split(" ")[0].lower() in _FAULT_WORDS
    )
    asking = sum(1 for member in evidence.members if (member.request or "").rstrip().endswith("?"))
    if faults >= _FAULTY * count:
        return "problems"
    return "questions" if asking >= _ASKING * count else "requests"


def _singular(noun: str) -> str:
    plural = noun.endswith("s") and not noun.endswith(("ss", "us", "is", "ies")) and len(noun) > 3
    return noun[:-1] if plural else noun
