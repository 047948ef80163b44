"""Data sets as `datasets` knows them, from folders the tests make."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kura_core.errors import InputError
from kura_core.load import load_conversations
from kura_core.load.huggingface import DatasetName, dataset_name
from kura_core.types import Conversation
from tests.load.hub_server import Hub, running_hub
from tests.load.written_files import as_jsonl, as_parquet, row
from tests.small_data import few_kinds, varied_rows, write_rows


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub on this machine, in the place of the real one."""
    import datasets
    import huggingface_hub.constants as constants

    with running_hub() as hub:
        monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(datasets.config, "HF_ENDPOINT", hub.url)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, hub.url)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        yield hub


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


def test_a_saved_data_set_and_a_folder_of_splits_are_sources_too(tmp_path: Path) -> None:
    import datasets

    saved = datasets.DatasetDict(
        {name: datasets.Dataset.from_list([row(name)]) for name in ("train", "test")}
    )
    saved.save_to_disk(str(tmp_path / "saved"))
    (found,) = load_conversations(tmp_path / "saved").conversations
    (other,) = Conversation.from_hf_dataset(str(tmp_path / "saved"), split="test")
    assert (found.conversation_id, other.conversation_id) == ("train", "test")


def test_times_pictures_and_forms_of_a_saved_data_set_are_read(tmp_path: Path) -> None:
    import datasets

    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}]
    rows = [{"conversation_id": "x1", "conversation": turns, "tstamp": datetime(2024, 1, 1)}]
    saved = datasets.Dataset.from_list(rows)
    picture = datasets.Value("string")
    saved = saved.add_column("picture", [None], feature=picture)
    saved = saved.cast_column("picture", datasets.Image())
    saved.save_to_disk(str(tmp_path / "saved"))
    (found,) = load_conversations(tmp_path / "saved").conversations
    assert found.created_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert [message.content for message in found.messages] == ["Hi", "Hello!"]
    assert found.metadata == {}


def test_columns_of_a_data_set_can_be_named(tmp_path: Path) -> None:
    import datasets

    rows = [{"thread": "t1", "said": "Where is it?", "who": "u1"}]
    datasets.Dataset.from_list(rows).save_to_disk(str(tmp_path / "saved"))
    (found,) = load_conversations(
        tmp_path / "saved", columns={"conversation_id": "thread", "text": "said", "user_id": "who"}
    ).conversations
    assert (found.conversation_id, found.user_id) == ("t1", "u1")
    assert found.messages[0].content == "Where is it?"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("hf:owner/name", DatasetName("owner/name")),
        ("hf:owner/name#test", DatasetName("owner/name", None, "test")),
        ("hf:owner/name/de#test", DatasetName("owner/name", "de", "test")),
        ("hf:squad", DatasetName("squad")),
        ("hf://datasets/owner/name", DatasetName("owner/name")),
        ("https://huggingface.co/datasets/owner/name", DatasetName("owner/name")),
        ("https://huggingface.co/datasets/owner/name/", DatasetName("owner/name")),
        ("https://huggingface.co/datasets/owner/name?row=3", DatasetName("owner/name")),
        (Path("https://huggingface.co/datasets/owner/name"), DatasetName("owner/name")),
        (
            "https://huggingface.co/datasets/owner/name/viewer/de/test",
            DatasetName("owner/name", "de", "test"),
        ),
        ("https://huggingface.co/datasets/o/n/tree/main", DatasetName("o/n")),
        ("owner/name", None),
        ("hf:", None),
        ("hf:/etc/folder", None),
        ("hf:../folder", None),
        ("https://example.org/datasets/owner/name", None),
    ],
)
def test_a_data_set_is_named_as_the_hub_names_it(
    source: str | Path, name: DatasetName | None
) -> None:
    assert dataset_name(source) == name


