from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from kura_core.errors import QueryError
from kura_core.insights.sql import process as sql_process
from kura_core.insights.sql.process import run_query
from tests.insights.sql_runs import SqlRun, locked_tables, write_sql_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> SqlRun:
    return write_sql_run(tmp_path_factory.mktemp("sql"))


@pytest.fixture
def connection(run: SqlRun) -> Iterator[duckdb.DuckDBPyConnection]:
    with locked_tables(run) as opened:
        yield opened


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "COPY clusters TO '{file}.out'",
        "ATTACH '{file}.db'",
        "CREATE VIEW v AS SELECT * FROM '{file}'; FROM v",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        "INSTALL httpfs",
    ],
)
def test_the_locked_database_refuses_by_itself_what_the_check_refuses(
    connection: duckdb.DuckDBPyConnection, run: SqlRun, statement: str
) -> None:
    with pytest.raises(duckdb.Error):
        connection.execute(statement.format(file=run.users)).fetchall()
    assert {path.name for path in run.users.parent.iterdir()} == {"run", "ratings.csv", "users.csv"}


def test_rows_beyond_the_limit_are_counted_but_not_kept(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    table, total, is_all = run_query(connection, "SELECT * FROM range(100000)", 150)

    assert (table.num_rows, total, is_all) == (150, 100_000, True)
    assert table.column(0).to_pylist() == list(range(150))


def test_counting_stops_in_time_and_says_that_there_are_more(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_process, "_COUNT_SECONDS", 0.0)
    table, total, is_all = run_query(connection, "SELECT * FROM range(1000000000000)", 10)

    assert table.num_rows == 10
    assert total > 10
    assert not is_all


def test_a_result_stops_at_its_size_and_one_row_that_is_too_large_is_said(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_process, "_MOST_BYTES", 5_000)
    table, total, _ = run_query(connection, "SELECT repeat('x', 1000) FROM range(50)", 100)
    assert 1 <= table.num_rows <= 5
    assert total == 50

    with pytest.raises(QueryError, match="One row of the result is larger"):
        run_query(connection, "SELECT repeat('x', 10000)", 100)


def test_every_kind_of_value_becomes_something_that_can_be_shown(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    values = {
        "CAST(7 AS HUGEINT)": 7,
        "CAST(1.50 AS DECIMAL(10, 2))": 1.5,
        "[1, 2]": "[1,2]",
        "['a', 'b']": "a, b",
        "{'a': 1}": '{"a":1}',
        "INTERVAL '1 month 2 days'": "1 months 2 days",
        "CAST('ab' AS BLOB)": "6162",
        "TIME '10:00:00'": "10:00:00",
        "CAST('b' AS ENUM ('a', 'b'))": "b",
        "NULL": None,
        "true": True,
        "CAST('[1]' AS JSON)": "[1]",
        "MAP {'a': 1}": '[["a",1]]',
    }
    table, _, _ = run_query(connection, f"SELECT {', '.join(values)}", 10)

    assert list(table.to_pylist()[0].values()) == [*values.values()]


def test_columns_of_one_name_are_told_apart(connection: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT c.*, f.* FROM chat_clusters c JOIN user_feedback f USING (conversation_id)"
    names = run_query(connection, query, 1)[0].column_names
    assert len(names) == len(set(names))
    assert run_query(connection, "SELECT 1 AS a, 2 AS a", 1)[0].column_names == ["a", "a_2"]


def test_no_rows_keep_their_columns(connection: duckdb.DuckDBPyConnection) -> None:
    table, total, is_all = run_query(connection, "SELECT name FROM clusters WHERE false", 10)

    assert (table.column_names, table.num_rows, total, is_all) == (["name"], 0, 0, True)


def test_more_memory_than_allowed_is_said(connection: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT list(a.n || b.n) FROM range(100000) a(n), range(1000) b(n)"
    with pytest.raises(QueryError, match="needs more memory"):
        run_query(connection, query, 10)


@pytest.mark.skipif(sys.platform == "win32", reason="the limits are those of Unix")
def test_a_process_that_gave_up_its_rights_opens_no_file_and_ends_at_its_time(
    tmp_path: Path,
) -> None:
    code = (
        "from kura_core.insights.sql.process import give_up_rights\n"
        "give_up_rights(1.0)\n"
        "try:\n"
        f"    open({str(tmp_path / 'a')!r}, 'w')\n"
        "except OSError as error:\n"
        "    print('no file', flush=True)\n"
        "while True: pass\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30)

    assert ended.stdout == b"no file\n"
    assert ended.returncode < 0
