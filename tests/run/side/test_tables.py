"""Tables kept with a run: written whole, found again, removed, inherited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kura_core.errors import InputError
from kura_core.run.side.reading import read_side_table
from kura_core.run.side.report import match_sentences
from kura_core.run.side.tables import (
    FOLDER,
    SideTable,
    attach,
    attached,
    choose_feedback,
    chosen_feedback,
    copy_attached,
    detach,
    matched,
    side_stamp,
)

CSV = """conversation_id,thumbs_up,plan,spent,at,comment
c1,1,pro,"$1,200",2026-01-02,fine thanks for all of it
c1,0,pro,$3,2026-01-03,
c2,,free,oops,2026-01-04,no
c3,1,free,$5,2026-01-05,ok
c4,1,free,$5,2026-01-05,ok
c5,1,free,$5,2026-01-05,ok
c9,1,free,$7,2026-01-05,ok
"""


@pytest.fixture
def table(tmp_path: Path) -> SideTable:
    path = tmp_path / "ratings.csv"
    path.write_text(CSV, "utf-8")
    return read_side_table(path, "feedback", ["c1", "c2", "c3", "c4", "c5", "c6"])


def test_what_is_kept_comes_back_as_it_was(table: SideTable, tmp_path: Path) -> None:
    attach(tmp_path, table)
    again = attached(tmp_path)["feedback"]

    pd.testing.assert_frame_equal(again.frame, table.frame)
    assert replace(again, frame=table.frame) == table
    assert str(again.frame["thumbs_up"].dtype) == "boolean"


def test_a_kind_nobody_gave_is_not_there(table: SideTable, tmp_path: Path) -> None:
    assert attached(tmp_path) == {}
    attach(tmp_path, table)
    assert list(attached(tmp_path)) == ["feedback"]
    detach(tmp_path, "feedback")
    detach(tmp_path, "users")
    assert attached(tmp_path) == {}


def test_a_damaged_table_is_said(table: SideTable, tmp_path: Path) -> None:
    attach(tmp_path, table)
    (tmp_path / FOLDER / "feedback.parquet").write_bytes(b"PAR1 torn")

    with pytest.raises(InputError, match=r"damaged\. Remove it and add it again"):
        attached(tmp_path)


def test_a_place_that_cannot_be_written_to_is_said(table: SideTable, tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file is in the way")

    with pytest.raises(InputError, match="cannot be kept with the run"):
        attach(tmp_path, table)


def test_the_stamp_follows_table_and_choices_but_not_what_matched(
    table: SideTable, tmp_path: Path
) -> None:
    stamps = [side_stamp(tmp_path)]
    attach(tmp_path, table)
    stamps.append(side_stamp(tmp_path))
    attach(tmp_path, replace(table, many="first"))
    stamps.append(side_stamp(tmp_path))
    choose_feedback(tmp_path, "meta_rating")
    stamps.append(side_stamp(tmp_path))

    assert len(set(stamps)) == 4
    attach(tmp_path, matched(replace(table, many="first"), ["c1"]))
    assert side_stamp(tmp_path) == stamps[-1]


def test_another_run_takes_over_what_is_kept(table: SideTable, tmp_path: Path) -> None:
    earlier, later = tmp_path / "a", tmp_path / "b"
    earlier.mkdir()
    later.mkdir()
    copy_attached(earlier, later)
    assert attached(later) == {}
    attach(earlier, table)
    choose_feedback(earlier, "meta_rating")
    copy_attached(earlier, later)

    assert attached(later)["feedback"].name == "ratings.csv"
    assert chosen_feedback(later) == "meta_rating"
    choose_feedback(later, None)
    assert chosen_feedback(later) is None


def test_the_report_says_what_matched_what_was_lost_and_how_it_was_read(table: SideTable) -> None:
    said = match_sentences(table)

    assert said[0] == (
        "ratings.csv: 6 of 7 rows belong to conversations of this run, matched by "
        "“conversation_id”; 5 of 6 conversations have one."
    )
    assert said[1].endswith("for example: c9.")
    assert said[2] == "1 conversation has several rows (2 in all); the last of them counts."
    assert any("“spent”: 1 value could not be read as a number" in text for text in said)
    assert any("“oops” in row 4" in text for text in said)
    assert any("“at”: dates without a time zone were read as UTC." in text for text in said)


def test_an_unknown_column_is_said(table: SideTable) -> None:
    with pytest.raises(InputError, match="no column 'nope'; it has 'thumbs_up'"):
        table.column("nope")
