"""Input as bad as it comes: a sentence that names the place, and everything else loaded."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from kura_core.errors import InputError
from kura_core.load import LoadedConversations, load_conversations

GOOD = {"conversation_id": "good", "messages": [{"role": "user", "content": "Find my contract"}]}


def row(name: str, **fields: Any) -> dict[str, Any]:
    said = [{"role": "user", "content": "Export it"}]
    return {"conversation_id": name, "messages": said, **fields}


def load_lines(folder: Path, *lines: Any) -> LoadedConversations:
    """Load a JSONL file whose first row is good."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in (GOOD, *lines)]
    (folder / "logs.jsonl").write_text("\n".join(texts) + "\n", "utf-8")
    return load_conversations(folder / "logs.jsonl")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("logs.jsonl.gz", gzip.compress(json.dumps(GOOD).encode(), mtime=0)[:-9], "damaged gzip"),
        ("logs.parquet", b"PAR1 and no more", "logs.parquet.*Parquet"),
        ("logs.zip", b"PK\x03\x04 and no more", "damaged zip file.*download or compress it again"),
        ("logs.pdf", b"%PDF-1.7", "is a PDF; needed is"),
        ("logs.csv", b"", "is empty; give a file"),
        ("logs.csv", b"conversation_id,messages\n", "holds no row"),
        ("logs.json", b"[" * 10_000, "logs.json cannot be read as JSON"),
        ("logs.csv", b"a;b\n1;2\n", "Columns found.*'a'.*--map"),
    ],
)
def test_a_file_of_no_use_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        load_conversations(tmp_path / name)


def test_a_file_that_may_not_be_read_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "logs.jsonl"
    path.write_text(json.dumps(GOOD))

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"logs\.jsonl cannot be .*Permission denied"):
        load_conversations(path)


def test_a_source_that_does_not_exist_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no file .*check the name"):
        load_conversations(tmp_path / "nothing.jsonl")


@pytest.mark.parametrize(
    ("bad", "kind", "reason"),
    [
        (row("bad", messages=[]), "filtered", "no message holds text"),
        (row("bad", messages=[{"role": "user", "content": " "}]), "filtered", "no message holds"),
        ({"conversation_id": "bad"}, "rejected", "no messages"),
        (row("bad", messages=[{"role": "wizard", "content": "Hm"}]), "rejected", "'wizard'"),
        ("[" * 10_000, "rejected", "nested"),
        ("{not json", "rejected", "JSON"),
        (row("good"), "filtered", "row 1 has the same id"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_loaded(
    tmp_path: Path, bad: Any, kind: str, reason: str
) -> None:
    loaded = load_lines(tmp_path, bad, row("last"))
    assert [c.conversation_id for c in loaded.conversations] == ["good", "last"]
    (left_out,) = [*loaded.report.rejected, *loaded.report.filtered]
    assert (left_out.source_row, left_out.kind) == (2, kind)
    assert reason in left_out.reason
    assert loaded.report.read == 3


def test_a_date_or_metadata_that_is_none_becomes_null_and_its_row_is_kept(tmp_path: Path) -> None:
    odd_row = row("odd", created_at="yesterday", metadata={"n": [float("nan")]})
    loaded = load_lines(tmp_path, odd_row)
    odd = loaded.conversations[1]
    assert odd.created_at is None
    assert {(w.source_row, w.column) for w in loaded.report.warnings} >= {(2, "created_at")}


def test_a_message_of_a_million_characters_is_kept_whole(tmp_path: Path) -> None:
    said = [{"role": "user", "content": "contract " * 111_112}]
    loaded = load_lines(tmp_path, row("long", messages=said))
    assert len(loaded.conversations[1].messages[0].content) > 1_000_000


def test_lone_surrogates_and_nuls_are_replaced(tmp_path: Path) -> None:
    said = [{"role": "user", "content": "Find \ud800 my \0 contract"}]
    loaded = load_lines(tmp_path, row("odd", messages=said))
    assert loaded.conversations[1].messages[0].content == "Find \ufffd my \ufffd contract"


def test_a_metadata_value_of_40_000_characters_is_cut_and_said(tmp_path: Path) -> None:
    loaded = load_lines(tmp_path, row("long", metadata={"note": "x" * 40_000, "plan": "team"}))
    metadata = loaded.conversations[1].metadata
    assert len(metadata["note"]) < 40_000 and metadata["plan"] == "team"
    assert [(w.source_row, w.column) for w in loaded.report.warnings] == [(2, "note")]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ","), ("utf-8", ";"), ("cp1252", ";"), ("utf-16", "\t")],
)
def test_marks_semicolons_and_old_encodings_are_read(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [("ticket", "question"), ("1", "Wo ist mein Käse?")]
    text = "".join(delimiter.join(cells) + "\n" for cells in rows)
    (tmp_path / "logs.csv").write_text(text, encoding)
    loaded = load_conversations(tmp_path / "logs.csv")
    assert loaded.conversations[0].messages[0].content == "Wo ist mein Käse?"
