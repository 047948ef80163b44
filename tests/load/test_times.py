"""Points in time, however a log writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pandas as pd
import pytest

from kura_core.load.times import day_first_of, is_open_date, parse_time

NINE = datetime(2026, 1, 31, 9, tzinfo=UTC)
SECONDS = int(NINE.timestamp())


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-31T09:00:00Z",
        "2026-01-31 09:00",
        "2026-01-31T10:00:00+01:00",
        "2026-01-31 09:00:00 UTC",
        " 2026-01-31T09:00:00.000 ",
        "Sat, 31 Jan 2026 09:00:00 GMT",
        "31/01/2026 09:00",
        "1/31/2026 9:00 AM",
        "31.01.2026, 09:00:00",
        "31-01-26 9:00",
        "2026/1/31 09:00",
        "Jan 31, 2026 09:00",
        "January 31st, 2026 at 9:00 am",
        "31 Jan 2026 10:00 +0100",
        "2026-01-31 09:00:00 +0000",
        "2026-01-31T09:00:00.000000000Z",
        SECONDS,
        float(SECONDS),
        str(SECONDS),
        SECONDS * 1000,
        str(SECONDS * 1000),
        SECONDS * 10**6,
        SECONDS * 10**9,
        datetime(2026, 1, 31, 9),
        datetime(2026, 1, 31, 10, tzinfo=timezone(timedelta(hours=1))),
        pd.Timestamp("2026-01-31 09:00"),
        pd.Timestamp("2026-01-31 10:00", tz="Europe/Berlin"),
    ],
)
def test_times_become_utc(value: Any) -> None:
    moment = parse_time(value)
    assert moment == NINE and moment.tzinfo is UTC and type(moment) is datetime


def test_a_day_is_its_midnight() -> None:
    midnight = datetime(2026, 1, 31, tzinfo=UTC)
    assert parse_time("2026-01-31") == parse_time(date(2026, 1, 31)) == midnight


@pytest.mark.parametrize("value", [None, "", "  ", float("nan"), pd.NaT])
def test_no_time_is_none(value: Any) -> None:
    assert parse_time(value) is None


@pytest.mark.parametrize(
    "value",
    ["yesterday", "2026-13-01", "31/31/2026", 5, 0, True, [1], {}, float("inf"), 10**300,
     "9999-01-01", "0001-01-01T00:00:00+14:00", 10**21],
)  # fmt: skip
def test_what_is_no_time_is_said(value: Any) -> None:
    with pytest.raises((ValueError, OverflowError)):
        parse_time(value)


def test_a_column_tells_whether_the_day_comes_first() -> None:
    assert day_first_of(["01/02/2026", "13/02/2026"]) is True
    assert day_first_of(["01/02/2026", "02/13/2026", "nonsense"]) is False
    assert day_first_of(["01/02/2026 9:00 PM"]) is False
    assert day_first_of(["01.02.2026"]) is True
    assert day_first_of(["01/02/2026", None, "2026-01-31"]) is None
    assert is_open_date("01/02/2026") and not is_open_date("02/02/2026")
    assert parse_time("01/02/2026", day_first=False) == datetime(2026, 1, 2, tzinfo=UTC)
    assert parse_time("01/02/2026") == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("value", [46053, 46053.375, "46053.375"])
def test_a_spreadsheets_day_number_is_named_and_not_guessed(value: Any) -> None:
    with pytest.raises(ValueError, match="spreadsheet"):
        parse_time(value)
