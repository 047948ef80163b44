"""The encodings text files come in, found from their bytes."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import IO

UTF8_BOM = b"\xef\xbb\xbf"
# The longer marks first: that of UTF-32 begins with that of UTF-16.
_WIDE_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 4_000
_CHUNK = 1 << 20
# Windows-1252 leaves five bytes undefined; Latin-1 has them.
_UNDEFINED = {0xDC00 + byte: byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32, by its mark or because every other byte is zero; None for other text."""
    for mark, encoding in _WIDE_BOMS:
        if head.startswith(mark):
            return encoding
    even, odd = head[:_LOOKED_AT:2], head[1:_LOOKED_AT:2]
    if len(odd) < 4:
        return None
    if odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return None


def narrow_encoding(content: IO[bytes]) -> tuple[str, int]:
    """UTF-8 or Windows-1252, and how many lines are not UTF-8; reads to the end and goes back.

    A file is taken as Windows-1252 when more of its lines are no UTF-8 than are UTF-8 beyond ASCII:
    a few damaged lines in a UTF-8 file must not garble all the others.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := content.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        content.seek(0)
        good, bad = _count_lines(content)
        content.seek(0)
        return ("cp1252" if bad > good else "utf-8"), bad
    content.seek(0)
    return "utf-8", 0


def as_latin(text: str) -> str:
    """Text read as Windows-1252 with `surrogateescape`, its undefined bytes as Latin-1 has them."""
    return text if text.isascii() else text.translate(_UNDEFINED)


def utf8_lines(content: IO[bytes], encoding: str, longest: int = -1) -> Iterator[bytes]:
    """The lines of a file as UTF-8 without a mark; lines may also end as on old Macs, in CR.

    `longest` cuts longer lines, which then come in pieces.
    """
    first = True
    for line in _raw_lines(content, encoding, longest):
        if first:
            line = line.removeprefix(UTF8_BOM)
            first = False
        if b"\r" in line and line.find(b"\r") < len(line) - 2:
            yield from line.rstrip(b"\r\n").split(b"\r")
        else:
            yield line


def _raw_lines(content: IO[bytes], encoding: str, longest: int) -> Iterator[bytes]:
    if encoding == "utf-8":
        if longest < 0:
            yield from content
            return
        while line := content.readline(longest):
            yield line
        return
    text = io.TextIOWrapper(content, encoding, errors="replace", newline="\n")
    try:
        while piece := text.readline(longest):
            yield piece.encode("utf-8", errors="replace")
    finally:
        # The wrapper would close what it reads from, which is not its own.
        text.detach()


def _count_lines(content: IO[bytes]) -> tuple[int, int]:
    good = bad = 0
    for line in content:
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            bad += 1
        else:
            good += 1
    return good, bad
