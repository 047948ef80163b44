"""Bytes that are counted while they are unpacked."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from kura_core.errors import InputError
from kura_core.load import load_conversations
from kura_core.load.files import unpack
from tests.load.export_files import zipped
from tests.load.written_files import write

BOMB = b'{"conversation_id": "' + b"0" * 4_000_000


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "ALWAYS_ALLOWED", 1_000_000)


@pytest.mark.parametrize("name", ["rows.jsonl.gz", "rows.json.gz", "rows.csv.gz"])
def test_a_gzip_file_that_explodes_is_refused_too(
    tmp_path: Path, name: str
) -> None:
    bomb = gzip.compress(b"messages\n" + BOMB if "csv" in name else BOMB)
    with pytest.raises(InputError, match="more than 1,000,000"):
        load_conversations(write(tmp_path, name, bomb))
    with pytest.raises(InputError, match="more than 1,000,000"):
        load_conversations(write(tmp_path, "rows.zip", zipped({name: bomb})))


def test_what_packs_as_chat_logs_do_is_read_whole_and_from_any_place() -> None:
    content = bytes(range(256)) * 100
    reader = io.BufferedReader(unpack.BoundedReader(io.BytesIO(content), 1_000, "rows"))
    assert reader.read(10) == content[:10]
    reader.seek(0)
    assert reader.read() == content
    assert reader.tell() == len(content)
