"""How sure volume, failure and impact of every group are: all groups resampled together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kura_core.explore.stats import share_by
from kura_core.insights.impact import is_per_user
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.levels import Level, at_level

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy.sparse import csr_array

RESAMPLES = 1000
# So many numbers are resampled at once, to bound the memory.
_AT_ONCE = 8_000_000
_CANNOT_TELL = "cannot tell"


@dataclass(slots=True, frozen=True)
class GroupDraws:
    """Groups as measured, and as they might have been measured with other users.

    `groups` has a row a group, ordered by id: cluster_id, name, theme_id, theme_name,
    conversations, users (null without user ids), judged (cannot tell left out), achieved, impact
    (per conversation; 1 without an impact column, null where no value is known), success with
    success_low and success_high (95 %; partly counts as not achieved). `volume`, `failure` (that
    is 1 − success) and `impact` are arrays of shape (resamples, groups).
    """

    groups: pd.DataFrame
    volume: np.ndarray
    failure: np.ndarray
    impact: np.ndarray


def draw_groups(
    joined: JoinedRun, impact: str | None, level: Level = "cluster", *, seed: int = 0
) -> GroupDraws:
    """Bootstrap volume, failure and impact per conversation of all groups at a level.

    Users are resampled, not conversations, since what one user asks is alike (the cluster
    bootstrap: Davison & Hinkley, Bootstrap Methods and their Application, 1997, section 3.8); a
    conversation without a user stands for itself. `impact` is a numeric column: one of the users
    counts once per user and group, divided by the conversations of the group; any other is the
    mean over the conversations where it is known. Where all of a group ended alike, resampling
    would see no doubt; there failure is drawn from the Jeffreys posterior with one vote a user
    (Brown, Cai & DasGupta 2001, Interval estimation for a binomial proportion).
    """
    import numpy as np

    frame = at_level(joined, level, with_other=False)
    pairs, units = _pairs(frame, impact)
    groups = _measured(frame, pairs, joined.has_users)
    count = len(groups)
    rng = np.random.default_rng(seed)
    sums = _resampled(_sums_by_unit(pairs, count, units), units, rng)
    volume, judged, achieved, worth, valued = np.split(sums, 5, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        failure = 1 - achieved / judged
        per_conversation = worth / valued
        measured = 1 - (groups["achieved"] / groups["judged"].where(groups["judged"] > 0))
    voters = _voters(pairs, count)
    alike = ((groups["achieved"] == 0) | (groups["achieved"] == groups["judged"])).to_numpy()
    for at in np.flatnonzero(alike & (voters > 0)):
        failed = 0.0 if measured.iloc[at] == 0 else float(voters[at])
        drawn = rng.beta(failed + 0.5, voters[at] - failed + 0.5, len(failure))
        failure[:, at] = drawn
    return GroupDraws(
        groups.merge(_success(frame, seed), on="cluster_id", how="left"),
        volume,
        # A resample may hold none of a group's users; its volume is 0 then, whatever the rest.
        np.where(np.isnan(failure), measured.to_numpy(dtype=float), failure),
        np.where(np.isnan(per_conversation), groups["impact"].to_numpy(), per_conversation),
    )


def _pairs(frame: pd.DataFrame, impact: str | None) -> tuple[pd.DataFrame, int]:
    """Sum up per group and unit (a user, or a conversation without one); the number of units."""
    import numpy as np
    import pandas as pd

    user, known = pd.factorize(frame["user_id"], sort=True)
    alone = user < 0
    user = user.astype(np.int64)
    user[alone] = len(known) + np.arange(int(alone.sum()))
    outcome = frame["outcome"]
    value = pd.Series(1.0, index=frame.index) if impact is None else frame[impact].astype(float)
    told = (outcome.notna() & (outcome != _CANNOT_TELL)).fillna(False)
    columns = {
        "group": frame["group"].to_numpy(),
        "unit": user,
        "n": 1,
        "judged": told.to_numpy(dtype=float),
        "achieved": (outcome == "achieved").fillna(False).to_numpy(dtype=float),
        "worth": value.to_numpy(),
        "valued": value.notna().to_numpy(dtype=float),
    }
    by_pair = pd.DataFrame(columns).groupby(["group", "unit"], sort=True)
    pairs = by_pair[["n", "judged", "achieved", "worth", "valued"]].sum().reset_index()
    pairs["known"] = pairs["valued"] > 0
    if impact is not None and is_per_user(impact):
        pairs["worth"] = by_pair["worth"].max().fillna(0.0).to_numpy()
        pairs["valued"] = pairs["n"]
    pairs["at"] = pd.factorize(pairs["group"], sort=True)[0]
    return pairs, int(user.max()) + 1 if len(user) else 0


def _measured(frame: pd.DataFrame, pairs: pd.DataFrame, has_users: bool) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    sums = pairs.groupby("group", sort=True)[["n", "judged", "achieved", "worth", "valued"]].sum()
    known = pairs.groupby("group", sort=True)["known"].any()
    about = frame.groupby("group", sort=True)
    first = about[["group_name", "theme_id", "theme_name"]].first()
    return pd.DataFrame(
        {
            "cluster_id": sums.index.astype(str),
            "name": first["group_name"].to_numpy(),
            "theme_id": first["theme_id"].to_numpy(),
            "theme_name": first["theme_name"].to_numpy(),
            "conversations": sums["n"].to_numpy(dtype=np.int64),
            "users": pd.array(
                about["user_id"].nunique().to_numpy() if has_users else [None] * len(sums), "Int64"
            ),
            "judged": sums["judged"].to_numpy(dtype=np.int64),
            "achieved": sums["achieved"].to_numpy(dtype=np.int64),
            "impact": (sums["worth"] / sums["valued"]).where(known).to_numpy(dtype=float),
        }
    )


def _success(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    told = frame["outcome"].notna() & (frame["outcome"] != _CANNOT_TELL)
    frame = frame[told].assign(hit=frame["outcome"] == "achieved")
    shares = share_by(frame, "group", "hit", seed=seed)
    names = {"group": "cluster_id", "value": "success"}
    names |= {"low": "success_low", "high": "success_high"}
    return shares.rename(columns=names)[list(names.values())]


def _sums_by_unit(pairs: pd.DataFrame, count: int, units: int) -> csr_array:
    """A matrix of shape (5 × groups, units) that turns how often units are drawn into sums."""
    import numpy as np
    from scipy.sparse import csr_array

    quantities = ("n", "judged", "achieved", "worth", "valued")
    rows = [pairs["at"].to_numpy() + place * count for place in range(len(quantities))]
    values = [pairs[name].to_numpy(dtype=np.float64) for name in quantities]
    columns = np.tile(pairs["unit"].to_numpy(), len(quantities))
    shape = (len(quantities) * count, units)
    return csr_array((np.concatenate(values), (np.concatenate(rows), columns)), shape=shape)


def _resampled(sums: csr_array, units: int, rng: np.random.Generator) -> np.ndarray:
    import numpy as np

    found = np.zeros((RESAMPLES, sums.shape[0]), dtype=np.float32)
    step = max(1, _AT_ONCE // max(1, units))
    for start in range(0, RESAMPLES if units else 0, step):
        turns = min(step, RESAMPLES - start)
        drawn = rng.integers(0, units, size=(turns, units))
        drawn += np.arange(turns)[:, None] * units
        times = np.bincount(drawn.ravel(), minlength=turns * units).reshape(turns, units)
        found[start : start + turns] = (sums @ times.T.astype(np.float64)).T
    return found


def _voters(pairs: pd.DataFrame, count: int) -> np.ndarray:
    import numpy as np

    return np.bincount(pairs.loc[pairs["judged"] > 0, "at"], minlength=count)
