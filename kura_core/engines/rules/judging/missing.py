"""The short normal form of what is missing: "signed contracts", "send e-mail"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kura_core.engines.rules.clauses import keeps_case
from kura_core.engines.rules.general import plural
from kura_core.engines.rules.judging.missing_words import (
    CARRIERS,
    EVENTS,
    EXTERNAL,
    FAMILIES,
    PLAINLY,
    same,
)
from kura_core.engines.rules.lexicon import (
    AUXILIARIES,
    CLAUSE_WORDS,
    DATE_WORDS,
    DETERMINERS,
    FILLERS,
    NOUN_VERBS,
    OWNERS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
)
from kura_core.engines.rules.support import Support
from kura_core.engines.rules.words import base_verb, is_content, is_number, is_past, stem, tokens

_THING_WORDS = 3
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]{0,80}[\"“”»]")
_STOP = (
    PREPOSITIONS
    | CLAUSE_WORDS
    | AUXILIARIES
    | QUESTION_WORDS
    | frozenset("and or but i we you he she they so than then to as due called named".split())
)
_SKIP = (
    DETERMINERS
    | OWNERS
    | FILLERS
    | PRONOUNS
    | frozenset(
        "any some no such specific particular exact relevant related matching corresponding "
        "actual own full final latest current requested unfortunately sorry "
        "either myself directly here further anymore".split()
    )
)
# Leads from what carries a thing to the thing: "results for signed contracts".
_LEADING = frozenset("for of about on regarding matching with mentioning concerning to".split())
_NOUNS_IN_LY = frozenset("supply family assembly reply anomaly monopoly ally fly jelly".split())
_POINTING = frozenset("it this that them these those him her".split())
_OWNER = re.compile(r"\b(?:who owns|owners?|belongs? to)\b", re.IGNORECASE)
_AUTHOR = re.compile(r"\b(?:who (?:wrote|created|made)|authors?|written by)\b", re.IGNORECASE)
_BREAK = re.compile(r"[,;:!?()\n.]+(?:\s|$)| - | – ")


def thing_of(said: str) -> list[str]:
    """The words of the noun phrase that a stretch of text opens with: no names, no figures.

    "any executed contracts for Acme" → ["executed", "contracts"]; what carries a thing
    is passed over ("results for signed contracts" → ["signed", "contracts"]).
    """
    text = _BREAK.split(_QUOTED.sub(" ", said))[0]
    words = tokens(text)
    if words and words[0].lower() in _POINTING and {w.lower() for w in words[1:2]} <= PREPOSITIONS:
        return []
    run: list[str] = []
    for place, word in enumerate(words):
        low = word.lower()
        if low in _STOP | _LEADING:
            if run and not (low in _LEADING and set(map(str.lower, run)) <= CARRIERS):
                break
            if run or low not in PREPOSITIONS | _LEADING:
                run = []
                if low not in _LEADING:
                    break
        elif low not in _SKIP | DATE_WORDS and _is_word(word) and not (place and _is_name(word)):
            written = keeps_case(word) or (place and word[0].isupper())
            run.append(word if written else low)
    kept = run[-_THING_WORDS:]
    return kept if any(map(is_content, kept)) else []


def _is_name(word: str) -> bool:
    """Whether a capital in mid-sentence makes a word a name; systems that are known are kept."""
    return word[0].isupper() and not keeps_case(word) and same(word) not in EXTERNAL


def _is_word(word: str) -> bool:
    """Whether a token is a word, not a figure, a file name, an address or an identifier."""
    return not is_number(word) and not any(mark.isdigit() or mark in ".@_/" for mark in word)


def attribute_of(said: str) -> str | None:
    """What is asked about a record: "when this document was modified" → "modification dates"."""
    if _OWNER.search(said):
        return "owners"
    if _AUTHOR.search(said):
        return "authors"
    for word in tokens(said):
        verb = base_verb(word)
        if verb in EVENTS and (is_past(word) or word.lower() != verb or verb not in NOUN_VERBS):
            return f"{EVENTS[verb]} dates"
    return None


def name_thing(words: list[str]) -> str | None:
    """A noun phrase as a gap's name, plural where that is natural; None for what says nothing."""
    kept = list(words)
    while kept and not _closes(kept[-1]):
        kept.pop()
    while kept and (kept[0].lower() in _STOP | _SKIP):
        kept.pop(0)
    if not kept or set(map(str.lower, kept)) <= CARRIERS:
        return None
    return " ".join([*kept[:-1], many(kept[-1])])


def _closes(word: str) -> bool:
    """Whether a noun phrase may end in a word: no function word, no adverb."""
    low = word.lower()
    adverb = low.endswith("ly") and low not in _NOUNS_IN_LY
    return is_content(low) and low not in _STOP | _SKIP and not adverb


def in_state(state: str, thing: str) -> str:
    """A thing and the state it is looked for in, synonyms as one: "executed", "lease" →
    "signed contracts"."""
    return f"{_said_plainly(state)} {many(_said_plainly(thing))}"


def _said_plainly(word: str) -> str:
    return PLAINLY.get(same(word), word.lower() if not keeps_case(word) else word)


def many(word: str) -> str:
    """The plural of a noun, where it is counted."""
    return plural(word, Support({}, {}, countable=frozenset({word.lower()})))


def name_deed(verb: str | None, said: str, *, denied: bool = False) -> str | None:
    """A verb with what it is done to, in the base form: "delete files"; None without a verb.

    What is `denied` is a deed for sure, and may be done to nothing: "post to social networks".
    """
    keys = {same(word) for word in (verb or "", *tokens(said)[:8]) if word}
    family = family_of(keys, verb)
    if family:
        return family
    if verb is None:
        return None
    words = tokens(said)
    if words and words[0].lower() in PREPOSITIONS:
        onto = name_thing(thing_of(" ".join(words[1:])))
        plain = words[0].lower() in {"to", "on", "with", "into"}
        return f"{verb} {words[0].lower()} {onto}" if denied and onto and plain else None
    thing = thing_of(said)
    name = name_thing(thing)
    if name and said.lower().lstrip().startswith("the "):
        name = " ".join(thing)
    return f"{verb} {name}" if name else None


def family_of(keys: Iterable[str], verb: str | None = None) -> str | None:
    """One of the everyday deeds that these stems belong to, else None."""
    found = set(keys)
    for name, nouns, verbs in FAMILIES:
        if nouns & found and (verb is None or verb in verbs or stem(verb) in found & nouns):
            return name
    return None
