"""A run's engine with its provider taken out: requests are made as for a run, and never sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kura_core.config import RunConfig
from kura_core.engines.choose import make_engine
from kura_core.engines.kept_answers import AnswerCache
from kura_core.engines.language_model import LanguageModelEngine
from kura_core.engines.protocol import Engine
from kura_core.engines.provider import Dialect, Provider, Reply, Request, Shape
from kura_core.engines.two_tiers import TwoTierEngine
from kura_core.errors import ConversationError
from kura_core.run.cache import open_cache
from kura_core.run.screening import facets_of_summaries, screen_of_run
from kura_core.types import Conversation

# Stands in for the request of a summary that is not there yet.
STAND_IN_REQUEST = (
    "The user's overall request is to find the signed version of a document and to export it"
)
_NOT_A_KEY = {"openai": "unused", "anthropic": "unused"}


class NotSent(Exception):
    """Raised in place of sending a request whose answer would be needed."""


@dataclass(slots=True)
class Unsent:
    """A provider that sends nothing and remembers what it was given; see `Provider`.

    By the form that is asked for: the first request, and its size in characters (of texts) and
    bytes (of the whole). What is in `answers` is answered so.
    """

    provider: Provider
    answers: Mapping[str, str] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)

    @property
    def shapes(self) -> Sequence[Shape]:
        return self.provider.shapes

    @property
    def options(self) -> Sequence[str]:
        return self.provider.options

    @property
    def parameters(self) -> dict[str, Any]:
        return self.provider.parameters

    def body(self, request: Request, dialect: Dialect) -> dict[str, Any]:
        return self.provider.body(request, dialect)

    async def complete(self, request: Request, dialect: Dialect) -> Reply:
        body = self.body(request, dialect)
        characters = sum(
            len(text) for name in ("system", "messages") for text in _texts(body.get(name))
        )
        whole = len(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))
        # What is asked once more because of an answer that is made up here would not be.
        self.sizes.setdefault(request.name, (characters, whole))
        self.requests.setdefault(request.name, request)
        if request.name not in self.answers:
            raise NotSent
        return Reply(self.answers[request.name], 0, 0)

    async def models(self) -> list[str]:
        return []

    async def aclose(self) -> None:
        await self.provider.aclose()


@dataclass(slots=True, frozen=True)
class ReadOnly:
    """A cache in which nothing is kept: what is made up here must never be taken for an answer."""

    cache: AnswerCache

    def get(self, key: str) -> str | None:
        return self.cache.get(key)

    def set(self, key: str, value: str) -> None:
        """Keep nothing."""


@contextmanager
def kept_answers(folder: Path | None) -> Iterator[ReadOnly | None]:
    """The answers kept in a folder, to be looked at; None where nothing is kept yet."""
    cache = open_cache(folder, lambda text: None) if folder and folder.is_dir() else None
    try:
        yield ReadOnly(cache) if cache is not None else None
    finally:
        if cache is not None:
            cache.close()


def unsent_engine(config: RunConfig) -> tuple[Engine, Unsent]:
    """The engine of a configuration with its provider taken out; no pace holds it up."""
    unpaced = config.model_copy(
        update={"requests_per_minute": None, "tokens_per_minute": None, "budget": None}
    )
    engine = make_engine(unpaced, _NOT_A_KEY)
    if isinstance(engine, TwoTierEngine):
        unsent = Unsent(engine.reader.provider)
        engine.reader.provider = engine.namer.provider = unsent
    elif isinstance(engine, LanguageModelEngine):
        unsent = Unsent(engine.provider)
        engine.provider = unsent
    else:
        raise TypeError(f"got {engine.name!r}; only language models send requests")
    return engine, unsent


async def requests_about(
    engine: Engine, unsent: Unsent, conversation: Conversation, config: RunConfig
) -> tuple[dict[str, tuple[int, int]], frozenset[str]]:
    """Make all requests about a conversation: their sizes by form, and the steps that are kept.

    A judge is taken to find a failure, which leads to all of its questions. After a screen that is
    known to answer no there are none; what is not known yet is taken to pass.
    """
    unsent.sizes, unsent.requests = {}, {}
    request: str | None = STAND_IN_REQUEST
    cached: set[str] = set()
    facet = screen_of_run(config)
    if facet is not None:
        with suppress(NotSent, ConversationError):
            passes = await engine.screen(conversation, facet)
            cached.add("screen")
            if passes is False:
                return unsent.sizes, frozenset(cached)
    with suppress(NotSent, ConversationError):
        summary = await engine.summarise(conversation, facets_of_summaries(config))
        request = summary.request
        cached.add("summary")
    if config.judges == "engine":
        unsent.answers = failing_answers(conversation)
        with suppress(NotSent, ConversationError):
            await engine.judge(conversation, request)
            cached.add("outcome")
        unsent.answers = {}
    return unsent.sizes, frozenset(cached)


def failing_answers(conversation: Conversation) -> dict[str, str]:
    """The answers of a judge that lead to all of its questions: a failure, nothing voiced."""
    answered: list[tuple[int | None, list[str]]] = [
        (place, message.content.split()[:5])
        for place, message in enumerate(conversation.messages)
        if message.role == "assistant"
    ]
    wordy = [one for one in answered if one[1]]
    place, words = (wordy or answered or [(None, [])])[-1]
    outcome = {
        "outcome": "not achieved",
        "message": place,
        "quote": " ".join(words) or None,
        "failure_probability": 90,
    }
    voiced: dict[str, Any] = {"kinds": [], "message": None, "quote": None}
    return {"outcome": json.dumps(outcome), "dissatisfaction": json.dumps(voiced)}


def _texts(value: Any) -> Iterator[str]:
    """All that a model reads in a part of a request."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        for name in ("content", "text"):
            yield from _texts(value.get(name))
