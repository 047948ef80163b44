"""Whether the user got what they asked for, as far as rules can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kura_core.engines.rules.judging import outcome_signs as signs
from kura_core.engines.rules.judging.outcome_answers import (
    QUOTE_WORDS,
    READ_CHARACTERS,
    READ_MESSAGES,
    Answer,
    Asked,
    delivers,
    read_answer,
    what_is_asked,
)
from kura_core.engines.rules.judging.outcome_reactions import reaction_after, turns_down
from kura_core.engines.rules.segment import clip, sentences
from kura_core.types import Message, Outcome

# Who gives thanks after so many answers was not put off by the first.
_WORKED = 3
# A deed that many messages before a refusal was about something else.
_NEAR = 4
_DEED_SENTENCES = 6
# Shorter answers ("Yes.") may well be given twice.
_REPEATED_CHARACTERS = 25


@dataclass(slots=True, frozen=True)
class OutcomeReading:
    """An outcome with the assistant message (its index) and the words it rests on."""

    outcome: Outcome
    message_index: int | None = None
    quote: str | None = None


def judge_outcome(messages: Sequence[Message], request: str) -> OutcomeReading:
    """The outcome of a conversation against its request, from its words alone.

    Evidence, strongest last: the last answers that say or deny something, then the user's own
    reaction after them. An ending without a word is no evidence of failure, and a thank-you after
    an empty answer is none of success: people are polite.
    """
    first = max(0, len(messages) - READ_MESSAGES)
    places = [place for place in range(first, len(messages)) if messages[place].role == "assistant"]
    asked = what_is_asked(messages, request)
    last = _last_telling(messages, places, asked)
    if last is None:
        return _without_answer(messages, places, request)
    reaction = reaction_after(messages, last.index, request)
    if _is_repeated(messages, places, last.index) and not last.done and reaction < 2:
        return OutcomeReading("not achieved", last.index, last.quote)
    earlier = [place for place in places if place < last.index]
    if last.failed:
        opening = next((item.content for item in messages if item.role == "user"), "")
        if signs.turns_away(last.failed, opening[:READ_CHARACTERS]):
            return OutcomeReading("cannot tell")
        near = [place for place in earlier if last.index - place <= _NEAR]
        part = last.done or last.partial or (last.substitute and (reaction > 0 or not last.brief))
        if reaction >= 0 and (
            part or _last_deed(messages, near) or _had_half(messages, near, asked)
        ):
            return OutcomeReading("partly", last.index, last.failed)
        return OutcomeReading("not achieved", last.index, last.failed)
    if last.told_how and asked == "act" and reaction < 2:
        return OutcomeReading("not achieved", last.index, last.told_how)
    if reaction < 0:
        outcome: Outcome = "partly" if last.done else "not achieved"
        return OutcomeReading(outcome, last.index, last.quote)
    if last.done:
        return OutcomeReading("partly" if last.partial else "achieved", last.index, last.done)
    if last.apologetic and earlier and reaction < 2:
        # A second try at what was wrong the first time; nobody said that it is right now.
        if last.concrete:
            return OutcomeReading("cannot tell")
        return OutcomeReading("not achieved", last.index, last.quote)
    if reaction < 2 and last.given is None:
        deed = _last_deed(messages, earlier)
        if deed is None and _had_half(messages, earlier, asked):
            return OutcomeReading("partly", last.index, last.quote)
        return deed or OutcomeReading("not achieved", last.index, last.quote)
    worked = len(earlier) >= _WORKED and reaction == 1
    if worked or _builds(messages, earlier, last, asked):
        reaction = 2
    return _judge_answer(last, reaction, asked)


def _judge_answer(last: Answer, reaction: int, asked: Asked) -> OutcomeReading:
    """The outcome where the last answer neither denies nor reports a deed and nobody complained."""
    if last.partial:
        return OutcomeReading("partly", last.index, last.partial)
    if reaction == 2:
        return OutcomeReading("achieved", last.index, last.quote)
    if last.told_how and asked == "fact":
        return OutcomeReading("not achieved", last.index, last.told_how)
    if delivers(last, asked) or (reaction == 1 and last.concrete):
        return OutcomeReading("achieved", last.index, last.quote)
    return OutcomeReading("cannot tell")


def _builds(
    messages: Sequence[Message], earlier: Sequence[int], last: Answer, asked: Asked
) -> bool:
    """Whether the user built on a definite answer with a further question and was answered."""
    if not earlier or last.shaky:
        return False
    before = read_answer(earlier[-1], messages[earlier[-1]].content, asked)
    if before is None or before.shaky:
        return False
    return before.concrete and not any(
        item.role == "user" and turns_down(item.content[:READ_CHARACTERS])
        for item in messages[earlier[0] + 1 :]
    )


def _last_telling(
    messages: Sequence[Message], places: Sequence[int], asked: Asked
) -> Answer | None:
    for place in reversed(places):
        answer = read_answer(place, messages[place].content, asked)
        if answer is not None and answer.telling:
            return answer
    return None


def _last_deed(messages: Sequence[Message], places: Sequence[int]) -> OutcomeReading | None:
    """The last of some answers that reports something done, judged achieved."""
    for place in reversed(places):
        for text in sentences(messages[place].content, limit=_DEED_SENTENCES):
            if signs.completes(text) and not text.endswith("?") and not signs.denies(text):
                return OutcomeReading("achieved", place, clip(text, QUOTE_WORDS))
    return None


def _had_half(messages: Sequence[Message], places: Sequence[int], asked: Asked) -> bool:
    """Whether one of some answers gave part of the thing and owned that the rest is missing."""
    answers = (read_answer(place, messages[place].content, asked) for place in places)
    return any(answer is not None and answer.partial is not None for answer in answers)


def _without_answer(
    messages: Sequence[Message], places: Sequence[int], request: str
) -> OutcomeReading:
    """Questions and small talk only: a failure if the user says so, else nobody can tell."""
    if places and reaction_after(messages, places[-1], request) < 0:
        said = sentences(messages[places[-1]].content, limit=1)
        if said:
            return OutcomeReading("not achieved", places[-1], clip(said[0], QUOTE_WORDS))
    return OutcomeReading("cannot tell")


def _is_repeated(messages: Sequence[Message], places: Sequence[int], index: int) -> bool:
    """Whether an answer was given before, word for word, though the user had asked again."""
    content = messages[index].content.strip()
    if len(content) < _REPEATED_CHARACTERS or content.endswith("?"):
        return False
    return any(messages[place].content.strip() == content for place in places if place < index)
