"""What the user says of the file's columns, as written behind `--map`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast, get_args

from kura_core.config import ColumnField
from kura_core.errors import ConfigError, InputError
from kura_core.load.messages import shorten

FIELDS: tuple[ColumnField, ...] = get_args(ColumnField)
EXAMPLE = "--map conversation_id=thread,role=sender,text=body"
_PAIR = re.compile(
    r"""\s*(?P<field>[^=,"']+?)\s*=\s*(?:"(?P<double>(?:[^"]|"")*)"|'(?P<single>[^']*)'"""
    r"""|(?P<bare>(?!["'])[^,]*?))\s*(?:,|$)"""
)


def parse_column_map(text: str) -> dict[ColumnField, str]:
    """Read `conversation_id=thread,text="my, text"` into the column of each field.

    A column whose name holds a comma or begins or ends with a space stands in quotes. Raises
    ConfigError, listing the fields there are, when the text is not of that form.
    """
    found: dict[ColumnField, str] = {}
    place = 0
    while place < len(text):
        match = _PAIR.match(text, place)
        if match is None:
            raise ConfigError(
                f"--map has {shorten(text[place:])} where FIELD=COLUMN is needed, such as "
                f"{EXAMPLE}; put a column that holds a comma in quotes."
            )
        place = match.end()
        field = match["field"].casefold().replace(" ", "_").replace("-", "_")
        double = match["double"]
        column = double.replace('""', '"') if double is not None else match["single"]
        column = match["bare"] if column is None else column
        if field not in FIELDS:
            raise ConfigError(
                f"--map has the unknown field {shorten(field)}; the fields are {', '.join(FIELDS)}."
            )
        if not column:
            raise ConfigError(f"--map names no column for {field}; write {field}=COLUMN.")
        known = cast(ColumnField, field)
        if known in found:
            raise ConfigError(f"--map names {field} twice; name one column for it.")
        if column in found.values():
            raise ConfigError(f"--map uses the column {shorten(column)} twice; use it once.")
        found[known] = column
    if not found:
        raise ConfigError(f"--map is empty; write it as in {EXAMPLE}.")
    return found


def matched_columns(
    mapping: Mapping[ColumnField, str], columns: list[str], name: str
) -> dict[ColumnField, str]:
    """The file's own spelling of the columns the user named.

    Raises InputError, listing the columns there are, when one of them is not in the file.
    """
    matched: dict[ColumnField, str] = {}
    for field, wanted in mapping.items():
        if wanted in columns:
            matched[field] = wanted
            continue
        alike = [c for c in columns if c.strip().casefold() == wanted.strip().casefold()]
        if len(alike) != 1:
            listed = ", ".join(repr(column[:40]) for column in columns[:40])
            raise InputError(
                f"{name} has no column {shorten(wanted)}, which was named as {field}. Columns "
                f"found: {listed}. Name one of these for {field} (--map {field}=COLUMN on the "
                "command line, the Data page in the app)."
            )
        matched[field] = alike[0]
    return matched
