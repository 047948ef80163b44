"""What is missing: each gap once, with who asks for it, whom it failed, and what they are worth.

Which gaps there are is found by the run; here they are only counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast, get_args

from kura_core.insights.evidence import FAILURES
from kura_core.insights.impact import is_per_user
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.quotes import Quote, typical_quotes
from kura_core.types import Cause, GapKind

if TYPE_CHECKING:
    import pandas as pd

UNDETERMINED: Cause = "undetermined"
# Fewer failures with a date show no trend.
_FEWEST_DATED = 10
_SIGNIFICANT = 0.05
# Rarer gaps have no quotes and no weeks, unless they are among the first: there may be thousands.
_FEWEST_TOLD, _ALWAYS_TOLD = 5, 50


@dataclass(slots=True, frozen=True)
class Gap:
    """One missing thing, to index (inventory) or to build (capability).

    `asked` counts the conversations that ask for it, met or not, `failed` those not achieved, or
    partly, because of it. `users` are distinct users that ask, None where the data has no user ids.
    `money` adds up the impact column over who asks, `money_failed` over whom it failed, a user's
    worth once; None without such a column. `weeks` are the failures by week (its Monday), without
    gaps between the first and the last; `trend` is "rising", "falling", "steady" or "too few to
    tell".
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
    """Count what is missing over a run's failures; `impact` is a numeric column, or None.

    Linear in the conversations that ask for something missing.
    """
    import numpy as np

    conversations = joined.conversations
    failures = conversations[conversations["outcome"].isin(FAILURES)]
    counted = failures["cause"].fillna(UNDETERMINED).value_counts()
    causes = {cause: int(counted[cause]) for cause in get_args(Cause) if cause in counted}
    columns = ["conversation_id", "user_id", "created_at", "request", *([impact] if impact else [])]
    asked = joined.gaps.merge(conversations[columns], on="conversation_id")
    last_third = _last_third(conversations["created_at"].dropna())
    money, money_failed = _worth(asked, impact), _worth(asked[asked["failed"]], impact)
    users = asked.groupby("gap")["user_id"].nunique()
    ids, is_failed = asked["conversation_id"].to_numpy(), asked["failed"].to_numpy(dtype=bool)
    named = asked[["name", "cause", "gap_kind"]].to_numpy()
    places = {str(key): np.array(own) for key, own in asked.groupby("gap").indices.items()}
    ordered = sorted(places, key=lambda key: (-int(is_failed[places[key]].sum()), key))
    gaps = []
    for number, key in enumerate(ordered):
        failed = places[key][is_failed[places[key]]]
        is_told = number < _ALWAYS_TOLD or len(failed) >= _FEWEST_TOLD
        told = asked.take(failed if is_told else failed[:0])
        name, cause, kind = named[places[key][0]]
        gaps.append(
            Gap(
                key=key,
                name=name,
                cause=cause,
                kind=cast("GapKind", kind) if isinstance(kind, str) else None,
                asked=len(places[key]),
                failed=len(failed),
                users=int(users[key]) if joined.has_users else None,
                money=money.get(key),
                money_failed=money_failed.get(key),
                quotes=typical_quotes(told) if is_told else (),
                weeks=_weeks(told) if is_told else (),
                trend=_trend(told["created_at"].dropna(), last_third),
                asked_ids=tuple(ids[places[key]]),
                failed_ids=tuple(ids[failed]),
            )
        )
    gaps.sort(key=lambda gap: (-gap.failed, -gap.asked, gap.name, gap.key))
    return GapBoard(tuple(gaps), causes.get(UNDETERMINED, 0), causes, len(failures))


def _worth(asked: pd.DataFrame, impact: str | None) -> dict[str, float]:
    """What the conversations of each gap are worth, a user's worth once; unknown ones left out."""
    if impact is None:
        return {}
    known = asked[asked[impact].notna()]
    if is_per_user(impact):
        known = known.drop_duplicates(["gap", "user_id"])
    return {str(key): float(total) for key, total in known.groupby("gap")[impact].sum().items()}


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


def _last_third(when: pd.Series) -> tuple[pd.Timestamp, float] | None:
    """When the last third of the time begins and the share of conversations in it."""
    if when.empty or when.min() == when.max():
        return None
    start = when.min() + (when.max() - when.min()) * 2 / 3
    return start, float((when > start).mean())


def _trend(own: pd.Series, last_third: tuple[pd.Timestamp, float] | None) -> str:
    """Whether the last third of the time has more of the failures than of all conversations.

    An exact binomial test: without a trend each failure falls into the last third as often as any
    conversation does.
    """
    if len(own) < _FEWEST_DATED or last_third is None:
        return "too few to tell"
    start, expected = last_third
    late = int((own > start).sum())
    if not 0 < expected < 1 or _binomial_p(late, len(own), expected) >= _SIGNIFICANT:
        return "steady"
    return "rising" if late > expected * len(own) else "falling"


def _binomial_p(hits: int, n: int, expected: float) -> float:
    """The two-sided p-value of an exact binomial test: all that is no likelier than `hits`.

    As scipy.stats.binomtest gives, whose import takes seconds.
    """
    import numpy as np
    from scipy.special import gammaln, xlog1py, xlogy

    each = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(each + 1) - gammaln(n - each + 1)
    likely = np.exp(ways + xlogy(each, expected) + xlog1py(n - each, -expected))
    # Equally likely ones differ in their last bits.
    return float(likely[likely <= likely[hits] * (1 + 1e-7)].sum())
