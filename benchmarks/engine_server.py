"""A server that fails by chance, or slowly, and knows what it was asked: for `engines.py`."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.llm_server import Fault, LLMServer, Order, Received, fitting

# What a run is told apart by: the name of the form that is asked for.
KINDS = ("summary", "outcome", "dissatisfaction", "failure", "cluster_name", "theme_name")
# Answers to a judge's two questions that are right whatever the conversation.
_JUDGED: dict[str, dict[str, Any]] = {
    "outcome": {
        "outcome": "cannot tell", "message": None, "quote": None, "failure_probability": 50,
    },
    "kinds": {"kinds": [], "message": None, "quote": None},
}  # fmt: skip


@dataclass
class ChanceServer(LLMServer):
    """Fails a share of the tries of all requests, decided by their text and not by their order.

    `always` is refused with 400 whatever happens, `slow` seconds pass before each answer.
    `asked_at` holds the moments at which each request's text came, the latest last.
    """

    models: Sequence[str] = ("gpt-4o-mini", "gpt-4.1-mini")
    faults: Sequence[Fault] = ()
    share: float = 0.0
    retry_after: float = 1.0
    always: str = "\0"
    slow: float = 0.0
    asked_at: dict[str, list[float]] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.answer = self._in_time

    def order_for(self, request: Received) -> Order | None:
        """Return the fault of this try of a request, if any; a lock is held meanwhile."""
        if request.path.endswith("/models"):
            return None
        text = request.text
        moments = self.asked_at.setdefault(text, [])
        moments.append(time.monotonic())
        if self.always in text:
            return Order(400, message="this text is always refused")
        drawn = hashlib.sha256(f"{len(moments)} {text}".encode()).digest()
        if not self.faults or int.from_bytes(drawn[:4], "big") / 2**32 >= self.share:
            return None
        fault = self.faults[drawn[4] % len(self.faults)]
        self.met[str(fault)] += 1
        headers = {"retry-after": f"{self.retry_after:g}"} if fault in (429, 529) else {}
        return Order(fault, headers=headers)

    def kinds(self, since: int = 0) -> Counter[str]:
        """Count the requests of each kind, the first `since` left out."""
        return Counter(_kind(request.body) for request in self.asked("completions")[since:])

    def _in_time(self, schema: dict[str, Any], text: str) -> dict[str, Any]:
        time.sleep(self.slow)
        for known, values in _JUDGED.items():
            if known in schema["properties"]:
                return values
        fitted: dict[str, Any] = fitting(schema, text)
        return fitted


def _kind(body: dict[str, Any]) -> str:
    name: str = body.get("response_format", {}).get("json_schema", {}).get("name", "text")
    return name
