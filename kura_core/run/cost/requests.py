"""The requests that a run would send, made as it makes them and not sent: how large they are."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from kura_core.config import RunConfig
from kura_core.engines.kept_answers import AnswerCache
from kura_core.engines.tokens import NOTHING, Range
from kura_core.errors import ConversationError
from kura_core.privacy.redact import make_redactor
from kura_core.run.cache import keeping
from kura_core.run.cost.unsent import NotSent, ReadOnly, requests_about, unsent_engine
from kura_core.run.fingerprint import digest
from kura_core.types import ClusterEvidence, ClusterName, Conversation, ConversationSummary

SAMPLE = 200
# Two standard errors hold the truth nineteen times in twenty.
_ERRORS = 2.0
# Nobody knows whom a screen lets through before it is asked: all of them at the most. It is asked
# for what the conversations are believed to hold, so a handful in a hundred at the least.
FEWEST_PASSING = 0.03


@dataclass(slots=True, frozen=True)
class Asked:
    """What all requests of one kind amount to; `cached` are those that the cache answers."""

    calls: Range = NOTHING
    characters: Range = NOTHING
    bytes: Range = NOTHING
    cached: float = 0.0


@dataclass(slots=True, frozen=True)
class Drawn:
    """The requests about `distinct` conversations, by their form, from those `sampled`.

    What comes after a screen is asked about as if all passed whose answer is not known yet;
    `passing` is the share of it that will be, and `read` how many conversations pass.
    """

    distinct: int
    sampled: int
    asked: Mapping[str, Asked]
    passing: Range
    read: Range


async def conversation_requests(
    conversations: Sequence[Conversation], config: RunConfig, cache: AnswerCache | None
) -> Drawn:
    """Make the requests about a seeded sample of conversations, and scale them up to all.

    Equal texts are asked about once. Where not all are looked at, sizes are scaled by how long the
    conversations are (a regression estimator), and every range is wider by two standard errors.
    """
    distinct = distinct_conversations(conversations)
    drawn = distinct
    if len(distinct) > SAMPLE:
        places = random.Random(config.seed).sample(range(len(distinct)), SAMPLE)
        drawn = [distinct[place] for place in sorted(places)]
    engine, unsent = unsent_engine(config)
    asking = keeping(engine, ReadOnly(cache)) if cache is not None else engine
    redact = make_redactor(config.redact)
    found: list[_Found] = []
    try:
        for conversation in drawn:
            redacted = redact(conversation).conversation
            one = await requests_about(asking, unsent, redacted, config)
            found.append(_Found(_length(conversation), *one))
    finally:
        await engine.aclose()
    kinds = {kind for one in found for kind in (*one.sizes, *one.cached)}
    lengths = [_length(conversation) for conversation in distinct]
    scaled = {kind: _scaled(kind, found, lengths) for kind in sorted(kinds)}
    passing, read = Range(1, 1), Range(len(distinct), len(distinct))
    if config.screen is not None and found:
        passing, read = _passing(found, len(distinct))
    return Drawn(len(distinct), len(drawn), scaled, passing, read)


async def cluster_requests(
    config: RunConfig, kind: str, members: Range, children: float, summary_bytes: Range
) -> Asked:
    """Make a request for a name where clusters are few, and one where they are many.

    `members` are the conversations of a cluster in the one case and in the other; summaries are
    short in the first and long in the second. A parent has some `children`.
    """
    engine, unsent = unsent_engine(config)
    sizes = []
    try:
        for count, length in (
            (members.low, summary_bytes.low),
            (members.high, summary_bytes.high),
        ):
            below = math.ceil(children) if kind == "theme_name" else 0
            with suppress(NotSent, ConversationError):
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


def distinct_conversations(conversations: Sequence[Conversation]) -> list[Conversation]:
    """Of conversations with equal messages, which are asked about once, the first."""
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


def _passing(found: Sequence[_Found], whole: int) -> tuple[Range, Range]:
    """What share of those that are not out yet a screen lets through, and how many that leaves."""
    out = sum("summary" not in one.sizes and "summary" not in one.cached for one in found)
    unknown = sum("screen" in one.sizes for one in found)
    drawn = len(found)
    share = 1 - out / drawn
    rest = math.sqrt(1 - drawn / whole)
    error = _ERRORS * math.sqrt(max(share * (1 - share), 0.25 / drawn) / drawn) * rest
    passing = Range(1 - (1 - FEWEST_PASSING) * unknown / max(drawn - out, 1), 1)
    left = Range(max(0.0, share - error) * whole, min(1.0, share + error) * whole)
    return passing, left.times(passing)


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
