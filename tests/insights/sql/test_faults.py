from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from kura_core.errors import QueryError
from kura_core.insights.sql.process import run_query
from tests.insights.sql_runs import locked_tables, write_sql_run

WRONG = [
    (
        "SELECT clustername FROM chat_clusters",
        "There is no column “clustername”; did you mean cluster_name?",
        "line 1, column 8:\n  SELECT clustername FROM chat_clusters\n         ^^^^^^^^^^^",
    ),
    (
        "SELECT cluster_id,\n  f.thumbs\nFROM chat_clusters c, user_feedback f",
        "f has no column “thumbs”; did you mean thumbs_up?",
        "line 2, column 3:\n    f.thumbs\n    ^^^^^^^^",
    ),
    (
        "SELECT 'é🙂', nope FROM clusters",
        "There is no column “nope”. There is",
        "line 1, column 14:\n  SELECT 'é🙂', nope FROM clusters\n               ^^^^",
    ),
    (
        'SELECT * FROM chat_clusters WHERE outcome = "achieved"',
        "There is no column “achieved”. Text stands in single quotes: 'achieved'.",
        "^^^^^^^^^^",
    ),
    (
        "SELECT user_id FROM chat_clusters c JOIN user_metadata u ON c.user_id = u.user_id",
        "“user_id” is in more than one table; write c.user_id or u.user_id.",
        "^^^^^^^",
    ),
    (
        "SELECT cluster_id, COUNT(*) FROM chat_clusters",
        "“cluster_id” must be in GROUP BY, or inside a function such as COUNT",
        "^^^^^^^^^^",
    ),
    ("SELECT averge(turns) FROM chat_clusters", "There is no function “averge”", "^^^^^^"),
    ("SELEC 1", "This cannot be read as SQL from “SELEC” on; look just before it", "  ^^^^^"),
    ("SELECT (1", "is missing at the end", "        ^"),
    ("SELECT no.a FROM chat_clusters", "“no” is no table of this query", "^^^"),
    ("SELECT SUM(name) FROM clusters", "sum(VARCHAR) cannot be worked out", "^^^^^^^^^"),
    ("SELECT CAST(name AS INT) FROM clusters", "Could not convert string", "^^^^"),
    ("SELECT date_trunc('wek', created_at) FROM chat_clusters", "Extract specifier", ""),
]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with locked_tables(write_sql_run(tmp_path_factory.mktemp("sql"))) as opened:
        yield opened


@pytest.mark.parametrize(("query", "sentence", "excerpt"), WRONG, ids=lambda text: text[:30])
def test_a_mistake_is_said_in_a_sentence_with_its_place(
    connection: duckdb.DuckDBPyConnection, query: str, sentence: str, excerpt: str
) -> None:
    with pytest.raises(QueryError) as wrong:
        run_query(connection, query, 10)

    assert sentence in wrong.value.sentence
    assert excerpt in wrong.value.excerpt
    assert "Error" not in wrong.value.sentence
    assert wrong.value.sentence.endswith((".", "?"))


def test_a_long_line_is_cut_around_the_place(connection: duckdb.DuckDBPyConnection) -> None:
    names = ", ".join(["cluster_id"] * 40)
    with pytest.raises(QueryError) as wrong:
        run_query(connection, f"SELECT {names}, nope FROM chat_clusters", 10)

    _, line, carets = wrong.value.excerpt.splitlines()
    assert len(line) <= 102
    start = carets.index("^")
    assert line[start : start + 4] == "nope"
