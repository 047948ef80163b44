"""Finding what the user asks for among greetings, slot answers, confirmations and thanks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kura_core.engines.rules.frames import Frame, find_frame
from kura_core.engines.rules.lexicon import (
    AGREEMENT,
    CLOSINGS,
    GREETINGS,
    STOP_WORDS,
    THANKS,
    VERBS,
)
from kura_core.engines.rules.segment import sentences
from kura_core.engines.rules.words import is_content, is_number, tokens
from kura_core.types import Message

# Turns beyond these are read neither for the request nor for the gist.
FIRST_TURNS = 40
LAST_TURNS = 8

# Below this a sentence holds hardly a word of its own.
_SAYS_SOMETHING = 0.4
# Names and figures: neither a request nor part of the gist.
_NEVER = 0.02
# How fast a turn's claim to hold the request falls with its distance from the opening.
_DECAY = 0.6

_SOCIAL = GREETINGS | CLOSINGS | THANKS | AGREEMENT
_INTRODUCTION = re.compile(
    r"^(?:\W*(?:hi|hello|hey|sure|yes|ok|okay)\W+)*(?:(?:(?:my|the|his|her) )?(?:full |last "
    r"|first )?name(?:'s| is| was)\b"
    r"|(?:this is|i am|i'm|im|it's|its|call me) (?:[a-z.]+ ?){1,2}\W*$)",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"^(?:\W*(?:sure|yes|ok|okay|and|my|the)\W+)*(?:(?:phone|account|card|order|id|pin|ssn|zip"
    r"|flight|confirmation"
    r"|tracking|member|e-?mail|user|post|postal|policy|reference|booking|ticket|serial|case)\s?)+"
    r"(?:address |id |code |number |no )?(?:is|:|was)\b",
    re.IGNORECASE,
)
_GENERIC_HELP = frozenset(
    "help assist assistance support question questions query inquiry favor favour problem issue "
    "issues problems information info something someone moment minute second request advice hand "
    "wondering live agent human person representative robot bot".split()
)
_THANKS_OPENING = re.compile(
    r"^\W*(?:(?:ok|okay|great|perfect|awesome|alright|no|nope|yes|cool|nice|good|wonderful|nothing|"
    r"all good|sounds good|excellent)\W+)*"
    r"(?:thanks?|thx|thank you|many thanks|ty|i appreciate|have a|bye|goodbye|you too|see you"
    r"|take care)\b",
    re.IGNORECASE,
)
_NOT_KNOWN = re.compile(
    r"\b(?:can't|cannot|can not|cant|don't|do not|dont|couldn't) (?:\w+ )?(?:remember|recall|know"
    r"|care|mind|understand|think)\b"
    r"|\b(?:learn|do|how) (?:to )?(?:do )?your job\b",
    re.IGNORECASE,
)
_NEEDS_MORE = re.compile(
    r"\b(?:but|can|could|how|what|where|why|need|want|still|not)\b", re.IGNORECASE
)


@dataclass(slots=True, frozen=True)
class Sentence:
    """One sentence of a user, with what the rules think of it. Higher score: more of a request."""

    text: str
    message_index: int
    turn: int
    position: int
    words: tuple[str, ...]
    frame: Frame | None
    score: float


def user_sentences(messages: Sequence[Message]) -> list[Sentence]:
    """Every sentence of the user that is read, scored, in the order written."""
    turns = [index for index, message in enumerate(messages) if message.role == "user"]
    if len(turns) > FIRST_TURNS + LAST_TURNS:
        turns = turns[:FIRST_TURNS] + turns[-LAST_TURNS:]
    found: list[Sentence] = []
    for turn, index in enumerate(turns):
        asked = index > 0 and messages[index - 1].role == "assistant" and _asks(messages[index - 1])
        for position, text in enumerate(sentences(messages[index].content)):
            words = tuple(tokens(text))
            frame = find_frame(text) if words else None
            score = _score(text, words, frame, asked=asked and turn > 0)
            found.append(Sentence(text, index, turn, position, words, frame, score))
    return _favour_the_opening(found)


def best_request(found: Sequence[Sentence]) -> Sentence | None:
    """The sentence that says best what the user wants; the earlier of equals, None for none."""
    return max(found, key=lambda item: (item.score, -item.turn, -item.position), default=None)


def _favour_the_opening(found: list[Sentence]) -> list[Sentence]:
    """Scores by place: what is asked first is what the conversation is about, the rest refines it.

    Plain statements that open the matter are raised, more so beside a bare "can you help?".
    """
    opening = next((item.turn for item in found if item.score > _SAYS_SOMETHING), 0)
    pleading = {item.turn for item in found if item.frame is not None and _is_bare_plea(item.words)}
    placed: list[Sentence] = []
    for item in found:
        score = item.score
        if item.frame is None and score > _SAYS_SOMETHING and len(item.words) >= 4:
            score += 1.2 * (item.turn == opening) + 0.8 * (item.turn in pleading)
        placed.append(replace(item, score=score / (1.0 + _DECAY * max(0, item.turn - opening))))
    return placed


def _is_bare_plea(words: Sequence[str]) -> bool:
    return all(not is_content(word) or word.lower() in _GENERIC_HELP for word in words)


def is_social(words: Sequence[str], text: str) -> bool:
    """True for greetings, thanks, goodbyes and plain agreement."""
    if not words:
        return True
    lowered = [word.lower() for word in words]
    if all(word in _SOCIAL or word in STOP_WORDS for word in lowered):
        return not (text.rstrip().endswith("?") and any(is_content(word) for word in words))
    if lowered[0] in GREETINGS and len(lowered) <= 3:
        return lowered[1] not in VERBS if len(lowered) > 1 else True
    if len(lowered) <= 9 and _THANKS_OPENING.match(text) and not _NEEDS_MORE.search(text):
        return True
    return bool(set(lowered) & THANKS) and len(lowered) <= 4


def _asks(message: Message) -> bool:
    tail = message.content[-400:].rstrip()
    return "?" in tail[-120:] or bool(
        re.search(r"\bplease (?:provide|enter|tell|give|specify|confirm)\b", tail, re.I)
    )


def _score(text: str, words: tuple[str, ...], frame: Frame | None, *, asked: bool) -> float:
    if not words or is_social(words, text):
        return 0.0
    content = [word for word in words if is_content(word)]
    topical = [word for word in content if word.lower() not in _GENERIC_HELP]
    score = 0.22 * min(len(topical), 9)
    numbers = sum(1 for word in words if is_number(word))
    if _INTRODUCTION.match(text) or numbers / len(words) > 0.34:
        return _NEVER
    if _IDENTIFIER.match(text):
        return min(0.15 * score, 0.1)
    if not topical:
        return 0.1 if frame is not None or content else 0.05
    first = next((word.lower() for word in words if word.lower() not in _SOCIAL), "")
    if frame is not None:
        score += frame.strength
    elif first in VERBS and len(words) > 1:
        score += 2.2
    if text.rstrip().endswith("?"):
        score += 0.4
    if _NOT_KNOWN.search(text):
        score *= 0.2
    if asked and frame is None and len(words) <= 6:
        score *= 0.4
    if asked and frame is None and numbers:
        score *= 0.5
    return score
