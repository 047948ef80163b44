"""Logs of calls to OpenAI's and Anthropic's APIs, as their documentation shows them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kura_core.load import load_conversations
from tests.load.export_files import read_row, said_in
from tests.load.written_files import write

ANSWER = {"role": "assistant", "content": "Hello!", "refusal": None}
CHOICES = [{"index": 0, "message": ANSWER, "logprobs": None, "finish_reason": "stop"}]
ASKED = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}]
COMPLETION = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1_735_689_600,
    "model": "gpt-4o-mini-2024-07-18",
    "choices": CHOICES,
    "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11},
}
OUTPUT = [
    {"id": "rs_1", "type": "reasoning", "summary": []},
    {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": "Hello!", "annotations": []}],
    },
]
RESPONSE = {"id": "resp_1", "object": "response", "created_at": 1_735_689_600, "output": OUTPUT}
REQUEST = {"model": "gpt-4o-mini", "messages": ASKED, "max_tokens": 100, "user": "u7"}
CLAUDE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5",
    "content": [{"type": "text", "text": "Hello!"}],
    "usage": {"input_tokens": 9, "output_tokens": 2},
}
LOGS = {
    "stored completion": {**COMPLETION, "messages": ASKED},
    "request and response": {"request": REQUEST, "response": COMPLETION},
    "bodies": {"request_body": REQUEST, "response_body": COMPLETION, "latency_ms": 20},
    "batch, both": {
        "custom_id": "r1",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": REQUEST,
        "response": {"status_code": 200, "request_id": "req_1", "body": COMPLETION},
        "error": None,
    },
    "responses": {
        "request": {"model": "gpt-5", "instructions": "Be kind.", "input": "Hi"},
        "response": RESPONSE,
    },
    "response with input": {
        **RESPONSE,
        "model": "gpt-5",
        "instructions": "Be kind.",
        "input": "Hi",
    },
    "input items": {
        **RESPONSE,
        "model": "gpt-5",
        "input": [
            {"role": "developer", "content": "Be kind."},
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
        ],
    },
    "anthropic": {
        "request": {"model": "claude", "system": "Be kind.", "messages": ASKED[1:]},
        "response": CLAUDE,
    },
    "answer twice": {"request": {**REQUEST, "messages": [*ASKED, ANSWER]}, "response": COMPLETION},
}


@pytest.mark.parametrize("form", LOGS)
def test_a_log_of_a_call_is_read_with_its_answer(form: str) -> None:
    assert said_in(LOGS[form]) == [("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello!")]


def test_a_log_keeps_its_id_user_time_and_model() -> None:
    conversation = read_row(LOGS["batch, both"])
    assert (conversation.conversation_id, conversation.user_id) == ("r1", "u7")
    assert conversation.created_at == datetime(2025, 1, 1, tzinfo=UTC)
    assert conversation.metadata == {"model": "gpt-4o-mini-2024-07-18"}
    assert read_row(LOGS["bodies"]).metadata["latency_ms"] == 20


def test_a_batch_request_without_its_answer_is_read_and_an_answer_alone_says_what_is_missing(
    tmp_path: Path,
) -> None:
    request = {"custom_id": "r1", "method": "POST", "url": "/v1/chat/completions", "body": REQUEST}
    assert said_in(request) == [("system", "Be kind."), ("user", "Hi")]
    answer = {"id": "batch_req_1", "custom_id": "r1", "response": {"body": COMPLETION}}
    lines = "\n".join(json.dumps(one) for one in (request, answer))
    loaded = load_conversations(write(tmp_path, "batch.jsonl", lines))
    assert "without what was asked" in loaded.report.rejected[0].reason
    assert loaded.report.usable == 1
