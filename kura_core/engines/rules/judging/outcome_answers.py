"""What a conversation's user asks for, and what one assistant message says to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from kura_core.engines.rules.judging import outcome_signs as signs
from kura_core.engines.rules.segment import clip, sentences
from kura_core.types import Message

QUOTE_WORDS = 30
# Only the end of a conversation decides; this also bounds the work.
READ_MESSAGES = 24
READ_CHARACTERS = 1_000
_READ_SENTENCES = 25
# Longer answers explain: what is impossible in them is subject matter, unless the opening
# sentences say "I". Of these only so many are read at either end.
_BRIEF = 6
_OPENING = 3
_ENDING = 2
_ADMITTED = 2
# The user's last messages tell what is asked where the first only describe.
_LAST_SAID = 2
_A_TEXT = 8
_A_GOODBYE = 90

Asked = Literal["act", "make", "how", "fact", "trouble"]

_POLITE = (
    r"^\W{0,3}(?:(?:hi|hello|hey|good \w+|please|pls|ok|okay|so|now|then|and|also|no|yes|sorry|"
    r"thanks|quick one|question)\b\W{0,3}){0,4}(?:(?:can|could|would|will) (?:you|u)|(?:i(?:'d| "
    r"would)? (?:need|want|like)(?: you)?(?: to)?)|just|please|help me(?: to)?|let's)?\W{0,3}"
    r"(?:(?:please|just|quickly) ){0,2}"
)
_ACT = re.compile(
    f"(?:{_POLITE}" + r"|\b(?:can|could|will|would) (?:you|u) (?:please |just )?|\b(?:please|pls) )"
    r"(?:send|e-?mail|mail|book|schedule|reschedule|arrange|cancel|delete|remove|move|rename|share|"
    r"invite|set|change|reserve|order|buy|pay|transfer|upload|post|remind|call|connect|forward|"
    r"turn|switch|add|reset|unlock|refund|export|download|install|submit|register|sign me|put|fire "
    r"off|block|merge|close|open|activate|upgrade|find|get|pull|fetch|show|look up|press)\b",
    re.IGNORECASE,
)
_MAKE = re.compile(
    f"(?:{_POLITE}" + r"(?:write|draft|translate|summari[sz]e|sum up|rewrite|rephrase|polish|"
    r"proofread|shorten|compose|generate|create|make|list|give me|turn|convert|explain|describe|"
    r"outline|compare|suggest|brainstorm|correct|simplify|calculate|solve|compute|implement|tell "
    r"me about|answer|reply|respond|congratulate|edit|revise)\b)|\b(?:summary|tl;?dr|translation|"
    r"key (?:points|takeaways)|main points|in (?:\w+ ){1,2}(?:sentences|bullets?|points|words))\b",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"\b(?:how (?:do|can|to|would|should|could|might|does)|where (?:do|can|would|should)|is there "
    r"(?:a|an|any) (?:\w+ )?(?:way|option|setting|shortcut)|can i|could i|what's the best|ways? "
    r"(?:to|of)|steps (?:to|for)|which (?:call|command|setting|function|option|button))\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\bhow (?:many|much|old|long|often|far|big)\b", re.IGNORECASE)
_FACT = re.compile(
    r"\b(?:who|whose|when|what|what's|which|how (?:many|much|old|long|often|far|big)|is|are|does|"
    r"did|was|were|has|do (?:we|they))\b",
    re.IGNORECASE,
)


@dataclass(slots=True, frozen=True)
class Answer:
    """What one assistant message says; the texts are sentences of it, None where it has none."""

    index: int
    failed: str | None
    done: str | None
    given: str | None
    evaded: str | None
    partial: str | None
    told_how: str | None
    substitute: bool
    concrete: bool
    steps: bool
    code: bool
    guessed: bool
    apologetic: bool
    brief: bool
    words: int

    @property
    def telling(self) -> bool:
        """Whether it says anything that an outcome can rest on."""
        return bool(self.failed or self.done or self.given or self.evaded)

    @property
    def quote(self) -> str | None:
        """The words an outcome would rest on."""
        return self.failed or self.done or self.given or self.evaded

    @property
    def shaky(self) -> bool:
        """Whether it refuses, evades, guesses or takes something back."""
        return bool(self.failed or self.evaded or self.apologetic or self.guessed)


def what_is_asked(messages: Sequence[Message], request: str) -> Asked:
    """A deed, a text, a way, a fact, or help with what is merely described."""
    said = [item.content for item in messages if item.role == "user"]
    for text in (request, *said[:1], *said[-_LAST_SAID:]):
        asked = _kind_of(text[:READ_CHARACTERS])
        if asked != "trouble":
            return asked
    return "trouble"


def _kind_of(text: str) -> Asked:
    if _AMOUNT.search(text):
        return "fact"
    if _HOW.search(text):
        return "how"
    if _MAKE.search(text):
        return "make"
    if _ACT.search(text):
        return "act"
    return "fact" if text.rstrip().endswith("?") or _FACT.match(text) else "trouble"


def read_answer(index: int, content: str, asked: Asked) -> Answer | None:
    """What an assistant message states; None for questions, small talk and goodbyes only."""
    said = sentences(content, limit=_READ_SENTENCES)
    if any(signs.misunderstands(text) for text in said[:_OPENING]):
        return None
    head = content[:READ_CHARACTERS]
    code = "```" in content or head.count("`") >= 2
    brief = len(said) <= _BRIEF and not code
    stated = _statements(said if brief else [*said[:_OPENING], *said[_OPENING:][-_ENDING:]])
    if not (stated or code):
        return None
    # A letter that was ordered may say "I cannot" itself.
    written = asked == "make" and signs.is_letter(content)
    heard = stated if brief and asked != "make" else stated[:_ADMITTED]
    failed = None if written else _first(heard, lambda text: signs.denies(text, own_only=not brief))
    partial = _first(stated, signs.is_partial) if brief else None
    if failed and stated[0] != failed and _is_result(stated[0]):
        failed, partial = None, failed
    rest = [text for text in stated if text != failed]
    own = [text for text in rest if not signs.evades(text) and not signs.apologises(text)]
    given = (
        _first(own, signs.hands_over) or _first(own, signs.is_concrete) or _first(own, signs.states)
    )
    if given is None and (code or len(own) > 1):
        given = own[0] if own else head.strip()
    return Answer(
        index,
        failed=_shown(failed),
        done=_shown(_first(rest, signs.completes)),
        given=_shown(given),
        evaded=_shown(_first(rest, lambda text: text not in own)),
        partial=_shown(partial),
        told_how=_shown(_first(own if brief else own[:1], signs.tells_how)),
        substitute=bool(failed) and any(signs.substitutes(text) for text in stated),
        concrete=signs.is_concrete(head),
        steps=signs.gives_steps(head),
        code=code,
        guessed=any(signs.guesses(text) for text in stated[:_OPENING]),
        apologetic=not written
        and any(signs.apologises(text) or signs.concedes(text) for text in said[:1]),
        brief=brief,
        words=sum(len(text.split()) for text in own),
    )


def delivers(answer: Answer, asked: Asked) -> bool:
    """Whether an answer is plainly of the kind that was asked for."""
    if answer.code:
        return True
    if asked == "make":
        return answer.words >= _A_TEXT
    if asked == "how":
        return answer.steps
    if asked == "fact":
        return answer.concrete and not answer.guessed
    return answer.steps and answer.concrete and asked == "trouble"


def _statements(said: Sequence[str]) -> list[str]:
    """Sentences that state something: no questions but stock ones, no goodbyes."""
    return [
        text
        for text in said
        if (not text.endswith(("?", "？")) or signs.evades(text))
        and not (len(text) < _A_GOODBYE and signs.closes(text) and not signs.completes(text))
    ]


def _is_result(text: str) -> bool:
    """Whether a sentence already gives something, so that a later denial limits it."""
    return (
        signs.is_concrete(text)
        and not signs.looked(text)
        and not signs.evades(text)
        and not signs.apologises(text)
    )


def _first(texts: Sequence[str], test: Callable[[str], bool]) -> str | None:
    return next((text for text in texts if test(text)), None)


def _shown(text: str | None) -> str | None:
    return clip(text, QUOTE_WORDS) if text else None
