"""Columns of side tables: which kind they are, and what their values read as."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kura_core.run.side.columns import SHARE, SideColumn, typed_column


def read(name: str, *values: Any) -> tuple[list[Any], SideColumn]:
    series, column = typed_column(name, values, range(2, 2 + len(values)))
    return [None if pd.isna(value) else value for value in series], column


@pytest.mark.parametrize(
    "values",
    [
        ("0", "1"), ("true", "False"), ("Yes", "no"), ("ja", "Nein"), ("up", "down"),
        ("👍", "👎"), ("👍🏽", "👎🏿"), ("thumbs_up", "Thumbs down"),
        (True, False), (1, 0), (1.0, 0.0),
    ],
)  # fmt: skip
def test_yes_and_no_are_read_in_every_spelling(values: tuple[Any, Any]) -> None:
    found, column = read("helpful", *sorted(values, key=str), None)

    assert column.kind == "yes/no"
    assert set(found) == {True, False, None}


def test_minus_one_in_a_thumbs_column_is_no_and_zero_no_answer() -> None:
    found, column = read("thumbs", "1", "-1", "0")

    assert (found, column.kind) == ([True, False, None], "yes/no")
    assert column.unreadable == 0
    assert "0 as no answer" in column.notes[0]


def test_a_column_of_ones_alone_is_a_number_unless_its_name_says_thumbs() -> None:
    assert read("seats", "1", "1")[1].kind == "number"
    assert read("thumbs_up", "1", "1")[1].kind == "yes/no"


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        (("30 %", "25%"), [0.3, 0.25]),
        (("30 %", "25"), [0.3, 0.25]),
        (("30", "25"), [0.3, 0.25]),
        (("0.3", "0.25"), [0.3, 0.25]),
        ((0.3, 1), [0.3, 1.0]),
        (("12,5 %", "7,25 %"), [0.125, 0.0725]),
    ],
)
def test_percentages_become_shares_and_a_note_says_how(
    values: tuple[Any, ...], shares: list[float]
) -> None:
    found, column = read("resolution_rate", *values)

    assert found == pytest.approx(shares)
    assert (column.kind, column.unit) == ("number", SHARE)
    assert "share" in column.notes[0] or "percentages" in column.notes[0]


@pytest.mark.parametrize("values", [("0.3", "30"), ("0.3", "30 %")])
def test_percentages_written_two_ways_are_not_guessed(values: tuple[str, str]) -> None:
    found, column = read("success_rate", *values)

    assert (found, column.kind) == (list(values), "text")
    assert "more than one way" in column.notes[0]
    assert "0.3" in column.notes[0]


def test_an_hourly_rate_is_no_percentage() -> None:
    assert read("hourly_rate", "20", "30")[0] == [20, 30]
    assert read("strategy", "20", "30")[1].unit is None


@pytest.mark.parametrize(
    ("values", "amounts", "unit"),
    [
        (("$1,234.50", "$3"), [1234.5, 3.0], "$"),
        (("1.234,50 €", "3,5 €"), [1234.5, 3.5], "€"),
        (("12k", "1.5M"), [12_000, 1_500_000], None),
        (("USD 7", "US$ 8"), [7, 8], "$"),
        (("(30)", "-4.5"), [-30.0, -4.5], None),
        (("CHF 1'250.00", "CHF 9.50"), [1250.0, 9.5], "CHF"),
        (("1 234,5", "2"), [1234.5, 2.0], None),
        (("1e5", "2"), [100_000, 2], None),
    ],
)
def test_money_is_a_number_with_its_unit(
    values: tuple[str, ...], amounts: list[float], unit: str | None
) -> None:
    found, column = read("revenue", *values)

    assert found == pytest.approx(amounts)
    assert (column.kind, column.unit) == ("number", unit)


def test_a_comma_that_could_be_either_is_said() -> None:
    found, column = read("seats", "1,234", "12")

    assert found == [1234, 12]
    assert "between thousands" in column.notes[0]


def test_two_currencies_are_not_added_up() -> None:
    found, column = read("amount", "$3", "€4")

    assert (found, column.kind) == (["$3", "€4"], "text")
    assert "cannot be added up" in column.notes[0]


def test_dates_without_a_zone_are_utc_and_said() -> None:
    found, column = read("signup", "2026-01-31 09:00", "2026-02-01")

    assert found[0] == datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert column.kind == "date"
    assert "without a time zone were read as UTC" in column.notes[0]


def test_dates_with_a_zone_need_no_note() -> None:
    found, column = read("created_at", "2026-01-31T09:00:00+02:00", "2026-01-31T07:00:00Z")

    assert found[0] == found[1] == datetime(2026, 1, 31, 7, tzinfo=UTC)
    assert column.notes == ()


def test_unix_times_are_dates_only_under_a_name_for_times() -> None:
    assert read("created_at", 1767600622, 1767600623)[1].kind == "date"
    assert read("revenue", 1767600622, 1767600623)[1].kind == "number"


def test_what_cannot_be_read_is_null_counted_and_shown() -> None:
    found, column = read("csat", "4", "5", "3", "great", "2", "great", "1", "1", "2", "3", "n/a")

    assert found[3] is None
    assert (column.unreadable, column.example) == (2, (5, "great"))


def test_a_number_too_large_to_add_up_counts_as_unreadable() -> None:
    found, column = read("revenue", 1e308, 1, 2, 3, 4, float("inf"), 5, 6, 7, 8, 9, 10)

    assert found[0] is None
    assert found[5] is None
    assert (column.unreadable, column.example) == (2, (2, "1e+308"))
    assert np.isfinite(np.nansum([v for v in found if v is not None]))


def test_an_exponent_beyond_all_numbers_counts_as_unreadable() -> None:
    found, column = read("revenue", "1e400", "-1e400", "1e-400", *map(str, range(1, 12)))

    assert found[:3] == [None, None, 0.0]
    assert (column.kind, column.unreadable) == ("number", 2)


def test_nested_values_are_kept_as_json() -> None:
    found, column = read("tags", {"a": [1, 2]}, None, ["x"], np.array(["y"]))

    assert found == ['{"a":[1,2]}', None, '["x"]', '["y"]']
    assert (column.kind, column.notes) == ("text", ("nested values were kept as JSON text",))


def test_ids_with_leading_zeros_or_many_digits_stay_text() -> None:
    assert read("zip", "00123", "04567")[0] == ["00123", "04567"]
    assert read("account", "12345678901234567890", "12345678901234567891")[1].kind != "number"


def test_few_short_values_are_a_category_and_sentences_are_text() -> None:
    assert read("plan", *["pro", "free"] * 20)[1].kind == "category"
    assert read("comment", *["not what I asked for", "wrong"] * 20)[1].kind == "text"
    assert read("reason", *[f"it went wrong {n}" for n in range(40)])[1].kind == "text"


def test_an_empty_column_is_text_without_values() -> None:
    found, column = read("note", "", None, float("nan"), pd.NaT)

    assert found == [None] * 4
    assert (column.kind, column.unreadable) == ("text", 0)
