"""What a run sends to other machines, so that its owner can be told and asked before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from kura_core.config import RunConfig
from kura_core.engines.addresses import host_of
from kura_core.engines.embeddings import embedding_model_of
from kura_core.engines.endpoint import find_endpoint

Provider = Literal["openai", "anthropic"]
# Servers of one's own may ask for no key; these always do.
_OWN_HOSTS = {"openai": "api.openai.com", "anthropic": "api.anthropic.com"}


@dataclass(frozen=True, slots=True)
class Sending:
    """One kind of text that leaves this machine, for whom, and to which host."""

    what: Literal["conversations", "summaries"]
    provider: Provider
    host: str

    @property
    def needs_key(self) -> bool:
        return self.host == _OWN_HOSTS[self.provider]


def sendings(config: RunConfig) -> list[Sending]:
    """What leaves with these settings; nothing where summaries and vectors are made here.

    Raises ConfigError when the base URL is no address.
    """
    found = []
    if config.engine != "offline":
        host = _host(config.engine, config.base_url)
        found.append(Sending("conversations", config.engine, host))
    if embedding_model_of(config.embedding_model) is not None:
        base_url = config.base_url if config.engine == "openai" else None
        found.append(Sending("summaries", "openai", _host("openai", base_url)))
    return found


def missing_keys(config: RunConfig, at_hand: Collection[str]) -> list[Provider]:
    """The providers whose key this takes and that are not `at_hand`. Raises as `sendings`."""
    needed = {sending.provider for sending in sendings(config) if sending.needs_key}
    return sorted(needed - set(at_hand))


def keys_for(config: RunConfig, keys: Mapping[str, str]) -> dict[str, str]:
    """Of the keys at hand those a run uses; a run gets no other. Raises as `sendings`."""
    used = {sending.provider for sending in sendings(config)}
    return {provider: key for provider, key in keys.items() if provider in used}


def _host(provider: Provider, base_url: str | None) -> str:
    # The address does not depend on the key, but none is given without one.
    return host_of(find_endpoint(provider, base_url, {provider: "unused"}).public_url)
