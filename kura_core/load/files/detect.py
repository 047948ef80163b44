"""What a file is, found from its first bytes, with its name as a hint."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from kura_core.errors import InputError
from kura_core.load.columns.names import is_known_name, plain_name
from kura_core.load.files.encodings import UTF8_BOM, utf8_lines, wide_encoding
from kura_core.load.files.unpack import open_gzip
from kura_core.load.parse_json import parse_json

Format = Literal["jsonl", "json", "csv", "parquet"]

FORMATS = "JSONL, JSON, CSV, TSV or Parquet, plain or as .gz"
_HEAD = 1 << 16
_LONGEST_FIRST_LINE = 1 << 26
_DELIMITERS = ("\t", ",", ";", "|")
# By which spreadsheets tell each other the delimiter.
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?")
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
    b"\xd0\xcf\x11\xe0": "an older Excel or Word file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "an image, a sound or a film",
    b"{\\rtf": "a formatted text (RTF)",
    b"<!DOCTYPE": "a web page or XML",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"<?xml": "XML",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"ARROW1": "an Arrow file",
}


@dataclass(slots=True, frozen=True)
class DetectedFile:
    """A file and how to read it; `delimiter` is that of a CSV or TSV file, else ",".

    `encoding` is utf-8 also where a look at the whole file may find it to be Windows-1252.
    """

    path: Path
    format: Format
    gzipped: bool
    delimiter: str = ","
    encoding: str = "utf-8"

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
        encoding = wide_encoding(head) or "utf-8"
        if encoding != "utf-8":
            head = head.decode(encoding, errors="ignore").encode("utf-8", errors="replace")
        head = head.removeprefix(UTF8_BOM)
        if not head.strip():
            raise InputError(f"{path.name} is empty; give a file that holds conversations.")
        named = _NAMED.get(
            (Path(path.stem) if path.suffix.lower() == ".gz" else path).suffix.lower()
        )
        found = _by_signature(path, head, named)
        if found is None:
            content.seek(0)
            found = _text_format(utf8_lines(content, encoding, _LONGEST_FIRST_LINE), named)
    if found is None:
        raise InputError(
            f"{path.name} is none of the formats that can be read: needed is {FORMATS}. It begins "
            f"with {head[:40].decode('utf-8', errors='replace')!r}."
        )
    delimiter = _delimiter(head) if found == "csv" else ","
    return DetectedFile(path, found, gzipped, delimiter, encoding)


@contextmanager
def open_content(path: Path, gzipped: bool) -> Iterator[IO[bytes]]:
    """Open a file's bytes, unpacked when it is gzip; a broken file raises InputError."""
    try:
        with open_gzip(path) if gzipped else path.open("rb") as content:
            yield content
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
    if named == "csv" and _is_western(head):
        return None
    text = head.decode("utf-8", errors="replace")
    if _odd(text) > len(text) * 0.1:
        raise InputError(
            f"{path.name} is no text: it holds bytes that are not UTF-8. Save it as UTF-8; needed "
            f"is {FORMATS}."
        )
    return None


def _is_western(head: bytes) -> bool:
    """Whether bytes make sense as Latin-1: hardly a control, and letters mostly without accents.

    Other one-byte encodings, such as those of Russian or Greek, write hardly a letter in ASCII.
    """
    text = head.decode("latin-1")
    letters = sum(1 for character in text if character.isalpha())
    high = sum(1 for character in text if character >= "\x80")
    return _odd(text) <= len(text) * 0.02 and high <= letters * 0.3


def _odd(text: str) -> int:
    return sum(
        character in "\ufffd\0" or (character < " " and character not in "\t\r\n\f")
        for character in text
    )


def _text_format(lines: Iterator[bytes], named: Format | None) -> Format | None:
    if named == "csv":
        return "csv"
    line = next((stripped for row in lines if (stripped := row.strip())), b"")
    if line[:1] not in (b"{", b"["):
        return named or ("csv" if _looks_like_header(line) else None)
    if line[:1] == b"[" and named != "jsonl":
        return "json"
    try:
        value = parse_json(line)
    except ValueError:
        # The first line of a longer value, or a line of its own that is broken.
        following = next(lines, b"").lstrip()
        if line[:1] == b"[" or len(line) == 1:
            return "json"
        return "jsonl" if named == "jsonl" or following[:1] == b"{" else "json"
    if any(row.strip() for row in lines):
        return "jsonl"
    is_row = isinstance(value, dict) and (named == "jsonl" or "messages" in value)
    return "jsonl" if is_row else "json"


def _looks_like_header(line: bytes) -> bool:
    """Whether a line names messages, or at least two parts of a conversation."""
    header = line.decode("utf-8", errors="replace")
    columns = next(csv.reader([header], delimiter=_best_delimiter(header)), [])
    known = sum(1 for column in columns if is_known_name(column))
    return known > 1 or any(plain_name(column) == "messages" for column in columns)


def _best_delimiter(header: str) -> str:
    outside = "".join(header.split('"')[::2])
    best = max(_DELIMITERS, key=outside.count)
    return best if best in outside else ","


def _delimiter(head: bytes) -> str:
    text = head.decode("utf-8", errors="replace").lstrip("\r\n")
    first = text.splitlines()[0] if text else ""
    if separator := _SEPARATOR_LINE.fullmatch(first):
        return separator[1]
    return _best_delimiter(first)
