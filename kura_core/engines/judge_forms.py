"""What a judging model must answer, and how its evidence is checked against the transcript."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator

from kura_core.engines.answers import AnswerError, Form, make_form
from kura_core.engines.facet_fields import whole
from kura_core.engines.transcript import pattern_of, readable
from kura_core.types import Cause, Conversation, Dissatisfaction, GapKind, Outcome, Role

# Definitions stand here, not in the prompts: what a column means must not depend on an edit.
_OUTCOME = """\
- outcome: "achieved", "partly", "not achieved" or "cannot tell". Judge the whole conversation \
against the user's request, by what the assistant's messages really contain. "achieved": the user \
got what was asked for. "partly": some of what was asked for, but not all. "not achieved": the \
user did not get it, however friendly the answer was and whether or not the user complained. \
"cannot tell": the transcript does not show it; this is a legal answer, never guess.
- message: the number of the assistant's message that the outcome rests on; null where nothing \
shows the outcome
- quote: the words of that message that the outcome rests on, copied exactly, at most 25 words; \
null where message is null
- failure_probability: how likely it is that the request was not met, from 0 (surely met) to 100 \
(surely not met); give it also where you cannot tell, as well as you can
"""
_DISSATISFACTION = """\
- kinds: which of these the user's messages show; an empty list where none does
  - "rephrased": the user states the same goal again in other words after an answer. A new \
constraint, a further wish or the next question is refinement, not dissatisfaction.
  - "corrected": the user says that an answer is wrong or not what was asked for, with the right \
one (the fix) or without it.
  - "asked again": the user asks again because something in an answer is missing or unclear.
  - "gave up": the user left right after a refusal, an error or an unanswered request, and the \
user's last message says so ("never mind", "I'll do it myself").
  That a conversation ends is alone never a sign, not even after a refusal. What the assistant \
says never counts, only what the user says.
- message: the number of the user's message with the strongest sign; null where kinds is empty
- quote: the words of that message that show it, copied exactly, at most 25 words; null where \
kinds is empty
"""
_FAILURE = """\
- stands: true where the failure stands after your attempt to refute it, false where it does not
- instead: null where it stands; else "achieved" where a message gave the user what was asked \
for, or "cannot tell" where the transcript does not show a failure
- message: the number of the assistant's message that gave it, where instead is "achieved"; \
else null
- quote: the words of that message that gave it, copied exactly, at most 25 words; else null
- failure_probability: how likely it is, after all, that the request was not met, from 0 (surely \
met) to 100 (surely not met)
- cause: null where the failure does not stand; else the first of these that fits
  - "policy refusal": the assistant refused on grounds of a rule, a policy or safety.
  - "user input": what the user gave was missing, wrong or unintelligible, and stayed so.
  - "inventory gap": the information that was asked for is not in the system (data, documents or \
their metadata are not there or not indexed).
  - "capability gap": the information is there, or none is needed, but the system cannot do what \
was asked with it (an action, a connection to another system, a workflow).
  - "answer quality": the information is there and the system can do it, but the answer was \
wrong, incomplete or beside the point.
  - "undetermined": the transcript does not tell these apart. From a transcript alone a missing \
document and a missing ability are often undecidable; then this is the right answer.
- gap_kind: for an inventory gap "not indexed" (the items are missing), "metadata incomplete" \
(the items are there, but a fact about them is missing) or "search context missing" (the search \
did not know what it needed about the user or the place); for a capability gap "action" (doing \
something), "external system" (reaching another product) or "workflow" (several steps together); \
else null
- missing: for the two gaps, what would have to be built or indexed, as a short noun or verb \
phrase in English ("signed contracts", "send e-mail"), without names of people or companies; \
else null
"""

LONGEST_MISSING = 8
_LONGEST_QUOTE = 60
_GAP_KINDS: dict[Cause, frozenset[GapKind]] = {
    "inventory gap": frozenset({"not indexed", "metadata incomplete", "search context missing"}),
    "capability gap": frozenset({"action", "external system", "workflow"}),
}
_MARKS = "\"'“”‘’„«»…. "
_APOSTROPHES = re.compile("['’‘`´]")
_SPOKEN = tuple(kind for kind in get_args(Dissatisfaction) if kind != "unknown")


def _percent(value: int) -> int:
    if not 0 <= value <= 100:
        raise ValueError("a number from 0 to 100 is needed")
    return value


_Index = Annotated[int, BeforeValidator(whole)]
_EVIDENCE: dict[str, Any] = {"message": (_Index | None, None), "quote": (str | None, None)}
_PROBABILITY: Any = (
    Annotated[int, BeforeValidator(whole), AfterValidator(_percent)] | None,
    None,
)


@dataclass(slots=True, frozen=True)
class Verdict:
    """An outcome with its evidence: the message's index, its words, the chance of failure (0–1)."""

    outcome: Outcome
    message: int | None = None
    quote: str | None = None
    failure_score: float | None = None


@dataclass(slots=True, frozen=True)
class Voiced:
    """What the user voiced, and the message and the words that show it most."""

    kinds: tuple[Dissatisfaction, ...] = ()
    message: int | None = None
    quote: str | None = None


@dataclass(slots=True, frozen=True)
class Failure:
    """Why a failure that stands came about; `verdict` is the new one of a failure that doesn't."""

    failure_score: float | None = None
    verdict: Verdict | None = None
    cause: Cause | None = None
    gap_kind: GapKind | None = None
    missing: str | None = None


