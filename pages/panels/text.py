"""Words and numbers as the pages show them. What users or engines wrote is never parsed."""

from __future__ import annotations

import re
import string
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")
_SHORTCODE = re.compile(r":(?=[\w+/-])")
_WORD_JOINER = "\u2060"


def escape(text: str) -> str:
    """Text for where only Markdown is accepted (labels, headings): shown as it stands, on one line.

    Every ASCII punctuation mark is escaped; a word joiner keeps `:name:` from becoming an icon,
    since these are replaced after the escapes are gone.
    """
    line = " ".join(text.split())
    return _PUNCTUATION.sub(r"\\\1", _SHORTCODE.sub(f":{_WORD_JOINER}", line))


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[:limit].rsplit(" ", 1)[0].rstrip(",;:–-")
    return f"{cut or line[:limit]}…"


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 conversation`, `1,200 conversations`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(part: float, whole: float) -> str:
    """A share without false precision; `–` where there is no whole."""
    if not whole:
        return "–"
    share = 100 * part / whole
    return f"{share:.1f}%" if 0 < share < 10 else f"{share:.0f}%"


def duration(seconds: float) -> str:
    """`45 s`, `3 min 20 s`, `1 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(whole // 60, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def remaining(seconds: float) -> str:
    """A rough time left: whole seconds in fives, then minutes."""
    if seconds < 5:
        return "a few seconds left"
    if seconds < 90:
        return f"about {5 * round(seconds / 5)} s left"
    return f"about {round(seconds / 60)} min left"


def day(moment: datetime) -> str:
    """`3 Nov 2025`."""
    return f"{moment.day} {moment:%b %Y}"


def day_and_time(moment: datetime) -> str:
    """`3 Nov 2025, 14:05`."""
    return f"{day(moment)}, {moment:%H:%M}"


def days(moments: pd.Series[Any]) -> str | None:
    """`3 Nov 2025 – 25 Jan 2026`, or None where no time is known."""
    known = moments.dropna()
    if known.empty:
        return None
    first, last = day(known.min()), day(known.max())
    return first if first == last else f"{first} – {last}"


def distinct(labels: dict[str, str]) -> dict[str, str]:
    """The same labels, repeated ones with a number: a list tells its options by their label."""
    seen: Counter[str] = Counter()
    numbered = {}
    for key, label in labels.items():
        seen[label] += 1
        numbered[key] = label if seen[label] == 1 else f"{label} ({seen[label]})"
    return numbered


def file_size(size: int) -> str:
    """`12 KB`, `3.4 MB`."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1_000)):,} KB"
    return f"{size / 1_000_000:,.1f} MB"
