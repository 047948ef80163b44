"""A name for a parent cluster, generalised over its children's names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kura_core.engines.protocol import ClusterEvidence, ClusterName
from kura_core.engines.rules.candidates import NAME_WORDS, leading_verb
from kura_core.engines.rules.general import (
    is_foreign,
    is_language,
    plural,
    sets_apart,
    side_by_side,
)
from kura_core.engines.rules.lexicon import (
    ACRONYMS,
    BOOKING_VERBS,
    DESCRIBING_WORDS,
    FINDING_VERBS,
    GERUND_NOUNS,
    IRREGULAR_VERBS,
    NOUN_VERBS,
    TECH_NAMES,
    VAGUE_NOUNS,
    VERBS,
)
from kura_core.engines.rules.naming import choose_name, is_taken
from kura_core.engines.rules.phrase import topic_of
from kura_core.engines.rules.sayings import is_saying
from kura_core.engines.rules.support import Support
from kura_core.engines.rules.wording import CLOSINGS, headline
from kura_core.engines.rules.words import base_verb, is_content, stem, tokens

# The share of children that must have a thing or a verb for it to name their parent.
_SHARED = 0.6
_SUBJECTS_TRIED = 5
_SAME_WORD = 0.85
_LARGER = 0.5
_ARTICLES = (("a",), ("an",), ("the",))


@dataclass(slots=True, frozen=True)
class _Child:
    """A child's name: its verb, its thing in one or two words, and the stems of all its nouns."""

    verb: str | None
    thing: tuple[str, ...]
    nouns: frozenset[str] = frozenset()


def parent_name(evidence: ClusterEvidence, support: Support) -> str:
    """A name over several children: their shared thing, else their two main subjects."""
    if is_foreign(evidence) and sets_apart(evidence):
        return choose_name(evidence, support)
    below = {child.name.lower() for child in evidence.children}
    for words in _ideas(evidence.children, support):
        name = headline(words, support)
        if len(words) > NAME_WORDS or name.lower() in below:
            continue
        if not is_taken(name, evidence.taken):
            return name
    return choose_name(evidence, support)


def _ideas(children: Sequence[ClusterName], support: Support) -> Iterator[tuple[str, ...]]:
    """Candidate names, best first."""
    parsed = [_parse(child.name) for child in children]
    verbs = Counter(child.verb for child in parsed if child.verb is not None)
    verb = _common_verb(verbs, len(parsed))
    shared = _shared_thing(parsed, support)
    subjects = _subjects(parsed, support)
    if shared:
        if verb and set(verbs) <= _kind(verb):
            yield (*verb, *shared)
        elif len(verbs) > 1:
            yield ("manage", *shared)
        yield shared
    pairs = [
        (subjects[left], subjects[right])
        for left in range(min(len(subjects), _SUBJECTS_TRIED))
        for right in range(left + 1, min(len(subjects), _SUBJECTS_TRIED))
    ]
    pairs = [
        (left, right)
        for left, right in pairs
        if not _is_misspelling(left.thing[-1], right.thing[-1])
    ]
    for left, right in pairs:
        if set(map(stem, left.thing)) & set(map(stem, right.thing)):
            continue
        joined = side_by_side(left.thing, right.thing, support)
        if verb and left.verb and right.verb and {left.verb, right.verb} <= _kind(verb):
            yield (*verb, *joined)
        yield joined
    for left, right in pairs:
        # Shorter, where the longer is too near a name that is taken.
        short = side_by_side(_core(left.thing), _core(right.thing), support)
        if stem(short[0]) != stem(short[-1]):
            yield short
    for subject in subjects:
        yield subject.thing


def _core(thing: tuple[str, ...]) -> tuple[str, ...]:
    """The word of a noun phrase that says most: a tool or an abbreviation, else the last."""
    return thing[:1] if thing[0] in TECH_NAMES or thing[0] in ACRONYMS else thing[-1:]


def _is_misspelling(one: str, other: str) -> bool:
    """Whether two words are one, with letters swapped, left out or doubled in one of them."""
    return SequenceMatcher(None, one, other).ratio() >= _SAME_WORD


def _parse(name: str) -> _Child:
    words = tuple(word.lower() for word in tokens(name))
    nouns = frozenset(stem(word) for word in words if _is_noun(word))
    if is_saying(name):
        return _Child(None, (), nouns)
    verb = leading_verb(words)
    topic = (topic_of(tokens(name)) or "").lower().split()
    if words[1:2] in _ARTICLES and topic[:1] == [words[0]]:
        # What comes before an article is what is done with the thing: "flip a coin".
        verb, topic = words[0], topic[1:]
    if "and" in topic[1:]:
        topic = topic[: topic.index("and")]
    kept = [word for word in topic if word not in ("and", "or")]
    if len(kept) > 1 and kept[-1] in CLOSINGS:
        kept.pop()
    while kept and not _is_noun(kept[-1]):
        kept.pop()
    while kept and not _is_noun(kept[0]) and base_verb(kept[0]) == kept[0]:
        kept.pop(0)
    if kept and is_language(kept[-1]):
        # One language beside another subject is a child's own; a theme is about languages.
        kept = ["languages"]
    return _Child(verb, tuple(kept[-2:]), nouns)


