"""From a configuration to the engine that fulfils it."""

from __future__ import annotations

from kura_core.config import RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.engines.protocol import Engine
from kura_core.errors import EngineError

AVAILABLE = ("offline",)


def make_engine(config: RunConfig) -> Engine:
    """Make the engine a configuration names. Raises EngineError when this version has none."""
    if config.engine == "offline":
        return OfflineEngine()
    raise EngineError(
        f"Got the engine {config.engine!r}; this version of Kura has {', '.join(AVAILABLE)}. "
        "Set the engine to offline: it needs no key and sends nothing anywhere."
    )
