"""What is missing, found within a run: settled causes in the table, gaps in their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kura_core.errors import RunCancelled
from kura_core.run.tables import gaps_table, read_manifest, read_tables
from kura_core.steps.gaps.find_gaps import FoundGap
from tests.small_data import Recorder, Row, run, table_bytes, write_rows

NAMES = "Ada Bo Cy Di Ed Flo Gus Hal Ida Jo Kay Lu Max Ned Oz Pia Quy Ray Sue Tom".split()
SETTINGS: dict[str, Any] = {"clusters": 3, "max_top": 2}


def rows() -> list[Row]:
    """Who wants mail sent is turned away; one looks for a plan, and retrieval found nothing."""
    found: list[Row] = []
    for number, name in enumerate(NAMES):
        mail = f"Please send {name} an e-mail with the minutes."
        found.append(_row(f"m{number:02d}", mail, "I'm sorry, I can't send e-mails.", 3))
        told = f"{name} was born in 1980."
        found.append(_row(f"t{number:02d}", f"When was {name} born?", told, 2))
        hits = 0 if number == 4 else 2
        plan = f"Where is the approved plan of {name}?"
        answer = f"It is in the folder {name}." if hits else "Unfortunately nothing useful came up."
        found.append(_row(f"p{number:02d}", plan, answer, hits))
    return found


def _row(identity: str, asked: str, answered: str, hits: int) -> Row:
    turns = [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return {"id": identity, "messages": turns, "metadata": {"search_results": hits}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    base = tmp_path_factory.mktemp("gaps")
    run(write_rows(base / "logs.jsonl", rows()), base / "run", **SETTINGS)
    yield base / "run"


def test_a_gap_is_a_row_for_each_who_asks_in_order(folder: Path) -> None:
    gaps = read_tables(folder).gaps
    mail = gaps[gaps["gap"] == "send-e-mail"]
    assert list(mail["conversation_id"]) == [f"m{n:02d}" for n in range(len(NAMES))]
    assert mail["failed"].all()
    assert set(mail["cause"]) == {"capability gap"}
    assert gaps.equals(gaps.sort_values(["gap", "conversation_id"], ignore_index=True))


def test_what_retrieval_did_not_find_settles_an_open_cause(folder: Path) -> None:
    row = read_tables(folder).conversations.set_index("conversation_id").loc["p04"]
    assert (row["cause"], row["gap_kind"], row["missing"]) == (
        "inventory gap", "not indexed", "approved plans",
    )  # fmt: skip
    gaps = read_tables(folder).gaps
    assert "p04" in set(gaps.loc[gaps["gap"] == "approved-plans", "conversation_id"])


def test_the_failures_of_the_gaps_are_those_of_the_conversations(folder: Path) -> None:
    tables = read_tables(folder)
    frame = tables.conversations
    named = frame[frame["missing"].notna() & frame["outcome"].isin(["not achieved", "partly"])]
    failed = tables.gaps[tables.gaps["failed"]]
    assert sorted(failed["conversation_id"]) == sorted(named["conversation_id"])


def test_the_step_is_told_and_its_time_is_kept(tmp_path: Path) -> None:
    record = Recorder()
    run(write_rows(tmp_path / "logs.jsonl", rows()), tmp_path / "run", record=record, **SETTINGS)
    steps = [event["step"] for event in record.of("step_started")]
    assert steps[-2:] == ["gaps", "tables"]
    assert read_manifest(tmp_path / "run")["seconds"]["gaps"] >= 0


def test_the_order_of_rows_and_of_runs_does_not_matter(folder: Path, tmp_path: Path) -> None:
    mixed = rows()[::-1]
    run(write_rows(tmp_path / "logs.jsonl", mixed), tmp_path / "run", **SETTINGS)
    assert table_bytes(tmp_path / "run") == table_bytes(folder)


def test_a_run_can_be_stopped_there_and_goes_on(folder: Path, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "logs.jsonl", rows())
    record = Recorder()

    def at_gaps() -> bool:
        return any(event["step"] == "gaps" for event in record.of("step_started"))

    with pytest.raises(RunCancelled):
        run(source, tmp_path / "run", record=record, stop=at_gaps, **SETTINGS)
    assert [event["step"] for event in record.of("step_started")][-1] == "gaps"
    run(source, tmp_path / "run", **SETTINGS)
    assert table_bytes(tmp_path / "run") == table_bytes(folder)


def test_a_run_without_a_judge_has_an_empty_table(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "logs.jsonl", rows())
    run(source, tmp_path / "run", judges="off", **SETTINGS)
    gaps = read_tables(tmp_path / "run").gaps
    assert gaps.empty
    assert gaps["failed"].dtype == bool


def test_a_run_from_before_gaps_were_found_has_the_same_columns(
    folder: Path, tmp_path: Path
) -> None:
    made = read_tables(folder).gaps
    nothing = gaps_table(()).to_pandas()
    pd.testing.assert_series_equal(made.dtypes, nothing.dtypes)
    gap = FoundGap("maps", "maps", "inventory gap", None, ("b", "a"), ("b",))
    assert gaps_table([gap]).to_pylist() == [
        {**_named("maps"), "conversation_id": "a", "failed": False},
        {**_named("maps"), "conversation_id": "b", "failed": True},
    ]


def _named(name: str) -> dict[str, Any]:
    return {"gap": name, "name": name, "cause": "inventory gap", "gap_kind": None}
