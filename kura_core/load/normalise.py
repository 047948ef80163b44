"""One raw row in, one conversation in normal form out, or the reason why there is none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import orjson

from kura_core.errors import InputError
from kura_core.load.messages import clean_text, parse_messages, shorten
from kura_core.load.metadata import metadata_value
from kura_core.load.parse_json import parse_json
from kura_core.load.times import parse_time
from kura_core.types import Conversation

Field = Literal["conversation_id", "created_at", "user_id", "messages", "metadata"]

# The order within a field is the order in which its columns are tried.
FIELD_COLUMNS: dict[Field, tuple[str, ...]] = {
    "conversation_id": ("conversationid", "chatid", "id", "uuid"),
    "created_at": ("createdat", "timestamp", "time"),
    "user_id": ("userid", "user"),
    "messages": ("messages",),
    "metadata": ("metadata",),
}
_COLUMN_FIELD = {column: name for name, columns in FIELD_COLUMNS.items() for column in columns}
_REJECTED_ID_LENGTH = 200


@dataclass(slots=True)
class NormalisedRow:
    """A conversation, or why the row is rejected; `blank` says why it is filtered, if it is.

    `conversation.conversation_id` is "" where the row has no id: see `content_id`.
    """

    conversation: Conversation | None
    rejected: str | None = None
    blank: str | None = None
    conversation_id: str | None = None
    warnings: list[tuple[str, str]] = field(default_factory=list)


def conversation_from_row(row: dict[str, Any]) -> Conversation:
    """Bring one row to normal form, as `load_conversations` does with the rows of a file.

    A row without an id gets `auto-`, twelve hex digits of a hash of its content, and `-1`; telling
    equal rows apart is up to the caller. Raises InputError when the row holds no conversation.
    """
    normalised = normalise_row(row)
    if normalised.conversation is None:
        raise InputError(
            f"This row holds no conversation: {normalised.rejected}. Needed is an object with "
            "messages, a list of {role, content}."
        )
    if not normalised.conversation.conversation_id:
        normalised.conversation.conversation_id = f"{content_id(normalised.conversation)}-1"
    return normalised.conversation


def normalise_row(row: Any) -> NormalisedRow:
    """Bring one raw row to normal form; whatever the row is, this does not raise.

    Roles are brought to user, assistant, system and tool; messages without text and those of an
    unknown role are left out; ids become strings; times become UTC (without a zone they are taken
    as UTC) or, where they are none, null with a warning; columns outside the normal form become
    metadata.
    """
    if not isinstance(row, dict):
        return NormalisedRow(None, rejected=f"the row is {_kind(row)}, not an object")
    found, others = _by_field(row)
    warnings: list[tuple[str, str]] = []
    conversation_id = _identifier(found["conversation_id"], warnings)
    raw_messages = _json_column(found["messages"], list)
    if not isinstance(raw_messages, list):
        return NormalisedRow(
            None,
            rejected=_no_messages(found["messages"], row),
            conversation_id=conversation_id and conversation_id[:_REJECTED_ID_LENGTH],
        )
    messages, blank, problems = parse_messages(raw_messages)
    if raw_messages and not messages and not blank:
        return NormalisedRow(
            None,
            rejected=f"no usable message: {_joined(problems)}",
            conversation_id=conversation_id and conversation_id[:_REJECTED_ID_LENGTH],
        )
    if problems:
        warnings.append(("messages", _joined(problems)))
    conversation = Conversation(
        conversation_id=conversation_id or "",
        messages=messages,
        created_at=_time(found["created_at"], warnings),
        user_id=_identifier(found["user_id"], warnings),
        metadata=_metadata(found["metadata"], others, warnings),
    )
    return NormalisedRow(
        conversation,
        blank=_blank_reason(conversation),
        conversation_id=conversation_id,
        warnings=warnings,
    )


def content_id(conversation: Conversation) -> str:
    """`auto-` and twelve hex digits of a hash of all that a conversation holds besides its id."""
    content = (
        [(m.role, m.content, m.created_at) for m in conversation.messages],
        conversation.created_at,
        conversation.user_id,
        sorted((key, str(value)) for key, value in conversation.metadata.items()),
    )
    digest = hashlib.blake2b(orjson.dumps(content), digest_size=6).hexdigest()
    return f"auto-{digest}"


@lru_cache(maxsize=4096)
def column_field(column: str) -> tuple[Field | None, int]:
    """The field a column feeds and its rank among the columns that may feed it; None for others.

    Case, spaces, dashes and underscores do not count: `createdAt` and `Created at` are one.
    """
    plain = "".join(character for character in column.casefold() if character.isalnum())
    name = _COLUMN_FIELD.get(plain)
    return (name, FIELD_COLUMNS[name].index(plain)) if name else (None, 0)


def _by_field(
    row: dict[str, Any],
) -> tuple[dict[Field, list[tuple[str, Any]]], list[tuple[str, Any]]]:
    """The filled columns of each field, best first, and the other columns."""
    ranked: dict[Field, list[tuple[int, str, Any]]] = {name: [] for name in FIELD_COLUMNS}
    others: list[tuple[str, Any]] = []
    for column, value in row.items():
        column = column if isinstance(column, str) else str(column)
        name, rank = column_field(column)
        if name is None:
            others.append((column, value))
        elif not _is_missing(value):
            ranked[name].append((rank, column, value))
    found: dict[Field, list[tuple[str, Any]]] = {}
    for name, candidates in ranked.items():
        if len(candidates) > 1:
            candidates.sort(key=lambda candidate: candidate[0])
            # A second candidate (`id` beside `conversation_id`) is a fact about the conversation.
            others.extend((column, value) for _, column, value in candidates[1:])
        found[name] = [(column, value) for _, column, value in candidates[:1]]
    return found, others


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (isinstance(value, float) and value != value)


def _identifier(found: list[tuple[str, Any]], warnings: list[tuple[str, str]]) -> str | None:
    for column, value in found:
        text = identifier(value)
        if text is not None:
            return text
        warnings.append((column, f"{_kind(value)} cannot be an id; taken as null"))
    return None


def identifier(value: Any) -> str | None:
    """An id as text (1.0 is "1"); None for null, blank and what cannot be an id."""
    if isinstance(value, str):
        return clean_text(value.strip()) or None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        text, _ = metadata_value(value)
        return None if text is None else str(text)
    return str(value) if type(value).__name__ == "UUID" else None


def row_metadata(others: dict[str, Any]) -> dict[str, Any]:
    """The columns outside the normal form, with those inside `metadata`, which come first."""
    for column in others:
        if column_field(str(column))[0] == "metadata":
            inside = _json_column([(column, others[column])], dict)
            if isinstance(inside, dict):
                rest = {name: value for name, value in others.items() if name != column}
                return {**inside, **{k: v for k, v in rest.items() if k not in inside}}
    return others


def _time(found: list[tuple[str, Any]], warnings: list[tuple[str, str]]) -> datetime | None:
    for column, value in found:
        try:
            return parse_time(value)
        except (ValueError, OverflowError) as error:
            warnings.append((column, f"{shorten(value)} is no date: {error}; taken as null"))
    return None


def _metadata(
    found: list[tuple[str, Any]], others: list[tuple[str, Any]], warnings: list[tuple[str, str]]
) -> dict[str, Any]:
    pairs: list[tuple[str, Any]] = []
    for column, value in found:
        parsed = _json_column([(column, value)], dict)
        if isinstance(parsed, dict):
            pairs.extend(parsed.items())
        elif parsed is not None:
            warnings.append((column, f"{_kind(value)}, not an object; taken as null"))
    metadata: dict[str, Any] = {}
    for key, value in (*pairs, *others):
        name = clean_text(str(key)).strip() or "unnamed"
        if name in metadata:
            warnings.append((name, "given twice; the first value is kept"))
            continue
        metadata[name], problem = metadata_value(value)
        if problem:
            warnings.append((name, problem))
    return metadata


def _json_column(found: list[tuple[str, Any]], wanted: type) -> Any:
    """The value of a column that may hold its list or object as JSON text or as Arrow gives it."""
    for _, value in found:
        if isinstance(value, str):
            try:
                return parse_json(value.encode("utf-8", errors="surrogatepass"))
            except ValueError:
                return value
        if wanted is dict and isinstance(value, list) and all(_is_pair(item) for item in value):
            return dict(value)
        return value
    return None


def _is_pair(item: Any) -> bool:
    return isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)


def _no_messages(found: list[tuple[str, Any]], row: dict[str, Any]) -> str:
    for column, value in found:
        return f"{column!r} is {_kind(value)}, not a list of messages"
    columns = ", ".join(repr(clean_text(str(column))[:40]) for column in list(row)[:8])
    return f"it has no messages (found: {columns or 'nothing'})"


def _blank_reason(conversation: Conversation) -> str | None:
    if not conversation.messages:
        return "blank: no message holds text"
    if not any(message.role == "user" for message in conversation.messages):
        return "blank: no message of a user holds text"
    return None


def _kind(value: Any) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return shorten(value)


def _joined(problems: list[str]) -> str:
    more = f"; and {len(problems) - 3} more" if len(problems) > 3 else ""
    return "; ".join(problems[:3]) + more
