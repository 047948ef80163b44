from __future__ import annotations

import json
from typing import get_args

import pytest

from kura_core.config import RunConfig
from kura_core.engines.choose import make_engine
from kura_core.engines.endpoint import find_endpoint
from kura_core.engines.language_model import LanguageModelEngine
from kura_core.engines.prices import price_of
from kura_core.engines.providers import DEFAULT_MODELS
from kura_core.errors import ConfigError, EngineError


def test_every_engine_can_be_made() -> None:
    keys = {"openai": "sk-a", "anthropic": "sk-b"}
    for name in get_args(RunConfig.model_fields["engine"].annotation):
        assert make_engine(RunConfig(engine=name), keys).name == name


def test_default_models_have_a_known_price() -> None:
    assert all(price_of(model) for model in DEFAULT_MODELS.values())


def test_a_missing_key_names_the_variable(provider: str) -> None:
    with pytest.raises(EngineError, match=f"{provider.upper()}_API_KEY"):
        make_engine(RunConfig(engine=provider))


def test_a_key_comes_from_the_environment_unless_given(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{provider.upper()}_API_KEY", "sk-from-environment")
    assert find_endpoint(provider).key == "sk-from-environment"
    assert find_endpoint(provider, keys={provider: " sk-given\n"}).key == "sk-given"


def test_an_address_comes_from_the_environment_unless_given(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{provider.upper()}_BASE_URL", "http://one:1/v1/")
    assert find_endpoint(provider).base_url == "http://one:1/v1"
    assert find_endpoint(provider, "http://two:2").base_url == "http://two:2"


def test_a_server_of_ones_own_needs_no_key(provider: str) -> None:
    engine = make_engine(RunConfig(engine=provider, base_url="http://localhost:1234/v1"))
    assert isinstance(engine, LanguageModelEngine)
    assert engine.calls.endpoint.key == "none"


def test_secrets_in_an_address_stay_out_of_identity(provider: str) -> None:
    address = "https://me:hush-hush@llm.example/v1?api-key=hidden"
    identity = json.dumps(make_engine(RunConfig(engine=provider, base_url=address)).identity())
    assert "llm.example/v1" in identity
    assert "hush" not in identity and "hidden" not in identity


@pytest.mark.parametrize("address", ["localhost:11434", "ftp://host/v1", "http://", "/v1"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(ConfigError, match="Correct the base URL"):
        find_endpoint("openai", address)


@pytest.mark.parametrize("key", ["“sk-quoted”", "sk with spaces", "sk-\x07"])
def test_a_key_no_server_could_be_sent_is_told_without_showing_it(key: str) -> None:
    with pytest.raises(EngineError, match="Copy it again") as raised:
        find_endpoint("openai", keys={"openai": key})
    assert key not in str(raised.value)
