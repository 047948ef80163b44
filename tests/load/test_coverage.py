"""Counts, lengths and metadata of what was loaded."""

from __future__ import annotations

from kura_core.load.coverage import count_coverage, describe_metadata
from kura_core.types import Conversation, Message


def talk(name: str, text: str, turns: int = 1, **metadata: object) -> Conversation:
    messages = [Message("user", text)]
    messages += [Message("assistant", "ok")] * (turns - 1)
    return Conversation(name, messages, metadata=dict(metadata))


def test_lengths_and_shares_are_counted() -> None:
    coverage = count_coverage([talk(str(n), "x" * n, turns=n) for n in range(1, 11)])
    assert (coverage.turns.median, coverage.turns.most, coverage.turns.longest) == (5, 10, 10)
    assert coverage.characters.longest == 10 + 2 * 9
    assert (coverage.with_assistant, coverage.single_turn) == (9, 10)
    assert count_coverage([]).turns.longest == 0


def test_metadata_columns_have_a_kind_and_a_fill_rate() -> None:
    values = [
        {"n": 1, "ok": True, "plan": "team", "day": "2026-01-31", "note": f"{n} " + "word " * 20,
         "none": None}
        for n in range(4)
    ]  # fmt: skip
    columns = {c.name: c for c in describe_metadata([talk("a", "x", 1, **v) for v in values])}
    kinds = {name: column.kind for name, column in columns.items()}
    assert kinds == {
        "n": "number", "ok": "yes/no", "plan": "category", "day": "time", "note": "text",
        "none": "empty",
    }  # fmt: skip
    assert columns["note"].distinct == columns["note"].filled == 4
    assert columns["none"].filled == 0