def _is_noun(word: str) -> bool:
    if not is_content(word) or word in DESCRIBING_WORDS or word.endswith("ly"):
        return False
    verb = None if word in GERUND_NOUNS else base_verb(word)
    if verb is None:
        return True
    if word in IRREGULAR_VERBS:
        return False
    return (verb in NOUN_VERBS and not word.endswith("ed")) or (
        word not in VERBS and not word.endswith(("ed", "ing"))
    )


def _common_verb(verbs: Counter[str], count: int) -> tuple[str, ...]:
    """The verb most children share; "find" and "find and book" stand for their kinds."""
    if sum(verbs.values()) < _SHARED * count:
        return ()
    verb, votes = max(sorted(verbs.items()), key=lambda item: item[1])
    if votes >= max(2, _SHARED * count):
        return (verb,)
    finding = sum(votes for verb, votes in verbs.items() if verb in FINDING_VERBS)
    booking = Counter({verb: votes for verb, votes in verbs.items() if verb in BOOKING_VERBS})
    if finding + booking.total() < _SHARED * count:
        return ()
    if not booking:
        return ("find",)
    booked = max(sorted(booking.items()), key=lambda item: item[1])[0]
    return ("find", "and", booked) if finding else (booked,)


def _kind(verb: tuple[str, ...]) -> frozenset[str]:
    """The verbs that a common verb stands for."""
    if len(verb) > 1:
        return FINDING_VERBS | BOOKING_VERBS
    return FINDING_VERBS if verb[0] == "find" else frozenset(verb)


def _shared_thing(parsed: Sequence[_Child], support: Support) -> tuple[str, ...]:
    """The noun that most children name, with the word before it where they agree on that too."""
    counts: Counter[str] = Counter()
    for child in parsed:
        counts.update(child.nouns)
    vague = {stem(word) for word in VAGUE_NOUNS}
    ranked = sorted(
        (key for key in counts if key not in vague),
        key=lambda key: (-counts[key], -support.weight.get(key, 0.0), key),
    )
    if not ranked or counts[ranked[0]] < max(2, _SHARED * len(parsed)):
        return ()
    key = ranked[0]
    naming = [child.thing for child in parsed if key in map(stem, child.thing)]
    if not naming:
        return ()
    words = [thing[[stem(word) for word in thing].index(key)] for thing in naming]
    form = max(sorted(set(words)), key=lambda word: (words.count(word), -len(word)))
    closing = {stem(thing[-1]) for thing in naming}
    opening = {stem(thing[0]) for thing in naming if len(thing) > 1}
    if len(naming) > 1 and all(len(thing) > 1 for thing in naming):
        if closing == {key} and len(opening) == 1:
            return (naming[0][0], plural(form, support, eager=True))
        if len(closing) == 1 and key not in closing:
            return (form, plural(naming[0][-1], support, eager=True))
    return (plural(form, support, eager=True),)


def _subjects(parsed: Sequence[_Child], support: Support) -> list[_Child]:
    """Children's things as short plurals; those that members share most come first."""
    vague = {stem(word) for word in VAGUE_NOUNS}
    best: dict[str, tuple[float, _Child]] = {}
    heads = Counter(stem(child.thing[-1]) for child in parsed if child.thing)
    for place, child in enumerate(parsed):
        if not child.thing:
            continue
        key = stem(child.thing[-1])
        # Children come largest first.
        size = _LARGER * (1 - place / len(parsed))
        pull = heads[key] + support.weight.get(key, 0.0) / support.best - (key in vague) + size
        # Of two children, both are told in full.
        whole = key in vague or len(child.thing) == 1 or len(parsed) == 2
        words = child.thing if whole else _lean(child.thing, support)
        if key not in best or pull > best[key][0]:
            best[key] = (pull, _Child(child.verb, (*words[:-1], plural(words[-1], support))))
    ordered = sorted(best.values(), key=lambda item: (-item[0], item[1].thing))
    return [child for _, child in ordered]


def _lean(thing: tuple[str, ...], support: Support) -> tuple[str, ...]:
    """The noun alone where the word before it is only a child's own detail."""
    first, last = stem(thing[0]), stem(thing[-1])
    kept = support.share.get(first, 0.0) >= 0.5 * support.share.get(last, 0.0)
    return thing if kept and thing[0] not in DESCRIBING_WORDS else thing[-1:]
