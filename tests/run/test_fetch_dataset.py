import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kura_core.errors import InputError
from kura_core.load import load_conversations
from kura_core.run import fetch_dataset
from kura_core.run.fetch_dataset import hub_name, main, write_rows


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    "typed",
    [
        "owner/name",
        " owner/name ",
        "hf:owner/name",
        "https://huggingface.co/datasets/owner/name",
        "https://huggingface.co/datasets/owner/name/viewer",
    ],
)
def test_a_data_set_may_be_named_in_several_ways(typed: str) -> None:
    assert hub_name(typed).name == "owner/name"


def test_a_split_in_an_address_is_kept() -> None:
    assert hub_name("hf:owner/name#test").split == "test"


@pytest.mark.parametrize("typed", ["", "name", "/etc", "../../etc", "./a/b", "owner/na me", "a/.."])
def test_what_is_no_name_of_a_data_set_is_a_sentence(typed: str) -> None:
    with pytest.raises(InputError, match="OWNER/NAME"):
        hub_name(typed)


def test_rows_are_kept_as_they_are_with_dates_as_text_up_to_the_limit(tmp_path: Path) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        for number in range(10):
            yield {"n": number, "at": datetime(2026, 1, 31, 9, tzinfo=UTC), "blob": b"\x00"}
        raise AssertionError("more rows were taken than asked for")

    told: list[int] = []
    count = write_rows(rows(), tmp_path / "out.jsonl", 10, told.append)

    assert count == 10
    assert told[-1] == 10
    assert lines(tmp_path / "out.jsonl")[9] == {
        "n": 9,
        "at": "2026-01-31T09:00:00+00:00",
        "blob": None,
    }


def test_a_fetch_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield {"n": 1}
        raise InputError("the hub cannot be reached")

    with pytest.raises(InputError, match="cannot be reached"):
        write_rows(rows(), tmp_path / "out.jsonl", 10)
    assert list(tmp_path.iterdir()) == []


def test_a_data_set_without_rows_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows"):
        write_rows([], tmp_path / "out.jsonl", 10)
    assert list(tmp_path.iterdir()) == []


def test_what_was_fetched_is_loaded_like_any_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from datasets import Dataset

    rows = [
        {"id": str(number), "messages": [{"role": "user", "content": f"find contract {number}"}]}
        for number in range(5)
    ]

    def stream(wanted: Any, *, streaming: bool) -> Iterator[Any]:
        assert (wanted.name, wanted.split, streaming) == ("owner/name", "test", True)
        for number, row in enumerate(Dataset.from_list(rows), start=1):
            yield fetch_dataset_row(number, row)

    monkeypatch.setattr(fetch_dataset, "dataset_rows", stream)
    out = tmp_path / "set.jsonl"
    assert main(["owner/name", str(out), "--split", "test", "--limit", "3"]) == 0

    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"rows": 3}
    assert len(load_conversations(out).conversations) == 3


def test_what_goes_wrong_is_told_as_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["owner/there-is-none", str(tmp_path / "x.jsonl")]) == 2

    said = json.loads(capsys.readouterr().out)["error"]
    assert "owner/there-is-none" in said
    assert list(tmp_path.iterdir()) == []


def fetch_dataset_row(number: int, value: dict[str, Any]) -> Any:
    from kura_core.load.files.rows import RawRow

    return RawRow(number, value)
