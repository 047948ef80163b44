"""Reading what a request asks for: the words of its task, as a verb or a noun phrase."""

from __future__ import annotations

from collections.abc import Sequence

from kura_core.engines.rules.clauses import noun_phrase, until_break, without_details
from kura_core.engines.rules.frames import Frame, find_frame
from kura_core.engines.rules.lexicon import (
    AUXILIARIES,
    DATE_WORDS,
    DESCRIBING_WORDS,
    DETERMINERS,
    FILLERS,
    NOUN_VERBS,
    OWNERS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
    VERBS,
)
from kura_core.engines.rules.troubles import fault, mishap, suffered
from kura_core.engines.rules.words import base_verb, is_compound_verb, is_content, tokens

_RUN_WORDS = 5
_RENAMED_VERBS = {"know": "find out", "receive": "get", "purchase": "buy", "enquire": "ask"}
_LIGHT_VERBS = frozenset(
    "go be do have like want need think see say try let know mean start help".split()
)
_TELLING_VERBS = frozenset("know see tell check find say remember".split())
_OBJECT_STARTS = frozenset("the a an my our your his her it me us them you not".split())
_PARTICLES = frozenset("up out off down in on back over away".split())


def words_of_frame(frame: Frame) -> list[str]:
    """The words of a task from a framed request: a verb phrase, a noun phrase or a clause."""
    words = tokens(until_break(frame.rest))
    while words and words[0].lower() in FILLERS | {"to", "be", "able", "and", "so"}:
        words = words[1:]
    if not words:
        return []
    match frame.kind:
        case "do":
            return _verb_phrase(words, frame.names_verb)
        case "when":
            return _find_out(words)
        case "thing" | "fix" if _is_gerund(words):
            return _verb_phrase(words, True)
        case "price":
            words = [word for word in words if word.lower() not in {"cost", "costs"}]
    thing = noun_phrase(words)
    if not any(map(is_content, thing)):
        return []
    opening = {"fix": ["fix"], "find": ["find"], "where": ["find"], "price": ["price", "of"]}
    return [*opening.get(frame.kind, []), *thing]


def _find_out(words: list[str]) -> list[str]:
    """A clause with its question word: "when was this file changed" → "find out when file was
    changed". Where what is asked is a quantity or a time, its noun phrase."""
    size = 2 if words[0].lower() in {"how", "what"} else 1
    asked, rest = [word.lower() for word in words[:size]], words[size:]
    if asked[-1] in {"many", "much", "time"}:
        thing = noun_phrase(rest)
        return ["time", *rest[2:]] if [word.lower() for word in rest[:2]] == ["is", "it"] else thing
    if rest and rest[0].lower() in AUXILIARIES:
        verb = next(
            (
                place
                for place, word in enumerate(rest)
                if place > 1 and _opens_predicate(word.lower())
            ),
            len(rest),
        )
        helper = [] if rest[0].lower() in {"do", "does", "did"} else [rest[0].lower()]
        rest = [*rest[1:verb], *helper, *rest[verb:]]
    if not any(map(is_content, rest)):
        return []
    # The clause may rest on a pronoun ("when this was modified"), which must then stay.
    pronoun = rest[0].lower() in {"this", "that", "it", "they"}
    opening = rest[:1] if pronoun and not is_content("".join(rest[1:2])) else []
    return ["find", "out", *asked, *opening, *without_details(rest[len(opening) :])]


def _opens_predicate(word: str) -> bool:
    return word in {"last", "first", "be"} or (
        base_verb(word) is not None and word not in NOUN_VERBS
    )


def _verb_phrase(words: list[str], names_verb: bool) -> list[str]:
    first = words[0].lower()
    if (
        base_verb(first) in _TELLING_VERBS
        and len(words) > 2
        and words[1].lower() in QUESTION_WORDS - {"how"}
    ):
        return _find_out(words[1:])
    if first in QUESTION_WORDS:
        said = " ".join(words)
        inner = find_frame(said)
        if inner is not None and len(inner.rest) < len(said):
            return words_of_frame(inner)
        return without_details(words)
    verb = base_verb(first)
    if verb is not None and first.endswith("ing") and not names_verb and not _is_gerund(words):
        return noun_phrase(words)
    if verb is None:
        closed = PRONOUNS | OWNERS | DETERMINERS | PREPOSITIONS | DESCRIBING_WORDS
        if not names_verb or first in closed or not first.isalpha() or len(words) == 1:
            return noun_phrase(words)
        verb = first
    rest = words[1:]
    if verb == "do" and len(rest) > 1 and rest[0].lower() in {"if", "when", "about"}:
        return words_of_statement(" ".join(rest[1:]))
    particle: list[str] = []
    if rest and rest[0].lower() in _PARTICLES - {"in", "on"} and len(rest) > 1:
        particle, rest = [rest[0]], rest[1:]
    rest = without_details(rest)
    if rest and rest[0].lower() == "with" and verb in {"provide", "supply", "help", "assist"}:
        rest = rest[1:]
    if (
        rest
        and rest[0].lower() == "for"
        and verb in {"find", "get", "book", "buy", "order", "show"}
    ):
        rest = rest[1:]
    if verb == "do" and len(rest) > 2 and rest[0].lower() == "a" and rest[1].lower() in NOUN_VERBS:
        return rest[1:]
    # "go and get X", "try to find X": the second verb is the one that is meant.
    if verb in _LIGHT_VERBS and rest and rest[0].lower() in VERBS and len(rest) > 1:
        return _verb_phrase(rest, True)
    if verb in {"have", "like", "want", "need"}:
        return ["get", *rest] if rest else []
    if particle and rest and rest[0].lower() in PREPOSITIONS:
        return [verb, *particle, *rest]
    return [*_RENAMED_VERBS.get(verb, verb).split(), *particle, *rest]


def _is_gerund(words: Sequence[str]) -> bool:
    """Whether the first word is a verb in -ing with its object, not the start of a noun phrase."""
    first = words[0].lower()
    if not first.endswith("ing") or base_verb(first) is None or len(words) < 2:
        return False
    return words[1].lower() in DETERMINERS | OWNERS | PREPOSITIONS | PRONOUNS | {"to"}


def words_of_statement(text: str) -> list[str]:
    """A task from a sentence that frames no request: an imperative, a fault, or its nouns."""
    found = mishap(text)
    if found:
        return found
    words = tokens(until_break(text))
    while words and words[0].lower() in FILLERS | {"and", "so", "to", "then"}:
        words = words[1:]
    if len(words) > 1 and words[0].lower() in {"getting", "having", "receiving", "seeing"}:
        return noun_phrase(words[1:])
    if len(words) > 1 and (words[0].lower() in VERBS or is_compound_verb(words[0])):
        if not any(word.lower() in AUXILIARIES for word in words[1:5]):
            return _verb_phrase(words, True)
    return fault(text) or suffered(text) or _longest_run(tokens(text))


def _longest_run(words: list[str]) -> list[str]:
    """The longest stretch of content words: the last resort for a noun phrase."""
    runs: list[list[str]] = [[]]
    for place, word in enumerate(words):
        following = words[place + 1].lower() if place + 1 < len(words) else ""
        # "the menu covers the text": a verb in -s ends its subject.
        predicate = bool(runs[-1]) and word.endswith("s") and following in _OBJECT_STARTS
        if is_content(word) and word.lower() not in DATE_WORDS and not predicate:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return max(runs, key=len)[:_RUN_WORDS]
