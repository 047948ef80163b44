"""What a row holds besides the normal form, brought to values a table column can take."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from kura_core.load.messages import clean_text, shorten

LONGEST_VALUE = 2_000
_INT64 = 2**63


def metadata_value(value: Any) -> tuple[Any, str | None]:
    """Bring one value to str, int, float, bool or None, with a sentence on what was lost, if any.

    Nested values become compact JSON; text over 2 000 characters is cut; blank text and NaN are
    None; a whole number beyond 64 bits becomes text, because no table column holds it.
    """
    if value is None or isinstance(value, bool):
        return value, None
    if isinstance(value, float):
        return (None if math.isnan(value) else value), None
    if isinstance(value, int):
        return _integer(value)
    if not isinstance(value, str):
        try:
            value = _as_text(value)
        except (TypeError, ValueError, RecursionError, OverflowError) as error:
            return None, f"{shorten(value)} that cannot be written as JSON ({error}); taken as null"
    text = clean_text(value)
    if not text or text.isspace():
        return None, None
    if len(text) > LONGEST_VALUE:
        return text[:LONGEST_VALUE], (
            f"{len(text):,} characters, more than {LONGEST_VALUE:,}; cut to that length"
        )
    return text, None


def _integer(value: int) -> tuple[Any, str | None]:
    if -_INT64 <= value < _INT64:
        return value, None
    try:
        return str(value), None
    except ValueError:
        return None, "a whole number of thousands of digits; taken as null"


def _as_text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    try:
        return orjson.dumps(value, default=_json_default).decode()
    except TypeError:
        # Lone surrogates, numbers beyond 64 bits and keys that are no strings.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_json_default)


def _json_default(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, set | tuple):
        return list(value)
    return str(value)
