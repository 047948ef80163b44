"""Shares and means of groups of conversations, with intervals that know whose they are.

Many conversations of one user are not as many witnesses. Where users repeat, users are resampled,
not conversations; where they do not, a share has Wilson's interval (E. B. Wilson, "Probable
inference, the law of succession, and statistical inference", JASA 22, 1927) and a mean Student's.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Floats = np.ndarray[Any, np.dtype[np.float64]]

CONFIDENCE = 0.95
RESAMPLES = 1_000
# With fewer users a resampling knows too few worlds, and its intervals are too short.
FEWEST_RESAMPLED = 20
# How many drawn users are in memory at once.
_DRAWN_AT_ONCE = 2_000_000

Method = Literal["wilson", "student", "resampled users", "few users", "none"]


@dataclass(slots=True, frozen=True)
class Estimate:
    """A share or mean with its 95 % interval; NaN where the data say nothing of it.

    `n` are conversations, `users` distinct users (a conversation without one counts as its own).
    """

    value: float
    low: float
    high: float
    n: int
    users: int
    method: Method


def share(hits: int, n: int) -> Estimate:
    """The share of `hits` in `n` independent conversations, with Wilson's interval."""
    if n == 0:
        return Estimate(float("nan"), 0.0, 1.0, 0, 0, "none")
    low, high = _wilson(hits, n)
    return Estimate(hits / n, low, high, n, n, "wilson")


def share_of_users(hits: Floats, counts: Floats, name: str, *, seed: int = 0) -> Estimate:
    """The share of conversations of a group `name`: `hits` of `counts`, both one number a user.

    Who has no conversation is left out. The interval is as in `share_by`.
    """
    import numpy as np

    hits, counts = hits[counts > 0], counts[counts > 0]
    if not len(counts):
        return share(0, 0)
    order = np.lexsort((counts, hits))
    hits, counts = hits[order], counts[order]
    low, high, method = _interval(hits, counts, _seed_of(seed, name), is_share=True)
    n = int(counts.sum())
    return Estimate(float(hits.sum()) / n, low, high, n, len(counts), method)


def share_by(frame: pd.DataFrame, group: str, hit: str, *, seed: int = 0) -> pd.DataFrame:
    """The share of conversations with `hit` in every group, ordered by group.

    `frame` has a row a conversation with `user_id`, the column `group` (rows without one are left
    out) and the boolean column `hit`, without nulls. The result has [group, n, users, hits, value,
    low, high]. Where a user of the group has several conversations, the interval is the percentile
    bootstrap over users (1 000 resamples); of fewer than twenty users, or where all conversations
    agree, it is Wilson's with as many conversations as users, which is wider.
    """
    return _by(frame, group, hit, seed, is_share=True)


def mean_by(frame: pd.DataFrame, group: str, column: str, *, seed: int = 0) -> pd.DataFrame:
    """The mean of a numeric column in every group, ordered by group; nulls are left out.

    As `share_by`, with [group, n, users, total, value, low, high]. Where each user has one
    conversation the interval is Student's; of fewer than twenty users who repeat it is Student's
    with the variance between users; of one user there is none (NaN).
    """
    known = frame[frame[column].notna()]
    return _by(known, group, column, seed, is_share=False)


def _by(frame: pd.DataFrame, group: str, column: str, seed: int, *, is_share: bool) -> pd.DataFrame:
    import pandas as pd

    sums = _sums_of_users(frame, group, column)
    rows = []
    for name, users in sums.groupby("group", sort=True):
        totals, counts = users["total"].to_numpy(), users["count"].to_numpy()
        low, high, _ = _interval(totals, counts, _seed_of(seed, name), is_share=is_share)
        value = totals.sum() / counts.sum()
        rows.append((name, int(counts.sum()), len(users), totals.sum(), value, low, high))
    names = [group, "n", "users", "hits" if is_share else "total", "value", "low", "high"]
    found = pd.DataFrame(rows, columns=names)
    return found.astype({"hits": "int64"}) if is_share and rows else found


