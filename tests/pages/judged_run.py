"""A finished run whose conversations were judged, in the workspace of a page's test."""

from __future__ import annotations

import pandas as pd

from kura_core.run.workspace import Workspace
from tests.finished_runs import add_finished_run


def add_judged_run(workspace: Workspace, *, users: bool = True, judged: bool = True) -> str:
    """The small finished run with dissatisfaction voiced in every third conversation."""
    run_id = add_finished_run(workspace)
    path = workspace.runs / run_id / "tables" / "conversations.parquet"
    frame = pd.read_parquet(path)
    voiced = [["corrected"] if number % 3 == 0 else [] for number in range(len(frame))]
    frame["dissatisfaction"] = pd.Series(voiced, dtype="object")
    frame["dissatisfaction_message"] = [2 if said else None for said in voiced]
    frame["dissatisfaction_quote"] = ["everywhere!!" if said else None for said in voiced]
    frame["cause"] = frame["outcome"].map(
        {"not achieved": "undetermined", "partly": "undetermined"}
    )
    if not users:
        frame["user_id"] = None
    if not judged:
        frame[["outcome", "outcome_message", "outcome_quote", "cause"]] = None
        frame["dissatisfaction"] = None
    frame.to_parquet(path, index=False)
    return run_id
