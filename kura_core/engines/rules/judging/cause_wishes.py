"""What a user wanted done, found or told, as far as a missing thing can be named after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kura_core.engines.rules.clauses import keeps_case
from kura_core.engines.rules.judging.missing import (
    attribute_of,
    family_of,
    in_state,
    many,
    name_deed,
    name_thing,
    thing_of,
)
from kura_core.engines.rules.judging.missing_words import CARRIERS, DEEDS, KINDS, MESSAGES, same
from kura_core.engines.rules.judging.outcome_signs import plain
from kura_core.engines.rules.lexicon import (
    AUXILIARIES,
    DESCRIBING_WORDS,
    NOUN_VERBS,
    PREPOSITIONS,
    PRONOUNS,
)
from kura_core.engines.rules.segment import sentences
from kura_core.engines.rules.words import base_verb, is_content, is_number, is_past, tokens
from kura_core.types import Message

WishKind = Literal["deed", "attribute", "find", "how", "other"]

_READ = 12
_SENTENCES = 6
_CHARACTERS = 600
# Asking what is known about a record rather than what it says.
_ATTRIBUTE = re.compile(
    r"\b(?:last (?:edit\w*|modif\w+|chang\w+|updat\w+|touched|revis\w+|saved|opened)|(?:edit|"
    r"modification|change|update|creation|upload|modified|created|changed|edited) (?:dates?|times?|"
    r"history|log)|version history|dates? (?:changed|modified|edited|created|updated|of the "
    r"(?:latest|last|newest) (?:version|edit|change))|how (?:old|recent|up to date|current) (?:is|"
    r"are|was)|(?:newest|oldest|most recent|latest|current) (?:version|file|document|copy|one|edit|"
    r"draft|revision)|(?:outdated|stale|out of date|up to date)|who (?:\w+ )?(?:changed|edited|"
    r"modified|updated|altered|overwrote|touched|created|wrote|uploaded|owns)|"
    r"when (?:\w+ ){1,5}?(?:was|were|got|has been) (?:last )?(?:chang|"
    r"edit|modif|updat|alter|creat|upload|revis|touch)\w+|(?:when|what day|"
    r"what date) (?:was|were|did|has|is) .{0,60}?(?:changed?|edit\w*|modif\w+|updated?|altered|"
    r"written|created|uploaded|revised|touched)|(?:was|were|been|got|has|have) .{0,50}?(?:changed|"
    r"edited|modified|altered|updated|touched|opened) (?:since|last|after|before|this|by|in|on|"
    r"lately|recently|again)|(?:changed|edited|modified|altered|touched|working on) (?:since|after|"
    r"before|this (?:week|month|morning|year)|last (?:week|month|year|\w+day)|yesterday)|"
    r"(?:altered|overwritten|changed|edited|modified) by (?:some|any|who)\w*|timestamps?|"
    r"before \w+ (?:edit|change|update)|when did (?:that|this|it) (?:happen|change))\b",
)
_FIND = re.compile(
    r"\b(?:where(?:'s| is| are| was| were| do (?:i find|the|we keep|our|my)| can i find|abouts)|"
    r"find|finding|locate|look(?:ing)? for|search(?:ing|es)?(?: for)?|pull (?:up|out)|fetch|bring "
    r"up|dig (?:up|out)|show me|get me|give me|open|which (?:folder|file|document|of)|do (?:we|i) "
    r"have|have (?:we|i|you) got|are there|is there|list (?:of|all)|in which)\b|\b(?:gone|missing)"
    r"\b\W*$",
)
_HOW = re.compile(
    r"\bhow (?:do|can|should|would|could) (?:i|we|you)\b(?! (?:get|make|have) (?:you|it|the ai)\b)|"
    r"\bhow to\b"
)
# "send fails with …", "purchase order number must …": what happens, not what is wanted.
_HAPPENS = re.compile(
    r"^(?:\W*[\w'-]+){0,5}?\W+(?:is|are|was|were|must|says?|fails?|failed|does|has|had|returns?|"
    r"shows?|comes?|gives?|takes?|throws?)\b"
)
_PASSIVE = re.compile(
    r"\b(?:need|want|get|have|like) (?P<rest>(?:[\w'-]+ ){1,5}?)(?P<done>booked|scheduled|sent|"
    r"arranged|cancelled|canceled|deleted|removed|moved|approved|reserved|renamed|refunded|"
    r"mailed|emailed|e-mailed|forwarded|unlocked|reset|paid|transferred)\b"
)
_MAKING = re.compile(
    r"\b(?:draft|write(?! to\b)|rewrite|rephrase|polish|improve|proofread|translate|"
    r"summari[sz]e|sum up|shorten|wording|phrase|tone|template)\b",
)
_OFF = re.compile(r"\b(?:send|sent|sending|off|forward|transmit|deliver)\b")
# "meeting notes" are a text, not a meeting.
_COMPOUND = re.compile(
    r"\b(?:meeting|calendar|e-?mail|mail|appointment)s? (?:notes?|minutes|summar\w+|transcripts?|"
    r"address\w*|thread|template|protocol|agenda|recording|draft|text|list)\b"
)
# A stretch of time with somebody is a meeting, whatever it is called.
_TIME_WITH = re.compile(
    r"\b(?:half an hour|\d+ ?min\w*|an hour|a (?:quick |short )?(?:call|chat|catch-?up|slot|time)|"
    r"1:1s?|lunch|coffee|dinner) with\b"
)
_ASKS_DEED = re.compile(
    r"(?:^|[,.;:!?]\s+|\b(?:please|pls|plz|need|want|like|just|then|and|me|let's|now|kindly|hi|"
    r"hello|hey|possible|you to) )(?:(?:can|could|would|will) (?:you|u|it|the \w+) )?"
    r"(?:(?:please|pls|just|kindly|also|then|now|so|you|to|and|get|me|hi|hello|\w+,|quickly) ){0,3}"
    r"(?P<verb>[a-z][a-z-]+)\b(?! (?:me|us|\w+ (?:the|a|an) link)\b)",
)
_CAN_YOU = re.compile(
    r"\b(?:can|could|would|will) (?:you|u) (?:please |pls |just )?(?P<verb>[a-z-]+)\b"
    r"(?! (?:me|us)\b)"
)
_ORDER = re.compile(
    r"^\W*(?:(?:please|pls|hi|hello|hey|can|could|would|you|just|help|me)\W+){0,4}"
    r"(?P<verb>[A-Za-z][a-z-]+) (?P<rest>.{2,160})",
    re.IGNORECASE | re.DOTALL,
)
# Verbs that tell nothing without a thing that is known.
_LIGHT = frozenset(
    "set put add turn press shoot fire push shift switch move call plan post print order sign "
    "share block merge change".split()
)
_SENDING = frozenset("send forward reply transmit mail email deliver".split())


@dataclass(slots=True, frozen=True)
class Wish:
    """What a conversation's user wants. `name` is the gap's name if it is missing, None where the
    words yield none; `keys` are the synonym stems of all that was said; `thing` is what is looked
    for, by its state and its noun, either None."""

    kind: WishKind
    name: str | None
    keys: frozenset[str]
    state: str | None = None
    thing: str | None = None


def read_wish(messages: Sequence[Message], request: str | None) -> Wish:
    """The wish of a conversation, from its request first, then from all that the user said."""
    raw = [item.content[:_CHARACTERS] for item in messages if item.role == "user"][:_READ]
    said, lowered = _said(raw, request)
    keys = frozenset(same(word) for text in raw for word in tokens(plain(text)) if is_content(word))
    kind, name = _kind(lowered)
    if name is not None:
        return Wish(kind, name, keys)
    state, thing = _state_and_thing(said)
    if kind == "find":
        return Wish(kind, _found_name(lowered, state, thing), keys, state, thing)
    name = in_state(state, thing) if state and thing else None
    return Wish(kind, name, keys, state, thing)


def read_wish_kind(text: str, request: str | None) -> tuple[WishKind, str | None]:
    """What `read_wish` says of one text, without naming what is looked for: several times faster.

    The name is that of a deed or an attribute, None for the other kinds.
    """
    return _kind(_said([text[:_CHARACTERS]], request)[1])


def _said(raw: Sequence[str], request: str | None) -> tuple[list[str], list[str]]:
    """The request and the first sentences of each message, as they are and in plain letters."""
    said = [request] if request else []
    for text in raw:
        said.extend(sentences(text, _SENTENCES) or [text])
    return said, [plain(text[:_CHARACTERS]) for text in said]


def _kind(lowered: Sequence[str]) -> tuple[WishKind, str | None]:
    for text in lowered:
        deed = _deed_in(text)
        if deed:
            return "deed", deed
    for text in lowered:
        if _ATTRIBUTE.search(text):
            name = attribute_of(text)
            return "attribute", name if name in ("owners", "authors") else "modification dates"
    if any(_FIND.search(text) for text in lowered):
        return "find", None
    return ("how" if any(_HOW.search(text) for text in lowered) else "other"), None


def ordered_deed(request: str | None) -> str | None:
    """A request's own verb with its object, whatever the verb: "create Jira tickets"."""
    match = _ORDER.match(request or "")
    verb = base_verb(match["verb"]) if match else None
    if match is None or verb is None or _MAKING.match(verb):
        return None
    return name_deed(verb, match["rest"])


