"""The money of one run: its budget, what it was estimated to cost, and the meter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kura_core.engines.embeddings import embedding_model_of
from kura_core.engines.prices import price_of
from kura_core.engines.spending import Spending
from kura_core.run.context import RunContext
from kura_core.run.cost.estimate import estimate_run
from kura_core.run.cost.meter import Meter, spent_before
from kura_core.run.manifest import spent
from kura_core.run.tables import write_manifest
from kura_core.types import Conversation


def begin_spending(context: RunContext, earlier: Mapping[str, Any]) -> None:
    """Count what the run spends from here on, on top of what an `earlier` attempt at it did.

    Raises ConfigError where there is a budget and a price is not known, before anything is sent.
    """
    context.spending = Spending(context.config.budget, spent_before(earlier))
    if embedding := embedding_model_of(context.config.embedding_model):
        context.spending.needs_price(embedding, price_of(embedding))
    context.engine.spend_within(context.spending)


async def begin_meter(
    context: RunContext,
    conversations: Sequence[Conversation],
    folder: Path,
    manifest: Mapping[str, Any],
    there: Mapping[str, Any],
) -> dict[str, Any]:
    """Estimate the run, and tell from here on what it spends; returns what its manifest keeps.

    A run that goes on keeps the estimate it began with.
    """
    if context.engine.name == "offline" and not embedding_model_of(context.config.embedding_model):
        return {}
    estimate = await estimate_run(conversations, context.config, context.cache)
    begun = there.get("estimate") if context.spending.before else None
    kept = {"estimate": begun or estimate.as_json()}
    context.emit("estimate", **kept["estimate"])
    context.emit = Meter(
        context.emit,
        context.spending,
        estimate,
        keep=lambda: write_manifest(folder, {**manifest, **kept, **spent(context)}),
    )
    return kept
