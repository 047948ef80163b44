"""Points in time as logs write them, brought to timezone-aware UTC."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"-?\d{9,20}(\.\d+)?")
# A number is read by its size: below the first limit seconds, then milli-, micro-, nanoseconds.
_UNITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))
_SMALLEST_EPOCH = 1e8
_YEARS = range(1900, 2200)


def parse_time(value: Any) -> datetime | None:
    """Read a point in time, or None where there is none (null, blank, NaN, NaT).

    Takes ISO 8601 and RFC 2822 strings, dates, datetimes (pandas' too) and Unix times in seconds,
    milli-, micro- or nanoseconds. A time without a zone is taken as UTC. Raises ValueError when the
    value is no time, or lies outside the years 1900–2199.
    """
    if value is None or value == "" or value != value:
        return None
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        moment = _from_number(float(text)) if _NUMBER.fullmatch(text) else _from_text(text)
    elif isinstance(value, bool):
        raise ValueError("true and false are not times")
    elif isinstance(value, int | float):
        moment = _from_number(float(value))
    elif isinstance(value, datetime):
        # Built anew because pandas' Timestamp is a datetime too, with nanoseconds nobody expects.
        moment = datetime(
            value.year, value.month, value.day, value.hour, value.minute, value.second,
            value.microsecond, value.tzinfo,
        )  # fmt: skip
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    else:
        raise ValueError(f"a {type(value).__name__} is not a time")
    if moment.year not in _YEARS:
        raise ValueError(f"the year {moment.year} is out of range")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _from_number(number: float) -> datetime:
    if not math.isfinite(number) or abs(number) < _SMALLEST_EPOCH:
        raise ValueError("too small a number for a Unix time")
    for limit, divisor in _UNITS:
        if abs(number) < limit:
            try:
                return _EPOCH + timedelta(seconds=number / divisor)
            except OverflowError as error:
                raise ValueError("too large a number for a Unix time") from error
    raise ValueError("too large a number for a Unix time")


def _from_text(text: str) -> datetime:
    if text.endswith((" UTC", " GMT")):
        iso = f"{text[:-4]}+00:00"
    else:
        iso = text
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise ValueError("not an ISO 8601 time") from error
