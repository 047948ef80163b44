"""The board of what is missing."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from scipy.stats import binomtest

from kura_core.insights.gaps import _binomial_p, gap_board
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.tables import gaps_table
from tests.insights.joined_runs import joined_of, several


def missing(name: str, cause: str = "inventory gap", **row: Any) -> dict[str, Any]:
    return {"outcome": "not achieved", "cause": cause, "missing": name, **row}


def judged(rows: list[dict[str, Any]]) -> JoinedRun:
    return joined_of([{"cause": None, "gap_kind": None, "missing": None, **row} for row in rows])


def test_the_gap_that_fails_most_comes_first() -> None:
    rows = [
        *several(2, **missing("send emails", "capability gap", cluster_id="b")),
        *several(3, **missing("signed contracts")),
    ]
    board = gap_board(judged(rows), None)
    assert [(gap.key, gap.name, gap.cause, gap.failed) for gap in board.gaps] == [
        ("signed-contracts", "signed contracts", "inventory gap", 3),
        ("send-e-mail", "send e-mail", "capability gap", 2),
    ]


def test_failures_divide_among_causes_without_rest() -> None:
    rows = [
        *several(2, **missing("signed contracts")),
        *several(3, outcome="not achieved", cause="undetermined"),
        *several(1, outcome="partly", cause="answer quality"),
        *several(1, outcome="not achieved", cause=None),
        *several(5, outcome="achieved"),
    ]
    board = gap_board(judged(rows), None)
    assert board.failures == 7 == sum(board.causes.values())
    assert board.undetermined == 4 == board.causes["undetermined"]
    assert list(board.causes) == ["inventory gap", "answer quality", "undetermined"]


def test_a_user_asks_and_is_worth_once() -> None:
    rows = [
        missing("signed contracts", user_id="u1", user_worth=100.0),
        missing("signed contracts", user_id="u1", user_worth=100.0),
        missing("signed contracts", user_id="u2", user_worth=7.0),
        {"request": "Find the signed contract", "user_id": "u3", "user_worth": 30.0},
        {"request": "Tell me a joke", "user_id": "u4", "user_worth": 5_000.0},
    ]
    (gap,) = gap_board(judged(rows), "user_worth").gaps
    assert (gap.asked, gap.failed, gap.users) == (4, 3, 3)
    assert (gap.money, gap.money_failed) == (137.0, 107.0)
    assert set(gap.failed_ids) < set(gap.asked_ids)


def test_without_users_or_a_money_column_nothing_is_made_up() -> None:
    (gap,) = gap_board(judged([missing("signed contracts", user_id=None)]), None).gaps
    assert (gap.users, gap.money, gap.money_failed) == (None, None, None)


def test_weeks_begin_on_monday_and_have_no_gaps() -> None:
    days = ["2026-01-07T10:00Z", "2026-01-11T23:59Z", "2026-01-21T00:00Z"]
    (gap,) = gap_board(judged([missing("maps", created_at=day) for day in days]), None).gaps
    assert gap.weeks == ((date(2026, 1, 5), 2), (date(2026, 1, 12), 0), (date(2026, 1, 19), 1))


@pytest.mark.parametrize(
    ("early", "late", "trend"),
    [(1, 19, "rising"), (20, 0, "falling"), (13, 7, "steady"), (3, 5, "too few to tell")],
)
def test_a_trend_is_told_from_chance(early: int, late: int, trend: str) -> None:
    start, end = "2026-01-01T00:00Z", "2026-03-30T00:00Z"
    rows = [
        *several(early, **missing("maps", created_at=start)),
        *several(late, **missing("maps", created_at=end)),
        *several(200, created_at=start),
        *several(100, created_at=end),
    ]
    (gap,) = gap_board(judged(rows), None).gaps
    assert gap.trend == trend


def test_without_dates_there_is_no_trend() -> None:
    (gap,) = gap_board(judged(several(12, **missing("maps"))), None).gaps
    assert (gap.weeks, gap.trend) == ((), "too few to tell")


def test_the_usual_kind_is_the_gaps_kind_and_quotes_are_of_the_failed() -> None:
    rows = [
        *several(2, **missing("maps", gap_kind="not indexed", request="Where is the city map?")),
        missing("maps", gap_kind="search context missing", request="I lost the map of Brno"),
    ]
    (gap,) = gap_board(judged(rows), None).gaps
    assert gap.kind == "not indexed"
    assert {quote.conversation_id for quote in gap.quotes} <= set(gap.failed_ids)
    assert gap.quotes


def test_of_very_many_gaps_the_rare_ones_are_counted_without_quotes() -> None:
    request = "Where is the big map of this town?"
    rows = [missing(f"map{n}x", request=request, created_at="2026-01-07") for n in range(60)]
    gaps = gap_board(judged(rows), None).gaps
    assert [gap.failed for gap in gaps] == [1] * 60
    assert [bool(gap.quotes) for gap in gaps].count(True) == 50
    assert all(bool(gap.quotes) == bool(gap.weeks) for gap in gaps)


@pytest.mark.parametrize("name", [None, "", "  "])
def test_a_gap_without_a_name_is_counted_but_no_row(name: str | None) -> None:
    board = gap_board(judged([missing(name)]), None)  # type: ignore[arg-type]
    assert (board.gaps, dict(board.causes)) == ((), {"inventory gap": 1})


def test_a_run_made_before_gaps_were_found_has_none_but_its_causes() -> None:
    joined = replace(judged([missing("maps")]), gaps=gaps_table(()).to_pandas())
    board = gap_board(joined, None)
    assert (board.gaps, dict(board.causes)) == ((), {"inventory gap": 1})


@pytest.mark.parametrize(
    ("hits", "n", "expected"), [(0, 10, 0.3), (7, 20, 1 / 3), (19, 20, 0.34), (400, 900, 0.4)]
)
def test_a_trends_p_value_is_that_of_the_exact_test(hits: int, n: int, expected: float) -> None:
    assert _binomial_p(hits, n, expected) == pytest.approx(binomtest(hits, n, expected).pvalue)


def test_the_board_loads_no_library_that_learns_or_tests() -> None:
    code = (
        "import sys;"
        "from tests.insights.judged_runs import conversations, judged;"
        "from kura_core.insights.gaps import gap_board;"
        "from kura_core.explore.stats import share;"
        "run = judged(conversations(12, outcome='partly', cause='inventory gap', missing='maps'));"
        "assert not {'sklearn', 'scipy.stats'} & {*sys.modules}, 'loaded too early';"
        "assert gap_board(run, None).gaps and share(1, 2).low;"
        "print(sorted({'sklearn', 'scipy.stats'} & {*sys.modules}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_a_run_without_failures_has_an_empty_board() -> None:
    board = gap_board(judged([{}, {}]), None)
    assert (board.gaps, board.undetermined, dict(board.causes), board.failures) == ((), 0, {}, 0)
