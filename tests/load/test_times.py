"""Points in time, however a log writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pandas as pd
import pytest

from kura_core.load.times import parse_time

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
