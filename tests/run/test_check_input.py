"""The check before any spending, as the Data page reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kura_core.run.check_input import check_input, main
from tests.load.written_files import ROWS, as_jsonl, write

UNKNOWN = "c,w,t\n1,user,hello\n1,Martha,hi there\n"
WHICH = "conversation_id=c,role=w,text=t"


def test_a_usable_file_gives_its_coverage(tmp_path: Path) -> None:
    found = check_input(write(tmp_path, "f.jsonl", as_jsonl([*ROWS, {"messages": 3}])))
    assert (found["read"], found["usable"], found["rejected"]) == (3, 2, 1)
    assert (found["with_times"], found["with_users"], found["with_assistant"]) == (1, 2, 2)
    assert found["turns"]["longest"] == 2 and sum(found["languages"].values()) == 2
    assert found["metadata"][0]["name"] == "plan"
    assert found["columns"]["rows"] == "messages" and len(found["preview"]) == 2
    assert json.loads(json.dumps(found)) == found


def test_columns_to_be_named_are_given_with_the_error(tmp_path: Path) -> None:
    path = write(tmp_path, "f.csv", UNKNOWN)
    found = check_input(path)
    assert "--map" in found["error"]
    assert [one["name"] for one in found["needs_columns"]["columns"]] == ["c", "w", "t"]
    named = check_input(path, {"conversation_id": "c", "role": "w", "text": "t"})
    assert named["usable"] == 1 and "needs_columns" not in named
    absent = check_input(path, {"text": "x"})
    assert "has no column 'x'" in absent["error"] and absent["needs_columns"]["shape"]


def test_another_error_asks_for_no_columns(tmp_path: Path) -> None:
    assert list(check_input(write(tmp_path, "f.jsonl", ""))) == ["error"]


def test_a_limit_ends_the_reading(tmp_path: Path) -> None:
    assert check_input(write(tmp_path, "f.jsonl", as_jsonl(ROWS)), limit=1)["read"] == 1


def test_the_command_line_prints_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path, "f.csv", UNKNOWN))
    main([path, "--map", WHICH])
    assert json.loads(capsys.readouterr().out)["usable"] == 1
    main([path, "--map", "nonsense"])
    assert "FIELD=COLUMN" in json.loads(capsys.readouterr().out)["error"]
