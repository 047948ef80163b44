"""Things gone wrong, as users state them: stolen cards, broken exports, fees charged."""

from __future__ import annotations

import re

from kura_core.engines.rules.clauses import noun_phrase, until_break, without_details
from kura_core.engines.rules.lexicon import MISHAPS
from kura_core.engines.rules.words import base_verb, is_content, tokens

_WHOSE = r"(?:my|our|the|his|her|this|that|your)"
_BEFALLS = "|".join(MISHAPS)
_MISHAP_PATTERNS = (
    # "my card was stolen"
    re.compile(
        rf"\b{_WHOSE} (?P<thing>(?:[\w-]+ ){{1,3}}?)(?:is|are|was|were|got|gets|has been|have "
        rf"been|had been|"
        rf"been|is being|seems|looks|just|keeps getting)(?: still| just| \w+ly)? "
        rf"(?P<what>{_BEFALLS})\b",
        re.IGNORECASE,
    ),
    # "why has my transfer been declined"
    re.compile(
        rf"\b(?:is|are|was|were|has|have|did|does) {_WHOSE} (?P<thing>(?:[\w-]+ "
        rf"){{1,3}}?)(?:been |still |get |being )*"
        rf"(?P<what>{_BEFALLS})\b",
        re.IGNORECASE,
    ),
    # "export to PDF is broken again"
    re.compile(
        rf"^(?!(?:i|we|you|it|he|she|they|this|that|there)\b)(?P<thing>(?:[\w-]+ ){{1,4}}?)(?:is"
        rf"|are|was|were|has been) "
        rf"(?:still |so |very |too |now )*(?P<what>{_BEFALLS})\b",
        re.IGNORECASE,
    ),
    # "I lost my card"
    re.compile(
        rf"\b(?:i|we)(?:'ve| have| had|ve)?(?: just| also)? (?P<what>lost|misplaced|broke|forgot"
        rf"|forgotten|damaged) "
        rf"{_WHOSE} (?P<thing>[\w-]+(?: [\w-]+)?)",
        re.IGNORECASE,
    ),
)
_FAILING = (
    r"(?:still |just |also )*(?:(?:is|are|does|do|was|has|have|did|will|wo|ca|can|could)(?: not"
    r"|n't|nt)|isnt|doesnt"
    r"|dont|wont|cant|didnt|not|stopped|keeps|won't|can't|cannot)\b"
)
_BROKEN_PATTERNS = (
    re.compile(rf"\b{_WHOSE} (?P<thing>(?:[\w-]+ ){{1,4}}?){_FAILING} \w+", re.IGNORECASE),
    re.compile(
        rf"^(?!(?:i|we|you|it|he|she|they|this|that|there)\b)(?P<thing>(?:[\w-]+ "
        rf"){{1,4}}?){_FAILING} \w+",
        re.IGNORECASE,
    ),
    # "I tried using my card, but it doesn't work"
    re.compile(
        rf"\b{_WHOSE} (?P<thing>[\w-]+(?: [\w-]+)?).{{0,20}}\b(?:it|they) {_FAILING} \w+",
        re.IGNORECASE,
    ),
)
_PASSIVE_PATTERNS = (
    # "why can't my ID be verified"
    re.compile(
        rf"\b(?:can|could|can't|cannot|couldn't|should|will|would|must) (?:{_WHOSE} "
        rf")?(?P<thing>(?:[\w-]+ ){{1,3}}?)(?:not )?be (?P<what>\w+)",
        re.IGNORECASE,
    ),
    # "my phone needs to be synced"
    re.compile(
        rf"\b{_WHOSE} (?P<thing>(?:[\w-]+ ){{1,3}}?)(?:needs? to|has to|should|must|can|could"
        rf"|can't|cannot) be (?P<what>\w+)",
        re.IGNORECASE,
    ),
)
_FAULT = re.compile(
    r"\b(?:problem|issue|trouble|error|mistake|bug|glitch)s? (?:with|in|on|regarding|about) "
    r"(?P<thing>.+)",
    re.IGNORECASE,
)
_SUFFERED = re.compile(
    r"\b(?:i|we)(?:'m|'ve been| was| were| am| got| have been| get| are being| am being| be)(?: "
    r"being| just| \w+ly)? "
    r"(?P<what>\w+ed)\b (?P<rest>.+)",
    re.IGNORECASE,
)


def mishap(text: str) -> list[str]:
    """What befell a thing, as a noun phrase: "my card was stolen" → "Stolen card"."""
    for pattern in _MISHAP_PATTERNS:
        match = pattern.search(text)
        if match is not None:
            thing = noun_phrase(tokens(match["thing"]))
            if any(map(is_content, thing)):
                return [MISHAPS[match["what"].lower()], *thing]
    return []


def passive(text: str) -> list[str]:
    """What shall be done to a thing: "why can't my ID be verified" → "verify ID"."""
    for pattern in _PASSIVE_PATTERNS:
        match = pattern.search(text)
        verb = (
            base_verb(match["what"])
            if match is not None and match["what"].endswith(("ed", "t", "d", "n"))
            else None
        )
        if match is not None and verb is not None and verb != match["what"].lower():
            thing = noun_phrase(tokens(match["thing"]))
            if any(map(is_content, thing)):
                return [verb, *thing]
    return []


def fault(text: str) -> list[str]:
    """What does not work, as a wish: "the export keeps failing" → "fix export"."""
    for pattern in (_FAULT, *_BROKEN_PATTERNS):
        match = pattern.search(text)
        if match is not None:
            thing = noun_phrase(tokens(until_break(match["thing"])))
            if any(map(is_content, thing)):
                return ["fix", *thing]
    return []


def suffered(text: str) -> list[str]:
    """What was done to the user: "I was charged a hidden fee" → "charged a hidden fee"."""
    match = _SUFFERED.search(text)
    if match is None or base_verb(match["what"]) is None:
        return []
    rest = without_details(tokens(until_break(match["rest"])))
    return [match["what"].lower(), *rest] if any(map(is_content, rest)) else []
