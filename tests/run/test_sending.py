import pytest

from kura_core.config import RunConfig
from kura_core.errors import ConfigError
from kura_core.run.sending import keys_for, missing_keys, sendings


def told(config: RunConfig) -> list[tuple[str, str, str]]:
    return [(one.what, one.provider, one.host) for one in sendings(config)]


def test_offline_nothing_leaves_and_no_key_is_needed() -> None:
    assert told(RunConfig()) == []
    assert missing_keys(RunConfig(), {}) == []


def test_a_language_model_gets_the_conversations() -> None:
    assert told(RunConfig(engine="anthropic")) == [
        ("conversations", "anthropic", "api.anthropic.com")
    ]


def test_an_own_server_is_named_and_may_need_no_key() -> None:
    config = RunConfig(engine="openai", base_url="http://localhost:11434/v1")

    assert told(config) == [("conversations", "openai", "localhost")]
    assert missing_keys(config, {}) == []


def test_vectors_made_elsewhere_are_told_whoever_writes_the_summaries() -> None:
    assert told(RunConfig(embedding_model="openai")) == [("summaries", "openai", "api.openai.com")]
    both = RunConfig(engine="anthropic", embedding_model="openai")
    assert missing_keys(both, {"anthropic": "k"}) == ["openai"]
    assert missing_keys(both, {"anthropic": "k", "openai": "k"}) == []


def test_a_run_is_handed_only_the_keys_it_uses() -> None:
    keys = {"anthropic": "a", "openai": "o"}

    assert keys_for(RunConfig(), keys) == {}
    assert keys_for(RunConfig(engine="openai"), keys) == {"openai": "o"}


def test_an_address_that_is_none_is_a_sentence() -> None:
    with pytest.raises(ConfigError, match="base URL"):
        sendings(RunConfig(engine="openai", base_url="localhost:11434"))
