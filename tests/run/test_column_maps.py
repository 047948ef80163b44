"""What the user said of columns is kept for the next file of that shape."""

from __future__ import annotations

import stat
from pathlib import Path

from kura_core.run.column_maps import FILE, MOST_SHAPES, load_column_map, save_column_map
from kura_core.run.workspace import local_workspace


def test_a_map_is_kept_by_shape_and_forgotten_when_empty(tmp_path: Path) -> None:
    workspace = local_workspace(tmp_path)
    assert load_column_map(workspace, "s1") == {}
    save_column_map(workspace, "s1", {"text": "body"})
    save_column_map(workspace, "s2", {"prompt": "q"})
    assert load_column_map(workspace, "s1") == {"text": "body"}
    save_column_map(workspace, "s1", {})
    assert load_column_map(workspace, "s1") == {}
    assert load_column_map(workspace, "s2") == {"prompt": "q"}


def test_the_file_is_private_whole_and_bounded(tmp_path: Path) -> None:
    workspace = local_workspace(tmp_path)
    for number in range(MOST_SHAPES + 5):
        save_column_map(workspace, f"s{number}", {"text": "body"})
    path = workspace.root / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_column_map(workspace, "s4") == {} and load_column_map(workspace, "s5")
    assert [one.name for one in workspace.root.iterdir() if one.is_file()] == [FILE]


def test_a_damaged_file_counts_as_none(tmp_path: Path) -> None:
    workspace = local_workspace(tmp_path)
    for content in (b"{broken", b"[1]", b'{"s": 3}', b'{"s": {"unknown": "x", "text": 5}}'):
        (workspace.root / FILE).write_bytes(content)
        assert load_column_map(workspace, "s") == {}
    save_column_map(workspace, "s", {"text": "body"})
    assert load_column_map(workspace, "s") == {"text": "body"}
