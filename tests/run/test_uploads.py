import io
import json
from pathlib import Path

import pytest

from kura_core.errors import InputError
from kura_core.run.uploads import (
    check_upload,
    delete_upload,
    list_uploads,
    name_columns,
    open_upload,
    preview_upload,
    save_upload,
)
from kura_core.run.workspace import Workspace, browser_workspace, local_workspace, new_secret

ROWS = [
    {"conversation_id": "b", "messages": [{"role": "user", "content": "find my contract"}]},
    {"conversation_id": "a", "messages": [{"role": "user", "content": "send an e-mail"}]},
    {"conversation_id": "a", "messages": [{"role": "user", "content": "the same id again"}]},
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return local_workspace(tmp_path)


def upload_lines(workspace: Workspace, *lines: str, name: str = "logs.jsonl") -> str:
    return save_upload(workspace, name, io.BytesIO("\n".join(lines).encode())).upload_id


def test_an_upload_is_listed_and_opened_under_the_name_the_user_knows(workspace: Workspace) -> None:
    upload_id = upload_lines(workspace, "{}", name="März logs.jsonl")

    assert [upload.name for upload in list_uploads(workspace)] == ["März logs.jsonl"]
    assert open_upload(workspace, upload_id).path.read_text() == "{}"


@pytest.mark.parametrize("name", ["../../evil.jsonl", "..\\..\\evil.jsonl", "/etc/evil.jsonl"])
def test_a_name_with_a_path_in_it_stays_in_the_upload_folder(
    workspace: Workspace, name: str
) -> None:
    upload = open_upload(workspace, upload_lines(workspace, "{}", name=name))

    assert upload.path.parent.parent == workspace.uploads
    assert upload.name == "evil.jsonl"


@pytest.mark.parametrize("name", ["", "...", "/", "\x00"])
def test_a_name_without_usable_characters_is_replaced(workspace: Workspace, name: str) -> None:
    assert open_upload(workspace, upload_lines(workspace, "{}", name=name)).path.is_file()


def test_an_upload_of_another_workspace_is_not_found(tmp_path: Path) -> None:
    mine = browser_workspace(tmp_path, new_secret())
    yours = browser_workspace(tmp_path, new_secret())
    upload_id = upload_lines(mine, "{}")

    with pytest.raises(InputError, match="no upload"):
        open_upload(yours, upload_id)
    with pytest.raises(InputError, match="no upload"):
        delete_upload(yours, upload_id)


def test_the_check_counts_every_row_and_says_why_one_is_left_out(workspace: Workspace) -> None:
    upload_id = upload_lines(workspace, *map(json.dumps, ROWS), "not json")

    found = check_upload(workspace, open_upload(workspace, upload_id))

    assert (found["read"], found["rejected"], found["loaded"], found["filtered"]) == (4, 1, 3, 1)
    assert [row["source_row"] for row in found["excluded"]] == [3, 4]
    assert [row["conversation_id"] for row in found["preview"]] == ["a", "b"]


def test_a_file_of_no_use_gives_the_loaders_sentence(workspace: Workspace) -> None:
    upload = open_upload(workspace, upload_lines(workspace, "nothing", "like", "json"))

    for _ in range(2):
        with pytest.raises(InputError) as error:
            check_upload(workspace, upload)
        assert "Traceback" not in str(error.value)


def test_a_check_is_not_worked_out_twice(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = open_upload(workspace, upload_lines(workspace, json.dumps(ROWS[0])))
    first = check_upload(workspace, upload)
    monkeypatch.setattr("kura_core.run.uploads.subprocess.run", None)

    assert check_upload(workspace, upload) == first


def test_a_deleted_upload_is_gone(workspace: Workspace) -> None:
    upload_id = upload_lines(workspace, json.dumps(ROWS[0]))
    check_upload(workspace, open_upload(workspace, upload_id))

    delete_upload(workspace, upload_id)

    assert list_uploads(workspace) == []
    assert not list(workspace.root.glob(f"**/*{upload_id}*"))


def test_a_full_disk_is_a_sentence_and_leaves_nothing_behind(workspace: Workspace) -> None:
    class Torn(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="No space left on device"):
        save_upload(workspace, "logs.jsonl", Torn())
    assert not list(workspace.uploads.iterdir())


AWKWARD = 'say "what", they said'
TICKETS = ["nr;wer;" + '"say ""what"", they said"' + ";notiz"] + [
    f"T{number};{who};{what} {number};the customer was called back by team {number}"
    for number in range(3)
    for who, what in (("kunde", "Where is the signed contract"), ("bot", "I cannot find it"))
]
COLUMNS = {"conversation_id": "nr", "role": "wer", "text": AWKWARD}


def test_a_file_whose_columns_must_be_named_says_so_and_what_it_has(workspace: Workspace) -> None:
    upload = open_upload(workspace, upload_lines(workspace, *TICKETS, name="tickets.csv"))

    found = check_upload(workspace, upload)

    assert [c["name"] for c in found["needs_columns"]["columns"]] == ["nr", "wer", AWKWARD, "notiz"]
    assert found["error"]
    assert found["used_columns"] == {}


def test_columns_are_used_for_this_file_and_the_next_of_its_shape(workspace: Workspace) -> None:
    first = open_upload(workspace, upload_lines(workspace, *TICKETS, name="tickets.csv"))
    shape = check_upload(workspace, first)["needs_columns"]["shape"]
    name_columns(workspace, first, shape, COLUMNS)

    found = check_upload(workspace, first)
    assert (found["usable"], found["used_columns"], found["set_here"]) == (3, COLUMNS, True)

    second = open_upload(workspace, upload_lines(workspace, *TICKETS, name="later.csv"))
    found = check_upload(workspace, second)
    assert (found["usable"], found["used_columns"], found["set_here"]) == (3, COLUMNS, False)

    name_columns(workspace, second, shape, {})
    assert "needs_columns" in check_upload(workspace, first)


def test_a_choice_of_columns_can_be_tried_without_being_kept(workspace: Workspace) -> None:
    upload = open_upload(workspace, upload_lines(workspace, *TICKETS, name="tickets.csv"))

    found = preview_upload(workspace, upload, COLUMNS)

    assert (found["usable"], found["left_out"], found["rows"]) == (3, 0, 6)
    assert "needs_columns" in check_upload(workspace, upload)


def test_a_file_that_is_not_whole_yet_is_no_upload(workspace: Workspace) -> None:
    upload_id = upload_lines(workspace, json.dumps(ROWS[0]))
    path = open_upload(workspace, upload_id).path
    path.rename(path.with_name(f".{path.name}.part"))

    assert list_uploads(workspace) == []
    with pytest.raises(InputError, match="empty"):
        open_upload(workspace, upload_id)
