"""Where patterned personal data stands in a text: cheap gates, then Presidio's recognisers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from kura_core.privacy.address_spans import (
    find_emails,
    find_ibans,
    find_ip_addresses,
    find_strict,
)
from kura_core.privacy.number_spans import find_numbers
from kura_core.privacy.presidio import recogniser_classes
from kura_core.privacy.secret_formats import find_secrets
from kura_core.privacy.spans import Span, without_overlaps

_DIGIT = re.compile("[0-9]")
# Seven digits with little between them, two numbers joined by dots or colons, an IBAN's beginning.
_NUMBER_HINT = re.compile(
    r"[0-9](?:[ .()/\u00a0\u2010-\u2013-]{0,3}[0-9]){6}|[0-9]\.[0-9]{1,3}\.[0-9]|:[0-9A-Fa-f]{0,4}:"
    r"|[A-Za-z]{2}[0-9]{2}[ -]?[A-Za-z0-9]{4}"
)


@dataclass(slots=True, frozen=True)
class Detectors:
    """Presidio's recognisers by the type of what they find; that for phones once a region."""

    by_type: dict[str, Any]
    phones: tuple[Any, ...]


@cache
def make_detectors() -> Detectors:
    """Build the recognisers; Presidio's modules are imported here, and nothing is fetched."""
    import tldextract

    classes = recogniser_classes()
    by_type = {
        "CARD": classes["CreditCardRecognizer"](),
        "EMAIL": classes["EmailRecognizer"](),
        "IBAN": classes["IbanRecognizer"](),
        "IP": classes["IpRecognizer"](),
        "MAC": classes["MacAddressRecognizer"](),
        "SSN": classes["UsSsnRecognizer"](),
        "UUID": classes["UuidRecognizer"](),
        "WALLET": classes["CryptoRecognizer"](),
    }
    # Its own check would fetch the list of public suffixes; the one that tldextract brings will do.
    suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    by_type["EMAIL"].validate_result = lambda address: bool(suffixes(address).fqdn)
    phone = classes["PhoneRecognizer"]
    # Canada shares its numbering with the US.
    regions = [region for region in phone.DEFAULT_SUPPORTED_REGIONS if region != "CA"]
    return Detectors(by_type, tuple(phone(supported_regions=(region,)) for region in regions))


def find_spans(text: str, *, before: str = "", strict: bool = False) -> list[Span]:
    """Find personal data and secrets in one text, in the order of the text, without overlaps.

    `before` is what stands ahead of the text (the message it answers, the name of its column): a
    bare number after "What is your phone number?" is a phone number. `strict` adds URLs, wallets,
    UUIDs, MAC addresses and long numbers, and asks less of what may be a phone number. Ordinary
    text costs microseconds, and Presidio is not imported before a text needs it.
    """
    spans = [Span(start, end, "SECRET", text[start:end]) for start, end in find_secrets(text)]
    if "@" in text:
        spans.extend(find_emails(text, make_detectors().by_type["EMAIL"]))
    if _DIGIT.search(text) is not None and _NUMBER_HINT.search(text) is not None:
        detectors = make_detectors()
        by_type, phones = detectors.by_type, detectors.phones
        spans.extend(find_ibans(text, by_type["IBAN"]))
        spans.extend(find_ip_addresses(text, by_type["IP"]))
        rest = _blanked(text, spans)
        spans.extend(
            find_numbers(
                rest, by_type["CARD"], by_type["SSN"], phones, before=before, strict=strict
            )
        )
    if strict:
        spans.extend(find_strict(text, make_detectors().by_type))
    return without_overlaps(spans, len(text)) if spans else spans


def _blanked(text: str, spans: list[Span]) -> str:
    """The text with what was found in it blotted out, so that no part is found once more."""
    if not spans:
        return text
    pieces: list[str] = []
    position = 0
    for span in without_overlaps(spans, len(text)):
        pieces += (text[position : span.start], "_" * (span.end - span.start))
        position = span.end
    return "".join((*pieces, text[position:]))
