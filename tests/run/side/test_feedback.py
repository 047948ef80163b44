"""Which column is the explicit feedback, and what of it is negative."""

from __future__ import annotations

import pandas as pd
import pytest

from kura_core.errors import InputError
from kura_core.run.side.columns import SideColumn, typed_column
from kura_core.run.side.feedback import find_feedback, is_negative, scale_of


def scaled(name: str, *values: object) -> list[bool | None] | None:
    series, column = typed_column(name, values, range(len(values)))
    scale = scale_of(column, series)
    if scale is None:
        return None
    return [None if pd.isna(bad) else bool(bad) for bad in is_negative(series, scale)]


def test_what_is_negative_depends_on_the_scale() -> None:
    assert scaled("thumbs_up", "up", "down", "") == [False, True, None]
    assert scaled("thumbs_down", "yes", "no", "") == [True, False, None]
    assert scaled("stars", 1, 2, 3, 4, 5) == [True, True, False, False, False]
    assert scaled("csat", 1, 3, 4, 7) == [True, True, False, False]
    assert scaled("score", 0, 6, 7, 10) == [True, True, False, False]
    assert scaled("nps", 0, 4, 5) == [True, True, True]


def test_an_amount_a_share_or_a_wide_number_is_no_rating() -> None:
    assert scaled("score", 12, 80) is None
    assert scaled("score", -3, 4) is None
    assert scaled("revenue", "$3", "$4") is None
    assert scaled("success_rate", 0.3, 0.4) is None


def columns_of(**values: list[object]) -> tuple[list[SideColumn], pd.DataFrame]:
    made = {name: typed_column(name, cells, range(len(cells))) for name, cells in values.items()}
    frame = pd.DataFrame({name: series for name, (series, _) in made.items()})
    return [column for _, column in made.values()], frame


def test_the_feedback_column_is_found_by_name_and_kind() -> None:
    found = columns_of(seats=[1, 4], comment=["a b c", "d"], rating=[1, 5], thumbs_up=[True, False])

    assert find_feedback(*found) == "thumbs_up"
    assert find_feedback(*found, "rating") == "rating"
    assert find_feedback(*columns_of(seats=[1, 4])) is None


def test_a_column_that_cannot_be_feedback_is_refused_with_those_that_can() -> None:
    found = columns_of(comment=["a b c", "d"], rating=[1, 5])

    with pytest.raises(InputError, match=r"'comment' cannot be the feedback.*can be: 'rating'"):
        find_feedback(*found, "comment")
