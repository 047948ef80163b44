from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kura_core.config import RunConfig
from kura_core.engines.calls import Patience
from kura_core.engines.choose import make_engine
from kura_core.engines.language_model import LanguageModelEngine
from tests.llm_server import LLMServer, running

KEY = "sk-test-0123456789abcdef"
# Seven tries without a wait that a test would feel.
QUICK = Patience(first_delay=0.001, longest_delay=0.002, timeout=5.0)


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with running(LLMServer()) as started:
        yield started


@pytest.fixture(params=["openai", "anthropic"])
def provider(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def engine_for(server: LLMServer) -> Callable[..., LanguageModelEngine]:
    """Make an engine that speaks to the server; settings are RunConfig's, patience the calls'."""

    def make(provider: str, patience: Patience = QUICK, **settings: Any) -> LanguageModelEngine:
        config = RunConfig(engine=provider, base_url=server.base_url(provider), **settings)
        engine = make_engine(config, {provider: KEY}, patience=patience)
        assert isinstance(engine, LanguageModelEngine)
        return engine

    return make
