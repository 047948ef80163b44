import json
import zipfile
from pathlib import Path

import pytest

from kura_core.run import preview_columns as module
from kura_core.run.preview_columns import main, preview_columns

COLUMNS = {"conversation_id": "nr", "role": "wer", "text": "wortlaut"}
LINES = [
    "nr,wer,wortlaut",
    "b,kunde,Where is my contract?",
    "b,bot,I cannot find it.",
    "a,kunde,",
    "a,kunde,Send it.",
    "c,kunde,",
]


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join(LINES))
    return path


def test_the_first_conversations_come_in_the_order_of_the_file(tickets: Path) -> None:
    found = preview_columns(tickets, COLUMNS)

    shown = [(one["conversation_id"], one["user"]) for one in found["conversations"]]
    assert shown == [("b", "Where is my contract?"), ("a", "Send it.")]
    assert found["conversations"][0]["assistant"] == "I cannot find it."
    assert (found["rows"], found["usable"]) == (5, 2)
    assert found["left_out"] == len(found["excluded"]) > 0


def test_only_the_first_rows_are_looked_at(tickets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS", 2)

    assert preview_columns(tickets, COLUMNS)["rows"] == 2


def test_a_file_in_a_zip_is_tried_as_well(tickets: Path) -> None:
    packed = tickets.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(tickets, "tickets.csv")

    assert preview_columns(packed, COLUMNS)["usable"] == 2


def test_a_wrong_choice_is_one_sentence(tickets: Path) -> None:
    error = preview_columns(tickets, {**COLUMNS, "role": "nr"})["error"]

    assert "none of which is known" in error
    assert "--map" not in error


def test_a_column_that_is_not_there_is_said(tickets: Path) -> None:
    assert "no column" in preview_columns(tickets, {**COLUMNS, "text": "gone"})["error"]


def test_it_prints_json(tickets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(tickets), "--map", 'conversation_id=nr,role="wer",text=wortlaut'])

    assert json.loads(capsys.readouterr().out)["usable"] == 2
