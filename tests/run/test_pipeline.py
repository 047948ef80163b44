"""Same input, same bytes; nothing stale; nothing lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from kura_core.config import Facet
from kura_core.engines.offline import OfflineEngine
from kura_core.errors import ConfigError, ConversationError, InputError, KuraError
from kura_core.run.tables import read_manifest, read_tables
from kura_core.types import Conversation, ConversationSummary
from tests.run.conftest import SETTINGS, FinishedRun
from tests.small_data import Recorder, Row, few_kinds, run, table_bytes, varied_rows, write_rows

ROOT = Path(__file__).parents[2]


class Faulty(OfflineEngine):
    """The offline engine, but one that cannot read the conversations of some ids."""

    def __init__(self, failing: Sequence[str]) -> None:
        self.failing = failing

    async def summarise(
        self, conversation: Conversation, facets: Sequence[Facet]
    ) -> ConversationSummary:
        if conversation.conversation_id in self.failing:
            raise ConversationError("the engine refused this text")
        return await super().summarise(conversation, facets)


def again(finished: FinishedRun, folder: Path, **changed: Any) -> Recorder:
    record = Recorder()
    run(finished.source, folder, record=record, **{**SETTINGS, **changed})
    return record


def same_results(finished: FinishedRun, folder: Path) -> bool:
    return table_bytes(folder) == table_bytes(finished.folder)


def without_rows(folder: Path) -> dict[str, list[Row]]:
    """Return all tables without the row numbers, which alone depend on the order of the rows."""
    tables = {}
    for path in sorted((folder / "tables").glob("*.parquet")):
        rows = pq.read_table(path).to_pylist()
        plain = [{k: v for k, v in row.items() if k != "source_row"} for row in rows]
        tables[path.name] = sorted(plain, key=repr) if path.stem == "excluded" else plain
    return tables


# Promise 1: the same input, configuration and seed give the same bytes.


def test_another_folder_gets_the_same_bytes(finished: FinishedRun, tmp_path: Path) -> None:
    again(finished, tmp_path / "elsewhere")
    assert same_results(finished, tmp_path / "elsewhere")


def test_another_process_with_shuffled_rows_gets_the_same_bytes(
    finished: FinishedRun, tmp_path: Path
) -> None:
    rows = varied_rows(90)
    ordered = write_rows(tmp_path / "ordered.jsonl", rows)
    run(ordered, tmp_path / "ordered", **SETTINGS)
    random.Random(3).shuffle(rows)
    shuffled = write_rows(tmp_path / "shuffled.jsonl", rows)
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in SETTINGS.items()]
    subprocess.run(
        [
            *(sys.executable, "-m", "kura_core", "run", str(shuffled)),
            *("--out", str(tmp_path / "shuffled"), "--embedding-model", "tfidf", *flags),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "4242"},
        check=True,
        capture_output=True,
    )
    assert table_bytes(tmp_path / "shuffled") == table_bytes(tmp_path / "ordered")


def test_the_order_of_rows_shows_in_nothing_but_row_numbers(
    finished: FinishedRun, tmp_path: Path
) -> None:
    rows = [*finished.rows]
    rows.insert(0, rows.pop(92))
    run(write_rows(tmp_path / "moved.jsonl", rows), tmp_path / "moved", **SETTINGS)
    moved, before = without_rows(tmp_path / "moved"), without_rows(finished.folder)
    for table in (moved, before):
        for row in table["excluded.parquet"]:
            row["reason"] = row["reason"].split(":")[0]  # it names the row that is kept
    assert moved == before


def test_rows_without_an_id_get_the_same_ones_in_any_order(tmp_path: Path) -> None:
    rows = [{k: v for k, v in row.items() if k != "conversation_id"} for row in few_kinds(20)]
    run(write_rows(tmp_path / "a.jsonl", rows), tmp_path / "a")
    run(write_rows(tmp_path / "b.jsonl", [*rows[7:], *rows[:7]]), tmp_path / "b")
    assert table_bytes(tmp_path / "a") == table_bytes(tmp_path / "b")


# Promise 2: nothing stale.


def test_a_run_with_nothing_changed_is_returned_as_it_is(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    record = again(finished, folder)
    assert [kind for kind, _ in record.events] == ["run_started", "run_finished"]
    assert record.of("run_finished")[0]["conversations"] == 90


def test_a_changed_input_in_the_same_folder_is_computed_anew(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    changed = varied_rows(40, seed=9)
    source = write_rows(tmp_path / "other.jsonl", changed)
    run(source, folder, **SETTINGS)
    run(source, tmp_path / "fresh", **SETTINGS)
    assert table_bytes(folder) == table_bytes(tmp_path / "fresh")
    assert read_manifest(folder)["counts"]["summarised"] == 40


def test_one_changed_conversation_is_read_again_and_the_others_are_not(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    rows = varied_rows(90)
    rows[5]["messages"][0]["content"] = "Translate this letter into French, please."
    source = write_rows(tmp_path / "edited.jsonl", rows)
    record = Recorder()
    run(source, folder, record=record, **SETTINGS)
    assert record.cached("redact") == record.cached("summarise") == (89, 90)
    conversations = read_tables(folder).conversations.set_index("conversation_id")
    assert "French" in conversations.loc["c0005", "summary"]


@pytest.mark.parametrize("changed", [{"clusters": 8}, {"clusters": None, "per_cluster": 20}])
def test_a_changed_cluster_count_makes_no_summary_and_no_map_again(
    changed: dict[str, int | None], finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    record = again(finished, folder, **changed)
    for step in ("redact", "summarise", "project"):
        assert record.cached(step) == (90, 90)
    leaves = read_tables(folder).conversations["cluster_id"].nunique()
    assert leaves == changed.get("clusters") or leaves in (4, 5)
    again(finished, tmp_path / "fresh", **changed)
    assert table_bytes(folder) == table_bytes(tmp_path / "fresh")


def test_another_number_of_themes_keeps_the_names_of_the_leaves(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    record = again(finished, folder, max_top=5)
    assert record.cached("name") == (12, 12)
    again(finished, tmp_path / "fresh", max_top=5)
    assert table_bytes(folder) == table_bytes(tmp_path / "fresh")


def test_another_level_of_redaction_reads_everything_again(
    finished: FinishedRun, tmp_path: Path
) -> None:
    rows = few_kinds(16)
    rows[3]["messages"][0]["content"] = "Please write to jane.roe@example.com about my invoice"
    source = write_rows(tmp_path / "mail.jsonl", rows)
    run(source, tmp_path / "run")
    redacted = (tmp_path / "run" / "tables" / "messages.parquet").read_bytes()
    record = Recorder()
    run(source, tmp_path / "run", redact="off", record=record)

    assert b"jane.roe@example.com" not in redacted
    messages = pq.read_table(tmp_path / "run" / "tables" / "messages.parquet")
    assert any("jane.roe@example.com" in text for text in messages["content"].to_pylist())
    assert record.cached("redact") == record.cached("summarise") == (0, 16)


def test_another_seed_draws_another_map_from_the_same_summaries(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    record = again(finished, folder, seed=5)
    assert record.cached("summarise") == (90, 90)
    assert record.cached("project") == record.cached("cluster") == (0, 90)
    again(finished, tmp_path / "fresh", seed=5)
    assert table_bytes(folder) == table_bytes(tmp_path / "fresh")
    assert not same_results(finished, folder)


def test_an_edited_line_of_a_checkpoint_is_not_believed(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    for step, field in (
        ("summaries", '"frustration":'),
        ("conversations", '"plan":'),
        ("clusters", '"description":'),
        ("meta_clusters", '"description":'),
    ):
        path = folder / "checkpoints" / f"{step}.jsonl"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        place = next(number for number, line in enumerate(lines) if field in line)
        lines[place] = lines[place].replace(field, f'"x":0,{field}')
        path.write_text("".join(lines), "utf-8")
    (folder / "tables" / "clusters.parquet").unlink()
    record = again(finished, folder)
    assert record.cached("summarise") == record.cached("redact") == (89, 90)
    assert record.cached("name")[0] == 0
    assert same_results(finished, folder)


def test_a_tree_that_is_kept_in_part_is_built_again(finished: FinishedRun, tmp_path: Path) -> None:
    folder = finished.copied_to(tmp_path / "run")
    path = folder / "checkpoints" / "meta_clusters.jsonl"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-4]), "utf-8")
    (folder / "tables" / "clusters.parquet").unlink()
    again(finished, folder)
    assert same_results(finished, folder)


def test_a_deleted_or_altered_table_is_written_again_from_what_is_kept(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    (folder / "tables" / "excluded.parquet").unlink()
    record = again(finished, folder)
    assert same_results(finished, folder)
    assert record.cached("summarise") == record.cached("project") == (90, 90)
    assert record.cached("meta_cluster")[0] == record.cached("meta_cluster")[1] > 0

    table = pa.table({"conversation_id": ["forged"]})
    pq.write_table(table, folder / "tables" / "conversations.parquet")
    again(finished, folder)
    assert same_results(finished, folder)


def test_work_of_another_run_is_taken_over(finished: FinishedRun, tmp_path: Path) -> None:
    record = Recorder()
    run(finished.source, tmp_path / "b", record=record, reuse=finished.folder, **SETTINGS)
    for step in ("redact", "summarise", "project"):
        assert record.cached(step) == (90, 90)
    assert same_results(finished, tmp_path / "b")


def test_a_run_to_take_work_from_must_exist(finished: FinishedRun, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="earlier run"):
        run(finished.source, tmp_path / "b", reuse=tmp_path / "nowhere")


def test_an_input_that_cannot_be_read_leaves_the_earlier_result(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    with pytest.raises(InputError, match="no file"):
        run(tmp_path / "mistyped.jsonl", folder, **SETTINGS)
    assert same_results(finished, folder)
    assert read_manifest(folder)["status"] == "done"


def test_a_new_run_never_stands_beside_old_tables(finished: FinishedRun, tmp_path: Path) -> None:
    folder = finished.copied_to(tmp_path / "run")
    source = write_rows(tmp_path / "other.jsonl", few_kinds(10))
    with pytest.raises(KuraError):
        run(source, folder, stop=lambda: True)
    assert read_manifest(folder)["status"] == "cancelled"
    assert not (folder / "tables").exists()


# Promise 3: nothing lost.


def test_a_conversation_that_fails_for_good_is_reported_and_the_run_goes_on(
    tmp_path: Path,
) -> None:
    source = write_rows(tmp_path / "logs.jsonl", few_kinds(20))
    record = Recorder()
    result = run(source, tmp_path / "run", engine=Faulty(["k00004"]), record=record)
    tables = read_tables(tmp_path / "run")

    assert result.manifest["counts"]["failed"] == 1
    assert result.manifest["counts"]["summarised"] == len(tables.conversations) == 19
    (left_out,) = tables.excluded.to_dict("records")
    assert left_out == {
        "conversation_id": "k00004",
        "source_row": 5,
        "kind": "failed",
        "stage": "summarise",
        "reason": "the engine refused this text",
    }
    assert not result.too_many_failed
    assert record.of("run_finished")[0]["exit_code"] == 0


@pytest.mark.parametrize(("failing", "too_many"), [(4, False), (5, True), (20, True)])
def test_more_than_a_fifth_failed_is_too_many(
    failing: int, too_many: bool, tmp_path: Path
) -> None:
    source = write_rows(tmp_path / "logs.jsonl", few_kinds(20))
    engine = Faulty([f"k{index:05d}" for index in range(failing)])
    record = Recorder()
    result = run(source, tmp_path / "run", engine=engine, record=record)
    assert result.too_many_failed is too_many
    assert result.manifest["status"] == "done"
    assert record.of("run_finished")[0]["exit_code"] == (5 if too_many else 0)
    assert len(read_tables(tmp_path / "run").conversations) == 20 - failing


def test_a_failed_conversation_is_tried_again_by_the_next_run(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "logs.jsonl", few_kinds(20))
    run(source, tmp_path / "run", engine=Faulty(["k00004"]))
    (tmp_path / "run" / "tables" / "excluded.parquet").unlink()
    record = Recorder()
    result = run(source, tmp_path / "run", record=record)
    assert record.cached("summarise") == (19, 20)
    assert result.manifest["counts"]["failed"] == 0


def test_a_torn_line_of_a_checkpoint_costs_that_line_only(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    for step in ("conversations", "summaries", "clusters", "meta_clusters"):
        path = folder / "checkpoints" / f"{step}.jsonl"
        path.write_bytes(path.read_bytes()[:-40])
    for step in ("clusters", "dimensionality"):
        path = folder / "checkpoints" / f"{step}.npz"
        path.write_bytes(path.read_bytes()[:-300])
    (folder / "checkpoints" / "fingerprints.json.part").write_text('{"conv')
    (folder / "manifest.json").write_text('{"status": "runn')
    record = again(finished, folder)
    assert record.cached("redact") == record.cached("summarise") == (89, 90)
    assert same_results(finished, folder)


def test_lost_fingerprints_mean_that_everything_is_made_again(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    (folder / "checkpoints" / "fingerprints.json").write_text("[")
    (folder / "tables" / "clusters.parquet").unlink()
    record = again(finished, folder)
    assert record.cached("summarise") == (0, 90)
    assert same_results(finished, folder)


def test_a_folder_that_cannot_be_written_is_said_plainly(
    finished: FinishedRun, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ConfigError, match="cannot be written"):
            run(finished.source, folder)


def test_a_second_run_into_the_same_folder_is_refused(
    finished: FinishedRun, tmp_path: Path
) -> None:
    folder = finished.copied_to(tmp_path / "run")
    with FileLock(folder / ".lock"), pytest.raises(KuraError, match="Another run is writing"):
        run(finished.source, folder, **SETTINGS)
    assert same_results(finished, folder)


@pytest.mark.filterwarnings("ignore:.*encountered in divide:RuntimeWarning")
def test_conversations_alike_are_grouped_too(tmp_path: Path) -> None:
    for count in (1, 2, 3):
        source = write_rows(tmp_path / f"{count}.jsonl", few_kinds(count))
        result = run(source, tmp_path / str(count))
        assert result.manifest["counts"]["summarised"] == count
    rows = [{**few_kinds(1)[0], "conversation_id": f"s{index}"} for index in range(30)]
    result = run(write_rows(tmp_path / "same.jsonl", rows), tmp_path / "same")
    assert result.manifest["counts"]["clusters"] == 1


def test_a_limit_reads_only_that_many(finished: FinishedRun, tmp_path: Path) -> None:
    result = run(finished.source, tmp_path / "run", limit=15)
    assert result.manifest["counts"]["summarised"] == 15
    assert result.manifest["counts"]["read"] == 15


def test_the_manifest_tells_the_configuration(finished: FinishedRun) -> None:
    manifest = json.loads((finished.folder / "manifest.json").read_text("utf-8"))
    assert manifest["config"]["max_top"] == 3
    assert manifest["seed"] == 0
    assert not (finished.folder / "partial").exists()
