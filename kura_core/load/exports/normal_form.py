"""Rows of known exports, logs and data sets, brought to the normal form one by one.

Recognised by their structure, never by a file's name: ChatGPT's and Claude's account exports, logs
of API calls, ShareGPT (`conversations` of from and value), LMSYS-Chat and WildChat
(`conversation`), arena battles (`conversation_a`; the other answer is left out), and the lines of
Kura's own checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from kura_core.load.exports.account_exports import from_chatgpt, from_claude, is_chatgpt, is_claude
from kura_core.load.exports.request_logs import (
    ONLY_ANSWERS,
    from_request_log,
    has_answer,
    is_request_log,
)
from kura_core.load.parse_json import parse_json

if TYPE_CHECKING:
    from kura_core.load.files.rows import RawRow

Row = dict[str, Any]

# Only a row with one of these may hold a form that is not the normal one.
_TELLING = frozenset(
    "mapping chat_messages conversation conversations conversation_a items choices output request "
    "request_body body params response response_body completion result prompt".split()
)
_LISTS = ("conversations", "conversation", "items", "conversation_a")
_SPEAKERS = {
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "function_call": "assistant",
    "function_response": "tool",
    "observation": "tool",
}
# Scores for every message by classifiers, and a browser's headers: large, and said by nobody.
_INTERNALS = frozenset(
    "openai_moderation detoxify_moderation moderation header tstamp_moderation".split()
)
_RENAMED = {"conversation_hash": "conversation_id", "hashed_ip": "user_id", "tstamp": "created_at"}


def as_normal_form(row: RawRow, keep: Collection[str] = ()) -> RawRow:
    """Bring a row of a known form to the normal form; any other row is returned as it is.

    `keep` names columns that stay whatever the form drops. A row that holds only a model's answer
    is given with that as its problem. Never raises.
    """
    value = row.value
    if type(value) is not dict or (
        type(value.get("messages")) is list and _TELLING.isdisjoint(value)
    ):
        return row
    found = next((read for is_form, read in _FORMS if is_form(value)), None)
    if found is None:
        return row
    normal = found(value)
    if normal is None:
        return row._replace(value=None, problem=ONLY_ANSWERS)
    for column in keep:
        if column in value and column not in normal:
            normal[column] = value[column]
    lost = row.lost
    if "conversation_a" in value and "conversation_b" in value and row.number == 1:
        note = "one of two answers side by side; only conversation_a is read, in all rows"
        lost = (*lost, ("conversation_b", note))
    return row._replace(value=normal, lost=lost)


def is_conversation(value: Any) -> bool:
    """Tell whether one JSON object is a conversation of a known form, not a list of rows."""
    return isinstance(value, dict) and (
        isinstance(value.get("messages"), list) or any(is_form(value) for is_form, _ in _FORMS)
    )


def _is_checkpoint(row: Row) -> bool:
    inner = row.get("conversation")
    return isinstance(inner, dict) and isinstance(inner.get("messages"), list)


def _from_checkpoint(row: Row) -> Row:
    return {name: value for name, value in row["conversation"].items() if name != "truncated"}


def _is_columnar(row: Row) -> bool:
    """Messages as a data set with a sequence of objects gives them: one list a field."""
    messages = row.get("messages")
    if not isinstance(messages, dict) or not isinstance(messages.get("role"), list):
        return False
    return isinstance(messages.get("content"), list)


def _from_columnar(row: Row) -> Row:
    fields = {name: value for name, value in row["messages"].items() if isinstance(value, list)}
    count = max(len(values) for values in fields.values())
    messages = [
        {name: values[index] for name, values in fields.items() if index < len(values)}
        for index in range(count)
    ]
    metadata = row.get("metadata")
    if isinstance(metadata, dict) and set(metadata) == {"keys", "values"}:
        names, values = metadata["keys"], metadata["values"]
        if isinstance(names, list) and isinstance(values, list):
            metadata = dict(zip(map(str, names), values, strict=False))
    return {**row, "messages": messages, **({"metadata": metadata} if metadata else {})}


def _is_logged_chat(row: Row) -> bool:
    return isinstance(row.get("messages"), list) and has_answer(row)


def _is_chat_list(row: Row) -> bool:
    return "messages" not in row and _chat_list(row) is not None


def _chat_list(row: Row) -> tuple[str, list[Any]] | None:
    for name in _LISTS:
        value = row.get(name)
        if isinstance(value, str) and value.lstrip().startswith("[{"):
            try:
                value = parse_json(value.encode("utf-8", errors="surrogatepass"))
            except ValueError:
                continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            first = value[0]
            if ("from" in first and "value" in first) or ("role" in first and "content" in first):
                return name, value
    return None


def _from_chat_list(row: Row) -> Row | None:
    found = _chat_list(row)
    if found is None:
        return row
    name, items = found
    normal: Row = {}
    for column, value in row.items():
        renamed = _RENAMED.get(column, column)
        if column == name or column == "conversation_b" or column in _INTERNALS:
            continue
        normal[column if renamed in row else renamed] = value
    normal["messages"] = [_said(item) for item in items]
    return normal


def _said(item: Any) -> Any:
    if not isinstance(item, dict) or "from" not in item:
        return item
    speaker = item["from"]
    if isinstance(speaker, str):
        speaker = _SPEAKERS.get(speaker.strip().casefold(), speaker)
    return {**item, "role": speaker, "content": item.get("value")}


def _is_completion(row: Row) -> bool:
    """OpenAI's pairs for fine-tuning, as text, or as the lists of messages that trainers take."""
    prompt, completion = row.get("prompt"), row.get("completion")
    return "messages" not in row and (
        (isinstance(prompt, str) and isinstance(completion, str))
        or (_are_messages(prompt) and _are_messages(completion))
    )


def _are_messages(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(m, dict) and "role" in m for m in value)


def _from_completion(row: Row) -> Row:
    prompt, completion = row["prompt"], row["completion"]
    others = {n: value for n, value in row.items() if n not in ("prompt", "completion")}
    if isinstance(prompt, list):
        return {**others, "messages": [*prompt, *completion]}
    messages = [
        {"role": "user", "content": prompt},
        {"role": "assistant", "content": completion},
    ]
    return {**others, "messages": messages}


# The first that fits is taken; the narrower forms come first.
_FORMS: tuple[tuple[Callable[[Row], bool], Callable[[Row], Row | None]], ...] = (
    (is_chatgpt, from_chatgpt),
    (is_claude, from_claude),
    (_is_checkpoint, _from_checkpoint),
    (_is_columnar, _from_columnar),
    (_is_logged_chat, from_request_log),
    (_is_chat_list, _from_chat_list),
    (_is_completion, _from_completion),
    (lambda row: "messages" not in row and is_request_log(row), from_request_log),
)
