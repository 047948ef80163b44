"""The requests that a run would send, made as it makes them and not sent: how large they are."""

from __future__ import annotations

import json
import math
import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from kura_core.config import RunConfig
from kura_core.engines.choose import make_engine
from kura_core.engines.kept_answers import AnswerCache
from kura_core.engines.language_model import LanguageModelEngine
from kura_core.engines.protocol import Engine
from kura_core.engines.provider import Dialect, Provider, Reply, Request, Shape
from kura_core.engines.tokens import NOTHING, Range
from kura_core.engines.two_tiers import TwoTierEngine
from kura_core.errors import ConversationError
from kura_core.privacy.redact import make_redactor
from kura_core.run.cache import keeping
from kura_core.run.fingerprint import digest
from kura_core.types import ClusterEvidence, ClusterName, Conversation, ConversationSummary

SAMPLE = 200
# Two standard errors hold the truth nineteen times in twenty.
_ERRORS = 2.0
_NOT_A_KEY = {"openai": "unused", "anthropic": "unused"}
_REQUEST = "The user's overall request is to find the signed version of a document and to export it"


class _NotSent(Exception):
    """Raised in place of sending a request whose answer would be needed."""


@dataclass(slots=True, frozen=True)
class Asked:
    """What all requests of one kind amount to; `cached` are those that the cache answers."""

    calls: Range = NOTHING
    characters: Range = NOTHING
    bytes: Range = NOTHING
    cached: float = 0.0


@dataclass(slots=True, frozen=True)
class Drawn:
    """The requests about `distinct` conversations, by their form, from those `sampled`."""

    distinct: int
    sampled: int
    asked: Mapping[str, Asked]


@dataclass(slots=True)
class _Unsent:
    """A provider that sends nothing and remembers what it was given; see `Provider`."""

    provider: Provider
    answers: Mapping[str, str] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

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
        if request.name not in self.answers:
            raise _NotSent
        return Reply(self.answers[request.name], 0, 0)

    async def models(self) -> list[str]:
        return []

    async def aclose(self) -> None:
        await self.provider.aclose()


@dataclass(slots=True, frozen=True)
class _ReadOnly:
    """A cache in which nothing is kept: what is made up here must never be taken for an answer."""

    cache: AnswerCache

    def get(self, key: str) -> str | None:
        return self.cache.get(key)

    def set(self, key: str, value: str) -> None:
        """Keep nothing."""


async def conversation_requests(
    conversations: Sequence[Conversation], config: RunConfig, cache: AnswerCache | None
) -> Drawn:
    """Make the requests about a seeded sample of conversations, and scale them up to all.

    Equal texts are asked about once. Where not all are looked at, sizes are scaled by how long the
    conversations are (a regression estimator), and every range is wider by two standard errors.
    """
    distinct = _distinct(conversations)
    drawn = distinct
    if len(distinct) > SAMPLE:
        places = random.Random(config.seed).sample(range(len(distinct)), SAMPLE)
        drawn = [distinct[place] for place in sorted(places)]
    engine, unsent = _engine(config)
    asking = keeping(engine, _ReadOnly(cache)) if cache is not None else engine
    redact = make_redactor(config.redact)
    found: list[_Found] = []
    try:
        for conversation in drawn:
            redacted = redact(conversation).conversation
            one = await _requests_about(asking, unsent, redacted, config)
            found.append(_Found(_length(conversation), *one))
    finally:
        await engine.aclose()
    kinds = {kind for one in found for kind in (*one.sizes, *one.cached)}
    lengths = [_length(conversation) for conversation in distinct]
    scaled = {kind: _scaled(kind, found, lengths) for kind in sorted(kinds)}
    return Drawn(len(distinct), len(drawn), scaled)


async def cluster_requests(
    config: RunConfig, kind: str, members: Range, children: float, summary_bytes: Range
) -> Asked:
    """Make a request for a name where clusters are few, and one where they are many.

    `members` are the conversations of a cluster in the one case and in the other; summaries are
    short in the first and long in the second. A parent has some `children`.
    """
    engine, unsent = _engine(config)
    sizes = []
    try:
        for count, length in (
            (members.low, summary_bytes.low),
            (members.high, summary_bytes.high),
        ):
            below = math.ceil(children) if kind == "theme_name" else 0
            with suppress(_NotSent, ConversationError):
                await engine.name_cluster(_evidence(math.ceil(count), below, int(length)))
            sizes.append(unsent.sizes.pop(kind))
    finally:
        await engine.aclose()
    (low, _), (_, high) = sizes
    return Asked(Range(1, 1), Range(low, low), Range(high, high))


