from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kura_core.errors import InputError
from kura_core.insights.sql import saved_queries
from kura_core.insights.sql.saved_queries import (
    FILE,
    delete_query,
    list_saved,
    rename_query,
    save_query,
)
from kura_core.run.workspace import Workspace, browser_workspace, local_workspace, new_secret


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return local_workspace(tmp_path)


def test_a_query_is_kept_renamed_and_forgotten(workspace: Workspace) -> None:
    assert save_query(workspace, "  Revenue \n at risk ", "SELECT 1") == "Revenue at risk"
    save_query(workspace, "a", "SELECT 2")
    assert list_saved(workspace) == {"a": "SELECT 2", "Revenue at risk": "SELECT 1"}

    rename_query(workspace, "a", "b")
    delete_query(workspace, "Revenue at risk")
    delete_query(workspace, "never there")
    assert list_saved(workspace) == {"b": "SELECT 2"}


def test_the_same_name_takes_the_place_of_the_earlier_query(workspace: Workspace) -> None:
    save_query(workspace, "a", "SELECT 1")
    save_query(workspace, "a", "SELECT 2")

    assert list_saved(workspace) == {"a": "SELECT 2"}


def test_a_blank_or_long_or_taken_name_is_said(workspace: Workspace) -> None:
    save_query(workspace, "a", "SELECT 1")
    save_query(workspace, "b", "SELECT 1")
    with pytest.raises(InputError, match="needs a name"):
        save_query(workspace, "  ", "SELECT 1")
    with pytest.raises(InputError, match="81 characters"):
        save_query(workspace, "x" * 81, "SELECT 1")
    with pytest.raises(InputError, match="no query to save"):
        save_query(workspace, "c", " \n")
    with pytest.raises(InputError, match="Another query is saved as “b”"):
        rename_query(workspace, "a", "b")
    with pytest.raises(InputError, match="it was deleted"):
        rename_query(workspace, "gone", "c")
    assert list_saved(workspace) == {"a": "SELECT 1", "b": "SELECT 1"}


def test_too_many_queries_are_said(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_queries, "MOST_QUERIES", 1)
    save_query(workspace, "a", "SELECT 1")
    save_query(workspace, "a", "SELECT 2")
    with pytest.raises(InputError, match="delete one first"):
        save_query(workspace, "b", "SELECT 1")


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"a": 3}', b"{broken"])
def test_a_damaged_file_counts_as_none_and_is_replaced(
    workspace: Workspace, content: bytes
) -> None:
    (workspace.root / FILE).write_bytes(content)

    assert list_saved(workspace) == {}
    save_query(workspace, "a", "SELECT 1")
    assert list_saved(workspace) == {"a": "SELECT 1"}


def test_one_browser_does_not_see_anothers_queries(tmp_path: Path) -> None:
    one, other = (browser_workspace(tmp_path, new_secret()) for _ in range(2))
    save_query(one, "mine", "SELECT 1")

    assert list_saved(other) == {}
    assert stat.S_IMODE((one.root / FILE).stat().st_mode) == 0o600


def test_a_workspace_that_cannot_be_written_to_is_said(workspace: Workspace) -> None:
    (workspace.root / FILE).mkdir()

    with pytest.raises(InputError, match="could not be written"):
        save_query(workspace, "a", "SELECT 1")
    assert not list(workspace.root.glob("*.part"))
