"""A run with the tables of its owner: one row a conversation, everything beside it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from kura_core.insights.gaps import gap_board
from kura_core.insights.join_run import join_run
from kura_core.insights.joined_run import JoinedRun
from kura_core.run.quadrants import FRUSTRATED, POLITE, RATED
from kura_core.run.side.reading import read_side_table
from kura_core.run.side.tables import SideKind, attach, choose_feedback, known_ids
from kura_core.run.tables import RunTables, gaps_table, read_tables
from kura_core.steps.gaps.find_gaps import FoundGap
from tests.finished_runs import PER_LEAF, THEMES, write_finished_run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_finished_run(tmp_path / "run")


def add(folder: Path, kind: SideKind, content: str) -> None:
    path = folder.parent / f"{kind}.csv"
    path.write_text(content, "utf-8")
    attach(folder, read_side_table(path, kind, known_ids(kind, read_tables(folder))))


def joined(folder: Path) -> JoinedRun:
    return join_run(folder, read_tables(folder))


def row(run: JoinedRun, conversation_id: str) -> pd.Series:
    return run.conversations.set_index("conversation_id").loc[conversation_id]


def test_every_conversation_knows_its_cluster_and_its_theme(folder: Path) -> None:
    run = joined(folder)

    assert len(run.conversations) == 60
    first = row(run, "c000")
    assert first["cluster_name"] == "Write Python data analysis"
    assert (first["theme_id"], first["theme_name"]) == ("aaaa000001", "Get help with code")
    # A theme without clusters below is its own leaf.
    last = row(run, "c059")
    assert last["theme_id"] == last["cluster_id"] == "aaaa000003"
    sizes = run.conversations.groupby("theme_id").size()
    assert sizes.to_dict() == {i: PER_LEAF * max(1, len(t[1])) for i, t in THEMES.items()}


def test_feedback_and_users_stand_beside_and_are_null_where_nothing_matched(folder: Path) -> None:
    add(folder, "feedback", "conversation_id,thumbs_up,comment\nc001,0,bad\nc002,1,\n")
    add(folder, "users", "user_id,plan,revenue\nu1,pro,$10\n")
    run = joined(folder)
    frame = run.conversations

    assert frame["feedback_thumbs_up"].notna().sum() == 2
    assert frame["negative"].sum() == 1
    assert frame.loc[frame["user_id"] == "u1", "user_revenue"].eq(10).all()
    assert frame.loc[frame["user_id"] != "u1", "user_plan"].isna().all()
    assert set(run.side) == {"feedback", "users"}
    assert run.side["users"].report.without_row == 16


def test_the_quadrant_is_by_the_feedback_at_hand(folder: Path) -> None:
    failed = "c001"
    assert row(joined(folder), failed)["outcome"] == "not achieved"
    assert row(joined(folder), failed)["quadrant"] in (POLITE, FRUSTRATED)
    add(folder, "feedback", f"conversation_id,thumbs_up\n{failed},0\nc004,1\n")

    assert row(joined(folder), failed)["quadrant"] == RATED


def test_a_chosen_column_of_the_conversations_is_the_feedback(folder: Path) -> None:
    path = folder / "tables" / "conversations.parquet"
    frame = pd.read_parquet(path)
    frame.assign(meta_stars=[1 if n == 1 else 5 for n in range(60)]).to_parquet(path)
    choose_feedback(folder, "meta_stars")
    run = joined(folder)

    assert run.conversations["negative"].sum() == 1
    assert row(run, "c001")["quadrant"] == RATED


def test_a_run_from_before_there_were_judges_can_be_joined(folder: Path) -> None:
    tables = read_tables(folder)
    bare = tables.conversations.drop(columns=["outcome", "outcome_message", "outcome_quote"])
    run = join_run(folder, RunTables(bare, tables.clusters, tables.excluded, tables.gaps))

    assert not run.is_judged
    for name in ("outcome", "failure_score", "dissatisfaction", "cause", "missing", "quadrant"):
        assert run.conversations[name].isna().all()
    assert "failure_score" not in tables.conversations


def test_columns_named_like_ours_do_not_replace_them(folder: Path) -> None:
    add(folder, "users", "user_id,id,turns,cluster_id\nu1,A1,99,zzz\nu2,A2,98,zzz\n")
    add(folder, "feedback", "conversation_id,user_id,outcome,thumbs_up\nc001,evil,achieved,1\n")
    before = read_tables(folder).conversations
    frame = joined(folder).conversations

    for name in ("user_id", "turns", "cluster_id", "outcome"):
        assert frame[name].equals(before[name])
    assert frame.columns.is_unique
    assert set(frame["user_id (given)"].dropna()) == {"A1", "A2"}
    assert row(joined(folder), "c001")["feedback_user_id"] == "evil"


def test_what_is_joined_does_not_change_the_tables(folder: Path) -> None:
    tables = read_tables(folder)
    before = tables.conversations.copy()
    add(folder, "feedback", "conversation_id,thumbs_up\nc001,0\nc002,1\n")
    join_run(folder, tables)

    pd.testing.assert_frame_equal(tables.conversations, before)


def test_what_is_missing_comes_with_the_run(folder: Path) -> None:
    assert joined(folder).gaps.empty
    gap = FoundGap("maps", "maps", "inventory gap", "not indexed", ("c000", "c001"), ("c001",))
    pq.write_table(gaps_table([gap]), folder / "tables" / "gaps.parquet")
    (built,) = gap_board(joined(folder), None).gaps
    assert (built.key, built.asked_ids, built.failed_ids) == ("maps", ("c000", "c001"), ("c001",))
    assert built.users == 2
