"""How well a phrase speaks for a cluster's members."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kura_core.engines.rules.candidates import SMALL, Phrase
from kura_core.engines.rules.lexicon import (
    FINDING_VERBS,
    GERUND_NOUNS,
    PRONOUNS,
    TECH_NAMES,
    VAGUE_NOUNS,
)
from kura_core.engines.rules.support import Support
from kura_core.engines.rules.wording import CLOSINGS
from kura_core.engines.rules.words import is_content, stem

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
# Verbs of finding that say more than that something is looked for.
_SPECIAL_FINDING = frozenset("compare learn explore know discover browse locate".split())
_VAGUE_STEMS = frozenset(stem(word) for word in VAGUE_NOUNS)


def rank_phrases(phrases: Iterable[Phrase], support: Support) -> list[Phrase]:
    """Phrases by fitness, best first; ties by brevity, then by the alphabet."""
    scored = [(fitness(phrase, support), phrase) for phrase in phrases]
    kept = [item for item in scored if item[0] > 0]
    kept.sort(key=lambda item: (-round(item[0], 9), len(item[1].words), item[1].words))
    return [phrase for _, phrase in kept]


def fitness(phrase: Phrase, support: Support) -> float:
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
    score -= 0.3 * sum(1 for word in phrase.words if is_name(word, support))
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


def is_name(word: str, support: Support) -> bool:
    """A capitalised word that fewer than half the members use: somebody's name, most likely."""
    return support.forms.get(word, word).istitle() and support.share.get(stem(word), 0.0) < 0.5
