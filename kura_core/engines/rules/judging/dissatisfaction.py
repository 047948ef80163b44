"""What dissatisfaction a user voiced, from the user's own messages.

Each message after the first is read beside the answer before it: a goal said again after an answer
is rephrased, but a new constraint is refinement; leaving counts only after a refusal, an error or a
request that got no answer. Ending alone is never a sign of anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kura_core.engines.rules.frames import find_frame
from kura_core.engines.rules.judging import dissatisfaction_signs as signs
from kura_core.engines.rules.judging.outcome_answers import (
    QUOTE_WORDS,
    READ_CHARACTERS,
    Asked,
    read_answer,
    what_is_asked,
)
from kura_core.engines.rules.judging.outcome_signs import closes, completes, misunderstands
from kura_core.engines.rules.request import is_social
from kura_core.engines.rules.segment import clip, sentences
from kura_core.engines.rules.words import content_stems, is_content, is_number, stem, tokens
from kura_core.types import Dissatisfaction, Message

_READ_MESSAGES = 40
_STRONGEST: tuple[Dissatisfaction, ...] = ("gave up", "corrected", "asked again", "rephrased")
# Shorter messages with a new figure, day or name in them change a detail.
_A_DETAIL = 8
_SUBSTANCE = 2
_READ_SENTENCES = 6
# Where a message asks or offers something: its end.
_TAIL = 160
# Share of a message's topic words that the user had already used.
_SAME = 0.5
_NEARLY_ALL = 0.75

_STOCK_OFFER = re.compile(
    r"\b(?:something (?:else|specific)|anything (?:else|specific)|help you with|what would you "
    r"like it|would you like me)\b"
)
_ASKS_FOR = re.compile(
    r"[?？]\W*$|\bplease (?:\w+ )?(?:confirm|provide|enter|tell|give|specify|verify|share)\b",
)
_OFFER = re.compile(
    r"[?？]|\bplease (?:\w+ )?confirm\b|"
    r"\b(?:do you (?:have|need|want)|would you|shall i|should i|can i|may i)\b",
)


@dataclass(slots=True, frozen=True)
class Voiced:
    """The kinds of dissatisfaction in the order voiced; message and words of the strongest sign."""

    kinds: tuple[Dissatisfaction, ...] = ()
    message_index: int | None = None
    quote: str | None = None


@dataclass(slots=True, frozen=True)
class _Said:
    """One message of the user, and whether anything in it could voice dissatisfaction."""

    text: str
    spelled: str
    words: list[str]
    stems: set[str]
    leaves: bool
    telling: bool

    @classmethod
    def read(cls, text: str, *, last: bool) -> _Said:
        """Read one message; `last` says that no further one of substance follows."""
        spelled, words = signs.spelled(text), tokens(text)
        stems = {stem(word) for word in words if is_content(word)}
        leaves = last and signs.leaves(spelled, asked=False)
        telling = (
            leaves
            or signs.asks_again(spelled)
            or signs.follows_up(spelled)
            or signs.corrects(spelled, asked=False)
            or signs.says_anew(spelled)
            or (len(stems) >= _SUBSTANCE and signs.questions(spelled))
            or (len(stems) >= _SUBSTANCE and find_frame(text) is not None)
        )
        return cls(text, spelled, words, stems, leaves, telling)

    @property
    def is_detail(self) -> bool:
        """Whether it is short and holds a figure: a date, an id, an amount."""
        return len(self.words) <= _A_DETAIL and any(is_number(word) for word in self.words)


@dataclass(slots=True, frozen=True)
class _Before:
    """What stands before a user's message: an answer that failed or was lost, a question, a deed.

    `empty` is an unmet request with nothing given in its place; `asks` a question that needs an
    answer, `offers` one that a "no" would end politely.
    """

    answered: bool
    unmet: bool
    empty: bool
    lost: bool
    asks: bool
    offers: bool
    done: bool


def read_dissatisfaction(messages: Sequence[Message], request: str) -> Voiced:
    """What the user voiced: no kinds for none, ("unknown",) with fewer than two user messages.

    Where no answer was recorded at all, nothing can be said to have been voiced about one.
    """
    places = [place for place, item in enumerate(messages) if item.role == "user"]
    if len(places) < 2:
        return Voiced(("unknown",))
    if not any(item.role == "assistant" for item in messages):
        return Voiced()
    asked = what_is_asked(messages, request)
    places = [places[0], *places[1:][-_READ_MESSAGES:]]
    last = _last_said(messages, places)
    known = set(content_stems(messages[places[0]].content[:READ_CHARACTERS]))
    found: dict[Dissatisfaction, int] = {}
    for before, place in pairwise(places):
        said = _Said.read(messages[place].content[:READ_CHARACTERS], last=place == last)
        answers = [item.content for item in messages[before + 1 : place] if item.role != "user"]
        if said.telling:
            kind = _kind(said, known, _what_stands(answers, place, asked))
            if kind is not None:
                found.setdefault(kind, place)
        known |= said.stems
    if not found:
        return Voiced()
    strongest = next(kind for kind in _STRONGEST if kind in found)
    place = found[strongest]
    quote = clip(" ".join(messages[place].content[:READ_CHARACTERS].split()), QUOTE_WORDS)
    return Voiced(tuple(sorted(found, key=lambda kind: found[kind])), place, quote)


def _kind(said: _Said, known: set[str], before: _Before) -> Dissatisfaction | None:
    if said.leaves and not before.done:
        asked = before.asks and not before.unmet
        if signs.leaves(said.spelled, asked=asked):
            return "gave up"
    if not before.asks or before.unmet:
        if signs.asks_again(said.spelled):
            return "asked again"
        if before.unmet and signs.follows_up(said.spelled):
            return "asked again"
        if before.answered and signs.corrects(said.spelled, asked=before.offers):
            return "corrected"
    if before.done or not before.answered or is_social(said.words, said.text):
        return None
    return "rephrased" if _is_same_goal(said, known, before) else None


def _is_same_goal(said: _Said, known: set[str], before: _Before) -> bool:
    """Whether a message restates the goal, rather than answering, refining or going on."""
    shared = len(said.stems & known)
    if signs.refines(said.spelled) or signs.takes(said.spelled) or said.is_detail:
        return False
    if before.asks or before.lost:
        return before.unmet and shared >= 2 and shared >= _SAME * len(said.stems)
    if signs.says_anew(said.spelled):
        return before.unmet or shared > 0 or not before.offers
    if len(said.stems) < _SUBSTANCE:
        return False
    questions = signs.questions(said.spelled)
    if before.unmet:
        asks = questions or find_frame(said.text) is not None
        return asks and (shared > 0 or (questions and before.empty))
    return questions and shared > _SUBSTANCE and shared >= _NEARLY_ALL * len(said.stems)


def _what_stands(answers: Sequence[str], place: int, asked: Asked) -> _Before:
    if not answers:
        return _Before(False, True, True, False, False, False, False)
    content = "\n".join(answers)[-4 * READ_CHARACTERS :]
    tail = content.rstrip()[-_TAIL:].lower()
    question = bool(_ASKS_FOR.search(tail))
    stock = bool(_STOCK_OFFER.search(tail))
    offers = bool(_OFFER.search(tail))
    said = sentences(content, limit=_READ_SENTENCES)
    lost = any(misunderstands(text) for text in said)
    done = any(completes(text) and not text.endswith("?") for text in said)
    answer = read_answer(place, content, asked)
    unmet, empty = lost, lost
    if answer is not None:
        told = answer.told_how is not None and asked == "act"
        failed = answer.failed is not None or answer.apologetic or told
        unmet = lost or failed or (answer.shaky and (answer.brief or answer.given is None))
        empty = unmet and answer.brief
        done = done and answer.failed is None
    return _Before(True, unmet, empty, lost, question and not stock, offers, done)


def _last_said(messages: Sequence[Message], places: Sequence[int]) -> int:
    """The user's last message that is more than thanks or a goodbye; the last of all for none."""
    for place in reversed(places):
        text = messages[place].content[:READ_CHARACTERS]
        if signs.leaves(signs.spelled(text), asked=False):
            return place
        if not is_social(tokens(text), text) and not (len(text) < 30 and closes(text)):
            return place
    return places[-1]
