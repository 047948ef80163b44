"""The first thing a reader sees: what users want most and do not get, in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kura_core.insights.actions.plan import Action, Plan
from kura_core.insights.actions.wording import is_task, lowered
from kura_core.insights.evidence import FAILURES
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.quotes import Quote, typical_quotes

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 3


@dataclass(slots=True, frozen=True)
class Wish:
    """What one base cluster's users want, where nothing fails often enough to act on.

    `users` is None where the data has no user ids.
    """

    cluster_id: str
    name: str
    conversations: int
    users: int | None
    quotes: tuple[Quote, ...]


@dataclass(slots=True, frozen=True)
class Verdict:
    """The headline in one sentence, words of a user, and what stands behind it.

    `actions` are the first of the plan; where it has none, `wishes` are what users ask for most.
    """

    headline: str
    quote: Quote | None
    actions: tuple[Action, ...]
    wishes: tuple[Wish, ...]


def verdict(joined: JoinedRun, plan: Plan) -> Verdict:
    """Say what is asked for and not had; without failures to act on, what is asked for most."""
    if plan.actions:
        first = plan.actions[0]
        numbers = first.numbers
        headline = _sentence(first.about, numbers.asked, numbers.failed, is_gap=_is_gap(first))
        quote = first.quotes[0] if first.quotes else None
        return Verdict(headline, quote, plan.actions[:SHOWN], ())
    wishes = _wishes(joined)
    if not wishes:
        total = len(joined.conversations)
        headline = f"{total:,} conversations were read, too few of a kind to find what users want."
        return Verdict(headline, None, (), ())
    first_wish = wishes[0]
    members = joined.conversations[joined.conversations["cluster_id"] == first_wish.cluster_id]
    failed = int(members["outcome"].isin(FAILURES).sum())
    name = lowered(first_wish.name)
    headline = _sentence(name, first_wish.conversations, failed, is_gap=False)
    if joined.is_judged and not plan.judged:
        headline += " The transcripts do not tell whether they got it."
    elif joined.is_judged and not plan.failures:
        headline += " Nothing in the transcripts shows that users were failed."
    return Verdict(headline, first_wish.quotes[0] if first_wish.quotes else None, (), wishes)


def _is_gap(action: Action) -> bool:
    return action.evidence.gap is not None


def _wishes(joined: JoinedRun) -> tuple[Wish, ...]:
    """The largest leaves of the tree, "other" left out."""
    other = {row.cluster_id for row in joined.rows if row.is_other}
    sizes = joined.conversations["cluster_id"].value_counts()
    largest = sorted(set(sizes.index) - other, key=lambda leaf: (-sizes[leaf], leaf))[:SHOWN]
    return tuple(
        _wish(joined, joined.conversations[joined.conversations["cluster_id"] == cluster_id])
        for cluster_id in largest
    )


def _wish(joined: JoinedRun, members: pd.DataFrame) -> Wish:
    first = members.iloc[0]
    users = int(members["user_id"].nunique()) if joined.has_users else None
    quotes = typical_quotes(members)
    return Wish(first["cluster_id"], first["cluster_name"], len(members), users, quotes)


def _sentence(name: str, asked: int, failed: int, *, is_gap: bool) -> str:
    how = "to" if is_task(name) else "for" if is_gap else "about"
    wish = f"Users ask {how} {name} in"
    wish += " one conversation" if asked == 1 else f" {asked:,} conversations"
    if failed == 0:
        return f"{wish}."
    lack = "without it" if is_gap else "without a usable answer"
    if failed == asked:
        return f"{wish}; {'it ends' if asked == 1 else 'all end'} {lack}."
    return f"{wish}; {'one ends' if failed == 1 else f'{failed:,} end'} {lack}."
