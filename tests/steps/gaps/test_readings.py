"""What conversations say, read once."""

from __future__ import annotations

import pandas as pd
import pytest

from kura_core.steps.gaps.readings import Readings, read_rows


def read(rows: list[tuple[str | None, str | None, str | None]]) -> Readings:
    frame = pd.DataFrame(rows, columns=["request", "summary", "cluster_id"], dtype="str")
    return read_rows(frame, lambda share: None)


def test_a_word_leads_to_who_says_it_or_a_synonym() -> None:
    readings = read([
        ("the contract", "A contract, a contract", "a"),
        (None, "an agreement", "b"),
        ("two maps", "x", "a"),
    ])  # fmt: skip
    assert list(readings.saying("contract")) == [0, 1]
    assert list(readings.saying("map")) == [2]
    assert list(readings.saying("nothing of the kind")) == []


def test_a_summary_that_repeats_the_request_is_read_once() -> None:
    readings = read([("find maps", "find maps please", "a"), ("find maps", "atlas", "a")])
    assert list(readings.starts) == [0, 2, 5]


def test_rows_are_found_by_their_cluster() -> None:
    readings = read([(None, "x", "b"), (None, "x", "a"), (None, "x", None), (None, "x", "b")])
    assert readings.cluster_names == ["a", "b"]
    assert list(readings.at_home([1, 0])) == [0, 1, 3]
    assert list(readings.at_home([])) == []


def test_nothing_said_is_nothing_read() -> None:
    readings = read([(None, None, None)])
    assert (len(readings.stems), list(readings.starts), readings.wish(0)) == (
        0, [0, 0], ("other", None),
    )  # fmt: skip
    assert len(read([]).stems) == 0


def test_reading_can_be_stopped() -> None:
    def stop(share: float) -> None:
        raise KeyboardInterrupt

    frame = pd.DataFrame({"request": ["x"], "summary": ["x"], "cluster_id": ["a"]})
    with pytest.raises(KeyboardInterrupt):
        read_rows(frame, stop)
