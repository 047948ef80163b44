"""Small joined runs for tests: conversations given as rows, everything else filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from kura_core.explore.tree import tree_rows
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.quadrants import quadrants
from tests.insights.found_gaps import gaps_of


def joined_of(
    rows: list[dict[str, Any]], *, themes: dict[str, str] | None = None, other: str | None = None
) -> JoinedRun:
    """Join `rows`, each a conversation; `themes` says under which theme a cluster is.

    A row needs nothing but what its test is about; its cluster is "a" unless it says otherwise.
    """
    frame = pd.DataFrame([_row(number, row) for number, row in enumerate(rows)])
    frame["user_id"] = frame["user_id"].astype("str").where(frame["user_id"].notna())
    frame["created_at"] = pd.to_datetime(frame["created_at"], utc=True)
    frame["negative"] = frame["negative"].astype("boolean")
    themes = themes or {}
    frame["theme_id"] = frame["cluster_id"].map(lambda leaf: themes.get(leaf, leaf))
    frame["cluster_name"] = "Name " + frame["cluster_id"]
    frame["theme_name"] = "Name " + frame["theme_id"]
    frame["quadrant"] = quadrants(frame["outcome"], frame["dissatisfaction"], frame["negative"])
    leaves = frame["cluster_id"].value_counts()
    clusters = [_cluster(leaf, themes.get(leaf), int(n), other) for leaf, n in leaves.items()]
    for theme in sorted(set(themes.values())):
        below = sum(int(n) for leaf, n in leaves.items() if themes.get(leaf) == theme)
        clusters.append(_cluster(theme, None, below, other))
    table = pd.DataFrame(clusters)
    return JoinedRun(Path("run"), frame, table, tree_rows(table), {}, gaps_of(frame))


def several(count: int, **row: Any) -> list[dict[str, Any]]:
    """The same row, `count` times."""
    return [dict(row) for _ in range(count)]


def _row(number: int, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "conversation_id": f"c{number:04d}",
        "user_id": f"u{number:04d}",
        "created_at": None,
        "turns": 4,
        "summary": f"Summary {number}",
        "request": f"Request {number}",
        "cluster_id": "a",
        "outcome": "achieved",
        "outcome_message": 1,
        "outcome_quote": "Done.",
        "dissatisfaction": [],
        "dissatisfaction_message": None,
        "dissatisfaction_quote": None,
        "negative": None,
        **given,
    }


def _cluster(name: str, parent: str | None, count: int, other: str | None) -> dict[str, Any]:
    return {
        "cluster_id": name,
        "parent_id": parent,
        "name": f"Name {name}",
        "description": "",
        "conversations": count,
        "is_other": name == other,
    }
