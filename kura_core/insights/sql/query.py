"""Asks a run a question in SQL, in a process that is ended at its time and memory limit."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from kura_core.errors import InputError, QueryError
from kura_core.insights.sql.warehouse import ColumnShown, TableShown
from kura_core.run.workspace import child_environment

if TYPE_CHECKING:
    import pandas as pd

SECONDS = 10.0
MOST_ROWS = 10_000
# Starting the process and reading a large run's tables is not the query's time.
_LOAD_SECONDS = 60.0


@dataclass(slots=True, frozen=True)
class Request:
    """What the child process is asked; without a `query` it describes the tables.

    `keep` lets it keep the joined tables in the run's folder, for the next query.
    """

    folder: str
    query: str | None = None
    feedback: str | None = None
    users: str | None = None
    seconds: float = SECONDS
    rows: int = MOST_ROWS
    keep: bool = False


@dataclass(slots=True, frozen=True)
class QueryResult:
    """The rows of a query (the first 10 000 at most) and what is to be known of them.

    `total` is how many rows there are, at least that many where `is_all` is false; `seconds` is the
    query's own time; `notes` are sentences about the tables.
    """

    frame: pd.DataFrame
    total: int
    is_all: bool
    seconds: float
    notes: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class Described:
    """The tables a query can read, and sentences on what to know of them."""

    tables: tuple[TableShown, ...]
    notes: tuple[str, ...]

    def has(self, table: str, *columns: str) -> bool:
        """Whether a table has all of these columns."""
        names = {c.name.lower() for t in self.tables if t.name == table for c in t.columns}
        return {column.lower() for column in columns} <= names


def query_run(
    folder: Path,
    query: str,
    *,
    feedback: Path | None = None,
    users: Path | None = None,
    public: bool = False,
    seconds: float = SECONDS,
    rows: int = MOST_ROWS,
    keep: bool = False,
) -> QueryResult:
    """Run one SELECT over the tables of a finished run (see `warehouse`).

    Raises QueryError when the query is refused, wrong, or reaches the limit of `seconds` or of
    memory, and InputError when the run or a file cannot be read. On a `public` server the process
    has none of the server's keys. `keep` may write the joined tables into the run's folder, which
    makes the next query of a large run fast.
    """
    import pyarrow as pa

    request = _request(folder, feedback, users, query=query, seconds=seconds, rows=rows, keep=keep)
    header, stream = _asked(request, public)
    frame = pa.ipc.open_stream(stream).read_all().to_pandas(date_as_object=False)
    for name, column in zip(frame.columns, pa.ipc.open_stream(stream).schema, strict=True):
        if pa.types.is_integer(column.type):
            frame[name] = frame[name].astype("Int64")
    return QueryResult(
        frame, header["total"], header["is_all"], header["seconds"], tuple(header["notes"])
    )


def describe_run(folder: Path, *, public: bool = False, keep: bool = False) -> Described:
    """The tables of a finished run; `keep` as in `query_run`.

    Raises InputError when it cannot be read.
    """
    header, _ = _asked(_request(folder, None, None, keep=keep), public)
    tables = [
        TableShown(table["name"], table["rows"], tuple(ColumnShown(**c) for c in table["columns"]))
        for table in header["tables"]
    ]
    return Described(tuple(tables), tuple(header["notes"]))


def _request(folder: Path, feedback: Path | None, users: Path | None, **more: Any) -> Request:
    # The process has this one's folder, but a path is said in full all the same.
    return Request(
        str(folder.resolve()),
        feedback=str(feedback.resolve()) if feedback else None,
        users=str(users.resolve()) if users else None,
        **more,
    )


def _asked(request: Request, public: bool) -> tuple[dict[str, Any], bytes]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kura_core.insights.sql.process"],
            input=orjson.dumps(asdict(request)),
            capture_output=True,
            timeout=request.seconds + _LOAD_SECONDS,
            check=False,
            env=child_environment(public=public),
        )
    except subprocess.TimeoutExpired as error:
        raise _took_too_long(request) from error
    if done.returncode == -getattr(signal, "SIGALRM", 0) != 0:
        raise _took_too_long(request)
    line, _, stream = done.stdout.partition(b"\n")
    if done.returncode == 1:  # what Python ends with on an exception that nobody foresaw
        raise QueryError(
            "The query ended on an unexpected error, which is a fault of Kura; write it another "
            "way, and if that does not help report it."
        )
    if done.returncode != 0 or not line:
        raise QueryError(
            f"The query's process ended before it answered (code {done.returncode}); most likely "
            "it needed more memory than it may have. Filter or group earlier, or select less."
        )
    header: dict[str, Any] = orjson.loads(line)
    if "error" in header:
        if header["is_query"]:
            raise QueryError(header["error"], header["excerpt"])
        raise InputError(header["error"])
    return header, stream


def _took_too_long(request: Request) -> QueryError:
    return QueryError(
        f"The query was stopped after {request.seconds:g} s, the longest one may take. Filter "
        "first, join on ids rather than every row with every row, or add a LIMIT inside."
    )
