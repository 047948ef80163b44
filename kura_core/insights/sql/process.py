"""The process that answers one query and ends: `python -m kura_core.insights.sql.process`.

On stdin it takes a `Request` as JSON; on stdout it gives a line of JSON, then, for a query, the
rows as an Arrow stream. The tables are loaded first; then the database and the process give up what
a query does not need: files, settings, extensions, more memory, more time.
"""

from __future__ import annotations

import signal
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from kura_core.errors import KuraError, QueryError
from kura_core.insights.sql.check import check_query
from kura_core.insights.sql.faults import explained, out_of_memory
from kura_core.insights.sql.kept_warehouse import open_warehouse
from kura_core.insights.sql.query import Request
from kura_core.insights.sql.warehouse import TABLES, load_warehouse, shown_tables

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

# What a query may use besides the tables themselves; of the process, several times that, since
# address space is taken in large pieces.
QUERY_MEGABYTES = 512
_PROCESS_BYTES = 3 * QUERY_MEGABYTES * 1_000_000
_BATCH = 2_000
_COUNT_SECONDS = 2.0
_MOST_BYTES = 20_000_000
_EXPLAIN = "EXPLAIN "
_ANY_KIND = "SELECT [now()], {'a': [1]}, INTERVAL 1 DAY, 1.5, SUM(1), 'a'::ENUM ('a'), TIME '10:00'"


def main() -> int:
    """Answer what is on stdin; the exit code is 0 also for a query that is refused or wrong."""
    request = Request(**orjson.loads(sys.stdin.buffer.read()))
    try:
        header, rows = _answer(request)
    except QueryError as error:
        header = {"error": error.sentence, "excerpt": error.excerpt, "is_query": True}
        rows = b""
    except KuraError as error:
        header, rows = {"error": str(error), "excerpt": "", "is_query": False}, b""
    sys.stdout.buffer.write(orjson.dumps(header) + b"\n" + rows)
    sys.stdout.buffer.flush()
    return 0


def _answer(request: Request) -> tuple[dict[str, Any], bytes]:
    import duckdb

    with duckdb.connect(":memory:", config={"python_enable_replacements": False}) as connection:
        feedback = Path(request.feedback) if request.feedback else None
        users = Path(request.users) if request.users else None
        connection.execute("SET TimeZone = 'UTC'")
        if request.keep and not (feedback or users):
            notes = open_warehouse(connection, Path(request.folder))
        else:
            notes = load_warehouse(connection, Path(request.folder), feedback, users)
        if request.query is None:
            tables = [asdict(table) for table in shown_tables(connection)]
            return {"tables": tables, "notes": notes}, b""
        lock_database(connection)
        # What a result of any kind needs is imported while files can still be opened.
        _stream(run_query(connection, _ANY_KIND, 1)[0])
        give_up_rights(request.seconds)
        started = time.perf_counter()
        found, total, is_all = run_query(connection, request.query, request.rows)
        seconds = time.perf_counter() - started
    header = {"notes": notes, "total": total, "is_all": is_all, "seconds": seconds}
    return header, _stream(found)


