import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from kura_core.config import RunConfig
from kura_core.errors import ConfigError, InputError
from kura_core.run import jobs
from kura_core.run.jobs import (
    Job,
    cancel_run,
    delete_run,
    find_run,
    list_runs,
    read_config,
    resume_run,
    start_run,
)
from kura_core.run.side.reading import read_side_table
from kura_core.run.side.tables import attach, attached
from kura_core.run.workspace import Workspace, browser_workspace, local_workspace, new_secret
from kura_core.sample import conversations_path

# Stands in for the pipeline: says it began, then waits for a cancel file or a line on stdin.
CHILD = """
import json, os, sys, time
folder = sys.argv[1]
def tell(**event):
    with open(os.path.join(folder, "events.jsonl"), "a") as file:
        file.write(json.dumps({"t": time.time(), **event}) + "\\n")
tell(event="run_started")
mode = sys.argv[2]
if mode == "die":
    print("out of luck", file=sys.stderr)
    os._exit(1)
if mode == "keys":
    print("got", sorted(json.loads(sys.stdin.read())))
while mode == "wait" and not os.path.exists(os.path.join(folder, "cancel")):
    time.sleep(0.01)
status = "cancelled" if mode == "wait" else "done"
tell(event="run_finished", status=status, text="as told", seconds=1.5)
with open(os.path.join(folder, "manifest.json"), "w") as file:
    json.dump({"status": status, "counts": {"summarised": 7, "clusters": 2}, "cost_usd": 0.0}, file)
"""

REAL_COMMAND = jobs.run_command


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return local_workspace(tmp_path / "home")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "logs.jsonl"
    path.write_text("{}\n")
    return path


@pytest.fixture(autouse=True)
def _end_children() -> Iterator[None]:
    yield
    for child in psutil.Process().children():
        child.kill()
        child.wait(10)


def child(monkeypatch: pytest.MonkeyPatch, mode: str) -> list[list[str]]:
    """Make runs start the stand-in; returns the commands that would have been given."""
    given: list[list[str]] = []

    def command(folder: Path, about: dict[str, Any], *, with_keys: bool) -> list[str]:
        given.append(REAL_COMMAND(folder, about, with_keys=with_keys))
        return [sys.executable, "-c", CHILD, str(folder), mode]

    monkeypatch.setattr(jobs, "run_command", command)
    return given


def ended(workspace: Workspace, run_id: str) -> Job:
    pid = find_run(workspace, run_id).pid
    if psutil.pid_exists(pid):
        psutil.Process(pid).wait(20)
    return find_run(workspace, run_id)


def start(workspace: Workspace, source: Path, **more: Any) -> str:
    return start_run(workspace, source, RunConfig(), name="Logs", **more)


