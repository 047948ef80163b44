"""Unpacking that stops when little grows into far too much."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import IO, cast

from kura_core.errors import InputError

# Chat logs as JSON pack to between a fifth and a thirtieth. deflate reaches 1 to 1,032.
MOST_GROWTH = 100
ALWAYS_ALLOWED = 256 * 2**20


class BoundedReader(io.RawIOBase):
    """Bytes unpacked from `packed` bytes, counted as they come, whatever a header says of them.

    Reading raises InputError once they are more than 256 MiB and more than 100 times `packed`;
    `name` is what the message calls them.
    """

    def __init__(self, unpacked: IO[bytes], packed: int, name: str) -> None:
        self._unpacked = unpacked
        self._most = max(ALWAYS_ALLOWED, packed * MOST_GROWTH)
        self._packed = packed
        self._name = name

    def readable(self) -> bool:
        """Whether bytes can be read; they can."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer with the next bytes and return how many they are."""
        chunk = self._unpacked.read(len(buffer))
        buffer[: len(chunk)] = chunk
        if self._unpacked.tell() > self._most:
            raise InputError(
                f"{self._name} holds {self._packed:,} bytes that unpack to more than "
                f"{self._most:,}; so much is not unpacked, because no chat log packs so small. "
                "Unpack it yourself and give the file inside."
            )
        return len(chunk)

    def seekable(self) -> bool:
        """Whether the reading can start anew."""
        return self._unpacked.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the unpacked bytes."""
        return self._unpacked.seek(offset, whence)

    def tell(self) -> int:
        """Tell the place in the unpacked bytes."""
        return self._unpacked.tell()

    def close(self) -> None:
        """Close what is read from."""
        self._unpacked.close()
        super().close()


def open_gzip(path: Path) -> IO[bytes]:
    """Open a gzip file's unpacked bytes, bounded as in `BoundedReader`."""
    unpacked = cast(IO[bytes], gzip.GzipFile(path, "rb"))
    return io.BufferedReader(BoundedReader(unpacked, path.stat().st_size, path.name), 1 << 17)
