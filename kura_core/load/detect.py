"""What a file is, found from its first bytes, with its name as a hint."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from kura_core.errors import InputError
from kura_core.load.parse_json import parse_json

Format = Literal["jsonl", "json", "csv", "parquet"]

FORMATS = "JSONL, JSON, CSV, TSV or Parquet, plain or as .gz"
_HEAD = 1 << 16
_LONGEST_FIRST_LINE = 1 << 26
_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ("\t", ",", ";", "|")
_NAMED: dict[str, Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_FOREIGN = {
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"%PDF": "a PDF",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"ARROW1": "an Arrow file",
}


@dataclass(slots=True, frozen=True)
class DetectedFile:
    """A file and how to read it; `delimiter` is that of a CSV or TSV file, else ","."""

    path: Path
    format: Format
    gzipped: bool
    delimiter: str = ","

    @property
    def name(self) -> str:
        """The file's name without its folder, for messages."""
        return self.path.name


def detect(path: str | Path) -> DetectedFile:
    """Find a file's format. The content decides, the name only where the content leaves it open.

    Raises InputError when the file is missing, a folder, empty, unreadable, or of no known format.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a file ({FORMATS}).")
    if not path.exists():
        raise InputError(f"There is no file {path}; check the name and the folder.")
    try:
        with path.open("rb") as file:
            gzipped = file.read(2) == b"\x1f\x8b"
    except OSError as error:
        raise InputError(f"{path.name} cannot be opened: {error.strerror or error}.") from error
    with open_content(path, gzipped) as content:
        head = content.read(_HEAD)
        if not head.removeprefix(_BOM).strip():
            raise InputError(f"{path.name} is empty; give a file that holds conversations.")
        named = _NAMED.get(
            (Path(path.stem) if path.suffix.lower() == ".gz" else path).suffix.lower()
        )
        found = _by_signature(path, head, named)
        if found is None:
            content.seek(0)
            found = _text_format(content.readline(_LONGEST_FIRST_LINE), content, named)
    if found is None:
        raise InputError(
            f"{path.name} is none of the formats that can be read: needed is {FORMATS}. It begins "
            f"with {head[:40].decode('utf-8', errors='replace')!r}."
        )
    delimiter = _delimiter(head) if found == "csv" else ","
    return DetectedFile(path, found, gzipped, delimiter)


@contextmanager
def open_content(path: Path, gzipped: bool) -> Iterator[IO[bytes]]:
    """Open a file's bytes, unpacked when it is gzip; a broken file raises InputError."""
    try:
        with gzip.open(path, "rb") if gzipped else path.open("rb") as content:
            yield cast(IO[bytes], content)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"{path.name} is a damaged gzip file ({error}); download or compress it again."
        ) from error
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror or error}.") from error


def _by_signature(path: Path, head: bytes, named: Format | None) -> Format | None:
    """Parquet by its magic bytes; None for text. Raises InputError for any other binary file."""
    if head.startswith(b"PAR1"):
        return "parquet"
    if named == "parquet":
        raise InputError(
            f"{path.name} is named as Parquet but is none (it does not begin with PAR1); "
            "export it again."
        )
    for signature, name in _FOREIGN.items():
        if head.startswith(signature):
            raise InputError(f"{path.name} is {name}; needed is {FORMATS}.")
    if head.startswith(_WIDE_BOMS):
        raise InputError(f"{path.name} is UTF-16 text; save it as UTF-8.")
    text = head.decode("utf-8", errors="replace")
    odd = sum(character in "\ufffd\0" or (character < " " and character not in "\t\r\n\f")
              for character in text)  # fmt: skip
    if odd > len(text) * 0.1:
        raise InputError(
            f"{path.name} is no text: it holds bytes that are not UTF-8. Needed is {FORMATS}."
        )
    return None


def _text_format(first_line: bytes, rest: IO[bytes], named: Format | None) -> Format | None:
    if named == "csv":
        return "csv"
    line = first_line.removeprefix(_BOM).strip()
    while not line:
        first_line = rest.readline(_LONGEST_FIRST_LINE)
        if not first_line:
            return named
        line = first_line.strip()
    if line[:1] not in (b"{", b"["):
        return named or ("csv" if _looks_like_header(line) else None)
    if line[:1] == b"[" and named != "jsonl":
        return "json"
    try:
        value = parse_json(line)
    except ValueError:
        # The first line of a longer value, or a line of its own that is broken.
        if named == "jsonl" and len(line) > 1:
            return "jsonl"
        following = rest.readline(_LONGEST_FIRST_LINE).lstrip()
        return "jsonl" if line[:1] == b"{" and following[:1] == b"{" else "json"
    if any(row.strip() for row in rest):
        return "jsonl"
    is_row = isinstance(value, dict) and (named == "jsonl" or "messages" in value)
    return "jsonl" if is_row else "json"


def _looks_like_header(line: bytes) -> bool:
    columns = _columns(line.decode("utf-8", errors="replace"))
    return any(column.strip().casefold() == "messages" for column in columns)


def _columns(header: str) -> list[str]:
    return next(csv.reader([header], delimiter=_best_delimiter(header)), [])


def _best_delimiter(header: str) -> str:
    outside = "".join(header.split('"')[::2])
    best = max(_DELIMITERS, key=outside.count)
    return best if best in outside else ","


def _delimiter(head: bytes) -> str:
    text = head.removeprefix(_BOM).decode("utf-8", errors="replace").lstrip("\r\n")
    return _best_delimiter(text.splitlines()[0] if text else "")
