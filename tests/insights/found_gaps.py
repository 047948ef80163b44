"""What is missing in a frame of conversations, as a run finds it."""

from __future__ import annotations

import pandas as pd

from kura_core.run.tables import gaps_table
from kura_core.steps.gaps.find_gaps import find_gaps


def gaps_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The table of gaps of conversations; empty where nobody said what is missing."""
    if not {"cause", "gap_kind", "missing"} <= {*frame.columns}:
        return gaps_table(()).to_pandas()
    return gaps_table(find_gaps(frame.assign(topic=None)).gaps).to_pandas()
