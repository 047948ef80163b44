"""Which conversations to check by hand, so that few of them say how good the judge is."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from kura_core.insights.evidence import FAILURES
from kura_core.insights.joined_run import JoinedRun

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FAILED, ACHIEVED, UNCLEAR = "failed", "achieved", "cannot tell"
STRATA = (FAILED, ACHIEVED, UNCLEAR)
# A judgement that says nothing is checked half as often as one that says something.
_TURNS = (FAILED, ACHIEVED, FAILED, ACHIEVED, UNCLEAR)
_BLOCK = 10
_GOLDEN = 0.6180339887498949


def stratum_of(outcome: pd.Series) -> pd.Series:
    """Sort outcomes into STRATA: partly counts as failed; null where there is none."""
    names = dict.fromkeys(FAILURES, FAILED) | {"achieved": ACHIEVED, "cannot tell": UNCLEAR}
    return outcome.map(names)


def draw_review_sample(joined: JoinedRun, size: int = 20, seed: int = 0) -> pd.DataFrame:
    """Draw conversations to check: by what the judge said, spread over clusters, in mixed order.

    Rows of `joined.conversations`, at most `size` of them. In each stratum every conversation is
    as likely as every other, and clusters take part by their size: positions in the list ordered
    by cluster follow the golden ratio from a random start (an additive recurrence: Niederreiter,
    Random Number Generation and Quasi-Monte Carlo Methods, 1992), so that a larger sample holds
    the smaller ones of the same seed, in tens.
    """
    import numpy as np

    frame = joined.conversations
    strata = stratum_of(frame["outcome"])
    waiting: dict[str, list[int]] = {}
    for number, stratum in enumerate(STRATA):
        places = np.flatnonzero((strata == stratum).to_numpy())
        rng = np.random.default_rng([seed, number])
        waiting[stratum] = _spread(frame["cluster_id"].to_numpy(), places, size, rng)
    order: list[int] = []
    for stratum in cycle(_TURNS):
        if len(order) >= size or not any(waiting.values()):
            break
        if waiting[stratum]:
            order.append(waiting[stratum].pop(0))
    rng = np.random.default_rng([seed, len(STRATA)])
    blocks = [order[start : start + _BLOCK] for start in range(0, len(order), _BLOCK)]
    mixed = [place for block in blocks for place in rng.permutation(block)]
    return frame.iloc[mixed]


def _spread(
    clusters: np.ndarray, places: np.ndarray, size: int, rng: np.random.Generator
) -> list[int]:
    import numpy as np

    ordered = places[np.lexsort((rng.random(len(places)), clusters[places].astype(str)))]
    count, start = len(ordered), rng.random()
    taken: list[int] = []
    for turn in range(min(size, count)):
        at = int((start + turn * _GOLDEN) % 1 * count)
        while at in taken:
            at = (at + 1) % count
        taken.append(at)
    return [int(ordered[at]) for at in taken]
