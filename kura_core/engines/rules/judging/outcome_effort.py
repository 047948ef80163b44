"""How much effort a conversation cost its user, from signs that need no rating.

Where a request is met at once, users say little, stay courteous and hear each answer once. Where it
is not, they explain, change what they ask for, apologise, and are asked the same thing again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from kura_core.engines.rules.frustration import frustration_level
from kura_core.engines.rules.judging import outcome_signs as signs
from kura_core.engines.rules.segment import shorten
from kura_core.engines.rules.words import content_stems, jaccard
from kura_core.types import Message

_READ_MESSAGES = 40
_READ_CHARACTERS = 600
# Share of words from which two answers are one, and how far back is looked.
_SAME = 0.6
_BACK = 6
_SHORTEST = 4
_COURTEOUS_PRIOR = 2.0
# So many replies after the first message show what there is to show.
_FULL_ROOM = 4

_WORD = re.compile(r"[^\W\d_]+")
# The user takes something back or asks for something else than before.
_CHANGED = re.compile(
    r"\b(?:actually|wait|hold on|instead|on second thoughts?|scratch that|i (?:just "
    r")?(?:reali[sz]ed|remembered|noticed|forgot|meant)|just (?:reali[sz]ed|remembered|noticed|"
    r"found out|heard|saw|got an?)|chang(?:e|ing) (?:it|that|this|the|my|to)|i (?:was|am) wrong|"
    r"my (?:bad|mistake)|let's (?:do|make it|try|switch)|switch (?:it|to))\b"
)
_DISTRESS = re.compile(
    r"\b(?:oh no|oh well|too bad|dang|damn|darn|u+gh+|oops|whoops|shucks|bummer|hate|awful|"
    r"terrible|horrible|wrong|worr(?:y|ied|ying)|unfortunately|annoy\w*|frustrat\w*|confus\w*|"
    r"stupid|crap|hell|crazy|weird|hurry|late|lost|stuck|never ?mind|sad|shame|disappoint\w*|why|"
    r"sorry|problems?|mess|bad)\b"
)
_COURTESY = re.compile(
    r"\b(?:please|thank\w*|thx|hello|(?:would|i'd) like|appreciate\w*|wonderful|perfect|great|"
    r"awesome|excellent|good day)\b"
)
# What is said beyond the matter: reasons, hopes, what happened.
_EXPLAINING = re.compile(
    r"\b(?:oh|ah|well|really|hope\w*|wish|love|told me|heard|trying|tried|too|so|got|gotta|gonna|"
    r"have to|just)\b"
)
_LOST = re.compile(
    r"\b(?:do|did)(?:n't| not) (?:\w+ )?(?:understand|catch|get that|follow)\b|\b(?:only able to|"
    r"can only) (?:help|assist)\b"
)


def user_effort(messages: Sequence[Message]) -> float:
    """Effort in units of about one standard deviation a sign, 0 for a usual service chat.

    Chats of few messages leave little room for signs and are drawn towards 0, those of one to it.
    The signs are standardised and summed with unit weights: weights fitted to one product's chats
    do not carry over to another's (Dawes, "The robust beauty of improper linear models", 1979).
    """
    read = messages[-_READ_MESSAGES:]
    said = [signs.plain(shorten(item.content)) for item in read if item.role == "user"]
    heard = [
        signs.plain(item.content[:_READ_CHARACTERS]) for item in read if item.role == "assistant"
    ]
    room = min(1.0, (len(said) - 1) / _FULL_ROOM)
    if room <= 0:
        return 0.0
    courteous = (_count(said, _COURTESY.search) + 0.6) / (len(said) + _COURTEOUS_PRIOR)
    return room * (
        (math.log1p(_new_late(said)) - 1.5) / 0.8
        + (min(2, _count(said[1:], _CHANGED.search)) - 0.4) / 0.65
        + (math.log1p(_repeats(heard)) - 0.5) / 0.55
        + (min(3, _count(said, _DISTRESS.search)) - 0.4) / 0.7
        + (min(4, _count(said, _EXPLAINING.search)) - 1.3) / 1.2
        + (min(2, _count(heard, _LOST.search)) - 0.1) / 0.4
        + (0.35 - courteous) / 0.2
        + (min(2, _count(heard[:-1], signs.closes)) - 0.4) / 0.65
        + (min(2, frustration_level(said) - 1) - 0.2) / 0.55
    )


def _count(texts: Sequence[str], test: Callable[[str], object]) -> int:
    return sum(1 for text in texts if test(text))


def _new_late(said: Sequence[str]) -> int:
    """How many topic words the later half of a user's messages brings in."""
    known: set[str] = set()
    found = 0
    for place, text in enumerate(said):
        stems = set(content_stems(text))
        found += len(stems - known) if place >= len(said) // 2 and place else 0
        known |= stems
    return found


def _repeats(heard: Sequence[str]) -> int:
    """How many answers say nearly what one shortly before said."""
    bags = [set(_WORD.findall(text)) for text in heard]
    return sum(
        1
        for place, bag in enumerate(bags)
        if len(bag) >= _SHORTEST
        and any(jaccard(bag, earlier) >= _SAME for earlier in bags[max(0, place - _BACK) : place])
    )
