"""What a run will ask for and cost, worked out from the very requests it would send."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kura_core.config import RunConfig
from kura_core.engines.choose import models_of
from kura_core.engines.embeddings import TEXTS_A_REQUEST, embedding_model_of
from kura_core.engines.kept_answers import AnswerCache
from kura_core.engines.prices import price_of
from kura_core.engines.tokens import Density, Range, density_of
from kura_core.run.cost.requests import Asked, Drawn, cluster_requests, conversation_requests
from kura_core.run.cost.tree_size import cluster_counts, theme_count
from kura_core.run.screening import facets_of_summaries
from kura_core.types import Conversation

# Answers that cannot be used are asked for again; a taken name is, too.
_ASKED_AGAIN = Range(1.0, 1.02)
NAMED_AGAIN = Range(1.0, 1.6)
# Where the number of clusters is found, the most that can be is hardly ever reached.
_FOUND_AND_NAMED_AGAIN = Range(1.0, 1.3)
# Of the conversations judged, those judged a failure get a second look.
_FAILURES = Range(0.05, 0.7)
# Tokens an answer has, by its form; each question of the user's own adds some.
_ANSWERS = {
    "screen": Range(3, 30),
    "summary": Range(40, 190),
    "outcome": Range(20, 110),
    "dissatisfaction": Range(8, 90),
    "failure": Range(30, 170),
    "cluster_name": Range(20, 110),
    "theme_name": Range(20, 110),
}
_OWN_QUESTION = Range(2, 40)
# Bytes of a text that conversations are grouped by; whoever has none is grouped by the summary.
_SUMMARY_BYTES = Range(80, 260)
_GROUPED_BYTES = {"summary": _SUMMARY_BYTES, "request": Range(60, 260)}
_OTHER_BYTES = Range(4, 260)


@dataclass(slots=True, frozen=True)
class StepEstimate:
    """What one step will take: calls, tokens and dollars (None: the price is not known).

    `cached` is how many calls more the cache answers; they are in no range.
    """

    step: str
    model: str
    calls: Range
    input_tokens: Range
    output_tokens: Range
    cost_usd: Range | None
    cached: float = 0.0


@dataclass(slots=True, frozen=True)
class Estimate:
    """What a run will take, by step; `sampled` of its `conversations` were looked at."""

    steps: tuple[StepEstimate, ...]
    conversations: int
    sampled: int

    @property
    def calls(self) -> Range:
        """Calls of all steps."""
        return _sum(step.calls for step in self.steps)

    @property
    def input_tokens(self) -> Range:
        """Tokens read in all steps."""
        return _sum(step.input_tokens for step in self.steps)

    @property
    def output_tokens(self) -> Range:
        """Tokens written in all steps."""
        return _sum(step.output_tokens for step in self.steps)

    @property
    def cost_usd(self) -> Range | None:
        """Dollars of all steps, None where a price is not known."""
        costs = [step.cost_usd for step in self.steps]
        return None if None in costs else _sum(cost for cost in costs if cost is not None)

    @property
    def cached(self) -> float:
        """The share of all calls that the cache answers."""
        kept = sum(step.cached for step in self.steps)
        return kept / (kept + self.calls.middle) if kept else 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, totals included; `estimate_of` reads it."""
        total = {
            name: asdict(value) if value is not None else None
            for name, value in (
                ("calls", self.calls),
                ("input_tokens", self.input_tokens),
                ("output_tokens", self.output_tokens),
                ("cost_usd", self.cost_usd),
            )
        }
        return {**asdict(self), "total": total, "cached": self.cached}


def estimate_of(kept: Mapping[str, Any]) -> Estimate:
    """Read what `as_json` gave."""
    steps = tuple(
        StepEstimate(
            step["step"],
            step["model"],
            Range(**step["calls"]),
            Range(**step["input_tokens"]),
            Range(**step["output_tokens"]),
            Range(**step["cost_usd"]) if step["cost_usd"] is not None else None,
            step["cached"],
        )
        for step in kept["steps"]
    )
    return Estimate(steps, kept["conversations"], kept["sampled"])


