"""The benchmark of judges, on sets made here."""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.judges import (
    LABELS,
    Label,
    anchor,
    area,
    compare,
    compare_voiced,
    measure,
    read_set,
)
from kura_core.config import RunConfig
from kura_core.types import Conversation, Judgement, Message, Outcome

DONE = LABELS[0]
MET = ("Book a room", "Your room has been booked.", "great, thanks")
FAILED = ("Book a room", "I'm sorry, I can't book rooms.", "forget it")


def judged(outcome: Outcome, score: float | None) -> Judgement:
    return Judgement("c", outcome, failure_score=score)


def rows(*values: str) -> list[dict[str, str]]:
    return [{"user_says_task_done": value} for value in values]


def write_set(folder: Path, labels: dict[str, list[str]]) -> Path:
    folder.mkdir()
    turns = [MET, FAILED] * 6
    with gzip.open(folder / "conversations.jsonl.gz", "wt", encoding="utf-8") as file:
        for place, texts in enumerate(turns):
            said = [
                {"role": "assistant" if turn % 2 else "user", "content": text}
                for turn, text in enumerate(texts)
            ]
            line = {"conversation_id": f"c{place:02d}", "messages": said}
            file.write(json.dumps(line) + "\n")
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["conversation_id", *labels])
        for place in range(len(turns)):
            writer.writerow([f"c{place:02d}", *(column[place] for column in labels.values())])
    return folder


def test_figures_are_of_the_labelled_and_judged_only() -> None:
    judgements = [
        judged("not achieved", 0.9), judged("partly", 0.7), judged("cannot tell", None),
        judged("achieved", 0.1), None, judged("not achieved", 0.8),
    ]  # fmt: skip
    found = compare(DONE, rows("0", "1", "0", "1", "1", ""), judgements, None)
    assert found is not None
    assert (found["n"], found["failed"], found["cannot tell"]) == (4, 2, 0.25)
    assert found["precision"]["value"] == 0.5
    assert found["recall"]["value"] == 0.5
    # Pairs of failed and met: .9 > .7, .9 > .1, .5 < .7, .5 > .1.
    assert found["AUC"]["value"] == 0.75
    assert "anchor AUC" not in found


def test_no_judged_failure_has_no_precision() -> None:
    found = compare(DONE, rows("0", "1"), [judged("cannot tell", None)] * 2, None)
    assert found is not None
    assert found["precision"] == {"value": None, "low": 0.0, "high": 1.0}
    assert found["AUC"]["value"] == 0.5


def test_a_label_that_never_differs_is_left_out() -> None:
    assert compare(DONE, rows("1", "1"), [judged("achieved", 0.1)] * 2, None) is None
    assert compare(Label("other", ("0",), ("1",)), rows("1"), [None], None) is None


def test_the_interval_narrows_with_more_conversations() -> None:
    truth = np.array([True, False] * 10)
    scores = np.where(truth, 0.8, 0.2) + np.tile([0.0, 0.0, -0.7, 0.7], 5)
    few, many = area(truth, scores), area(np.tile(truth, 9), np.tile(scores, 9))
    assert few["value"] == many["value"]
    assert few["low"] < many["low"] < many["value"] < many["high"] <= few["high"]


def test_the_anchor_learns_from_words_but_not_from_the_same_task() -> None:
    truth = np.array([True, False] * 20)
    texts = ["it failed badly" if failed else "it went well" for failed in truth]
    each = [str(place) for place in range(len(texts))]
    assert anchor(texts, each, truth) == pytest.approx(1.0)
    tasks = [str(place // 4) for place in range(len(texts))]
    names = [f"task{task}" for task in tasks]
    of_task = np.array([int(task) % 2 == 0 for task in tasks])
    assert anchor(names, each, of_task) == pytest.approx(1.0)
    kept_apart = anchor(names, tasks, of_task)
    assert kept_apart is not None and kept_apart < 0.7
    assert anchor(texts[:4], each[:4], truth[:4]) is None


def test_voiced_dissatisfaction_is_compared_kind_by_kind() -> None:
    talk = [Message("user", "a"), Message("assistant", "b"), Message("user", "c")]
    conversations = [Conversation("1", talk), Conversation("2", talk), Conversation("3", talk[:2])]
    found = compare_voiced(
        [{"dissatisfaction": "gave up;corrected"}, {"dissatisfaction": ""}, {}],
        conversations,
        [
            Judgement("1", "achieved", dissatisfaction=("gave up",)),
            Judgement("2", "achieved", dissatisfaction=("corrected",)),
            Judgement("3", "achieved", dissatisfaction=("unknown",)),
        ],
    )
    assert found["gave up"]["recall"]["value"] == 1.0
    assert found["corrected"]["precision"]["value"] == 0.0
    assert (found["any"]["n"], found["any"]["precision"]["value"]) == (1, 0.5)
    assert compare_voiced([{}], conversations[:1], [Judgement("1", "achieved")]) == {}


def test_a_folder_is_judged_blind_and_measured(tmp_path: Path) -> None:
    labels = {"reward": ["1", "0"] * 6, "mood": ["good", "bad"] * 6}
    folder = write_set(tmp_path / "tiny", labels)
    wanted = (*LABELS, Label.parse("mood=bad,sad:good"))
    found = measure(str(folder), RunConfig(), wanted, limit=None, anchors=True)
    assert (found["set"], found["conversations"], found["not judged"]) == ("tiny", 12, 0)
    assert [row["label"] for row in found["outcomes"]] == ["reward", "mood"]
    for row in found["outcomes"]:
        assert row["AUC"]["value"] == row["precision"]["value"] == row["recall"]["value"] == 1.0
        assert row["anchor AUC"] == pytest.approx(1.0)


def test_a_file_with_its_labels_beside_it_is_read_too(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "tiny", {"outcome": ["achieved", "partly"] * 6})
    argument = f"{folder / 'conversations.jsonl.gz'}={folder / 'labels.csv'}"
    found = measure(argument, RunConfig(), LABELS, limit=4, anchors=False)
    assert found["conversations"] == 4


def test_a_label_that_cannot_be_read_is_said() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="COLUMN=FAILED:MET"):
        Label.parse("mood=bad")


def test_a_folder_without_labels_is_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"there is no .*labels\.csv"):
        read_set(str(tmp_path), None)
