"""A finished run with what its owner knows besides: ratings, users, money; one row a conversation.

Everything on the insights page is worked out from this, so that all its numbers agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kura_core.explore.tree import TreeRow

if TYPE_CHECKING:
    import pandas as pd

    from kura_core.run.side.tables import SideTable


@dataclass(slots=True, frozen=True)
class JoinedRun:
    """Conversations with all that is known of them, and the tree they are in.

    `conversations` has the columns of the run's table, with `quadrant` by the feedback at hand, and
    `cluster_name`, `theme_id`, `theme_name` (the top cluster); `negative` (true, false, null: no
    explicit feedback); every column of the feedback as `feedback_NAME` and of the users as
    `user_NAME`, null where nothing matched. `rows` is the tree in reading order. `side` holds the
    joined tables ("feedback", "users") with what matched; a kind nobody gave is not in it. `gaps`
    has gap (its key), name, cause, gap_kind, conversation_id and failed: a row for each
    conversation that asks for a missing thing, in order of gap and conversation.
    """

    folder: Path
    conversations: pd.DataFrame
    clusters: pd.DataFrame
    rows: list[TreeRow]
    side: Mapping[str, SideTable]
    gaps: pd.DataFrame

    @property
    def is_judged(self) -> bool:
        """Whether any conversation has an outcome."""
        return bool(self.conversations["outcome"].notna().any())

    @property
    def has_users(self) -> bool:
        """Whether any conversation says whose it is."""
        return bool(self.conversations["user_id"].notna().any())
