"""The conversations behind a number: what was counted, as a link, a title and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from kura_core.errors import InputError
from kura_core.explore.tree import leaves_under, path_to
from kura_core.insights.impact import impact_label
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.quadrants import QUADRANTS, SILENT, UNKNOWN

if TYPE_CHECKING:
    import pandas as pd

    from kura_core.insights.gaps import Gap, GapBoard

FAILED = "failed"
FAILURES = ("not achieved", "partly")
ANY_SILENT = "silent"
VOICED = "voiced"
_OUTCOMES = {
    "achieved": "that got what was asked for",
    "partly": "that got only part of what was asked for",
    "not achieved": "that were judged “not achieved”",
    "cannot tell": "whose transcript does not tell how they end",
    FAILED: "that end without a usable answer",
}
_CAUSES = {
    "inventory gap": "because the data is not there",
    "capability gap": "because the product cannot do it",
    "answer quality": "because of a poor answer",
    "policy refusal": "because a policy refused",
    "user input": "because of what the user gave",
    "undetermined": "for a cause the transcript does not tell",
}
_SAID = {
    "rephrased": "whose user asked the same again in other words",
    "corrected": "whose user corrected the answer",
    "asked again": "whose user asked for what was missing or unclear",
    "gave up": "whose user gave up",
    UNKNOWN: "whose user wrote only once",
    VOICED: "whose user voiced dissatisfaction",
}
_RATINGS = {
    "negative": "rated negative",
    "positive": "rated, and not negative",
    "none": "without a rating",
}


@dataclass(slots=True, frozen=True)
class Evidence:
    """What the conversations behind a number have in common; what is None does not matter.

    `cluster` is any cluster of the tree; `outcome` a judged outcome or "failed" (not achieved or
    partly); `quadrant` one of QUADRANTS or "silent" (both silent failures); `gap` a key of the gap
    board: those that ask for the thing, with the outcome "failed" those that failed for want of it;
    `cause` a Cause; `dissatisfaction` one kind or "voiced" (any); `rating` "negative", "positive"
    or "none"; `user` a user id; `column` a column of the joined conversations that has a value
    there, `value` that value as text.
    """

    cluster: str | None = None
    outcome: str | None = None
    quadrant: str | None = None
    gap: str | None = None
    cause: str | None = None
    dissatisfaction: str | None = None
    rating: str | None = None
    user: str | None = None
    column: str | None = None
    value: str | None = None


def query_of(evidence: Evidence) -> dict[str, str]:
    """Write evidence as query parameters of a link, named as its fields."""
    return {name: value for name, value in asdict(evidence).items() if value is not None}


def evidence_of(query: Mapping[str, str]) -> Evidence:
    """Read evidence from query parameters; others, and empty ones, are passed over."""
    names = Evidence.__dataclass_fields__
    return Evidence(**{name: query[name] for name in names if query.get(name)})


def conversations_of(
    joined: JoinedRun, evidence: Evidence, board: GapBoard | None = None
) -> pd.DataFrame:
    """Find the rows of `joined.conversations` that the evidence is about.

    `board` saves working out the gaps again. Raises InputError for what this run does not have.
    """
    import pandas as pd

    rows = joined.conversations
    wanted = pd.Series(True, index=rows.index)
    if evidence.cluster is not None:
        _cluster_name(joined, evidence.cluster)
        wanted &= rows["cluster_id"].isin(leaves_under(joined.rows, evidence.cluster))
    failed = evidence.outcome == FAILED
    if evidence.gap is not None:
        gap = find_gap(joined, evidence.gap, board)
        wanted &= rows["conversation_id"].isin(gap.failed_ids if failed else gap.asked_ids)
    elif failed:
        wanted &= rows["outcome"].isin(FAILURES)
    if evidence.outcome is not None and not failed:
        wanted &= rows["outcome"] == _known(evidence.outcome, _OUTCOMES, "outcome")
    if evidence.quadrant == ANY_SILENT:
        wanted &= rows["quadrant"].isin(SILENT)
    elif evidence.quadrant is not None:
        names = dict.fromkeys(QUADRANTS)
        wanted &= rows["quadrant"] == _known(evidence.quadrant, names, "quadrant")
    if evidence.cause is not None:
        wanted &= rows["cause"] == _known(evidence.cause, _CAUSES, "cause")
    if evidence.dissatisfaction is not None:
        wanted &= _says(rows["dissatisfaction"], evidence.dissatisfaction)
    if evidence.rating is not None:
        wanted &= _is_rated(rows["negative"], evidence.rating)
    if evidence.user is not None:
        wanted &= rows["user_id"] == evidence.user
    if evidence.column is not None:
        wanted &= _has_value(rows, evidence.column, evidence.value)
    return rows[wanted.fillna(False).astype(bool)]


def title_of(joined: JoinedRun, evidence: Evidence, board: GapBoard | None = None) -> str:
    """Say in one plain phrase which conversations these are.

    Raises InputError for what this run does not have.
    """
    parts = ["Conversations"]
    if evidence.cluster is not None:
        parts.append(f"in “{_cluster_name(joined, evidence.cluster)}”")
    if evidence.user is not None:
        parts.append(f"of the user {evidence.user}")
    said: list[str] = []
    if evidence.gap is not None:
        gap = find_gap(joined, evidence.gap, board)
        failed = evidence.outcome == FAILED
        said.append(f"that end without “{gap.name}”" if failed else f"that ask for “{gap.name}”")
    if evidence.outcome is not None and not (evidence.gap and evidence.outcome == FAILED):
        said.append(_OUTCOMES[_known(evidence.outcome, _OUTCOMES, "outcome")])
    if evidence.cause is not None:
        said.append(_CAUSES[_known(evidence.cause, _CAUSES, "cause")])
    if evidence.quadrant is not None:
        said.append(f"sorted as “{_quadrant_name(evidence.quadrant)}”")
    if evidence.dissatisfaction is not None:
        said.append(_SAID[_known(evidence.dissatisfaction, _SAID, "kind of dissatisfaction")])
    if evidence.rating is not None:
        said.append(_RATINGS[_known(evidence.rating, _RATINGS, "rating")])
    if evidence.column is not None:
        said.append(_with_value(evidence.column, evidence.value))
    if not said and len(parts) == 1:
        return "All conversations"
    return " ".join([*parts, ", ".join(said)]).strip()


def find_gap(joined: JoinedRun, key: str, board: GapBoard | None = None) -> Gap:
    """Find the gap of that key. Raises InputError when this run has none."""
    if board is None:
        from kura_core.insights.gaps import gap_board

        board = gap_board(joined, None)
    for gap in board.gaps:
        if gap.key == key:
            return gap
    raise InputError(
        f"The missing thing “{key}” in this link is not part of this run; it may come from another "
        "one. Choose one on the board of missing things."
    )


def _cluster_name(joined: JoinedRun, cluster_id: str) -> str:
    path = path_to(joined.rows, cluster_id)
    if not path:
        raise InputError(
            f"The cluster “{cluster_id}” in this link is not part of this run; it may come from an "
            "earlier one. Choose one in the tree."
        )
    return path[-1].name


def _with_value(column: str, value: str | None) -> str:
    if column == "user_id" and value is None:
        return "whose user is known"
    label = impact_label(column)
    return f"that have “{label}”" if value is None else f"where “{label}” is “{value}”"


def _quadrant_name(quadrant: str) -> str:
    if quadrant == ANY_SILENT:
        return "silent failure"
    return _known(quadrant, dict.fromkeys(QUADRANTS), "quadrant")


def _says(dissatisfaction: pd.Series, wanted: str) -> pd.Series:
    kind = _known(wanted, _SAID, "kind of dissatisfaction")
    kinds = set(_SAID) - {VOICED, UNKNOWN} if kind == VOICED else {kind}
    return dissatisfaction.map(
        # A null is a float here; anything else is a list or an array of kinds.
        lambda said: said is not None and not isinstance(said, float) and bool(kinds & set(said))
    ).astype(bool)


def _is_rated(negative: pd.Series, wanted: str) -> pd.Series:
    rating = _known(wanted, _RATINGS, "rating")
    if rating == "none":
        return negative.isna()
    return (negative == (rating == "negative")).fillna(False)


def _has_value(rows: pd.DataFrame, column: str, value: str | None) -> pd.Series:
    if column not in rows:
        raise InputError(
            f"The column “{column}” in this link is not part of this run. Attach the table it is "
            "from under “Your data”, or choose another column."
        )
    known = rows[column].notna()
    return known if value is None else known & (rows[column].astype(str) == value)


def _known(value: str, names: Mapping[str, object], what: str) -> str:
    if value not in names:
        raise InputError(
            f"Got the {what} “{value}” in this link; known are {', '.join(names)}. Open the list "
            "again from the number it belongs to."
        )
    return value
