"""One conversation to its judgement by rules: outcome, dissatisfaction and cause."""

from __future__ import annotations

from collections.abc import Sequence

from kura_core.engines.rules.judging.cause import find_cause
from kura_core.engines.rules.judging.dissatisfaction import Voiced, read_dissatisfaction
from kura_core.engines.rules.judging.outcome import OutcomeReading, judge_outcome
from kura_core.engines.rules.judging.outcome_answers import QUOTE_WORDS, READ_CHARACTERS
from kura_core.engines.rules.judging.outcome_score import failure_score
from kura_core.engines.rules.segment import clip
from kura_core.types import Conversation, Judgement, Message


def judge_by_rules(conversation: Conversation, request: str | None) -> Judgement:
    """The judgement of one conversation; deterministic, metadata and ratings unread.

    `request` is what its summary says was asked for; without one the first user message stands in.
    """
    messages = conversation.messages
    opening = next((item.content for item in messages if item.role == "user"), "")
    asked = request or opening
    voiced = read_dissatisfaction(messages, asked)
    reading = _unless_left(judge_outcome(messages, asked), voiced, messages)
    cause = find_cause(messages, request, reading.outcome, reading.message_index)
    return Judgement(
        conversation.conversation_id,
        outcome=reading.outcome,
        outcome_message=reading.message_index,
        outcome_quote=reading.quote,
        failure_score=failure_score(messages, reading.outcome),
        dissatisfaction=voiced.kinds,
        dissatisfaction_message=voiced.message_index,
        dissatisfaction_quote=voiced.quote,
        cause=cause.cause,
        gap_kind=cause.gap_kind,
        missing=cause.missing,
    )


def _unless_left(
    reading: OutcomeReading, voiced: Voiced, messages: Sequence[Message]
) -> OutcomeReading:
    """The outcome, not achieved where the user gave up and no later answer made up for it."""
    left = voiced.message_index
    if "gave up" not in voiced.kinds or left is None:
        return reading
    settled = reading.outcome in ("not achieved", "partly")
    if settled or (reading.message_index is not None and reading.message_index > left):
        return reading
    before = max(
        (place for place in range(left) if messages[place].role == "assistant"), default=None
    )
    if before is None:
        return reading
    words = " ".join(messages[before].content[:READ_CHARACTERS].split())
    return OutcomeReading("not achieved", before, clip(words, QUOTE_WORDS))
