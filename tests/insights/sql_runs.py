"""A small finished run with ratings and users as files, and its tables in a locked database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kura_core.insights.sql.process import lock_database
from kura_core.insights.sql.warehouse import load_warehouse
from tests.finished_runs import write_finished_run

PUBLISHED = """\
SELECT cluster_id, cluster_name, COUNT(*) AS conversations, AVG(thumbs_up) AS avg_satisfaction,
       SUM(revenue_impact) AS total_revenue_impact
FROM chat_clusters c JOIN user_feedback f ON c.conversation_id = f.conversation_id
                     JOIN user_metadata u ON c.user_id = u.user_id
GROUP BY cluster_id, cluster_name ORDER BY total_revenue_impact DESC;"""


@dataclass(frozen=True)
class SqlRun:
    """A run's folder and the two files that belong to it."""

    folder: Path
    feedback: Path
    users: Path


def write_sql_run(folder: Path) -> SqlRun:
    """60 conversations of 17 users; every second one is rated, all users but one are known."""
    run = SqlRun(write_finished_run(folder / "run"), folder / "ratings.csv", folder / "users.csv")
    ratings = [f"c{index:03d},{int(index % 3 == 0)}" for index in range(0, 60, 2)]
    run.feedback.write_text("\n".join(["conversation_id,thumbs_up", *ratings]) + "\n", "utf-8")
    users = [f"u{index},{'team' if index % 2 else 'free'},{1000 * index}" for index in range(16)]
    run.users.write_text("\n".join(["user_id,plan,revenue_impact", *users]) + "\n", "utf-8")
    return run


@contextmanager
def locked_tables(run: SqlRun) -> Iterator[duckdb.DuckDBPyConnection]:
    """The run's tables as a query finds them."""
    with duckdb.connect(":memory:", config={"python_enable_replacements": False}) as connection:
        load_warehouse(connection, run.folder, run.feedback, run.users)
        lock_database(connection)
        yield connection
