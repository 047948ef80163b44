"""Numbers in a few round ranges, the same whichever part of the run is looked at."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def in_ranges(
    numbers: pd.Series,
    most: int,
    *,
    low: float | None = None,
    high: float | None = None,
    percent: bool = False,
) -> pd.Series:
    """Sort numbers into at most `most` (three or more) ranges of equal width, as a categorical.

    `low` and `high` are where the ranges begin and end; left out, they go from the first to the
    last hundredth, and what lies beyond is in the outermost one, whose name says so. A number on
    an edge belongs to the range above it. With `percent` 0.3 is written as 30%.
    """
    import numpy as np
    import pandas as pd

    first, last = (float(edge) for edge in np.quantile(numbers, [0.01, 0.99]))
    if last <= first:
        first, last = float(numbers.min()), float(numbers.max())
    first, last = first if low is None else low, last if high is None else high
    parts = most - 3 if None in (low, high) else most - 1
    step = _step((last - first) / parts or abs(last) or 1.0)
    begin = math.floor(first / step)
    end = max(begin + 1, math.ceil(last / step))
    edges = [place * step for place in range(begin, end + 1)]
    scale, sign = (100.0, "%") if percent else (1.0, "")
    texts = [number_text(edge * scale) for edge in edges]
    names = [f"{a} to {b}{sign}" for a, b in pairwise(texts)]
    if numbers.max() > edges[-1]:
        names[-1] = f"{texts[-2]}{sign} and more"
    if numbers.min() < edges[0]:
        names[0] = f"less than {texts[1]}{sign}"
    places = np.searchsorted(edges, numbers.to_numpy(), side="right") - 1
    codes = np.clip(places, 0, len(names) - 1)
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(names)), index=numbers.index)


def number_text(number: float) -> str:
    """A number as people read it: 1,200 or 0.25."""
    return f"{number:,.0f}" if number == round(number) else f"{number:,.4g}"


def _step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5, 10 … (and their tenfolds and tenths) that is not below."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * digit for digit in (1, 2, 2.5, 5, 10) if power * digit >= least * 0.999)
