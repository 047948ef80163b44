"""What is missing: each gap once, with who asks for it, whom it failed, and what they are worth."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast, get_args

from kura_core.insights.gap_demand import homes_of, who_asks
from kura_core.insights.gap_groups import GapGroup, group_gaps
from kura_core.insights.impact import total_impact
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.quotes import Quote, typical_quotes
from kura_core.types import Cause, GapKind

if TYPE_CHECKING:
    import pandas as pd

FAILED = ("not achieved", "partly")
GAP_CAUSES: tuple[Cause, ...] = ("inventory gap", "capability gap")
UNDETERMINED: Cause = "undetermined"
# Fewer failures with a date show no trend.
_FEWEST_DATED = 10
_SIGNIFICANT = 0.05


@dataclass(slots=True, frozen=True)
class Gap:
    """One missing thing, to index (inventory) or to build (capability).

    `asked` counts the conversations that ask for it, met or not, `failed` those not achieved, or
    partly, because of it. `users` are distinct users that ask, None where the data has no user ids.
    `money` adds up the impact column over who asks, `money_failed` over whom it failed, a user's
    worth once; None without such a column. `weeks` are the failures by week (its Monday), without
    gaps between the first and the last; `trend` is "rising", "falling", "steady" or "too few to
    tell". `cluster_ids` are where it is at home, those with most of it first.
    """

    key: str
    name: str
    cause: Cause
    kind: GapKind | None
    asked: int
    failed: int
    users: int | None
    money: float | None
    money_failed: float | None
    quotes: tuple[Quote, ...]
    weeks: tuple[tuple[date, int], ...]
    trend: str
    asked_ids: tuple[str, ...]
    failed_ids: tuple[str, ...]
    cluster_ids: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class GapBoard:
    """All gaps, most failed first, and how the failures divide among causes.

    `causes` counts every failure once, in the order of the definitions; `undetermined` is its part
    that the words leave open; `failures` is their sum.
    """

    gaps: tuple[Gap, ...]
    undetermined: int
    causes: Mapping[Cause, int]
    failures: int


def gap_board(joined: JoinedRun, impact: str | None) -> GapBoard:
    """Gather what is missing over a run's failures; `impact` is a numeric column, or None.

    What asks for the same thing is one gap, however it is worded. Deterministic; near-linear in
    the number of conversations.
    """
    conversations = joined.conversations
    failures = conversations[conversations["outcome"].isin(FAILED)]
    counted = failures["cause"].fillna(UNDETERMINED).value_counts()
    causes = {cause: int(counted[cause]) for cause in get_args(Cause) if cause in counted}
    gaps: list[Gap] = []
    taken: Counter[str] = Counter()
    for group, failed in grouped_failures(failures):
        slug = _slug(group.name)
        taken[slug] += 1
        key = slug if taken[slug] == 1 else f"{slug}-{taken[slug]}"
        gaps.append(_gap(key, group, failed, joined, impact))
    gaps.sort(key=lambda gap: (-gap.failed, -gap.asked, gap.name, gap.key))
    return GapBoard(tuple(gaps), causes.get(UNDETERMINED, 0), causes, len(failures))


def grouped_failures(failures: pd.DataFrame) -> list[tuple[GapGroup, pd.DataFrame]]:
    """Group failed conversations by what they miss; those without a named gap are left out."""
    is_named = failures["missing"].fillna("").str.strip() != ""
    named = failures[failures["cause"].isin(GAP_CAUSES) & is_named]
    home = named["cluster_id"].fillna("")
    counts = Counter(zip(named["missing"], home, strict=True))
    groups = group_gaps(counts)
    group_of = {text: place for place, group in enumerate(groups) for text, _ in group.wordings}
    place = named["missing"].map(group_of)
    return [(group, named[place == number]) for number, group in enumerate(groups)]


def _gap(
    key: str, group: GapGroup, failed: pd.DataFrame, joined: JoinedRun, impact: str | None
) -> Gap:
    conversations = joined.conversations
    asked_ids = who_asks(group, failed, conversations)
    asked = conversations[conversations["conversation_id"].isin(asked_ids)]
    weeks = _weeks(failed)
    return Gap(
        key=key,
        name=group.name,
        cause=cast(Cause, _most(failed["cause"])),
        kind=cast("GapKind | None", _most(failed["gap_kind"])),
        asked=len(asked),
        failed=len(failed),
        users=int(asked["user_id"].nunique()) if joined.has_users else None,
        money=None if impact is None else total_impact(asked, impact),
        money_failed=None if impact is None else total_impact(failed, impact),
        quotes=typical_quotes(failed),
        weeks=weeks,
        trend=_trend(failed, conversations),
        asked_ids=tuple(asked["conversation_id"]),
        failed_ids=tuple(failed["conversation_id"]),
        cluster_ids=homes_of(failed),
    )


def _most(values: pd.Series) -> str | None:
    counted = Counter(values.dropna())
    return min(counted, key=lambda value: (-counted[value], value)) if counted else None


def _weeks(failed: pd.DataFrame) -> tuple[tuple[date, int], ...]:
    import pandas as pd

    days = failed["created_at"].dropna()
    if days.empty:
        return ()
    monday = (days.dt.normalize() - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.tz_localize(
        None
    )
    counted = monday.value_counts()
    every = pd.date_range(counted.index.min(), counted.index.max(), freq="7D")
    return tuple((week.date(), int(counted.get(week, 0))) for week in every)


def _trend(failed: pd.DataFrame, conversations: pd.DataFrame) -> str:
    """Whether the last third of the time has more of the failures than of all conversations.

    An exact binomial test: without a trend each failure falls into the last third as often as any
    conversation does.
    """
    from scipy.stats import binomtest

    when = conversations["created_at"].dropna()
    own = failed["created_at"].dropna()
    if len(own) < _FEWEST_DATED or when.min() == when.max():
        return "too few to tell"
    start = when.min() + (when.max() - when.min()) * 2 / 3
    expected = float((when > start).mean())
    late = int((own > start).sum())
    if not 0 < expected < 1 or binomtest(late, len(own), expected).pvalue >= _SIGNIFICANT:
        return "steady"
    return "rising" if late > expected * len(own) else "falling"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "gap"
