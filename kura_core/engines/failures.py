"""What went wrong with a call, whichever SDK says so, and what is to be done about it."""

from __future__ import annotations

import email.utils
import json
import re
from datetime import UTC, datetime
from typing import Any, Literal

from kura_core.engines.rate_limits import Allowance, allowances

Kind = Literal["transient", "refused", "too long", "unusable"]

_TRANSIENT = frozenset({408, 409, 425, 429})
_UNUSABLE = frozenset({401, 402, 403, 404, 405, 407})
_QUOTA = re.compile(r"insufficient_quota|billing|credit balance|exceeded your current quota", re.I)
_TOO_LONG = re.compile(
    r"context.{0,12}(length|window|size)|prompt is too long|too many (input )?tokens|"
    r"maximum.{0,20}tokens|n_ctx|too large for model|"
    r"tokens`?.{0,30}must be <=|must have less than \d+ tokens",
    re.I,
)
# A refusal of how something was asked, whatever it was about, in the words of servers in use: of a
# form (LM Studio, vLLM and xgrammar, llama.cpp, DeepSeek, Groq, Fireworks, OpenRouter), of an
# option (Mistral), of the system's message (the chat templates of Gemma, Mistral and others).
_WORDING = re.compile(
    r"response[_ ]format|json[_ ]?(schema|object|mode)|structured.?output|guided.?(json|decod)|"
    r"grammar|initialize samplers|output_config|tool_choice|extra_forbidden|"
    r"extra (inputs|fields).{0,10}not permitted|"
    r"(unsupported|unknown|unrecognized).{0,20}(parameter|argument|value|field)|"
    r"no endpoints found that (can handle|support)",
    re.I,
)
SYSTEM_ROLE = re.compile(
    r"system.{0,3}(role|message|prompt).{0,40}(support|allowed|permitted)|got .?system|"
    r"(support|allow|only|expect).{0,40}system.{0,3}(role|message|prompt)|roles must alternate|"
    r"(developer|system) instruction is not enabled",
    re.I,
)
_MOST_DETAILS = 2_000
_NUMBER = re.compile(r"\d[\d,_]*")
_LONGEST_MESSAGE = 200
# A number below this in a message about lengths is no context length.
_SHORTEST_CONTEXT = 1_000


class CallFailed(Exception):
    """A call that brought no answer.

    `kind` says what to do: "transient", ask again; "refused", this request never works; "too
    long", ask with less text; "unusable", no request works. `status` is None when the server was
    not reached, `retry_after` the seconds it asked to wait, `limits` what it says is left;
    `unreadable` says that it answered, but not as an API does. `details` is all that it said, of
    which the message is the beginning.
    """

    def __init__(
        self,
        kind: Kind,
        message: str,
        *,
        status: int | None = None,
        code: str = "",
        retry_after: float | None = None,
        unreadable: bool = False,
        limits: tuple[Allowance, ...] = (),
        details: str = "",
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.unreadable = unreadable
        self.limits = limits
        self.details = details or message

    @property
    def about_wording(self) -> bool:
        """Whether a server refused how it was asked, and not what it was asked about."""
        return self.kind == "refused" and _is_about_wording(f"{self.code} {self.details}")

    @property
    def token_limit(self) -> int | None:
        """The context length that the message speaks of, in tokens, if it does."""
        numbers = [int(re.sub(r"\D", "", found)) for found in _NUMBER.findall(self.message)]
        lengths = [number for number in numbers if number >= _SHORTEST_CONTEXT]
        return min(lengths) if lengths else None


def call_failure(error: Exception) -> CallFailed:
    """Sort an error of the openai or anthropic SDK, which name and build theirs alike.

    Without a status there was no answer: a timeout, a broken connection, or a body that is no
    JSON, which are all worth another try.
    """
    status = getattr(error, "status_code", None)
    message, code = _said(getattr(error, "body", None), str(error))
    if not isinstance(status, int) or status < 400:
        cause = error.__cause__ or error
        return CallFailed(
            "transient",
            _short(str(cause) or str(error) or type(cause).__name__),
            unreadable=isinstance(error, ValueError) or isinstance(status, int),
        )
    headers = getattr(getattr(error, "response", None), "headers", {})
    return CallFailed(
        _kind(status, code, message),
        _short(message),
        status=status,
        code=code,
        retry_after=_seconds_to_wait(headers),
        limits=allowances(headers),
        details=message[:_MOST_DETAILS],
    )


def _is_about_wording(said: str) -> bool:
    return bool(_WORDING.search(said) or SYSTEM_ROLE.search(said))


def _kind(status: int, code: str, message: str) -> Kind:
    if status in (400, 402, 403, 429) and _QUOTA.search(f"{code} {message}"):
        return "unusable"
    if code.startswith("json_validate_failed"):  # this one answer came out wrong
        return "transient"
    # Templates and grammars fail inside the server, so some say 500, and routers say 404.
    if (status == 500 or status == 404) and _is_about_wording(f"{code} {message}"):
        return "refused"
    if status in _TRANSIENT or status >= 500:
        return "transient"
    if status in _UNUSABLE:
        return "unusable"
    if status == 413 or code == "context_length_exceeded" or _TOO_LONG.search(message):
        return "too long"
    return "refused"


def _said(body: Any, otherwise: str) -> tuple[str, str]:
    """Return the message and the code of an error body of either provider or a like server."""
    found = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(found, dict):
        code = found.get("code") or found.get("type") or ""
        detail = found.get("message") or found.get("detail") or otherwise
        text = detail if isinstance(detail, str) else json.dumps(detail)
        # A router of requests repeats what the provider behind it said.
        raw = (found.get("metadata") or {}).get("raw") if "metadata" in found else None
        text = f"{text}: {raw}" if isinstance(raw, str) else text
        return text, f"{code} {found.get('param') or ''}".strip()
    return (found if isinstance(found, str) and found else otherwise), ""


def _short(message: str) -> str:
    plain = " ".join(re.sub(r"<[^>]{0,200}>", " ", message).split())
    return plain if len(plain) <= _LONGEST_MESSAGE else f"{plain[:_LONGEST_MESSAGE]}…"


def _seconds_to_wait(headers: Any) -> float | None:
    """Read retry-after-ms or Retry-After, which is a number of seconds or a date."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name)) / unit)
        except (TypeError, ValueError):
            continue
    try:
        moment = email.utils.parsedate_to_datetime(headers.get("retry-after"))
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
