"""Which column says what a conversation is worth, and what a group of conversations is worth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kura_core.insights.joined_run import JoinedRun

if TYPE_CHECKING:
    import pandas as pd

PER_USER = "user_"
_PREFIXES = (PER_USER, "meta_", "feedback_")
_MONEY = ("revenue", "arr", "mrr", "spend", "value", "price", "amount", "impact")


def impact_columns(joined: JoinedRun) -> list[str]:
    """List the numeric columns that can weigh conversations, those that sound like money first.

    They are columns of the users, of the data's metadata and of the feedback, in this order. Left
    out is feedback that only ever says 0 or 1: it rates a conversation rather than weighing it.
    """
    frame = joined.conversations
    found = [
        str(name)
        for name in frame.columns
        if str(name).startswith(_PREFIXES) and name != "user_id" and _weighs(frame[name])
    ]
    order = {name: (not is_money(name), _prefix_place(name), _money_place(name)) for name in found}
    return sorted(found, key=lambda name: (order[name], name))


def default_impact(joined: JoinedRun) -> str | None:
    """Choose the column that sounds most like money; None where none does."""
    return next((name for name in impact_columns(joined) if is_money(name)), None)


def is_per_user(impact: str) -> bool:
    """Whether the column describes users, so that it counts once per user and group."""
    return impact.startswith(PER_USER)


def is_money(impact: str) -> bool:
    """Whether the column sounds like money."""
    return _money_place(impact) < len(_MONEY)


def impact_label(impact: str) -> str:
    """Name an impact column in plain words: `user_revenue_impact` → "Revenue impact"."""
    for prefix in _PREFIXES:
        impact = impact.removeprefix(prefix)
    words = impact.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def total_impact(members: pd.DataFrame, impact: str) -> float | None:
    """Add up what conversations are worth, a user's worth once; None where nothing is known."""
    known = members[members[impact].notna()]
    if is_per_user(impact):
        known = known.drop_duplicates("user_id")
    return float(known[impact].sum()) if len(known) else None


def _weighs(values: pd.Series) -> bool:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    if not is_numeric_dtype(values) or is_bool_dtype(values) or not values.notna().any():
        return False
    is_rating = str(values.name).startswith("feedback_") and bool(
        values.dropna().isin([0, 1]).all()
    )
    return not is_rating


def _money_place(name: str) -> int:
    words = re.split(r"[^a-z]+", name.lower())
    places = [place for place, word in enumerate(_MONEY) if word in words]
    return min(places, default=len(_MONEY))


def _prefix_place(name: str) -> int:
    return next(place for place, prefix in enumerate(_PREFIXES) if name.startswith(prefix))
