"""What is missing over all failures of a run."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pandas as pd
import pytest

from kura_core.steps.gaps.find_gaps import FoundGap, find_gaps

KNOWN: dict[str, Any] = {
    "request": None, "topic": None, "language": "en", "cluster_id": "a", "outcome": "achieved",
    "cause": None, "gap_kind": None, "missing": None,
}  # fmt: skip


def missing(name: str | None, cause: str = "inventory gap", **row: Any) -> dict[str, Any]:
    return {"outcome": "not achieved", "cause": cause, "missing": name, **row}


def frame_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame([
        {**KNOWN, "conversation_id": f"c{n:03d}", "summary": row.get("request"), **row}
        for n, row in enumerate(rows)
    ])  # fmt: skip


def found(*rows: dict[str, Any]) -> tuple[FoundGap, ...]:
    return find_gaps(frame_of([*rows])).gaps


def test_what_asks_for_the_same_is_one_gap() -> None:
    gaps = found(
        *[missing("signed contracts", gap_kind="not indexed")] * 3,
        missing("the signed contract with Oakhurst"),
        missing("executed agreements", outcome="partly"),
        *[missing("send emails", "capability gap", cluster_id="b", gap_kind="action")] * 2,
    )
    assert [(gap.key, gap.name, gap.cause, gap.kind, len(gap.failed_ids)) for gap in gaps] == [
        ("signed-contracts", "signed contracts", "inventory gap", "not indexed", 5),
        ("send-e-mail", "send e-mail", "capability gap", "action", 2),
    ]


def test_who_was_served_asks_too() -> None:
    (gap,) = found(
        missing("signed contracts"),
        {"request": "Find the signed contract"},
        {"request": "Tell me a joke"},
    )
    assert (gap.asked_ids, gap.failed_ids) == (("c000", "c001"), ("c000",))


def test_what_did_not_fail_has_no_gap() -> None:
    assert found(missing("maps", outcome="cannot tell"), missing("maps", outcome="achieved")) == ()


def test_two_gaps_never_share_a_key() -> None:
    gaps = found(missing("données"), missing("données!", "capability gap", cluster_id="b"))
    assert len({gap.key for gap in gaps}) == len(gaps)


@pytest.mark.parametrize("name", [None, "", "  "])
def test_a_gap_without_a_name_is_none(name: str | None) -> None:
    assert found(missing(name)) == ()


def test_causes_are_settled_by_retrieval_and_then_by_others() -> None:
    asks = {"request": "Find the signed contract of Bo"}
    open_one = missing(None, "undetermined", request="any executed agreement with Ada?")
    rows = [
        *[missing("signed contracts", gap_kind="not indexed", **asks)] * 14,
        open_one,
        missing(None, "undetermined", request="Where are the budgets?", meta_hits=0),
        missing("maps", request="Where is the map?", meta_hits=3),
    ]
    settled = find_gaps(frame_of(rows)).causes.set_index("conversation_id")
    assert settled.loc["c014"].tolist() == ["inventory gap", "not indexed", "signed contracts"]
    assert settled.loc["c015"].tolist() == ["inventory gap", "not indexed", "budgets"]
    assert settled.loc["c016", "cause"] == "answer quality"
    assert settled.loc["c016", ["gap_kind", "missing"]].isna().all()


def _varied() -> list[dict[str, Any]]:
    things = ("signed contracts", "executed agreements", "maps", "send emails", None)
    ways = (
        "Find the signed contract of {}",
        "send {} a mail",
        "Where is the map of {}?",
        "Why {}?",
    )
    rows = []
    for n in range(120):
        row = {"request": ways[n % 4].format(f"Name{n}"), "cluster_id": "abc"[n % 3]}
        cause = ("inventory gap", "capability gap", "undetermined")[n % 7 % 3]
        rows.append(row if n % 2 else missing(things[n % 5], cause, **row))
    return rows


def test_the_order_of_rows_does_not_matter() -> None:
    frame = frame_of(_varied())
    first, mixed = find_gaps(frame), find_gaps(frame.sample(frac=1, random_state=1))
    assert first.gaps == mixed.gaps
    assert len(first.gaps) > 1
    pd.testing.assert_frame_equal(first.causes, mixed.causes)


def test_gaps_are_the_same_in_every_process() -> None:
    code = (
        "from tests.steps.gaps.test_find_gaps import _varied, frame_of, find_gaps;"
        "print(find_gaps(frame_of(_varied())).gaps)"
    )
    ran = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert ran[0] == ran[1] != "()\n"


def test_how_far_it_is_is_told_and_never_goes_back() -> None:
    told: list[float] = []
    find_gaps(frame_of(_varied()), told.append)
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] <= 1


@pytest.mark.parametrize("rows", [[], [{}, {}]])
def test_without_failures_nothing_is_missing(rows: list[dict[str, Any]]) -> None:
    columns = [*KNOWN, "conversation_id", "summary"]
    nothing = find_gaps(frame_of(rows) if rows else pd.DataFrame(columns=columns))
    assert nothing.gaps == ()
    assert list(nothing.causes) == ["conversation_id", "cause", "gap_kind", "missing"]
    assert len(nothing.causes) == len(rows)
