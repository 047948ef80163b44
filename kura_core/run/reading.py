"""The first half of a run: every conversation redacted, screened and summarised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kura_core.errors import ConversationError
from kura_core.privacy.redact import REDACTION_VERSION, make_redactor
from kura_core.run.context import RunContext
from kura_core.run.fingerprint import code_version, conversation_digest, digest, package_versions
from kura_core.run.items import conversation_item, conversation_of, summary_item, summary_of
from kura_core.run.screening import (
    facets_of_summaries,
    screen_conversations,
    screen_of_run,
    screened_out,
)
from kura_core.run.shards import SHARD, OnAnswer, answer_each, kept_items
from kura_core.steps.grouped_text import text_to_embed
from kura_core.steps.summarise import summarise
from kura_core.types import Conversation, ConversationSummary

EXAMPLES_A_SHARD = 2


@dataclass(slots=True, frozen=True)
class LeftOut:
    """A conversation that failed, or was answered no by the screen, at which step and why."""

    conversation_id: str
    kind: Literal["failed", "filtered"]
    stage: str
    reason: str


@dataclass(slots=True)
class Reading:
    """Redacted conversations and their summaries, aligned, ordered by id; what is left out and why.

    `keys` are digests of the conversations as they were loaded, those left out too.
    """

    conversations: list[Conversation] = field(default_factory=list)
    summaries: list[ConversationSummary] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    redacted: Counter[str] = field(default_factory=Counter)
    keys: Sequence[str] = ()

    def left_out_as(self, kind: Literal["failed", "filtered"]) -> list[LeftOut]:
        """Return those that failed, or those that the screen filtered."""
        return [one for one in self.left_out if one.kind == kind]


async def read_conversations(context: RunContext, conversations: Sequence[Conversation]) -> Reading:
    """Redact, screen if that is wanted, then summarise, keeping what is finished as it comes."""
    keys = [conversation_digest(conversation) for conversation in conversations]
    reading = Reading(keys=keys)
    redacted = _redact(context, conversations, keys, reading)
    facet = screen_of_run(context.config)
    if facet is None:
        await _summarise(context, redacted, keys, reading)
        return reading
    made_from = redaction_fingerprint(context)
    screened = await screen_conversations(context, redacted, keys, facet, made_from)
    ids = [conversation.conversation_id for conversation in redacted]
    no = screened_out(facet)
    reading.left_out += [LeftOut(ids[place], "filtered", "screen", no) for place in screened.out]
    reading.left_out += [
        LeftOut(ids[place], "failed", "screen", reason)
        for place, reason in sorted(screened.failed.items())
    ]
    answers = {ids[place]: answer for place, answer in screened.stay.items()}
    stay = list(screened.stay)
    await _summarise(
        context, [redacted[place] for place in stay], [keys[place] for place in stay], reading
    )
    # Not asked again with the summary, and not kept with it: another screen asks for none anew.
    reading.summaries = [
        replace(one, facets={**one.facets, facet.name: answers[one.conversation_id]})
        for one in reading.summaries
    ]
    return reading


def redaction_fingerprint(context: RunContext) -> str:
    """Say what redacted conversations depend on, besides the conversation itself."""
    return digest(
        "redact",
        context.config.redact,
        REDACTION_VERSION,
        code_version(),
        package_versions()["presidio-analyzer"],
    )


def summary_fingerprint(context: RunContext) -> str:
    """Say what summaries depend on, besides the conversation itself."""
    return digest(
        redaction_fingerprint(context),
        context.engine.identity(),
        [facet.model_dump() for facet in facets_of_summaries(context.config)],
        package_versions()["py3langid"],
    )


def _redact(
    context: RunContext,
    conversations: Sequence[Conversation],
    keys: Sequence[str],
    reading: Reading,
) -> list[Conversation]:
    redacted: dict[int, Conversation] = {}
    place_of = {key: place for place, key in enumerate(keys)}
    for key, item in kept_items(context, "conversations", redaction_fingerprint(context), place_of):
        place = place_of[key]
        redacted[place] = _sharing(conversation_of(item["conversation"]), conversations[place])
        reading.redacted.update(item["redacted"])
    redactor = make_redactor(context.config.redact)
    with context.step("redact", len(conversations), cached=len(redacted)) as step:
        missing = [place for place in range(len(keys)) if place not in redacted]
        for start in range(0, len(missing), SHARD):
            context.check()
            fresh = []
            for place in missing[start : start + SHARD]:
                result = redactor(conversations[place])
                redacted[place] = result.conversation
                reading.redacted.update(result.counts)
                item = {"conversation": conversation_item(result.conversation)}
                fresh.append((keys[place], {**item, "redacted": dict(result.counts)}))
            context.store.append("conversations", fresh)
            step.progress(len(redacted))
    return [redacted[place] for place in range(len(keys))]


async def _summarise(
    context: RunContext,
    conversations: Sequence[Conversation],
    keys: Sequence[str],
    reading: Reading,
) -> None:
    async def ask(
        places: Sequence[int], on_done: OnAnswer[ConversationSummary]
    ) -> list[ConversationSummary | ConversationError]:
        return await summarise(
            [conversations[place] for place in places],
            context.engine,
            facets_of_summaries(context.config),
            concurrency=context.config.concurrency,
            on_done=on_done,
        )

    def show(items: Sequence[dict[str, Any]]) -> None:
        for item in items[:EXAMPLES_A_SHARD]:
            names = ("conversation_id", "request", "summary")
            context.emit("example", **{name: item[name] for name in names})

    def embed_early(summary: ConversationSummary) -> None:
        if context.early is not None:
            context.early.offer(text_to_embed(summary, context.config.cluster_by))

    found, failed = await answer_each(
        context,
        "summarise",
        "summaries",
        summary_fingerprint(context),
        keys,
        ask,
        summary_item,
        summary_of,
        show,
        embed_early,
    )
    for place, conversation in enumerate(conversations):
        if place in found:
            reading.conversations.append(conversation)
            reading.summaries.append(found[place])
        else:
            reading.left_out.append(
                LeftOut(conversation.conversation_id, "failed", "summarise", failed[place])
            )


def _sharing(restored: Conversation, original: Conversation) -> Conversation:
    """Take the original's messages where redaction changed nothing, so that they are held once."""
    if len(restored.messages) == len(original.messages):
        pairs = zip(restored.messages, original.messages, strict=True)
        restored.messages = [was if was == now else now for now, was in pairs]
    if restored.metadata == original.metadata:
        restored.metadata = original.metadata
    return restored
