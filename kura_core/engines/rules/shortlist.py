"""The few names that a cluster could well have, and their order.

Rules alone cannot tell which of several sound phrases says what the members mean. Where the
evidence says how close each of these names comes to the cluster (see `kura_core.steps.closeness`),
that decides together with the rules; else the rules' own order holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.candidates import Phrase, collect_candidates
from kura_core.engines.rules.fitness import fitness, is_name, rank_phrases
from kura_core.engines.rules.general import (
    is_foreign,
    is_language,
    leading_nouns,
    plural,
    readable_part,
    subject_phrases,
)
from kura_core.engines.rules.lexicon import (
    BOOKING_VERBS,
    DETAIL_PREPOSITIONS,
    FINDING_VERBS,
    GERUND_NOUNS,
    NOUN_VERBS,
    PREPOSITIONS,
    TECH_NAMES,
)
from kura_core.engines.rules.sayings import typical_sayings
from kura_core.engines.rules.support import Support, as_said, measure_support
from kura_core.engines.rules.wording import CLOSINGS, headline, in_usual_number
from kura_core.engines.rules.words import base_verb, is_content, stem, tokens

MOST_PROPOSED = 12
_PHRASES = 10
_SAYINGS = 2
_SUBJECTS = 3
_SAYINGS_TRIED = 5
# A phrase less fit than this says less than a short sentence that most members could have said.
_FITTING = 0.6
# What closeness counts beside fitness, and what the form of a name does: a reader wants a task or
# a subject, at a glance.
_FITNESS = 0.4
_CLOSENESS = 4.0
_TASK = 0.1
_SENTENCE = -0.45
_TWO_SUBJECTS = -0.3
_GERUND = -0.3
_ONE_WORD = -0.25
_PADDED = -0.2
_LONG = -0.05
_MANY_THINGS = -0.15
_TELLING = -0.2
# What a phrase loses where none of those who name its main thing name the rest.
_NARROW = -0.25
# A verb and a noun that members use, though hardly together.
_WIDE_VERB, _WIDE_VERBS, _WIDE_NOUNS = 0.05, 3, 4
_COMMON_VERB = 0.15
_WIDE_FITNESS = 0.3
# Verbs that the rules put before what users only name or complain about, and likely nouns.
_UNSURE_VERBS = FINDING_VERBS | NOUN_VERBS | {"fix", "get", "make"}
# The least share of those who name a thing that must name what a preposition ties to it.
_TIED, _TIED_DETAIL = 0.25, 0.5
# The share of a word's uses that must end a noun phrase, where so many members go on after it.
_ENDS, _GOES_ON = 0.1, 0.6


@dataclass(slots=True, frozen=True)
class _Candidate:
    name: str
    fitness: float
    form: float


def propose_names(evidence: ClusterEvidence) -> list[str]:
    """At most twelve names worth comparing with what the members wrote; none where none is read."""
    evidence = as_said(evidence)
    if is_foreign(evidence):
        read = readable_part(evidence)
        if read is None:
            return []
        evidence = read
    listed = _shortlist(evidence, measure_support(evidence))
    return list(dict.fromkeys(candidate.name for candidate in listed))[:MOST_PROPOSED]


def rank_names(evidence: ClusterEvidence, support: Support) -> Iterator[str]:
    """Names for a cluster, best first: the shortlist, then what else members' phrases give."""
    listed = [item for item in _shortlist(evidence, support) if item.name in evidence.closeness]
    if listed:
        listed.sort(key=lambda item: -_score(item, evidence.closeness[item.name]))
        yield from (item.name for item in listed)
    ranked = rank_phrases(_phrases(evidence, support), support)
    clear = [phrase for phrase in ranked if _is_clear(phrase, support)]
    rest = [phrase for phrase in ranked if not _is_clear(phrase, support)]
    fitting = [phrase for phrase in clear if fitness(phrase, support) >= _FITTING]
    yield from (_written(phrase, support) for phrase in fitting)
    if not evidence.children:
        yield from typical_sayings(evidence, support)[:_SAYINGS_TRIED]
    yield from (_written(phrase, support) for phrase in (*clear[len(fitting) :], *rest))


