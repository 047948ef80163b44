"""What to fix first: groups ranked by how much fails there, what it costs and what a fix takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kura_core.errors import ConfigError
from kura_core.insights.joined_run import JoinedRun
from kura_core.insights.levels import Level
from kura_core.insights.priorities.draws import GroupDraws, draw_groups

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# With fewer judged conversations a group's success rate says next to nothing.
FEWEST_JUDGED = 5
_INTERVAL = (0.025, 0.975)


@dataclass(slots=True, frozen=True)
class Weights:
    """How much volume, failure and impact count: exponents, 1 as they are, 0 not at all."""

    volume: float = 1.0
    failure: float = 1.0
    impact: float = 1.0


def rank_priorities(
    joined: JoinedRun,
    impact: str | None = None,
    weights: Weights | None = None,
    efforts: Mapping[str, float] | None = None,
    *,
    level: Level = "cluster",
    draws: GroupDraws | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Rank groups by volume × (1 − success) × impact per conversation / effort, first ones first.

    `impact` is a numeric column of the conversations, `efforts` (default 1, above 0) are by
    cluster_id. `draws` saves resampling again when only weights or efforts changed. A row a group:
    the columns of `GroupDraws.groups`, effort, priority with priority_low and
    priority_high (95 %, relative: the first one's priority is 100), rank with rank_low and
    rank_high (95 %), and few (fewer than FEWEST_JUDGED judged). Those with few judged, or without
    any known impact, come last and have neither priority nor rank. Raises ConfigError for an
    effort that is not above 0.
    """
    import pandas as pd

    weights = weights or Weights()
    draws = draws or draw_groups(joined, impact, level, seed=seed)
    ranked = draws.groups.copy()
    ranked["effort"] = _efforts(ranked["cluster_id"], efforts or {})
    ranked["few"] = ranked["judged"] < FEWEST_JUDGED
    counts = (~ranked["few"] & ranked["impact"].notna()).to_numpy()
    effort = ranked["effort"].to_numpy()
    failure = 1 - ranked["achieved"] / ranked["judged"].where(ranked["judged"] > 0)
    measured = _product(ranked["conversations"], failure, ranked["impact"], weights) / effort
    drawn = _product(draws.volume, draws.failure, draws.impact, weights) / effort
    best = measured[counts].max() if counts.any() else 0.0
    scale = 100 / best if best > 0 else 0.0
    low, high = _interval(drawn)
    for name, values in (
        ("priority", measured),
        ("priority_low", low.clip(max=measured)),
        ("priority_high", high.clip(min=measured)),
    ):
        ranked[name] = pd.Series(values * scale, index=ranked.index).where(counts)
    ranks = _ranks(measured[counts], drawn[:, counts])
    for name, found in zip(("rank", "rank_low", "rank_high"), ranks, strict=True):
        column = pd.Series(pd.NA, index=ranked.index, dtype="Int64")
        column[counts] = found
        ranked[name] = column
    order = ["rank", "conversations", "cluster_id"]
    ascending = [True, False, True]
    return ranked.sort_values(order, ascending=ascending, na_position="last", ignore_index=True)


def _efforts(ids: pd.Series, efforts: Mapping[str, float]) -> pd.Series:
    for name, effort in efforts.items():
        if not effort > 0:
            raise ConfigError(
                f"Got the effort {effort:g} for {name}; needed is a number above 0. Give 1 to what "
                "takes as long as most, 2 to what takes twice as long."
            )
    return ids.map(lambda name: float(efforts.get(name, 1.0))).astype(float)


def _product(
    volume: np.ndarray | pd.Series,
    failure: np.ndarray | pd.Series,
    impact: np.ndarray | pd.Series,
    weights: Weights,
) -> np.ndarray:
    """Multiply what counts; a negative impact (a refund) costs nothing, and counts as 0."""
    import numpy as np

    factors = (volume, weights.volume), (failure, weights.failure), (impact, weights.impact)
    product: np.ndarray = np.prod(
        [np.asarray(values, dtype=float).clip(min=0) ** weight for values, weight in factors],
        axis=0,
    )
    return product


def _interval(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    low, high = np.quantile(drawn, _INTERVAL, axis=0)
    return low, high


def _ranks(measured: np.ndarray, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    import numpy as np
    import pandas as pd

    if not len(measured):
        nothing = np.zeros(0, dtype=int)
        return nothing, nothing, nothing
    rank = pd.Series(-measured).rank(method="min").to_numpy(dtype=int)
    places = pd.DataFrame(-drawn).rank(axis=1, method="min").to_numpy()
    low, high = np.quantile(places, _INTERVAL, axis=0, method="nearest").astype(int)
    return rank, np.minimum(low, rank), np.maximum(high, rank)
