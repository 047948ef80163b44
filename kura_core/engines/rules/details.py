"""What the assistant asked back before it could help: the details a request was settled by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kura_core.engines.rules.lexicon import (
    AGREEMENT,
    DESCRIBING_WORDS,
    FILLERS,
    GERUND_NOUNS,
    GREETINGS,
    IRREGULAR_VERBS,
    MOODS,
    NOUN_VERBS,
)
from kura_core.engines.rules.segment import sentences
from kura_core.engines.rules.words import base_verb, is_content, stem, tokens
from kura_core.types import Message

DETAILS = 5
# Questions come right after the request, in short replies; a longer one is an answer.
_REPLIES = 2
_REPLY_CHARACTERS = 400
_SENTENCES = 6
_ASKS = re.compile(
    r"\?|\bplease (?:provide|enter|tell|give|specify|state|say|choose|select)\b", re.IGNORECASE
)
# Who the user is, which every product asks, and the courtesies around it.
_PERSONAL = frozenset(
    "name names number numbers phone email account pin id full birth maiden user sir confirm help "
    "assist anything moment information details hello welcome further".split()
)
# What one does in any conversation.
_TALKING = frozenset(
    "know look locate tell confirm provide give help assist say specify enter understand think "
    "hear want prefer like interested need suggest recommend go have mind let ask share verify "
    "keep continue start wait work".split()
)
_PASSED_OVER = _PERSONAL | MOODS | DESCRIBING_WORDS | FILLERS | AGREEMENT | GREETINGS


def details_asked(messages: Sequence[Message], index: int, known: Iterable[str]) -> list[str]:
    """The words that the assistant's first questions after message `index` bring up, in order.

    "I want to watch a movie" – "In which city? Which genre do you like?" → ["city", "genre"]. At
    most five words, names and stems in `known` left out. They tell alike requests apart, and, as
    the product's own words for what it needs, stay the same from user to user.
    """
    seen = {stem(word) for word in _PERSONAL} | set(known)
    found: list[str] = []
    replies = 0
    for message in messages[index + 1 :]:
        if message.role != "assistant":
            continue
        replies += 1
        short = len(message.content) <= _REPLY_CHARACTERS
        if replies == 1 and not (short and _ASKS.search(message.content)):
            break
        if short:
            for sentence in sentences(message.content, _SENTENCES):
                found.extend(_telling_words(sentence, seen))
        if replies == _REPLIES or len(found) >= DETAILS:
            break
    return found[:DETAILS]


def _telling_words(sentence: str, seen: set[str]) -> list[str]:
    """A sentence's own words, not in `seen`, which takes them up."""
    found = []
    for word in tokens(sentence):
        # A capital is a name's; at a sentence's start stands hardly ever a word that tells.
        if word[0].isupper() or len(word) < 3 or not word.replace("-", "").isalpha():
            continue
        if not is_content(word):
            continue
        lowered, key = word.lower(), stem(word)
        verb = base_verb(lowered)
        if key in seen or verb in _TALKING or lowered in _PASSED_OVER or lowered.endswith("ly"):
            continue
        # What is done with it ("find", "picked up") is no detail.
        if lowered in IRREGULAR_VERBS or (verb == lowered and lowered not in NOUN_VERBS):
            continue
        if lowered.endswith(("ing", "ed")) and lowered not in GERUND_NOUNS:
            continue
        seen.add(key)
        found.append(lowered)
    return found