def _score(candidate: _Candidate, closeness: float) -> float:
    """A candidate's worth, rounded so that no last bit decides; the first of equals wins."""
    return round(_FITNESS * candidate.fitness + _CLOSENESS * closeness + candidate.form, 4)


def _shortlist(evidence: ClusterEvidence, support: Support) -> list[_Candidate]:
    """The fittest phrases that differ, and short sentences of the members' own.

    Where no phrase is fit, also two subjects side by side, though few members name them, and tasks
    made of what members do and what they write about.
    """
    ranked = rank_phrases(_phrases(evidence, support), support)
    phrases = _different(phrase for phrase in ranked if _is_clear(phrase, support))
    found = [
        _Candidate(_written(phrase, support), fitness(phrase, support), _form(phrase, support))
        for phrase in phrases[:_PHRASES]
    ]
    if not evidence.children:
        sayings = typical_sayings(evidence, support)
        for said in [text for text in sayings if not _names_a_place(text, support)][:_SAYINGS]:
            form = _SENTENCE + _LONG * max(0, len(said.split()) - 4)
            found.append(_Candidate(said, _FITTING, form))
    if not found or found[0].fitness < _FITTING:
        subjects = [phrase for phrase in ranked if "and" in phrase.words]
        found += [
            _Candidate(_written(phrase, support), fitness(phrase, support), _form(phrase, support))
            for phrase in subjects[:_SUBJECTS]
        ]
        found += [
            _Candidate(_written(phrase, support), _WIDE_FITNESS, _form(phrase, support))
            for phrase in _different(_wide_tasks(support))
        ]
    return found


def _different(phrases: Iterable[Phrase]) -> list[Phrase]:
    """Phrases without those that say what an earlier one says; those made up here come last."""
    known: set[tuple[str | None, frozenset[str]]] = set()
    first: list[Phrase] = []
    last: list[Phrase] = []
    for phrase in phrases:
        key = (_kind_of(phrase.verb), frozenset(phrase.things()))
        bare = (None, key[1] | {stem(phrase.verb)}) if phrase.verb else key
        if key in known or bare in known:
            continue
        known |= {key, bare}
        plain = len(phrase.words) == 1 or phrase.words[-1] in CLOSINGS
        (last if plain and not phrase.voices else first).append(phrase)
    return first + last


def _kind_of(verb: str | None) -> str | None:
    """The verb that stands for all that mean nearly the same."""
    if verb in FINDING_VERBS:
        return "find"
    return "book" if verb in BOOKING_VERBS else verb


def _phrases(evidence: ClusterEvidence, support: Support) -> list[Phrase]:
    return [*collect_candidates(evidence, support), *subject_phrases(evidence, support)]


def _written(phrase: Phrase, support: Support) -> str:
    return headline(in_usual_number(phrase, support), support)


def _wide_tasks(support: Support) -> list[Phrase]:
    """Verbs that open several members' tasks, each with the nouns that say most about them."""
    verbs = [
        (verb, share)
        for verb, share in sorted(support.verbs.items(), key=lambda item: (-item[1], item[0]))
        if share >= _WIDE_VERB and base_verb(verb) == verb and verb not in _UNSURE_VERBS
    ]
    nouns = [plural(noun, support, eager=True) for noun in leading_nouns(support)[:_WIDE_NOUNS]]
    tasks = [
        (Phrase((verb, noun), verb), share)
        for noun in nouns
        for verb, share in verbs[:_WIDE_VERBS]
        if stem(noun) != stem(verb)
    ]
    said = [task for task, _ in tasks if support.asking(task.things(), task.words[0])]
    return said or [task for task, share in tasks if share >= _COMMON_VERB]


