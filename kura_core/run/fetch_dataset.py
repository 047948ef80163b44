"""Fetch rows of a Hugging Face data set: `python -m kura_core.run.fetch_dataset NAME OUT.jsonl`."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from datetime import time as time_of_day
from decimal import Decimal
from pathlib import Path
from typing import Any

from kura_core.errors import InputError
from kura_core.load.huggingface import DatasetName, dataset_name, dataset_rows

DONE, FAILED = 0, 2
_PROGRESS_SECONDS = 0.3
_PART = r"[A-Za-z0-9_][\w.-]{0,95}"
_NAME = re.compile(rf"{_PART}/{_PART}")


def hub_name(text: str) -> DatasetName:
    """Read `owner/name`, `owner/name/config`, `hf:` and either, or the address of a page.

    Raises InputError when it is none of these; the name of a local folder is none.
    """
    typed = text.strip()
    prefixed = typed if typed.startswith(("hf:", "http://", "https://")) else f"hf:{typed}"
    found = dataset_name(prefixed)
    if found is None or not _NAME.fullmatch(found.name):
        raise InputError(
            f"Got {typed[:80]!r}; needed is the name of a data set on the Hugging Face hub as "
            "OWNER/NAME, or the address of its page."
        )
    return found


def write_rows(
    rows: Iterable[Mapping[str, Any]],
    path: Path,
    limit: int,
    progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Write at most `limit` rows as JSON lines, dates as ISO 8601; returns how many.

    The file appears under its name when it is whole. `progress` gets the number of rows so far.
    Raises InputError when there is no row or the disk does not take them.
    """
    import orjson

    partial = path.with_name(f".{path.name}.part")
    count, told = 0, time.monotonic()
    try:
        with partial.open("wb") as file:
            for row in rows:
                file.write(orjson.dumps(row, default=_as_json, option=orjson.OPT_NON_STR_KEYS))
                file.write(b"\n")
                count += 1
                if time.monotonic() - told > _PROGRESS_SECONDS:
                    told = time.monotonic()
                    progress(count)
                if count == limit:
                    break
        if count == 0:
            raise InputError("This data set has no rows in this split; name another split.")
        partial.replace(path)
    except OSError as error:
        raise InputError(
            f"The rows could not be stored ({error.strerror or error}). Delete files or runs you "
            "no longer need, or fetch fewer rows."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    progress(count)
    return count


def _as_json(value: Any) -> Any:
    if isinstance(value, date | time_of_day):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    # Pictures, sound and bytes hold no conversation: their column stays, empty.
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch; prints {"rows": N} lines as it goes, or {"error": the sentence to show}; 0 or 2."""
    parser = argparse.ArgumentParser(prog="python -m kura_core.run.fetch_dataset")
    parser.add_argument("name")
    parser.add_argument("out", type=Path)
    parser.add_argument("--split")
    parser.add_argument("--limit", type=int, default=1000)
    options = parser.parse_args(arguments)
    try:
        wanted = hub_name(options.name)
        wanted = wanted._replace(split=options.split or wanted.split)
        rows = (row.value for row in dataset_rows(wanted, streaming=True))
        write_rows(rows, options.out, options.limit, lambda count: _tell(rows=count))
    except InputError as error:
        _tell(error=str(error))
        return FAILED
    return DONE


def _tell(**values: Any) -> None:
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    sys.exit(main())
