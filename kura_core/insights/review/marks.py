"""What people said of the judge's judgements, kept beside the run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import orjson

from kura_core.errors import InputError
from kura_core.types import Outcome

if TYPE_CHECKING:
    import pandas as pd

MARKS = "review.json"
_VERSION = 1
_OUTCOMES = get_args(Outcome)
Said = Literal["right", "wrong"]


@dataclass(slots=True, frozen=True)
class Judged:
    """What a judge said of a conversation, as it was shown; another is another judgement."""

    outcome: str
    outcome_quote: str | None
    dissatisfaction: tuple[str, ...]
    dissatisfaction_quote: str | None


@dataclass(slots=True, frozen=True)
class Mark:
    """What a person said of one judgement: `outcome` and `dissatisfaction` None where skipped.

    `should_be` is the outcome the person saw instead, where given. `marked_at` is UTC, ISO 8601.
    """

    conversation_id: str
    shown: Judged
    outcome: Said | None
    should_be: str | None
    dissatisfaction: Said | None
    marked_at: str


def judged_as(row: pd.Series | dict[Any, Any]) -> Judged:
    """Take what a judge said out of a row of the conversations."""
    said = row["dissatisfaction"]
    voiced = () if said is None or isinstance(said, float) else tuple(str(kind) for kind in said)
    return Judged(
        str(row["outcome"]),
        _text(row["outcome_quote"]),
        voiced,
        _text(row["dissatisfaction_quote"]),
    )


def new_mark(
    conversation_id: str,
    shown: Judged,
    outcome: Said | None = None,
    should_be: str | None = None,
    dissatisfaction: Said | None = None,
    *,
    now: datetime | None = None,
) -> Mark:
    """Note what a person said of a judgement, now."""
    at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    return Mark(conversation_id, shown, outcome, should_be, dissatisfaction, at)


def read_marks(path: Path) -> list[Mark]:
    """Read the marks in the order they were made; none where there is no file yet.

    Raises InputError for a file that is not one of marks.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    try:
        return [_mark(record) for record in orjson.loads(content)["marks"]]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"Got a file of review marks that cannot be read ({path.name}: {error}). Move it away "
            "to start the review anew; the marks in it are not counted until then."
        ) from error


def add_mark(path: Path, mark: Mark) -> list[Mark]:
    """Keep one more mark, in place of an earlier one of that conversation; returns all."""
    marks = [m for m in read_marks(path) if m.conversation_id != mark.conversation_id]
    return _write(path, [*marks, mark])


def undo_mark(path: Path) -> Mark | None:
    """Take back the mark made last and return it; None where there is none."""
    marks = read_marks(path)
    if not marks:
        return None
    _write(path, marks[:-1])
    return marks[-1]


def still_valid(marks: Iterable[Mark], conversations: pd.DataFrame) -> list[Mark]:
    """Keep the marks whose judgement is still the one that was marked."""
    by_id = {mark.conversation_id: mark for mark in marks}
    rows = conversations[conversations["conversation_id"].isin(list(by_id))]
    now = {row["conversation_id"]: judged_as(row) for row in rows.to_dict("records")}
    return [mark for name, mark in by_id.items() if now.get(name) == mark.shown]


def _write(path: Path, marks: Sequence[Mark]) -> list[Mark]:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"version": _VERSION, "marks": [asdict(mark) for mark in marks]}
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.stem, delete=False) as part:
        part.write(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    os.replace(part.name, path)
    return list(marks)


def _mark(record: dict[str, Any]) -> Mark:
    shown = record["shown"]
    should_be = record["should_be"]
    if should_be is not None and should_be not in _OUTCOMES:
        raise ValueError(f"“{should_be}” is no outcome")
    return Mark(
        str(record["conversation_id"]),
        Judged(
            str(shown["outcome"]),
            shown["outcome_quote"],
            tuple(shown["dissatisfaction"]),
            shown["dissatisfaction_quote"],
        ),
        _said(record["outcome"]),
        should_be,
        _said(record["dissatisfaction"]),
        str(record["marked_at"]),
    )


def _said(value: Any) -> Said | None:
    if value not in ("right", "wrong", None):
        raise ValueError(f"“{value}” is neither right nor wrong")
    said: Said | None = value
    return said


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
