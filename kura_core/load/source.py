"""From what the user names (a file, a zip, a folder, a data set on the hub) to rows in order."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby
from pathlib import Path

from kura_core.config import ColumnField
from kura_core.errors import InputError
from kura_core.load.columns.shape import shape_rows
from kura_core.load.exports.normal_form import as_normal_form
from kura_core.load.files.archive import is_zip, open_archive
from kura_core.load.files.detect import FORMATS, detect
from kura_core.load.files.members import Members, choose_members
from kura_core.load.files.rows import RawRow, read_rows
from kura_core.load.huggingface import DatasetName, dataset_name, dataset_rows, is_saved
from kura_core.load.kura_folder import find_conversations
from kura_core.load.report import LoadWarning

Columns = Mapping[ColumnField, str] | None

_NESTED = "it is an archive inside the archive; unpack it and give it by itself"
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
# A mapping of these says where the text is; then no other form of the row is looked for.
_TEXT_FIELDS = ("messages", "text", "prompt", "response")


def source_name(source: str | Path) -> str:
    """What messages call a source: the file's or folder's name, or the data set."""
    dataset = dataset_name(source)
    if dataset is not None:
        return f"the data set {dataset.name}"
    path = Path(source)
    return f"the folder {path.resolve().name}" if os.path.isdir(path) else path.name


def fingerprint_source(source: str | Path) -> str | None:
    """Digest (SHA-256, hex) what a source holds now; None for a data set on the hub.

    Of a folder the names and bytes of the files that are read are digested. Raises InputError when
    there is no such file or folder, or it holds nothing to read.
    """
    if dataset_name(source) is not None:
        return None
    path = _existing(source)
    if path.is_file():
        return _sha256(path)
    found = find_conversations(path)
    if found is not None and found.is_file():
        return _sha256(found)
    if found is not None or is_saved(path):
        names = _files(found or path)
        folder = found or path
    else:
        names, folder = choose_members(_files(path), source_name(path)).taken, path
    total = hashlib.sha256()
    for name in sorted(names):
        total.update(f"{name}\0{_sha256(folder / name)}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def read_source(
    source: str | Path,
    columns: Columns = None,
    *,
    notes: list[LoadWarning],
    some: bool = False,
) -> Iterator[RawRow]:
    """Give a source's rows in the normal form, one a conversation; a bad row with its problem.

    `notes` is given a warning for files inside that are not read. `some` says that not all rows
    will be taken, so a data set on the hub is streamed. Raises InputError for what is wrong with
    the source as a whole.
    """
    name = source_name(source)
    dataset = dataset_name(source)
    if dataset is not None:
        return _shaped(dataset_rows(dataset, streaming=some), columns, name)
    path = _existing(source)
    if path.is_dir():
        return _folder_rows(path, columns, notes)
    if is_zip(path):
        return _zip_rows(path, columns, notes)
    return _shaped(read_rows(detect(path)), columns, name)


def _folder_rows(path: Path, columns: Columns, notes: list[LoadWarning]) -> Iterator[RawRow]:
    found = find_conversations(path)
    if found is not None and found.is_file():
        return _shaped(read_rows(detect(found)), columns, found.name)
    if found is not None or is_saved(path):
        saved = DatasetName(str(found or path), is_local=True)
        return _shaped(dataset_rows(saved), columns, source_name(path))
    members = choose_members(_files(path), source_name(path))
    return _member_rows(members, lambda member: nullcontext(path / member), columns, notes)


def _zip_rows(path: Path, columns: Columns, notes: list[LoadWarning]) -> Iterator[RawRow]:
    with open_archive(path) as archive:
        yield from _member_rows(archive.members, archive.unpack, columns, notes)


def _member_rows(
    members: Members,
    open_member: Callable[[str], AbstractContextManager[Path]],
    columns: Columns,
    notes: list[LoadWarning],
) -> Iterator[RawRow]:
    """The rows of all files in order; files of the same columns are shaped as one.

    A log is often cut by day or by size, and a conversation of one row a message may go on in the
    next file. A file that cannot be read is one rejected row, unless it is the only one.
    """
    notes.extend(_left_out(members.left_out))
    for nested in members.nested:
        if not members.taken:
            raise InputError(f"{nested}: {_NESTED}.")
        yield RawRow(1, None, _NESTED, member=nested)
    only = len(members.taken) == 1 and not members.nested
    rows = _signed_rows(members.taken, open_member, only)
    for signature, run in groupby(rows, key=lambda signed: signed[0]):
        plain = (row for _, row in run)
        if signature is None:
            yield from plain
            continue
        try:
            yield from _shaped(plain, columns, signature[0])
        except InputError as error:
            if only:
                raise
            yield _unreadable(signature[0], error)


Signature = tuple[str, frozenset[str] | None]


def _signed_rows(
    names: list[str], open_member: Callable[[str], AbstractContextManager[Path]], only: bool
) -> Iterator[tuple[Signature | None, RawRow]]:
    """Rows with what their file looks like: its columns, and the first file that has these."""
    first_of: dict[frozenset[str] | None, str] = {}
    for name in names:
        try:
            with open_member(name) as path:
                signature: Signature | None = None
                for row in read_rows(detect(path)):
                    if signature is None and row.problem is None:
                        columns = _columns(row)
                        signature = (first_of.setdefault(columns, name), columns)
                    yield signature, row if only else row._replace(member=name)
        except InputError as error:
            if only:
                raise
            yield None, _unreadable(name, error)


def _unreadable(name: str, error: InputError) -> RawRow:
    """A file of no use as one row; what its sentence already names is not named twice."""
    sentence = str(error).rstrip(".")
    return RawRow(1, None, sentence, member="" if name in sentence else name)


def _columns(row: RawRow) -> frozenset[str] | None:
    value = row.value
    if not isinstance(value, dict) or "messages" in value:
        return None
    return frozenset(map(str, value))


def _shaped(rows: Iterator[RawRow], columns: Columns, name: str) -> Iterator[RawRow]:
    if columns and any(field in columns for field in _TEXT_FIELDS):
        return shape_rows(rows, columns, name)
    keep = tuple(columns.values()) if columns else ()
    return shape_rows((as_normal_form(row, keep) for row in rows), columns, name)


def _left_out(reasons: dict[str, str]) -> Iterator[LoadWarning]:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for name, reason in reasons.items():
        by_reason[reason].append(name)
    for reason, names in by_reason.items():
        more = f" and {len(names) - 10:,} more" if len(names) > 10 else ""
        yield LoadWarning(0, ", ".join(names[:10]) + more, reason)


def _existing(source: str | Path) -> Path:
    # Unlike Path.exists, this is False and no error for a name that no file can have.
    if os.path.exists(source):
        return Path(source)
    text = str(source)
    if re.match(r"[a-z]+:/", text):
        raise InputError(
            f"{text} is an address on the web, which is not read; download the file and give its "
            "path, or name a Hugging Face data set as hf:OWNER/NAME."
        )
    hub = f" If you mean the Hugging Face data set, write hf:{text}."
    raise InputError(
        f"There is no file {text[:200]}; check the name and the folder. Read are {FORMATS}, a zip "
        f"or a folder of them.{hub if _HUB_NAME.fullmatch(text) else ''}"
    )


def _files(folder: Path) -> list[str]:
    """The names of all files below a folder, split by "/"; links to other folders not followed."""
    found = []
    for place, _, names in os.walk(folder):
        found += [(Path(place) / name).relative_to(folder).as_posix() for name in names]
    return found


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path.name} cannot be opened: {error.strerror or error}.") from error
