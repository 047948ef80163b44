"""Several rows of one conversation become one, and which of them were negative."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kura_core.errors import InputError
from kura_core.run.side.reading import read_side_table
from kura_core.run.side.rows import explicit_feedback, meta_feedback_columns, one_row_each
from kura_core.run.side.tables import Many, SideTable, attach, choose_feedback

CSV = """conversation_id,thumbs_up,stars,topic,at
c1,1,5,a,2026-01-03
c1,0,3,b,2026-01-01
c1,1,1,b,2026-01-02
c2,0,4,a,2026-01-01
c3,,2,a,2026-01-01
"""


def table(folder: Path, many: Many = "last", content: str = CSV) -> SideTable:
    path = folder / "ratings.csv"
    path.write_text(content, "utf-8")
    return read_side_table(path, "feedback", ["c1", "c2", "c3", "c4"], many=many)


def c1(folder: Path, many: Many) -> pd.Series:
    return one_row_each(table(folder, many)).loc["c1"]


def test_last_and_first_go_by_the_dates(tmp_path: Path) -> None:
    assert c1(tmp_path, "last")["stars"] == 5
    assert c1(tmp_path, "first")["stars"] == 3


def test_without_dates_the_file_s_order_decides(tmp_path: Path) -> None:
    content = "conversation_id,stars\nc1,5\nc1,2\nc2,3\n"

    assert one_row_each(table(tmp_path, "last", content)).loc["c1", "stars"] == 2
    assert one_row_each(table(tmp_path, "first", content)).loc["c1", "stars"] == 5


def test_the_mean_is_of_numbers_and_thumbs_and_the_most_frequent_of_categories(
    tmp_path: Path,
) -> None:
    row = c1(tmp_path, "mean")

    assert row["stars"] == 3
    assert row["thumbs_up"] == pytest.approx(2 / 3)
    assert row["topic"] == "b"


def test_any_negative_takes_the_worst_rating_and_the_last_of_the_rest(tmp_path: Path) -> None:
    row = c1(tmp_path, "any negative")

    assert not row["thumbs_up"]
    assert row["stars"] == 5


@pytest.mark.parametrize("many", ["last", "first", "mean", "any negative"])
def test_every_conversation_has_one_row(tmp_path: Path, many: Many) -> None:
    rows = one_row_each(table(tmp_path, many))

    assert sorted(rows.index) == ["c1", "c2", "c3"]


def test_a_row_without_a_date_gives_way_to_those_with_one(tmp_path: Path) -> None:
    content = "conversation_id,stars,at\nc1,1,\nc1,4,2026-01-01\nc1,5,2026-01-02\nc1,2,\n"

    assert one_row_each(table(tmp_path, "first", content)).loc["c1", "stars"] == 4
    assert one_row_each(table(tmp_path, "last", content)).loc["c1", "stars"] == 5


def test_the_feedback_is_laid_beside_the_conversations(tmp_path: Path) -> None:
    attach(tmp_path, table(tmp_path))
    conversations = pd.DataFrame({"conversation_id": ["c4", "c3", "c2", "c1"]}, index=[9, 8, 7, 6])
    negative, notes = explicit_feedback(tmp_path, conversations)

    assert list(negative.index) == [9, 8, 7, 6]
    assert negative.isna().tolist() == [True, True, False, False]
    assert negative[7]
    assert not negative[6]
    assert notes == ("no in “thumbs_up” counts as negative",)


def test_without_feedback_nobody_is_negative(tmp_path: Path) -> None:
    negative, notes = explicit_feedback(tmp_path, pd.DataFrame({"conversation_id": ["c1"]}))

    assert negative.isna().all()
    assert notes == ()


def test_a_column_of_the_conversations_can_be_the_feedback(tmp_path: Path) -> None:
    conversations = pd.DataFrame(
        {
            "conversation_id": ["c1", "c2", "c3"],
            "meta_rating": [1, 5, None],
            "meta_plan": ["pro", "free", "pro"],
        }
    )
    assert meta_feedback_columns(conversations) == ["meta_rating"]
    attach(tmp_path, table(tmp_path))
    choose_feedback(tmp_path, "meta_rating")
    negative, notes = explicit_feedback(tmp_path, conversations)

    assert negative.tolist() == [True, False, pd.NA]
    assert "“rating” of 2 or less (out of 5)" in notes[0]
    choose_feedback(tmp_path, "meta_plan")
    with pytest.raises(InputError, match="'plan' cannot be the feedback"):
        explicit_feedback(tmp_path, conversations)
