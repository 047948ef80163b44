from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from kura_core.__main__ import main
from tests.insights.sql_runs import PUBLISHED, SqlRun, write_sql_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> SqlRun:
    return write_sql_run(tmp_path_factory.mktemp("sql"))


def kura_sql(run: SqlRun, query: str, *more: str) -> int:
    files = ["--feedback", str(run.feedback), "--users", str(run.users)]
    return main(["sql", str(run.folder), query, *files, *more])


def test_the_published_query_is_answered_as_a_table(
    run: SqlRun, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kura_sql(run, PUBLISHED) == 0

    printed = capsys.readouterr()
    head, line, *rows = printed.out.splitlines()
    assert head.split() == [
        "cluster_id",
        "cluster_name",
        "conversations",
        "avg_satisfaction",
        "total_revenue_impact",
    ]
    assert set(line) == {"─", " "}
    assert len(rows) == 5
    assert "5 rows · " in printed.err


def test_csv_has_the_values_as_they_are(run: SqlRun, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT '=1+1' AS text, 3 AS whole, 0.25 AS part, NULL AS nothing, true AS yes"
    assert kura_sql(run, query, "--csv") == 0

    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows == [["text", "whole", "part", "nothing", "yes"], ["=1+1", "3", "0.25", "", "True"]]


def test_values_are_printed_on_one_line_each(
    run: SqlRun, capsys: pytest.CaptureFixture[str]
) -> None:
    query = "SELECT 'a\n\x1b[31mb' AS text, NULL AS nothing, 0.5 AS part, DATE '2026-01-05' AS day"
    assert kura_sql(run, query) == 0

    rows = capsys.readouterr().out.splitlines()
    assert rows[2].split() == ["a", "[31mb", "NULL", "0.5", "2026-01-05"]


def test_a_refused_query_is_exit_code_2_and_a_sentence(
    run: SqlRun, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kura_sql(run, "DROP TABLE chat_clusters") == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "DROP is not" in printed.err
    assert "Traceback" not in printed.err


def test_a_folder_without_a_run_is_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sql", str(tmp_path), "SELECT 1"]) == 2
    assert "needed is a finished run" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_exit_code_2(
    run: SqlRun, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sql", str(run.folder), "SELECT 1", "--users", "nowhere.csv"]) == 2
    assert "nowhere.csv" in capsys.readouterr().err
