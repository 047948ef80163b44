"""What the values of a column look like: ids, times, roles, texts or lists of messages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from kura_core.load.columns.roles import read_role
from kura_core.load.messages import is_message_list
from kura_core.load.parse_json import parse_json
from kura_core.load.times import parse_time

# How many values are tried where trying one costs more than a look.
_TRIED = 20
_LONGEST_ID = 200
_LONGEST_WORD = 60
_MOST_ROLES = 12
_LONG_TEXT_WORDS = 3.0


def is_missing(value: Any) -> bool:
    """Whether a value is none: null, NaN or blank text."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (isinstance(value, float) and value != value)


def as_message_list(value: Any) -> list[Any] | None:
    """A list of messages, given as such or as JSON text; None for anything else."""
    if isinstance(value, str):
        if not value.lstrip().startswith("["):
            return None
        try:
            value = parse_json(value.encode("utf-8", errors="surrogatepass"))
        except ValueError:
            return None
    return value if is_message_list(value) else None


def are_message_lists(values: Sequence[Any]) -> bool:
    """Whether one of the first values is a list of messages."""
    return any(as_message_list(value) is not None for value in values[:_TRIED])


def are_ids(values: Sequence[Any]) -> bool:
    """Whether most values can be ids: short text without line breaks, whole numbers, UUIDs."""
    return _most(values, _is_id)


def are_times(values: Sequence[Any]) -> bool:
    """Whether half of the values or more are points in time."""
    tried = values[:_TRIED]
    return bool(tried) and sum(1 for value in tried if _is_time(value)) * 2 >= len(tried)


def are_numbers(values: Sequence[Any]) -> bool:
    """Whether all values are numbers."""
    return bool(values) and all(as_number(value) is not None for value in values)


def are_roles(values: Sequence[Any]) -> bool:
    """Whether the values are few short words of which half or more are known roles."""
    words = distinct_words(values)
    known = sum(1 for word in words if read_role(word) is not None)
    return len(words) <= _MOST_ROLES and known > 0 and known * 2 >= len(words)


def are_both_sides(values: Sequence[Any]) -> bool:
    """Whether the values are roles and both the user's and the assistant's are among them."""
    roles = {read_role(word) for word in distinct_words(values)}
    return are_roles(values) and {"user", "assistant"} <= roles


def are_texts(values: Sequence[Any]) -> bool:
    """Whether most values are text, and neither times nor lists of messages."""
    return _most(values, lambda value: isinstance(value, str)) and not (
        are_times(values) or are_message_lists(values)
    )


def are_said(values: Sequence[Any]) -> bool:
    """Whether most values are what somebody said: text, content parts or lists of messages."""
    return _most(values, _is_said) and not are_times(values)


def are_long_texts(values: Sequence[Any]) -> bool:
    """Whether the values are texts of several words, as names, labels and ids are not."""
    if not are_texts(values):
        return False
    words = [len(value.split(None, 30)) for value in values if isinstance(value, str)]
    return sum(words) / len(words) > _LONG_TEXT_WORDS and len(set(map(str, values))) * 4 >= len(
        values
    )


def repeats(values: Sequence[Any]) -> bool:
    """Whether a value comes twice."""
    return len({str(value) for value in values}) < len(values)


def distinct_words(values: Sequence[Any]) -> list[str]:
    """The different short words among values, in order of the alphabet; numbers count as words."""
    plain = (value for value in values if isinstance(value, str | bool | int))
    return sorted({text for value in plain if len(text := as_word(value)) <= _LONGEST_WORD})


def as_word(value: str | bool | int) -> str:
    """A value as it stands in a role column; a yes or no is written as `true` or `false`."""
    return value.strip() if isinstance(value, str) else str(value).lower()


def as_number(value: Any) -> float | None:
    """A number, given as such or as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return None if number != number else number


def _most(values: Sequence[Any], fits: Any) -> bool:
    return bool(values) and sum(1 for value in values if fits(value)) * 2 > len(values)


def _is_said(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, str) and as_number(value) is None)


def _is_id(value: Any) -> bool:
    if isinstance(value, str):
        text = value.strip()
        return len(text) <= _LONGEST_ID and "\n" not in text and len(text.split(None, 5)) <= 4
    if isinstance(value, bool):
        return False
    return isinstance(value, int | uuid.UUID) or (isinstance(value, float) and value.is_integer())


def _is_time(value: Any) -> bool:
    if not isinstance(value, str | int | float | date):
        return False
    try:
        return parse_time(value) is not None
    except (ValueError, OverflowError):
        return False
