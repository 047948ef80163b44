"""Rows into conversations: rejected, filtered, named and ordered, with an account of all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kura_core.errors import InputError
from kura_core.load.coverage import count_coverage
from kura_core.load.files.rows import RawRow
from kura_core.load.normalise import content_id, normalise_row
from kura_core.load.report import Excluded, LoadedConversations, LoadReport, LoadWarning
from kura_core.types import Conversation

STAGE = "load"


def collect_conversations(
    rows: Iterable[RawRow], name: str, *, limit: int | None = None
) -> LoadedConversations:
    """Normalise rows and bring them into the order of their ids.

    A row that holds no conversation is rejected. Blank conversations, and those whose id an
    earlier row has, are filtered. A row without an id gets one from its content and a count among
    its equals, so that it does not depend on the order of the rows. `limit` ends the reading after
    that many usable conversations; `name` is what messages call the source. Raises InputError when
    no row is usable.
    """
    report = LoadReport()
    kept: dict[str, tuple[int, Conversation]] = {}
    equals: Counter[str] = Counter()
    for row in rows:
        report.read += 1
        _take(row, report, kept, equals)
        if limit is not None and len(kept) >= limit:
            break
    if not kept:
        raise InputError(_nothing_usable(name, report))
    ordered = sorted(kept.values(), key=lambda pair: pair[1].conversation_id)
    conversations = [conversation for _, conversation in ordered]
    report.coverage = count_coverage(conversations)
    return LoadedConversations(conversations, [number for number, _ in ordered], report)


def _take(
    row: RawRow,
    report: LoadReport,
    kept: dict[str, tuple[int, Conversation]],
    equals: Counter[str],
) -> None:
    if row.problem is not None:
        problem = _in_member(row, row.problem)
        report.rejected.append(Excluded(None, row.number, "rejected", STAGE, problem))
        return
    normalised = normalise_row(row.value)
    conversation = normalised.conversation
    if conversation is None:
        problem = _in_member(row, normalised.rejected or "it holds no conversation")
        report.rejected.append(
            Excluded(normalised.conversation_id, row.number, "rejected", STAGE, problem)
        )
        return
    if not conversation.conversation_id:
        stem = content_id(conversation)
        equals[stem] += 1
        conversation.conversation_id = f"{stem}-{equals[stem]}"
    report.warnings.extend(
        LoadWarning(row.number, column, _in_member(row, text))
        for column, text in (*row.lost, *normalised.warnings)
    )
    reason = normalised.blank
    if reason is None and (first := kept.get(conversation.conversation_id)) is not None:
        reason = f"duplicate: row {first[0]} has the same id and is kept"
    if reason is not None:
        reason = _in_member(row, reason)
        report.filtered.append(
            Excluded(conversation.conversation_id, row.number, "filtered", STAGE, reason)
        )
        return
    kept[conversation.conversation_id] = (row.number, conversation)


def _in_member(row: RawRow, sentence: str) -> str:
    """Name the file of an archive or folder in which a row's number counts."""
    return f"{row.member}: {sentence}" if row.member else sentence


def _nothing_usable(name: str, report: LoadReport) -> str:
    left_out = [*report.rejected, *report.filtered]
    if not left_out:
        return f"{name} holds no row; give a file that holds conversations."
    reason, _ = Counter(excluded.reason for excluded in left_out).most_common(1)[0]
    row = next(excluded.source_row for excluded in left_out if excluded.reason == reason)
    rows = "The only row" if report.read == 1 else f"None of the {report.read:,} rows"
    return (
        f"{rows} of {name} can{'not' if report.read == 1 else ''} be used; row {row}: {reason}. "
        'Needed is one conversation a row, as {"conversation_id": "c1", "messages": [{"role": '
        '"user", "content": "…"}]}.'
    )
