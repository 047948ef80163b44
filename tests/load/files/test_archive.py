"""Zip archives: what is read from them, and what they are refused for."""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest

from kura_core.errors import InputError
from kura_core.load import load_conversations
from kura_core.load.files import archive, members, unpack
from tests.load.export_files import chatgpt_export, claude_export, zipped
from tests.load.written_files import FORMATS, ROWS, as_csv, as_jsonl, as_parquet, row, write


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder archives are unpacked in, which must be empty again after each test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("packed", [False, True])
def test_any_format_is_read_from_a_zip(tmp_path: Path, name: str, packed: bool) -> None:
    content = FORMATS[name](ROWS)
    plain = load_conversations(write(tmp_path, name, content))
    member = {f"logs/{name}.gz": gzip.compress(content)} if packed else {f"logs/{name}": content}
    if packed and name == "no_extension":
        return
    loaded = load_conversations(write(tmp_path, "rows.zip", zipped(member)))
    assert loaded.conversations == plain.conversations
    assert loaded.source_rows == plain.source_rows


def test_a_mix_of_files_is_read_in_the_order_of_their_names(
    tmp_path: Path, own_temporary_folder: Path
) -> None:
    content = zipped(
        {
            "logs/b.csv": as_csv([row("c2", metadata={})]),
            "z.parquet": as_parquet([row("c3", text="last")]),
            "logs/a.jsonl": as_jsonl([row("c1"), row("c3", text="first")]) + b"not json\n",
            "logs/a.json.gz": gzip.compress(json.dumps([row("c0")]).encode()),
            "__MACOSX/logs/._b.csv": b"\0\1",
            ".DS_Store": b"\0\1",
            "logs/.hidden.jsonl": b"{}",
        }
    )
    loaded = load_conversations(write(tmp_path, "mix.zip", content))
    assert [c.conversation_id for c in loaded.conversations] == ["c0", "c1", "c2", "c3"]
    assert loaded.conversations[3].messages[0].content == "first"
    assert loaded.report.rejected[0].reason.startswith("logs/a.jsonl: not JSON")
    assert loaded.report.rejected[0].source_row == 3
    assert loaded.report.filtered[0].reason.startswith("z.parquet: duplicate")
    assert loaded.report.warnings == []
    assert os.listdir(own_temporary_folder) == []


@pytest.mark.parametrize("export", [chatgpt_export, claude_export])
def test_of_an_account_export_the_conversations_are_read_and_the_rest_is_named(
    tmp_path: Path, export: object
) -> None:
    others = "user users message_feedback projects memories shared_conversations new_in_2027"
    content = zipped(
        {
            "conversations.json": json.dumps(export()),  # type: ignore[operator]
            **{f"{name}.json": json.dumps([{"id": 1}]) for name in others.split()},
            "chat.html": "<html>",
            "file-1.png": b"\x89PNG",
        }
    )
    loaded = load_conversations(write(tmp_path, "export.zip", content))
    assert loaded.report.read == loaded.report.usable == len(loaded.conversations)
    named = " ".join(warning.column for warning in loaded.report.warnings)
    assert all(name in named for name in ("user.json", "memories.json", "chat.html", "file-1.png"))


def test_an_export_cut_into_several_files_is_read_whole(tmp_path: Path) -> None:
    first, second = chatgpt_export()
    content = zipped(
        {
            "conversations-000.json": json.dumps([first]),
            "conversations-001.json": json.dumps([second]),
        }
    )
    assert load_conversations(write(tmp_path, "export.zip", content)).report.usable == 2


def test_a_conversation_may_go_on_in_the_next_file_of_the_same_columns(tmp_path: Path) -> None:
    header = "conversation_id,role,text\n"
    content = zipped(
        {
            "2026-01.csv": header + "c1,user,Where is it?\nc1,assistant,What?\n",
            "2026-02.csv": header + "c1,user,My contract\nc2,user,Hello there\n",
            "notes.csv": "price,colour\n3,red\n",
        }
    )
    loaded = load_conversations(write(tmp_path, "logs.zip", content))
    assert [len(c.messages) for c in loaded.conversations] == [3, 1]
    assert [one.reason[:9] for one in loaded.report.rejected] == ["notes.csv"]


def test_a_file_of_no_use_among_others_is_one_rejected_row(tmp_path: Path) -> None:
    content = zipped(
        {
            "a.jsonl": as_jsonl(ROWS),
            "b.parquet": b"not parquet",
            "c.json": json.dumps({"version": 3}),
            "d.zip": zipped({"e.jsonl": as_jsonl(ROWS)}),
        }
    )
    loaded = load_conversations(write(tmp_path, "rows.zip", content))
    reasons = " | ".join(one.reason for one in loaded.report.rejected)
    assert loaded.report.usable == 2 and len(loaded.report.rejected) == 3
    assert "d.zip: it is an archive inside the archive; unpack it" in reasons
    assert "b.parquet is named as Parquet but is none" in reasons


