"""JSON that parsers refuse, and rows that no parser takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kura_core.load import load_conversations
from tests.load.written_files import row, write


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r'{"id":1,"messages":[{"role":"user","content":"a\ud800b\u0000"}]}', "a\ufffdb\ufffd"),
        ('{"id": 1, "messages": [{"role": "user", "content": "x"}], "n": 1' + "0" * 400 + "}", "x"),
        ('{"id": 1, "messages": [{"role": "user", "content": "x"}], "n": NaN}', "x"),
        (
            '{"id": 1, "messages": [{"role": "user", "content": "x"}], "n": '
            + "[" * 500 + "]" * 500 + "}",
            "x",
        ),
    ],
)  # fmt: skip
def test_what_json_parsers_refuse_is_loaded(tmp_path: Path, line: str, expected: str) -> None:
    (conversation,) = load_conversations(write(tmp_path, "rows.jsonl", line)).conversations
    assert conversation.messages[0].content == expected


@pytest.mark.parametrize("value", ["[" * 10_000 + "]" * 10_000, "1" + "0" * 5_000])
def test_values_no_parser_takes_cost_their_row_only(tmp_path: Path, value: str) -> None:
    lines = [json.dumps(row("c1")), '{"messages": [], "n": ' + value + "}"]
    report = load_conversations(write(tmp_path, "rows.jsonl", "\n".join(lines))).report
    assert [one.source_row for one in report.rejected] == [2]