def _sums_of_users(frame: pd.DataFrame, group: str, column: str) -> pd.DataFrame:
    """[group, total, count] a user and group, in an order that no row order changes."""
    import pandas as pd

    known = frame[frame[group].notna()]
    # A conversation without a user stands for one of its own; NUL is in no id.
    alone = "\0" + pd.Series(range(len(known)), index=known.index).astype("str")
    plain = pd.DataFrame(
        {
            "group": known[group].astype("object"),
            "user": known["user_id"].astype("object").where(known["user_id"].notna(), alone),
            "value": known[column].astype("float64"),
        }
    )
    sums = plain.groupby(["group", "user"], sort=True)["value"].agg(["sum", "size"])
    sums = sums.rename(columns={"sum": "total", "size": "count"}).reset_index()
    return sums.sort_values(["group", "total", "count"], kind="stable", ignore_index=True)


def _interval(
    totals: Floats, counts: Floats, seed: list[int], *, is_share: bool
) -> tuple[float, float, Method]:
    users, hits, n = len(counts), float(totals.sum()), float(counts.sum())
    alone = bool((counts == 1).all())
    if is_share:
        if alone:
            return *_wilson(hits, n), "wilson"
        if users < FEWEST_RESAMPLED or hits in (0.0, n):
            return *_wilson(hits / n * users, float(users)), "few users"
        return *_resampled(totals, counts, seed), "resampled users"
    if alone or users < FEWEST_RESAMPLED:
        return *_student(totals, counts), "student" if alone else "few users"
    return *_resampled(totals, counts, seed), "resampled users"


def _wilson(hits: float, n: float) -> tuple[float, float]:
    """Wilson's interval of `hits` in `n`, neither of which need be whole.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    from scipy.special import ndtri

    z = float(ndtri(0.5 + CONFIDENCE / 2))
    share_, spread = hits / n, z * z / n
    middle = (share_ + spread / 2) / (1 + spread)
    half = z / (1 + spread) * (share_ * (1 - share_) / n + spread / (4 * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def _student(totals: Floats, counts: Floats) -> tuple[float, float]:
    """Student's interval of a ratio of sums over users, by linearisation.

    W. G. Cochran, "Sampling Techniques", 3rd ed. 1977, 6.4; with one conversation a user it is the
    usual interval of a mean.
    """
    from scipy.special import stdtrit

    users, n = len(counts), float(counts.sum())
    if users < 2:
        return float("nan"), float("nan")
    mean = float(totals.sum()) / n
    left = totals - mean * counts
    error = (users / (users - 1) * float((left * left).sum())) ** 0.5 / n
    half = float(stdtrit(users - 1, 0.5 + CONFIDENCE / 2)) * error
    return mean - half, mean + half


def _resampled(totals: Floats, counts: Floats, seed: list[int]) -> tuple[float, float]:
    """The percentile bootstrap of a ratio of sums: users are drawn with all that is theirs.

    B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13. Users with the
    same sums are drawn as one kind, which gives the same distribution and takes far less.
    """
    import numpy as np

    pairs, times = np.unique(np.column_stack([totals, counts]), axis=0, return_counts=True)
    rng = np.random.default_rng(seed)
    users = int(times.sum())
    ratios = np.empty(RESAMPLES)
    # A kind takes about ten times as long to draw as a user.
    by_kind = 10 * len(pairs) < users
    step = max(1, _DRAWN_AT_ONCE // (len(pairs) if by_kind else users))
    for start in range(0, RESAMPLES, step):
        size = min(step, RESAMPLES - start)
        if by_kind:
            drawn = rng.multinomial(users, times / users, size=size) @ pairs
            ratios[start : start + size] = drawn[:, 0] / drawn[:, 1]
        else:
            chosen = rng.integers(0, users, size=(size, users))
            ratios[start : start + size] = totals[chosen].sum(1) / counts[chosen].sum(1)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(ratios, [tail, 1 - tail])
    return float(low), float(high)


def _seed_of(seed: int, name: Any) -> list[int]:
    """A seed a group of its own, so that one group's interval does not hang on the others."""
    return [seed, zlib.crc32(str(name).encode("utf-8", errors="surrogatepass"))]
