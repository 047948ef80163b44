from __future__ import annotations

import email.utils
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from kura_core.engines.failures import CallFailed, call_failure


class SdkError(Exception):
    """An error as both SDKs build theirs."""

    def __init__(
        self, status: int, body: Any = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(f"Error code: {status}")
        self.status_code = status
        self.body = body
        self.response = SimpleNamespace(headers=headers or {})


def body(message: str, code: str = "") -> dict[str, Any]:
    return {"message": message, "code": code}


@pytest.mark.parametrize(
    ("status", "message", "code", "kind"),
    [
        (408, "", "", "transient"),
        (409, "", "", "transient"),
        (429, "Rate limit reached", "rate_limit_exceeded", "transient"),
        (429, "You exceeded your current quota", "insufficient_quota", "unusable"),
        (400, "Your credit balance is too low to access the API", "", "unusable"),
        (500, "", "", "transient"),
        (529, "Overloaded", "overloaded_error", "transient"),
        (401, "Incorrect API key", "invalid_api_key", "unusable"),
        (403, "", "", "unusable"),
        (404, "The model does not exist", "model_not_found", "unusable"),
        (400, "maximum context length is 8192 tokens", "context_length_exceeded", "too long"),
        (400, "prompt is too long: 208310 tokens > 200000 maximum", "", "too long"),
        (413, "Request exceeds the maximum size", "", "too long"),
        (400, "Invalid prompt", "content_policy_violation", "refused"),
        (422, "Unprocessable", "", "refused"),
    ],
)
def test_each_status_has_its_consequence(status: int, message: str, code: str, kind: str) -> None:
    assert call_failure(SdkError(status, body(message, code))).kind == kind
    nested = {"type": "error", "error": {"type": code, "message": message}}
    assert call_failure(SdkError(status, nested)).kind == kind


def test_no_answer_at_all_is_worth_another_try() -> None:
    error = ConnectionError("Connection error.")
    error.__cause__ = OSError("[Errno 111] Connection refused")
    failed = call_failure(error)
    assert (failed.kind, failed.status) == ("transient", None)
    assert "Connection refused" in failed.message


def test_an_answer_that_is_no_json_is_unreadable() -> None:
    assert call_failure(ValueError("Expecting value: line 1 column 1")).unreadable


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "soon"}, None),
        ({}, None),
        ({"retry-after": "-3"}, 0.0),
    ],
)
def test_retry_after_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert call_failure(SdkError(429, body(""), headers)).retry_after == seconds


def test_retry_after_may_be_a_date() -> None:
    moment = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    waiting = call_failure(SdkError(503, None, {"retry-after": moment})).retry_after
    assert waiting is not None
    assert 60 < waiting <= 90


def test_a_page_as_an_error_is_told_in_short() -> None:
    failed = call_failure(SdkError(502, "<html><h1>Bad gateway</h1>" + "<p>sorry</p>" * 200))
    assert failed.message.startswith("Bad gateway sorry")
    assert len(failed.message) <= 201


@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("maximum context length is 8192 tokens. You requested 90,000 tokens", 8192),
        ("prompt is too long: 208310 tokens > 200000 maximum", 200000),
        ("too long", None),
        ("error 413: too long", None),
    ],
)
def test_the_context_length_is_read_from_the_message(message: str, limit: int | None) -> None:
    assert CallFailed("too long", message).token_limit == limit
