"""From what a form holds to settings, with a sentence for whatever in it is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from kura_core.config import Facet, RunConfig
from kura_core.errors import ConfigError

_BETWEEN_OPTIONS = re.compile(r"[,;\n]")


def make_config(values: Mapping[str, Any]) -> RunConfig:
    """A configuration from a form's values. Raises ConfigError, which names what is wrong."""
    try:
        return RunConfig(**values)
    except ValidationError as error:
        raise ConfigError(f"These settings cannot be used: {_problems(error)}.") from error


def read_questions(rows: Iterable[Mapping[str, Any]]) -> tuple[tuple[Facet, ...], list[str]]:
    """The facets that the rows of a table ask for, and a sentence for each row that is wrong.

    A row has name, question, type and options, these as one text with commas between them. Rows
    without name and question are skipped, but count.
    """
    facets: list[Facet] = []
    problems: list[str] = []
    for number, row in enumerate(rows, start=1):
        name, question = _cell(row, "name"), _cell(row, "question")
        if not name and not question:
            continue
        try:
            facet = _facet(name, question, _cell(row, "type") or "text", _cell(row, "options"))
            if any(facet.name == other.name for other in facets):
                raise ConfigError(f"the name {name!r} is taken already; give each its own.")
        except ConfigError as error:
            problems.append(f"Question {number}: {error}")
        else:
            facets.append(facet)
    return tuple(facets), problems


def question_rows(facets: Iterable[Facet]) -> list[dict[str, str]]:
    """The rows of the table that asks for these facets."""
    return [
        {
            "name": facet.name,
            "question": facet.question,
            "type": facet.type,
            "options": ", ".join(facet.options),
        }
        for facet in facets
    ]


def _facet(name: str, question: str, kind: str, options: str) -> Facet:
    if not name or not question:
        lacking = "a name (one word, for the column)" if not name else "the question to ask"
        raise ConfigError(f"it lacks {lacking}.")
    parts = (part.strip() for part in _BETWEEN_OPTIONS.split(options))
    choices = tuple(dict.fromkeys(part for part in parts if part))
    if kind == "one of" and len(choices) < 2:
        raise ConfigError("“one of” needs at least two options, with commas between them.")
    try:
        return Facet.model_validate(
            {"name": name, "question": question, "type": kind, "options": choices}
        )
    except ValidationError as error:
        raise ConfigError(f"{_problems(error)}.") from error


def _cell(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""  # an empty cell is None or NaN


def _problems(error: ValidationError) -> str:
    said = []
    for problem in error.errors():
        message = problem["msg"].removeprefix("Value error, ")
        place = ".".join(str(part) for part in problem["loc"])
        said.append(message if problem["type"] == "value_error" else f"{place}: {message}")
    return "; ".join(said)
