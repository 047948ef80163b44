"""OpenAI's chat completions, and any server that speaks the same protocol."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kura_core.engines.endpoint import Endpoint
from kura_core.engines.failures import call_failure
from kura_core.engines.provider import (
    SYSTEM,
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
    from openai import AsyncOpenAI
    from openai.types import CreateEmbeddingResponse

# A small current model: https://developers.openai.com/api/docs/models
DEFAULT_MODEL = "gpt-6-luna"
# Models that reason before they answer, and the least of it that they can be asked for.
_REASONING = (
    (re.compile(r"gpt-(5\.[1-9]|[6-9])"), "none"),
    (re.compile(r"gpt-5(?!\.|-chat)"), "minimal"),
    (re.compile(r"o[1-9]"), "low"),
)
_LONGEST_ANSWER = 2_000
_LONGEST_WITH_REASONING = 8_000


@dataclass(slots=True)
class OpenAIProvider:
    """Speaks to one endpoint with one client, made at the first call in the running loop."""

    endpoint: Endpoint
    model: str
    timeout: float
    shapes: tuple[Shape, ...] = ("schema", "object", "text")
    options: tuple[str, ...] = (
        "temperature",
        "reasoning_effort",
        "max_completion_tokens",
        SYSTEM,
    )
    _client: AsyncOpenAI | None = field(default=None, repr=False)

    @property
    def parameters(self) -> dict[str, Any]:
        """What every request says besides its texts."""
        return parameters_of(_body(self.model, Request("", "", "", None), Dialect("text")))

    def body(self, request: Request, dialect: Dialect) -> dict[str, Any]:
        """Return what is sent for a request."""
        return _body(self.model, request, dialect)

    async def complete(self, request: Request, dialect: Dialect) -> Reply:
        """Send one request, once. Raises CallFailed."""
        from openai import OpenAIError

        try:
            create = self.client().chat.completions.with_raw_response.create
            body = _body(self.model, request, dialect)
            # The SDK walks through all that it is given by name, which for a schema takes longer
            # than the rest of the call.
            model, messages = body.pop("model"), body.pop("messages")
            answer = await create(model=model, messages=messages, extra_body=body)
            return replace(_reply(answer.parse()), limits=allowances(answer.headers))
        except (OpenAIError, ValueError) as error:
            raise call_failure(error) from error

    async def embeddings(self, texts: Sequence[str]) -> CreateEmbeddingResponse:
        """Embed texts with this model, once. Raises CallFailed."""
        from openai import OpenAIError

        try:
            return await self.client().embeddings.create(model=self.model, input=list(texts))
        except (OpenAIError, ValueError) as error:
            raise call_failure(error) from error
        except (AttributeError, TypeError) as error:
            raise not_an_api() from error

    async def models(self) -> list[str]:
        """Return the names of the models on offer. Raises CallFailed."""
        from openai import OpenAIError

        try:
            page = await self.client().models.list()
            return [model.id for model in page.data]
        except (OpenAIError, ValueError) as error:
            raise call_failure(error) from error
        except (AttributeError, TypeError) as error:
            raise not_an_api() from error

    async def aclose(self) -> None:
        """Close the client, if one was made."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    def client(self) -> AsyncOpenAI:
        """Return the one client; it never retries by itself, for retries are counted."""
        from openai import AsyncOpenAI

        if self._client is None:
            self._client = AsyncOpenAI(
                api_key=self.endpoint.key,
                base_url=self.endpoint.base_url,
                timeout=self.timeout,
                max_retries=0,
            )
        return self._client


def _body(model: str, request: Request, dialect: Dialect) -> dict[str, Any]:
    reasoning = next((least for known, least in _REASONING if known.match(model)), None)
    longest = request.longest or (_LONGEST_WITH_REASONING if reasoning else _LONGEST_ANSWER)
    body: dict[str, Any] = {
        "model": model,
        "messages": _messages(request, dialect),
        "max_completion_tokens": longest,
    }
    if reasoning:
        body["reasoning_effort"] = reasoning
    else:
        body["temperature"] = 0
    for option in dialect.without:
        body.pop(option, None)
    if "max_completion_tokens" in dialect.without:  # its name on older servers
        body["max_tokens"] = longest
    if request.schema is not None:
        _ask_for_form(body, request, dialect.shape)
    return body


def _messages(request: Request, dialect: Dialect) -> list[dict[str, str]]:
    system = system_text(request, dialect.shape)
    if SYSTEM in dialect.without:
        return [{"role": "user", "content": f"{system}\n\n{request.user}"}]
    return [{"role": "system", "content": system}, {"role": "user", "content": request.user}]


def _ask_for_form(body: dict[str, Any], request: Request, shape: Shape) -> None:
    if shape == "schema":
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": request.name, "strict": True, "schema": request.schema},
        }
    elif shape == "object":
        body["response_format"] = {"type": "json_object"}


def _reply(answer: Any) -> Reply:
    """Read an answer; a server that only nearly speaks the protocol may leave out any part."""
    choices = getattr(answer, "choices", None)
    if isinstance(answer, str) or not choices:
        raise not_an_api()
    message, usage = choices[0].message, getattr(answer, "usage", None)
    finish = choices[0].finish_reason
    refusal = getattr(message, "refusal", None)
    if finish == "content_filter":
        refusal = refusal or "its content filter stopped the answer"
    return Reply(
        text=_text_of(message),
        input_tokens=getattr(usage, "prompt_tokens", None) or 0,
        output_tokens=getattr(usage, "completion_tokens", None) or 0,
        cut_off=finish == "length",
        refusal=refusal,
    )


def _text_of(message: Any) -> str:
    """Return what was written, as a text or in parts; some servers take all of it for reasoning."""
    content = getattr(message, "content", None)
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    reasoning = getattr(message, "reasoning_content", None) or getattr(message, "reasoning", None)
    return content or (reasoning if isinstance(reasoning, str) else "") or ""
