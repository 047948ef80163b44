"""Answers as long as a model's, for the server of `tests.llm_server`; each text gets its own."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.llm_server import fitting


def of_its_own(schema: dict[str, Any], text: str) -> dict[str, Any]:
    """What fits the schema, in English; no two summaries and no two names are alike."""
    fields: dict[str, Any] = fitting(schema, text)
    digest = hashlib.sha256(text.encode()).digest()
    first, second = (_word(digest[place : place + 7]) for place in (0, 7))
    plausible = {
        "summary": f"Asks where the {first} of a {second} can be found and how it is exported. "
        "It is about documents that were signed and do not come up in the search.",
        "request": f"The user's overall request is to find the {first} of a {second}.",
        "task": f"find a {first}",
        "topic": f"{second} documents",
        "name": f"{first} {second}".capitalize(),
        "description": f"Users of this group ask for {first} and for {second}.",
    }
    return {name: plausible.get(name, value) for name, value in fields.items()}


def _word(values: bytes) -> str:
    return "".join(chr(ord("a") + value % 26) for value in values)
