"""A name for a cluster, chosen among its members' own phrases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.candidates import (
    NAME_WORDS,
    SMALL,
    Phrase,
    collect_candidates,
    is_private,
    is_well_formed,
)
from kura_core.engines.rules.general import (
    english_part,
    foreign_names,
    is_foreign,
    plural,
    sets_apart,
    subject_phrases,
)
from kura_core.engines.rules.lexicon import (
    ACRONYMS,
    COMPLAINT_WORDS,
    FINDING_VERBS,
    GERUND_NOUNS,
    PRONOUNS,
    TECH_NAMES,
    VAGUE_NOUNS,
)
from kura_core.engines.rules.phrase import excerpt, topic_of
from kura_core.engines.rules.sayings import typical_sayings
from kura_core.engines.rules.support import Support, measure_support
from kura_core.engines.rules.words import (
    is_compound_verb,
    is_content,
    jaccard,
    stem,
    tokens,
)

NEAR_EQUAL = 0.6
# Two subjects side by side must earn more than one phrase that says both.
_JOINED = 0.35
_TOGETHER = 0.6
_TOOL_FIRST = 0.2
_TWO_TOOLS = 0.45
_LOOSE = 0.45
# The least share of members that mean a verb phrase, and of those that name its things.
_LEAST_TOGETHER = 0.03
_LEAST_MEANT = 0.08
_FEW_ASK = 3
_VERB_SHARE = 0.25
# A phrase less fit than this says less than a short sentence that most members could have said.
_FITTING = 0.6
_SAYINGS_TRIED = 5
_HARDLY_TYPICAL = 0.1
# Verbs of finding that say more than that something is looked for.
_SPECIAL_FINDING = frozenset("compare learn explore know discover browse locate".split())
CLOSINGS = frozenset({"problems", "questions", "requests"})
# Verbs that set no group apart from another: "Cards" and "Manage cards" are one to a reader.
_FINDING_STEMS = frozenset(stem(word) for word in FINDING_VERBS | {"manage"})
_VAGUE_STEMS = frozenset(stem(word) for word in VAGUE_NOUNS)


def choose_name(evidence: ClusterEvidence, support: Support) -> str:
    """The best phrase that repeats none of `evidence.taken`; at most eight words.

    Where most members do not write English: their language, if it sets them apart; else what those
    who do ask for; else an excerpt of the most central request.
    """
    if is_foreign(evidence):
        read = None if sets_apart(evidence) else english_part(evidence)
        if read is not None:
            evidence, support = read, measure_support(read)
        else:
            for name in foreign_names(evidence):
                if not is_taken(name, evidence.taken):
                    return name
    phrases = [*collect_candidates(evidence, support), *subject_phrases(evidence, support)]
    ranked = [(_fitness(phrase, support), phrase) for phrase in rank_phrases(phrases, support)]
    sayings = [] if evidence.children else typical_sayings(evidence, support)
    names = (
        *(headline(_in_usual_number(p, support), support) for fit, p in ranked if fit >= _FITTING),
        *sayings[:_SAYINGS_TRIED],
        *(headline(_in_usual_number(p, support), support) for fit, p in ranked if fit < _FITTING),
    )
    for name in names:
        if not is_taken(name, evidence.taken):
            return name
    return _last_resort(evidence, support)


def rank_phrases(phrases: Iterable[Phrase], support: Support) -> list[Phrase]:
    """Phrases by fitness, best first; ties by brevity, then by the alphabet."""
    scored = [(_fitness(phrase, support), phrase) for phrase in phrases]
    kept = [item for item in scored if item[0] > 0]
    kept.sort(key=lambda item: (-round(item[0], 9), len(item[1].words), item[1].words))
    return [phrase for _, phrase in kept]


def _in_usual_number(phrase: Phrase, support: Support) -> tuple[str, ...]:
    """The words of a phrase; a noun phrase closes in the number that members use, or the plural."""
    words = phrase.words
    if phrase.verb is not None or len(words) < 2 or words[-1] in CLOSINGS or "and" in words:
        return words
    many = plural(words[-1], support, eager=True)
    forms = {words[-1], support.spelled.get(stem(words[-1]), words[-1])}
    if words[0] in TECH_NAMES:
        forms = {many}
    elif support.pairs[(words[-2], many)]:
        forms.add(many)

    def use(form: str) -> tuple[int, bool]:
        # A name stands for many: the plural wins unless it is far rarer.
        written = support.pairs[(words[-2], form)]
        return (written * 2, True) if form.endswith("s") else (written, False)

    closing = max(sorted(forms), key=use)
    fits = is_well_formed((*words[:-1], closing))
    return (*words[:-1], closing) if fits else words


def is_taken(name: str, taken: Sequence[str]) -> bool:
    """Whether a sibling has this name or one nearly equal.

    Nearly equal: the same content stems ("find", "check" and "manage" aside), or a Jaccard
    similarity of words or of content stems of .6 or more.
    """
    keys, words = name_keys(name)
    for other in taken:
        other_keys, other_words = name_keys(other)
        if name.lower() == other.lower() or (keys and keys == other_keys):
            return True
        if keys - _FINDING_STEMS and keys - _FINDING_STEMS == other_keys - _FINDING_STEMS:
            return True
        if jaccard(words, other_words) >= NEAR_EQUAL or jaccard(keys, other_keys) >= NEAR_EQUAL:
            return True
    return False


def headline(words: Sequence[str], support: Support) -> str:
    """A phrase in sentence case; names of tools and abbreviations in the case they usually have."""
    shown = [in_usual_case(word, support) for word in words[:NAME_WORDS]]
    for place, word in enumerate(shown[:-1]):
        if is_compound_verb(word) and (place == 0 or shown[place - 1] == "to"):
            shown[place] = word.replace("-", " ")
    text = " ".join(shown)
    # "iPhone" keeps its small letter.
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def in_usual_case(word: str, support: Support) -> str:
    """A word as its makers write it, else as members do; abbreviations in capitals."""
    if word in ACRONYMS:
        return word.upper()
    if word.endswith("s") and word[:-1] in ACRONYMS:
        return word[:-1].upper() + "s"
    return TECH_NAMES.get(word) or support.forms.get(word, word)


def _is_name(word: str, support: Support) -> bool:
    """A capitalised word that fewer than half the members use: somebody's name, most likely."""
    return support.forms.get(word, word).istitle() and support.share.get(stem(word), 0.0) < 0.5


