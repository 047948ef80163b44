"""What a judging model answers, for the server of `tests.llm_server`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.llm_server import fitting

Fields = dict[str, Any]

ACHIEVED: Fields = {
    "outcome": "achieved", "message": 1, "quote": "Under billing.", "failure_probability": 5,
}  # fmt: skip
FAILED: Fields = {
    "outcome": "not achieved", "message": 1, "quote": "I cannot find it.",
    "failure_probability": 90,
}  # fmt: skip
CANNOT_TELL: Fields = {
    "outcome": "cannot tell", "message": None, "quote": None, "failure_probability": 40,
}  # fmt: skip
NOTHING_VOICED: Fields = {"kinds": [], "message": None, "quote": None}
STANDS: Fields = {
    "stands": True, "instead": None, "message": None, "quote": None, "failure_probability": 95,
    "cause": "inventory gap", "gap_kind": "not indexed", "missing": "signed contracts",
}  # fmt: skip
REFUTED: Fields = {
    **STANDS, "stands": False, "instead": "achieved", "message": 3, "quote": "Here it is",
    "failure_probability": 10, "cause": None, "gap_kind": None, "missing": None,
}  # fmt: skip


@dataclass
class JudgeAnswers:
    """Answers to each of a judge's questions in turn; the last one is given again and again.

    Other questions get what fits their schema. `asked` has the kinds of question in order.
    """

    outcome: Sequence[Fields] = (ACHIEVED,)
    dissatisfaction: Sequence[Fields] = (NOTHING_VOICED,)
    failure: Sequence[Fields] = (STANDS,)
    asked: list[str] = field(default_factory=list)

    def __call__(self, schema: Fields, text: str) -> Fields:
        kind = kind_of(schema)
        answers = {
            "outcome": self.outcome,
            "dissatisfaction": self.dissatisfaction,
            "failure": self.failure,
        }.get(kind)
        self.asked.append(kind)
        if answers is None:
            fitted: Fields = fitting(schema, text)
            return fitted
        return answers[min(self.asked.count(kind), len(answers)) - 1]


def kind_of(schema: Fields) -> str:
    """Which question a schema belongs to."""
    names = {"outcome": "outcome", "kinds": "dissatisfaction", "stands": "failure"}
    found = [kind for name, kind in names.items() if name in schema["properties"]]
    return found[0] if found else "other"
