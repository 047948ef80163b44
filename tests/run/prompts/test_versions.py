"""The texts a prompt had in the runs of a workspace, and which one is compared with."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kura_core.config import RunConfig
from kura_core.prompts import SUMMARY, Prompts
from kura_core.run.jobs import find_run
from kura_core.run.prompts.versions import (
    AskingRun,
    Version,
    asking_runs,
    newest_of,
    prompt_versions,
    text_before,
)
from kura_core.run.workspace import Workspace, local_workspace, new_id
from tests.llm_server import LLMServer, running
from tests.plausible_answers import of_its_own
from tests.run.prompts.prompt_workspace import open_prompt_workspace

SHORT, LONG = "Short. {conversation}", "Long and wordy. {conversation}"
FILE, OTHER = Path("/data/logs.jsonl"), Path("/data/other.jsonl")


def run_of(day: int, text: str | None, path: Path = FILE) -> AskingRun:
    config = RunConfig(engine="openai", prompts=Prompts(summary=text))
    return AskingRun(f"Run {day}", datetime(2026, 3, day, tzinfo=UTC), str(path), config)


RUNS = [run_of(4, SHORT), run_of(3, LONG, OTHER), run_of(2, SHORT), run_of(1, None)]


def test_every_text_comes_once_the_last_used_first_with_the_runs_that_used_it() -> None:
    versions = prompt_versions(RUNS, "summary")
    assert [version.text for version in versions] == [SHORT, LONG, SUMMARY]
    assert [name for name, _ in versions[0].runs] == ["Run 4", "Run 2"]
    assert [version.built_in for version in versions] == [False, False, True]
    assert versions[2].runs == (("Run 1", datetime(2026, 3, 1, tzinfo=UTC)),)


def test_the_built_in_text_is_there_though_no_run_used_it() -> None:
    assert prompt_versions([], "summary") == [Version(SUMMARY, (), built_in=True)]


@pytest.mark.parametrize(
    ("path", "text", "before"),
    [
        (FILE, "New {conversation}", SHORT),
        (FILE, SHORT, SUMMARY),
        (OTHER, "New {conversation}", LONG),
        (Path("/data/new.jsonl"), LONG, SUMMARY),
        (Path("/data/new.jsonl"), SUMMARY, None),
        (FILE, SUMMARY, SHORT),
    ],
)
def test_a_text_is_compared_with_that_of_the_files_newest_run_else_the_built_in_one(
    path: Path, text: str, before: str | None
) -> None:
    assert text_before(RUNS, path, "summary", text) == before


def add(workspace: Workspace, config: str) -> None:
    folder = workspace.runs / new_id()
    folder.mkdir()
    (folder / "job.json").write_text('{"name": "Logs", "started": "2026-03-01T09:00:00Z"}')
    (folder / "config.json").write_text(config)


def test_rules_ask_nothing_and_settings_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    workspace = local_workspace(tmp_path)
    add(workspace, RunConfig().model_dump_json())
    add(workspace, '{"engine": "openai", "unknown": 1}')
    assert asking_runs(workspace) == []
    add(workspace, RunConfig(engine="anthropic").model_dump_json())
    assert [run.config.engine for run in asking_runs(workspace)] == ["anthropic"]


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with running(LLMServer(answer=of_its_own)) as started:
        yield started


def test_two_runs_with_different_prompts_leave_two_versions(
    server: LLMServer, tmp_path: Path
) -> None:
    made = open_prompt_workspace(tmp_path, server)
    made.run(made.config(), "First", 1)
    made.run(made.config(Prompts(summary=SHORT)), "Second", 2)
    runs = asking_runs(made.workspace)
    versions = prompt_versions(runs, "summary")
    assert [(v.text, v.runs[0][0]) for v in versions] == [(SHORT, "Second"), (SUMMARY, "First")]
    newest = newest_of(runs, made.upload.path)
    assert newest is not None and newest.name == "Second"
    folders = sorted(made.workspace.runs.iterdir())
    assert {find_run(made.workspace, folder.name).status for folder in folders} == {"done"}
