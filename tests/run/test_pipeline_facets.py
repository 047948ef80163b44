"""A whole run with questions of one's own: every answer in its column, with its type."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kura_core.config import Facet, RunConfig
from kura_core.engines.choose import make_engine
from kura_core.insights.sql.warehouse import load_warehouse, shown_tables
from kura_core.ready_facets import READY_FACETS
from kura_core.run.pipeline import run_pipeline
from tests.llm_server import LLMServer, fitting, running
from tests.small_data import varied_rows, write_rows

COUNT = 40
# The server answers from 0 to 9: more than half of its answers are out of these bounds.
EFFORT = Facet(name="effort", question="How much work is it?", type="number", low=0, high=3.5)
AT_WORK = Facet(name="at_work", question="Is it about work?", type="yes/no")
TAGS = Facet(name="tags", question="Which fit?", type="list", options=("late", "lost", "broken"))
NEVER = Facet(name="never", question="What nobody says?", type="yes/no")
FACETS = (*READY_FACETS, EFFORT, AT_WORK, TAGS, NEVER)


def answer(schema: dict[str, Any], text: str) -> dict[str, Any]:
    """An answer of the right form, that knows nothing of one question."""
    values: dict[str, Any] = fitting(schema, text)
    return values | dict.fromkeys({"never"} & values.keys())


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LLMServer]:
    """The folder of a run with all of FACETS, and the server that was asked."""
    folder = tmp_path_factory.mktemp("facets")
    source = write_rows(folder / "logs.jsonl", varied_rows(COUNT))
    with running(LLMServer(answer=answer)) as server:
        config = RunConfig(
            engine="openai",
            base_url=server.base_url("openai"),
            embedding_model="tfidf",
            clusters=4,
            facets=FACETS,
        )

        async def work() -> None:
            engine = make_engine(config, {"openai": "sk-test"})
            try:
                await run_pipeline(source, folder / "run", config, engine)
            finally:
                await engine.aclose()

        asyncio.run(work())
    return folder / "run", server


@pytest.fixture(scope="module")
def table(asked: tuple[Path, LLMServer]) -> pa.Table:
    return pq.read_table(asked[0] / "tables" / "conversations.parquet")


def test_every_answer_has_a_column_of_its_type(table: pa.Table) -> None:
    text = pa.string()
    types = {
        "facet_task_type": text,
        "facet_collaboration": text,
        "facet_cognitive_skill": text,
        "concern": pa.int32(),
        "facet_effort": pa.float64(),
        "facet_at_work": pa.bool_(),
        "facet_tags": pa.list_(text),
        "facet_never": pa.bool_(),
    }
    assert {name: table.schema.field(name).type for name in types} == types
    assert "facet_concern" not in table.column_names
    assert table.num_rows == COUNT


def test_answers_are_within_what_was_asked_for_or_unknown(table: pa.Table) -> None:
    effort = table["facet_effort"].to_pylist()
    known = [value for value in effort if value is not None]
    assert 0 < len(known) < COUNT
    assert all(0 <= value <= 3.5 for value in known)
    assert set(table["concern"].to_pylist()) == {1, 2, 3, 4, 5}
    for facet in READY_FACETS[:3]:
        assert set(table[facet.column].to_pylist()) <= set(facet.options)
    assert {tag for tags in table["facet_tags"].to_pylist() for tag in tags} == set(TAGS.options)
    assert set(table["facet_at_work"].to_pylist()) == {True, False}
    assert table["facet_never"].null_count == COUNT


def test_a_number_out_of_its_bounds_is_sent_back_once_with_the_reason(
    asked: tuple[Path, LLMServer], table: pa.Table
) -> None:
    said = "An earlier answer cannot be used: effort: got "
    complaints = [request.text for request in asked[1].received if said in request.text]
    assert all("; a number from 0 to 3.5 is needed. Answer again." in text for text in complaints)
    assert len(complaints) == table["facet_effort"].null_count


def test_sql_shows_them_all_and_counts_with_them(asked: tuple[Path, LLMServer]) -> None:
    connection = duckdb.connect(":memory:")
    load_warehouse(connection, asked[0])
    types = {c.name: c.type for c in shown_tables(connection)[0].columns}
    assert types["concern"] == "INTEGER"
    assert types["facet_effort"] == "DOUBLE"
    assert types["facet_at_work"] == "BOOLEAN"
    assert types["facet_tags"] == "VARCHAR[]"
    found = connection.execute(
        "SELECT AVG(concern), AVG(facet_effort), AVG(facet_at_work::INT), "
        "COUNT(*) FILTER (WHERE list_contains(facet_tags, 'late')), COUNT(facet_never), "
        "COUNT(DISTINCT facet_task_type) FROM chat_clusters"
    ).fetchone()
    assert found is not None
    assert 1 <= found[0] <= 5
    assert 0 <= found[1] <= 3.5
    assert 0 < found[2] < 1
    assert found[3] > 0
    assert found[4] == 0
    assert found[5] > 1