def _deed_in(text: str) -> str | None:
    """The deed that a sentence asks for, None where it asks for a text, a fact or a way."""
    if _HOW.search(text) or (_MAKING.search(text) and not _OFF.search(text)):
        return None
    text = _TIME_WITH.sub("meeting with", _COMPOUND.sub(" ", text)).replace("e-mail", "email")
    for pattern in (_CAN_YOU, _ASKS_DEED):
        for match in pattern.finditer(text):
            verb = match["verb"] if match["verb"] in DEEDS else None
            if verb is None:
                continue
            rest = text[match.end() :]
            if _HAPPENS.match(rest):
                continue
            family = family_of([same(word) for word in (verb, *tokens(rest)[:12])], verb)
            if family:
                return family
            thing = thing_of(rest)
            sends = verb in _SENDING and not thing
            if sends or (verb in _SENDING | {"shoot", "fire"} and set(thing) & MESSAGES):
                return "send e-mail"
            if verb not in _LIGHT and thing:
                return name_deed(verb, rest)
    passive = _PASSIVE.search(text)
    return name_deed(base_verb(passive["done"]), passive["rest"]) if passive else None


def _state_and_thing(said: Sequence[str]) -> tuple[str | None, str | None]:
    """The state in which a thing is looked for, and the thing: ("signed", "contract").

    The first participle that stands before a noun, and that noun; where it only carries another
    ("signed pdf") the noun of the next such phrase.
    """
    state: str | None = None
    for text in said:
        words = tokens(text)
        for place, word in enumerate(words):
            if not (is_past(word) and base_verb(word)) or word.lower() in NOUN_VERBS:
                continue
            run = _nouns_after(words, place)
            if not run:
                continue
            state = state or word.lower()
            nouns = [noun for noun in run if noun.lower() not in CARRIERS]
            kinds = [noun for noun in nouns if noun.lower().removesuffix("s") in KINDS]
            if nouns and same(word) == same(state):
                return state, (kinds or nouns)[-1]
    return state, _kind_named(said)


def _kind_named(said: Sequence[str]) -> str | None:
    """The first kind of document that is named."""
    words = (word.lower().removesuffix("s") for text in said for word in tokens(text))
    return next((word for word in words if word in KINDS), None)


def _nouns_after(words: Sequence[str], place: int) -> list[str]:
    """The nouns right after a modifier, names and figures passed over."""
    found: list[str] = []
    for word in words[place + 1 : place + 5]:
        low = word.lower()
        stops = low in PREPOSITIONS | AUXILIARIES | PRONOUNS or not is_content(low)
        if stops or low in DESCRIBING_WORDS or is_number(word):
            break
        if base_verb(low) is not None and low not in NOUN_VERBS:
            break
        if not (word[0].isupper() and not keeps_case(word)) and low.isalpha():
            found.append(word)
        if low.endswith("s") and not low.endswith("ss"):
            break
    return found


def _found_name(said: Sequence[str], state: str | None, thing: str | None) -> str | None:
    if state and thing:
        return in_state(state, thing)
    if thing:
        return many(thing)
    for text in said:
        match = _FIND.search(text)
        if match:
            name = name_thing(thing_of(text[match.end() :]))
            if name:
                return name
    return None
