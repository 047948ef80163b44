"""The two levels at which conversations are grouped: themes (top clusters) and base clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kura_core.insights.joined_run import JoinedRun

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["theme", "cluster"]
_COLUMNS = {"theme": ("theme_id", "theme_name"), "cluster": ("cluster_id", "cluster_name")}


def at_level(joined: JoinedRun, level: Level, *, with_other: bool = True) -> pd.DataFrame:
    """Add to the conversations the `group` they are in at a level, and its `group_name`.

    Without `with_other`, conversations whose group is what was left over are not among the rows.
    """
    group, name = _COLUMNS[level]
    frame = joined.conversations
    frame = frame.assign(group=frame[group].astype(object), group_name=frame[name].astype(object))
    if with_other:
        return frame
    others = {row.cluster_id for row in joined.rows if row.is_other}
    return frame[~frame["group"].isin(others)]
