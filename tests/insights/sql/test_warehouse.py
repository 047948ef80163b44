from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from kura_core.errors import InputError
from kura_core.insights.sql.warehouse import TABLES, load_warehouse, shown_tables
from kura_core.run.side.reading import read_side_table
from kura_core.run.side.tables import attach, known_ids
from kura_core.run.tables import read_tables
from kura_core.sample import feedback_path, finished_run, users_path
from tests.insights.sql_runs import PUBLISHED, SqlRun, write_sql_run


@pytest.fixture
def run(tmp_path: Path) -> SqlRun:
    return write_sql_run(tmp_path)


def asked(run: SqlRun, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(":memory:") as connection:
        load_warehouse(connection, run.folder, run.feedback, run.users)
        return connection.execute(query).fetchall()


def test_the_published_query_adds_up_to_what_pandas_finds_in_the_sample() -> None:
    with duckdb.connect(":memory:") as connection:
        load_warehouse(connection, finished_run(), feedback_path(), users_path())
        found = connection.execute(PUBLISHED).df()

    conversations = read_tables(finished_run()).conversations
    joined = conversations.merge(
        pd.read_csv(feedback_path()), on="conversation_id", suffixes=("", "_rating")
    ).merge(pd.read_csv(users_path()), on="user_id")
    groups = joined.groupby("cluster_id")
    expected = pd.DataFrame(
        {
            "conversations": groups.size(),
            "avg_satisfaction": groups["thumbs_up"].mean(),
            "total_revenue_impact": groups["revenue_impact"].sum(),
        }
    )
    numbers = found.set_index("cluster_id")[[*expected]].sort_index().astype("float64")
    pd.testing.assert_frame_equal(numbers, expected.astype("float64"), check_names=False)
    assert found["total_revenue_impact"].is_monotonic_decreasing
    assert found["conversations"].sum() == 599


def test_a_conversation_has_its_cluster_and_theme_by_name(run: SqlRun) -> None:
    rows = asked(
        run,
        "SELECT DISTINCT cluster_name, theme_name FROM chat_clusters "
        "WHERE cluster_id LIKE 'bbbb%1_'",
    )
    assert sorted(rows) == [
        ("Find signed contracts", "Find documents"),
        ("See when a file was modified", "Find documents"),
    ]


def test_without_ratings_and_users_their_tables_are_empty_and_a_note_says_so(run: SqlRun) -> None:
    with duckdb.connect(":memory:") as connection:
        notes = load_warehouse(connection, run.folder)
        shown = {table.name: table for table in shown_tables(connection)}
        rows = connection.execute(PUBLISHED).fetchall()

    assert rows == []
    assert shown["user_feedback"].rows == shown["user_metadata"].rows == 0
    columns = {column.name: column.type for column in shown["user_metadata"].columns}
    assert columns["revenue_impact"] == "DOUBLE"
    assert "thumbs_up" in {column.name for column in shown["user_feedback"].columns}
    assert notes == (
        "user_feedback is empty: no ratings are attached to this run.",
        "user_metadata is empty: no user table is attached to this run.",
    )


def test_what_is_attached_to_the_run_is_read_without_a_file(run: SqlRun) -> None:
    tables = read_tables(run.folder)
    attach(
        run.folder,
        read_side_table(run.feedback, "feedback", known_ids("feedback", tables)),
        read_side_table(run.users, "users", known_ids("users", tables)),
    )
    with duckdb.connect(":memory:") as connection:
        notes = load_warehouse(connection, run.folder)
        attached = connection.execute(PUBLISHED).fetchall()

    assert attached == asked(run, PUBLISHED)
    assert attached
    assert notes == ()


def test_of_several_ratings_the_last_counts_so_that_money_is_not_doubled(run: SqlRun) -> None:
    before = asked(run, PUBLISHED)
    with run.feedback.open("a", encoding="utf-8") as file:
        file.write("c000,0\n")
    with duckdb.connect(":memory:") as connection:
        notes = load_warehouse(connection, run.folder, run.feedback, run.users)
        after = connection.execute(PUBLISHED).fetchall()
        rated = connection.execute(
            "SELECT thumbs_up FROM user_feedback WHERE conversation_id = 'c000'"
        ).fetchall()

    assert rated == [(0,)]
    assert [row[4] for row in after] == [row[4] for row in before]
    assert "1 conversation has several rows in ratings.csv" in notes[0]


def test_yes_and_no_are_numbers_so_that_their_mean_is_a_share(run: SqlRun) -> None:
    lines = run.feedback.read_text("utf-8").replace(",1", ",yes").replace(",0", ",no")
    run.feedback.write_text(lines, "utf-8")

    assert asked(run, "SELECT AVG(thumbs_up) FROM user_feedback") == [(pytest.approx(1 / 3),)]


def test_columns_of_the_files_cannot_hide_those_of_the_published_query(run: SqlRun) -> None:
    text = run.feedback.read_text("utf-8").replace("thumbs_up\n", "thumbs_up,cluster_name\n")
    run.feedback.write_text(text.replace(",1\n", ",1,theirs\n").replace(",0\n", ",0,theirs\n"))

    names = {row[1] for row in asked(run, PUBLISHED)}
    assert "Find signed contracts" in names
    assert asked(run, "SELECT DISTINCT feedback_cluster_name FROM user_feedback") == [("theirs",)]


def test_columns_that_differ_in_case_alone_are_both_kept(run: SqlRun) -> None:
    path = run.folder / "tables" / "conversations.parquet"
    frame = pd.read_parquet(path).assign(meta_Plan="a", meta_plan="b")
    frame.to_parquet(path, index=False)

    assert asked(run, "SELECT DISTINCT meta_Plan, meta_plan_2 FROM chat_clusters") == [("a", "b")]


def test_every_table_shows_its_columns_with_type_and_example(run: SqlRun) -> None:
    with duckdb.connect(":memory:") as connection:
        load_warehouse(connection, run.folder, run.feedback, run.users)
        shown = shown_tables(connection)

    assert tuple(table.name for table in shown) == TABLES
    columns = {column.name: column for column in shown[0].columns}
    assert list(columns)[:5] == [
        "conversation_id",
        "user_id",
        "cluster_id",
        "cluster_name",
        "theme_id",
    ]
    assert columns["created_at"].type == "TIMESTAMP"
    assert columns["created_at"].example.startswith("2026-01-")
    assert columns["turns"].type == "INTEGER"
    assert columns["dissatisfaction"].type == "VARCHAR[]"
    assert columns["quadrant"].type == "VARCHAR"


def test_money_of_users_is_not_a_column_of_the_conversations_too(run: SqlRun) -> None:
    tables = read_tables(run.folder)
    attach(run.folder, read_side_table(run.users, "users", known_ids("users", tables)))
    with duckdb.connect(":memory:") as connection:
        load_warehouse(connection, run.folder)
        shown = shown_tables(connection)

    assert not [c.name for c in shown[0].columns if "revenue" in c.name]


def test_a_folder_without_a_run_and_a_file_that_matches_nothing_are_said(
    run: SqlRun, tmp_path: Path
) -> None:
    with duckdb.connect(":memory:") as connection:
        with pytest.raises(InputError, match="needed is a finished run"):
            load_warehouse(connection, tmp_path / "nothing")
        run.users.write_text("user_id,revenue_impact\nnobody,1\n", "utf-8")
        with pytest.raises(InputError, match="None of the user ids"):
            load_warehouse(connection, run.folder, None, run.users)
