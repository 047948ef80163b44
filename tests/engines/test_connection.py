from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from kura_core.config import RunConfig
from kura_core.engines import connection, endpoint
from kura_core.engines.connection import Connection, check_connection
from kura_core.engines.language_model import LanguageModelEngine
from kura_core.errors import EngineError
from tests.engines.conftest import KEY
from tests.llm_server import LLMServer, Order

_ASKING = ("messages", "completions")


def found_for(server: LLMServer, provider: str, **settings: Any) -> Connection:
    given = {"base_url": server.base_url(provider), **settings}
    return asyncio.run(check_connection(RunConfig(engine=provider, **given), KEY))


@pytest.fixture
def own_address(server: LLMServer, monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    """Make the server's address pass for the provider's own."""
    address = server.base_url(provider)
    monkeypatch.setattr(endpoint, "_OWN_URLS", {provider: address})


@pytest.mark.usefixtures("own_address")
def test_a_listed_model_is_fine_and_costs_nothing(server: LLMServer, provider: str) -> None:
    found = found_for(server, provider)
    assert found.ok
    assert "can be used" in found.text
    assert found.models == tuple(server.models)
    assert [request.path for request in server.received] == ["/v1/models"]


@pytest.mark.usefixtures("own_address")
def test_a_release_of_the_model_in_the_list_will_do(server: LLMServer, provider: str) -> None:
    server.models = ["own-model-2026-01-31"]
    assert found_for(server, provider, model="own-model").ok
    assert len(server.received) == 1


@pytest.mark.usefixtures("own_address")
def test_a_model_that_is_not_listed_is_asked_one_tiny_call(
    server: LLMServer, provider: str
) -> None:
    assert found_for(server, provider, model="own-model").ok
    paths = [request.path for request in server.received]
    assert len(paths) == 2 and paths[0] == "/v1/models"
    sent = server.received[1].body
    assert sent.get("max_tokens", sent.get("max_completion_tokens")) == 16


def test_a_server_of_ones_own_is_asked_once_for_a_form(server: LLMServer, provider: str) -> None:
    found = found_for(server, provider)
    assert found.ok
    assert found.text.endswith("can be used. It keeps to a form.")
    assert len(server.received) == 2
    assert "verdict" in json.dumps(server.received[1].body)


def test_the_model_for_names_is_tested_too(server: LLMServer, provider: str) -> None:
    found = found_for(server, provider, name_model="strong-model")
    assert "strong-model, for names, can be used too. It keeps to a form." in found.text
    server.orders = [Order(404, path=path, nth=frozenset({2})) for path in _ASKING]
    found = found_for(server, provider, name_model="no-such-model")
    assert not found.ok
    assert "The model 'no-such-model' cannot be used" in found.text


def test_an_answer_without_a_form_is_said(server: LLMServer) -> None:
    server.ignores = frozenset({"schema", "object"})
    server.writes = lambda text: "Yes, snow is white."
    found = found_for(server, "openai")
    assert found.ok
    assert "many conversations may fail" in found.text


def test_a_server_without_a_list_is_asked_one_tiny_call(server: LLMServer, provider: str) -> None:
    server.orders = [Order(404, path="/models")]
    assert found_for(server, provider).ok


def test_an_unknown_model_is_told_with_those_on_offer(server: LLMServer, provider: str) -> None:
    server.orders = [Order(404, path="messages"), Order(404, path="completions")]
    found = found_for(server, provider, model="no-such-model")
    assert not found.ok
    assert "The model 'no-such-model' cannot be used" in found.text
    assert "It lists gpt-6-luna" in found.text


def test_a_wrong_key_is_told_without_showing_it(server: LLMServer, provider: str) -> None:
    server.orders = [Order(401, message=f"Incorrect API key provided: {KEY}")]
    found = found_for(server, provider)
    assert not found.ok
    assert "refused the key (401)" in found.text
    assert KEY not in found.text
    assert len(server.received) == 1


def test_a_page_instead_of_an_api_is_told(server: LLMServer, provider: str) -> None:
    server.orders = [Order("page")]
    found = found_for(server, provider)
    assert not found.ok
    assert "answers, but not as an API does" in found.text


def test_a_server_that_is_not_there_is_told(provider: str) -> None:
    settings = RunConfig(engine=provider, base_url="http://127.0.0.1:1/v1")
    found = asyncio.run(check_connection(settings, KEY))
    assert not found.ok
    assert "http://127.0.0.1:1/v1 cannot be reached" in found.text


def test_a_server_that_never_answers_is_told(
    server: LLMServer, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SECONDS", 0.05)
    server.orders = [Order("stall")]
    found = found_for(server, provider)
    assert not found.ok
    assert "did not answer in 0.05 seconds" in found.text


def test_the_offline_engine_needs_no_test() -> None:
    assert asyncio.run(check_connection(RunConfig())).ok


def test_a_missing_key_is_told_with_where_to_put_it(provider: str) -> None:
    found = asyncio.run(check_connection(RunConfig(engine=provider)))
    assert not found.ok
    assert f"{provider.upper()}_API_KEY" in found.text


def test_an_engine_checks_itself_before_anything_is_spent(
    server: LLMServer, engine_for: Callable[..., LanguageModelEngine], provider: str
) -> None:
    engine = engine_for(provider)
    asyncio.run(checked(engine))
    assert engine.usage().sent == 1
    server.orders = [Order(401)]
    with pytest.raises(EngineError, match="refused the key"):
        asyncio.run(checked(engine_for(provider)))


async def checked(engine: LanguageModelEngine) -> None:
    try:
        await engine.check()
    finally:
        await engine.aclose()
