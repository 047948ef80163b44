"""Whether the user got what they asked for, as far as rules can tell (DESIGN, "Outcome")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kura_core.engines.rules import outcome_signs as signs
from kura_core.engines.rules.request import is_social
from kura_core.engines.rules.segment import clip, sentences
from kura_core.engines.rules.words import content_stems, jaccard, tokens
from kura_core.types import Message, Outcome

QUOTE_WORDS = 30
# Only the end of a conversation decides; this also bounds the work.
READ_MESSAGES = 24
_READ_SENTENCES = 25
_READ_CHARACTERS = 1_000
# Longer answers explain; what is impossible in them is subject matter unless "I" say so.
_SHORT_ANSWER = 5
_OPENING = 3
# Shorter answers ("Yes.") may well be given twice.
_REPEATED_CHARACTERS = 25

Asked = Literal["act", "make", "how", "fact", "trouble"]

_POLITE = (
    r"^\W*(?:(?:hi|hello|hey|good \w+|please|pls|ok|okay|so|now|then|and|also|no|yes|sorry|thanks|"
    r"quick one|question)\b\W*){0,4}(?:(?:can|could|would|will) (?:you|u)|(?:i(?:'d| would)? (?:need|"
    r"want|like)(?: you)?(?: to)?)|just|please|help me(?: to)?|let's)?\W*(?:please |just |quickly )*"
)
_ACT = re.compile(
    _POLITE + r"(?:send|e-?mail|mail|book|schedule|reschedule|arrange|cancel|delete|remove|move|"
    r"rename|share|invite|set|change|reserve|order|buy|pay|transfer|upload|post|remind|call|connect"
    r"|forward|turn|switch|add|reset|unlock|refund|export|download|install|submit|register|sign me|"
    r"fire off|block|merge|close|open|activate|upgrade|find|get|pull|fetch|show)\b",
    re.IGNORECASE,
)
_MAKE = re.compile(
    _POLITE + r"(?:write|draft|translate|summari[sz]e|sum up|rewrite|rephrase|polish|proofread|"
    r"shorten|compose|generate|create|make|list|give me|turn|convert|explain|describe|outline|"
    r"compare|suggest|brainstorm|correct|simplify|calculate|solve|compute|implement|tell me about)\b"
    r"|\b(?:summary|tl;?dr|translation|key (?:points|takeaways)|main points|in (?:\w+ ){1,2}"
    r"(?:sentences|bullets?|points|words))\b",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"\b(?:how (?:do|can|to|would|should|could|might|does)|where (?:do|can|is|are|would|should)|is "
    r"there (?:a|an|any) (?:\w+ )?(?:way|option|setting|shortcut)|can i|could i|what's the best|ways? "
    r"(?:to|of)|steps (?:to|for)|which (?:call|command|setting|function|option|button))\b",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"\b(?:who|whose|when|what|what's|which|how (?:many|much|old|long|often|far|big)|is|are|does|did"
    r"|was|were|has|do (?:we|they))\b",
    re.IGNORECASE,
)


@dataclass(slots=True, frozen=True)
class Judgement:
    """An outcome with the assistant message (its index) and the words it rests on."""

    outcome: Outcome
    message_index: int | None = None
    quote: str | None = None


@dataclass(slots=True, frozen=True)
class _Answer:
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
    words: int

    @property
    def telling(self) -> bool:
        return bool(self.failed or self.done or self.given or self.evaded)


def judge_outcome(messages: Sequence[Message], request: str) -> Judgement:
    """The outcome of a conversation against its request, from its words alone.

    Evidence, strongest last: the last answers that say or deny something, then the user's own
    reaction after them. An ending without a word is no evidence of failure, and a thank-you after
    an empty answer is none of success: people are polite.
    """
    first = max(0, len(messages) - READ_MESSAGES)
    places = [place for place in range(first, len(messages)) if messages[place].role == "assistant"]
    answers = [
        answer
        for place in places
        if (answer := _read_answer(place, messages[place].content)) is not None and answer.telling
    ]
    if not answers:
        return _without_answer(messages, places, request)
    last = answers[-1]
    reaction = _reaction(messages, last.index, request)
    if _is_repeated(messages, places, last.index) and not last.done and reaction < 2:
        return Judgement("not achieved", last.index, _words_of(last))
    if last.failed:
        return _judge_refusal(last, answers, reaction)
    if reaction < 0:
        outcome: Outcome = "partly" if last.done else "not achieved"
        return Judgement(outcome, last.index, _words_of(last))
    if last.done:
        return Judgement("partly" if last.partial else "achieved", last.index, last.done)
    return _judge_answer(messages, last, answers, reaction, request)


def _judge_refusal(last: _Answer, answers: Sequence[_Answer], reaction: int) -> Judgement:
    done = next((item for item in reversed(answers) if item.done), None)
    part = last.done or last.partial or (last.substitute and reaction > 0)
    earlier = done is not None and last.index - done.index <= 4
    if reaction >= 0 and (part or earlier):
        return Judgement("partly", last.index, last.failed)
    return Judgement("not achieved", last.index, last.failed)


def _judge_answer(
    messages: Sequence[Message],
    last: _Answer,
    answers: Sequence[_Answer],
    reaction: int,
    request: str,
) -> Judgement:
    """The outcome where the last answer neither denies nor reports a deed and nobody complained."""
    quote = _words_of(last)
    asked = _what_is_asked(messages, request)
    if reaction == 2:
        return Judgement("partly" if last.partial else "achieved", last.index, quote)
    if last.given is None:
        done = next((item for item in reversed(answers) if item.done), None)
        if done is not None:
            return Judgement("achieved", done.index, done.done)
        return Judgement("not achieved", last.index, quote)
    if last.partial:
        return Judgement("partly", last.index, last.partial)
    if last.told_how and asked in ("act", "fact"):
        return Judgement("not achieved", last.index, last.told_how)
    if _delivers(last, asked) or (reaction == 1 and last.concrete):
        return Judgement("achieved", last.index, quote)
    return Judgement("cannot tell")


def _without_answer(messages: Sequence[Message], places: Sequence[int], request: str) -> Judgement:
    """Questions and small talk only: a failure if the user says so, else nobody can tell."""
    if places and _reaction(messages, places[-1], request) < 0:
        said = sentences(messages[places[-1]].content, limit=1)
        if said:
            return Judgement("not achieved", places[-1], clip(said[0], QUOTE_WORDS))
    return Judgement("cannot tell")


def _delivers(answer: _Answer, asked: Asked) -> bool:
    """Whether an answer is plainly of the kind that was asked for."""
    if answer.code:
        return True
    if asked == "make":
        return answer.words >= 8
    if asked == "how":
        return answer.steps
    if asked == "fact":
        return answer.concrete
    return answer.steps and answer.concrete and asked == "trouble"


def _what_is_asked(messages: Sequence[Message], request: str) -> Asked:
    """A deed, a text, a way, a fact, or help with what is merely described."""
    said = next((item.content for item in messages if item.role == "user"), "")
    text = request or said[:_READ_CHARACTERS]
    if _HOW.search(text):
        return "how"
    if _MAKE.search(text):
        return "make"
    if _ACT.search(text):
        return "act"
    if text.rstrip().endswith("?") or _FACT.match(text):
        return "fact"
    return "trouble"


def _read_answer(index: int, content: str) -> _Answer | None:
    """What an assistant message states; None for questions, small talk and goodbyes only."""
    stated = [
        text
        for text in sentences(content, limit=_READ_SENTENCES)
        if not text.endswith(("?", "？"))
        and not (len(text) < 90 and signs.closes(text) and not signs.completes(text))
    ]
    fenced = "```" in content
    if not stated and not fenced:
        return None
    brief = len(stated) <= _SHORT_ANSWER and not fenced
    heard = stated if brief else stated[:_OPENING]
    failed = next((text for text in heard if signs.denies(text, plain=brief)), None)
    rest = [text for text in stated if text != failed]
    done = next((text for text in rest if signs.completes(text)), None)
    evaded = next((text for text in rest if signs.evades(text) or signs.apologises(text)), None)
    own = [text for text in rest if not signs.evades(text) and not signs.apologises(text)]
    given = next((text for text in own if signs.hands_over(text)), None)
    if given is None and own:
        concrete = next((text for text in own if signs.is_concrete(text)), None)
        given = concrete or next((text for text in own if signs.states(text)), None)
    if given is None and (fenced or len(own) > 1):
        given = own[0] if own else content.strip()[:120]
    told_how = next((text for text in own if signs.tells_how(text)), None)
    raw = content[:_READ_CHARACTERS]
    shown = [
        clip(text, QUOTE_WORDS) if text else None
        for text in (
            failed,
            done,
            given,
            evaded,
            next((text for text in heard if signs.is_partial(text)), None),
            told_how if brief else None,
        )
    ]
    return _Answer(
        index,
        *shown,
        substitute=any(signs.substitutes(text) for text in stated),
        concrete=signs.is_concrete(raw),
        steps=signs.gives_steps(raw),
        code=fenced or raw.count("`") >= 2,
        words=sum(len(text.split()) for text in own),
    )


def _words_of(answer: _Answer) -> str | None:
    return answer.failed or answer.done or answer.given or answer.evaded


def _is_repeated(messages: Sequence[Message], places: Sequence[int], index: int) -> bool:
    """Whether an answer was given before, word for word, though the user had asked again."""
    content = messages[index].content.strip()
    if len(content) < _REPEATED_CHARACTERS or content.endswith("?"):
        return False
    return any(messages[place].content.strip() == content for place in places if place < index)


def _reaction(messages: Sequence[Message], after: int, request: str) -> int:
    """The user's words after an answer: 2 praise, 1 thanks, 0 nothing, -1 complaint, rephrasing
    or leaving for somewhere else."""
    found = 0
    asked = set(content_stems(request[:_READ_CHARACTERS]))
    for message in messages[after + 1 :]:
        if message.role != "user":
            continue
        text = message.content[:_READ_CHARACTERS]
        if signs.rejects(text) or signs.goes_elsewhere(text):
            return -1
        if signs.praises(text):
            found = 2
        elif signs.thanks(text):
            found = max(found, 1)
        elif not is_social(tokens(text), text) and jaccard(asked, content_stems(text)) >= 0.6:
            return -1
    return found
