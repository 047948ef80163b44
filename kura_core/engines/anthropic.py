"""Anthropic's messages, and any server that speaks the same protocol."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kura_core.engines.endpoint import Endpoint
from kura_core.engines.failures import call_failure
from kura_core.engines.provider import (
    Dialect,
    Reply,
    Request,
    Shape,
    not_an_api,
    parameters_of,
    system_text,
)
from kura_core.engines.rate_limits import allowances

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

# A small current model: https://platform.claude.com/docs/en/about-claude/models/overview
DEFAULT_MODEL = "claude-haiku-5-5"
# Models that think before they answer unless told not to; others cannot be told, or never do.
_CAN_STOP_THINKING = re.compile(r"claude-(haiku|sonnet)-5")
_LONGEST_ANSWER = 4_000
_INPUT_TOKENS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


@dataclass(slots=True)
class AnthropicProvider:
    """Speaks to one endpoint with one client, made at the first call in the running loop."""

    endpoint: Endpoint
    model: str
    timeout: float
    shapes: tuple[Shape, ...] = ("schema", "tool", "text")
    options: tuple[str, ...] = ("thinking", "cache_control")
    _client: AsyncAnthropic | None = field(default=None, repr=False)

    @property
    def parameters(self) -> dict[str, Any]:
        """What every request says besides its texts."""
        return parameters_of(_body(self.model, Request("", "", "", None), Dialect("text")))

    def body(self, request: Request, dialect: Dialect) -> dict[str, Any]:
        """Return what is sent for a request."""
        return _body(self.model, request, dialect)

    async def complete(self, request: Request, dialect: Dialect) -> Reply:
        """Send one request, once. Raises CallFailed."""
        from anthropic import AnthropicError

        try:
            create = self.client().messages.with_raw_response.create
            answer = await create(**_body(self.model, request, dialect))
            return replace(_reply(await answer.parse()), limits=allowances(answer.headers))
        except (AnthropicError, ValueError) as error:
            raise call_failure(error) from error

    async def models(self) -> list[str]:
        """Return the names of the models on offer. Raises CallFailed."""
        from anthropic import AnthropicError

        try:
            page = await self.client().models.list(limit=1000)
            return [model.id for model in page.data]
        except (AnthropicError, ValueError) as error:
            raise call_failure(error) from error
        except (AttributeError, TypeError) as error:
            raise not_an_api() from error

    async def aclose(self) -> None:
        """Close the client, if one was made."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    def client(self) -> AsyncAnthropic:
        """Return the one client; it never retries by itself, for retries are counted."""
        from anthropic import AsyncAnthropic

        if self._client is None:
            self._client = AsyncAnthropic(
                api_key=self.endpoint.key,
                base_url=self.endpoint.base_url,
                timeout=self.timeout,
                max_retries=0,
            )
        return self._client


def _body(model: str, request: Request, dialect: Dialect) -> dict[str, Any]:
    system: str | list[dict[str, Any]] = system_text(request, dialect.shape)
    if "cache_control" not in dialect.without:  # it is the same in all requests of a kind
        system = [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}]
    body: dict[str, Any] = {
        "model": model,
        "system": system,
        "messages": [{"role": "user", "content": request.user}],
        "max_tokens": request.longest or _LONGEST_ANSWER,
    }
    if _CAN_STOP_THINKING.match(model) and "thinking" not in dialect.without:
        body["thinking"] = {"type": "disabled"}
    if request.schema is None:
        return body
    if dialect.shape == "schema":
        body["output_config"] = {"format": {"type": "json_schema", "schema": request.schema}}
    elif dialect.shape == "tool":
        body["tools"] = [
            {
                "name": request.name,
                "description": "Takes the answer.",
                "input_schema": request.schema,
            }
        ]
        body["tool_choice"] = {"type": "tool", "name": request.name}
    return body


def _reply(answer: Any) -> Reply:
    """Read an answer; a server that only nearly speaks the protocol may leave out any part."""
    content, usage = getattr(answer, "content", None), getattr(answer, "usage", None)
    if isinstance(answer, str) or not isinstance(content, list):
        raise not_an_api()
    texts = [block.text for block in content if block.type == "text"]
    inputs = [json.dumps(block.input) for block in content if block.type == "tool_use"]
    reason = getattr(answer, "stop_reason", None)
    return Reply(
        text=inputs[0] if inputs else "".join(texts),
        # What was written to the provider's cache or read from it is counted apart there.
        input_tokens=sum(getattr(usage, name, None) or 0 for name in _INPUT_TOKENS),
        output_tokens=getattr(usage, "output_tokens", None) or 0,
        cut_off=reason in ("max_tokens", "model_context_window_exceeded"),
        refusal="the model declined to answer" if reason == "refusal" else None,
    )
