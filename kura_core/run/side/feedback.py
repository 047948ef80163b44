"""Which column is the explicit feedback, and which of its values are negative."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kura_core.errors import InputError
from kura_core.load.columns.names import plain_name
from kura_core.run.side.columns import SideColumn

if TYPE_CHECKING:
    import pandas as pd

# Parts of plain names, the most telling first.
_NAMES = (
    "thumb csat satisf nps rating rated stars score helpful liked like feedback resolved solved "
    "vote reaction grade down dislike"
).split()
_INVERTED = re.compile(r"down|dislike|unhelpful|nothelpful|dissatisf|complain|negative|unresolved")


@dataclass(slots=True, frozen=True)
class Scale:
    """Which values are negative: those up to `limit`, or from it on where yes is the bad answer."""

    limit: float
    inverted: bool
    note: str


def feedback_columns(columns: Sequence[SideColumn], frame: pd.DataFrame) -> list[str]:
    """The columns that can be the explicit feedback, likeliest by name first."""
    fit = [column for column in columns if scale_of(column, frame[column.name]) is not None]
    return [column.name for column in sorted(fit, key=_rank)]


def find_feedback(
    columns: Sequence[SideColumn], frame: pd.DataFrame, wanted: str | None = None
) -> str | None:
    """The column of explicit feedback: the one wanted, else the likeliest by name and kind.

    Raises InputError when the wanted one is not there or is neither yes/no nor a rating.
    """
    able = feedback_columns(columns, frame)
    if wanted is not None:
        if wanted in able:
            return wanted
        listed = ", ".join(repr(name) for name in able) or "none"
        raise InputError(
            f"The column {wanted!r} cannot be the feedback: needed is yes/no (or thumbs, 0 and 1) "
            f"or a rating from 1 to 5, 1 to 7 or 0 to 10. Columns that can be: {listed}."
        )
    by_name = {column.name: column for column in columns}
    named = [name for name in able if _rank(by_name[name])[0] < len(_NAMES)]
    return named[0] if named else None


def scale_of(column: SideColumn, values: pd.Series) -> Scale | None:
    """How a column's values are read as feedback; None for what is neither yes/no nor a rating.

    Ratings of 1 or 2 out of 5 count as negative, 1 to 3 out of 7, and 0 to 6 out of 10 (the
    detractors of the net promoter score).
    """
    plain = plain_name(column.name)
    if column.kind == "yes/no":
        if _INVERTED.search(plain):
            return Scale(0.5, True, f"yes in “{column.name}” counts as negative")
        return Scale(0.5, False, f"no in “{column.name}” counts as negative")
    known = values.dropna()
    if column.kind != "number" or column.unit is not None or known.empty:
        return None
    low, high = float(known.min()), float(known.max())
    if low < 0 or high > 10:
        return None
    if "nps" in plain or high > 7:
        limit, top = 6.0, "10"
    elif high > 5:
        limit, top = 3.0, "7"
    else:
        limit, top = 2.0, "5"
    note = f"“{column.name}” of {limit:.0f} or less (out of {top}) counts as negative"
    return Scale(limit, False, note)


def is_negative(values: pd.Series, scale: Scale) -> pd.Series:
    """Whether each value (number or yes/no) is negative; `boolean`, null where there is none."""
    numbers = values.astype("Float64")
    return numbers >= scale.limit if scale.inverted else numbers <= scale.limit


def _rank(column: SideColumn) -> tuple[int, int]:
    plain = plain_name(column.name)
    place = next((i for i, name in enumerate(_NAMES) if name in plain), len(_NAMES))
    return place, 0 if column.kind == "yes/no" else 1
