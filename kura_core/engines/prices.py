"""What models cost and how much they can read, from one dated list."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

# "-2025-04-14", "-20251001" and "-latest" name a release of a model, not another model.
_RELEASE = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8}|latest)$")


@dataclass(slots=True, frozen=True)
class ModelFacts:
    """A model's list price in US dollars per million tokens, and its context length in tokens."""

    input: float
    output: float
    context: int


@dataclass(slots=True, frozen=True)
class PriceList:
    """The facts of all known models, and the day on which they were true."""

    as_of: str
    sources: tuple[str, ...]
    models: MappingProxyType[str, ModelFacts]


@cache
def price_list() -> PriceList:
    """Read the list that comes with Kura."""
    kept = json.loads((files("kura_core.engines") / "prices.json").read_text("utf-8"))
    models = {name: ModelFacts(**facts) for name, facts in kept["models"].items()}
    return PriceList(kept["as_of"], tuple(kept["sources"]), MappingProxyType(models))


def facts_of(model: str) -> ModelFacts | None:
    """Return what is known of a model, whatever its release or routing prefix; None if nothing."""
    name = model.strip().lower().rpartition("/")[2]
    models = price_list().models
    return models.get(name) or models.get(_RELEASE.sub("", name))


def price_of(model: str, own: tuple[float, float] | None = None) -> tuple[float, float] | None:
    """Return dollars per million tokens (in, out): the user's own, else the list's, else None."""
    if own is not None:
        return own
    facts = facts_of(model)
    return (facts.input, facts.output) if facts else None


def cost_of(
    price: tuple[float, float] | None, input_tokens: int, output_tokens: int
) -> float | None:
    """Return the dollars that tokens cost, an upper bound: discounts are not known; None if not.

    Nothing spent costs nothing, whether the price is known or not.
    """
    if not input_tokens and not output_tokens:
        return 0.0
    if price is None:
        return None
    return (input_tokens * price[0] + output_tokens * price[1]) / 1_000_000
