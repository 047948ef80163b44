"""How frustrated the user sounds, from the user's own words only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kura_core.engines.rules.lexicon import COMPLAINT_WORDS
from kura_core.engines.rules.segment import prose
from kura_core.engines.rules.words import content_stems, jaccard, tokens

_READ_MESSAGES = 40
_REPEATED_MARKS = re.compile(r"[!?]{2,}|\?!|!\?")
_STRETCHED = re.compile(r"([aeiouh])\1{3,}", re.IGNORECASE)
_IMPATIENT = re.compile(
    r"\b(?:(?:i|we)(?:'ve)? (?:already|just) (?:told|said|gave|asked|tried|explained|did)|as i "
    r"said|like i said|"
    r"i said|i told you|again and again|over and over|how many times|for the (?:\w+ )?time|"
    r"still (?:not|can't|cannot|doesn't|isn't|no|won't|nothing|broken|wrong|waiting)|come on"
    r"|seriously|hurry|"
    r"are you (?:even|kidding|serious|listening|there)|not what i (?:asked|want|meant|said)"
    r"|never ?mind|"
    r"forget it|give up|giving up|you(?:'re| are) not (?:listening|helping|understanding"
    r"|answering)|"
    r"that(?:'s| is| was)n?(?:'t| not)? (?:no |not |any )?(?:help|helpful|useful|wrong|incorrect)"
    r"|read (?:it|that|what) again|"
    r"makes no sense|what the (?:hell|heck)|this is (?:taking|so|getting))\b",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    r"\bwhy (?:can't|cant|doesn't|doesnt|won't|wont|isn't|isnt|aren't|didn't|do i have to|is it "
    r"so|does it)\b|"
    r"\b(?:does|did|is|was|do|has|have)(?:n't| not|nt) (?:work|working|help|load|loading|open"
    r"|opening|respond|"
    r"responding|correct|right|true|what|change|show|save)\w*\b|\bstopped working\b|\bthat(?:'s| "
    r"is) wrong\b|"
    r"\bkeeps? (?:\w+ing|saying)\b|\bno[,.!] (?:i|that|not|it)\b|\bwrong\b",
    re.IGNORECASE,
)
# Bounds between the five steps of the scale.
_STEPS = (0.9, 1.9, 3.2, 5.0)


def frustration_level(messages: Sequence[str]) -> int:
    """1 (calm) to 5 (furious) for a user's messages, in order; ratings are never looked at."""
    texts = [prose(message)[:1_500] for message in messages[:_READ_MESSAGES]]
    score = 0.0
    for text in texts:
        words = tokens(text)
        lowered = [word.lower() for word in words]
        score += 0.9 * min(2, len(_REPEATED_MARKS.findall(text)))
        score += 1.0 * min(2, len(_IMPATIENT.findall(text)))
        score += 0.6 * min(2, len(_COMPLAINT.findall(text)))
        score += 0.8 * min(3, sum(1 for word in lowered if word in COMPLAINT_WORDS))
        score += 0.3 if _STRETCHED.search(text) else 0.0
    score += _shouting(texts) + _repetition(texts)
    return 1 + sum(1 for step in _STEPS if score >= step)


def _shouting(texts: Sequence[str]) -> float:
    """Capitals, unless the user writes nothing else: then it is the keyboard, not the mood."""
    loud, quiet = 0, 0
    for text in texts:
        words = [word for word in tokens(text) if len(word) > 2 and word.isalpha()]
        shouted = sum(1 for word in words if word.isupper())
        if shouted >= 3 and shouted > 0.6 * len(words):
            loud += 1
        elif len(words) >= 2:
            quiet += 1
    if not loud:
        return 0.0
    return min(2.0, 1.2 * loud) if quiet or loud == 1 else 0.8


def _repetition(texts: Sequence[str]) -> float:
    """Asking for the same thing again in nearly the same words."""
    kept = [set(content_stems(text)) for text in texts]
    repeats = sum(
        1
        for place in range(1, len(kept))
        if len(kept[place]) >= 2
        and max(jaccard(kept[place], earlier) for earlier in kept[max(0, place - 4) : place]) >= 0.6
    )
    return 0.8 * min(repeats, 3)
