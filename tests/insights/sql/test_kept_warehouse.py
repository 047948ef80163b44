from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kura_core.errors import InputError
from kura_core.insights.sql import kept_warehouse
from kura_core.insights.sql.kept_warehouse import FOLDER, open_warehouse
from kura_core.insights.sql.warehouse import TABLES, shown_tables
from kura_core.run.side.reading import read_side_table
from kura_core.run.side.tables import attach, known_ids
from kura_core.run.tables import read_tables
from tests.insights.sql_runs import PUBLISHED, SqlRun, write_sql_run


@pytest.fixture
def run(tmp_path: Path) -> SqlRun:
    return write_sql_run(tmp_path)


def opened(folder: Path) -> tuple[Any, ...]:
    with duckdb.connect(":memory:") as connection:
        notes = open_warehouse(connection, folder)
        rows = [connection.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in TABLES]
        return notes, shown_tables(connection), rows, connection.execute(PUBLISHED).fetchall()


def test_kept_tables_are_the_same_and_are_not_joined_again(
    run: SqlRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened(run.folder)

    def never(*_: object) -> tuple[str, ...]:
        raise AssertionError("joined again")

    monkeypatch.setattr(kept_warehouse, "load_warehouse", never)
    notes, tables, rows, published = opened(run.folder)
    assert (notes, rows, published) == (first[0], first[2], first[3])
    types = [[(column.name, column.type) for column in table.columns] for table in tables]
    assert types == [[(c.name, c.type) for c in table.columns] for table in first[1]]


def test_another_table_attached_or_a_changed_result_is_joined_anew(run: SqlRun) -> None:
    before = opened(run.folder)
    tables = read_tables(run.folder)
    attach(run.folder, read_side_table(run.users, "users", known_ids("users", tables)))
    assert opened(run.folder) != before
    kept = list((run.folder / FOLDER).iterdir())
    assert len(kept) == 1

    os.utime(run.folder / "tables" / "clusters.parquet", ns=(1, 1))
    opened(run.folder)
    assert list((run.folder / FOLDER).iterdir()) != kept


def test_a_folder_that_cannot_be_written_to_is_read_all_the_same(run: SqlRun) -> None:
    (run.folder / FOLDER).write_text("in the way")

    assert opened(run.folder)[2]


def test_a_folder_without_a_run_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    with duckdb.connect(":memory:") as connection, pytest.raises(InputError):
        open_warehouse(connection, tmp_path)

    assert not list(tmp_path.iterdir())
