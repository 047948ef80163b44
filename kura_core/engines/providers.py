"""The providers there are, and the model each is asked for unless another is named."""

from __future__ import annotations

from kura_core.engines import anthropic, openai
from kura_core.engines.endpoint import Endpoint
from kura_core.engines.provider import Provider

DEFAULT_MODELS = {"openai": openai.DEFAULT_MODEL, "anthropic": anthropic.DEFAULT_MODEL}


def make_provider(endpoint: Endpoint, model: str, timeout: float) -> Provider:
    """Make the provider of an endpoint; its client is made at the first call."""
    if endpoint.provider == "anthropic":
        return anthropic.AnthropicProvider(endpoint, model, timeout)
    return openai.OpenAIProvider(endpoint, model, timeout)
