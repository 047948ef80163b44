"""Side tables brought to one row a key and laid beside a run's conversations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kura_core.errors import InputError
from kura_core.run.side.columns import SideColumn, typed_column
from kura_core.run.side.feedback import Scale, feedback_columns, is_negative, scale_of
from kura_core.run.side.tables import SideKind, SideTable, attached, chosen_feedback

if TYPE_CHECKING:
    import pandas as pd

PREFIXES: dict[SideKind, str] = {"feedback": "feedback_", "users": "user_"}
META = "meta_"


def one_row_each(table: SideTable) -> pd.DataFrame:
    """The table with one row a key, its ids as the index, as `table.many` has it.

    "last" goes by the first date column and else by the file's order, "first" by the same the
    other way round; "mean" takes the mean of numbers and of yes/no (1 and 0), the most frequent
    category, and the last of all else; "any negative" the worst of the feedback column, and the
    last of all else.
    """
    key = table.key_column
    if not table.frame[key].duplicated().any():
        return table.frame.set_index(key)
    ordered = _in_order(table)
    if table.many == "first":
        return ordered.drop_duplicates(key, keep="first").set_index(key)
    last = ordered.drop_duplicates(key, keep="last").set_index(key)
    if table.many == "mean":
        for column in table.columns:
            last[column.name] = _mean(ordered, key, column, last[column.name])
    elif table.many == "any negative" and table.feedback is not None:
        scale = feedback_scale(table)
        groups = ordered.groupby(key, sort=False)[table.feedback]
        last[table.feedback] = groups.max() if scale.inverted else groups.min()
    return last


def feedback_scale(table: SideTable) -> Scale:
    """How the table's feedback column is read. Raises InputError when it has none."""
    column = table.column(table.feedback or "")
    scale = scale_of(column, table.frame[column.name])
    if scale is None:
        raise InputError(f"The column {column.name!r} of {table.name} is no feedback; choose one.")
    return scale


def explicit_feedback(
    folder: Path,
    conversations: pd.DataFrame,
    side: Mapping[SideKind, SideTable] | Mapping[str, SideTable] | None = None,
) -> tuple[pd.Series, tuple[str, ...]]:
    """Whether each conversation's explicit feedback was negative, and how that was decided.

    `boolean`, aligned with `conversations`, null where there is no feedback. `side` are the tables
    kept with the run, read unless they are given.
    """
    import pandas as pd

    tables: Mapping[Any, SideTable] = attached(folder) if side is None else side
    chosen = chosen_feedback(folder)
    if chosen is not None and chosen in conversations:
        values, scale = meta_feedback(conversations, chosen)
        return is_negative(values, scale), (scale.note,)
    table = tables.get("feedback")
    if table is None or table.feedback is None:
        return pd.Series(pd.NA, index=conversations.index, dtype="boolean"), ()
    scale = feedback_scale(table)
    values = one_row_each(table)[table.feedback].reindex(conversations["conversation_id"])
    negative = is_negative(values.set_axis(conversations.index), scale)
    return negative, (scale.note,)


def meta_feedback(conversations: pd.DataFrame, column: str) -> tuple[pd.Series, Scale]:
    """A column of the conversations as feedback.

    Raises InputError when it is neither yes/no nor a rating.
    """
    values, described = typed_cells(conversations[column], column)
    scale = scale_of(described, values)
    if scale is None:
        raise InputError(
            f"The column {column.removeprefix(META)!r} cannot be the feedback: needed is yes/no "
            "(or thumbs, 0 and 1) or a rating from 1 to 5, 1 to 7 or 0 to 10. Choose another."
        )
    return values, scale


def meta_feedback_columns(conversations: pd.DataFrame) -> list[str]:
    """The columns of the conversations that can be the feedback, likeliest by name first."""
    import pandas as pd

    found: list[SideColumn] = []
    frame: dict[str, pd.Series] = {}
    for name in conversations.columns:
        if str(name).startswith(META):
            values, column = typed_cells(conversations[name], str(name))
            found.append(column)
            frame[column.name] = values
    return [f"{META}{name}" for name in feedback_columns(found, pd.DataFrame(frame))]


def typed_cells(values: pd.Series, name: str) -> tuple[pd.Series, SideColumn]:
    """A column of the conversations themselves, typed as those of side tables are."""
    cells: list[Any] = values.astype("object").where(values.notna(), None).tolist()
    typed, column = typed_column(name.removeprefix(META), cells, range(1, len(cells) + 1))
    return typed.set_axis(values.index), column


def _in_order(table: SideTable) -> pd.DataFrame:
    dates = [column.name for column in table.columns if column.kind == "date"]
    if not dates:
        return table.frame
    # A row without a date is neither the first nor the last where another has one.
    missing: Literal["first", "last"] = "last" if table.many == "first" else "first"
    return table.frame.sort_values(dates[0], kind="stable", na_position=missing)


def _mean(ordered: pd.DataFrame, key: str, column: SideColumn, last: pd.Series) -> pd.Series:
    if column.kind in ("number", "yes/no"):
        values = ordered[column.name].astype("Float64").astype("float64")
        return values.groupby(ordered[key], sort=False).mean().reindex(last.index)
    if column.kind != "category":
        return last
    counts = ordered.groupby([key, column.name], sort=True).size().reset_index(name="count")
    # Of equally frequent ones the first in the alphabet, so that no order decides.
    most = counts.sort_values("count", ascending=False, kind="stable").drop_duplicates(key)
    return most.set_index(key)[column.name].reindex(last.index)