def climbing(name: str) -> bytes:
    return zipped({"rows.jsonl": as_jsonl(ROWS), name: as_jsonl(ROWS)})


@pytest.mark.parametrize(
    "name",
    ["../rows.jsonl", "a/../../rows.jsonl", "/etc/rows.jsonl", "C:\\rows.jsonl", "..\\rows.jsonl"],
)
def test_an_archive_that_climbs_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="points outside the archive; it is not unpacked"):
        load_conversations(write(tmp_path, "rows.zip", climbing(name)))
    assert sorted(os.listdir(tmp_path)) == ["rows.zip", "temporary"]


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        link = zipfile.ZipInfo("rows.jsonl")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="points outside"):
        load_conversations(write(tmp_path, "rows.zip", buffer.getvalue()))


BOMB = b'{"conversation_id": "' + b"0" * 4_000_000


def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "ALWAYS_ALLOWED", 1_000_000)


def test_an_archive_that_explodes_is_refused_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_temporary_folder: Path
) -> None:
    small_limits(monkeypatch)
    path = write(tmp_path, "bomb.zip", zipped({"rows.jsonl": BOMB}))
    with pytest.raises(InputError, match=r"rows.jsonl in bomb.zip .* more than 1,000,000"):
        load_conversations(path)
    assert os.listdir(own_temporary_folder) == []


def test_the_size_a_header_claims_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_limits(monkeypatch)
    content = zipped({"rows.jsonl": BOMB})
    real, claimed = struct.pack("<I", len(BOMB)), struct.pack("<I", 1_000)
    with pytest.raises(InputError, match=r"damaged|more than"):
        load_conversations(write(tmp_path, "bomb.zip", content.replace(real, claimed)))


def test_many_members_that_explode_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 3_000)
    content = zipped({f"{index}.jsonl": as_jsonl(ROWS) * 4 for index in range(9)})
    loaded = load_conversations(write(tmp_path, "rows.zip", content))
    assert "unpacks to more than 3,000 bytes" in loaded.report.rejected[-1].reason


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MOST_MEMBERS", 2)
    content = zipped({f"{index}.jsonl": as_jsonl(ROWS) for index in range(3)})
    with pytest.raises(InputError, match="holds 3 files; at most 2"):
        load_conversations(write(tmp_path, "rows.zip", content))


def encrypted() -> bytes:
    content = bytearray(zipped({"rows.jsonl": as_jsonl(ROWS)}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def torn() -> bytes:
    content = bytearray(zipped({"rows.jsonl": as_jsonl(ROWS)}))
    content[45:75] = bytes(30)
    return bytes(content)


OFFICE = {"[Content_Types].xml": "<Types/>", "xl/worksheets/sheet1.xml": "<worksheet/>"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (zipped({}), "holds no file; give one"),
        (zipped({"logs/": ""}), "holds no file; give one"),
        (zipped({"a.png": b"\x89PNG", "b.html": "x"}), r"can be read \(found: 'a.png'"),
        (zipped({"rows.jsonl": b""}), "rows.jsonl is empty"),
        (zipped({"rows.txt": b"Dear Sir or Madam"}), "none of the formats"),
        (zipped({"in.zip": zipped({})}), "archive inside the archive; unpack it"),
        (zipped(OFFICE), "spreadsheet .* save the sheet as CSV"),
        (encrypted(), "rows.jsonl in rows.zip is encrypted; unpack it with its password"),
        (torn(), "damaged"),
        (zipped({"rows.jsonl": as_jsonl(ROWS)})[:-30], "damaged zip file"),
        (b"PK\x03\x04" + bytes(100), "damaged zip file"),
        (zipped({"rows.csv": "price,colour\n3,red\n"}), "price"),
    ],
)
def test_an_archive_of_no_use_is_refused_in_a_clear_sentence(
    tmp_path: Path, content: bytes, sentence: str, own_temporary_folder: Path
) -> None:
    with pytest.raises(InputError, match=sentence):
        load_conversations(write(tmp_path, "rows.zip", content))
    assert os.listdir(own_temporary_folder) == []


def test_a_zip_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    content = zipped({"rows.jsonl": as_jsonl(ROWS)})
    assert load_conversations(write(tmp_path, "rows.jsonl", content)).report.usable == 2


def test_a_limit_ends_the_reading_and_leaves_nothing_behind(
    tmp_path: Path, own_temporary_folder: Path
) -> None:
    content = zipped({"a.jsonl": as_jsonl(ROWS), "b.jsonl": as_jsonl([row("c9")])})
    loaded = load_conversations(write(tmp_path, "rows.zip", content), limit=1)
    assert loaded.report.read == 1
    assert os.listdir(own_temporary_folder) == []
