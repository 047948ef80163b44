"""The JSON object in what a model wrote, also where it kept to JSON only nearly."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

_REASONING = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL)
# Some servers put the opening mark into the prompt, so that only the closing one comes back.
_REASONING_END = re.compile(r"^.*</(?:think|thinking|reasoning)>", re.DOTALL)
# Objects that are tried in one answer: braces in prose are no objects, and have an end.
_MOST_TRIED = 50
# No answer is asked for with objects so deep in one another.
_DEEPEST = 20
_TOKEN = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|“[^”]*”)|(?P<single>'(?:\\.|[^'\\])*')"""
    r"""|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<mark>[{}\[\]:,])|(?P<space>\s+)"""
    r"""|(?P<word>[^\s{}\[\]:,"'“]+)""",
    re.DOTALL,
)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_CONSTANTS = {"true": "true", "false": "false", "null": "null", "none": "null"}


def find_object(text: str, fields: Collection[str] = ()) -> dict[str, Any]:
    """Return the first JSON object in a text that has one of the `fields`, else the first at all.

    Reasoning before the answer, words and fences around it are passed over, and an object that
    holds nothing but the one that is wanted is opened. Single quotes, words without quotes,
    Python's constants, comments and commas too many are taken for what they stand for. An object
    that breaks off is none. Raises ValueError saying what is wrong.
    """
    plain = _REASONING_END.sub("", _REASONING.sub("", text))
    problem = "the answer holds no JSON object" if plain.strip() else "the answer is empty"
    first: dict[str, Any] | None = None
    for found in _objects(plain):
        if isinstance(found, str):
            problem = f"the answer is no valid JSON: {found}"
            continue
        inner = _opened(found, fields)
        if not fields or inner is not None:
            return found if inner is None else inner
        first = first or found
    if first is None:
        raise ValueError(problem)
    return first


def _objects(text: str) -> Iterator[dict[str, Any] | str]:
    """Yield the objects of a text, and of what only begins like one what is wrong with it."""
    # Line breaks inside a string are what small models write most often against the rules.
    decoder = json.JSONDecoder(strict=False)
    start = text.find("{")
    for _ in range(_MOST_TRIED):
        if start < 0:
            return
        try:
            found, end = decoder.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError) as error:
            mended, end = _mended(text, start)
            found = str(error) if mended is None else mended
        yield found
        start = text.find("{", end)


def _mended(text: str, start: int) -> tuple[dict[str, Any] | None, int]:
    """Return the object that begins at a brace after small repairs, and where to look on."""
    parts: list[str] = []
    depth, place = 0, start
    while match := _TOKEN.match(text, place):
        place = match.end()
        token = match[0]
        if match["mark"]:
            depth += (token in "{[") - (token in "}]")
            if token in "}]" and parts and parts[-1] == ",":
                parts.pop()
            parts.append(token)
        elif match["string"]:
            parts.append(token if token[0] == '"' else json.dumps(token[1:-1]))
        elif match["single"]:
            parts.append(json.dumps(token[1:-1].replace("\\'", "'")))
        elif match["word"]:
            known = _CONSTANTS.get(token.lower())
            parts.append(known or (token if _NUMBER.fullmatch(token) else json.dumps(token)))
        if not 0 < depth <= _DEEPEST:
            break
    try:
        found = json.loads("".join(parts), strict=False)
    except (json.JSONDecodeError, RecursionError):
        return None, start + 1
    return (found, place) if isinstance(found, dict) else (None, start + 1)


def _opened(found: dict[str, Any], fields: Collection[str]) -> dict[str, Any] | None:
    """Return an object with one of the fields: this one, or the only one in it."""
    if any(field in found for field in fields):
        return found
    inner = [value for value in found.values() if isinstance(value, dict)]
    if len(inner) == 1 and any(field in inner[0] for field in fields):
        return inner[0]
    return None