def lock_database(connection: DuckDBPyConnection) -> None:
    """Take from a loaded database the way to files, extensions and its own settings."""
    used = connection.execute("SELECT SUM(memory_usage_bytes) FROM duckdb_memory()").fetchone()
    megabytes = int((used[0] or 0) / 1_000_000 if used else 0) + QUERY_MEGABYTES
    for setting in (
        "threads = 2",
        "temp_directory = ''",
        f"memory_limit = '{megabytes}MB'",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "errors_as_json = true",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


def give_up_rights(seconds: float) -> None:
    """Limit this process for the rest of its life: time, memory, and no further file, read or new.

    The alarm ends the process whatever it is at. Where a system lacks a limit, the caller's own
    time limit and the locked database remain.
    """
    import psutil

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    if sys.platform == "win32":
        return
    import resource

    taken = psutil.Process().memory_info().vms
    limits = {
        resource.RLIMIT_AS: taken + _PROCESS_BYTES,
        resource.RLIMIT_CPU: int(2 * seconds) + 60,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 3,
    }
    for limit, value in limits.items():
        with suppress(ValueError, OSError):  # a stricter one is already set
            resource.setrlimit(limit, (value, value))


def run_query(
    connection: DuckDBPyConnection, query: str, most_rows: int
) -> tuple[pa.Table, int, bool]:
    """The first rows of a query, how many rows there are, and whether that count is all of them.

    The rows stop at `most_rows` or 20 MB; counting the rest stops after two seconds. Raises
    QueryError.
    """
    import duckdb
    import pyarrow as pa

    statement = check_query(connection, query, TABLES)
    try:
        # Names and types are settled here, where the database says the place of a mistake.
        connection.execute(_EXPLAIN + statement).fetchall()
    except duckdb.Error as error:
        raise explained(error, statement, before=len(_EXPLAIN)) from error
    except MemoryError as error:
        raise out_of_memory() from error
    try:
        reader = connection.sql(statement).to_arrow_reader(_BATCH)
        return _read(reader, most_rows)
    except duckdb.Error as error:
        raise explained(error, statement) from error
    except (MemoryError, pa.ArrowMemoryError) as error:
        raise out_of_memory() from error
    except (pa.ArrowException, OverflowError) as error:
        raise QueryError(
            "The result holds a value that cannot be shown, such as a date before the year 1 or "
            "after 9999; turn that column into text with CAST(… AS VARCHAR)."
        ) from error


def _read(reader: pa.RecordBatchReader, most_rows: int) -> tuple[pa.Table, int, bool]:
    import pyarrow as pa

    names = _distinct(reader.schema.names)
    kept: list[pa.RecordBatch] = []
    rows = size = total = 0
    is_full = False
    started: float | None = None
    for batch in reader:
        total += batch.num_rows
        if not is_full:
            taken = _that_fits(batch, most_rows - rows, _MOST_BYTES - size)
            kept.append(_plain(taken, names))
            rows, size = rows + taken.num_rows, size + taken.nbytes
            is_full = taken.num_rows < batch.num_rows
            continue
        started = time.perf_counter() if started is None else started
        if time.perf_counter() - started > _COUNT_SECONDS:
            return pa.Table.from_batches(kept), total, False
    if not kept:
        kept = [_plain(pa.RecordBatch.from_pylist([], reader.schema), names)]
    return _joined(kept), total, True


def _that_fits(batch: pa.RecordBatch, rows: int, size: int) -> pa.RecordBatch:
    """As many first rows as may still be kept. Raises QueryError when not even one row fits."""
    taken = batch.slice(0, rows)
    while taken.num_rows > 1 and taken.nbytes > size:
        taken = taken.slice(0, taken.num_rows // 2)
    if taken.num_rows == 1 and taken.nbytes > size:
        if size == _MOST_BYTES:
            raise QueryError(
                "One row of the result is larger than 20 MB. Select fewer columns, or shorten "
                "long text with left(column, 200)."
            )
        return batch.slice(0, 0)
    return taken


def _joined(batches: list[pa.RecordBatch]) -> pa.Table:
    import pyarrow as pa

    tables = [pa.Table.from_batches([batch]) for batch in batches]
    return pa.concat_tables(tables, promote_options="permissive")


def _plain(batch: pa.RecordBatch, names: list[str]) -> pa.RecordBatch:
    """Columns as numbers, yes/no, dates, times and text; all else written out as text."""
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([_plain_column(c) for c in batch.columns], names=names)


def _plain_column(column: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.types as kinds

    kind = column.type
    if kinds.is_integer(kind) or (kinds.is_decimal(kind) and kind.scale == 0):
        return _whole(column)
    if kinds.is_decimal(kind):
        return column.cast(pa.float64(), safe=False)
    if kinds.is_floating(kind) or kinds.is_boolean(kind) or kinds.is_date32(kind):
        return column
    if kinds.is_timestamp(kind):
        return column.cast(pa.timestamp("us"), safe=False)
    if kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_null(kind):
        return column.cast(pa.string())
    if kinds.is_dictionary(kind):
        return column.cast(kind.value_type).cast(pa.string())
    return pa.array([_written(value) for value in column.to_pylist()], pa.string())


def _whole(column: pa.Array) -> pa.Array:
    """A sum of whole numbers comes as a decimal of 38 digits: whole, unless it is out of range."""
    import pyarrow as pa

    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:
        return column.cast(pa.float64(), safe=False)


def _written(value: Any) -> str | None:
    import pyarrow as pa

    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, pa.MonthDayNano):
        parts = (value.months, "months"), (value.days, "days"), (value.nanoseconds / 1e9, "s")
        return " ".join(f"{count:g} {unit}" for count, unit in parts if count) or "0 s"
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    return str(value)


def _distinct(names: list[str]) -> list[str]:
    """Names that a table can have: a repeated one gets a number."""
    taken: set[str] = set()
    distinct = []
    for name in names:
        unique, number = name, 1
        while unique in taken:
            number += 1
            unique = f"{name}_{number}"
        taken.add(unique)
        distinct.append(unique)
    return distinct


def _stream(table: pa.Table) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


if __name__ == "__main__":
    sys.exit(main())
