from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from kura_core.insights.sql.query import Described
from kura_core.insights.sql.starter_queries import (
    ONCE,
    STARTERS,
    counts_money_per_conversation,
    lacking,
    starter,
)
from kura_core.insights.sql.warehouse import shown_tables
from kura_core.run.tables import gaps_table
from kura_core.steps.gaps.find_gaps import FoundGap
from tests.insights.sql_runs import PUBLISHED, locked_tables, write_sql_run


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with locked_tables(write_sql_run(tmp_path_factory.mktemp("sql"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def described(connection: duckdb.DuckDBPyConnection) -> Described:
    return Described(shown_tables(connection), ())


def rows(connection: duckdb.DuckDBPyConnection, key: str) -> list[tuple[Any, ...]]:
    found = starter(key)
    assert found is not None
    return connection.execute(found.sql).fetchall()


def test_the_published_query_comes_first_as_written() -> None:
    assert STARTERS[0].sql == PUBLISHED
    assert len(STARTERS) == 6
    assert len({query.title for query in STARTERS}) == len({query.key for query in STARTERS}) == 6
    assert starter("nothing of the kind") is None


def test_each_user_counts_once_in_a_theme(connection: duckdb.DuckDBPyConnection) -> None:
    found = {row[0]: (row[1], row[2]) for row in rows(connection, ONCE)}

    # 17 users come by turns, so that 24 conversations are of all of them and 12 of twelve.
    everyone = (16, sum(1000 * index for index in range(16)))
    assert found["Get help with code"] == found["Find documents"] == everyone
    last = {index % 17 for index in range(48, 60)} - {16}
    assert found["Send e-mail"] == (len(last), sum(1000 * index for index in last))


def test_silent_failures_are_counted_by_week(connection: duckdb.DuckDBPyConnection) -> None:
    found = rows(connection, "silent-failures-by-week")
    silent = connection.execute(
        "SELECT COUNT(*) FROM chat_clusters WHERE quadrant LIKE 'silent%'"
    ).fetchone()

    assert str(found[0][0]) == "2026-01-05"
    assert silent is not None
    assert sum(row[1] for row in found) == silent[0] > 0


def test_satisfied_but_failed_is_a_share_of_those_that_can_be_told(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for _, rated, failed, share in rows(connection, "satisfied-but-failed"):
        assert failed <= rated
        assert share is None or 0 <= share <= 1


def test_a_users_money_counts_once_for_a_missing_thing(tmp_path: Path) -> None:
    run = write_sql_run(tmp_path)
    # c000 and c017 are of one user, c016 is of one of whom nothing is known.
    maps = ("c000", "c002", "c016", "c017")
    given = (
        FoundGap("maps", "maps", "inventory gap", "not indexed", maps, maps[:2]),
        FoundGap("send-e-mail", "send e-mail", "capability gap", None, ("c003",), ("c003",)),
    )
    pq.write_table(gaps_table(given), run.folder / "tables" / "gaps.parquet")
    with locked_tables(run) as opened:
        assert rows(opened, "what-is-missing") == [
            ("maps", "inventory gap", 4, 2, 3, 2000.0),
            ("send e-mail", "capability gap", 1, 1, 1, 3000.0),
        ]


def test_what_a_run_lacks_for_a_starter_query_is_named(described: Described) -> None:
    assert [lacking(query, described) for query in STARTERS] == [()] * 6
    nothing = Described((), ())
    assert lacking(STARTERS[0], nothing) == (
        "user_feedback.thumbs_up",
        "user_metadata.revenue_impact",
    )


def test_money_added_up_per_conversation_is_noticed(described: Described) -> None:
    def noticed(query: str) -> str | None:
        return counts_money_per_conversation(query, described.tables)

    assert noticed(PUBLISHED) == "revenue_impact"
    assert noticed('SELECT sum( u."Revenue_Impact" ) FROM chat_clusters c, user_metadata u')
    assert noticed("SELECT SUM(revenue_impact) FROM user_metadata") is None
    assert noticed("SELECT SUM(turns) FROM chat_clusters") is None
    assert noticed("SELECT 1 -- SUM(revenue_impact) FROM chat_clusters") is None
    assert noticed(starter(ONCE).sql) is None  # type: ignore[union-attr]
