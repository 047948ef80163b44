"""Points in time as logs write them, brought to timezone-aware UTC."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"-?\d{9,20}(\.\d+)?")
# A number is read by its size: below the first limit seconds, then milli-, micro-, nanoseconds.
_UNITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))
_SMALLEST_EPOCH = 1e8
# The days a spreadsheet counts from the end of 1899, for dates from 1954 to 2119.
_SPREADSHEET_DAYS = (20_000, 80_000)
_YEARS = range(1900, 2200)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_CLOCK = (
    r"(?:[T,\s]+(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})"
    r"(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_NUMERIC = re.compile(
    r"(?P<first>\d{1,2})([/.-])(?P<second_part>\d{1,2})\2(?P<year>\d{4}|\d{2})" + _CLOCK
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([/.-])(?P<month>\d{1,2})\2(?P<day>\d{1,2})" + _CLOCK)
_DAY_NAME = r"(?:[A-Za-z]{3,9},?\s+)?"
_MONTH_FIRST = re.compile(
    _DAY_NAME + r"(?P<name>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
    + _CLOCK
)  # fmt: skip
_DAY_FIRST = re.compile(
    _DAY_NAME + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?[\s-]+(?P<name>[A-Za-z]{3,9})\.?,?[\s-]+"
    r"(?P<year>\d{4})" + _CLOCK
)


def parse_time(value: Any, *, day_first: bool = True) -> datetime | None:
    """Read a point in time, or None where there is none (null, blank, NaN, NaT).

    Takes ISO 8601 and RFC 2822 strings, dates, datetimes (pandas' too), Unix times in seconds,
    milli-, micro- or nanoseconds, and dates as people write them ("31/01/2026 14:05",
    "Jan 31, 2026"). `day_first` decides what 03/04/2026 is where its numbers leave that open. A
    time without a zone is taken as UTC. Raises ValueError when the value is no time, or lies
    outside the years 1900–2199.
    """
    if value is None or value == "" or value != value:
        return None
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        moment = (
            _from_number(float(text)) if _NUMBER.fullmatch(text) else _from_text(text, day_first)
        )
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


def day_first_of(values: Iterable[Any]) -> bool | None:
    """Whether a column writes the day before the month, as 31/01/2026; None where nothing tells.

    One value with a day above 12 tells; else a clock with AM and PM speaks for the month first.
    Values that are not written with slashes, dots or dashes, or with the year first, do not count;
    neither do dots, which stand in dates with the day first only.
    """
    half_days = False
    for value in values:
        match = _NUMERIC.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            continue
        first, second = int(match["first"]), int(match["second_part"])
        if first > 12 >= second or match[2] == ".":
            return True
        if second > 12 >= first:
            return False
        half_days = half_days or match["half"] is not None
    return False if half_days else None


def is_open_date(value: Any) -> bool:
    """Whether a date has its day and month as numbers of which either could be the month."""
    match = _NUMERIC.fullmatch(value.strip()) if isinstance(value, str) else None
    return (
        match is not None
        and match["first"].lstrip("0") != match["second_part"].lstrip("0")
        and max(int(match["first"]), int(match["second_part"])) <= 12
        and match[2] != "."
    )


def _from_number(number: float) -> datetime:
    if _SPREADSHEET_DAYS[0] <= number <= _SPREADSHEET_DAYS[1]:
        raise ValueError(
            "a spreadsheet's day number; show the column as a date there and export it again"
        )
    if not math.isfinite(number) or abs(number) < _SMALLEST_EPOCH:
        raise ValueError("too small a number for a Unix time")
    for limit, divisor in _UNITS:
        if abs(number) < limit:
            try:
                return _EPOCH + timedelta(seconds=number / divisor)
            except OverflowError as error:
                raise ValueError("too large a number for a Unix time") from error
    raise ValueError("too large a number for a Unix time")


def _from_text(text: str, day_first: bool) -> datetime:
    iso = f"{text[:-4]}+00:00" if text.endswith((" UTC", " GMT")) else text
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        pass
    if len(text) > 60:
        raise ValueError("not a date")
    written = _written(text, day_first)
    if written is not None:
        return written
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise ValueError("not a date such as 2026-01-31T09:00:00Z") from error


def _written(text: str, day_first: bool) -> datetime | None:
    """A date as people write it; None when it is none of the forms."""
    if match := _NUMERIC.fullmatch(text):
        first, second = int(match["first"]), int(match["second_part"])
        is_day_first = second <= 12 and (first > 12 or day_first or match[2] == ".")
        day, month = (first, second) if is_day_first else (second, first)
    elif match := _YEAR_FIRST.fullmatch(text):
        day, month = int(match["day"]), int(match["month"])
    elif match := _MONTH_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text):
        name = _MONTHS.get(match["name"][:3].casefold())
        if name is None:
            return None
        day, month = int(match["day"]), name
    else:
        return _from_short_number(text)
    year = int(match["year"])
    if year < 100:
        year += 2000 if year < 70 else 1900
    return _with_clock(match, year, month, day)


def _with_clock(match: re.Match[str], year: int, month: int, day: int) -> datetime:
    if match["hour"] is None:
        return datetime(year, month, day)
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f"{hour} is no hour of a clock with AM and PM")
        hour = hour % 12 + (12 if match["half"][0] in "Pp" else 0)
    micro = int((match["fraction"] or "").ljust(6, "0")[:6])
    moment = datetime(
        year, month, day, hour, int(match["minute"]), int(match["second"] or 0), micro
    )
    zone = match["zone"]
    if not zone or zone in ("Z", "UTC", "GMT"):
        return moment.replace(tzinfo=UTC)
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return moment.replace(tzinfo=timezone(-offset if zone[0] == "-" else offset))


def _from_short_number(text: str) -> datetime | None:
    """A spreadsheet's day number is named as what it is; other text is no number."""
    try:
        number = float(text)
    except ValueError:
        return None
    return _from_number(number)