async def estimate_run(
    conversations: Sequence[Conversation], config: RunConfig, cache: AnswerCache | None = None
) -> Estimate:
    """Say what a run of loaded conversations will take; nothing is sent and nothing kept.

    Above a number of conversations a seeded sample is looked at, and the error of that is in the
    ranges. `cache` is only read. Raises ConfigError where the base URL is no address.
    """
    limited = conversations[: config.limit] if config.limit else conversations
    steps: list[StepEstimate] = []
    drawn = Drawn(0, 0, {}, Range(1, 1), Range(len(limited), len(limited)))
    if config.engine != "offline":
        reader, namer = models_of(config)
        drawn = await conversation_requests(limited, config, cache)
        read = price_of(reader, config.price)
        if config.screen is not None:
            steps.append(_asked(drawn, ("screen",), "screen", reader, read, config))
        steps.append(_asked(drawn, ("summary",), "summarise", reader, read, config))
        if config.judges == "engine":
            kinds = ("outcome", "dissatisfaction", "failure")
            steps.append(_asked(drawn, kinds, "judge", reader, read, config))
    if embedding := embedding_model_of(config.embedding_model):
        fewest = drawn.read.low if config.screen is not None else len(limited)
        steps.append(_embedded(Range(fewest, len(limited)), embedding, config))
    if config.engine != "offline":
        named = price_of(namer, config.name_price if namer != reader else config.price)
        steps += await _named(drawn.read, config, namer, named)
    return Estimate(tuple(steps), len(limited), drawn.sampled)


def _asked(
    drawn: Drawn,
    kinds: Sequence[str],
    step: str,
    model: str,
    price: tuple[float, float] | None,
    config: RunConfig,
) -> StepEstimate:
    density = density_of(model)
    calls, read, written = Range(), Range(), Range()
    for kind in kinds:
        asked = drawn.asked.get(kind, Asked())
        share = _FAILURES if kind == "failure" else _ASKED_AGAIN
        if kind != "screen":
            share = share.times(drawn.passing)
        own = asked.calls.times(share)
        calls = calls.plus(own)
        read = read.plus(_tokens(asked, density).times(share))
        answer = _ANSWERS[kind]
        if kind == "summary":
            own_questions = len(facets_of_summaries(config))
            questions = Range(own_questions, own_questions)
            answer = answer.plus(_OWN_QUESTION.times(questions))
        written = written.plus(own.times(answer))
    kept = sum(drawn.asked[kind].cached for kind in kinds if kind in drawn.asked)
    return StepEstimate(step, model, calls, read, written, _cost(price, read, written), kept)


async def _named(
    conversations: Range, config: RunConfig, model: str, price: tuple[float, float] | None
) -> list[StepEstimate]:
    fewest, most = math.floor(conversations.low), math.ceil(conversations.high)
    clusters = Range(cluster_counts(fewest, config).low, cluster_counts(most, config).high)
    # A group of one is no theme.
    few_themes = theme_count(int(clusters.low), config.max_top) / 2
    themes = Range(few_themes, theme_count(int(clusters.high), config.max_top))
    is_set = config.clusters is not None or config.per_cluster is not None
    again = NAMED_AGAIN if is_set else _FOUND_AND_NAMED_AGAIN
    density = density_of(model)
    steps = []
    counts: dict[str, tuple[Range, str]] = {
        "name": (clusters, "cluster_name"),
        "meta_cluster": (themes, "theme_name"),
    }
    for step, (count, kind) in counts.items():
        members = Range(fewest / max(count.low, 1.0), most / max(count.high, 1.0))
        children = clusters.high / max(themes.high, 1.0)
        one = await cluster_requests(config, kind, members, children, _grouped_bytes(config))
        calls = count.times(again)
        read = density.tokens(one.characters.low, one.bytes.high, Range(1, 1)).times(calls)
        written = _ANSWERS[kind].times(calls)
        steps.append(StepEstimate(step, model, calls, read, written, _cost(price, read, written)))
    return steps


def _grouped_bytes(config: RunConfig) -> Range:
    return _GROUPED_BYTES.get(config.cluster_by, _OTHER_BYTES)


def _embedded(count: Range, model: str, config: RunConfig) -> StepEstimate:
    size = _grouped_bytes(config).times(count)
    read = density_of(model).tokens(size.low, size.high, Range())
    fewest, most = (math.ceil(many / TEXTS_A_REQUEST) for many in (count.low, count.high))
    calls = Range(fewest, most + 1)
    cost = _cost(price_of(model), read, Range())
    return StepEstimate("embed", model, calls, read, Range(), cost)


def _tokens(asked: Asked, density: Density) -> Range:
    return density.tokens(asked.characters.low, asked.bytes.high, asked.calls)


def _cost(price: tuple[float, float] | None, read: Range, written: Range) -> Range | None:
    if price is None:
        return None
    million = 1_000_000
    low = (read.low * price[0] + written.low * price[1]) / million
    return Range(low, (read.high * price[0] + written.high * price[1]) / million)


def _sum(ranges: Iterable[Range]) -> Range:
    total = Range()
    for one in ranges:
        total = total.plus(one)
    return total
