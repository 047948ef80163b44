"""The command line: its output, its exit codes, its errors, and how it stops."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from filelock import FileLock

from kura_core.engines.offline import OfflineEngine
from kura_core.errors import ConversationError
from kura_core.run.events import read_events
from kura_core.run.tables import read_manifest, read_tables
from tests.command_line import flags, kura
from tests.llm_server import LLMServer, running
from tests.small_data import few_kinds, run, table_bytes, troubled_rows, write_rows

ROOT = Path(__file__).parents[1]
LAST_LINE = re.compile(r"^(\d+) conversations · (\d+) clusters · \d+\.\d s · \$0\.00$")
LONG = 1_500


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "logs.jsonl", few_kinds(40))


def events_of(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text("utf-8").splitlines()]


def test_the_tree_and_the_counts_are_printed(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kura(*flags(source, tmp_path / "run", "--clusters", 4)) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    counts = LAST_LINE.match(lines[-1])
    assert lines[0] == "All conversations (40 conversations)"
    assert counts is not None
    assert counts.groups() == ("40", "4")
    assert sum("─ " in line for line in lines) == 4
    assert len(lines) == 6
    assert "Summarise" in printed.err
    assert "All conversations" not in printed.err


def test_the_second_time_says_that_nothing_changed(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kura(*flags(source, tmp_path / "run"))
    first = capsys.readouterr().out.splitlines()
    assert kura(*flags(source, tmp_path / "run")) == 0
    again = capsys.readouterr()
    assert again.out.splitlines()[:-1] == first[:-1]
    assert "Nothing has changed" in again.err


def test_what_was_left_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_rows(tmp_path / "logs.jsonl", troubled_rows())
    assert kura(*flags(source, tmp_path / "run", "--clusters", 2)) == 0
    assert "Left out: 2 rejected, 2 filtered (see tables/excluded.parquet)" in (
        capsys.readouterr().err
    )


def test_the_same_settings_by_flag_and_by_file_give_the_same_run(
    source: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"embedding_model": "tfidf", "clusters": 3, "seed": 4}))
    assert kura(source, "--out", tmp_path / "file", "--config", config) == 0
    assert kura(*flags(source, tmp_path / "flags", "--clusters", 3, "--seed", 4)) == 0
    assert table_bytes(tmp_path / "file") == table_bytes(tmp_path / "flags")


def test_outcomes_are_judged_by_rules_unless_told_otherwise(source: Path, tmp_path: Path) -> None:
    for judges, judged in ((None, True), ("off", False)):
        flag = ("--judges", judges) if judges else ()
        assert kura(*flags(source, tmp_path / "run", *flag)) == 0
        outcomes = read_tables(tmp_path / "run").conversations["outcome"]
        assert outcomes.notna().any() == judged


def test_flags_win_over_the_file(source: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"embedding_model": "tfidf", "clusters": 3, "max_top": 7}))
    assert kura(source, "--out", tmp_path / "run", "--config", config, "--per-cluster", 10) == 0
    used = read_manifest(tmp_path / "run")["config"]
    assert (used["clusters"], used["per_cluster"], used["max_top"]) == (None, 10, 7)


def test_facets_come_from_a_file(source: Path, tmp_path: Path) -> None:
    facets = tmp_path / "facets.json"
    facets.write_text(json.dumps([{"name": "tone", "question": "Which tone?"}]))
    assert kura(*flags(source, tmp_path / "run", "--facets", facets)) == 0
    assert "facet_tone" in read_tables(tmp_path / "run").conversations
    assert read_manifest(tmp_path / "run")["config"]["facets"][0]["name"] == "tone"


def test_what_is_grouped_by_comes_from_a_flag_that_wins_over_the_file(
    source: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"cluster_by": "request"}))
    more = ("--config", config)
    assert kura(*flags(source, tmp_path / "file", *more)) == 0
    assert kura(*flags(source, tmp_path / "flag", *more, "--cluster-by", "topic")) == 0
    used = [read_manifest(tmp_path / name)["config"]["cluster_by"] for name in ("file", "flag")]
    assert used == ["request", "topic"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--cluster-by", "colour"), "choose one of summary, request, task, topic, tone"),
        (("--screen", "colour"), "the screen 'colour' is no facet of type yes/no"),
        (("--screen", "tone"), "the screen 'tone' is no facet of type yes/no"),
        (("--screen", "work"), "need a language model"),
        (("--cluster-by", "tone"), "need a language model"),
    ],
)
def test_a_question_that_cannot_choose_or_group_is_refused_in_one_line(
    given: Sequence[str],
    said: str,
    source: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    facets = tmp_path / "facets.json"
    tone = {"name": "tone", "question": "Which tone?"}
    work = {"name": "work", "question": "Is it about work?", "type": "yes/no"}
    facets.write_text(json.dumps([tone, work]))
    arguments = flags(source, tmp_path / "run", "--facets", facets, *given)
    refused(capsys, 2, *arguments, said=said)


def test_a_screen_that_nobody_passes_has_the_code_of_an_input_of_no_use(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facets = tmp_path / "facets.json"
    work = {"name": "work", "question": "Is it about work?", "type": "yes/no"}
    facets.write_text(json.dumps([work]))
    server = LLMServer(answer=lambda schema, text: {"answer": False})
    with running(server), pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "sk-test-0123456789abcdef")
        model = ("--engine", "openai", "--base-url", server.base_url("openai"))
        screen = ("--facets", facets, "--screen", "work")
        code = kura(*flags(source, tmp_path / "run", *model, *screen))
    assert code == 2
    assert "No conversation passed the screen" in capsys.readouterr().err


def test_work_is_taken_from_another_run(source: Path, tmp_path: Path) -> None:
    kura(*flags(source, tmp_path / "a"))
    more = ("--reuse", tmp_path / "a", "--events", tmp_path / "b" / "events.jsonl")
    assert kura(*flags(source, tmp_path / "b", *more)) == 0
    summarise = next(s for s in read_events(tmp_path / "b/events.jsonl").steps if s.cached)
    assert summarise.cached == 40
    assert table_bytes(tmp_path / "a") == table_bytes(tmp_path / "b")


def test_progress_is_written_for_others_to_read(source: Path, tmp_path: Path) -> None:
    kura(*flags(source, tmp_path / "run", "--events", tmp_path / "run" / "events.jsonl"))
    progress = read_events(tmp_path / "run" / "events.jsonl")
    assert (progress.status, progress.exit_code) == ("done", 0)
    assert {step.state for step in progress.steps} == {"done"}
    assert progress.examples


def refused(capsys: pytest.CaptureFixture[str], code: int, *arguments: object, said: str) -> None:
    assert kura(*arguments) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.search(said, printed.err), printed.err
    assert "Traceback" not in printed.err
    assert len(printed.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no file"),
        ("", "is empty"),
        ("%PDF-1.7", "a PDF"),
        ('{"price": 3}\n', "no column holds messages"),
        ('{"conversation_id": "a", "messages": [{"role": "user", "content": " "}]}\n', "cannot be"),
    ],
)
def test_an_input_of_no_use_is_refused_in_one_line(
    content: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "input.jsonl"
    if content is not None:
        source.write_text(content)
    refused(capsys, 2, source, "--out", tmp_path / "run", said=said)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "not one JSON object"),
        ('{"clusters": 0}', r"clusters: .* greater than or equal to 1 \(got 0\)"),
        ('{"clusters": 3, "per_cluster": 4}', "set one of the two"),
        ('{"colour": "red"}', "colour is not a setting"),
        ('{"engine": "magic"}', "engine: .*'offline'"),
        ('{"facets": [{"name": "Two words", "question": "?"}]}', "facet name 'Two words'"),
        ('{"facets": [{"name": "summary", "question": "?"}]}', "already a column"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_in_one_line(
    config: str, said: str, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.json"
    path.write_text(config)
    refused(capsys, 2, source, "--out", tmp_path / "run", "--config", path, said=said)
    assert not (tmp_path / "run").exists()


def test_a_settings_file_that_is_missing_is_refused(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for flag in ("--config", "--facets"):
        missing = tmp_path / "none.json"
        refused(capsys, 2, source, "--out", tmp_path / "run", flag, missing, said=f"{flag} got")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--clusters", "three"],
        ["--clusters", "3", "--per-cluster", "4"],
        ["--engine", "magic"],
        ["--redact", "some"],
        ["--judges", "some"],
        ["--colour", "red"],
    ],
)
def test_flags_that_are_wrong_are_refused(
    wrong: Sequence[str], source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        kura(source, "--out", tmp_path / "run", *wrong)
    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_values_out_of_range_are_refused(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for flag, name in (("--clusters", "clusters"), ("--limit", "limit"), ("--seed", "seed")):
        refused(capsys, 2, *flags(source, tmp_path / "run", flag, -1), said=rf"{name}: .*got -1")


def test_a_folder_that_cannot_be_written_is_said_in_one_line(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, 2, *flags(source, source / "below"), said="cannot be written")
    events = ("--events", source / "events.jsonl")
    refused(capsys, 1, *flags(source, tmp_path / "run", *events), said="cannot be used")


def test_a_second_run_into_the_same_folder_is_refused_in_one_line(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run").mkdir()
    with FileLock(tmp_path / "run" / ".lock"):
        refused(capsys, 1, *flags(source, tmp_path / "run"), said="Another run is writing")


def test_a_model_that_cannot_be_had_is_said_before_anything_is_done(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ("--events", tmp_path / "events.jsonl")
    arguments = flags(source, tmp_path / "run", "--embedding-model", "no such model", *more)
    assert kura(*arguments) == 4
    assert "'no such model' could not be loaded" in capsys.readouterr().err
    progress = read_events(tmp_path / "events.jsonl")
    assert (progress.status, progress.exit_code) == ("failed", 4)
    assert [step.step for step in progress.steps if step.state != "waiting"] == ["load"]


def test_an_engine_without_its_key_is_refused_before_anything_is_done(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for engine, variable in (("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")):
        refused(capsys, 4, *flags(source, tmp_path / "run", "--engine", engine), said=variable)
    assert not (tmp_path / "run").exists()


def test_more_than_a_fifth_failed_has_its_own_exit_code(
    source: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    summarise = OfflineEngine.summarise

    async def often_fails(self: OfflineEngine, conversation: object, facets: object) -> object:
        if conversation.conversation_id < "k00009":  # type: ignore[attr-defined]
            raise ConversationError("the engine refused this text")
        return await summarise(self, conversation, facets)  # type: ignore[arg-type]

    monkeypatch.setattr(OfflineEngine, "summarise", often_fails)
    more = ("--events", tmp_path / "run" / "events.jsonl")
    assert kura(*flags(source, tmp_path / "run", *more)) == 5
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1].startswith("31 conversations")
    assert "9 failed" in printed.err
    assert read_manifest(tmp_path / "run")["status"] == "done"
    assert events_of(tmp_path / "run")[-1]["exit_code"] == 5


# Stopping, in a process of its own.


def child(source: Path, folder: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "kura_core", "run", *map(str, flags(source, folder, *more))],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def long_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("long") / "logs.jsonl", few_kinds(LONG))


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_stops_a_run_that_then_goes_on(
    sent: signal.Signals, long_source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    process = child(long_source, folder, "--events", str(folder / "events.jsonl"))
    while process.poll() is None and not read_events(folder / "events.jsonl").examples:
        time.sleep(0.01)
    process.send_signal(sent)
    output, errors = process.communicate(timeout=60)

    assert output == ""
    assert "Traceback" not in errors
    if sent is signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
        assert read_manifest(folder)["status"] == "running"
    else:
        assert process.returncode == 130
        assert "start it again to go on" in errors
        assert read_manifest(folder)["status"] == "cancelled"
        assert events_of(folder)[-1]["exit_code"] == 130
    kept = (folder / "checkpoints" / "summaries.jsonl").read_bytes().count(b"\n")
    assert 0 < kept < LONG
    assert kura(*flags(long_source, folder, "--events", folder / "events.jsonl")) == 0
    summarise = next(s for s in read_events(folder / "events.jsonl").steps if s.step == "summarise")
    assert summarise.cached == kept


def test_output_and_progress_are_apart_and_any_terminal_takes_them(
    source: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "kura_core", "run"),
            *map(str, flags(source, tmp_path / "run", "--clusters", "3")),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONHASHSEED": "7"},
        capture_output=True,
    )
    assert done.returncode == 0
    assert done.stdout.startswith(b"All conversations (40 conversations)")
    assert b"conversations ? 3 clusters ?" in done.stdout.splitlines()[-1]
    assert b"Summarise" in done.stderr
    assert b"Traceback" not in done.stderr
    run(source, tmp_path / "here", clusters=3)
    assert table_bytes(tmp_path / "here") == table_bytes(tmp_path / "run")
