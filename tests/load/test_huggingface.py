"""Data sets as `datasets` knows them, from folders the tests make."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kura_core.errors import InputError
from kura_core.types import Conversation
from tests.small_data import few_kinds, varied_rows, write_rows


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_OFFLINE", True)
    datasets.disable_progress_bars()


def folder_with(tmp_path: Path, **splits: int) -> str:
    folder = tmp_path / "data set"
    folder.mkdir()
    for split, count in splits.items():
        write_rows(folder / f"{split}.jsonl", few_kinds(count))
    return str(folder)


def test_a_local_folder_is_loaded_as_a_data_set(tmp_path: Path) -> None:
    name = folder_with(tmp_path, train=9)
    conversations = Conversation.from_hf_dataset(name, split="train")
    assert [c.conversation_id for c in conversations] == [f"k{i:05d}" for i in range(9)]
    assert conversations[0].messages[0].role == "user"


def test_without_a_split_train_is_taken(tmp_path: Path) -> None:
    name = folder_with(tmp_path, test=3, train=5)
    assert len(Conversation.from_hf_dataset(name)) == 5
    assert len(Conversation.from_hf_dataset(name, split="test")) == 3


def test_without_a_split_the_only_one_is_taken(tmp_path: Path) -> None:
    assert len(Conversation.from_hf_dataset(folder_with(tmp_path, test=4))) == 4


def test_a_data_set_saved_to_disk_is_loaded_with_its_metadata(tmp_path: Path) -> None:
    import datasets

    rows = [row for row in varied_rows(20) if len(row) == 5]
    datasets.Dataset.from_list(rows).save_to_disk(str(tmp_path / "saved"))
    conversations = Conversation.from_hf_dataset(str(tmp_path / "saved"))
    assert [c.conversation_id for c in conversations] == [row["conversation_id"] for row in rows]
    assert conversations[1].user_id == rows[1]["user_id"]
    assert conversations[1].metadata == rows[1]["metadata"]


def test_a_split_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    name = folder_with(tmp_path, train=3, test=3)
    with pytest.raises(InputError, match=r"no split 'validation'; it has 't\w+', 't\w+'"):
        Conversation.from_hf_dataset(name, split="validation")


def test_without_a_split_and_without_train_the_choice_is_asked_for(tmp_path: Path) -> None:
    name = folder_with(tmp_path, test=3, validation=3)
    with pytest.raises(InputError, match="Name one of these"):
        Conversation.from_hf_dataset(name)


@pytest.mark.parametrize("name", ["no-such/data-set", "not a name at all!", "/no/such/folder"])
def test_a_data_set_that_cannot_be_had_says_what_is_needed(name: str) -> None:
    with pytest.raises(InputError, match="local folder") as caught:
        Conversation.from_hf_dataset(name)
    assert repr(name) in str(caught.value)


def test_an_empty_folder_says_what_is_needed(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="could not be loaded"):
        Conversation.from_hf_dataset(str(tmp_path / "empty"))


def test_a_folder_of_damaged_files_says_what_is_needed(tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    (folder / "train.jsonl").write_text('{"messages": [\n{"broken')
    with pytest.raises(InputError, match="could not be loaded"):
        Conversation.from_hf_dataset(str(folder))


def test_a_data_set_without_conversations_says_what_is_needed(tmp_path: Path) -> None:
    folder = tmp_path / "table"
    folder.mkdir()
    (folder / "train.jsonl").write_text(json.dumps({"price": 3}) + "\n")
    with pytest.raises(InputError, match="messages"):
        Conversation.from_hf_dataset(str(folder))


def test_a_saved_data_set_that_is_one_split_takes_only_its_own_name(tmp_path: Path) -> None:
    import datasets

    saved = datasets.Dataset.from_list(few_kinds(2), split="test")
    saved.save_to_disk(str(tmp_path / "saved"))
    assert len(Conversation.from_hf_dataset(str(tmp_path / "saved"), split="test")) == 2
    with pytest.raises(InputError, match="no split 'train'; it has 'test'"):
        Conversation.from_hf_dataset(str(tmp_path / "saved"), split="train")
