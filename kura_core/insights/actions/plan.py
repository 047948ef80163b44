"""What to do next: missing things and badly answered themes, the costliest first, in sentences."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kura_core.insights.actions.starters import Starters, learn_words, suggest_starters
from kura_core.insights.actions.text import (
    Numbers,
    Part,
    asked_and_failed,
    escaped,
    failed_of_judged,
    plain,
    worth,
)
from kura_core.insights.actions.wording import is_task, lowered
from kura_core.insights.evidence import FAILURES, Evidence
from kura_core.insights.impact import impact_label, is_per_user, total_impact
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.quotes import Quote, typical_quotes

if TYPE_CHECKING:
    import pandas as pd

    from kura_core.insights.gaps import Gap, GapBoard

MOST_ACTIONS = 5
# Below this many a failure is an anecdote, not something to act on.
FEWEST_FAILURES = 5
QUOTES = 2
_EXPLAINED = 0.5
_JUDGED = (*FAILURES, "achieved")


@dataclass(slots=True, frozen=True)
class Action:
    """One thing to do, why, and how to tell users once it is done.

    `kind` is the cause most of its failures have; `about` is the thing or the
    theme inside a sentence;
    `sentence` has a part for every number, with its evidence, and `evidence` is all of it.
    """

    key: str
    kind: str
    title: str
    about: str
    sentence: tuple[Part, ...]
    numbers: Numbers
    evidence: Evidence
    quotes: tuple[Quote, ...]
    starters: Starters


@dataclass(slots=True, frozen=True)
class Plan:
    """The actions, first ones first, and what they were drawn from.

    `ranked_by` says in words what the order is by; `conversations` were looked at, `failures` of
    them end without a usable answer, `unclear` could not be judged; `rate` is the failed share of
    those that could, with its 95% interval, None where none could.
    """

    actions: tuple[Action, ...]
    ranked_by: str
    conversations: int
    judged: int
    failures: int
    unclear: int
    rate: tuple[float, float, float] | None


@dataclass(slots=True, frozen=True)
class _Candidate:
    key: str
    asked: pd.DataFrame
    failed: pd.DataFrame
    counted: pd.DataFrame
    gap: Gap | None = None
    name: str = ""


def what_to_do(joined: JoinedRun, board: GapBoard, impact: str | None) -> Plan:
    """Choose the five things whose failures cost most, gaps and themes by one measure.

    A candidate costs the share that failed, of what could be judged, times what those who ask are
    worth by the `impact` column (a user once per candidate); where no worth is known, the users
    that failed; without user ids, the failed conversations. Failures that a gap explains count for
    the gap alone, and a theme mostly explained by gaps is none; fewer than FEWEST_FAILURES are
    passed over.
    """
    conversations = joined.conversations
    outcome = conversations["outcome"]
    failed = conversations[outcome.isin(FAILURES)]
    unclear = int((outcome == "cannot tell").sum())
    candidates = _gaps(conversations, board)
    candidates += _themes(joined, failed, candidates)
    measure = _measure(joined, candidates, impact)
    stakes = {found.key: _stake(found, measure, impact) for found in candidates}
    candidates.sort(key=lambda c: (-stakes[c.key], -len(c.counted), c.key))
    chosen = candidates[:MOST_ACTIONS]
    shares = _shares(chosen)
    words = learn_words(conversations)
    actions = []
    for found in chosen:
        numbers = _numbers(joined, found, shares, impact)
        name = found.gap.name if found.gap else found.name
        is_missing = found.gap is not None
        starters = suggest_starters(found.asked, name, words, is_missing=is_missing)
        about = lowered(name, words.names)
        actions.append(_action(found, about, numbers, impact, starters))
    judged = int(outcome.notna().sum()) - unclear
    ranked_by = _in_words(measure, impact)
    rate = _rate(conversations)
    return Plan(tuple(actions), ranked_by, len(conversations), judged, len(failed), unclear, rate)


def as_markdown(plan: Plan, about: str, judged_by: str) -> str:
    """Write the plan as Markdown: `about` names the run, `judged_by` says who judged and how."""
    lines = [f"# What to do: {escaped(about)}", ""]
    for number, action in enumerate(plan.actions, start=1):
        lines += [f"{number}. **{escaped(action.title)}.** {escaped(plain(action.sentence))}"]
        lines += [f"   - “{escaped(quote.text)}”" for quote in action.quotes]
        lines += ["   - Starter prompts:"]
        lines += [f"     - {escaped(prompt)}" for prompt in action.starters.prompts]
        lines += [f"   - Tell users: {escaped(action.starters.line)}"]
    if not plan.actions:
        lines += [f"Nothing fails {FEWEST_FAILURES} times or more."]
    note = f"Ordered by {plan.ranked_by}. Ranges are 95% intervals. {judged_by}"
    lines += ["", escaped(note)]
    return "\n".join(lines) + "\n"


def _gaps(conversations: pd.DataFrame, board: GapBoard) -> list[_Candidate]:
    ids = conversations["conversation_id"]
    found = []
    for gap in board.gaps:
        if gap.failed >= FEWEST_FAILURES:
            failed = conversations[ids.isin(gap.failed_ids)]
            asked = conversations[ids.isin(gap.asked_ids)]
            found.append(_Candidate(f"gap-{gap.key}", asked, failed, failed, gap))
    return found


def _themes(
    joined: JoinedRun, failed: pd.DataFrame, gaps: Sequence[_Candidate]
) -> list[_Candidate]:
    """Leaves whose failures no listed gap explains, but for what is left over."""
    ids = {identity for gap in gaps for identity in gap.failed["conversation_id"]}
    open_ones = failed[~failed["conversation_id"].isin(ids)]
    unexplained = dict(tuple(open_ones.groupby("cluster_id", observed=True)))
    other = {row.cluster_id for row in joined.rows if row.is_other}
    members = dict(tuple(joined.conversations.groupby("cluster_id", observed=True)))
    found = []
    for cluster_id, failures in failed.groupby("cluster_id", observed=True):
        rest = unexplained.get(cluster_id, failures.head(0))
        mostly = len(failures) - len(rest) > _EXPLAINED * len(failures)
        if cluster_id in other or mostly or len(rest) < FEWEST_FAILURES:
            continue
        asked = members[cluster_id]
        name = str(asked["cluster_name"].iloc[0])
        found.append(_Candidate(str(cluster_id), asked, failures, rest, name=name))
    return found


def _measure(joined: JoinedRun, candidates: Sequence[_Candidate], impact: str | None) -> str:
    if impact is not None and any(total_impact(found.asked, impact) for found in candidates):
        return "impact"
    return "users" if joined.has_users else "conversations"


def _stake(found: _Candidate, measure: str, impact: str | None) -> float:
    if measure == "impact" and impact is not None:
        total = total_impact(found.asked, impact) or 0.0
        return total * len(found.counted) / int(found.asked["outcome"].isin(_JUDGED).sum())
    if measure == "users":
        return float(found.counted["user_id"].nunique())
    return float(len(found.counted))


def _in_words(measure: str, impact: str | None) -> str:
    if measure == "impact" and impact is not None:
        label = impact_label(impact).lower()
        once = ", each user counted once per line" if is_per_user(impact) else ""
        return f"the share that fails times {label} of those who ask{once}"
    if measure == "users":
        return "the number of users left without a usable answer"
    return "the number of conversations that end without a usable answer"


def _rate(conversations: pd.DataFrame) -> tuple[float, float, float] | None:
    from kura_core.explore.stats import share_by

    judged = conversations[conversations["outcome"].isin(_JUDGED)]
    if judged.empty:
        return None
    hit = judged["outcome"].isin(FAILURES)
    shares = share_by(judged[["user_id"]].assign(group="all", hit=hit), "group", "hit")
    found = shares.iloc[0]
    return float(found["value"]), float(found["low"]), float(found["high"])


def _shares(chosen: Sequence[_Candidate]) -> dict[str, dict[Hashable, Any]]:
    """The share that fails of what could be judged, by candidate; columns as in `share_by`."""
    import pandas as pd

    from kura_core.explore.stats import share_by

    if not chosen:
        return {}
    frames = []
    for found in chosen:
        judged = found.asked[found.asked["outcome"].isin(_JUDGED)]
        hit = judged["conversation_id"].isin(found.failed["conversation_id"])
        frames.append(judged[["user_id"]].assign(candidate=found.key, hit=hit))
    shares = share_by(pd.concat(frames, ignore_index=True), "candidate", "hit")
    return {str(row["candidate"]): row for row in shares.to_dict("records")}


def _numbers(
    joined: JoinedRun,
    found: _Candidate,
    shares: Mapping[str, Mapping[Hashable, Any]],
    impact: str | None,
) -> Numbers:
    share = shares[found.key]
    causes = found.failed["cause"].fillna("")
    return Numbers(
        asked=len(found.asked),
        judged=int(share["n"]),
        failed=len(found.failed),
        users=int(found.asked["user_id"].nunique()) if joined.has_users else None,
        share=float(share["value"]),
        low=float(share["low"]),
        high=float(share["high"]),
        undecided=0 if found.gap else int((causes == "undetermined").sum()),
        worth=None if impact is None else total_impact(found.asked, impact),
    )


def _action(
    found: _Candidate, about: str, numbers: Numbers, impact: str | None, starters: Starters
) -> Action:
    gap = found.gap
    if gap is not None:
        evidence = Evidence(gap=gap.key)
        said = asked_and_failed(numbers, evidence)
        kind, title = str(gap.cause), _gap_title(about, gap)
        quotes = gap.quotes[:QUOTES]
    else:
        evidence = Evidence(cluster=found.key)
        said = failed_of_judged(numbers, evidence)
        kind = _main_cause(found.counted)
        title = _theme_title(about, kind)
        quotes = typical_quotes(found.counted, QUOTES)
    sentence = (*said, *worth(numbers, evidence, impact))
    return Action(found.key, kind, title, about, sentence, numbers, evidence, quotes, starters)


def _gap_title(name: str, gap: Gap) -> str:
    if gap.cause == "capability gap":
        return f"Build: {name}"
    if gap.kind == "metadata incomplete":
        return f"Complete the metadata: {name}"
    if gap.kind == "search context missing":
        return f"Give the search its context: {name}"
    return f"Index {name}"


def _main_cause(failed: pd.DataFrame) -> str:
    counts = failed["cause"].fillna("undetermined").value_counts()
    return str(min(counts.index, key=lambda cause: (-counts[cause], cause)))


def _theme_title(name: str, cause: str) -> str:
    """Improve answers, unless most failures have another cause or one that nobody knows."""
    is_about = not is_task(name)
    if name.startswith("requests "):
        theme, is_about = name, False
    else:
        theme = f"requests {'about' if is_about else 'to'} {name}"
    if cause == "undetermined":
        return f"Find out why {theme} fail"
    if cause in ("inventory gap", "capability gap"):
        return f"Find out what is missing in {theme}"
    if cause == "policy refusal":
        return f"Review what the policy refuses in {theme}"
    if cause == "user input":
        return f"Help users give what is needed in {theme}"
    return f"Improve answers about {name}" if is_about else f"Improve answers to {theme}"
