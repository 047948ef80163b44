"""Every summarised conversation judged against its request, kept as judgements come."""

from __future__ import annotations

from collections.abc import Sequence

from kura_core.config import RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.engines.protocol import Engine
from kura_core.errors import ConversationError
from kura_core.run.context import RunContext
from kura_core.run.fingerprint import code_version, digest, package_versions
from kura_core.run.items import judgement_item, judgement_of
from kura_core.run.reading import Reading
from kura_core.run.shards import OnAnswer, answer_each
from kura_core.steps.judge import judge
from kura_core.types import Conversation, Judgement


def judge_of(config: RunConfig, engine: Engine) -> Engine | None:
    """Who judges a run: rules whatever the engine, the engine itself, or nobody."""
    if config.judges == "off":
        return None
    return engine if config.judges == "engine" else OfflineEngine()


async def judge_conversations(
    context: RunContext, reading: Reading
) -> list[Judgement | None] | None:
    """Judge what was read, aligned with its conversations; None where nobody judges.

    A conversation that cannot be judged has None and is counted in a notice. A judgement is kept
    by what it is made from: the judge, the redacted messages and the request.
    """
    judging = judge_of(context.config, context.engine)
    if judging is None:
        return None
    conversations = reading.conversations
    requests = [summary.request for summary in reading.summaries]

    async def ask(
        places: Sequence[int], on_done: OnAnswer[Judgement]
    ) -> list[Judgement | ConversationError]:
        return await judge(
            [conversations[place] for place in places],
            [requests[place] for place in places],
            judging,
            concurrency=context.config.concurrency,
            on_done=on_done,
        )

    found, failed = await answer_each(
        context,
        "judge",
        "judgements",
        digest(code_version(), judging.judge_identity(), package_versions()["py3langid"]),
        [_key(*pair) for pair in zip(conversations, requests, strict=True)],
        ask,
        judgement_item,
        judgement_of,
    )
    if failed:
        context.notice(
            f"{len(failed):,} of {len(conversations):,} conversations could not be judged and have "
            f"no outcome; the first reason was: {failed[min(failed)]}"
        )
    return [found.get(place) for place in range(len(conversations))]


def _key(conversation: Conversation, request: str | None) -> str:
    messages = [(m.role, m.content, m.created_at) for m in conversation.messages]
    return digest(conversation.conversation_id, messages, conversation.truncated, request)
