"""What can be named as a source, and how it is told whether one has changed."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from kura_core.errors import InputError
from kura_core.load import fingerprint_source, load_conversations, source_name
from tests.load.export_files import chatgpt_export, zipped
from tests.load.written_files import ROWS, as_csv, as_jsonl, as_parquet, row, write


def folder_of(tmp_path: Path, **members: bytes) -> Path:
    folder = tmp_path / "logs"
    for name, content in members.items():
        path = folder / name.replace("__", "/").replace("_", ".", 1)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_a_folder_is_read_as_a_zip_of_its_files_is(tmp_path: Path) -> None:
    files = {
        "a.jsonl": as_jsonl([row("c1")]),
        "deep/b.csv": as_csv([row("c2", metadata={})]),
        "deep/c.parquet": as_parquet([row("c3")]),
        ".hidden.jsonl": b"{}",
        "picture.png": b"\x89PNG",
    }
    folder = tmp_path / "logs"
    (folder / "deep").mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    from_folder = load_conversations(folder)
    from_zip = load_conversations(write(tmp_path, "logs.zip", zipped(dict(files))))
    assert from_folder.conversations == from_zip.conversations
    assert from_folder.report.warnings == from_zip.report.warnings
    assert [warning.column for warning in from_folder.report.warnings] == ["picture.png"]
    assert len(from_folder.conversations) == 3


def test_an_unpacked_account_export_is_read(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        conversations_json=json.dumps(chatgpt_export()).encode(),
        user_json=b'{"id": "user-1", "email": "a@example.com"}',
        chat_html=b"<html>",
    )
    loaded = load_conversations(str(folder))
    assert loaded.report.read == loaded.report.usable == 2
    assert {w.column for w in loaded.report.warnings} == {"user.json", "chat.html"}


def test_a_files_digest_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.jsonl", as_jsonl(ROWS))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert fingerprint_source(path) == fingerprint_source(str(path)) == digest
    assert load_conversations(path).report.file_sha256 == digest


def test_a_folders_digest_changes_with_what_is_read_and_nothing_else(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a_jsonl=as_jsonl(ROWS), deep__b_jsonl=as_jsonl(ROWS))
    before = fingerprint_source(folder)
    assert load_conversations(folder).report.file_sha256 == before
    (folder / "picture.png").write_bytes(b"\x89PNG")
    os.utime(folder / "a.jsonl", (0, 0))
    assert fingerprint_source(folder) == before
    (folder / "a.jsonl").rename(folder / "c.jsonl")
    renamed = fingerprint_source(folder)
    (folder / "c.jsonl").write_bytes(as_jsonl(ROWS[:1]))
    assert len({before, renamed, fingerprint_source(folder)}) == 3


def test_of_a_data_set_on_the_hub_only_reading_tells_whether_it_changed() -> None:
    assert fingerprint_source("hf:owner/name") is None
    assert fingerprint_source("https://huggingface.co/datasets/owner/name") is None


def test_a_source_has_a_name_for_messages(tmp_path: Path) -> None:
    assert source_name(tmp_path / "rows.jsonl") == "rows.jsonl"
    assert source_name(folder_of(tmp_path, a_jsonl=b"")) == "the folder logs"
    assert source_name("hf:owner/name#test") == "the data set owner/name"
    assert source_name("https://huggingface.co/datasets/owner/name") == "the data set owner/name"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("absent.jsonl", "There is no file absent.jsonl; check the name"),
        ("owner/name", "write hf:owner/name"),
        ("https://example.org/rows.jsonl", "address on the web, which is not read; download"),
        ("x" * 5_000, "There is no file"),
        ("nul\0nul", "There is no file"),
    ],
)
def test_a_source_that_is_not_there_says_what_to_give(source: str, sentence: str) -> None:
    for ask in (load_conversations, fingerprint_source):
        with pytest.raises(InputError, match=sentence):
            ask(source)


def test_an_empty_folder_and_one_of_other_files_say_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the folder logs holds no file that can be read"):
        load_conversations(folder_of(tmp_path, a_png=b"\x89PNG"))
    (tmp_path / "logs" / "a.png").unlink()
    with pytest.raises(InputError, match="the folder logs holds no file; give one"):
        load_conversations(tmp_path / "logs")


def test_the_users_word_on_the_columns_goes_before_a_form_that_looks_known(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Hi"}]
    value = {"thread": "t1", "who": "u1", "conversation": turns, "body": "What I really said"}
    path = write(tmp_path, "rows.jsonl", as_jsonl([value]))
    (plain,) = load_conversations(path, columns={"user_id": "who"}).conversations
    assert (plain.user_id, plain.messages[0].content) == ("u1", "Hi")
    (mapped,) = load_conversations(
        path, columns={"conversation_id": "thread", "text": "body"}
    ).conversations
    assert (mapped.conversation_id, mapped.messages[0].content) == ("t1", "What I really said")


def test_a_limit_below_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least 1"):
        load_conversations(write(tmp_path, "rows.jsonl", as_jsonl(ROWS)), limit=0)
