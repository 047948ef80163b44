from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from kura_core.errors import QueryError
from kura_core.insights.sql.check import MOST_CHARACTERS, check_query
from kura_core.insights.sql.process import run_query
from kura_core.insights.sql.starter_queries import STARTERS
from kura_core.insights.sql.warehouse import TABLES
from tests.insights.sql_runs import PUBLISHED, locked_tables, write_sql_run

# What is tried, and a part of the sentence that answers it.
HOSTILE = [
    ("INSERT INTO chat_clusters SELECT * FROM chat_clusters", "INSERT is not"),
    ("UPDATE chat_clusters SET user_id = 'x'", "UPDATE is not"),
    ("DELETE FROM chat_clusters", "DELETE is not"),
    ("TRUNCATE chat_clusters", "TRUNCATE is not"),
    ("MERGE INTO clusters USING clusters c ON true WHEN MATCHED THEN DELETE", "MERGE is not"),
    ("DROP TABLE chat_clusters", "DROP is not"),
    ("ALTER TABLE chat_clusters ADD COLUMN a INT", "ALTER is not"),
    ("CREATE TABLE mine AS SELECT 1", "CREATE is not"),
    ("CREATE VIEW mine AS SELECT * FROM '/etc/passwd'", "CREATE is not"),
    ("CREATE MACRO f(x) AS x + 1", "CREATE is not"),
    ("CREATE SECRET s (TYPE S3)", "CREATE is not"),
    ("COPY chat_clusters TO '/tmp/out.csv'", "COPY is not"),
    ("COPY (SELECT 1) TO PROGRAM 'sh'", "cannot end a query"),
    ("EXPORT DATABASE '/tmp/out'", "EXPORT is not"),
    ("IMPORT DATABASE '/tmp/out'", "IMPORT is not"),
    ("ATTACH '/tmp/other.db'", "ATTACH is not"),
    ("DETACH memory", "DETACH is not"),
    ("USE memory", "USE is not"),
    ("INSTALL httpfs", "INSTALL is not"),
    ("LOAD httpfs", "LOAD is not"),
    ("SET enable_external_access = true", "SET is not"),
    ("RESET lock_configuration", "RESET is not"),
    ("SET VARIABLE a = 1", "SET is not"),
    ("PRAGMA database_list", "PRAGMA is not"),
    ("CALL pragma_version()", "CALL is not"),
    ("PREPARE p AS SELECT 1", "PREPARE is not"),
    ("EXECUTE p", "EXECUTE is not"),
    ("CHECKPOINT", "CHECKPOINT is not"),
    ("VACUUM", "VACUUM is not"),
    ("ANALYZE", "ANALYZE is not"),
    ("BEGIN TRANSACTION", "BEGIN is not"),
    ("EXPLAIN SELECT 1", "EXPLAIN is not"),
    ("SHOW TABLES", "Asking the database about itself is not"),
    ("DESCRIBE chat_clusters", "Asking the database about itself is not"),
    ("SELECT * FROM (SHOW ALL TABLES)", "Asking the database about itself is not"),
    ("PIVOT chat_clusters ON cluster_name", "PIVOT without IN (…) is not"),
    ("SELECT 1; DROP TABLE chat_clusters", "Got 2 statements"),
    ("SELECT 1 -- harmless\n; DELETE FROM clusters", "Got 2 statements"),
    ("/* SELECT */ DROP TABLE clusters", "DROP is not"),
    ("SELECT 1 /* ; */ ; /* */ SELECT 2", "Got 2 statements"),
    ("WITH x AS (DELETE FROM clusters RETURNING *) SELECT * FROM x", "DELETE is not"),
    ("WITH x AS (INSERT INTO clusters SELECT * FROM clusters RETURNING *) FROM x", "INSERT is not"),
    ("WITH x AS (UPDATE clusters SET name = '' RETURNING *) FROM x", "UPDATE is not"),
    ("SELECT * FROM '/etc/passwd'", "Files cannot be read"),
    ("SELECT * FROM 'run.parquet'", "Files cannot be read"),
    ('SELECT * FROM "../manifest.json"', "Files cannot be read"),
    ("SELECT * FROM 'https://example.com/a.csv'", "Files cannot be read"),
    ("SELECT * FROM (WITH \"a.csv\" AS (SELECT 1) SELECT 2), 'a.csv'", "Files cannot be read"),
    ("SELECT * FROM read_csv('/etc/passwd')", "read_csv cannot be used"),
    ("SELECT * FROM read_csv_auto('/etc/passwd')", "read_csv_auto cannot be used"),
    ("SELECT * FROM ReAd_TeXt('/etc/passwd')", "read_text cannot be used"),
    ("SELECT * FROM read_blob('/etc/passwd')", "read_blob cannot be used"),
    ("SELECT * FROM main.read_text('/etc/passwd')", "read_text cannot be used"),
    ("SELECT (SELECT content FROM read_text('/etc/hosts'))", "read_text cannot be used"),
    ("SELECT * FROM read_json('/etc/passwd')", "read_json cannot be used"),
    ("SELECT * FROM parquet_scan('a.parquet')", "parquet_scan cannot be used"),
    ("SELECT * FROM parquet_metadata('a.parquet')", "parquet_metadata cannot be used"),
    ("SELECT * FROM glob('/*')", "glob cannot be used"),
    ("SELECT * FROM sniff_csv('/etc/passwd')", "sniff_csv cannot be used"),
    ("SELECT * FROM sqlite_scan('a.db', 't')", "sqlite_scan cannot be used"),
    ("SELECT * FROM duckdb_secrets()", "duckdb_secrets cannot be used"),
    ("SELECT * FROM duckdb_settings()", "duckdb_settings cannot be used"),
    ("SELECT * FROM pragma_database_list", "no table “pragma_database_list”"),
    ("SELECT * FROM information_schema.tables", "no table “information_schema.tables”"),
    ("SELECT * FROM pg_catalog.pg_tables", "no table “pg_catalog.pg_tables”"),
    ("SELECT * FROM other.main.chat_clusters", "no table “other.main.chat_clusters”"),
    ("SELECT * FROM query('DROP TABLE clusters')", "query cannot be used"),
    ("SELECT * FROM query_table('clusters')", "query_table cannot be used"),
    ("SELECT * FROM json_execute_serialized_sql('{}')", "json_execute_serialized_sql cannot"),
    ("FROM enable_logging()", "enable_logging cannot be used"),
    ("SELECT getenv('HOME')", "getenv cannot be used"),
    ("SELECT current_setting('secret_directory')", "current_setting cannot be used"),
    ("SELECT getvariable('a')", "getvariable cannot be used"),
    ("SELECT sleep_ms(60000)", "sleep_ms cannot be used"),
    ("SELECT pg_sleep(60)", "pg_sleep cannot be used"),
    ("SELECT write_log('x')", "write_log cannot be used"),
    ("SELECT nextval('s')", "nextval cannot be used"),
    ("SELECT 1 FROM clusters ORDER BY current_setting('threads')", "current_setting cannot"),
    ("SELECT list_transform([1], lambda x: getenv('HOME'))", "getenv cannot be used"),
    ("SELECT count(*) FILTER (WHERE version() = 'x') FROM clusters", "version cannot be used"),
    ("SELECT * FROM clusters WHERE name = ?", "placeholder"),
    ("SELECT * FROM clusters WHERE name = $1", "placeholder"),
    ("ＳＥＬＥＣＴ 1", "cannot be read as SQL"),
    ("SELECT 1 FROM clusters;\u200b DROP TABLE clusters", "Got 2 statements"),
    ("SELECT 1\x00; DROP TABLE clusters", "NUL"),
    ("", "no query yet"),
    ("-- nothing but a comment", "no query yet"),
    ("SELECT " + "(" * 5_000 + "1" + ")" * 5_000, ""),
    ("SELECT '" + "x" * MOST_CHARACTERS + "'", "characters; at most"),
]

