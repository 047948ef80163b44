"""Payment cards, social security numbers and phone numbers, told apart from all other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from kura_core.privacy.spans import Span, digits_of

_RUN = re.compile(r"(?<!\w)[+(]{0,2}[0-9](?:[ .()/\u00a0\u2010-\u2013-]{0,3}[0-9]){6,}")
_PHONE_WORD = re.compile(
    r"(?i)phone|\bmobile|\bcell|\btel\b|\bfax|whats ?app|\bsms\b|\bcall|\bdial\b|\btelefon|\btél"
    r"|\breach (?:me|us|him|her|them)|contact (?:me|us|no|number)|\bhandy|\bmóvil|answering at"
)
_PHONE_WORD_AFTER = re.compile(r"(?i)\W{0,3}(?:fax|office|cell|mobile|home|work|phone)\b")
_CARD_WORD = re.compile(r"(?i)\bcard|visa|master ?card|amex|american express|maestro|\bcc\b")
_SSN_WORD = re.compile(r"(?i)\bssn\b|social[ -]?security|\bss ?#")
# What stands right before a number that names something else than a person.
_OTHER_NUMBER = re.compile(
    r"(?i)(?<![a-z])(?:order|invoice|ticket|case|ref|reference|tracking|booking|confirmation|account"
    r"|reservation|acct|error|code|version|build|serial|model|isbn|sku|part|item|transaction|request"
    r"|job|session|customer|issue|bug|article|document|contract|flight|id)s?"
    r"[ _-]?(?:number|no\.?|num|nr\.?|id|code)?\s*(?:is|was|:|#|=|-)*\s*[#\"'(]*$"
)
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:[0-2]?\d|3[01])"
    r"|(?:[0-2]?\d|3[01])[-./](?:[0-2]?\d|3[01])[-./](?:19|20)\d\d)(?!\d)"
)
_GROUP = re.compile("[0-9]+")
_DECIMAL_OR_RANGE = re.compile(r"[0-9]+\.[0-9]+|.*[0-9] [-/.\u2010-\u2013] .*")
_DOTTED_PHONE = re.compile(
    r"\+?[0-9]{0,3}\.?[0-9]{3}\.[0-9]{3}\.[0-9]{4}|[0-9]{2}(?:\.[0-9]{2}){4}"
)
# Issuers' first digits and the lengths of their numbers (ISO/IEC 7812).
_CARD_ISSUER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[0-8]\d{10,17}|6\d{11,18}|3[47]\d{13}|35\d{14}"
    r"|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|(?:1800|2131)\d{11}"
)
_SIXTEEN = re.compile(r"(?<![0-9])[0-9]{4}([ -]?)(?:[0-9]{4}\1){2}[0-9]{4}(?![0-9])")
_LONGEST_MISTYPED_CARD = 24
_MONEY_BEFORE = re.compile(r"[$€£¥₹]\s?$")
_MONEY_AFTER = re.compile(r"\s?[%$€£¥₹]|,[0-9]")
# INV-2023-000123: what letters and a dash lead into is a code.
_CODE_PREFIX = re.compile(r"[A-Za-z][-_/]$")
_EXTENSION = re.compile(r"(?i) ?(?:x|ext\.?|extension) ?[0-9]{1,6}\b")
_NEAR = 48
_LONGEST_PHONE_RUN = 400


def find_numbers(
    text: str, card: Any, ssn: Any, phones: Sequence[Any], *, before: str, strict: bool
) -> Iterator[Span]:
    """Yield the cards, social security numbers and phone numbers of a text; they may overlap.

    `card`, `ssn` and `phones` are Presidio's recognisers. A number that a checksum, a country's
    numbering plan or a format does not settle is judged by the words around it: `before` is what
    stands ahead of the text, and counts as near where the text is little more than the number.
    """
    for match in _RUN.finditer(text):
        run, (start, end) = match[0], match.span()
        if _DATE.fullmatch(run):
            continue
        near = text[max(0, start - _NEAR) : start]
        if start < _NEAR and len(text) - (end - start) < _NEAR:
            near = f"{before} {near}"
        other = _OTHER_NUMBER.search(near) is not None
        of_card = _CARD_WORD.search(near) is not None
        code = _CODE_PREFIX.search(near) is not None
        if code or (other and not of_card):
            continue
        count = sum(character.isdigit() for character in run)
        if not text[end : end + 1].isalnum():
            if count >= 12:
                yield from _cards(run, start, of_card and not other, card)
            if count >= 9:
                yield from _ssns(run, start, near, ssn, strict)
        if end - start <= _LONGEST_PHONE_RUN and not other:
            yield from _phones(text, start, end, near, phones, strict)


def _cards(run: str, start: int, named: bool, recogniser: Any) -> Iterator[Span]:
    found = False
    for result in recogniser.analyze(run, []):
        number = digits_of(run[result.start : result.end])
        if named or (len(number) >= 14 and _CARD_ISSUER.fullmatch(number)):
            found = True
            yield Span(start + result.start, start + result.end, "CARD", number)
    # Presidio's pattern leaves out the issuers of later years.
    for match in _SIXTEEN.finditer(run):
        number = digits_of(match[0])
        if _CARD_ISSUER.fullmatch(number) and _luhn(number):
            found = True
            yield Span(start + match.start(), start + match.end(), "CARD", number)
    number = digits_of(run)
    if named and not found and len(number) <= _LONGEST_MISTYPED_CARD and not run.startswith("+"):
        yield Span(start, start + len(run), "CARD", number)


def _luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812-1."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0


def _ssns(run: str, start: int, near: str, recogniser: Any, strict: bool) -> Iterator[Span]:
    named = _SSN_WORD.search(near) is not None
    for result in recogniser.analyze(run, []):
        found = run[result.start : result.end]
        written_out = len(found) == 11 and (strict or (found[3] == "-" and found[6] == "-"))
        if named or written_out:
            yield Span(start + result.start, start + result.end, "SSN", digits_of(found))


def _phones(
    text: str, start: int, end: int, near: str, recognisers: Sequence[Any], strict: bool
) -> Iterator[Span]:
    run = text[start:end]
    count = sum(character.isdigit() for character in run)
    if _DATE.search(run) or _MONEY_BEFORE.search(near) or _MONEY_AFTER.match(text, end):
        return
    international = run.startswith(("+", "00"))
    named = _PHONE_WORD.search(near) or _PHONE_WORD_AFTER.match(text, end)
    if named and count <= (16 if international else 13):
        yield _phone(text, start, end)
        return
    alone = len(text.strip()) == len(run) and 10 <= count <= 13
    counted_out = count < 2 * len(_GROUP.findall(run)) and not international
    if counted_out or not (strict or alone or _is_written_as_a_phone(run, count)):
        return
    first = max(0, start - 1)
    window = text[first : end + 1]
    # An international number is the same whatever the region it is looked for from.
    for recogniser in recognisers[:1] if run.startswith("+") else recognisers:
        results = recogniser.analyze(window, [])
        for result in results:
            yield _phone(text, first + result.start, first + result.end)
        if results:
            return


def _phone(text: str, start: int, end: int) -> Span:
    # With and without its country code it is the same number; an extension goes with it.
    key = digits_of(text[start:end])[-9:]
    extension = _EXTENSION.match(text, end)
    return Span(start, extension.end() if extension else end, "PHONE", key)


def _is_written_as_a_phone(run: str, count: int) -> bool:
    if run.startswith("+"):
        return True
    if count < 9 or run.isdigit() or _DECIMAL_OR_RANGE.fullmatch(run):
        return False
    return "." not in run or _DOTTED_PHONE.fullmatch(run) is not None
