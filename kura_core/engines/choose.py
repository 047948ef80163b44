"""From a configuration to the engine that fulfils it."""

from __future__ import annotations

from collections.abc import Mapping

from kura_core.config import RunConfig
from kura_core.engines.calls import Calls, Patience
from kura_core.engines.endpoint import find_endpoint
from kura_core.engines.language_model import LanguageModelEngine
from kura_core.engines.offline import OfflineEngine
from kura_core.engines.prices import price_of
from kura_core.engines.protocol import Engine
from kura_core.engines.providers import DEFAULT_MODELS, make_provider
from kura_core.engines.two_tiers import TwoTierEngine


def make_engine(
    config: RunConfig,
    keys: Mapping[str, str] | None = None,
    *,
    patience: Patience | None = None,
) -> Engine:
    """Make the engine a configuration names; nothing is sent yet.

    `keys` are by provider; without them the provider's own environment variable is read. Raises
    EngineError where a key is needed and there is none.
    """
    if config.engine == "offline":
        return OfflineEngine()
    endpoint = find_endpoint(config.engine, config.base_url, keys)
    patience = patience or Patience()

    def asking(model: str, price: tuple[float, float] | None) -> LanguageModelEngine:
        calls = Calls(
            endpoint,
            config.concurrency,
            price,
            patience,
            config.seed,
            requests_per_minute=config.requests_per_minute,
            tokens_per_minute=config.tokens_per_minute,
        )
        provider = make_provider(endpoint, model, patience.timeout)
        return LanguageModelEngine(config.engine, model, provider, calls, config.prompts)

    reader, namer = models_of(config)
    engine = asking(reader, price_of(reader, config.price))
    if namer == reader:
        return engine
    return TwoTierEngine(engine, asking(namer, price_of(namer, config.name_price)))


def models_of(config: RunConfig) -> tuple[str, str]:
    """Return the model that reads conversations, and the one that names clusters."""
    reader = config.model or DEFAULT_MODELS[config.engine]
    return reader, config.name_model or reader
