"""Zip archives: the rows of the files inside, without trusting what the archive says of itself."""

from __future__ import annotations

import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from kura_core.errors import InputError
from kura_core.load.files.members import Members, choose_members
from kura_core.load.files.unpack import BoundedReader

MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
MOST_UNPACKED = 16 * 2**30
_CHUNK = 1 << 20
_OFFICE = "[Content_Types].xml"
_UNSAFE = re.compile(r"[^\w.-]")
_DRIVE = re.compile(r"^[A-Za-z]:")


def is_zip(path: Path) -> bool:
    """Tell a zip by its first bytes, whatever its name."""
    try:
        with path.open("rb") as file:
            return file.read(4) in MAGIC
    except OSError:
        return False


class Archive:
    """An open zip: the members worth reading, unpacked one at a time into a temporary folder."""

    def __init__(self, file: zipfile.ZipFile, path: Path, folder: Path) -> None:
        self._file = file
        self._path = path
        self._folder = folder
        self._unpacked = 0
        self._infos = _checked(file, path.name)
        self.members: Members = choose_members(self._infos, path.name)

    @contextmanager
    def unpack(self, member: str) -> Iterator[Path]:
        """Unpack one member to a file of its own name, which is gone when the block ends.

        Raises InputError when the member is encrypted, damaged or grows out of all proportion.
        """
        info = self._infos[member]
        # Only the last part of the name is used: nothing is ever written outside the folder.
        plain = _UNSAFE.sub("_", PurePosixPath(member).name)
        path = self._folder / (plain[-100:] or "member")
        try:
            self._write(info, path)
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _write(self, info: zipfile.ZipInfo, path: Path) -> None:
        name = f"{info.filename} in {self._path.name}"
        if info.flag_bits & 0x1:
            raise InputError(
                f"{name} is encrypted; unpack it with its password and give the file inside."
            )
        # The size a header gives may be a lie; an archive is never smaller than what is in it.
        packed = min(info.compress_size, self._path.stat().st_size)
        try:
            with self._file.open(info) as content, path.open("wb") as target:
                reader = BoundedReader(content, packed, name)
                while chunk := reader.read(_CHUNK):
                    self._unpacked += len(chunk)
                    if self._unpacked > MOST_UNPACKED:
                        raise InputError(
                            f"{self._path.name} unpacks to more than {MOST_UNPACKED:,} bytes; "
                            "unpack it yourself and give the files one by one."
                        )
                    target.write(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise InputError(
                f"{name} is damaged ({error}); download or compress it again."
            ) from error
        except (NotImplementedError, RuntimeError) as error:
            raise InputError(
                f"{name} is packed in a way that cannot be read ({error}); pack it again as an "
                "ordinary zip."
            ) from error
        except OSError as error:
            raise InputError(
                f"{name} cannot be unpacked: {error.strerror or error}. Free some space, or unpack "
                "it yourself."
            ) from error


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a zip for reading its members; the temporary folder is removed at the end.

    Raises InputError when the zip is damaged or empty, is a spreadsheet or another office file,
    or names a member that would leave its folder (`..`, an absolute path, a drive, a link).
    """
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise InputError(
            f"{path.name} is a damaged zip file ({error}); download or compress it again."
        ) from error
    except OSError as error:
        raise InputError(f"{path.name} cannot be opened: {error.strerror or error}.") from error
    with file, tempfile.TemporaryDirectory(prefix="kura-") as folder:
        yield Archive(file, path, Path(folder))


def _checked(file: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    infos = {info.filename: info for info in file.infolist()}
    if _OFFICE in infos:
        raise InputError(
            f"{name} is a spreadsheet or another office file; open it and save the sheet as CSV."
        )
    for member, info in infos.items():
        if _climbs_out(member) or stat.S_ISLNK(info.external_attr >> 16):
            raise InputError(
                f"{name} names the member {member[:80]!r}, which points outside the archive; it is "
                "not unpacked. Pack the conversations again by themselves."
            )
    return infos


def _climbs_out(member: str) -> bool:
    plain = member.replace("\\", "/")
    return plain.startswith("/") or bool(_DRIVE.match(plain)) or ".." in plain.split("/")
