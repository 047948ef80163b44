"""A short sentence of the users' own, where no phrase tells what a cluster's members share.

Small talk has no task and no subject: "Who do you work for" tells more than "Boss".
"""

from __future__ import annotations

from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.candidates import is_private
from kura_core.engines.rules.clauses import split_at_breaks
from kura_core.engines.rules.gist import tidy
from kura_core.engines.rules.lexicon import (
    AGREEMENT,
    AUXILIARIES,
    COMPLAINT_WORDS,
    PRONOUNS,
    QUESTION_WORDS,
)
from kura_core.engines.rules.support import Support
from kura_core.engines.rules.words import is_content, is_number, stem, tokens
from kura_core.types import ConversationSummary

_MOST_WORDS = 7
_LONGEST = 48
TYPICAL = 0.2
_APART = 0.5
_FROM_ME = 0.1
# The least weight, against the strongest, of the strongest word in a sentence that has a subject.
_TO_THE_POINT = 0.4
_SPOKEN = PRONOUNS | AUXILIARIES | QUESTION_WORDS | AGREEMENT | {"my", "your", "not"}


def typical_sayings(
    evidence: ClusterEvidence, support: Support, *, least: float = TYPICAL
) -> list[str]:
    """Short sentences most like all that members say and least like outsiders', best first.

    `least` is the mean likeness to all members' sentences (0 to 1) from which one speaks for them.
    """
    inside = [_stems(member) for member in evidence.members]
    outside = [_stems(member) for member in evidence.contrast]
    scored: dict[str, float] = {}
    for place, member in enumerate(evidence.members):
        said = _short(member)
        if not said or said in scored or _tells_on_somebody(said, support):
            continue
        if not _is_to_the_point(said, support):
            continue
        own = frozenset(stem(word) for word in tokens(said))
        near = sum(
            voice.trust * _likeness(own, other)
            for other_place, (voice, other) in enumerate(zip(support.voices, inside, strict=True))
            if other_place != place
        )
        far = sum(_likeness(own, other) for other in outside) / max(1, len(outside))
        if near >= least:
            scored[said] = near - _APART * far - _FROM_ME * (said.split()[0] in ("I", "I'm", "My"))
    return sorted(scored, key=lambda said: (-round(scored[said], 9), len(said), said))


def is_saying(name: str) -> bool:
    """Whether a name is a sentence that users say rather than a task or a subject."""
    words = [word.lower() for word in tokens(name)]
    return words[:2] != ["find", "out"] and any(word in _SPOKEN for word in words)


def _short(member: ConversationSummary) -> str:
    text = tidy(member.request or member.summary)
    first = next((part.strip() for part in split_at_breaks(text) if len(part.strip()) > 2), "")
    words = first.strip(" .,;:!?…¿¡\"'“”").split()
    if not 1 < len(words) <= _MOST_WORDS or len(first) > _LONGEST:
        return ""
    shown = " ".join("I" + word[1:] if word in ("i", "i'm", "i've") else word for word in words)
    return shown[:1].upper() + shown[1:]


def _is_to_the_point(said: str, support: Support) -> bool:
    """Whether a sentence names what members share, and no detail of one; small talk names none."""
    keys = {stem(word) for word in tokens(said) if is_content(word)}
    strongest = max((support.weight.get(key, 0.0) for key in keys), default=support.best)
    return strongest >= _TO_THE_POINT * support.best and not any(map(support.is_detail, keys))


def _tells_on_somebody(said: str, support: Support) -> bool:
    """Whether a sentence holds a figure, a code, a placeholder, a name or abuse."""
    words = tokens(said)
    return (
        not words
        or "<" in said
        or any(is_number(word) or is_private(word, support) for word in words)
        or any(word[0].isupper() and word != "I" and "'" not in word for word in words[1:])
        or any(word.lower() in COMPLAINT_WORDS for word in words)
    )


def _stems(member: ConversationSummary) -> frozenset[str]:
    return frozenset(stem(word) for word in tokens(member.request or member.summary))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Cosine of two sets of words."""
    size = (len(one) * len(other)) ** 0.5
    return len(one & other) / size if size else 0.0
