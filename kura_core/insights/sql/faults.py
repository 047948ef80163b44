"""What is wrong with a query, in a sentence, and where: a line of it with the place marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import orjson

from kura_core.errors import QueryError

if TYPE_CHECKING:
    import duckdb

_SHOWN_CHARACTERS = 100
_LONGEST_SENTENCE = 400


def query_error(sentence: str, query: str, start: int | None = None, length: int = 1) -> QueryError:
    """An error at a place of the query; `start` and `length` count bytes of its UTF-8 form."""
    return QueryError(sentence, _excerpt(query, start, length))


def explained(error: duckdb.Error, query: str, *, before: int = 0) -> QueryError:
    """What the database said of a query, as a sentence with its place.

    `before` is how many bytes were put in front of the query when it was given to the database,
    which must be set to report errors as JSON; where it did not, the words alone are used.
    """
    said = str(error)
    kind, _, body = said.partition(": ")
    about = _json(body)
    message = str(about.get("exception_message", body or said))
    if kind == "Out of Memory Error":
        return out_of_memory()
    if kind == "INTERNAL Error" or kind == "FATAL Error":
        return QueryError("The database could not carry out this query; write it another way.")
    start, length = _location(about)
    start = start - before if start is not None and start >= before else None
    return query_error(_sentence(kind, message, about, query, start), query, start, length)


def out_of_memory() -> QueryError:
    """What a query meets that needs more memory than it may have."""
    return QueryError(
        "The query needs more memory than it may have. Filter or group earlier, join on ids rather "
        "than every row with every row, or select fewer columns."
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean cluster_name?`, or "" when nothing known comes near."""
    by_lower = {other.lower(): other for other in known}
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return f"; did you mean {by_lower[found[0]]}?" if found else ""


def _sentence(kind: str, message: str, about: dict[str, Any], query: str, start: int | None) -> str:
    first = message.split("\n")[0].strip()
    name = str(about.get("name", ""))
    candidates = str(about.get("candidates", "")).split(",")
    if about.get("error_subtype") == "COLUMN_NOT_FOUND":
        near = nearest(name, candidates)
        if not near and start is not None and query.encode()[start : start + 1] == b'"':
            near = f". Text stands in single quotes: '{name}'."
        return f"There is no column “{name}”{near or _listed(candidates)}"
    if missing := re.match(r'Table "(.+)" does not have a column named "(.+)"', first):
        return f"{missing[1]} has no column “{missing[2]}”{_candidates(message, missing[2])}"
    if "Function with name" in first:
        return f"There is no function “{name}”{nearest(name, candidates) or '.'}"
    if found := re.match(r'Referenced table "(.+)" not found', first):
        return (
            f"“{found[1]}” is no table of this query{_candidates(message, found[1])} Name it after "
            "FROM or JOIN first."
        )
    if found := re.match(r"Ambiguous reference to column name \"(.+?)\" \(use: (.+)\)", first):
        options = found[2].replace("'", "")
        return f"“{found[1]}” is in more than one table; write {options}."
    if found := re.match(r'syntax error at or near "(.+)"', first):
        if query.rstrip().endswith(found[1]):
            return f"“{found[1]}” cannot end a query; something is missing at the end, or before."
        return f"This cannot be read as SQL from “{found[1]}” on; look just before it, too."
    if found := re.match(r'column "(.+)" must appear in the GROUP BY', first):
        return (
            f"“{found[1]}” must be in GROUP BY, or inside a function such as COUNT, SUM or "
            f"ANY_VALUE, because the rows are grouped."
        )
    if found := re.match(r"No function matches the given name and argument types '(.+?)'", first):
        return f"{found[1]} cannot be worked out: the function does not take such values."
    if kind == "Binder Error" and "parameter" in first.lower():
        return "The query has a placeholder ($1 or ?) where a value must stand."
    words = (first or "The database could not carry out this query")[:_LONGEST_SENTENCE]
    return f"{words[0].upper()}{words[1:].rstrip('.!')}."


def _candidates(message: str, name: str) -> str:
    listed = re.search(r"Candidate \w+:\s*:?\s*(.+)", message)
    names = re.findall(r'"([^"]+)"', listed[1]) if listed else []
    return nearest(name, names) or _listed(names)


def _listed(names: list[str]) -> str:
    known = [name for name in names if name]
    return f". There is {', '.join(known[:6])}{', …' if len(known) > 6 else ''}." if known else "."


def _location(about: dict[str, Any]) -> tuple[int | None, int]:
    numbers = re.fullmatch(r"\[(\d+),(\d+)\]", str(about.get("location", "")))
    if numbers:
        return int(numbers[1]), int(numbers[2])
    position = str(about.get("position", ""))
    return (int(position), 1) if position.isdecimal() else (None, 1)


def _json(body: str) -> dict[str, Any]:
    try:
        about = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return about if isinstance(about, dict) else {}


def _excerpt(query: str, start: int | None, length: int) -> str:
    """`line 2, column 3:`, the line, and carets under the place; a long line is cut around it."""
    source = query.encode()
    if start is None or start > len(source):
        return ""
    before = source[:start].decode(errors="ignore")
    marked = source[start : start + length].decode(errors="ignore").split("\n")[0]
    row, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
    line = query.split("\n")[row].rstrip("\r")
    cut = max(0, column - _SHOWN_CHARACTERS // 2)
    shown = line[cut : cut + _SHOWN_CHARACTERS].replace("\t", " ")
    carets = "^" * max(1, min(len(marked), len(shown) - (column - cut)))
    return f"line {row + 1}, column {column + 1}:\n  {shown}\n  {' ' * (column - cut)}{carets}"