def test_a_run_is_the_command_a_script_would_give(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = child(monkeypatch, "finish")
    config = RunConfig(clusters=7, seed=3)
    run_id = start_run(workspace, source, config, name="Logs")
    folder = workspace.runs / run_id

    assert given[0][1:] == [
        *["-m", "kura_core", "run", str(source), "--out", str(folder)],
        *["--config", str(folder / "config.json"), "--events", str(folder / "events.jsonl")],
        *["--cache", str(workspace.root / "cache"), "--keep-joined"],
        "--retry-failed",
    ]
    assert read_config(workspace, run_id) == config
    assert RunConfig.model_validate_json((folder / "config.json").read_text()) == config


def add_ratings(folder: Path, name: str) -> None:
    path = folder / name
    path.write_text("conversation_id,thumbs_up\nc1,0\n", "utf-8")
    attach(folder, read_side_table(path, "feedback", ["c1"]))


def test_a_new_run_of_a_file_inherits_the_tables_of_the_newest_one(
    workspace: Workspace, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "finish")
    for name in ("old.csv", "new.csv"):
        earlier = start(workspace, source)
        ended(workspace, earlier)
        add_ratings(workspace.runs / earlier, name)
    later = start(workspace, source)
    other = tmp_path / "other.jsonl"
    other.write_text("{}\n")
    ended(workspace, later)
    unrelated = start(workspace, other)

    assert attached(workspace.runs / later)["feedback"].name == "new.csv"
    assert attached(workspace.runs / unrelated) == {}


def test_a_run_of_the_sample_gets_the_sample_s_tables(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "finish")
    sample = tmp_path / "sample"
    sample.mkdir()
    add_ratings(sample, "user_feedback.csv")
    monkeypatch.setattr(jobs, "finished_run", lambda: sample)
    run_id = start(workspace, conversations_path())

    assert attached(workspace.runs / run_id)["feedback"].name == "user_feedback.csv"


def test_a_finished_run_says_what_it_made(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "finish")
    job = ended(workspace, start(workspace, source, input_name="My logs"))

    assert (job.status, job.name, job.input_name) == ("done", "Logs", "My logs")
    assert (job.conversations, job.clusters, job.seconds, job.text) == (7, 2, 1.5, "as told")


def test_a_run_that_is_under_way_is_found_by_any_server_and_can_be_cancelled(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "wait")
    run_id = start(workspace, source)
    code = (
        "import sys; from pathlib import Path; from kura_core.run.jobs import list_runs;"
        "from kura_core.run.workspace import local_workspace;"
        "print([job.status for job in list_runs(local_workspace(Path(sys.argv[1])))])"
    )
    other = [sys.executable, "-c", code, str(workspace.home)]
    assert subprocess.run(other, capture_output=True, text=True).stdout.strip() == "['running']"

    cancel_run(workspace, run_id)

    assert ended(workspace, run_id).status == "cancelled"
    assert not find_run(workspace, run_id).stopping


def test_a_run_whose_process_is_gone_is_interrupted_and_can_be_resumed(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "die")
    run_id = start(workspace, source)
    assert ended(workspace, run_id).status == "interrupted"
    assert "out of luck" in (workspace.runs / run_id / "log.txt").read_text()

    given = child(monkeypatch, "finish")
    resume_run(workspace, run_id)

    assert ended(workspace, run_id).status == "done"
    assert given[0][6] == str(workspace.runs / run_id)


def test_the_end_of_an_earlier_attempt_is_not_taken_for_the_end_of_this_one(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "wait")
    run_id = start(workspace, source)
    cancel_run(workspace, run_id)
    assert ended(workspace, run_id).status == "cancelled"

    resume_run(workspace, run_id)

    assert find_run(workspace, run_id).status == "running"


def test_another_process_that_got_the_same_pid_is_not_taken_for_the_run(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "die")
    run_id = start(workspace, source)
    ended(workspace, run_id)
    path = workspace.runs / run_id / "job.json"
    about = json.loads(path.read_text())
    path.write_text(json.dumps({**about, "pid": psutil.Process().pid}))

    assert find_run(workspace, run_id).status == "interrupted"


def test_one_run_at_a_time_and_a_sentence_for_the_second(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "wait")
    start(workspace, source)

    with pytest.raises(InputError, match="Another run is under way"):
        start(workspace, source)
    assert len(list_runs(workspace)) == 1


def test_strangers_share_the_limit_of_a_public_server_but_see_nothing_of_each_other(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "wait")
    people = [browser_workspace(tmp_path, new_secret()) for _ in range(3)]
    first = start(people[0], source)
    start(people[1], source)

    with pytest.raises(InputError, match="2 runs are under way on this server"):
        start(people[2], source)
    assert list_runs(people[2]) == []
    with pytest.raises(InputError, match="no run"):
        find_run(people[1], first)


def test_the_newest_run_of_the_same_file_is_offered_for_reuse(
    workspace: Workspace, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = child(monkeypatch, "finish")
    other = tmp_path / "other.jsonl"
    other.write_text("{}\n")
    for path in (source, source, other, source):
        ended(workspace, start(workspace, path))
    runs = [command[6] for command in given]

    assert "--reuse" not in given[0]
    assert "--reuse" not in given[2]
    assert given[3][given[3].index("--reuse") + 1] == runs[1]


def test_keys_go_through_stdin_only(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = child(monkeypatch, "keys")
    run_id = start(workspace, source, keys={"openai": "sk-not-a-real-key"})

    assert ended(workspace, run_id).status == "done"
    assert given[0][-1] == "--keys-stdin"
    assert "got ['openai']" in (workspace.runs / run_id / "log.txt").read_text()
    for path in (workspace.runs / run_id).iterdir():
        assert "sk-not-a-real-key" not in path.read_text()


def test_a_run_under_way_is_not_deleted_and_a_finished_one_is(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "wait")
    run_id = start(workspace, source)
    with pytest.raises(InputError, match="cancel it first"):
        delete_run(workspace, run_id)
    cancel_run(workspace, run_id)
    ended(workspace, run_id)

    delete_run(workspace, run_id)

    assert list_runs(workspace) == []
    assert not (workspace.runs / run_id).exists()


def test_a_resume_without_the_input_says_to_upload_it_again(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "die")
    run_id = start(workspace, source)
    ended(workspace, run_id)
    source.unlink()

    with pytest.raises(InputError, match="upload it again"):
        resume_run(workspace, run_id)


def test_a_torn_last_line_of_the_events_is_passed_over(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "die")
    run_id = start(workspace, source)
    ended(workspace, run_id)
    events = workspace.runs / run_id / "events.jsonl"
    events.write_text('{"event": "run_finished", "status": "failed", "text": "why"}\n{"ev')

    assert (find_run(workspace, run_id).status, find_run(workspace, run_id).text) == (
        "failed",
        "why",
    )


def test_a_stranger_cannot_make_a_public_server_call_into_its_own_network(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = child(monkeypatch, "finish")
    stranger = browser_workspace(tmp_path, new_secret())
    config = RunConfig(engine="openai", base_url="http://127.0.0.1:8000/v1")

    with pytest.raises(ConfigError, match="inside this server's own network"):
        start_run(stranger, source, config, name="Logs")
    assert list_runs(stranger) == []
    assert given == []


def test_on_ones_own_machine_any_address_may_be_called(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "finish")
    config = RunConfig(engine="openai", base_url="http://127.0.0.1:8000/v1")

    run_id = start_run(workspace, source, config, name="Logs")

    assert ended(workspace, run_id).status == "done"


def test_a_run_of_a_stranger_never_sees_the_servers_own_keys(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-the-operators-own")
    seen: dict[str, Any] = {}
    monkeypatch.setattr(
        jobs, "run_command", lambda folder, about, **_: [sys.executable, "-c", "pass"]
    )
    real = subprocess.Popen
    monkeypatch.setattr(
        jobs.subprocess,
        "Popen",
        lambda *command, **options: seen.update(options["env"]) or real(*command, **options),
    )
    stranger = browser_workspace(tmp_path, new_secret())
    ended(stranger, start(stranger, source))

    assert "OPENAI_API_KEY" not in seen
    assert "PATH" in seen


def test_settings_that_are_gone_are_a_sentence(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "finish")
    run_id = start(workspace, source)
    ended(workspace, run_id)
    (workspace.runs / run_id / "config.json").write_text('{"of": "another version"}')

    with pytest.raises(InputError, match="Start a new run"):
        read_config(workspace, run_id)


def test_a_higher_budget_takes_the_place_of_the_one_it_stopped_at(
    workspace: Workspace, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, "finish")
    run_id = start_run(workspace, source, RunConfig(budget=0.5, clusters=7), name="Logs")
    ended(workspace, run_id)
    resume_run(workspace, run_id, budget=2.0)
    assert read_config(workspace, run_id) == RunConfig(budget=2.0, clusters=7)
    ended(workspace, run_id)
    resume_run(workspace, run_id)
    assert read_config(workspace, run_id).budget == 2.0
