"""How conversations ended, what was voiced and what was rated: counted over all and per group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kura_core.insights.evidence import ANY_SILENT
from kura_core.insights.impact import is_per_user
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.levels import Level, at_level
from kura_core.run.quadrants import FRICTION, QUADRANTS, SILENT

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (ANY_SILENT, *QUADRANTS)
_MOST_THEMES = 3
_ALL = "all"


@dataclass(slots=True, frozen=True)
class QuadrantTotals:
    """All conversations by quadrant, and those that are in none.

    `counts` has every quadrant and "silent", both silent failures together; `shares` has the same
    as (value, low, high) of the `sorted` conversations with 95 % intervals (users resampled where
    they repeat), and is empty when none is sorted. `friction_rated` conversations have friction
    and a negative rating; `rated` is how many have any explicit feedback.
    """

    counts: Mapping[str, int]
    shares: Mapping[str, tuple[float, float, float]]
    sorted: int
    cannot_tell: int
    not_judged: int
    friction_rated: int
    rated: int


def quadrant_totals(joined: JoinedRun, *, seed: int = 0) -> QuadrantTotals:
    """Count all conversations by quadrant."""
    frame = joined.conversations
    table = _counted(frame.assign(group=_ALL), seed).set_index("quadrant")
    friction = (frame["quadrant"] == FRICTION) & frame["negative"].eq(True)
    bounds = table[["value", "low", "high"]].itertuples(name=None)
    return QuadrantTotals(
        counts={name: int(table["count"].get(name, 0)) for name in COLUMNS},
        shares={name: (value, low, high) for name, value, low, high in bounds},
        sorted=int(frame["quadrant"].notna().sum()),
        cannot_tell=int((frame["outcome"] == "cannot tell").sum()),
        not_judged=int(frame["outcome"].isna().sum()),
        friction_rated=int(friction.fillna(False).sum()),
        rated=int(frame["negative"].notna().sum()),
    )


def quadrant_table(joined: JoinedRun, level: Level = "theme", *, seed: int = 0) -> pd.DataFrame:
    """Count every group at a level by quadrant, most silent failures first.

    A row a group and quadrant ("silent" for both silent failures together): cluster_id, name,
    theme_name, conversations, sorted, cannot_tell, not_judged, quadrant, count, value (the share
    of the sorted conversations), low, high (95 %, users resampled where they repeat); value, low
    and high are null where none is sorted.
    """
    import pandas as pd

    frame = at_level(joined, level)
    outcome = frame["outcome"]
    about = (
        frame.assign(
            sorted=frame["quadrant"].notna(),
            cannot_tell=(outcome == "cannot tell").fillna(False),
            not_judged=outcome.isna(),
        )
        .groupby("group", sort=True)
        .agg(
            name=("group_name", "first"),
            theme_name=("theme_name", "first"),
            conversations=("conversation_id", "size"),
            sorted=("sorted", "sum"),
            cannot_tell=("cannot_tell", "sum"),
            not_judged=("not_judged", "sum"),
        )
        .reset_index()
    )
    table = about.merge(_counted(frame, seed), on="group", how="left")
    # A group with none sorted still has its row in every column.
    lacking = table["quadrant"].isna()
    none = table[lacking].drop(columns="quadrant").merge(_names(), how="cross")
    table = pd.concat([table[~lacking], none]) if len(none) else table
    table = table.fillna({"count": 0}).astype({"count": "int64"})
    silent = table[table["quadrant"] == ANY_SILENT].set_index("group")["count"]
    table["order"] = table["group"].map(silent)
    table["column"] = table["quadrant"].map({name: at for at, name in enumerate(COLUMNS)})
    table = table.sort_values(
        ["order", "conversations", "group", "column"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
    return table.drop(columns=["order", "column"]).rename(columns={"group": "cluster_id"})


def quiet_users(joined: JoinedRun, impact: str | None = None) -> pd.DataFrame:
    """List the users with silent failures, most first; empty without user ids.

    A row a user: user_id, silent, conversations (all of theirs), last_seen (null where no time is
    known), impact (the column's sum, a user's own counted once; null without one), themes (where
    the silent failures were, most first, at most three).
    """
    import pandas as pd

    frame = joined.conversations
    frame = frame[frame["user_id"].notna()]
    silent = frame[frame["quadrant"].isin(SILENT)]
    theirs = frame[frame["user_id"].isin(silent["user_id"])]
    by_user = theirs.groupby("user_id", sort=True)
    users = pd.DataFrame(
        {
            "silent": silent.groupby("user_id", sort=True).size(),
            "conversations": by_user.size(),
            "last_seen": by_user["created_at"].max(),
        }
    )
    users["impact"] = None if impact is None else _worth(theirs, impact)
    users["themes"] = _most_common(silent)
    users.index.name = "user_id"
    users = users.reset_index().astype({"impact": "float64"})
    order = ["silent", "impact", "conversations", "user_id"]
    return users.sort_values(
        order, ascending=[False, False, False, True], na_position="last", ignore_index=True
    )


def _counted(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """[group, quadrant, count, value, low, high] of the sorted conversations."""
    import pandas as pd

    from kura_core.explore.stats import share_by

    sorted_ = frame[frame["quadrant"].notna()]
    found = []
    for name in COLUMNS:
        wanted = SILENT if name == ANY_SILENT else (name,)
        shares = share_by(
            sorted_.assign(hit=sorted_["quadrant"].isin(wanted).astype(bool)),
            "group",
            "hit",
            seed=seed,
        )
        found.append(shares.assign(quadrant=name))
    columns = ["group", "quadrant", "hits", "value", "low", "high"]
    return pd.concat(found)[columns].rename(columns={"hits": "count"})


def _names() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"quadrant": COLUMNS})


def _worth(theirs: pd.DataFrame, impact: str) -> pd.Series:
    by_user = theirs.groupby("user_id", sort=True)[impact]
    return by_user.max() if is_per_user(impact) else by_user.sum(min_count=1)


def _most_common(silent: pd.DataFrame) -> pd.Series:
    times = silent.groupby(["user_id", "theme_name"], sort=True).size().reset_index(name="n")
    times = times.sort_values(["user_id", "n", "theme_name"], ascending=[True, False, True])
    first = times.groupby("user_id", sort=True).head(_MOST_THEMES)
    return first.groupby("user_id", sort=True)["theme_name"].agg(list)
