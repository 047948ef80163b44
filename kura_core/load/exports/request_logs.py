"""Logs of calls to a model's API: what was sent and what came back, one call a row.

Read are OpenAI's chat completions, stored completions, Responses and batch files, and Anthropic's
messages, plain or under `request`/`response` (or `body`, `request_body`, `response_body`, …).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]

_REQUESTS = ("request", "request_body", "body", "params")
_RESPONSES = ("response", "response_body", "completion", "result")
# What a call says of itself at length; none of it is said by a user.
_INTERNALS = frozenset(
    "choices input output output_text usage tools functions tool_choice logprobs instructions "
    "system error headers method url text reasoning response_format".split()
)
ONLY_ANSWERS = (
    "it holds a model's answer without what was asked; give the log of the requests, or one that "
    "holds both"
)


def has_answer(row: Row) -> bool:
    """Tell whether a row with messages is a request that stands beside its answer."""
    if isinstance(row.get("choices"), list):
        return True
    return any(_answers(_body(row.get(key))) for key in _RESPONSES if key in row)


def is_request_log(row: Row) -> bool:
    """Tell a call's row without messages of its own by a request, or an answer, of a known form."""
    if any(_asks(_body(row.get(key))) for key in _REQUESTS):
        return True
    return _answers(row) or any(_answers(_body(row.get(key))) for key in _RESPONSES)


def from_request_log(row: Row) -> Row | None:
    """Put what was sent and what came back into one conversation; None when nothing was sent.

    The other columns stay, the large internals of a call go. `custom_id` is the id where there is
    one; `user` is the user.
    """
    asked = next((_body(row[key]) for key in _REQUESTS if _asks(_body(row.get(key)))), row)
    answered = next(
        (_body(row[key]) for key in _RESPONSES if _answers(_body(row.get(key)))), row
    )
    said = list(_said(asked))
    if not said:
        return None
    answer = list(_answer(answered))
    # A log that keeps the answer in both places says it once.
    if answer and not any(item is said[-1] or _same(item, said[-1]) for item in answer):
        said += answer
    taken = {*_REQUESTS, *_RESPONSES, *_INTERNALS, "messages", "created", "custom_id", "user"}
    others = {name: value for name, value in row.items() if name not in taken}
    found = {
        "conversation_id": row.get("custom_id") or answered.get("id"),
        "created_at": row.get("created") or answered.get("created") or answered.get("created_at"),
        "user_id": row.get("user") or asked.get("user") or asked.get("safety_identifier"),
        "model": answered.get("model") or asked.get("model"),
    }
    if asked is not row and isinstance(asked.get("metadata"), dict):
        found["metadata"] = asked["metadata"]
    named = {name: value for name, value in found.items() if value is not None}
    # The row's own columns say more than what a call calls itself.
    own = {"conversation_id": ("conversation_id", "id"), "created_at": ("created_at", "timestamp")}
    for name, columns in own.items():
        if any(row.get(column) is not None for column in columns) and "custom_id" not in row:
            named.pop(name, None)
    return {**named, **others, "messages": said}


def _body(value: Any) -> Row:
    """A request or response, out of the envelope that batch files and logs put around it."""
    if not isinstance(value, dict):
        return {}
    for key in ("body", "message", "json"):
        inner = value.get(key)
        if isinstance(inner, dict) and (_asks(inner) or _answers(inner)):
            return inner
    return value


def _asks(body: Row) -> bool:
    return _is_messages(body.get("messages")) or (
        "model" in body and (_is_messages(body.get("input")) or isinstance(body.get("input"), str))
    )


def _answers(body: Row) -> bool:
    choices, output, content = body.get("choices"), body.get("output"), body.get("content")
    if isinstance(choices, list) and choices:
        return isinstance(choices[0], dict) and (
            "message" in choices[0] or body.get("object") == "text_completion"
        )
    if isinstance(output, list) and output:
        return isinstance(output[0], dict) and _is_item(output[0].get("type"))
    return body.get("role") == "assistant" and isinstance(content, list) and "model" in body


def _is_item(kind: Any) -> bool:
    """The kinds of items of the Responses API."""
    return isinstance(kind, str) and (
        kind in ("message", "reasoning") or kind.endswith(("_call", "_call_output"))
    )


def _is_messages(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and isinstance(value[0], dict)
        and ("role" in value[0] or "type" in value[0])
    )


def _said(asked: Row) -> Iterator[Row]:
    for key in ("instructions", "system"):
        if isinstance(asked.get(key), str | list):
            yield {"role": "system", "content": asked[key]}
    messages = asked.get("messages")
    if not isinstance(messages, list):
        messages = asked.get("input")
    if isinstance(messages, str):
        yield {"role": "user", "content": messages}
    elif isinstance(messages, list):
        yield from _items(messages)


def _answer(answered: Row) -> Iterator[Row]:
    choices, output = answered.get("choices"), answered.get("output")
    if isinstance(choices, list):
        for choice in choices[:1]:
            message = choice.get("message") if isinstance(choice, dict) else None
            if isinstance(message, dict):
                yield {"role": "assistant", **message}
            elif isinstance(choice, dict) and isinstance(choice.get("text"), str):
                yield {"role": "assistant", "content": choice["text"]}
    elif isinstance(output, list):
        yield from _items(output)
    elif isinstance(answered.get("content"), list) and answered.get("role") == "assistant":
        yield {"role": "assistant", "content": answered["content"]}


def _items(items: list[Any]) -> Iterator[Row]:
    """Chat messages, and the items of the Responses API: calls and their results, no reasoning."""
    for item in items:
        if not isinstance(item, dict) or "role" in item:
            yield item
            continue
        kind = item.get("type")
        if not isinstance(kind, str) or kind in ("reasoning", "item_reference"):
            continue
        if kind.endswith("_output"):
            yield {"role": "tool", "content": item.get("output")}
        elif kind.endswith("_call"):
            called = {"type": "function_call", "name": item.get("name") or kind[: -len("_call")]}
            yield {"role": "assistant", "content": [called]}


def _same(one: Any, other: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(other, dict)
        and one.get("role") == other.get("role") == "assistant"
        and isinstance(one.get("content"), str)
        and one.get("content") == other.get("content")
    )
