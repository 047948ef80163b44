"""A result as CSV: as it is for programs, or safe to open in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# What makes a spreadsheet take a cell for a formula (OWASP, "CSV injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(frame: pd.DataFrame, *, for_spreadsheet: bool) -> str:
    """The rows with a header. For a spreadsheet, text that it would run gets a ' in front."""
    if for_spreadsheet:
        frame = frame.rename(columns=_defused)
        for name in frame.columns[[dtype.kind not in "biufM" for dtype in frame.dtypes]]:
            frame[name] = frame[name].map(_defused, "ignore")
    return str(frame.to_csv(index=False, lineterminator="\n"))


def _defused(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
    return f"'{value}" if is_formula else value
