"""How a language model judges one conversation: two separate looks, and a third at a failure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from kura_core.engines.answers import Form
from kura_core.engines.judge_forms import (
    Verdict,
    Voiced,
    dissatisfaction_form,
    failure_form,
    outcome_form,
    read_dissatisfaction,
    read_failure,
    read_outcome,
)
from kura_core.engines.transcript import as_line, shortened, with_short_answers
from kura_core.prompts import Prompts, fill
from kura_core.types import Conversation, Judgement

# Bytes of UTF-8 of what is shown only so that the user's messages can be understood.
CONTEXT_BYTES = 600
# Bytes of a request or a quote: a sentence of each was asked for.
_LONGEST_LINE = 2_000
_NO_REQUEST = "(none stated: judge by what the user seems to want)"

Value = TypeVar("Value")


class AskAbout(Protocol):
    """Asks a model about one conversation until an answer can be used.

    `question` makes the question from the transcript; `read` checks the fields of an answer, told
    whether it is the last one that is asked for.
    """

    async def __call__(
        self,
        conversation: Conversation,
        form: Form,
        question: Callable[[str], str],
        read: Callable[[dict[str, Any], bool], Value],
    ) -> Value:
        """Raise ConversationError when no answer can be used."""
        ...


async def judge_by_model(
    ask: AskAbout, prompts: Prompts, conversation: Conversation, request: str | None
) -> Judgement:
    """Judge a conversation against its request in at most three questions.

    The outcome and what the user voiced are asked apart, so that neither colours the other; an
    outcome that is a failure is asked about again, to be refuted or explained. Fewer than two user
    messages cost no question about dissatisfaction.
    """
    asked = f"The request: {_marked('request', request) if request else _NO_REQUEST}"
    verdict = await _outcome(ask, prompts, conversation, asked)
    voiced = await _dissatisfaction(ask, prompts, conversation)
    judgement = Judgement(
        conversation.conversation_id,
        verdict.outcome,
        verdict.message,
        verdict.quote,
        verdict.failure_score,
        voiced.kinds,
        voiced.message,
        voiced.quote,
    )
    if verdict.outcome not in ("partly", "not achieved"):
        return judgement
    return await _second_look(ask, prompts, conversation, asked, verdict, judgement)


async def _outcome(
    ask: AskAbout, prompts: Prompts, conversation: Conversation, request: str
) -> Verdict:
    return await ask(
        conversation,
        outcome_form(),
        lambda transcript: fill(
            prompts.text_of("outcome"), {"conversation": transcript, "request": request}
        ),
        lambda values, last: read_outcome(values, conversation, last=last),
    )


async def _dissatisfaction(ask: AskAbout, prompts: Prompts, conversation: Conversation) -> Voiced:
    said = sum(bool(m.content.strip()) for m in conversation.messages if m.role == "user")
    if said < 2:
        return Voiced(("unknown",))
    return await ask(
        with_short_answers(conversation, CONTEXT_BYTES),
        dissatisfaction_form(),
        lambda transcript: fill(prompts.text_of("dissatisfaction"), {"conversation": transcript}),
        lambda values, last: read_dissatisfaction(values, conversation, last=last),
    )


async def _second_look(
    ask: AskAbout,
    prompts: Prompts,
    conversation: Conversation,
    request: str,
    verdict: Verdict,
    judgement: Judgement,
) -> Judgement:
    first = f"The first reader's judgement: {verdict.outcome}"
    if verdict.message is not None:
        words = f": {_marked('quote', verdict.quote)}" if verdict.quote else ""
        first += f", because of message [{verdict.message}]{words}"
    texts = {"request": request, "verdict": first}
    failure = await ask(
        conversation,
        failure_form(),
        lambda transcript: fill(prompts.text_of("failure"), {**texts, "conversation": transcript}),
        lambda values, last: read_failure(values, conversation, last=last),
    )
    if failure.verdict is not None:
        return replace(
            judgement,
            outcome=failure.verdict.outcome,
            outcome_message=failure.verdict.message,
            outcome_quote=failure.verdict.quote,
            failure_score=failure.failure_score,
        )
    score = judgement.failure_score if failure.failure_score is None else failure.failure_score
    return replace(
        judgement,
        failure_score=score,
        cause=failure.cause,
        gap_kind=failure.gap_kind,
        missing=failure.missing,
    )


def _marked(mark: str, text: str) -> str:
    """A text on one line between marks that it cannot end, as data and no instruction."""
    return f"<{mark}>{as_line(shortened(text, _LONGEST_LINE))}</{mark}>"