@cache
def outcome_form() -> Form:
    """Return the form of an outcome with its evidence."""
    fields = {"outcome": (Outcome, ...), **_EVIDENCE, "failure_probability": _PROBABILITY}
    return make_form("outcome", _OUTCOME, fields)


@cache
def dissatisfaction_form() -> Form:
    """Return the form of what a user voiced."""
    kinds = (list[Literal[_SPOKEN]], ...)  # type: ignore[valid-type]
    return make_form("dissatisfaction", _DISSATISFACTION, {"kinds": kinds, **_EVIDENCE})


@cache
def failure_form() -> Form:
    """Return the form of the second look at a failure."""
    fields = {
        "stands": (bool, ...),
        "instead": (Literal["achieved", "cannot tell"] | None, None),
        **_EVIDENCE,
        "failure_probability": _PROBABILITY,
        "cause": (Cause | None, None),
        "gap_kind": (GapKind | None, None),
        "missing": (str | None, None),
    }
    return make_form("failure", _FAILURE, fields)


def read_outcome(values: dict[str, Any], conversation: Conversation, *, last: bool) -> Verdict:
    """Check an outcome. Raises AnswerError where its evidence is not in the transcript.

    With `last`, the last try, a quote that is nowhere and a probability against the outcome are
    dropped; an outcome that rests on no message of the assistant is not taken even then.
    """
    outcome: Outcome = values["outcome"]
    score = _score(values["failure_probability"], outcome, last=last)
    answered = any(message.role == "assistant" for message in conversation.messages)
    if values["message"] is None and (outcome == "cannot tell" or not answered):
        return Verdict(outcome, failure_score=score)
    message, quote = _evidence(values, conversation, "assistant", last=last)
    return Verdict(outcome, message, quote, score)


def read_dissatisfaction(
    values: dict[str, Any], conversation: Conversation, *, last: bool
) -> Voiced:
    """Check what a user voiced. Raises AnswerError where its evidence is not in the transcript."""
    kinds = tuple(kind for kind in _SPOKEN if kind in values["kinds"])
    if not kinds:
        return Voiced()
    return Voiced(kinds, *_evidence(values, conversation, "user", last=last))


def read_failure(values: dict[str, Any], conversation: Conversation, *, last: bool) -> Failure:
    """Check the second look at a failure. Raises AnswerError where an answer contradicts itself."""
    if values["stands"]:
        if values["cause"] is None:
            raise AnswerError("cause: a failure that stands needs one; it may be undetermined")
        score = _score(values["failure_probability"], "not achieved", last=last)
        return _caused(values, score, last=last)
    instead: Outcome | None = values["instead"]
    if instead is None:
        raise AnswerError('instead: where the failure does not stand, "achieved" or "cannot tell"')
    score = _score(values["failure_probability"], instead, last=last)
    message, quote = None, None
    if instead == "achieved":
        message, quote = _evidence(values, conversation, "assistant", last=last)
    return Failure(score, Verdict(instead, message, quote, score))


def found_quote(quote: str, text: str) -> str | None:
    """Find a quote's words in a text whatever their case and spaces; returns them as they stand."""
    words = quote.strip(_MARKS).split()[:_LONGEST_QUOTE]
    if not words:
        return None
    pattern = r"\s+".join(_APOSTROPHES.sub("['’‘`´]", pattern_of(word)) for word in words)
    match = re.search(pattern + r"[.!?]?", readable(text), re.IGNORECASE)
    return " ".join(match[0].split()) if match else None


def _evidence(
    values: dict[str, Any], conversation: Conversation, role: Role, *, last: bool
) -> tuple[int, str | None]:
    whose = {"assistant": "the assistant's", "user": "the user's"}[role]
    place: int | None = values["message"]
    messages = conversation.messages
    if place is None or not 0 <= place < len(messages) or messages[place].role != role:
        raise AnswerError(f"message: {place} is not the number of one of {whose} messages")
    quote = found_quote(values["quote"] or "", messages[place].content)
    if quote is None and not last:
        raise AnswerError(f"quote: these words are not in message {place}; copy them exactly")
    return place, quote


def _caused(values: dict[str, Any], score: float | None, *, last: bool) -> Failure:
    cause: Cause = values["cause"]
    kinds = _GAP_KINDS.get(cause)
    if kinds is None:
        return Failure(score, cause=cause)
    kind, missing = values["gap_kind"], " ".join((values["missing"] or "").split()).strip(_MARKS)
    problems = []
    if kind not in kinds:
        problems.append(f"gap_kind: for {cause!r} one of {', '.join(sorted(kinds))}")
        kind = None
    if not missing or len(missing.split()) > LONGEST_MISSING:
        problems.append(f"missing: what is missing, in 1 to {LONGEST_MISSING} words")
        missing = ""
    if problems and not last:
        raise AnswerError("; ".join(problems))
    return Failure(score, cause=cause, gap_kind=kind, missing=missing or None)


def _score(percent: int | None, outcome: Outcome, *, last: bool) -> float | None:
    if percent is None:
        return None
    if (outcome == "achieved" and percent > 50) or (outcome == "not achieved" and percent < 50):
        if last:
            return None
        raise AnswerError(
            f"failure_probability: {percent} contradicts {outcome!r}; 100 is surely not met"
        )
    return percent / 100
