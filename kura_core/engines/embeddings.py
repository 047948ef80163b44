"""Vectors from OpenAI's embedding models, or a server that speaks the same protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kura_core.config import RunConfig
from kura_core.engines.calls import Calls, Patience
from kura_core.engines.endpoint import find_endpoint
from kura_core.engines.failures import CallFailed
from kura_core.engines.openai import OpenAIProvider
from kura_core.engines.prices import cost_of, price_of
from kura_core.engines.provider import not_an_api
from kura_core.engines.rate_limits import Allowance
from kura_core.engines.spending import Spending, most_tokens_in
from kura_core.engines.transcript import BYTES_PER_TOKEN, readable, shortened
from kura_core.errors import ConversationError, EngineError
from kura_core.types import Usage

DEFAULT_MODEL = "text-embedding-3-small"
PREFIX = "openai"
LONGEST_TEXT = 8_191
# Far below the 2,048 texts and 300,000 tokens a request may have, so that little is lost with one.
TEXTS_A_REQUEST = 256
_TOKENS = 60_000
_AT_ONCE = 8
_BLANK = "(blank)"
# A text that is still too long is cut to half so many times.
_CUTS = 4

Vectors = np.ndarray[Any, np.dtype[np.float32]]
OnBlock = Callable[[Sequence[str], Vectors], None]


@dataclass(slots=True, frozen=True)
class Embedded:
    """Unit float32 vectors, a row a text in the order asked, and what they cost."""

    vectors: Vectors
    usage: Usage


@dataclass(slots=True, frozen=True)
class _Block:
    rows: Vectors
    input_tokens: int
    output_tokens: int = 0
    limits: tuple[Allowance, ...] = ()


def embedding_model_of(name: str) -> str | None:
    """Return the model that "openai" or "openai:NAME" stands for; None for any other setting."""
    prefix, _, model = name.partition(":")
    return (model or DEFAULT_MODEL) if prefix == PREFIX else None


def embedding_identity(config: RunConfig, keys: Mapping[str, str] | None = None) -> str:
    """Return all that such vectors depend on besides their texts; nothing secret."""
    where = find_endpoint(PREFIX, _address(config), keys).public_url
    return f"{PREFIX}:{embedding_model_of(config.embedding_model)}:{where}:1"


async def embed_texts(
    texts: Sequence[str],
    config: RunConfig,
    keys: Mapping[str, str] | None = None,
    on_block: OnBlock = lambda texts, vectors: None,
    *,
    patience: Patience | None = None,
    spending: Spending | None = None,
) -> Embedded:
    """Embed texts by the OpenAI model that `config.embedding_model` names.

    `on_block` is given texts and their vectors as soon as they are there, in any order, so that
    they can be kept; it may raise to stop. Too long a text is cut in its middle. Raises EngineError
    when no vector can be had, and what `spending` raises, in which their cost is counted.
    `config.base_url` counts where the engine is openai too; else the provider's own address or
    OPENAI_BASE_URL.
    """
    model = embedding_model_of(config.embedding_model) or DEFAULT_MODEL
    endpoint = find_endpoint(PREFIX, _address(config), keys)
    patience = patience or Patience()
    at_once = min(config.concurrency, _AT_ONCE)
    calls = Calls(endpoint, at_once, price_of(model), patience, config.seed)
    spending = spending or Spending()
    spending.watch(model, calls.price, calls.usage)
    provider = OpenAIProvider(endpoint, model, patience.timeout)
    distinct = list(dict.fromkeys(texts))
    made: dict[str, Vectors] = {}

    async def embed(block: Sequence[str]) -> None:
        sent = [_sendable(text) for text in block]
        size = sum(len(text.encode()) for text in sent)
        async with spending.room(cost_of(calls.price, most_tokens_in(size), 0)):
            rows = await _vectors(sent, provider, calls)
        made.update(zip(block, rows, strict=True))
        on_block(block, rows)

    try:
        async with asyncio.TaskGroup() as group:
            for block in _blocks(distinct):
                group.create_task(embed(block))
    except BaseExceptionGroup as errors:
        reason = _first(errors)
        if not isinstance(reason, ConversationError | EngineError):
            raise reason from None  # what on_block raised to stop
        raise EngineError(f"The embedding model {model!r} cannot be used. {reason}") from reason
    finally:
        await provider.aclose()
    rows = np.stack([made[text] for text in texts]) if texts else np.empty((0, 0), np.float32)
    return Embedded(rows, calls.usage())


def _address(config: RunConfig) -> str | None:
    return config.base_url if config.engine == PREFIX else None


def _sendable(text: str, tokens: int = LONGEST_TEXT) -> str:
    return shortened(readable(text).strip(), tokens * BYTES_PER_TOKEN) or _BLANK


def _blocks(texts: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    tokens = 0
    for text in texts:
        size = min(len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN, LONGEST_TEXT) + 1
        if block and (len(block) == TEXTS_A_REQUEST or tokens + size > _TOKENS):
            yield block
            block, tokens = [], 0
        block.append(text)
        tokens += size
    if block:
        yield block


async def _vectors(
    texts: Sequence[str], provider: OpenAIProvider, calls: Calls, cuts: int = 0
) -> Vectors:
    """Embed a block; a block that is refused is halved, and a text that is too long cut."""

    async def attempt() -> _Block:
        return await _request(texts, provider)

    try:
        return (await calls.send(attempt)).rows
    except CallFailed as failed:
        if len(texts) > 1:
            middle = len(texts) // 2
            first = await _vectors(texts[:middle], provider, calls)
            return np.concatenate([first, await _vectors(texts[middle:], provider, calls)])
        if failed.kind == "too long" and cuts < _CUTS:
            shorter = _sendable(texts[0], LONGEST_TEXT >> (cuts + 1))
            return await _vectors([shorter], provider, calls, cuts + 1)
        raise EngineError(calls.explain(failed)) from failed


async def _request(texts: Sequence[str], provider: OpenAIProvider) -> _Block:
    answer = await provider.embeddings(texts)
    try:
        rows = np.array([item.embedding for item in answer.data], dtype=np.float32)
        order = np.array([item.index for item in answer.data])
        tokens = int(answer.usage.prompt_tokens) if answer.usage else 0
    except (AttributeError, TypeError, ValueError) as error:
        raise not_an_api() from error
    whole = rows.ndim == 2 and sorted(order.tolist()) == list(range(len(texts)))
    norms = np.linalg.norm(rows, axis=1, keepdims=True) if whole else np.zeros(1)
    if not whole or not np.isfinite(norms).all() or not norms.all():
        raise not_an_api()
    return _Block((rows / norms)[np.argsort(order)].astype(np.float32), tokens)


def _first(errors: BaseExceptionGroup[Any]) -> BaseException:
    found: BaseException = errors
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
