"""What a user is shown of a file's columns."""

from __future__ import annotations

import zipfile
from pathlib import Path

from kura_core.load.columns.found import column_shape, inspect_columns
from tests.load.written_files import ROWS, as_jsonl, write

UNKNOWN = "c,w,t\n1,X,hello\n1,Y,hi there\n"


def test_columns_are_shown_with_examples_and_what_is_missing(tmp_path: Path) -> None:
    found = inspect_columns(write(tmp_path, "f.csv", UNKNOWN))
    assert found.needs_mapping and found.problem and found.missing
    assert [(one.name, one.examples) for one in found.columns] == [
        ("c", ("1",)), ("w", ("X", "Y")), ("t", ("hello", "hi there")),
    ]  # fmt: skip


def test_recognised_columns_are_named(tmp_path: Path) -> None:
    found = inspect_columns(write(tmp_path, "f.jsonl", as_jsonl(ROWS)))
    fields = {one.name: one.field for one in found.columns}
    assert not found.needs_mapping and found.rows == "messages"
    assert fields["messages"] == "messages" and fields["metadata"] is None


def test_long_values_are_shortened(tmp_path: Path) -> None:
    rows = [{"prompt": "word " * 10_000, "big": list(range(9_999)), "n": 10**400}]
    found = inspect_columns(write(tmp_path, "f.jsonl", as_jsonl(rows)))
    assert all(len(text) <= 80 for one in found.columns for text in one.examples)


def test_the_shape_is_that_of_the_names_whatever_their_order(tmp_path: Path) -> None:
    assert column_shape(["a", "b"]) == column_shape(["b", "a"]) != column_shape(["ab"])
    assert inspect_columns(write(tmp_path, "f.csv", UNKNOWN)).shape == column_shape(["t", "w", "c"])


def test_of_a_zip_the_file_that_needs_mapping_is_shown(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.writestr("a.jsonl", as_jsonl(ROWS))
        archive.writestr("b.csv", UNKNOWN)
    assert [one.name for one in inspect_columns(tmp_path / "f.zip").columns] == ["c", "w", "t"]


def test_the_likeliest_columns_are_named_where_only_names_are_in_the_way(tmp_path: Path) -> None:
    rows = "".join(
        f"{n // 2},{'user' if n % 2 else 'assistant'},one two three {n}\n" for n in range(8)
    )
    found = inspect_columns(write(tmp_path, "f.csv", "xx,yy,zz\n" + rows))
    fields = {one.name: one.field for one in found.columns}
    assert found.needs_mapping
    assert fields == {"xx": "conversation_id", "yy": "role", "zz": "text"}
