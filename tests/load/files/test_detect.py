"""What a file is, and files that are of no use."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from kura_core.errors import InputError
from kura_core.load import load_conversations
from tests.load.written_files import ROWS, as_jsonl, row, write


def test_the_second_half_of_a_torn_gzip_file_is_not_silently_missing(tmp_path: Path) -> None:
    rows = [row(f"c{i}", text=str(random.Random(i).random())) for i in range(3000)]
    torn = gzip.compress(as_jsonl(rows))[:-500]
    with pytest.raises(InputError, match="damaged gzip"):
        load_conversations(write(tmp_path, "rows.jsonl.gz", torn))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("rows.jsonl", b"", "is empty"),
        ("rows.jsonl", b"\xef\xbb\xbf \n", "is empty"),
        ("rows.jsonl.gz", gzip.compress(b"", mtime=0), "is empty"),
        ("rows.jsonl", b"\x1f\x8bnot gzip at all", "damaged gzip"),
        ("rows.csv", random.Random(1).randbytes(3000), "is no text"),
        ("rows.csv", b"%PDF-1.7 and more", "is a PDF"),
        ("rows.csv", b"\x89PNG\r\n", "is an image"),
        ("rows.csv", b"SQLite format 3\0", "is an SQLite database"),
        ("rows.csv", b"\xd0\xcf\x11\xe0old", "older Excel or Word"),
        ("rows.csv", b"<!DOCTYPE html><html>", "is a web page"),
        ("rows.json", b'[{"a": 1}]\n[{"a": 2}]', "several JSON values one after the other"),
        ("rows.jsonl", b'{\n"a": 1}\n{\n"a": 2}', "several JSON values one after the other"),
        ("rows.zip", b"PK\x03\x04rest", "damaged zip file"),
        ("rows.parquet", b"conversation_id,messages", "named as Parquet but is none"),
        ("rows.parquet", b"PAR1 and nothing else", "damaged Parquet"),
        ("rows.json", b'[{"messages": [}]', "cannot be read as JSON"),
        ("rows.json", b'{"a": [{}], "b": [{}]}', "2 arrays of objects .keys: 'a', 'b'"),
        ("rows.json", b"3", "needed is an array"),
        ("letter.txt", b"Dear Sir or Madam,\nwith regard to", "none of the formats"),
        ("rows.csv", b"name,revenue\nx,3\n", "no column holds messages"),
        (
            "rows.jsonl",
            b'{"conversation_id": "c1"}\n',
            "Columns found, .*'conversation_id' .'c1'.*--map",
        ),
        ("rows.jsonl", b'{"messages": []}\n{"messages": []}\n', "None of the 2 rows .*blank"),
        ("rows.json", b"[]", "holds no row"),
        ("rows.csv", b"conversation_id,messages\n", "holds no row"),
    ],
)
def test_a_file_of_no_use_is_refused_in_a_clear_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        load_conversations(write(tmp_path, name, content))
    assert str(caught.value).endswith((".", "…"))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file .*absent\.jsonl"):
        load_conversations(tmp_path / "absent.jsonl")
    with pytest.raises(InputError, match="holds no file; give one"):
        load_conversations(tmp_path)
    with pytest.raises(InputError, match="at least 1"):
        load_conversations(write(tmp_path, "rows.jsonl", as_jsonl(ROWS)), limit=0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("one_line.json", as_jsonl([ROWS[0]])),
        ("pretty.json", json.dumps(ROWS[0], indent=1).encode()),
        ("lines.json", as_jsonl(ROWS[:1] * 3)),
        ("pretty.jsonl", json.dumps([ROWS[0]], indent=1).encode()),
        ("first_line_broken.txt", b"{broken\n" + as_jsonl(ROWS[:1])),
        ("blank_lines_first.jsonl", b"\n\n" + as_jsonl(ROWS[:1])),
    ],
)
def test_content_decides_about_the_format(tmp_path: Path, name: str, content: bytes) -> None:
    (conversation,) = load_conversations(write(tmp_path, name, content)).conversations
    assert conversation.conversation_id == "c2"


def test_a_file_that_may_not_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "rows.jsonl", as_jsonl(ROWS))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"rows\.jsonl cannot be opened: Permission denied"):
        load_conversations(path)
