"""What some conversations are, facet by facet, beside all the others of their run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kura_core.explore.facets import NOT_KNOWN, FacetColumn, answers, known_values

if TYPE_CHECKING:
    import pandas as pd

    Whole = np.ndarray[Any, np.dtype[np.int64]]

# Of fewer answers no share says anything.
FEW = 5
_GROUPS = "column group count share low high rest_count rest_share".split()
_TOTALS = "column known not_known mean low high rest_known rest_mean".split()


def breakdown(
    conversations: pd.DataFrame, inside: pd.Series, facets: Sequence[FacetColumn], *, seed: int = 0
) -> pd.DataFrame:
    """Count the groups of every facet among the conversations `inside` (a mask) and in the rest.

    [column, group, count, share, low, high, rest_count, rest_share], facets and their groups in
    order, the last group of a facet being those not known. Shares (0–1) are of the conversations
    with an answer, with 95 % intervals as in `stats`; a list may hold several items, so that its
    shares can add up to more than 1. Shares are NaN for those not known and where nobody answered.
    Free text is not broken down.
    """
    import pandas as pd

    here = inside.to_numpy(dtype=bool)
    users = _user_codes(conversations)
    rows: list[tuple[object, ...]] = []
    for facet in facets:
        if facet.kind == "text":
            continue
        found = answers(conversations, facet, within=inside)
        groups = len(found.names)
        at_home = here[found.rows]
        counts = np.bincount(found.codes[at_home], minlength=groups)
        rest = np.bincount(found.codes[~at_home], minlength=groups)
        known, rest_known = int((found.known & here).sum()), int((found.known & ~here).sum())
        each = _per_user(users, np.flatnonzero(found.known & here))
        for code, name in enumerate(found.names):
            members = found.rows[at_home & (found.codes == code)]
            low, high = _interval(members, each, users, f"{facet.column} {name}", seed)
            share, rest_share = _part(counts[code], known), _part(rest[code], rest_known)
            both = (int(counts[code]), share, low, high, int(rest[code]), rest_share)
            rows.append((facet.column, name, *both))
        unknown, rest_unknown = int((~found.known & here).sum()), int((~found.known & ~here).sum())
        nothing = (float("nan"),) * 3
        rows.append((facet.column, NOT_KNOWN, unknown, *nothing, rest_unknown, nothing[0]))
    return pd.DataFrame(rows, columns=_GROUPS)


def facet_totals(
    conversations: pd.DataFrame, inside: pd.Series, facets: Sequence[FacetColumn], *, seed: int = 0
) -> pd.DataFrame:
    """How many conversations `inside` (a mask) and in the rest have an answer; of numbers the mean.

    [column, known, not_known, mean, low, high, rest_known, rest_mean], a row a facet in order. The
    mean has a 95 % interval as in `stats`; all three are NaN for what is no number, the interval
    also where one user alone has answers.
    """
    import pandas as pd

    rows = []
    for facet in facets:
        values = known_values(conversations, facet)
        known = values.notna()
        estimates = dict.fromkeys(("mean", "low", "high", "rest_mean"), float("nan"))
        if facet.kind == "number":
            numbers = values[known].astype("float64")
            users = conversations.loc[known, "user_id"]
            estimates |= _means(numbers, users, inside[known], facet, seed)
        counts = [int((part & inside).sum()) for part in (known, ~known)]
        rest_known = int((known & ~inside).sum())
        about = {"column": facet.column, "known": counts[0], "not_known": counts[1]}
        rows.append({**about, **estimates, "rest_known": rest_known})
    return pd.DataFrame(rows, columns=_TOTALS)


def _means(
    numbers: pd.Series, users: pd.Series, inside: pd.Series, facet: FacetColumn, seed: int
) -> dict[str, float]:
    import pandas as pd

    from kura_core.explore.stats import mean_by

    frame = pd.DataFrame({"here": inside.astype(bool), "value": numbers, "user_id": users})
    found: dict[str, float] = {}
    # Of few answers Student's interval reaches what no answer can be.
    least = float(numbers.min()) if facet.low is None else facet.low
    most = float(numbers.max()) if facet.high is None else facet.high
    for mean in mean_by(frame, "here", "value", seed=seed).to_dict("records"):
        if mean["here"]:
            found["mean"] = mean["value"]
            found |= {end: float(np.clip(mean[end], least, most)) for end in ("low", "high")}
        else:
            found["rest_mean"] = mean["value"]
    return found


def _user_codes(conversations: pd.DataFrame) -> Whole:
    """A number for each conversation's user; who has none counts as a user of their own."""
    import pandas as pd

    codes, names = pd.factorize(conversations["user_id"])
    alone = codes < 0
    codes[alone] = len(names) + np.arange(int(alone.sum()))
    return codes.astype(np.int64)


def _per_user(users: Whole, rows: Whole) -> Whole:
    return np.bincount(users[rows], minlength=int(users.max(initial=-1)) + 1)


def _interval(
    members: Whole, each: Whole, users: Whole, name: str, seed: int
) -> tuple[float, float]:
    from kura_core.explore.stats import share_of_users

    hits = _per_user(users, members).astype(float)
    estimate = share_of_users(hits, each.astype(float), name, seed=seed)
    return (estimate.low, estimate.high) if estimate.n else (float("nan"), float("nan"))


def _part(count: int, whole: int) -> float:
    return float(count) / whole if whole else float("nan")
