"""What usable conversations have: counts, lengths and metadata, before any spending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from kura_core.load.report import Coverage, Lengths, MetadataColumn
from kura_core.load.times import parse_time
from kura_core.types import Conversation

_MOST_DISTINCT = 1_000
_MOST_CATEGORIES = 50
_TEXT_LENGTH = 40


def count_coverage(conversations: Sequence[Conversation]) -> Coverage:
    """Count what conversations have, without their metadata."""
    turns = [len(conversation.messages) for conversation in conversations]
    characters = [sum(len(m.content) for m in c.messages) for c in conversations]
    times = [c.created_at for c in conversations if c.created_at is not None]
    users = [c.user_id for c in conversations if c.user_id is not None]
    return Coverage(
        messages=sum(turns),
        with_times=len(times),
        with_users=len(users),
        users=len(set(users)),
        first_time=min(times, default=None),
        last_time=max(times, default=None),
        with_assistant=sum(
            1 for c in conversations if any(m.role == "assistant" for m in c.messages)
        ),
        single_turn=sum(
            1 for c in conversations if sum(1 for m in c.messages if m.role == "user") == 1
        ),
        turns=_lengths(turns),
        characters=_lengths(characters),
    )


def describe_metadata(conversations: Sequence[Conversation]) -> list[MetadataColumn]:
    """What the metadata columns hold, by name: how many have a value, of what kind, how many."""
    values: dict[str, list[Any]] = {}
    for conversation in conversations:
        for name, value in conversation.metadata.items():
            kept = values.setdefault(name, [])
            if value is not None:
                kept.append(value)
    return [_column(name, values[name]) for name in sorted(values)]


def _lengths(values: list[int]) -> Lengths:
    if not values:
        return Lengths()
    ordered = sorted(values)
    return Lengths(
        median=ordered[(len(ordered) - 1) // 2],
        most=ordered[min(len(ordered) - 1, (len(ordered) * 9) // 10)],
        longest=ordered[-1],
    )


def _column(name: str, values: list[Any]) -> MetadataColumn:
    distinct: set[Any] = set()
    for value in values:
        if len(distinct) >= _MOST_DISTINCT:
            break
        distinct.add(value)
    return MetadataColumn(name, len(values), _kind(values, distinct), len(distinct))


def _kind(
    values: list[Any], distinct: set[Any]
) -> Literal["number", "yes/no", "category", "text", "time", "empty"]:
    if not values:
        return "empty"
    if all(isinstance(value, bool) for value in distinct):
        return "yes/no"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in distinct):
        return "number"
    texts = sorted(str(value) for value in distinct)
    if {text.casefold() for text in texts} <= {"true", "false", "yes", "no"}:
        return "yes/no"
    if all(_is_number(text) for text in texts):
        return "number"
    some = texts[:: max(1, len(texts) // 20)]
    if all(_is_time(text) for text in some):
        return "time"
    long = sum(len(text) for text in texts) > _TEXT_LENGTH * len(texts)
    few = len(distinct) <= _MOST_CATEGORIES or len(distinct) * 10 <= len(values)
    return "category" if few and not long else "text"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    try:
        moment: datetime | None = parse_time(text)
    except (ValueError, OverflowError):
        return False
    return moment is not None
