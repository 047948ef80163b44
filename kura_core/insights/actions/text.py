"""The words of an action: plain sentences whose numbers know their evidence, and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kura_core.insights.evidence import FAILED, Evidence
from kura_core.insights.impact import impact_label, is_money, is_per_user

if TYPE_CHECKING:
    from kura_core.insights.gaps import Gap

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(slots=True, frozen=True)
class Part:
    """A piece of a sentence; a number has the evidence it was counted from."""

    text: str
    evidence: Evidence | None = None


@dataclass(slots=True, frozen=True)
class Numbers:
    """What is said of a theme: `asked` and `failed` conversations, of how many different `users`.

    `judged` are those of the asked that could be judged, `share` the failed among these with its
    95 % interval `low` to `high`; `undecided` are failures whose cause the transcript does not
    tell; `worth` adds up the impact column over those who ask, None where it is not known.
    """

    asked: int
    judged: int
    failed: int
    users: int | None
    share: float
    low: float
    high: float
    undecided: int = 0
    worth: float | None = None


def asked_and_failed(numbers: Numbers, evidence: Evidence) -> list[Part]:
    """Say of a missing thing: 131 conversations from 96 users ask for this; 97 end without it."""
    asked = "conversation asks" if numbers.asked == 1 else "conversations ask"
    end = "ends" if numbers.failed == 1 else "end"
    noun, verb = asked.split()
    return [
        Part(f"{numbers.asked:,} {noun}", evidence),
        *_from_users(numbers, evidence),
        Part(f" {verb} for this; "),
        Part(f"{numbers.failed:,}", _failed(evidence)),
        Part(f" {end} without it ({_share(numbers)})."),
    ]


def failed_of_judged(numbers: Numbers, evidence: Evidence) -> list[Part]:
    """Say of a cluster: 118 of 162 conversations (73%, 65–79%) end without a usable answer."""
    parts = [
        Part(f"{numbers.failed:,}", _failed(evidence)),
        Part(" of "),
        Part(f"{numbers.asked:,} conversations", evidence),
        *_from_users(numbers, evidence),
        Part(f" end without a usable answer ({_share(numbers)})."),
    ]
    if numbers.undecided:
        why = Evidence(cluster=evidence.cluster, outcome=FAILED, cause="undetermined")
        count = f"{numbers.undecided:,}" if numbers.undecided < numbers.failed else "all"
        parts += [
            Part(" For "),
            Part(f"{count} of them", why),
            Part(" the transcripts do not tell why; read some, then decide."),
        ]
    return parts


def gap_facts(gap: Gap, impact: str | None) -> list[Part]:
    """Say of a gap, shortly: 131 conversations, 96 users, $1.2M; 97 end without it."""
    evidence = Evidence(gap=gap.key)
    noun = "conversation" if gap.asked == 1 else "conversations"
    parts = [Part(f"{gap.asked:,} {noun}", evidence)]
    if gap.users is not None:
        who = "user" if gap.users == 1 else "users"
        parts += [Part(", "), Part(f"{gap.users:,} {who}", _with(evidence, "user_id"))]
    if impact is not None and gap.money is not None:
        parts += [Part(", "), Part(amount(gap.money, impact), _with(evidence, impact))]
    end = "ends" if gap.failed == 1 else "end"
    return [
        *parts,
        Part("; "),
        Part(f"{gap.failed:,}", _failed(evidence)),
        Part(f" {end} without it."),
    ]


def worth(numbers: Numbers, evidence: Evidence, impact: str | None) -> list[Part]:
    """Say what those who ask are worth, by which column, and that users are counted once."""
    if impact is None or numbers.worth is None:
        return []
    total = Part(amount(numbers.worth, impact), _with(evidence, impact))
    label = impact_label(impact)
    if is_per_user(impact):
        return [
            Part(" The users who ask are worth "),
            total,
            Part(f" ({label.lower()}, each user counted once)."),
        ]
    return [Part(" These conversations add up to "), total, Part(f" ({label.lower()}).")]


def amount(value: float, impact: str) -> str:
    """Write a sum of an impact column: `$1.2M` where the column sounds like money."""
    sign = "-" if value < 0 else ""
    size = abs(value)
    for unit, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if size >= 0.9995 * unit:
            scaled = size / unit
            shown = f"{scaled:.0f}{letter}" if scaled >= 99.5 else f"{scaled:.3g}{letter}"
            break
    else:
        shown = f"{size:.3g}" if size < 100 else f"{size:.0f}"
    return f"{sign}{'$' if is_money(impact) else ''}{shown}"


def plain(parts: Sequence[Part]) -> str:
    """The sentence without its links."""
    return "".join(part.text for part in parts)


def escaped(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    shown = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    # Two of these make a formula; one alone is money.
    return shown.replace("$", "\\$") if shown.count("$") > 1 else shown


def _from_users(numbers: Numbers, evidence: Evidence) -> list[Part]:
    if numbers.users is None:
        return []
    noun = "user" if numbers.users == 1 else "users"
    return [Part(" from "), Part(f"{numbers.users:,} {noun}", _with(evidence, "user_id"))]


def _share(numbers: Numbers) -> str:
    share = f"{_percent(numbers.share)}%, {_percent(numbers.low)}–{_percent(numbers.high)}%"
    unjudged = numbers.asked - numbers.judged
    return f"{share}, of the {numbers.judged:,} that could be judged" if unjudged else share


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _failed(evidence: Evidence) -> Evidence:
    return Evidence(cluster=evidence.cluster, gap=evidence.gap, outcome=FAILED)


def _with(evidence: Evidence, column: str) -> Evidence:
    return Evidence(cluster=evidence.cluster, gap=evidence.gap, column=column)
