"""Feedback and user tables out of files: formats, keys and what is wrong with them."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from kura_core.errors import InputError
from kura_core.run.side.reading import read_side_rows, read_side_table, read_uploaded_rows

IDS = [f"c{number}" for number in range(1, 6)]
CSV = "conversation_id,thumbs_up\nc1,1\nc2,0\nc9,1\n"


def written(folder: Path, content: str | bytes, name: str = "ratings.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def test_what_matched_and_what_did_not_is_counted(tmp_path: Path) -> None:
    table = read_side_table(written(tmp_path, CSV), "feedback", IDS)

    report = table.report
    assert (report.rows, report.matched, report.unmatched) == (3, 2, 1)
    assert report.unmatched_examples == ("c9",)
    assert (report.known, report.without_row) == (5, 3)
    assert list(table.frame.columns) == ["conversation_id", "thumbs_up"]
    assert table.feedback == "thumbs_up"


def rows_as(kind: str, folder: Path) -> Path:
    rows = [{"chat_id": "c1", "rating": 5}, {"chat_id": "c2", "rating": 1}]
    if kind == "parquet":
        path = folder / "ratings.parquet"
        pd.DataFrame(rows).to_parquet(path)
        return path
    texts = {
        "tsv": "chat_id\trating\nc1\t5\nc2\t1\n",
        "json": json.dumps(rows),
        "jsonl": "\n".join(map(json.dumps, rows)),
        "csv.gz": "chat_id,rating\nc1,5\nc2,1\n",
    }
    content = texts[kind].encode()
    return written(folder, gzip.compress(content) if kind == "csv.gz" else content, f"r.{kind}")


@pytest.mark.parametrize("kind", ["tsv", "json", "jsonl", "parquet", "csv.gz"])
def test_every_format_gives_the_same_table(kind: str, tmp_path: Path) -> None:
    table = read_side_table(rows_as(kind, tmp_path), "feedback", IDS)

    assert table.key == "chat_id"
    assert list(table.frame["conversation_id"]) == ["c1", "c2"]
    assert list(table.frame["rating"]) == [5, 1]


@pytest.mark.parametrize("name", ["session_id", "Thread ID", "id", "conversationId"])
def test_the_key_is_found_by_its_name(name: str, tmp_path: Path) -> None:
    content = f"rating,{name}\n5,c1\n4,c2\n"

    assert read_side_table(written(tmp_path, content), "feedback", IDS).key == name


def test_the_key_is_found_by_its_values_where_no_name_tells(tmp_path: Path) -> None:
    content = "id,reference,rating\n1,c1,5\n2,c2,4\n"

    assert read_side_table(written(tmp_path, content), "feedback", IDS).key == "reference"


def test_of_two_named_keys_the_one_that_matches_is_taken(tmp_path: Path) -> None:
    content = "session_id,chat_id,rating\ns1,c1,5\ns2,c2,4\n"

    assert read_side_table(written(tmp_path, content), "feedback", IDS).key == "chat_id"


def test_the_user_says_which_column_is_the_key(tmp_path: Path) -> None:
    content = "conversation_id,parent,rating\nc1,c2,5\nc3,c4,4\n"
    table = read_side_table(written(tmp_path, content), "feedback", IDS, key="parent")

    assert list(table.frame["conversation_id"]) == ["c2", "c4"]
    assert "conversation_id (2)" in table.frame


def test_an_unknown_key_column_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column 'nope'; its columns are 'conversation_id'"):
        read_side_table(written(tmp_path, CSV), "feedback", IDS, key="nope")


def test_keys_that_match_nothing_are_shown_beside_those_of_the_run(tmp_path: Path) -> None:
    content = "conversation_id,thumbs_up\nx1,1\nx2,0\n"

    with pytest.raises(InputError) as error:
        read_side_table(written(tmp_path, content), "feedback", IDS)

    message = str(error.value)
    assert "'x1', 'x2'" in message
    assert "'c1', 'c2', 'c3', …" in message
    assert "choose another column" in message


def test_a_table_without_any_key_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"No column of ratings\.csv holds conversation ids"):
        read_side_table(written(tmp_path, "stars,text\n5,good\n"), "feedback", IDS)


def test_a_user_table_needs_conversations_with_users(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="say nothing of users"):
        read_side_table(written(tmp_path, "user_id,plan\nu1,pro\n"), "users", [])


def test_keys_that_come_twice_and_none_at_all_are_counted(tmp_path: Path) -> None:
    content = "user_id,plan\nu1,pro\nu1,free\n,team\nu2,pro\n"
    report = read_side_table(written(tmp_path, content), "users", ["u1", "u2"]).report

    assert (report.repeated_keys, report.repeated_rows, report.without_key) == (1, 2, 1)


def test_numbers_as_ids_match_their_text(tmp_path: Path) -> None:
    path = tmp_path / "users.parquet"
    pd.DataFrame({"user_id": [7.0, 8.0], "seats": [1, 2]}).to_parquet(path)

    assert read_side_table(path, "users", ["7", "8"]).report.matched == 2


def test_an_empty_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ratings.csv is empty; give a table"):
        read_side_rows(written(tmp_path, ""))
    with pytest.raises(InputError, match="no row that can be read"):
        read_side_rows(written(tmp_path, "conversation_id,thumbs_up\n"))


def test_a_western_encoding_is_read_and_said_and_another_is_refused(tmp_path: Path) -> None:
    content = "conversation_id,plan\nc1,géant\nc2,été\nc3,pro\n"
    rows = read_side_rows(written(tmp_path, content.encode("cp1252")))

    assert rows.values["plan"] == ["géant", "été", "pro"]
    assert "Windows-1252" in rows.notes[0]
    with pytest.raises(InputError, match="not UTF-8"):
        read_side_rows(written(tmp_path, "ключ,оценка\nодин,два\n".encode("koi8-r")))


def test_a_file_that_is_no_table_is_refused_in_the_loader_s_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a PDF; needed is"):
        read_side_rows(written(tmp_path, b"%PDF-1.7 ...", "ratings.pdf"))


def test_rows_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    content = '{"chat_id": "c1", "rating": 5}\n{"chat_id": \n[1, 2]\n'
    report = read_side_table(written(tmp_path, content, "r.jsonl"), "feedback", IDS).report

    assert (report.rows, report.unreadable) == (3, 2)
    assert report.problem is not None
    assert report.problem.startswith("row 2: not JSON")


def test_columns_that_come_late_or_not_in_every_row_are_aligned(tmp_path: Path) -> None:
    content = '[{"chat_id": "c1"}, {"chat_id": "c2", "stars": 4}, {"chat_id": "c3"}]'
    table = read_side_table(written(tmp_path, content, "r.json"), "feedback", IDS)

    assert table.frame["stars"].isna().tolist() == [True, False, True]


def test_names_that_differ_only_in_case_stay_apart(tmp_path: Path) -> None:
    content = "conversation_id,Plan,plan\nc1,a,b\nc2,c,d\n"
    table = read_side_table(written(tmp_path, content), "feedback", IDS)

    assert [column.name for column in table.columns] == ["Plan", "plan (2)"]


def test_an_upload_is_read_under_its_own_name() -> None:
    rows = read_uploaded_rows("../../ratings.csv", io.BytesIO(CSV.encode()))

    assert (rows.name, rows.numbers) == ("ratings.csv", [2, 3, 4])