def _is_detail(words: Sequence[str], support: Support) -> bool:
    """Whether a term holds a file name, a code or what is only ever written like a name."""
    return any(
        is_private(word, support) or support.forms.get(word, word).istitle() for word in words
    )


@lru_cache(maxsize=20_000)
def name_keys(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The content stems of a name, and all its words in lower case."""
    words = tokens(name)
    return (
        frozenset(stem(word) for word in words if is_content(word)),
        frozenset(word.lower() for word in words),
    )


def _fitness(phrase: Phrase, support: Support) -> float:
    """How well a phrase speaks for the members: what it is about, who said it, how it reads."""
    things = phrase.things()
    made_of_two = not phrase.voices and phrase.words[-1] in CLOSINGS
    if made_of_two:
        things = things[:-1]
    if not things:
        return 0.0
    weights = sorted((support.weight.get(key, 0.0) / support.best for key in things), reverse=True)
    padded = [*weights, 0.0, 0.0][:3]
    score = 0.55 * padded[0] + 0.45 * padded[1] + 0.25 * padded[2]
    score += 0.35 * sum(weights) / len(weights) + 0.7 * min(phrase.voices, 0.5)
    if not phrase.voices and ("and" in phrase.words or _is_made_with_tool(phrase, support)):
        apart = _lopsided(things, support)
        if any(word in TECH_NAMES for word in phrase.words):
            # A tool that few of them use is no more than a detail of some.
            of_two = all(word in TECH_NAMES for word in phrase.words if word != "and")
            lift = _TWO_TOOLS if of_two else _TOOL_FIRST * ("and" not in phrase.words)
            score += support.joint(things) + (lift if apart < 0.5 else -_JOINED)
        return score - _JOINED + 0.5 * support.either(things) - 0.55 * apart
    telling = phrase.words[:2] == ("find", "out")
    names = any(support.forms.get(word, word).istitle() for word in phrase.words)
    if names and len(phrase.words) == 1:
        return 0.0
    score -= 0.4 * bool(names and (telling or len(things) == 1)) + 0.15 * telling
    details = 0 if telling else sum(1 for key in things if support.is_detail(key))
    score -= 0.5 * details + 0.5 * (2 * details >= len(things))
    together = support.mostly(things, "find") if telling else support.joint(things)
    if together < _LEAST_TOGETHER:
        return 0.0
    score += _TOGETHER * min(together, 0.5) - (
        0.0 if telling else _LOOSE * _looseness(things, support)
    )
    score -= 0.5 * any(map(_is_plural, phrase.words[:-1])) * (phrase.verb is None)
    score -= 0.25 * (len(things) > 1 and things[-1] in _VAGUE_STEMS and not phrase.voices > 0.15)
    if phrase.verb is not None:
        meant = together if telling else support.joint(things, phrase.verb)
        wanted = max(_LEAST_MEANT, _VERB_SHARE * together)
        if meant < wanted:
            # A verb that few mean says nothing about the rest, least of all one as plain as these.
            score -= 1.0 if phrase.verb in FINDING_VERBS | {"fix"} else 0.8 * (1 - meant / wanted)
        if not telling and support.asking(things, phrase.verb) < _FEW_ASK <= support.members / 4:
            score -= 0.6
        if phrase.verb in _SPECIAL_FINDING and support.verbs.get(phrase.verb, 0.0) < 0.25:
            score -= 0.3
        score += 0.15 + 0.5 * support.verbs.get(phrase.verb, 0.0)
    elif len(things) == 1 and not made_of_two:
        score -= 0.35 if len(phrase.words) > 1 else 0.9
    elif made_of_two:
        score -= {"requests": 0.6, "questions": 0.45, "problems": 0.25}[phrase.words[-1]]
    elif len(things) > 1 and phrase.voices < 0.06 and not _is_usual(phrase, support):
        score -= 0.45
    if all(key in _VAGUE_STEMS for key in things):
        score -= 0.4
    score -= 0.3 * sum(1 for word in phrase.words if _is_name(word, support))
    # Said by one member only, or made up here: the phrase may not speak for the others.
    if phrase.voices <= 1.6 / max(4, support.members):
        score -= 0.2
    score -= 0.6 * any(word in PRONOUNS for word in phrase.words)
    return score - 0.06 * max(0, len(phrase.words) - 4)


def _is_made_with_tool(phrase: Phrase, support: Support) -> bool:
    """Whether a phrase sets a tool's name before a noun that members do not set it before."""
    made = len(phrase.words) == 2 and phrase.words[-1] not in CLOSINGS
    return made and phrase.words[0] in TECH_NAMES and phrase.words not in support.pairs


def _is_usual(phrase: Phrase, support: Support) -> bool:
    """Whether several members write these words next to each other, or they open with a tool."""
    if phrase.words[0] in TECH_NAMES:
        return True
    words = tuple(word for word in phrase.words if is_content(word))
    return support.pairs[words[-3:]] >= (3 if support.members >= SMALL else 2)


def _is_plural(word: str) -> bool:
    """A plural noun, which hardly ever stands before another noun ("members cash-out")."""
    regular = word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))
    known = word in TECH_NAMES or word in GERUND_NOUNS
    return regular and len(word) > 3 and not known and is_content(word)