def _form(phrase: Phrase, support: Support) -> float:
    """What the form of a phrase, and how many could have said all of it, adds to its worth."""
    words, things = phrase.words, phrase.things()
    form = _LONG * max(0, len(words) - 4) + _MANY_THINGS * max(0, len(things) - 2)
    if "and" in words:
        return form + _TWO_SUBJECTS
    main = max((support.joint([thing]) for thing in things), default=0.0)
    made_of_two = not phrase.voices and words[-1] in CLOSINGS
    if main and not made_of_two:
        form += _NARROW * (1 - support.joint(things) / main)
    if phrase.verb is not None:
        return form + (_TELLING if words[:2] == ("find", "out") else _TASK)
    if len(words) == 1:
        return form + _ONE_WORD
    return form + (_PADDED if made_of_two else _GERUND * _is_gerund(words[0]))


def _is_clear(phrase: Phrase, support: Support) -> bool:
    """Whether a phrase is whole and holds no detail of few members and no name."""
    words = phrase.words
    made_of_two = not phrase.voices and words[-1] in CLOSINGS
    things = phrase.things()[:-1] if made_of_two else phrase.things()
    return not (
        any(map(support.is_detail, things))
        or any(word not in TECH_NAMES and is_name(word, support) for word in words)
        or words[:2] == ("get", "to")
        or (len(words) == 1 and is_language(words[0]))
        or _is_gerund(words[-1])
        or (words[-1].endswith("ly") and words[-2:-1] in (("a",), ("an",)))
        or _is_cut_short(words, support)
        or _is_turned_round(phrase, support)
        or _has_loose_end(phrase, support)
    )


def _is_cut_short(words: Sequence[str], support: Support) -> bool:
    """Whether members mostly go on after these words, which then describe what follows."""
    last, key = words[-1], stem(words[-1])
    longer = [
        (run, count) for run, count in support.pairs.items() if run[:-1] in (words[-2:], (last,))
    ]
    after_two = max((count for run, count in longer if len(run) == 3), default=0)
    if len(words) > 1 and after_two >= _GOES_ON * support.pairs[tuple(words[-2:])] > 1:
        return True
    after_one = sum(count for run, count in longer if len(run) == 2)
    seldom_last = support.heads[key] < _ENDS * support.counted[key]
    return seldom_last and after_one >= _GOES_ON * support.share.get(key, 0.0) * support.members > 1


def _is_turned_round(phrase: Phrase, support: Support) -> bool:
    """Whether members write the noun before what is taken for its verb ("Google pay")."""
    if phrase.verb is None or len(phrase.words) != 2:
        return False
    verb, noun = phrase.words
    return support.pairs[(noun, verb)] > support.pairs[(verb, noun)]


def _is_gerund(word: str) -> bool:
    return word.endswith("ing") and base_verb(word) is not None and word not in GERUND_NOUNS


def _has_loose_end(phrase: Phrase, support: Support) -> bool:
    """Whether few of those who name a thing name what a preposition ties to it ("to Paris")."""
    words = phrase.words
    if words[:2] == ("find", "out"):
        return False
    start = 0 if phrase.verb is None else 1
    whole = support.joint(_stems(words[start:]))
    for place, word in enumerate(words[start + 1 :], start=start + 1):
        before = _stems(words[start:place])
        if before and word in PREPOSITIONS | {"to"}:
            if whole < _least_tied(words[place:]) * support.joint(before):
                return True
    return False


def _least_tied(words: Sequence[str]) -> float:
    """The share that a preposition's words need: more where they may be a place or a date."""
    purpose = words[0] == "to" and base_verb(words[1]) == words[1]
    detail = words[0] in DETAIL_PREPOSITIONS - {"of"} and not purpose
    return _TIED_DETAIL if detail else _TIED


def _names_a_place(said: str, support: Support) -> bool:
    """Whether a sentence leads to a place, a date or the like that few of the others name."""
    words = [word.lower() for word in tokens(said)]
    for place in range(1, len(words) - 1):
        before = max((support.share.get(key, 0.0) for key in _stems(words[:place])), default=0.0)
        after = _stems(words[place + 1 :])[:1]
        if after and _least_tied(words[place:]) == _TIED_DETAIL:
            if support.share.get(after[0], 0.0) < _TIED_DETAIL * before:
                return True
    return False


def _stems(words: Sequence[str]) -> list[str]:
    return [stem(word) for word in words if is_content(word)]
