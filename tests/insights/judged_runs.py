"""Judged runs of three leaves, and boards of what is missing in them, made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from kura_core.explore.tree import tree_rows
from kura_core.insights.gaps import Gap, GapBoard
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.quotes import typical_quotes
from kura_core.types import Cause
from tests.insights.found_gaps import gaps_of

CONTRACTS, API, EXPORT = "aaaaaaaaa1", "aaaaaaaaa2", "aaaaaaaaa3"
LEAVES = {CONTRACTS: "Signed contracts", API: "API errors", EXPORT: "Export files"}
TOP = "fffffffff0"
OTHER = "aaaaaaaaa9"
COLUMNS: dict[str, Any] = {
    "user_id": None,
    "created_at": pd.Timestamp("2026-01-05", tz="UTC"),
    "turns": 2,
    "request": None,
    "language": "en",
    "cluster_id": CONTRACTS,
    "outcome": "achieved",
    "outcome_message": None,
    "outcome_quote": None,
    "dissatisfaction": None,
    "dissatisfaction_message": None,
    "dissatisfaction_quote": None,
    "cause": None,
    "gap_kind": None,
    "missing": None,
    "quadrant": None,
    "negative": None,
}
_TEXTS = ("outcome", "cause", "gap_kind", "missing", "quadrant", "request", "user_id")


def conversations(count: int, **what: Any) -> list[dict[str, Any]]:
    """So many conversations alike; what is not said is as in COLUMNS, users differ."""
    return [{"user_id": "each", **what} for _ in range(count)]


def judged(*groups: Sequence[Mapping[str, Any]]) -> JoinedRun:
    """A run of two levels: the leaves of LEAVES under one top cluster, and "other" beside it."""
    rows = [{**COLUMNS, **row} for group in groups for row in group]
    for number, row in enumerate(rows):
        row["conversation_id"] = f"c{number:03d}"
        row["summary"] = row["request"] or f"Conversation {number}"
        if row["user_id"] == "each":
            row["user_id"] = f"u{number:03d}"
    frame = pd.DataFrame(rows)
    for name in _TEXTS:
        frame[name] = frame[name].astype("str").where(frame[name].notna(), None)
    names = {**LEAVES, OTHER: "Other"}
    frame["cluster_name"] = frame["cluster_id"].map(names)
    frame["theme_id"] = frame["cluster_id"].map(lambda leaf: leaf if leaf == OTHER else TOP)
    frame["theme_name"] = frame["theme_id"].map({TOP: "Documents", OTHER: "Other"})
    clusters = _clusters(frame, names)
    return JoinedRun(Path("run"), frame, clusters, tree_rows(clusters), {}, gaps_of(frame))


def board_of(run: JoinedRun, *things: str, money: str | None = None) -> GapBoard:
    """The things that are `missing` in a run, most failed first, asked for in all of these."""
    frame = run.conversations
    failed = frame[frame["outcome"].isin(["not achieved", "partly"])]
    gaps = [_gap(run, thing, money) for thing in things]
    gaps.sort(key=lambda gap: -gap.failed)
    causes = {cause: int((failed["cause"] == cause).sum()) for cause in get_args(Cause)}
    return GapBoard(tuple(gaps), causes["undetermined"], causes, len(failed))


def _gap(run: JoinedRun, thing: str, money: str | None) -> Gap:
    frame = run.conversations
    asked = frame[frame["missing"] == thing]
    failed = asked[asked["cause"].notna()]
    worth = float(asked.drop_duplicates("user_id")[money].sum()) if money else None
    return Gap(
        key=thing.replace(" ", "-"),
        name=thing,
        cause=failed["cause"].iloc[0],
        kind=failed["gap_kind"].iloc[0],
        asked=len(asked),
        failed=len(failed),
        users=asked["user_id"].nunique() if run.has_users else None,
        money=worth,
        money_failed=worth,
        quotes=typical_quotes(failed),
        weeks=((frame["created_at"].min().date(), len(failed)),),
        trend="too few to tell",
        asked_ids=tuple(asked["conversation_id"]),
        failed_ids=tuple(failed["conversation_id"]),
    )


def _clusters(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    sizes = frame["cluster_id"].value_counts()
    rows = [
        {
            "cluster_id": leaf,
            "parent_id": None if leaf == OTHER else TOP,
            "name": names[leaf],
            "description": None,
            "conversations": sizes[leaf],
            "is_other": leaf == OTHER,
        }
        for leaf in names
        if leaf in sizes
    ]
    inside = int((frame["cluster_id"] != OTHER).sum())
    top = {"cluster_id": TOP, "parent_id": None, "name": "Documents", "description": None}
    return pd.DataFrame([*rows, {**top, "conversations": inside, "is_other": False}])