@dataclass(slots=True, frozen=True)
class _Found:
    """One conversation's length, what would be asked (form → characters, bytes), what is kept."""

    length: int
    sizes: Mapping[str, tuple[int, int]]
    cached: frozenset[str]


async def _requests_about(
    engine: Engine, unsent: _Unsent, conversation: Conversation, config: RunConfig
) -> tuple[dict[str, tuple[int, int]], frozenset[str]]:
    unsent.sizes = {}
    request: str | None = _REQUEST
    cached: set[str] = set()
    with suppress(_NotSent, ConversationError):
        summary = await engine.summarise(conversation, config.facets)
        request = summary.request
        cached.add("summary")
    if config.judges == "engine":
        unsent.answers = _failing(conversation)
        with suppress(_NotSent, ConversationError):
            await engine.judge(conversation, request)
            cached.add("outcome")
        unsent.answers = {}
    return unsent.sizes, frozenset(cached)


def _failing(conversation: Conversation) -> dict[str, str]:
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


def _engine(config: RunConfig) -> tuple[Engine, _Unsent]:
    """The engine of a configuration with its provider taken out; no pace holds it up."""
    unpaced = config.model_copy(
        update={"requests_per_minute": None, "tokens_per_minute": None, "budget": None}
    )
    engine = make_engine(unpaced, _NOT_A_KEY)
    if isinstance(engine, TwoTierEngine):
        unsent = _Unsent(engine.reader.provider)
        engine.reader.provider = engine.namer.provider = unsent
    elif isinstance(engine, LanguageModelEngine):
        unsent = _Unsent(engine.provider)
        engine.provider = unsent
    else:
        raise TypeError(f"got {engine.name!r}; only language models send requests")
    return engine, unsent


def _distinct(conversations: Sequence[Conversation]) -> list[Conversation]:
    by_content: dict[str, Conversation] = {}
    for conversation in conversations:
        messages = [(message.role, message.content) for message in conversation.messages]
        by_content.setdefault(digest(messages), conversation)
    return list(by_content.values())


def _length(conversation: Conversation) -> int:
    return sum(len(message.content) for message in conversation.messages)


def _scaled(kind: str, found: Sequence[_Found], lengths: Sequence[int]) -> Asked:
    whole, drawn = len(lengths), len(found)
    asked = [one for one in found if kind in one.sizes]
    # Without a rest there is no error; with one it shrinks as the sample takes up more of all.
    rest = math.sqrt(1 - drawn / whole)
    share = len(asked) / drawn
    error = _ERRORS * math.sqrt(max(share * (1 - share), 0.25 / drawn) / drawn) * rest
    calls = Range(max(0.0, share - error) * whole, min(1.0, share + error) * whole)
    cached = sum(kind in one.cached for one in found) / drawn * whole
    if not asked:
        return Asked(cached=cached)
    mean_length = statistics.fmean(lengths) if len(asked) == drawn else None
    characters, size = (
        _mean([one.length for one in asked], [one.sizes[kind][place] for one in asked], mean_length)
        for place in (0, 1)
    )
    return Asked(
        calls,
        calls.times(_around(characters, rest)),
        calls.times(_around(size, rest)),
        cached,
    )


def _around(mean_and_error: tuple[float, float], rest: float) -> Range:
    mean, error = mean_and_error
    return Range(max(0.0, mean - _ERRORS * error * rest), mean + _ERRORS * error * rest)


def _mean(
    lengths: Sequence[int], sizes: Sequence[int], mean_length: float | None
) -> tuple[float, float]:
    """The mean size and its standard error; by a line where the mean length of all is known."""
    mean = statistics.fmean(sizes)
    if len(sizes) < 3:
        return mean, 0.0
    if mean_length is None or len(set(lengths)) == 1:
        return mean, statistics.stdev(sizes) / math.sqrt(len(sizes))
    slope, intercept = statistics.linear_regression(lengths, sizes)
    left = [size - slope * length - intercept for length, size in zip(lengths, sizes, strict=True)]
    error = statistics.stdev(left) / math.sqrt(len(left))
    return max(float(min(sizes)), slope * mean_length + intercept), error


def _evidence(members: int, children: int, length: int) -> ClusterEvidence:
    text = ("asks for the signed contract and how to export it " * (length // 50 + 1))[:length]
    summary = ConversationSummary("", text)
    child = ClusterName("Finding signed contracts in search", text)
    return ClusterEvidence(
        members=[summary] * min(members, 60),
        contrast=[summary] * 10,
        keywords=[("contract terms", 1.0)] * 15,
        children=[child] * children,
        size=members,
    )


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
