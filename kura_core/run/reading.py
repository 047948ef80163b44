"""The first half of a run: every conversation redacted and summarised, shard by shard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kura_core.errors import ConversationError
from kura_core.privacy.redact import REDACTION_VERSION, make_redactor
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.context import RunContext
from kura_core.run.fingerprint import code_version, conversation_digest, digest, package_versions
from kura_core.run.items import conversation_item, conversation_of, summary_item, summary_of
from kura_core.steps.summarise import summarise
from kura_core.types import Conversation, ConversationSummary

SHARD = 128
EXAMPLES_A_SHARD = 2


@dataclass(slots=True)
class Reading:
    """Redacted conversations and their summaries, aligned, ordered by id; what failed and why."""

    conversations: list[Conversation] = field(default_factory=list)
    summaries: list[ConversationSummary] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    redacted: Counter[str] = field(default_factory=Counter)


async def read_conversations(
    context: RunContext, conversations: Sequence[Conversation]
) -> Reading:
    """Redact, then summarise, a shard at a time, keeping each finished shard."""
    reading = Reading()
    keys = [conversation_digest(conversation) for conversation in conversations]
    redacted = _redact(context, conversations, keys, reading)
    await _summarise(context, redacted, keys, reading)
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
        [facet.model_dump() for facet in context.config.facets],
        package_versions()["py3langid"],
    )


def _redact(
    context: RunContext,
    conversations: Sequence[Conversation],
    keys: Sequence[str],
    reading: Reading,
) -> list[Conversation]:
    kept, store = _kept(context, "conversations", redaction_fingerprint(context))
    found = {key: kept[key] for key in keys if key in kept}
    redactor = make_redactor(context.config.redact)
    done = len(found)
    with context.step("redact", len(conversations), cached=done) as step:
        missing = [pair for pair in zip(keys, conversations, strict=True) if pair[0] not in found]
        for start in range(0, len(missing), SHARD):
            shard = missing[start : start + SHARD]
            context.check()
            fresh = []
            for key, conversation in shard:
                result = redactor(conversation)
                item = {"conversation": conversation_item(result.conversation)}
                fresh.append((key, {**item, "redacted": dict(result.counts)}))
            store.append("conversations", fresh)
            found.update(fresh)
            done += len(fresh)
            step.progress(done)
    for key in keys:
        reading.redacted.update(found[key]["redacted"])
    return [conversation_of(found[key]["conversation"]) for key in keys]


async def _summarise(
    context: RunContext,
    conversations: Sequence[Conversation],
    keys: Sequence[str],
    reading: Reading,
) -> None:
    kept, store = _kept(context, "summaries", summary_fingerprint(context))
    found = {key: summary_of(kept[key]) for key in keys if key in kept}
    failed: dict[str, str] = {}
    done = len(found)
    with context.step("summarise", len(conversations), cached=done) as step:
        missing = [pair for pair in zip(keys, conversations, strict=True) if pair[0] not in found]
        for start in range(0, len(missing), SHARD):
            shard = missing[start : start + SHARD]
            context.check()
            answers = await summarise(
                [conversation for _, conversation in shard],
                context.engine,
                context.config.facets,
                concurrency=context.config.concurrency,
            )
            fresh = []
            for (key, _), answer in zip(shard, answers, strict=True):
                if isinstance(answer, ConversationError):
                    failed[key] = str(answer)
                else:
                    found[key] = answer
                    fresh.append((key, summary_item(answer)))
            store.append("summaries", fresh)
            done += len(shard)
            step.progress(done)
            for _, item in fresh[:EXAMPLES_A_SHARD]:
                names = ("conversation_id", "request", "summary")
                context.emit("example", **{name: item[name] for name in names})
    for key, conversation in zip(keys, conversations, strict=True):
        if key in found:
            reading.conversations.append(conversation)
            reading.summaries.append(found[key])
        else:
            reading.failed.append((conversation.conversation_id, failed[key]))


def _kept(
    context: RunContext, step: str, fingerprint: str
) -> tuple[dict[str, dict[str, Any]], JSONLCheckpointManager]:
    """Read a step's finished items of this run, and copy to it what another run has of them."""
    items = context.store.load(step, fingerprint)
    context.store.begin(step, fingerprint)
    for store in context.earlier:
        elsewhere = store.load(step, fingerprint)
        new = {key: item for key, item in elsewhere.items() if key not in items}
        context.store.append(step, new.items())
        items.update(new)
    return items, context.store
