"""What a column of a side table holds: numbers, yes or no, categories, dates or text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from kura_core.load.columns.names import TIME_NAMES, plain_name
from kura_core.load.metadata import metadata_value
from kura_core.load.times import day_first_of, is_open_date, parse_time
from kura_core.run.side.values import as_amount, as_yes_no, comma_is_decimal, is_no_value

if TYPE_CHECKING:
    import pandas as pd

ColumnKind = Literal["number", "yes/no", "category", "date", "text"]
SHARE = "share"
_MOST_CATEGORIES = 100
_LONGEST_CATEGORY = 60
_WORDS_OF_A_CATEGORY = 3
# Fewer cells than this that fit, and the column is something else with a few look-alikes in it.
_NUMBERS_FROM, _DATES_FROM, _YES_NO_FROM = 0.8, 0.8, 0.95
_SHARE_WORDS = frozenset("rate percent percentage pct share".split())
# "hourly_rate" and "exchange_rate" are no shares.
_OTHER_RATES = frozenset("hourly daily hour day pay bit frame heart exchange sample".split())
_MOST_WAYS_TO_SAY_YES = 60
# So many distinct values are tried before all of them are.
_TRIED = 200
_THUMB_WORDS = re.compile(r"thumb|up|like|helpful|satisf|resolved|solved|positive|^is|^has|good")
_TEXT_NAMES = re.compile(r"comment|remark|verbatim|message|description|text|notes?$")
_ZONE = re.compile(r"(\d\s*(Z|UTC|GMT)|\d[+-]\d{2}:?\d{2}|\d\s[+-]\d{4})$", re.IGNORECASE)
_LEADING_ZERO = re.compile(r"0\d+")
_LONG_DIGITS = re.compile(r"\d{16,}")


@dataclass(slots=True, frozen=True)
class SideColumn:
    """A column and how it was read.

    `unit` is "share" for percentages (0.3 is 30 %), a currency ("$"), or None. `unreadable` cells
    became null; `example` is the first of them, as (row of the file, what stood there). `notes`
    are sentences on how the values were read.
    """

    name: str
    kind: ColumnKind
    unit: str | None = None
    unreadable: int = 0
    example: tuple[int, str] | None = None
    notes: tuple[str, ...] = ()


def typed_column(
    name: str, values: Sequence[Any], rows: Sequence[int]
) -> tuple[pd.Series, SideColumn]:
    """Bring a column to the type that its values have, with what was made of them.

    `rows` are the values' rows in their file. Numbers become int64 or float64, yes/no `boolean`,
    dates UTC timestamps, categories and text strings; nothing is NaN, NaT or NA. Every distinct
    value is looked at once. Nested values become their JSON.
    """
    import pandas as pd

    texts, nested = _as_texts(values)
    codes, distinct = pd.factorize(pd.Series(texts, dtype="object"))
    found = [str(text) for text in distinct]
    present = [text for text in found if not is_no_value(text)]
    made = None
    if present and not nested:
        made = (
            _as_yes_no(name, present, codes, found)
            or _as_dates(name, present, codes, found)
            or _as_numbers(name, present, codes, found)
        )
    if made is None:
        made = _as_words(name, present, len(values), nested)
    result = [made.read.get(text) for text in found]
    series = _series([result[code] if code >= 0 else None for code in codes], made.kind)
    bad = {text for text in present if text not in made.read}
    lost = [index for index, code in enumerate(codes) if code >= 0 and found[code] in bad]
    example = (rows[lost[0]], found[codes[lost[0]]][:60]) if lost else None
    column = SideColumn(name, made.kind, made.unit, len(lost), example, made.notes)
    return series, column


@dataclass(slots=True, frozen=True)
class _Made:
    """What distinct values read as; those left out of `read` cannot be read."""

    kind: ColumnKind
    read: dict[str, Any]
    unit: str | None = None
    notes: tuple[str, ...] = ()


def _as_texts(values: Sequence[Any]) -> tuple[list[str | None], bool]:
    import pandas as pd

    texts: list[str | None] = []
    nested = False
    for value in values:
        if isinstance(value, str):
            text = value.strip()
            texts.append(metadata_value(text)[0])
            continue
        if hasattr(value, "__len__"):
            nested = True
            texts.append(_plain_text(value))
            continue
        texts.append(None if pd.isna(value) else _plain_text(value))
    return texts, nested


def _plain_text(value: Any) -> str | None:
    if hasattr(value, "tolist"):  # numpy's own, as tables hold them
        value = value.tolist()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    text, _ = metadata_value(value)
    return None if text is None else str(text)


def _as_yes_no(name: str, present: list[str], codes: Any, found: list[str]) -> _Made | None:
    is_thumb = bool(_THUMB_WORDS.search(plain_name(name)))
    if set(present) <= {"-1", "0", "1"} and "-1" in present and is_thumb:
        note = "1 was read as yes, -1 as no and 0 as no answer"
        return _Made("yes/no", {"1": True, "-1": False, "0": None}, None, (note,))
    if len(present) > _MOST_WAYS_TO_SAY_YES:
        return None
    # A column of ones alone may as well count something.
    if len(present) == 1 and present[0] in ("0", "1", "0.0", "1.0") and not is_thumb:
        return None
    words = {text: as_yes_no(text) for text in present}
    known = {text: word for text, word in words.items() if word is not None}
    if not known or _filled(codes, found, known) < _YES_NO_FROM * _filled(codes, found, present):
        return None
    return _Made("yes/no", known)


def _as_dates(name: str, present: list[str], codes: Any, found: list[str]) -> _Made | None:
    if not _may_be_dates(name, present):
        return None
    day_first = day_first_of(present)
    read: dict[str, Any] = {}
    for text in present:
        try:
            read[text] = parse_time(text, day_first=day_first is not False)
        except (ValueError, OverflowError):
            continue
    if _filled(codes, found, read) < _DATES_FROM * _filled(codes, found, present):
        return None
    notes = []
    if any(not _ZONE.search(text) and not text.isdecimal() for text in read):
        notes.append("dates without a time zone were read as UTC")
    if day_first is None and any(is_open_date(text) for text in read):
        notes.append("dates such as 03/04/2026 were read with the day first")
    return _Made("date", read, None, tuple(notes))


def _may_be_dates(name: str, present: list[str]) -> bool:
    plain = plain_name(name)
    is_named = plain in TIME_NAMES or plain.endswith(("date", "time", "at", "timestamp"))
    tried = present[:50]
    written = sum(1 for text in tried if re.search(r"\d[-/.:T ]\S*\d|[a-z]{3}", text, re.I))
    plain_numbers = sum(1 for text in tried if re.fullmatch(r"-?\d+([.,]\d+)?", text))
    if plain_numbers > len(tried) / 2:
        return is_named and all(9 <= len(text) <= 20 for text in tried)
    return written > len(tried) / 2


def _as_numbers(name: str, present: list[str], codes: Any, found: list[str]) -> _Made | None:
    if any(_LEADING_ZERO.fullmatch(text) for text in present):
        return None
    if sum(1 for text in present if _LONG_DIGITS.fullmatch(text)) > len(present) / 2:
        return None
    tried = present[:_TRIED]
    if sum(as_amount(text, decimal_comma=False) is None for text in tried) > len(tried) / 2 and (
        sum(as_amount(text, decimal_comma=True) is None for text in tried) > len(tried) / 2
    ):
        return None
    comma = comma_is_decimal(present)
    amounts = {text: as_amount(text, decimal_comma=bool(comma)) for text in present}
    known = {text: amount for text, amount in amounts.items() if amount is not None}
    fit = _filled(codes, found, known)
    if not known or fit < _NUMBERS_FROM * _filled(codes, found, present):
        return None
    notes = []
    if comma is None and any(re.fullmatch(r"\D*\d{1,3}[,]\d{3}\D*", text) for text in known):
        notes.append("numbers such as 1,234 were read with the comma between thousands")
    units = sorted({amount.unit for amount in known.values() if amount.unit})
    if len(units) > 1:
        return _mixed_units(present, units)
    values = {text: amount.value for text, amount in known.items()}
    if units == ["%"] or (not units and _is_share_name(name)):
        bare = {text: value for text, value in values.items() if known[text].unit is None}
        return _as_shares(present, values, bare, notes)
    return _Made("number", values, units[0] if units else None, tuple(notes))


def _mixed_units(present: list[str], units: list[str]) -> _Made:
    note = (
        f"it holds amounts in {' and in '.join(units)}, which cannot be added up, so it is kept "
        "as text; convert them to one unit to use the column as a number"
    )
    return _Made("text", dict(zip(present, present, strict=True)), None, (note,))


def _as_shares(
    present: list[str], values: dict[str, float], bare: dict[str, float], notes: list[str]
) -> _Made:
    """Percentages as shares of 1; `bare` are those written without the sign."""
    signed = {text: value / 100 for text, value in values.items() if text not in bare}
    fractions = sorted(t for t, v in bare.items() if 0 < abs(v) < 1)
    larger = sorted(t for t, v in bare.items() if abs(v) > 1)
    if fractions and (larger or signed):
        other = larger[0] if larger else sorted(signed)[0]
        note = (
            f"it holds percentages written in more than one way ({fractions[0]} and {other}), so "
            f"it is not clear whether {fractions[0]} is a share or a percentage; it is kept as "
            "text. Write all of them one way to use the column as a number"
        )
        return _Made("text", dict(zip(present, present, strict=True)), None, (note,))
    if any(abs(value) > 100 for value in bare.values()) and not signed:
        return _Made("number", values, None, tuple(notes))
    if signed:
        notes.append("percentages were read as shares: 30 % is 0.3")
    elif larger:
        notes.append("numbers from 0 to 100 were read as percentages, by the column's name")
    else:
        notes.append("numbers from 0 to 1 were read as shares, by the column's name")
    divisor = 100.0 if larger or signed else 1.0
    return _Made("number", signed | {t: v / divisor for t, v in bare.items()}, SHARE, tuple(notes))


def _is_share_name(name: str) -> bool:
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).casefold()
    words = set(re.split(r"[^a-z%]+", spaced))
    return bool(words & _SHARE_WORDS or "%" in name) and not words & _OTHER_RATES


def _as_words(name: str, present: list[str], count: int, nested: bool) -> _Made:
    same = dict(zip(present, present, strict=True))
    words = [len(text.split()) for text in present]
    short = (
        sum(words) <= _WORDS_OF_A_CATEGORY * len(present)
        and all(len(text) <= _LONGEST_CATEGORY for text in present)
        and not (_TEXT_NAMES.search(plain_name(name)) and max(words, default=0) > 2)
    )
    few = len(present) <= min(_MOST_CATEGORIES, max(5, count // 3))
    notes = ("nested values were kept as JSON text",) if nested else ()
    is_category = bool(present) and short and few and not nested
    return _Made("category" if is_category else "text", same, None, notes)


def _filled(codes: Any, found: list[str], wanted: Iterable[str]) -> int:
    """How many cells hold one of the wanted values."""
    import numpy as np

    kept = set(wanted)
    is_wanted = np.array([text in kept for text in found], dtype=bool)
    return int(is_wanted[codes[codes >= 0]].sum())


def _series(values: list[Any], kind: ColumnKind) -> pd.Series:
    import pandas as pd

    if kind == "yes/no":
        return pd.Series(values, dtype="boolean")
    if kind == "date":
        return pd.Series(pd.to_datetime(values, utc=True)).astype("datetime64[us, UTC]")
    if kind == "number":
        numbers = pd.Series(values, dtype="float64")
        whole = bool(numbers.notna().all() and (numbers % 1 == 0).all())
        return numbers.astype("int64") if whole else numbers
    return pd.Series(values, dtype="str")
