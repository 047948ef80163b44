"""A run's SQL tables, kept in the run's folder so that a large run is joined once, not per query.

They lie in `sql/STAMP/`, a Parquet file each; the stamp is of all that they were made from.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from kura_core.insights.sql.warehouse import TABLES, load_warehouse
from kura_core.run.fingerprint import digest
from kura_core.run.side.tables import side_stamp
from kura_core.run.tables import MANIFEST

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FOLDER = "sql"
_NOTES = "notes.json"
# Raised when the tables get other columns or are made in another way, so that kept ones are not
# used any more.
_VERSION = 2


def open_warehouse(connection: DuckDBPyConnection, folder: Path) -> tuple[str, ...]:
    """As `load_warehouse`, from what an earlier call kept when that is of the same run and tables.

    Raises InputError when the folder holds no finished run.
    """
    kept = folder / FOLDER / _stamp(folder)
    if (kept / _NOTES).is_file():
        for name in TABLES:
            path = str(kept / f"{name}.parquet").replace("'", "''")
            connection.execute(f"CREATE TABLE {name} AS FROM read_parquet('{path}')")
        return tuple(orjson.loads((kept / _NOTES).read_bytes()))
    notes = load_warehouse(connection, folder)
    # A folder that cannot be written to only means that the next query takes as long.
    with suppress(OSError):
        _keep(connection, kept, notes)
    return notes


def _keep(connection: DuckDBPyConnection, kept: Path, notes: tuple[str, ...]) -> None:
    partial = kept.with_name(f"{kept.name}.{os.getpid()}.part")
    partial.mkdir(mode=0o700, parents=True)
    try:
        for name in TABLES:
            path = str(partial / f"{name}.parquet").replace("'", "''")
            connection.execute(f"COPY {name} TO '{path}' (FORMAT parquet)")
        (partial / _NOTES).write_bytes(orjson.dumps(notes))
        os.replace(partial, kept)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    for earlier in kept.parent.iterdir():
        if earlier != kept and not earlier.name.endswith(".part"):
            shutil.rmtree(earlier, ignore_errors=True)


def _stamp(folder: Path) -> str:
    files = [folder / MANIFEST, *sorted((folder / "tables").glob("*.parquet"))]
    stats = [(path.name, path.stat()) for path in files if path.exists()]
    made_from = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
    return digest([_VERSION, made_from, side_stamp(folder)])[:16]
