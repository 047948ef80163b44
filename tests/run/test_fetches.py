import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from kura_core.errors import InputError
from kura_core.run import fetches
from kura_core.run.fetches import cancel_fetch, find_fetch, running_fetches, start_fetch
from kura_core.run.uploads import list_uploads, open_upload
from kura_core.run.workspace import Workspace, local_workspace

# Stands in for the fetching: tells a row, then is done, fails, or waits to be ended.
CHILD = """
import json, os, sys, time
mode, target = sys.argv[1:]
assert os.listdir() == [], "the process can see files by a relative name"
print(json.dumps({"rows": 7}), flush=True)
if mode == "done":
    with open(target, "w") as file:
        file.write("{}")
elif mode == "fail":
    print(json.dumps({"error": "There is no data set of that name."}), flush=True)
elif mode == "wait":
    time.sleep(60)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return local_workspace(tmp_path / "home")


@pytest.fixture(autouse=True)
def _end_children() -> Iterator[None]:
    yield
    for child in psutil.Process().children():
        child.kill()
        child.wait(10)


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Any:
    real = fetches.subprocess.Popen
    given: list[list[str]] = []

    def begin(mode: str) -> list[list[str]]:
        def start(command: list[str], **options: Any) -> Any:
            given.append(command)
            target = next(part for part in command if part.endswith(".jsonl"))
            return real([sys.executable, "-c", CHILD, mode, target], **options)

        monkeypatch.setattr(fetches.subprocess, "Popen", start)
        return given

    return begin


def ended(workspace: Workspace, upload_id: str) -> Any:
    for process in psutil.Process().children():
        process.wait(20)
    return find_fetch(workspace, upload_id)


def test_a_fetched_data_set_is_an_upload_like_any_other(workspace: Workspace, child: Any) -> None:
    given = child("done")
    upload_id = start_fetch(workspace, "owner/some.name", "test", 50)
    fetch = ended(workspace, upload_id)

    assert (fetch.status, fetch.rows, fetch.name) == ("done", 7, "owner/some.name")
    assert open_upload(workspace, upload_id).name == "owner_some.name.jsonl"
    assert given[0][-4:] == ["--limit", "50", "--split", "test"]


def test_until_it_is_whole_it_is_no_upload(workspace: Workspace, child: Any) -> None:
    child("wait")
    upload_id = start_fetch(workspace, "owner/name", None, 50)

    assert list_uploads(workspace) == []
    assert [fetch.upload_id for fetch in running_fetches(workspace)] == [upload_id]

    cancel_fetch(workspace, upload_id)

    assert find_fetch(workspace, upload_id) is None
    assert not list(workspace.uploads.iterdir())


def test_what_went_wrong_is_a_sentence(workspace: Workspace, child: Any) -> None:
    child("fail")
    upload_id = start_fetch(workspace, "owner/name", None, 50)
    fetch = ended(workspace, upload_id)

    assert (fetch.status, fetch.text) == ("failed", "There is no data set of that name.")
    assert list_uploads(workspace) == []


def test_a_process_that_died_is_said(workspace: Workspace, child: Any) -> None:
    child("die")
    fetch = ended(workspace, start_fetch(workspace, "owner/name", None, 50))

    assert fetch.status == "failed"
    assert "ended unexpectedly" in fetch.text


@pytest.mark.parametrize(("name", "limit"), [("/etc", 10), ("owner/name", 0), ("a/b", 10**9)])
def test_a_wish_that_cannot_be_met_starts_nothing(
    workspace: Workspace, name: str, limit: int
) -> None:
    with pytest.raises(InputError):
        start_fetch(workspace, name, None, limit)
    assert not list(workspace.uploads.iterdir())


def test_only_so_many_are_fetched_at_once(workspace: Workspace, child: Any) -> None:
    child("wait")
    for _ in range(fetches.FETCHES_AT_ONCE):
        start_fetch(workspace, "owner/name", None, 5)

    with pytest.raises(InputError, match="Try again in a minute"):
        start_fetch(workspace, "owner/name", None, 5)


def test_on_a_public_server_the_servers_token_stays_with_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    def start(command: list[str], **options: Any) -> Any:
        seen.update(options["env"])
        raise OSError("enough seen")

    monkeypatch.setattr(fetches.subprocess, "Popen", start)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    workspace = Workspace(tmp_path, tmp_path / "browsers" / "a", public=True)
    with pytest.raises(OSError, match="enough"):
        start_fetch(workspace, "owner/name", None, 5)

    assert "HF_TOKEN" not in seen
