"""The messages of a raw row: roles, content parts and text brought to one form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kura_core.load.columns.roles import read_role
from kura_core.load.times import parse_time
from kura_core.types import Message

_MARKERS = {
    **dict.fromkeys(("image_url", "input_image", "image"), "[image]"),
    **dict.fromkeys(("input_audio", "audio", "audio_url"), "[audio]"),
    **dict.fromkeys(("video", "video_url"), "[video]"),
    **dict.fromkeys(("file", "input_file", "document"), "[file]"),
}
_TEXT_KEYS = ("text", "content", "value", "refusal")
_ROLE_KEYS = ("role", "from", "sender", "author", "speaker", "participant", "type")
_CONTENT_KEYS = ("content", "value", "text", "message", "body", "utterance", "parts", "data")
_TIME_KEYS = ("created_at", "createdAt", "timestamp", "time", "sent_at", "create_time", "date")
_DEEPEST_PART = 6
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Replace what no file, table or server takes: NULs and lone surrogates become U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def shorten(value: Any, length: int = 60) -> str:
    """A value as it may stand in a message: quoted, cleaned, at most `length` characters."""
    if isinstance(value, str):
        return repr(clean_text(value if len(value) <= length else value[:length] + "…"))
    if value is None or isinstance(value, bool | float):
        return repr(value)
    # Only the kind is named of what may be huge or deep: writing it out may itself fail.
    if isinstance(value, int) and abs(value) < 10**length:
        return str(value)
    return "a very large number" if isinstance(value, int) else f"a {type(value).__name__}"


def parse_messages(raw: list[Any]) -> tuple[list[Message], int, list[str]]:
    """Bring a row's messages to normal form.

    Returns the messages that hold text, how many well-formed ones were blank, and a sentence for
    each that is not well formed (no object, unknown role) or has a time that is none.
    """
    messages: list[Message] = []
    blank = 0
    problems: list[str] = []
    for index, item in enumerate(raw, start=1):
        if not isinstance(item, dict):
            problems.append(
                f"message {index} is {shorten(item)}, not an object with role and content"
            )
            continue
        raw_role = _raw_role(item)
        role = read_role(raw_role)
        if role is None:
            problems.append(f"message {index} has the unknown role {shorten(raw_role)}")
            continue
        content = _content(item)
        if not content or content.isspace():
            blank += 1
            continue
        message = Message(role, content)
        for key in _TIME_KEYS:
            if item.get(key) is not None:
                try:
                    message.created_at = parse_time(item[key])
                except (ValueError, OverflowError) as error:
                    problems.append(f"message {index} has no usable time: {error}")
                break
        messages.append(message)
    return messages, blank, problems


def is_message_list(value: Any) -> bool:
    """Whether a value is a list of objects of which an early one has a known role and content."""
    if not isinstance(value, list):
        return False
    return any(
        isinstance(item, dict)
        and read_role(_raw_role(item)) is not None
        and any(key in item for key in (*_CONTENT_KEYS, "tool_calls", "function_call"))
        for item in value[:4]
    )


def _raw_role(item: dict[str, Any]) -> Any:
    """The word for the role, under the names that other tools than OpenAI's give it."""
    if (raw := item.get("role")) is not None:
        return raw
    for key in _ROLE_KEYS:
        raw = item.get(key)
        if isinstance(raw, dict):
            raw = raw.get("role")
        if raw is not None:
            return raw
    return None


def _content(item: dict[str, Any]) -> str:
    content = item.get("content")
    if content is None:
        content = next((item[key] for key in _CONTENT_KEYS if item.get(key) is not None), None)
    text = message_text(content)
    if not text or text.isspace():
        return "\n".join(_tool_calls(item))
    return text


def message_text(content: Any) -> str:
    """The text of a message's content, given as text or as content parts; "" without any."""
    if isinstance(content, str):
        return clean_text(content)
    return "\n".join(piece for piece in _pieces(content, 0) if piece.strip())


def _pieces(part: Any, depth: int) -> Iterator[str]:
    """The text of a content part; what is no text is marked, what is nested too deep is dropped."""
    if isinstance(part, str):
        yield clean_text(part)
    elif isinstance(part, list | tuple):
        if depth < _DEEPEST_PART:
            for item in part:
                yield from _pieces(item, depth + 1)
    elif isinstance(part, dict):
        yield from _dict_pieces(part, depth)
    elif isinstance(part, bool | float):
        yield str(part)
    elif isinstance(part, int):
        yield str(part) if abs(part) < 10**40 else shorten(part)


def _dict_pieces(part: dict[str, Any], depth: int) -> Iterator[str]:
    kind = part.get("type")
    if isinstance(kind, str) and kind in _MARKERS:
        yield _MARKERS[kind]
        return
    if kind in ("tool_use", "function_call"):
        yield _tool_call(part.get("name"))
        return
    for key in _TEXT_KEYS:
        if part.get(key) is not None:
            if depth < _DEEPEST_PART:
                yield from _pieces(part[key], depth + 1)
            return
    if isinstance(kind, str) and kind.strip() and "text" not in kind:
        yield f"[{clean_text(kind.strip())[:40]}]"


def _tool_calls(item: dict[str, Any]) -> Iterator[str]:
    calls = item.get("tool_calls")
    if isinstance(calls, dict):
        calls = [calls]
    elif not isinstance(calls, list):
        calls = [item["function_call"]] if isinstance(item.get("function_call"), dict) else []
    for call in calls:
        if isinstance(call, dict):
            function = call.get("function")
            yield _tool_call((function if isinstance(function, dict) else call).get("name"))


def _tool_call(name: Any) -> str:
    if isinstance(name, str) and name.strip():
        return f"[tool call: {clean_text(name.strip())[:80]}]"
    return "[tool call]"
