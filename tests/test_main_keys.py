"""Keys on the command line: from stdin or the environment, and nowhere else."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from tests.command_line import SECRET, flags, kura
from tests.small_data import few_kinds, write_rows


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "logs.jsonl", few_kinds(40))


def test_keys_come_from_stdin_and_go_nowhere(
    source: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"openai": SECRET})))
    more = ("--keys-stdin", "--events", tmp_path / "run" / "events.jsonl")
    assert kura(*flags(source, tmp_path / "run", *more)) == 0
    printed = capsys.readouterr()
    assert SECRET not in printed.out + printed.err
    written = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert len(written) > 8
    assert not [path for path in written if SECRET.encode() in path.read_bytes()]
    assert SECRET not in str(dict(os.environ))


@pytest.mark.parametrize("given", ["", "not json", f'["{SECRET}"]', f'"{SECRET}"'])
def test_keys_of_another_form_are_refused_without_repeating_them(
    given: str,
    source: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    assert kura(*flags(source, tmp_path / "run", "--keys-stdin")) == 2
    printed = capsys.readouterr()
    assert "--keys-stdin needs one JSON object" in printed.err
    assert SECRET not in printed.err


def test_a_key_among_the_settings_is_refused_without_repeating_it(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"api_key": SECRET, "clusters": 2, "per_cluster": 3}))
    more = ("--config", config, "--events", tmp_path / "events.jsonl")
    assert kura(source, "--out", tmp_path / "run", *more) == 2
    assert "api_key is not a setting" in capsys.readouterr().err
    assert SECRET not in (tmp_path / "events.jsonl").read_text()


def test_stdin_is_left_alone_unless_keys_are_announced(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.StringIO('{"openai": "x"}')
    monkeypatch.setattr(sys, "stdin", stdin)
    assert kura(*flags(source, tmp_path / "run")) == 0
    assert stdin.tell() == 0
