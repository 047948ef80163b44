"""The benchmark of summaries, on a set made here."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.summaries import agreement, measure, readable_names, retrieval
from kura_core.steps.embed import Vectors

TEXTS = ["I want to change my seat", "Where is my boarding pass", "Please change the seat I have"]


class LetterModel:
    """Vectors of letter counts: enough to tell the texts made here apart."""

    identity = "letters"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 unit vectors of shape (texts, 26)."""
        letters = "abcdefghijklmnopqrstuvwxyz"
        counts = np.array([[text.lower().count(one) + 0.01 for one in letters] for text in texts])
        return (counts / np.linalg.norm(counts, axis=1, keepdims=True)).astype(np.float32)


def test_labels_are_read_apart_into_words() -> None:
    names = readable_names(["Hotels.SearchHotel", "bank_fraud", "air.changeseat"], TEXTS)
    assert names == {
        "Hotels.SearchHotel": "hotels search hotel",
        "bank_fraud": "bank fraud",
        "air.changeseat": "air change seat",
    }


def test_retrieval_is_right_on_vectors_worked_by_hand() -> None:
    vectors = np.array([[1, 0], [0.8, 0.6], [0, 1.0], [0.6, 0.8]], dtype=np.float32)
    labels = np.array([0, 0, 1, 1])
    names = np.array([[1, 0], [0.0, 1]], dtype=np.float32)
    scores = retrieval(vectors, labels, names, labels)
    assert scores["nearest"].tolist() == [1, 0, 1, 0]
    assert scores["p@10"].tolist() == pytest.approx([1 / 3] * 4)
    assert scores["name top-1"].tolist() == [1, 1, 1, 1]
    swapped = retrieval(vectors, labels, names, 1 - labels)
    assert swapped["name MRR"].tolist() == [0.5] * 4


def test_groups_apart_agree_fully() -> None:
    vectors = np.repeat(np.eye(2, dtype=np.float32), 5, axis=0)
    assert agreement(vectors, np.repeat([0, 1], 5)) == (1.0, 1.0)


def test_a_set_is_measured_and_its_vectors_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    wants = {"seat": "I need to change my seat", "pass": "Can I get my boarding pass"}
    with (
        gzip.open(folder / "conversations.jsonl.gz", "wt", encoding="utf-8") as rows,
        (folder / "labels.csv").open("w", newline="", encoding="utf-8") as labels,
    ):
        writer = csv.writer(labels)
        writer.writerow(["conversation_id", "coarse", "fine"])
        for number in range(12):
            label = ["seat", "pass"][number % 2]
            said = ["hello", f"{wants[label]} on flight {number}"]
            messages = [{"role": "user", "content": text} for text in said]
            rows.write(json.dumps({"conversation_id": f"c{number}", "messages": messages}) + "\n")
            writer.writerow([f"c{number}", "air", label])
    figures = measure(folder, LetterModel(), cache=tmp_path / "kept")
    assert figures["conversations"] == 12
    assert (tmp_path / "kept" / "made.npz").exists()
    assert set(figures["summary minus"]["first user message"]) == {
        "nearest", "p@10", "name top-1", "name MRR",
    }  # fmt: skip
