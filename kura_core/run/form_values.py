"""From what a form holds to settings, with a sentence for whatever in it is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from kura_core.config import Facet, RunConfig
from kura_core.errors import ConfigError

# Commas, semicolons and new lines divide options, but not between double quotes.
_OPTION = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,;\n]*))\s*(?:[,;\n]|$)')
_QUOTED = re.compile(r'[,;\n]|^"')


def make_config(values: Mapping[str, Any]) -> RunConfig:
    """A configuration from a form's values. Raises ConfigError, which names what is wrong."""
    try:
        return RunConfig(**values)
    except ValidationError as error:
        raise ConfigError(f"These settings cannot be used: {_problems(error)}.") from error


def read_questions(rows: Iterable[Mapping[str, Any]]) -> tuple[tuple[Facet, ...], list[str]]:
    """The facets that the rows of a table ask for, and a sentence for each row that is wrong.

    A row has name, question, type, options (one text with commas between them; an option with a
    comma of its own stands in double quotes), and the bounds low and high. Rows without name and
    question are skipped, but count.
    """
    facets: list[Facet] = []
    problems: list[str] = []
    for number, row in enumerate(rows, start=1):
        name, question = _cell(row, "name"), _cell(row, "question")
        if not name and not question:
            continue
        try:
            facet = _facet(name, question, row)
            if any(facet.name == other.name for other in facets):
                raise ConfigError(f"the name {name!r} is taken already; give each its own.")
        except ConfigError as error:
            problems.append(f"Question {number}: {error}")
        else:
            facets.append(facet)
    return tuple(facets), problems


def question_rows(facets: Iterable[Facet]) -> list[dict[str, Any]]:
    """The rows of the table that asks for these facets."""
    return [
        {
            "name": facet.name,
            "question": facet.question,
            "type": facet.type,
            "options": ", ".join(map(_written, facet.options)),
            "low": facet.low,
            "high": facet.high,
        }
        for facet in facets
    ]


def _facet(name: str, question: str, row: Mapping[str, Any]) -> Facet:
    if not name or not question:
        lacking = "a name (one word, for the column)" if not name else "the question to ask"
        raise ConfigError(f"it lacks {lacking}.")
    kind, choices = _cell(row, "type") or "text", _options(_cell(row, "options"))
    if kind == "one of" and len(choices) < 2:
        raise ConfigError("“one of” needs at least two options, with commas between them.")
    if choices and kind not in ("one of", "list"):
        raise ConfigError(
            f"it has options, which only “one of” and “list” have; its kind of answer is “{kind}”."
        )
    given = {"name": name, "question": question, "type": kind, "options": choices}
    try:
        return Facet.model_validate(
            {**given, "low": _number(row, "low"), "high": _number(row, "high")}
        )
    except ValidationError as error:
        raise ConfigError(f"{_problems(error)}.") from error


def _options(text: str) -> tuple[str, ...]:
    """The options of a cell, each once whatever its case and spaces."""
    options: dict[str, str] = {}
    for quoted, plain in _OPTION.findall(text):
        option = " ".join((quoted.replace('""', '"') or plain).split())
        if option:
            options.setdefault(option.casefold(), option)
    return tuple(options.values())


def _written(option: str) -> str:
    doubled = option.replace('"', '""')
    return f'"{doubled}"' if _QUOTED.search(option) else option


def _cell(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""  # an empty cell is None or NaN


def _number(row: Mapping[str, Any], column: str) -> float | None:
    value = row.get(column)
    known = isinstance(value, int | float) and not math.isnan(value)
    return value if known else None


def _problems(error: ValidationError) -> str:
    said = []
    for problem in error.errors():
        message = problem["msg"].removeprefix("Value error, ")
        place = ".".join(str(part) for part in problem["loc"])
        said.append(message if problem["type"] == "value_error" else f"{place}: {message}")
    return "; ".join(said)
