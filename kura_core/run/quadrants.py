"""How outcome, voiced dissatisfaction and explicit feedback together sort conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SUCCESS = "success"
FRICTION = "friction"
DISAGREES = "rating disagrees"
VOICED = "voiced failure"
RATED = "rated failure"
FRUSTRATED = "silent failure: frustrated, unrated"
POLITE = "silent failure: polite exit"
QUADRANTS = (FRUSTRATED, POLITE, VOICED, RATED, FRICTION, DISAGREES, SUCCESS)
SILENT = (FRUSTRATED, POLITE)
UNKNOWN = "unknown"


def quadrants(
    outcome: pd.Series, dissatisfaction: pd.Series, negative: pd.Series | None = None
) -> pd.Series:
    """Sort judged conversations; rows are aligned, the result is null where nobody can tell.

    `outcome` as in the tables (`partly` counts as not achieved), `dissatisfaction` a list of what
    was voiced (null, [] and ["unknown"]: nothing), `negative` whether explicit feedback was (null:
    there is none).
    """
    import numpy as np
    import pandas as pd

    failed = outcome.isin(["not achieved", "partly"])
    achieved = outcome.isin(["achieved"])
    voiced = dissatisfaction.map(_is_voiced).astype(bool)
    bad = (
        pd.Series(False, index=outcome.index)
        if negative is None
        else negative.eq(True).fillna(False).astype(bool)
    )
    found = np.select(
        [
            failed & voiced & bad,
            failed & ~voiced & bad,
            failed & voiced,
            failed,
            achieved & voiced,
            achieved & bad,
            achieved,
        ],
        [VOICED, RATED, FRUSTRATED, POLITE, FRICTION, DISAGREES, SUCCESS],
        default="",
    )
    sorted_into = pd.Series(found, index=outcome.index).astype("string")
    return sorted_into.mask(sorted_into == "")


def _is_voiced(said: object) -> bool:
    return said is not None and not isinstance(said, float) and bool(set(said) - {UNKNOWN})  # type: ignore[call-overload]