def test_a_folder_here_is_never_taken_for_a_data_set_on_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "owner" / "name").mkdir(parents=True)
    (tmp_path / "owner" / "name" / "train.jsonl").write_bytes(as_jsonl([row("private")]))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="There is a folder owner/name here"):
        load_conversations("hf:owner/name")
    assert load_conversations("owner/name").report.usable == 1


def many(count: int) -> bytes:
    return as_jsonl([row(f"c{index:05d}", text="x" * 1_000) for index in range(count)])


def test_of_a_big_data_set_a_limit_downloads_only_a_part(hub: Hub) -> None:
    content = many(40_000)
    hub.files["owner/name"] = {"README.md": b"---\nlicense: mit\n---\n", "train.jsonl": content}
    loaded = load_conversations("hf:owner/name", limit=5)
    assert [c.conversation_id for c in loaded.conversations] == [f"c{i:05d}" for i in range(5)]
    assert sum(hub.sent) < len(content) * 0.8
    assert loaded.report.file_sha256 is None


def test_a_data_set_is_loaded_whole_and_again_when_the_hub_is_gone(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datasets

    hub.files["owner/name"] = {"README.md": b"", "train.parquet": as_parquet([row("b"), row("a")])}
    first = Conversation.from_hf_dataset("owner/name", split="train")
    assert [c.conversation_id for c in first] == ["a", "b"]
    monkeypatch.setattr(datasets.config, "HF_ENDPOINT", nobody_there())
    assert load_conversations("hf:owner/name#train").conversations == first
    assert load_conversations("hf:owner/name#train", limit=2).conversations == first
    assert datasets.config.HF_HUB_OFFLINE is False


def nobody_there() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_without_a_connection_it_is_said_within_seconds(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datasets

    monkeypatch.setattr(datasets.config, "HF_ENDPOINT", nobody_there())
    started = time.monotonic()
    with pytest.raises(InputError, match=r"hub cannot be reached, .* Check the connection"):
        load_conversations("hf:owner/name", limit=5)
    assert time.monotonic() - started < 10


CARD = b"""---
configs:
- config_name: de
  data_files: a.jsonl
- config_name: en
  data_files: b.jsonl
---
"""


@pytest.mark.parametrize("limit", [None, 5])
@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("owner/absent", "no data set 'owner/absent' on the Hugging Face hub, or it is private"),
        ("owner/gated", "is gated: .* Ask for access at https://huggingface.co/datasets/owner/gated"),
        ("owner/configs", r"several configurations: 'de', 'en' .* as in hf:owner/configs/CONFIG"),
        ("owner/configs/fr", "no configuration 'fr': 'de', 'en'"),
        ("owner/configs/de#test", "no split 'test'; it has 'train'"),
        ("owner/program", "made by a program of its own, which is not run"),
        ("owner/empty", "could not be loaded"),
        ("owner/damaged", "could not be loaded"),
    ],
)
def test_what_is_wrong_with_a_data_set_on_the_hub_is_said(
    hub: Hub, source: str, limit: int | None, sentence: str
) -> None:
    lines = as_jsonl([row("c1")])
    hub.files = {
        "owner/gated": {"train.jsonl": lines},
        "owner/configs": {"README.md": CARD, "a.jsonl": lines, "b.jsonl": lines},
        "owner/program": {"README.md": b"", "program.py": b"import datasets"},
        "owner/empty": {"README.md": b""},
        "owner/damaged": {"README.md": b"", "train.jsonl": b'{"messages": [\n{"broken'},
    }
    hub.gated = {"owner/gated"}
    with pytest.raises(InputError, match=sentence):
        load_conversations(f"hf:{source}", limit=limit)


def test_a_known_form_on_the_hub_is_read(hub: Hub) -> None:
    lines = as_jsonl([{"id": "x1", "conversations": [{"from": "human", "value": "Hi"}]}])
    hub.files["owner/name"] = {"README.md": b"", "train.jsonl": lines}
    (found,) = load_conversations("hf:owner/name", limit=5).conversations
    assert (found.conversation_id, found.messages[0].content) == ("x1", "Hi")
