"""What a user said of a file's columns, kept in the workspace for the next file of that shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import orjson

from kura_core.config import ColumnField
from kura_core.errors import InputError
from kura_core.load.columns.mapping import FIELDS
from kura_core.run.workspace import Workspace, write_private

FILE = "column_maps.json"
# The oldest are forgotten beyond this many, so that the file stays small.
MOST_SHAPES = 200


def load_column_map(workspace: Workspace, shape: str) -> dict[ColumnField, str]:
    """The columns the user named for files of this shape; empty when there are none.

    `shape` is that of `kura_core.load.columns.found.FoundColumns`. A damaged file counts as none.
    """
    return _maps(workspace).get(shape, {})


def save_column_map(workspace: Workspace, shape: str, columns: Mapping[ColumnField, str]) -> None:
    """Keep the columns named for files of this shape; an empty mapping forgets them.

    Only names of columns are kept, nothing of what the file holds, readable by the owner of this
    process alone. Raises InputError when the workspace cannot be written to.
    """
    maps = _maps(workspace)
    maps.pop(shape, None)
    if columns:
        maps[shape] = dict(columns)
    kept = dict(list(maps.items())[-MOST_SHAPES:])
    try:
        write_private(workspace.root / FILE, orjson.dumps(kept))
    except OSError as error:
        raise InputError(
            f"The columns could not be kept ({error.strerror or error}); they hold for this file, "
            "but will have to be named again for the next one. Free some space in the workspace."
        ) from error


def _maps(workspace: Workspace) -> dict[str, dict[ColumnField, str]]:
    try:
        held = orjson.loads((workspace.root / FILE).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    if not isinstance(held, dict):
        return {}
    return {
        shape: {
            cast(ColumnField, name): column
            for name, column in columns.items()
            if name in FIELDS and isinstance(column, str)
        }
        for shape, columns in held.items()
        if isinstance(columns, dict)
    }
