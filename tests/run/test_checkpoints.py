"""Finished items: kept, found by what they were made from, never believed when damaged."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from kura_core.errors import KuraError
from kura_core.run.checkpoints import JSONLCheckpointManager

ITEMS = [("a", {"text": "one", "weight": 0.1}), ("b", {"text": "zwei", "weight": None})]


@pytest.fixture
def store(tmp_path: Path) -> JSONLCheckpointManager:
    store = JSONLCheckpointManager(tmp_path / "checkpoints")
    store.begin("summaries", "v1")
    store.append("summaries", ITEMS)
    return store


def test_items_come_back_as_they_went(store: JSONLCheckpointManager) -> None:
    assert store.load("summaries", "v1") == dict(ITEMS)
    assert JSONLCheckpointManager(str(store.folder)).load("summaries", "v1") == dict(ITEMS)
    assert store.load("clusters", "v1") == {}


def test_items_made_from_something_else_are_not_returned_and_replaced(
    store: JSONLCheckpointManager,
) -> None:
    assert store.load("summaries", "v2") == {}
    store.begin("summaries", "v2")
    assert store.load("summaries", "v1") == store.load("summaries", "v2") == {}
    store.append("summaries", ITEMS[:1])
    assert store.load("summaries", "v2") == dict(ITEMS[:1])


def test_a_step_begun_again_keeps_its_items(store: JSONLCheckpointManager) -> None:
    store.begin("clusters", "other")
    store.begin("summaries", "v1")
    store.append("summaries", [("c", {"text": "three"})])
    assert list(store.load("summaries", "v1")) == ["a", "b", "c"]


def test_a_torn_line_is_skipped_and_what_follows_it_is_not(
    store: JSONLCheckpointManager,
) -> None:
    path = store.folder / "summaries.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    assert list(store.load("summaries", "v1")) == ["a"]
    store.begin("summaries", "v1")
    store.append("summaries", [("c", {"text": "three"})])
    assert list(store.load("summaries", "v1")) == ["a", "c"]


@pytest.mark.parametrize("line", [b"[1, 2]", b"7", b'{"text": "no key"}', b"\xff\xfe", b"{}", b""])
def test_a_line_of_another_form_is_skipped(line: bytes, store: JSONLCheckpointManager) -> None:
    path = store.folder / "summaries.jsonl"
    path.write_bytes(line + b"\n" + path.read_bytes())
    assert store.load("summaries", "v1") == dict(ITEMS)


def test_an_edited_line_is_not_believed(store: JSONLCheckpointManager) -> None:
    path = store.folder / "summaries.jsonl"
    path.write_bytes(path.read_bytes().replace(b"zwei", b"drei"))
    assert list(store.load("summaries", "v1")) == ["a"]


def test_a_line_moved_to_another_key_is_not_believed(store: JSONLCheckpointManager) -> None:
    path = store.folder / "summaries.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"key":"a"', b'"key":"z"'))
    assert list(store.load("summaries", "v1")) == ["b"]


def test_a_step_that_is_saved_replaces_its_items(store: JSONLCheckpointManager) -> None:
    store.save("summaries", "v1", [("z", {"text": "last"})])
    assert store.load("summaries", "v1") == {"z": {"text": "last"}}


def test_numbers_and_arrays_of_numpy_become_plain(store: JSONLCheckpointManager) -> None:
    item = {"place": np.float32(0.5), "vector": np.arange(3), "many": [np.float64(0.1)]}
    store.save("clusters", "v1", [("a", item)])
    assert store.load("clusters", "v1")["a"] == {
        "place": 0.5,
        "vector": [0, 1, 2],
        "many": [0.1],
    }


def test_a_disabled_manager_keeps_and_finds_nothing(tmp_path: Path) -> None:
    store = JSONLCheckpointManager(tmp_path / "none", enabled=False)
    store.begin("summaries", "v1")
    store.append("summaries", ITEMS)
    store.save("clusters", "v1", ITEMS)
    store.save_arrays("map", "v1", points=np.zeros(3))
    assert store.load("summaries", "v1") == {}
    assert store.load_arrays("map", "v1") is None
    assert not store.has("map")
    assert not (tmp_path / "none").exists()


def test_arrays_come_back_only_under_what_they_were_made_from(
    store: JSONLCheckpointManager,
) -> None:
    points = np.arange(6, dtype=np.float64).reshape(3, 2)
    store.save_arrays("map", "v1", points=points)
    kept = store.load_arrays("map", "v1")
    assert kept is not None
    np.testing.assert_array_equal(kept["points"], points)
    assert store.load_arrays("map", "v2") is None
    assert store.has("map")
    assert not store.has("clusters")


@pytest.mark.parametrize("damage", [slice(0, 0), slice(0, 60), slice(0, -200)])
def test_damaged_arrays_count_as_none(damage: slice, store: JSONLCheckpointManager) -> None:
    store.save_arrays("map", "v1", points=np.arange(600.0))
    path = store.folder / "map.npz"
    path.write_bytes(path.read_bytes()[damage])
    assert store.load_arrays("map", "v1") is None


def test_altered_arrays_count_as_none(store: JSONLCheckpointManager) -> None:
    store.save_arrays("map", "v1", points=np.arange(600.0))
    path = store.folder / "map.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    assert store.load_arrays("map", "v1") is None


def test_arrays_are_never_unpickled(store: JSONLCheckpointManager) -> None:
    with (store.folder / "map.npz").open("wb") as file:
        np.savez(file, fingerprint=np.array("v1"), points=np.array([{}], dtype=object))
    assert store.load_arrays("map", "v1") is None


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = JSONLCheckpointManager(tmp_path / "file" / "below")
    for attempt in (
        lambda: store.begin("summaries", "v1"),
        lambda: store.append("summaries", ITEMS),
        lambda: store.save("summaries", "v1", ITEMS),
        lambda: store.save_arrays("map", "v1", points=np.zeros(1)),
    ):
        with pytest.raises(KuraError, match=r"Could not write to .*below"):
            attempt()


def test_fingerprints_are_in_a_side_file(store: JSONLCheckpointManager) -> None:
    known = orjson.loads((store.folder / "fingerprints.json").read_bytes())
    assert known == {"summaries": "v1"}
    assert sorted(path.name for path in store.folder.iterdir()) == [
        "fingerprints.json",
        "summaries.jsonl",
    ]


def test_items_come_one_by_one_also_those_kept_twice(store: JSONLCheckpointManager) -> None:
    store.append("summaries", [("a", {"text": "two"}), ("empty", {})])
    found = store.items("summaries", "v1")
    assert next(found) == ITEMS[0]
    assert list(found) == [ITEMS[1], ("a", {"text": "two"}), ("empty", {})]
    assert store.load("summaries", "v1")["a"] == {"text": "two"}


def test_a_full_disk_is_said_and_what_was_kept_before_goes_on(
    store: JSONLCheckpointManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.folder / "summaries.jsonl"

    def full(file: int) -> None:
        # A write that found room for a part of its lines only.
        os.truncate(path, path.stat().st_size - 5)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(KuraError, match=r"No space left on device.*free some space"):
            store.append("summaries", [("c", {"text": "three"})])
    store.begin("summaries", "v1")
    store.append("summaries", [("d", {"text": "four"})])
    assert list(store.load("summaries", "v1")) == ["a", "b", "d"]


def test_a_disk_too_full_to_end_a_torn_line_is_said(
    store: JSONLCheckpointManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def full(path: Path, mode: str = "r", **more: Any) -> Any:
        if mode == "rb+":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, mode, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(KuraError, match="No space left on device"):
            store.begin("summaries", "v1")
    assert store.load("summaries", "v1") == dict(ITEMS)
