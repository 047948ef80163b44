"""Queries a user keeps by name in the workspace, for whatever run is shown."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from kura_core.errors import InputError
from kura_core.run.workspace import Workspace, write_private

FILE = "saved_queries.json"
MOST_QUERIES = 200
LONGEST_NAME = 80


def list_saved(workspace: Workspace) -> dict[str, str]:
    """The saved queries by name, in order of their names; a damaged file counts as none."""
    try:
        held = orjson.loads((workspace.root / FILE).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    if not isinstance(held, dict):
        return {}
    queries = {name: sql for name, sql in held.items() if isinstance(sql, str)}
    return dict(sorted(queries.items(), key=lambda item: (item[0].casefold(), item[0])))


def save_query(workspace: Workspace, name: str, sql: str) -> str:
    """Keep a query under a name, in place of the one that has it; returns the name as kept.

    Raises InputError when name or query is blank, when there are too many, or when the workspace
    cannot be written to.
    """
    kept = _usable(name)
    if not sql.strip():
        raise InputError("There is no query to save yet; write one first.")
    queries = list_saved(workspace)
    if kept not in queries and len(queries) >= MOST_QUERIES:
        raise InputError(f"{MOST_QUERIES} queries are saved already; delete one first.")
    _write(workspace, queries | {kept: sql})
    return kept


def rename_query(workspace: Workspace, old: str, new: str) -> str:
    """Give a saved query another name; returns it as kept.

    Raises InputError when the query is gone or the name is blank or taken.
    """
    kept = _usable(new)
    queries = list_saved(workspace)
    if old not in queries:
        raise InputError(f"There is no saved query “{old[:LONGEST_NAME]}”; it was deleted.")
    if kept != old and kept in queries:
        raise InputError(f"Another query is saved as “{kept}”; choose another name.")
    sql = queries.pop(old)
    _write(workspace, queries | {kept: sql})
    return kept


def delete_query(workspace: Workspace, name: str) -> None:
    """Forget a saved query; none of that name is no error."""
    queries = list_saved(workspace)
    if queries.pop(name, None) is not None:
        _write(workspace, queries)


def _usable(name: str) -> str:
    kept = " ".join(name.split())
    if not kept:
        raise InputError("A saved query needs a name; give it one.")
    if len(kept) > LONGEST_NAME:
        raise InputError(f"The name has {len(kept)} characters; use at most {LONGEST_NAME}.")
    return kept


def _write(workspace: Workspace, queries: Mapping[str, str]) -> None:
    try:
        write_private(workspace.root / FILE, orjson.dumps(dict(queries)))
    except OSError as error:
        raise InputError(
            f"The saved queries could not be written ({error.strerror or error}). Free some space "
            "in the workspace and try again."
        ) from error
