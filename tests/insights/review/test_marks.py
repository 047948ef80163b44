from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from kura_core.errors import InputError
from kura_core.insights.review.marks import (
    Judged,
    Mark,
    add_mark,
    judged_as,
    new_mark,
    read_marks,
    still_valid,
    undo_mark,
)
from tests.insights.joined_runs import joined_of

SHOWN = Judged("not achieved", "I cannot.", ("corrected",), "No, the other one")
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def mark(name: str, shown: Judged = SHOWN) -> Mark:
    return new_mark(name, shown, "wrong", "achieved", "right", now=NOW)


def test_marks_are_kept_with_what_was_shown_and_when(tmp_path: Path) -> None:
    path = tmp_path / "reviews" / "sample.json"
    add_mark(path, mark("c1"))
    add_mark(path, mark("c2"))

    assert read_marks(path) == [mark("c1"), mark("c2")]
    assert read_marks(path)[0].marked_at == "2026-03-01T09:30:00+00:00"
    assert [file.name for file in path.parent.iterdir()] == ["sample.json"]


def test_without_a_file_there_are_no_marks(tmp_path: Path) -> None:
    assert read_marks(tmp_path / "review.json") == []
    assert undo_mark(tmp_path / "review.json") is None


def test_a_second_mark_of_a_conversation_takes_the_place_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "review.json"
    add_mark(path, mark("c1"))
    again = new_mark("c1", SHOWN, "right", now=NOW)

    assert add_mark(path, again) == read_marks(path) == [again]


def test_undo_takes_the_last_mark_back(tmp_path: Path) -> None:
    path = tmp_path / "review.json"
    add_mark(path, mark("c1"))
    add_mark(path, mark("c2"))

    assert undo_mark(path) == mark("c2")
    assert read_marks(path) == [mark("c1")]


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"marks": [{}]}', '{"marks": 3}', "\xff", '{"marks": [{"shown": {}}]}'],
)
def test_a_file_that_is_not_one_of_marks_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "review.json"
    path.write_text(content, "latin-1")

    with pytest.raises(InputError, match=r"review\.json"):
        read_marks(path)


@pytest.mark.parametrize(
    ("was", "became"), [('"wrong"', '"maybe"'), ('"achieved"', '"very achieved"')]
)
def test_an_answer_nobody_can_give_is_said(tmp_path: Path, was: str, became: str) -> None:
    path = tmp_path / "review.json"
    add_mark(path, mark("c1"))
    path.write_text(path.read_text("utf-8").replace(was, became), "utf-8")

    with pytest.raises(InputError, match=became.strip('"')):
        read_marks(path)


def test_a_judgement_that_has_changed_does_not_count_as_marked() -> None:
    rows = [
        {"outcome": "not achieved", "outcome_quote": "I cannot.", "dissatisfaction": ["corrected"]},
        {"outcome": "not achieved", "outcome_quote": "Sorry.", "dissatisfaction": ["corrected"]},
        {"outcome": "partly", "outcome_quote": "I cannot.", "dissatisfaction": ["corrected"]},
    ]
    frame = joined_of(rows).conversations
    shown = Judged("not achieved", "I cannot.", ("corrected",), None)
    marks = [mark(name, shown) for name in [*frame["conversation_id"], "gone"]]

    assert [m.conversation_id for m in still_valid(marks, frame)] == ["c0000"]


def test_a_judgement_is_read_alike_from_lists_arrays_and_nothing() -> None:
    row = {"outcome": "partly", "outcome_quote": float("nan"), "dissatisfaction_quote": None}

    assert judged_as({**row, "dissatisfaction": np.array(["gave up"])}) == Judged(
        "partly", None, ("gave up",), None
    )
    assert judged_as({**row, "dissatisfaction": None}).dissatisfaction == ()
    assert judged_as({**row, "dissatisfaction": float("nan")}).dissatisfaction == ()
