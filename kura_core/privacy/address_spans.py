"""E-mail and IP addresses, bank accounts, and what only the strict level looks for."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from kura_core.privacy.spans import Span, digits_of

_IBAN = re.compile(
    r"(?i)(?<![a-z0-9])[a-z]{2}[0-9]{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,3})?(?![a-z0-9])"
)
_GAP = re.compile("[ -]")
# Without a valid checksum to go by: one long word, or words that all hold digits.
_MISTYPED_IBAN = re.compile(r"\S{14,}|\S+(?: \S*[0-9]\S*)+")
_IBAN_WORD = re.compile(r"(?i)\biban\b\W*(?:\w+\W+){0,2}$")
_IP = re.compile(
    r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?(?![0-9.]*[0-9])"
    r"|(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|[0-9.]{7,15})?(?![\w:])"
)
_IP_WORD = re.compile(r"(?i)\bip(?:v[46])?\b|\bhost|\bserver|\bdns\b")
_VERSION_WORD = re.compile(
    r"(?i)\b(?:v|version|ver\.?|release|build|firmware|section|chapter|revision)[ :=]*$"
)
_URL = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s<>\"'`]{3,}")
_LONG_NUMBER = re.compile(r"(?<![\w.])(?:[0-9]{7,}|[0-9]{4}(?:[ -][0-9]{4}){2,})(?!\w)")
_WALLET = re.compile(r"\b(?:bc1|[13])[a-zA-HJ-NP-Z0-9]{25,59}\b")
_ETHEREUM = re.compile(r"\b0x[0-9a-fA-F]{40}\b")
_UUID = re.compile(r"\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b")
_MAC = re.compile(r"\b[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}\b")
_NEAR = 32
# RFC 5321: at most 64 characters before the @ and 255 after it.
_LOCAL_PART = 64
_AROUND_AT = re.compile(r"@\w[\w-]{0,62}\.\w[\w.-]{0,190}")
_BEFORE_AT = re.compile(r"[^\s@<>()\[\],;:\"]+$")


def find_emails(text: str, recogniser: Any) -> Iterator[Span]:
    """Yield the e-mail addresses of a text, looked for only around each @.

    Presidio's pattern takes quadratic time on a long word, so it never sees more than an address
    can be long.
    """
    for match in _AROUND_AT.finditer(text):
        position = match.start()
        first = max(0, position - _LOCAL_PART)
        before = _BEFORE_AT.search(text[first:position])
        if before is None:
            continue
        first = position - len(before[0])
        for result in recogniser.analyze(text[first : match.end()], []):
            start, end = first + result.start, first + result.end
            # git@host is an account of a machine.
            if start < position < end and text[start:position].casefold() != "git":
                yield Span(start, end, "EMAIL", text[start:end].casefold())


def find_ibans(text: str, recogniser: Any) -> Iterator[Span]:
    """Yield the bank accounts of a text: of a valid checksum, or named as an IBAN right before."""
    for match in _IBAN.finditer(text):
        run = match[0].upper()
        # What follows an account looks like more of it ("… 3000 from"), so shorter ones are tried.
        ends = [len(run), *(gap.start() for gap in reversed(list(_GAP.finditer(run))))]
        for end in ends:
            if results := recogniser.analyze(run[:end], []):
                account = run[results[0].start : results[0].end]
                start = match.start() + results[0].start
                yield Span(start, start + len(account), "IBAN", _plain(account))
                break
        else:
            near = text[max(0, match.start() - _NEAR) : match.start()]
            if _IBAN_WORD.search(near) and (shape := _MISTYPED_IBAN.match(match[0])):
                end = match.start() + shape.end()
                yield Span(match.start(), end, "IBAN", _plain(shape[0].upper()))


def find_ip_addresses(text: str, recogniser: Any) -> Iterator[Span]:
    """Yield the IP addresses of a text that may be somebody's: no version number, no loopback."""
    for match in _IP.finditer(text):
        for result in recogniser.analyze(match[0], []):
            found = match[0][result.start : result.end]
            near = text[max(0, match.start() - _NEAR) : match.start()]
            if _is_somebodys(found, near):
                start = match.start() + result.start
                yield Span(start, start + len(found), "IP", found.casefold())


def _is_somebodys(found: str, near: str) -> bool:
    try:
        address = ipaddress.ip_interface(found).ip
    except ValueError:
        return False
    # Reserved IPv4 addresses are network masks.
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return False
    if address.version == 4 and address.is_reserved:
        return False
    if _VERSION_WORD.search(near):
        return False
    if _IP_WORD.search(near):
        return True
    if address.version == 6:
        # Slices and scopes of code ("1::2", "a::b") are short.
        return sum(bool(group) for group in found.split(":")) >= 3
    # Without a word for it, 1.2.3.4 is a version or a section.
    return any(int(part) > 9 for part in str(address).split("."))


def find_strict(text: str, by_type: dict[str, Any]) -> Iterator[Span]:
    """Yield what only the strict level redacts: URLs, wallets, UUIDs, MACs and long numbers."""
    for match in _URL.finditer(text):
        found = match[0].rstrip(".,;:!?)]}*")
        yield Span(match.start(), match.start() + len(found), "URL", found)
    for match in _ETHEREUM.finditer(text):
        yield Span(*match.span(), "WALLET", match[0].casefold())
    for name, pattern in (("WALLET", _WALLET), ("UUID", _UUID), ("MAC", _MAC)):
        for match in pattern.finditer(text):
            for result in by_type[name].analyze(match[0], []):
                start, end = match.start() + result.start, match.start() + result.end
                yield Span(start, end, name, text[start:end])
    for match in _LONG_NUMBER.finditer(text):
        yield Span(*match.span(), "NUMBER", digits_of(match[0]))


def _plain(account: str) -> str:
    return "".join(character for character in account if character.isalnum())
