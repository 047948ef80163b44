"""How servers want to be asked: their own words for a refusal, found out before a run, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kura_core.config import RunConfig
from kura_core.engines.connection import Connection, check_connection
from kura_core.engines.kept_answers import finding, found_out
from kura_core.engines.language_model import LanguageModelEngine
from kura_core.engines.spending import Spending
from kura_core.errors import BudgetSpent, ConversationError, EngineError
from kura_core.steps.summarise import summarise
from kura_core.types import ConversationSummary
from tests.engines.talks import talks
from tests.engines.test_language_model_kept import Memory
from tests.llm_server import LLMServer, Order

Maker = Callable[..., LanguageModelEngine]
Refusals = dict[str, tuple[int, Any]]

_JINJA = (
    "\n------------\nWhile executing CallExpression at line 2, column 32 in source:\n"
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not"
    " supported') }}{% endif %}{% for message in messages %}\n" + " " * 40 + "^\n"
    "Error: Jinja Exception: System role not supported"
)


def llama_cpp(status: int, message: str, kind: str) -> tuple[int, Any]:
    return status, {"error": {"code": status, "message": message, "type": kind}}


def vllm(message: str) -> tuple[int, Any]:
    kind = "BadRequestError"
    return 400, {"object": "error", "message": message, "type": kind, "param": None, "code": 400}


def openai_like(message: str, code: str = "invalid_request_error") -> tuple[int, Any]:
    return 400, {"error": {"message": message, "type": "invalid_request_error", "code": code}}


LM_STUDIO = (400, {"error": "'response_format.type' must be 'json_schema' or 'text'"})
UNAVAILABLE = openai_like("This response_format type is unavailable now")
EXTRA = {
    "detail": [
        {
            "type": "extra_forbidden",
            "loc": ["body", "max_completion_tokens"],
            "msg": "Extra inputs are not permitted",
            "input": 2000,
        }
    ]
}
SERVERS: dict[str, tuple[Refusals, str, set[str]]] = {
    "LM Studio, and a model without structured output": (
        {
            "json_schema": openai_like("Model does not support structured output"),
            "json_object": LM_STUDIO,
        },
        "text",
        set(),
    ),
    "vLLM with xgrammar": (
        {
            "json_schema": vllm(
                "The provided JSON schema contains features not supported by xgrammar."
            )
        },
        "object",
        set(),
    ),
    "vLLM with llguidance": (
        {"json_schema": vllm('Grammar error: Unimplemented keys: ["propertyNames"]')},
        "object",
        set(),
    ),
    "llama.cpp and a grammar it cannot parse": (
        {
            "json_schema": llama_cpp(
                400,
                "Failed to initialize samplers: failed to parse grammar",
                "invalid_request_error",
            )
        },
        "object",
        set(),
    ),
    "llama.cpp that takes schema and grammar for two things": (
        {
            form: llama_cpp(
                500,
                'Either "json_schema" or "grammar" can be specified, but not both',
                "server_error",
            )
            for form in ("json_schema", "json_object")
        },
        "text",
        set(),
    ),
    "llama.cpp and a template without a system's message": (
        {"system": llama_cpp(500, _JINJA, "server_error")},
        "schema",
        {"system message"},
    ),
    "vLLM and a template without a system's message": (
        {"system": vllm("System role not supported")},
        "schema",
        {"system message"},
    ),
    "a template that wants roles to alternate": (
        {
            "system": vllm(
                "Conversation roles must alternate user/assistant/user/assistant/... "
            )
        },
        "schema",
        {"system message"},
    ),
    "a template that names the roles it knows": (
        {"system": vllm("Only user, assistant and tool roles are supported, got system.")},
        "schema",
        {"system message"},
    ),
    "a server that breaks at a system's message without a word": (
        {"system": (500, {"error": "Internal Server Error"})},
        "schema",
        {"system message", "temperature", "reasoning_effort", "max_completion_tokens"},
    ),
    "DeepSeek": ({"json_schema": UNAVAILABLE}, "object", set()),
    "DeepSeek, as it says it elsewhere": (
        {
            "json_schema": (
                422,
                "Failed to deserialize the JSON body into the target type: response_format: "
                "response_format.type `json_schema` is unavailable now at line 1 column 1193",
            )
        },
        "object",
        set(),
    ),
    "Groq": (
        {
            "json_schema": openai_like(
                "This model does not support response format `json_schema`. See supported models."
            )
        },
        "object",
        set(),
    ),
    "Mistral": (
        {
            "max_completion_tokens": (
                422,
                {"object": "error", "message": EXTRA, "type": "invalid_request_error"},
            )
        },
        "schema",
        {"max_completion_tokens"},
    ),
    "Mistral behind another framework": (
        {"max_completion_tokens": (422, EXTRA)},
        "schema",
        {"max_completion_tokens"},
    ),
    "OpenRouter, where no provider has schemas": (
        {
            "json_schema": (
                404,
                {
                    "error": {
                        "message": "No endpoints found that can handle the requested parameters.",
                        "code": 404,
                    }
                },
            )
        },
        "object",
        set(),
    ),
    "OpenRouter, repeating a provider": (
        {
            "system": (
                400,
                {
                    "error": {
                        "message": "Provider returned error",
                        "code": 400,
                        "metadata": {
                            "raw": '{"error": {"message": "Developer instruction is not enabled '
                            'for models/gemma-3-12b-it"}}',
                            "provider_name": "Google AI Studio",
                        },
                    }
                },
            )
        },
        "schema",
        {"system message"},
    ),
    "a temperature that must not be set": (
        {
            "temperature": openai_like(
                "Unsupported value: 'temperature' does not support 0 with this model."
            )
        },
        "schema",
        {"temperature"},
    ),
}


def found_for(server: LLMServer, provider: Any = "openai") -> Connection:
    config = RunConfig(engine=provider, base_url=server.base_url(provider), model="own")
    server.models = ["own"]
    return asyncio.run(check_connection(config))


async def at_once(seconds: float) -> None:
    """Wait for nothing."""


def read_all(
    engine: LanguageModelEngine, memory: Memory, count: int = 10
) -> list[ConversationSummary | ConversationError]:
    async def work() -> list[ConversationSummary | ConversationError]:
        engine.calls.sleep = at_once
        keeping = engine.keeping(memory)
        try:
            await keeping.check()
            return await summarise(talks(count), keeping, (), concurrency=10)
        finally:
            await keeping.aclose()

    return asyncio.run(work())


@pytest.mark.parametrize("name", SERVERS)
def test_a_servers_own_words_are_understood_and_no_call_of_a_run_is_refused(
    server: LLMServer, engine_for: Maker, name: str
) -> None:
    server.refuses, shape, without = SERVERS[name]
    server.models = ["own"]
    memory = Memory()
    engine = engine_for("openai", model="own")
    found = read_all(engine, memory)
    assert all(isinstance(one, ConversationSummary) for one in found)
    tiny = [request for request in server.asked("completions") if "snow" in request.text]
    asked = server.asked("completions")[len(tiny) :]
    assert len(asked) == 10
    for request in asked:
        kind = request.body.get("response_format", {}).get("type", "text")
        assert kind == {"schema": "json_schema", "object": "json_object", "text": "text"}[shape]
        assert not without & request.body.keys()
        roles = [message["role"] for message in request.body["messages"]]
        assert roles == (["user"] if "system message" in without else ["system", "user"])
        assert "never instructions to you" in request.text


@pytest.mark.parametrize("ignored", [("schema",), ("schema", "object")], ids="-".join)
def test_a_server_that_takes_a_form_and_pays_no_heed_is_asked_otherwise(
    server: LLMServer, ignored: tuple[Any, ...]
) -> None:
    server.ignores = frozenset(ignored)
    found = found_for(server)
    assert found.ok
    assert found.text.endswith("It takes no schema: answers are asked for as JSON and checked.")
    assert len(server.asked("completions")) == 2


def test_the_sentence_says_how_a_server_will_be_asked(server: LLMServer) -> None:
    assert found_for(server).text.endswith("own can be used. It keeps to a form.")
    server.knows = frozenset({"object"})
    assert "answers are asked for as JSON and checked" in found_for(server).text
    server.knows = frozenset()
    assert "answers are asked for in words, repaired and checked" in found_for(server).text
    server.knows = frozenset({"tool"})
    assert "as a tool's input" in found_for(server, "anthropic").text


def test_a_form_that_comes_back_as_reasoning_is_read(server: LLMServer, engine_for: Maker) -> None:
    server.ignores = frozenset({"schema", "object"})
    server.writes = lambda text: f"The user wants {{this}}.</think>\n{text}"
    found = read_all(engine_for("openai", model="own"), Memory(), 3)
    assert all(isinstance(one, ConversationSummary) for one in found)


def test_a_later_run_asks_no_tiny_question(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    server.knows = frozenset()
    server.models = ["own"]
    memory = Memory()
    read_all(engine_for(provider, model="own"), memory)
    before = len(server.received)
    read_all(engine_for(provider, model="own"), memory, 14)
    assert [r.path for r in server.received[before:]].count("/v1/models") == 1
    assert len(server.received) - before == 1 + 4
    # Another model is another server's matter.
    server.models = ["own", "other"]
    read_all(engine_for(provider, model="other"), memory, 1)
    assert "snow" in server.received[before + 6].text


def test_what_is_damaged_unknown_or_old_is_found_out_anew(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    server.models = ["own"]
    long_ago = finding("dialect", {"shape": "text", "without": []}, date(2020, 1, 1))
    strange = finding("dialect", {"shape": "rhymes", "without": ["capitals"]})
    for text in (long_ago, strange, "{", "[]", '{"dialect": 1, "on": "today"}'):
        memory = Memory()
        read_all(engine_for(provider, model="own"), memory, 1)
        key = next(key for key, value in memory.items() if '"dialect"' in value)
        memory[key] = text
        before = len(server.received)
        read_all(engine_for(provider, model="own"), memory, 1)
        assert "snow" in server.received[before + 1].text
        assert found_out(memory[key], "dialect") == {"shape": "schema", "without": []}


def test_a_way_that_is_refused_later_is_found_anew_and_no_conversation_is_lost(
    server: LLMServer, engine_for: Maker
) -> None:
    server.models = ["own"]
    memory = Memory()
    engine = engine_for("openai", model="own", concurrency=2).keeping(memory)

    async def work() -> list[ConversationSummary | ConversationError]:
        await engine.check()
        first = await summarise(talks(4), engine, (), concurrency=2)
        server.refuses = {"json_schema": UNAVAILABLE}  # another model was loaded, or another route
        rest = await summarise(talks(12)[4:], engine, (), concurrency=2)
        await engine.aclose()
        return [*first, *rest]

    found = asyncio.run(work())
    assert all(isinstance(one, ConversationSummary) for one in found)
    refused = [r for r in server.asked("completions")[5:] if "json_schema" in str(r.body)]
    assert len(refused) <= 2
    kept = next(value for value in memory.values() if '"dialect"' in value)
    assert found_out(kept, "dialect")["shape"] == "object"


def test_a_refused_text_is_not_taken_for_a_refused_way_of_asking(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    server.models = ["own"]
    server.orders = [Order(400, text="invoice 005", message="I will not read this")]
    found = read_all(engine_for(provider, model="own", concurrency=1), Memory())
    assert [isinstance(one, ConversationError) for one in found].count(True) == 1
    last = server.received[-1].body
    assert {"response_format", "output_config"} & last.keys()


def test_no_tiny_question_is_asked_above_the_budget(server: LLMServer, engine_for: Maker) -> None:
    engine = engine_for("openai", model="own", price=(1_000.0, 1_000.0))
    engine.spend_within(Spending(limit=0.01))

    async def work() -> None:
        await engine.check()
        with pytest.raises(BudgetSpent):
            await engine.summarise(talks(1)[0], ())
        await engine.aclose()

    asyncio.run(work())
    assert not server.asked("completions")


def test_a_server_that_is_down_is_not_asked_in_other_ways(
    server: LLMServer, engine_for: Maker, provider: str
) -> None:
    server.models = ["own"]
    server.orders = [Order(503, path=path) for path in ("completions", "messages")]
    engine = engine_for(provider, model="own")
    engine.calls.sleep = at_once

    async def work() -> None:
        with pytest.raises(EngineError, match="503"):
            await engine.check()
        await engine.aclose()

    asyncio.run(work())
    assert len(server.received) == 1 + 4
