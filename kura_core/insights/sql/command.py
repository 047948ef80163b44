"""The command `sql`: a query over a finished run, answered as a table or as CSV."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kura_core.errors import KuraError

if TYPE_CHECKING:
    import pandas as pd

_DONE, _WRONG = 0, 2
# As many rows as CSV may have; a table is for reading.
_MOST_ROWS, _MOST_CSV_ROWS = 10_000, 1_000_000
_WIDEST = 60


def add_sql_command(commands: Any) -> None:
    """Add `sql` to the subcommands of an argument parser."""
    sql = commands.add_parser(
        "sql",
        help="ask a finished run a question in SQL",
        description="Tables: chat_clusters, user_feedback, user_metadata, clusters, gaps. One "
        "SELECT, at most 10 s.",
    )
    sql.add_argument("folder", metavar="DIR", type=Path, help="the folder of a finished run")
    sql.add_argument("query", metavar="QUERY", help='as in "SELECT COUNT(*) FROM chat_clusters"')
    sql.add_argument(
        "--feedback", metavar="FILE", type=Path, help="ratings, in place of those of the run"
    )
    sql.add_argument(
        "--users", metavar="FILE", type=Path, help="users, in place of those of the run"
    )
    sql.add_argument("--csv", action="store_true", help="print CSV, values as they are")


def run_sql(options: argparse.Namespace) -> int:
    """Print the answer to stdout and what is to be known of it to stderr.

    Returns 0, or 2 when the query, the run or a file is not usable or a limit is reached.
    """
    from kura_core.insights.sql.query import query_run

    try:
        result = query_run(
            options.folder,
            options.query,
            feedback=options.feedback,
            users=options.users,
            rows=_MOST_CSV_ROWS if options.csv else _MOST_ROWS,
        )
    except KuraError as error:
        print(error, file=sys.stderr)
        return _WRONG
    try:
        _print(result.frame, options.csv)
    except BrokenPipeError:  # whoever reads has seen enough; nothing may be flushed at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _DONE
    for note in result.notes:
        print(note, file=sys.stderr)
    count = f"{result.total:,}" if result.is_all else f"more than {result.total:,}"
    shown = len(result.frame)
    first = f"the first {shown:,} of " if shown < result.total else ""
    rows = "row" if result.total == 1 else "rows"
    print(f"{first}{count} {rows} · {result.seconds:.2f} s", file=sys.stderr)
    return _DONE


def _print(frame: pd.DataFrame, csv: bool) -> None:
    from kura_core.insights.sql.csv_text import csv_text

    if csv:
        sys.stdout.write(csv_text(frame, for_spreadsheet=False))
    else:
        sys.stdout.write("\n".join(_lines(frame)) + "\n")
    sys.stdout.flush()


def _lines(frame: pd.DataFrame) -> list[str]:
    columns = []
    for name in frame.columns:
        is_number = frame[name].dtype.kind in "iuf"
        cells = [_cell(value) for value in frame[name].astype(object)]
        title = _short(str(name))
        width = max(len(title), *map(len, cells), 1)
        align = str.rjust if is_number else str.ljust
        columns.append([align(title, width), "─" * width, *(align(cell, width) for cell in cells)])
    return ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]


def _cell(value: Any) -> str:
    import pandas as pd

    if value is None or pd.isna(value):
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, pd.Timestamp):
        return str(value.date()) if value == value.normalize() else str(value)
    return _short(str(value))


def _short(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"