def _looseness(things: Sequence[str], support: Support) -> float:
    """How often members leave out what goes with the others least: 0 up to half of them, 1 all."""
    if len(things) < 2 or any(stem(tool) in things for tool in TECH_NAMES):
        return 0.0
    together = support.joint(things)
    rest = max(support.joint(key for key in things if key != left) for left in things)
    left_out = 1.0 - together / rest if rest else 0.0
    return max(0.0, 2.0 * left_out - 1.0)


def _lopsided(things: Sequence[str], support: Support) -> float:
    """How far the weights of two joined things are apart: 0 equal, 1 one weighs nothing."""
    weights = [support.weight.get(key, 0.0) for key in things]
    return 1.0 - min(weights) / max(weights) if max(weights) else 0.0


def _last_resort(evidence: ClusterEvidence, support: Support) -> str:
    """Names from what members say, keywords, excerpts, or a number: never one that is taken."""
    said = typical_sayings(evidence, support, least=_HARDLY_TYPICAL)
    for name in [] if evidence.children else said:
        if not is_taken(name, evidence.taken):
            return name
    terms = [tuple(word.lower() for word in tokens(term)) for term, _ in evidence.keywords]
    terms = [
        words
        for words in terms
        if is_well_formed(words)
        and not _is_detail(words, support)
        and not COMPLAINT_WORDS.intersection(words)
    ]
    joined = [
        (*left, "and", *right)
        for place, left in enumerate(terms[:6])
        for right in terms[place + 1 : 7]
        if not set(left) & set(right)
    ]
    for words in (*terms, *joined):
        name = headline(words, support)
        if not is_taken(name, evidence.taken):
            return name
    for member in evidence.members:
        name = excerpt(member.request or member.summary)
        if name and not is_taken(name, evidence.taken):
            return name
    first = topic_of(tokens(evidence.taken[0])) if evidence.taken else None
    stock = f"Other requests about {first}" if first else "Mixed requests"
    stock = " ".join(stock.split()[: NAME_WORDS - 1])
    used = {other.lower() for other in evidence.taken}
    name, number = stock, 2
    while name.lower() in used:
        name, number = f"{stock} {number}", number + 1
    return name
