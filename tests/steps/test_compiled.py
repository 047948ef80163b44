"""Compiled code that is kept on disk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from kura_core.steps.compiled import compiled_code_kept, umap_functions
from kura_core.steps.project import project_conversations, warm_up
from tests.steps.planted import random_rows


def _twice(value: float) -> float:
    return 2 * value


def _use(folder: Path, value: float = 4.0) -> Any:
    """Do what a new process does; returns the function, which counts what was loaded."""
    function = numba.njit(_twice)
    with compiled_code_kept([function], folder):
        assert function(value) == 2 * value
    return function


def _loaded(function: Any) -> int:
    return sum(function.stats.cache_hits.values())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_one_process_compiled_another_loads(tmp_path: Path) -> None:
    assert _loaded(_use(tmp_path)) == 0
    kept = _files(tmp_path)
    assert {path.suffix for path in kept} == {".nbi", ".nbc", ".json"}
    assert _loaded(_use(tmp_path)) == 1
    assert _files(tmp_path) == kept


def test_code_is_kept_where_only_its_owner_may_look(tmp_path: Path) -> None:
    _use(tmp_path / "compiled")
    for folder in [tmp_path / "compiled", *(tmp_path / "compiled").iterdir()]:
        assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("suffix", [".nbi", ".nbc", ".json"])
@pytest.mark.parametrize("damage", [b"", b"not what was written", None])
def test_damaged_code_is_compiled_again_and_kept(
    suffix: str, damage: bytes | None, tmp_path: Path
) -> None:
    _use(tmp_path)
    [file] = [path for path in _files(tmp_path) if path.suffix == suffix]
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage)
    assert _loaded(_use(tmp_path)) == 0
    assert _loaded(_use(tmp_path)) == 1


def test_a_folder_that_cannot_be_made_leaves_functions_to_compile(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert _loaded(_use(tmp_path / "file" / "compiled")) == 0
    assert [path.name for path in _files(tmp_path)] == ["file"]


def test_code_in_a_folder_that_cannot_be_written_is_not_taken_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert _loaded(_use(tmp_path)) == 0


def test_other_settings_of_numba_have_code_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(tmp_path)
    monkeypatch.setenv("NUMBA_OPT", "2")
    assert _loaded(_use(tmp_path)) == 0


def test_two_that_compile_at_once_leave_one_whole(tmp_path: Path) -> None:
    first, second = numba.njit(_twice), numba.njit(_twice)
    with compiled_code_kept([first], tmp_path):
        with compiled_code_kept([second], tmp_path):
            assert second(1.0) == 2.0
        assert first(1.0) == 2.0
    assert len(list(tmp_path.iterdir())) == 1
    assert _loaded(_use(tmp_path)) == 1


def test_nothing_is_written_once_it_is_over(tmp_path: Path) -> None:
    function = _use(tmp_path)
    kept = _files(tmp_path)
    assert function(3) == 6
    assert _files(tmp_path) == kept


def test_a_disk_that_fails_while_code_is_kept_leaves_the_functions_usable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = numba.njit(_twice)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"), compiled_code_kept([function], tmp_path):
        function(4.0)
    assert function(4.0) == 8.0
    assert function(4) == 8
    assert _files(tmp_path) == []


def test_functions_that_are_compiled_already_leave_nothing_half_kept(tmp_path: Path) -> None:
    used, other = numba.njit(_twice), numba.njit(_twice)
    used(1.0)
    with compiled_code_kept([used, other], tmp_path):
        assert other(1.0) == 2.0
    assert _files(tmp_path) == []


def test_numba_keeps_its_own_cache_folder(tmp_path: Path) -> None:
    before = numba.config.CACHE_DIR
    _use(tmp_path)
    assert before == numba.config.CACHE_DIR


def test_a_map_needs_no_code_that_was_not_made_ready(tmp_path: Path) -> None:
    warm_up(tmp_path)
    ready = [len(function.overloads) for function in umap_functions()]
    project_conversations(random_rows(300))
    project_conversations(random_rows(20).astype(np.float32))
    assert len(ready) == 3
    assert [len(function.overloads) for function in umap_functions()] == ready
    assert all(ready)
