"""The gist of a conversation: its request and the user's most telling further words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kura_core.engines.rules.request import Sentence
from kura_core.engines.rules.segment import clip
from kura_core.engines.rules.words import is_content, stem

GIST_WORDS = 60
GIST_CHARACTERS = 300
REQUEST_WORDS = 40
_ENOUGH_WORDS = 50
_LEAST_SCORE = 0.03
_LEAST_GAIN = 0.1
# From this score on a sentence is a framed request with a topic of its own.
_CLEAR_SCORE = 1.5

_OPENING = re.compile(
    r"^(?:\W*(?:hi+|hello|hey+|hai|hiya|dear|greetings|good (?:morning|afternoon|evening|day)|ok"
    r"|okay|so|"
    r"well|um+|uh+|yes|yeah|sure|alright|thanks|thank you|please|oh|ah|hmm+|there|sir|madam|sorry"
    r"|excuse me)"
    r"\b(?! (?:for|to|you)\b)[\s,.!:;-]*)+",
    re.IGNORECASE,
)
# "I'm Alexis, I need …", "My name is Bo and I want …": who asks is not what is asked.
_INTRODUCTION = re.compile(
    r"^(?:(?:my|the) name(?:'s| is)?|i am|i'm|im|this is|it's|its)\s+"
    r"(?-i:(?:<?\[?[A-Z][\w.'-]*[\]>]?)(?: <?\[?[A-Z][\w.'-]*[\]>]?){0,2})"
    r"(?:(?: here)?[,.;!]| here| and)+\s+"
    r"(?=(?:i|i'm|i'd|i've|im|id|we|we're|my|can|could|please|how|what|where|is there)\b)",
    re.IGNORECASE,
)
# A bare plea at the end of a request that says what it wants; looked for in its last characters.
_CLOSING_PLEA = re.compile(
    r"[\s,.!;]+(?:(?:and|so) )?(?:(?:can|could|would|will) (?:you|u) (?:please |pls |kindly )?"
    r"|please |pls |plz |kindly )(?:help|assist)(?: (?:me|out|with|in|on|from|this|that|it|please"
    r"|pls|sir|madam|mam|asap)){0,5}[.?! ]*$",
    re.IGNORECASE,
)
_PLEA_CHARACTERS = 70
_DETAILS_AT_END = re.compile(r" Details: [\w', -]{1,200}\.$")
_LEAST_ASKED = 15
_IS_QUESTION = re.compile(
    r"(?:what|which|who|whom|whose|when|where|why|how|is|are|am|was|were|do|does|did|have|has|had"
    r"|can|could|will|would|shall|should|may|might)\b",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """A user's sentence without its greeting, with a capital first letter, otherwise as written."""
    shown = _OPENING.sub("", text, count=1).strip()
    shown = _INTRODUCTION.sub("", shown, count=1)
    shown = _without_plea(shown)
    if not any(letter.isalpha() for letter in shown):
        shown = text.strip()
    shown = shown.strip(' \t"“”')
    return shown[:1].upper() + shown[1:]


def _without_plea(text: str) -> str:
    start = max(len(text) - _PLEA_CHARACTERS, _LEAST_ASKED)
    plea = _CLOSING_PLEA.search(text, start)
    if plea is None:
        return text
    return text[: plea.start()] + ("?" if _IS_QUESTION.match(text) else "")


def request_text(best: Sentence, found: Sequence[Sentence]) -> str:
    """The request, quoted and tidied, with the sentence after it when that one also asks."""
    parts = [best.text]
    for other in found:
        if (
            other.message_index == best.message_index
            and other.position == best.position + 1
            and other.frame is not None
            and other.score > 1.0
        ):
            parts.append(other.text)
    return clip(tidy(" ".join(parts)), REQUEST_WORDS)


def gist(best: Sentence, found: Sequence[Sentence]) -> str:
    """What the user wrote around the request, in the order written, in 60 words at most.

    A clear request with the rest of its own message says it best: what follows is detail that
    draws the text towards names and numbers. Where no request is clear, further sentences are
    added greedily by score and by content words not said yet, as in maximal marginal relevance
    (Carbonell and Goldstein, 1998).
    """
    chosen = {(best.turn, best.position): best}
    used = len(best.words)
    known = _fresh(best, set())
    rest = [
        item
        for item in found
        if item is not best
        and item.score > _LEAST_SCORE
        and (item.turn == best.turn or best.score < _CLEAR_SCORE)
    ]
    while rest and used < _ENOUGH_WORDS:
        top = max(rest, key=lambda item: (_gain(item, best, known), -item.turn, -item.position))
        rest.remove(top)
        if _gain(top, best, known) <= _LEAST_GAIN or used + len(top.words) > GIST_WORDS:
            continue
        chosen[(top.turn, top.position)] = top
        used += len(top.words)
        known |= _fresh(top, known)
    text = " ".join(_closed(tidy(chosen[key].text)) for key in sorted(chosen))
    return _within(clip(text, GIST_WORDS), GIST_CHARACTERS)


def with_details(text: str, details: Sequence[str]) -> str:
    """The gist and what the assistant asked back: "I need a table. Details: city, time."."""
    return f"{_closed(text)} Details: {', '.join(details)}." if details else text


def without_details(text: str) -> str:
    """The gist alone: the words after "Details:" are the assistant's, not the user's."""
    return _DETAILS_AT_END.sub("", text)


def _within(text: str, characters: int) -> str:
    """The text, cut at a word's end when it is longer."""
    if len(text) <= characters:
        return text
    cut = text.rfind(" ", 0, characters)
    return text[: cut if cut > characters // 2 else characters - 1].rstrip(" ,;:-–(") + "…"


def _gain(item: Sentence, best: Sentence, known: set[str]) -> float:
    """What a sentence adds: its score, its new content words, and the request's own message."""
    fresh = len(_fresh(item, known))
    return 0.5 * item.score + 0.25 * min(fresh, 6) + (item.turn == best.turn) if fresh else 0.0


def _fresh(item: Sentence, known: set[str]) -> set[str]:
    return {stem(word) for word in item.words if is_content(word)} - known


def _closed(text: str) -> str:
    return text if text[-1:] in ".!?…。！？:" else f"{text}."
