"""What retrieval columns and others who asked for the same say of an open cause."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from kura_core.steps.gaps.causes import (
    names_what_was_found,
    retrieval_columns,
    settle_by_peers,
    settle_by_retrieval,
)
from kura_core.steps.gaps.readings import read_rows

FAILED = {"outcome": "not achieved", "cause": "undetermined", "gap_kind": None, "missing": None}


def frame_of(*rows: dict[str, Any]) -> pd.DataFrame:
    """Conversations of one cluster, achieved unless a row says otherwise."""
    known = {"request": "Where is it?", "topic": None, "cluster_id": "a", "outcome": "achieved"}
    known |= {"language": "en", "cause": None, "gap_kind": None, "missing": None}
    whole = [{**known, **row} for row in rows]
    return pd.DataFrame([{"summary": row["request"], **row} for row in whole])


def by_peers(frame: pd.DataFrame) -> pd.DataFrame:
    return settle_by_peers(frame, read_rows(frame, lambda share: None))


def settled(**row: Any) -> pd.Series:
    return settle_by_retrieval(frame_of({**FAILED, **row}, {"meta_search_results": 5})).iloc[0]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("meta_num_results", [0, 3]),
        ("meta_retrieved_docs", [["a.pdf"], []]),
        ("meta_sources", ["[]", '["a.pdf"]']),
        ("meta_documents_found", [True, False]),
        ("meta_hits", [0.0, None]),
        ("meta_searchResultsCount", [1, 2]),
        ("meta_retrieval_score", [0.1, 0.9]),
        ("meta_max_similarity", [0.1, 0.9]),
    ],
)
def test_columns_that_say_what_was_found_are_known(name: str, values: list[Any]) -> None:
    assert retrieval_columns(pd.DataFrame({name: values})) == [name]
    assert names_what_was_found(name)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("meta_source", ["web", "app"]),
        ("meta_sources", ["web", "app"]),
        ("meta_score", [4, 5]),
        ("meta_documents_owned", [1, 2]),
        ("results", [1, 2]),
        ("meta_num_results", [None, None]),
    ],
)
def test_other_columns_are_not_taken_for_them(name: str, values: list[Any]) -> None:
    assert retrieval_columns(pd.DataFrame({name: values})) == []


def test_nothing_found_settles_an_open_cause_as_inventory_gap() -> None:
    row = settled(meta_search_results=0, request="Where are the approved budgets?")
    assert (row["cause"], row["gap_kind"], row["missing"]) == (
        "inventory gap", "not indexed", "approved budgets",
    )  # fmt: skip


@pytest.mark.parametrize("cause", ["undetermined", "inventory gap"])
def test_something_found_is_no_inventory_gap(cause: str) -> None:
    row = settled(meta_search_results=4, cause=cause, missing="maps", gap_kind="not indexed")
    assert row["cause"] == "answer quality"
    assert pd.isna(row["missing"]) and pd.isna(row["gap_kind"])


@pytest.mark.parametrize("found", [0, 4])
def test_a_named_capability_gap_stays(found: int) -> None:
    row = settled(
        meta_search_results=found, cause="capability gap", missing="send e-mail", gap_kind="action"
    )
    assert (row["cause"], row["missing"]) == ("capability gap", "send e-mail")


def test_a_found_document_may_still_lack_its_date() -> None:
    row = settled(
        meta_search_results=4, cause="inventory gap", missing="modification dates",
        gap_kind="metadata incomplete",
    )  # fmt: skip
    assert row["missing"] == "modification dates"


def test_where_retrieval_is_silent_the_cause_stays_open() -> None:
    assert settled(meta_search_results=None)["cause"] == "undetermined"


def test_a_middling_score_settles_nothing() -> None:
    rows = [{**FAILED, "meta_retrieval_score": score} for score in (0.02, 0.3, 0.9)]
    assert list(settle_by_retrieval(frame_of(*rows))["cause"]) == [
        "inventory gap", "undetermined", "answer quality",
    ]  # fmt: skip


def test_what_did_not_fail_is_left_alone() -> None:
    before = frame_of({"outcome": "achieved", "cause": None, "meta_hits": 0}, {**FAILED})
    assert pd.isna(settle_by_retrieval(before).iloc[0]["cause"])
    assert pd.isna(before.iloc[0]["cause"])


def _gap(count: int) -> list[dict[str, Any]]:
    named = {"cause": "inventory gap", "gap_kind": "not indexed", "missing": "signed contracts"}
    return [{**FAILED, **named, "request": "Find the signed contract of Bo"}] * count


def test_an_open_failure_that_asks_for_a_frequent_gap_counts_for_it() -> None:
    open_one = {**FAILED, "request": "any executed agreement with Ada?"}
    rows = by_peers(frame_of(*_gap(14), open_one, {**FAILED, "request": "It is slow"}))
    assert list(rows["cause"][-2:]) == ["inventory gap", "undetermined"]
    assert rows["missing"].iloc[-2] == "signed contracts"


def test_a_rare_gap_settles_nothing_else() -> None:
    open_one = {**FAILED, "request": "any executed agreement with Ada?"}
    assert by_peers(frame_of(*_gap(4), open_one))["cause"].iloc[-1] == "undetermined"


def test_a_gap_without_a_name_joins_the_gap_it_asks_for() -> None:
    unnamed = {**FAILED, "cause": "inventory gap", "request": "any executed agreement with Ada?"}
    assert by_peers(frame_of(*_gap(14), unnamed))["missing"].iloc[-1] == "signed contracts"


def test_a_gap_that_most_did_not_fail_for_settles_nothing() -> None:
    others = [{**FAILED, "cause": "answer quality", "request": "Find the signed contract"}] * 20
    open_one = {**FAILED, "request": "any executed agreement with Ada?"}
    assert by_peers(frame_of(*_gap(14), *others, open_one))["cause"].iloc[-1] == "undetermined"
