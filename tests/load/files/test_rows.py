"""Every format, its rows numbered as a person counts them, and rows that cannot be read."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kura_core.errors import InputError
from kura_core.load import load_conversations
from tests.load.written_files import FORMATS, ROWS, as_csv, as_jsonl, row, write


@pytest.mark.parametrize("gzipped", [False, True])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_conversations(
    tmp_path: Path, name: str, gzipped: bool
) -> None:
    content = FORMATS[name](ROWS)
    path = write(
        tmp_path,
        f"{name}.gz" if gzipped else name,
        gzip.compress(content) if gzipped else content,
    )
    loaded = load_conversations(path)
    first, second = loaded.conversations
    assert [first.conversation_id, second.conversation_id] == ["c1", "c2"]
    assert first.messages[0].content == "Ça va, “größer”? 你好"
    assert second.created_at == datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert (second.user_id, second.metadata) == ("u7", {"plan": "team"})
    assert [message.role for message in second.messages] == ["user", "assistant"]
    assert loaded.report.read == loaded.report.loaded == loaded.report.usable == 2
    assert not loaded.report.warnings


@pytest.mark.parametrize(
    ("name", "rows_of"),
    [("rows.jsonl", [2, 1]), ("rows.json", [2, 1]), ("rows.csv", [3, 2]), ("rows.parquet", [2, 1])],
)
def test_source_rows_count_as_a_person_does(tmp_path: Path, name: str, rows_of: list[int]) -> None:
    assert load_conversations(write(tmp_path, name, FORMATS[name](ROWS))).source_rows == rows_of


def test_a_bad_row_never_rejects_the_file(tmp_path: Path) -> None:
    lines = [
        json.dumps(row("c1")),
        "{broken",
        "",
        "[1, 2]",
        json.dumps({"conversation_id": "c2", "text": "no messages"}),
        json.dumps({"id": "c3", "messages": [{"role": "narrator", "content": "Once upon a time"}]}),
        json.dumps(row("c4")),
    ]
    report = load_conversations(write(tmp_path, "rows.jsonl", "\n".join(lines))).report
    assert (report.read, report.loaded, report.usable) == (6, 2, 2)
    reasons = {one.source_row: (one.conversation_id, one.reason) for one in report.rejected}
    assert reasons[2][1].startswith("not JSON")
    assert reasons[4] == (None, "the row is a list, not an object")
    assert reasons[5] == ("c2", "it has no messages (found: 'conversation_id', 'text')")
    assert "unknown role 'narrator'" in reasons[6][1] and reasons[6][0] == "c3"
    assert {one.kind for one in report.rejected} == {"rejected"}


def test_a_row_that_is_not_utf8_is_rejected_and_the_rest_loaded(tmp_path: Path) -> None:
    latin = json.dumps(row("c2", text="größer"), ensure_ascii=False).encode("latin-1")
    content = as_jsonl([row("c1")]) + latin + b"\n"
    (rejected,) = load_conversations(write(tmp_path, "rows.jsonl", content)).report.rejected
    assert rejected.source_row == 2 and "UTF-8" in rejected.reason
    good = [row("c1", text="größer"), row("c3", text="größer")]
    table = as_csv([*good, row("c2", text="x")]).replace(b'""x""', '""ö""'.encode("latin-1"))
    table = table.replace(b"\\u00f6\\u00df", "öß".encode())
    loaded = load_conversations(write(tmp_path, "rows.csv", table))
    assert [one.messages[0].content for one in loaded.conversations] == ["größer", "größer"]
    (rejected,) = load_conversations(write(tmp_path, "rows.csv", table)).report.rejected
    assert rejected.source_row == 4 and "UTF-8" in rejected.reason


def test_a_csv_row_with_too_many_values_is_rejected(tmp_path: Path) -> None:
    content = as_csv([row("c1")]) + b"c2,,,[],{},surplus\n"
    (rejected,) = load_conversations(write(tmp_path, "rows.csv", content)).report.rejected
    assert rejected.source_row == 3 and "6 values" in rejected.reason


def test_a_csv_cell_may_be_longer_than_the_csv_module_allows(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.csv", as_csv([row("c1", text="long " * 60_000)]))
    assert len(load_conversations(path).conversations[0].messages[0].content) == 300_000


def test_a_parquet_time_that_python_cannot_hold_is_null_and_its_row_kept(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([row("c1"), row("c2")])
    times = pa.array([0, 6 * 10**18], pa.int64()).cast(pa.timestamp("us"))
    pq.write_table(table.append_column("seen", times), tmp_path / "rows.parquet")
    loaded = load_conversations(tmp_path / "rows.parquet")
    assert [one.metadata["seen"] for one in loaded.conversations] == ["1970-01-01T00:00:00", None]
    (warning,) = loaded.report.warnings
    assert (warning.source_row, warning.column) == (2, "seen")


def test_a_csv_file_of_windows_1252_is_read_as_such_and_says_so(tmp_path: Path) -> None:
    table = "id,prompt\r\n1,größer – €5\r\n2,plain\r\n3,naïve\r\n".encode("cp1252") + b"4,\x81\r\n"
    loaded = load_conversations(write(tmp_path, "rows.csv", table))
    assert [c.messages[0].content for c in loaded.conversations] == [
        "größer – €5", "plain", "naïve", "\x81",
    ]  # fmt: skip
    (warning,) = loaded.report.warnings
    assert warning.column == "encoding" and "3 lines are not UTF-8" in warning.text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["rows.jsonl", "rows.json", "rows.csv"])
def test_wide_text_is_read(tmp_path: Path, name: str, encoding: str) -> None:
    if encoding == "utf-32" and name == "rows.csv":
        encoding = "utf-16"
    content = FORMATS[name](ROWS).decode().encode(encoding)
    loaded = load_conversations(write(tmp_path, name, content))
    assert loaded.conversations[0].messages[0].content == "Ça va, “größer”? 你好"
    assert loaded.report.usable == 2 and not loaded.report.warnings


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.csv"])
def test_old_mac_line_ends_are_line_ends(tmp_path: Path, name: str) -> None:
    content = FORMATS[name](ROWS).replace(b"\r\n", b"\n").replace(b"\n", b"\r")
    loaded = load_conversations(write(tmp_path, name, content))
    assert sorted(loaded.source_rows) == ([1, 2] if name == "rows.jsonl" else [2, 3])


@pytest.mark.parametrize("delimiter", [";", "|", "\t", ","])
@pytest.mark.parametrize("before", ["", "sep={}\r\n"])
def test_any_delimiter_and_quoted_newlines_are_read(
    tmp_path: Path, delimiter: str, before: str
) -> None:
    line = delimiter.join(("1", '"first\nsecond"'))
    table = before.format(delimiter) + f"id{delimiter}prompt\r\n{line}\r\n"
    loaded = load_conversations(write(tmp_path, "rows.csv", table))
    assert loaded.conversations[0].messages[0].content == "first\nsecond"
    assert list(loaded.source_rows) == [2]


def test_blank_and_repeated_column_names_get_names_of_their_own(tmp_path: Path) -> None:
    table = "prompt,,plan,plan,\nHello there,x,team,free,\n"
    loaded = load_conversations(write(tmp_path, "rows.csv", table))
    assert loaded.conversations[0].metadata == {"column 2": "x", "plan": "team", "plan (2)": "free"}
    (warning,) = loaded.report.warnings
    assert warning.column == "plan" and "'plan (2)'" in warning.text


def test_an_object_that_is_one_conversation_is_no_list_of_messages(tmp_path: Path) -> None:
    one = {
        "id": "c1",
        "turns": [{"speaker": "user", "text": "Hi"}, {"speaker": "bot", "text": "Yo"}],
    }
    loaded = load_conversations(write(tmp_path, "rows.json", json.dumps(one, indent=1)))
    assert [m.role for m in loaded.conversations[0].messages] == ["user", "assistant"]


def test_a_csv_file_of_another_alphabet_is_refused_and_not_garbled(tmp_path: Path) -> None:
    table = "id,prompt\n1,Где мой договор и почему его нет\n".encode("cp1251")
    with pytest.raises(InputError, match=r"not UTF-8\. Save it as UTF-8"):
        load_conversations(write(tmp_path, "rows.csv", table))
