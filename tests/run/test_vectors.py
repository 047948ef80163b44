"""Vectors on disk: made once a text and model, whole rows only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from kura_core.errors import RunCancelled
from kura_core.run import vectors
from kura_core.run.vectors import append_vectors, embed_missing, read_vectors
from kura_core.steps.embed import Vectors

TEXTS = ["signed contracts", "exports", "é", "signed contracts"]


@dataclass
class Hashing:
    """A model whose vector is a hash of the text."""

    identity: str = "hashing-1"
    width: int = 8
    asked: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        rows = [hashlib.blake2b(text.encode(), digest_size=self.width).digest() for text in texts]
        return np.array([list(row) for row in rows], dtype=np.float32)


def made(folder: Path, texts: Sequence[str] = TEXTS, **settings: object) -> dict[str, Vectors]:
    model = Hashing(**settings)
    known = read_vectors(texts, model.identity, [folder])
    embed_missing(texts, known, model, folder)
    return known


def test_each_text_is_embedded_once(tmp_path: Path) -> None:
    model = Hashing()
    known: dict[str, Vectors] = {}
    embed_missing(TEXTS, known, model, tmp_path)
    assert sorted(model.asked) == sorted(set(TEXTS))
    kept = read_vectors([*TEXTS, "never seen"], model.identity, [tmp_path])
    assert kept.keys() == set(TEXTS)
    for text in TEXTS:
        np.testing.assert_array_equal(kept[text], model.encode([text])[0])


def test_only_what_is_missing_is_embedded(tmp_path: Path) -> None:
    made(tmp_path)
    model = Hashing()
    known = read_vectors(TEXTS, model.identity, [tmp_path])
    embed_missing([*TEXTS, "new"], known, model, tmp_path)
    assert model.asked == ["new"]


def test_vectors_of_another_model_are_never_returned(tmp_path: Path) -> None:
    made(tmp_path)
    assert read_vectors(TEXTS, "hashing-2", [tmp_path]) == {}
    made(tmp_path, identity="hashing-2", width=4)
    assert read_vectors(TEXTS, "hashing-1", [tmp_path])["exports"].shape == (8,)
    assert read_vectors(TEXTS, "hashing-2", [tmp_path])["exports"].shape == (4,)


def test_the_first_folder_that_has_a_text_gives_its_vector(tmp_path: Path) -> None:
    made(tmp_path / "a", ["exports"])
    made(tmp_path / "b", ["exports", "é"])
    found = read_vectors(TEXTS, "hashing-1", [tmp_path / "a", tmp_path / "b", tmp_path / "c"])
    assert found.keys() == {"exports", "é"}


@pytest.mark.parametrize("suffix", [".keys", ".f32"])
@pytest.mark.parametrize("lost", [1, 5, 17, 40])
def test_torn_rows_are_made_again(suffix: str, lost: int, tmp_path: Path) -> None:
    expected = made(tmp_path)
    path = next(tmp_path.glob(f"*{suffix}"))
    path.write_bytes(path.read_bytes()[:-lost])
    left = read_vectors(TEXTS, "hashing-1", [tmp_path])
    assert 0 < len(left) < 3 or lost == 40
    for known in (made(tmp_path), read_vectors(TEXTS, "hashing-1", [tmp_path])):
        assert known.keys() == expected.keys()
        for text, vector in expected.items():
            np.testing.assert_array_equal(known[text], vector)


@pytest.mark.parametrize("suffix", [".keys", ".f32", ".width"])
def test_a_lost_file_means_that_all_is_made_again(suffix: str, tmp_path: Path) -> None:
    expected = made(tmp_path)
    next(tmp_path.glob(f"*{suffix}")).unlink()
    assert read_vectors(TEXTS, "hashing-1", [tmp_path]) == {}
    made(tmp_path)
    kept = read_vectors(TEXTS, "hashing-1", [tmp_path])
    for text, vector in expected.items():
        np.testing.assert_array_equal(kept[text], vector)


def test_a_stop_loses_no_finished_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "BLOCK", 2)
    told: list[int] = []

    def stop_at_four(done: int) -> None:
        told.append(done)
        if done == 4:
            raise RunCancelled("enough")

    texts = [f"text {number}" for number in range(9)]
    with pytest.raises(RunCancelled):
        embed_missing(texts, {}, Hashing(), tmp_path, on_block=stop_at_four)
    assert told == [2, 4]
    assert len(read_vectors(texts, "hashing-1", [tmp_path])) == 4


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    known: dict[str, Vectors] = {}
    embed_missing(TEXTS, known, Hashing(), None)
    assert len(known) == 3
    append_vectors([], np.empty((0, 8), np.float32), "hashing-1", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_texts_that_cost_the_model_alike_come_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "SORTED_AT_ONCE", 4)
    model = Hashing()
    texts = ["ccc ccc", "a", "b b b", "dd", "eeeeeeeeeeee", "f f f f f f f"]
    known: dict[str, Vectors] = {}
    embed_missing(
        texts, known, model, tmp_path, cost=lambda part: [len(text.split()) for text in part]
    )
    assert model.asked == ["a", "dd", "ccc ccc", "b b b", "eeeeeeeeeeee", "f f f f f f f"]
    assert known.keys() == set(texts)