USEFUL = [
    PUBLISHED,
    *(query.sql for query in STARTERS),
    "WITH a AS (SELECT 1 AS n), b AS (SELECT n + 1 AS n FROM a) SELECT * FROM b",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) FROM r",
    "SELECT * FROM chat_clusters WHERE created_at >= current_date - INTERVAL 30 DAY",
    "SELECT n FROM range(3) t(n) UNION ALL SELECT u FROM unnest([1, 2]) v(u)",
    "SELECT said, COUNT(*) FROM Chat_Clusters, unnest(dissatisfaction) t(said) GROUP BY said",
    "SELECT *, ROW_NUMBER() OVER (PARTITION BY cluster_id ORDER BY created_at) FROM chat_clusters",
    "FROM main.chat_clusters SELECT regexp_matches(summary, 'contract') AS said LIMIT 3",
    "SELECT COLUMNS('cluster_.*') FROM chat_clusters QUALIFY row_number() OVER () = 1",
    "PIVOT chat_clusters ON outcome IN ('achieved', 'partly') USING COUNT(*) GROUP BY theme_name",
    "VALUES (1), (2)",
    "(SELECT 1) EXCEPT (SELECT 2);",
    "SELECT 'a; DROP TABLE clusters' AS text -- ; not a second one\n;",
]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with locked_tables(write_sql_run(tmp_path_factory.mktemp("sql"))) as opened:
        yield opened


@pytest.mark.parametrize(("query", "sentence"), HOSTILE, ids=lambda text: text[:40])
def test_a_hostile_query_is_refused_with_a_sentence_and_changes_nothing(
    connection: duckdb.DuckDBPyConnection, query: str, sentence: str
) -> None:
    with pytest.raises(QueryError) as refused:
        run_query(connection, query, 10)

    assert sentence in str(refused.value)
    assert refused.value.sentence.rstrip().endswith((".", "?"))
    assert "Traceback" not in str(refused.value)
    counts = [connection.execute(f"SELECT COUNT(*) FROM {t}").fetchone() for t in TABLES]
    assert counts == [(60,), (30,), (16,), (7,), (0,)]


def test_at_least_forty_hostile_queries_are_tried() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("query", USEFUL, ids=lambda text: text[:40])
def test_a_select_is_let_through_and_runs(
    connection: duckdb.DuckDBPyConnection, query: str
) -> None:
    check_query(connection, query, TABLES)
    table, total, is_all = run_query(connection, query, 10_000)

    assert table.num_rows == total
    assert is_all


def test_an_unknown_table_is_named_with_the_nearest_and_its_place(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(QueryError) as refused:
        check_query(connection, "SELECT *\nFROM chat_cluster", TABLES)

    assert refused.value.sentence == "There is no table “chat_cluster”; did you mean chat_clusters?"
    assert refused.value.excerpt.splitlines() == [
        "line 2, column 6:",
        "  FROM chat_cluster",
        "       ^^^^^^^^^^^^",
    ]
