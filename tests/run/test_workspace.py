import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kura_core.errors import InputError
from kura_core.run.workspace import (
    browser_workspace,
    folder_of,
    is_public,
    kura_home,
    local_workspace,
    make_private,
    new_id,
    new_secret,
    open_run,
    write_private,
)


def test_the_home_is_the_users_own_unless_set(tmp_path: Path) -> None:
    assert kura_home({}) == (Path.home() / ".kura").resolve()
    assert kura_home({"KURA_HOME": str(tmp_path)}) == tmp_path.resolve()


@pytest.mark.parametrize(
    ("value", "public"), [("1", True), ("true", True), ("0", False), ("", False)]
)
def test_public_mode_is_switched_by_the_operator(value: str, public: bool) -> None:
    assert is_public({"KURA_PUBLIC": value}) is public
    assert not is_public({})


def test_community_cloud_is_public_unless_the_operator_says_otherwise() -> None:
    there = Path("/mount/src/kura/kura_core/run/workspace.py")

    assert is_public({}, there)
    assert not is_public({"KURA_PUBLIC": "0"}, there)


@pytest.mark.skipif(os.name != "posix", reason="folder modes are a POSIX matter")
def test_only_the_owner_may_enter_a_workspace(tmp_path: Path) -> None:
    workspace = local_workspace(tmp_path / "deep" / "home")

    for folder in (tmp_path / "deep", workspace.home, workspace.uploads, workspace.runs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_browser_comes_back_to_its_own_workspace_and_no_other(tmp_path: Path) -> None:
    mine, yours = new_secret(), new_secret()

    assert browser_workspace(tmp_path, mine) == browser_workspace(tmp_path, mine)
    assert browser_workspace(tmp_path, mine).root != browser_workspace(tmp_path, yours).root


def test_the_secret_is_not_on_the_disk(tmp_path: Path) -> None:
    secret = new_secret()
    browser_workspace(tmp_path, secret)

    assert not [path for path in tmp_path.rglob("*") if secret in str(path)]


@pytest.mark.parametrize("secret", ["", "short", "../../etc/passwd", "a" * 31, "a" * 40 + "/"])
def test_a_secret_of_another_form_opens_nothing(tmp_path: Path, secret: str) -> None:
    with pytest.raises(InputError, match="workspace key"):
        browser_workspace(tmp_path, secret)
    assert not list(tmp_path.iterdir())


def test_a_run_is_found_by_its_id_only_in_its_own_workspace(tmp_path: Path) -> None:
    mine = browser_workspace(tmp_path, new_secret())
    yours = browser_workspace(tmp_path, new_secret())
    run_id = new_id()
    folder = make_private(mine.runs / run_id)

    assert open_run(mine, run_id) == folder
    with pytest.raises(InputError, match="no run"):
        open_run(yours, run_id)


@given(st.text(max_size=80))
def test_no_id_leads_out_of_the_workspace(name: str) -> None:
    parent = Path(__file__).parent.parent
    try:
        found = folder_of(parent, name, "run")
    except InputError:
        return
    assert found.parent == parent


@pytest.mark.parametrize("name", ["..", "../runs", "a/../../b", "/etc", "c:\\temp", ".", ""])
def test_a_path_is_not_an_id(tmp_path: Path, name: str) -> None:
    workspace = local_workspace(tmp_path)

    with pytest.raises(InputError, match="choose one from the list"):
        open_run(workspace, name)


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path: Path) -> None:
    workspace = local_workspace(tmp_path)
    outside = tmp_path / "outside-folder"
    outside.mkdir()
    (workspace.runs / "linked-run").symlink_to(outside, target_is_directory=True)

    with pytest.raises(InputError):
        open_run(workspace, "linked-run")


def test_a_private_file_is_whole_its_owner_s_alone_and_kept_where_a_new_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept" / "names.json"
    write_private(path, b"first")
    assert path.stat().st_mode & 0o077 == 0

    def full(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"second")
    assert [file.name for file in path.parent.iterdir()] == ["names.json"]
    assert path.read_bytes() == b"first"
