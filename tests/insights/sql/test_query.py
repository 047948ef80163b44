from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from kura_core.errors import InputError, QueryError
from kura_core.insights.sql.query import describe_run, query_run
from tests.insights.sql_runs import PUBLISHED, SqlRun, write_sql_run

CROSS_JOIN = (
    "SELECT COUNT(*) FROM range(10000000) a(n), range(10000000) b(n) WHERE hash(a.n, b.n) % 7 = 3"
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> SqlRun:
    return write_sql_run(tmp_path_factory.mktemp("sql"))


def test_the_published_query_runs_unchanged(run: SqlRun) -> None:
    result = query_run(run.folder, PUBLISHED, feedback=run.feedback, users=run.users)

    assert list(result.frame) == [
        "cluster_id",
        "cluster_name",
        "conversations",
        "avg_satisfaction",
        "total_revenue_impact",
    ]
    assert result.frame["total_revenue_impact"].is_monotonic_decreasing
    assert result.frame["conversations"].dtype == "Int64"
    assert (result.total, result.is_all) == (len(result.frame), True)


def test_a_query_that_never_ends_is_stopped_at_its_limit(run: SqlRun) -> None:
    started = time.monotonic()
    with pytest.raises(QueryError, match=r"stopped after 0\.5 s, the longest one may take"):
        query_run(run.folder, CROSS_JOIN, seconds=0.5)

    assert time.monotonic() - started < 10


def test_ten_million_rows_give_the_first_ones_and_the_count(run: SqlRun) -> None:
    result = query_run(run.folder, "SELECT * FROM range(10000000)")

    assert (len(result.frame), result.total, result.is_all) == (10_000, 10_000_000, True)


def test_the_place_of_a_mistake_comes_through(run: SqlRun) -> None:
    with pytest.raises(QueryError) as wrong:
        query_run(run.folder, "SELECT clustername\nFROM chat_clusters")

    assert wrong.value.sentence == "There is no column “clustername”; did you mean cluster_name?"
    assert wrong.value.excerpt.startswith("line 1, column 8:")
    assert str(wrong.value) == f"{wrong.value.sentence}\n\n{wrong.value.excerpt}"


def test_every_kind_of_value_comes_through_also_from_kept_tables(tmp_path: Path) -> None:
    run = write_sql_run(tmp_path)
    query = "SELECT *, [1.5, 2], {'a': now()}, INTERVAL 1 DAY, now() FROM chat_clusters"
    first, second = (query_run(run.folder, query, keep=True) for _ in range(2))

    assert (run.folder / "sql").is_dir()
    assert len(first.frame) == len(second.frame) == 60
    assert list(first.frame.dtypes) == list(second.frame.dtypes)


def test_a_folder_without_a_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needed is a finished run"):
        query_run(tmp_path, "SELECT 1")


def test_the_tables_are_described(run: SqlRun) -> None:
    described = describe_run(run.folder)

    assert described.has("chat_clusters", "Cluster_Name", "outcome", "theme_name")
    assert not described.has("user_feedback", "rating")
    assert len(described.notes) == 2


@pytest.mark.parametrize(
    ("code", "output", "error"),
    [
        (-9, b"", "ended before it answered"),
        (-11, b"", "ended before it answered"),
        (1, b"", "a fault of Kura"),
    ],
)
def test_a_process_that_dies_is_a_sentence(
    run: SqlRun, monkeypatch: pytest.MonkeyPatch, code: int, output: bytes, error: str
) -> None:
    def died(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, code, output, b"")

    monkeypatch.setattr(subprocess, "run", died)
    with pytest.raises(QueryError, match=error):
        query_run(run.folder, "SELECT 1")


def test_on_a_public_server_the_process_has_no_key_and_the_query_is_in_no_argument(
    run: SqlRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    def looked_at(command: list[str], **given: Any) -> subprocess.CompletedProcess[bytes]:
        seen.update(given, command=command)
        return subprocess.CompletedProcess(command, 1, b"", b"")

    monkeypatch.setenv("SERVICE_API_KEY", "secret")
    monkeypatch.setattr(subprocess, "run", looked_at)
    with pytest.raises(QueryError):
        query_run(run.folder, "SELECT 'mine'", public=True)

    assert "SERVICE_API_KEY" not in seen["env"]
    assert not any("mine" in part for part in seen["command"])
    assert b"mine" in seen["input"]
