"""Single cells of a side table as people write them: yes and no, amounts, percentages."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

# More than any rating, count or amount; sums of what is larger would lose all else.
LARGEST = 1e15
_MISSING = frozenset("na n/a #n/a nan null none nil - – — ? . nat".split())
_YES = frozenset(
    "1 true t yes y ja j oui si sí sim up 👍 thumbsup wahr vrai verdadero positive good like liked "
    "helpful satisfied".split()
)
_NO = frozenset(
    "0 false f no n nein non não nao down 👎 thumbsdown falsch faux falso negative bad dislike "
    "disliked unhelpful unsatisfied dissatisfied".split()
)
# Skin tones, and the mark that asks for an emoji's coloured form.
_EMOJI_MARKS = dict.fromkeys([*range(0x1F3FB, 0x1F400), 0xFE0F])
_CURRENCIES = {
    "$": "$", "us$": "$", "usd": "$", "€": "€", "eur": "€", "£": "£", "gbp": "£", "¥": "¥",
    "jpy": "¥", "₹": "₹", "inr": "₹", "chf": "CHF", "cad": "CAD", "aud": "AUD", "sek": "SEK",
    "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK", "brl": "BRL", "r$": "BRL", "cny": "CNY",
}  # fmt: skip
_SCALES = {"": 1.0, "k": 1e3, "tsd": 1e3, "m": 1e6, "mm": 1e6, "mio": 1e6, "mn": 1e6}
_SCALES |= {"bn": 1e9, "b": 1e9, "mrd": 1e9}
_CURRENCY = r"[$€£¥₹]|us\$|r\$|[a-z]{3}"
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+−])?\s*(?P<before>{_CURRENCY})?\s*(?P<sign2>[-+−])?\s*"
    r"(?P<digits>\d[\d.,'’ \u00a0\u202f]*|[.,]\d+)(?P<exponent>e[-+]?\d{1,3})?"
    rf"\s*(?P<scale>bn|mrd|mio|tsd|mm|mn|k|m|b)?\.?\s*(?P<after>{_CURRENCY}|%)?\s*(?P<close>\))?",
    re.IGNORECASE,
)
_SPACES = re.compile(r"['’ \u00a0\u202f]")


@dataclass(slots=True, frozen=True)
class Amount:
    """A number, what stood beside it ("$", "%", …; None: nothing), and whether it was scaled."""

    value: float
    unit: str | None = None


def is_no_value(text: str) -> bool:
    """Whether a cell says in words that it holds nothing: n/a, null, –."""
    return text.strip().casefold() in _MISSING


def as_yes_no(text: str) -> bool | None:
    """Yes or no, in the words, numbers and thumbs it is written with; None for anything else."""
    word = text.strip().casefold().translate(_EMOJI_MARKS)
    word = re.sub(r"[\s_.:-]", "", word).removesuffix("0" if word in ("0.0", "1.0") else "")
    if word in _YES:
        return True
    return False if word in _NO else None


def as_amount(text: str, *, decimal_comma: bool) -> Amount | None:
    """A number as people write one; None for anything else, and for what no table can add up.

    Takes "1,234.50", "1.234,50", "$1,234.50", "12k", "(30)" and "30 %"; `decimal_comma` decides
    what a single comma or dot is. A percentage keeps its number: 30 % is 30 with the unit "%".
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or (match["open"] is None) != (match["close"] is None):
        return None
    unit, known = _unit(match)
    number = _number(match["digits"], match["exponent"] or "", decimal_comma)
    if number is None or not known or (match["sign"] and match["sign2"]):
        return None
    value = number * _SCALES[(match["scale"] or "").casefold()]
    if (match["sign"] or match["sign2"] or "") in ("-", "−") or match["open"]:
        value = -value
    return Amount(value, unit) if math.isfinite(value) and abs(value) <= LARGEST else None


def comma_is_decimal(texts: list[str]) -> bool | None:
    """Whether a column writes decimals with a comma; None where nothing in it tells.

    "1.234,50" and "0,5" tell yes, "1,234.50" and "0.5" no; "1,234" alone does not tell.
    """
    for text in texts:
        match = _AMOUNT.fullmatch(text.strip())
        if match is None:
            continue
        digits = _SPACES.sub("", match["digits"]).rstrip(".,")
        comma, dot = digits.rfind(","), digits.rfind(".")
        if comma >= 0 and dot >= 0:
            return comma > dot
        mark = max(comma, dot)
        if mark < 0:
            continue
        if digits.count(digits[mark]) > 1:
            return dot >= 0
        if len(digits) - mark - 1 != 3 or digits[:mark] in ("", "0"):
            return comma >= 0
    return None


def _unit(match: re.Match[str]) -> tuple[str | None, bool]:
    """The unit beside a number, and whether what stood there is one."""
    before, after = (match[side] and match[side].casefold() for side in ("before", "after"))
    if before and after:
        return None, False
    word = before or after
    if word is None:
        return None, True
    return ("%", True) if word == "%" else (_CURRENCIES.get(word), word in _CURRENCIES)


def _number(digits: str, exponent: str, decimal_comma: bool) -> float | None:
    plain = _SPACES.sub("", digits).rstrip(".,")
    thousands, decimal = (".", ",") if decimal_comma else (",", ".")
    whole, _, fraction = plain.partition(decimal)
    groups = whole.split(thousands)
    grouped = len(groups) == 1 or (
        1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    )
    # Indian amounts are grouped by two: 12,34,567.
    grouped = grouped or (all(1 <= len(g) <= 3 for g in groups) and len(groups[-1]) == 3)
    if not grouped or thousands in fraction or decimal in fraction:
        return None
    try:
        return float(f"{''.join(groups) or '0'}.{fraction or '0'}{exponent}")
    except ValueError:
        return None
