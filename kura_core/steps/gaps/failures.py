"""Failed conversations, grouped by what they miss."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

import numpy as np

from kura_core.steps.gaps.readings import Ints
from kura_core.steps.gaps.wordings import GapGroup, group_gaps
from kura_core.types import Cause, GapKind

if TYPE_CHECKING:
    import pandas as pd

FAILED = ("not achieved", "partly")
GAP_CAUSES: tuple[Cause, ...] = ("inventory gap", "capability gap")
UNDETERMINED: Cause = "undetermined"


def grouped_failures(conversations: pd.DataFrame) -> list[tuple[GapGroup, Ints]]:
    """Group what failed by what it misses, most frequent first, with the rows of each group.

    `conversations` has outcome, cause, missing and cluster_id, and a row number as its index;
    failures without a named gap are left out.
    """
    is_named = conversations["missing"].fillna("").str.strip() != ""
    named = conversations[
        conversations["outcome"].isin(FAILED) & conversations["cause"].isin(GAP_CAUSES) & is_named
    ]
    counts = Counter(zip(named["missing"], named["cluster_id"].fillna(""), strict=True))
    groups = group_gaps(counts)
    group_of = {text: place for place, group in enumerate(groups) for text, _ in group.wordings}
    rows: list[list[int]] = [[] for _ in groups]
    for row, text in named["missing"].items():
        rows[group_of[text]].append(cast(int, row))
    return [(group, np.array(own)) for group, own in zip(groups, rows, strict=True)]


def usual(failed: pd.DataFrame) -> tuple[Cause, GapKind | None]:
    """The cause and the kind of gap that most failures of a gap have."""
    cause = _most(failed["cause"])
    return cast(Cause, cause), cast("GapKind | None", _most(failed["gap_kind"]))


def _most(values: pd.Series) -> str | None:
    counted = Counter(values.dropna())
    return min(counted, key=lambda value: (-counted[value], value)) if counted else None
