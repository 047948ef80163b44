"""One row a message, or one row a question and its answer, brought together by conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from kura_core.errors import InputError
from kura_core.load.columns.names import plain_name
from kura_core.load.columns.recognise import Layout, unknown_roles
from kura_core.load.columns.roles import complete_roles, is_yes_no_column, role_by_yes_no
from kura_core.load.columns.values import as_message_list, as_number, as_word, is_missing
from kura_core.load.files.rows import RawRow
from kura_core.load.messages import message_text, shorten
from kura_core.load.normalise import identifier, row_metadata
from kura_core.load.times import parse_time
from kura_core.types import Role

_ROLE_ORDER = {"system": 0, "user": 1, "assistant": 2, "tool": 3}


class _Turn(NamedTuple):
    """One row of a conversation: `word` is its role as written, `said` its text or messages."""

    number: int
    word: str | None
    said: Any
    time: Any
    order: float | None
    user: Any
    others: dict[str, Any]
    lost: tuple[tuple[str, str], ...]
    member: str


@dataclass(slots=True)
class _Said:
    """What a turn comes to: messages in normal form, its time and the row it is from."""

    turn: _Turn
    messages: list[dict[str, Any]]
    moment: datetime | None


def group_turns(rows: Iterable[RawRow], layout: Layout, name: str) -> Iterator[RawRow]:
    """Give one row a conversation, in the order of their first rows; rows may lie anywhere.

    Messages are ordered by time where every message of the conversation has one, else by a column
    that numbers them, else by row. A conversation begins at its earliest time; its user is that of
    the user's rows; other columns are its metadata, with the first value where they differ. A row
    without text, with an unknown role or without a conversation id is left out, and named. Memory
    grows with the rows. Raises InputError when no role in the file is known.
    """
    groups: dict[str, list[_Turn]] = {}
    for row in rows:
        if row.problem is not None or not isinstance(row.value, dict):
            yield row
            continue
        turn = _turn(row, layout)
        conversation = identifier(row.value.get(layout.fields["conversation_id"]))
        if conversation is None:
            column = layout.fields["conversation_id"]
            problem = f"its {column!r} is empty or no id, so it belongs to no conversation"
            yield RawRow(row.number, None, problem, member=row.member)
            continue
        groups.setdefault(conversation, []).append(turn)
    roles = _roles(groups.values(), layout, name)
    differing: set[str] = set()
    for conversation in list(groups):
        yield from _conversation(conversation, groups.pop(conversation), layout, roles, differing)


def exchange_messages(row: dict[str, Any], layout: Layout) -> list[dict[str, Any]]:
    """The messages of a row with a prompt, a response, or both; lists of messages as they are."""
    messages: list[dict[str, Any]] = []
    sides: tuple[tuple[Any, Role], ...] = (
        (layout.fields.get("prompt"), "user"),
        (layout.fields.get("response"), "assistant"),
    )
    for column, role in sides:
        value = row.get(column) if column is not None else None
        listed = as_message_list(value)
        if listed is not None:
            messages.extend(listed)
        elif (text := message_text(value)) and not text.isspace():
            if column == layout.fields.get("prompt") and layout.context is not None:
                text = f"{text}\n\n{message_text(row.get(layout.context))}".strip()
            messages.append({"role": role, "content": text})
    return messages


def _turn(row: RawRow, layout: Layout) -> _Turn:
    value, fields = row.value, layout.fields
    role = fields.get("role")
    word = _word(role, value.get(role)) if role is not None else None
    said = (
        exchange_messages(value, layout)
        if role is None
        else message_text(value.get(fields["text"]))
    )
    time, user = fields.get("created_at"), fields.get("user_id")
    used = layout.used
    return _Turn(
        row.number,
        word,
        said,
        value.get(time) if time is not None else None,
        as_number(value.get(layout.order)) if layout.order is not None else None,
        value.get(user) if user is not None else None,
        {
            column: one
            for column, one in value.items()
            if column not in used and not is_missing(one)
        },
        row.lost,
        row.member,
    )


def _word(column: str, value: Any) -> str | None:
    if is_yes_no_column(plain_name(column)) and (role := role_by_yes_no(plain_name(column), value)):
        return role
    if is_missing(value) or not isinstance(value, str | bool | int):
        return None
    return as_word(value)


def _roles(groups: Iterable[list[_Turn]], layout: Layout, name: str) -> dict[str, Role]:
    column = layout.fields.get("role")
    if column is None:
        return {}
    words = {turn.word for turns in groups for turn in turns if turn.word is not None}
    roles = complete_roles(words)
    if words and not roles:
        raise InputError(f"{name}: {unknown_roles(column, sorted(words))}.")
    return roles


def _conversation(
    conversation: str,
    turns: list[_Turn],
    layout: Layout,
    roles: dict[str, Role],
    differing: set[str],
) -> Iterator[RawRow]:
    said: list[_Said] = []
    lost = [one for turn in turns for one in turn.lost]
    bad: list[tuple[_Turn, str, str]] = []
    for turn in turns:
        messages, column, problem = _messages(turn, layout, roles)
        if problem:
            bad.append((turn, column, problem))
            continue
        said.append(_Said(turn, messages, _moment(turn, layout, lost)))
    if not said:
        for turn, _, problem in bad:
            yield RawRow(turn.number, None, problem, member=turn.member)
        return
    lost.extend(
        (column, f"row {turn.number}: {problem}; the message is left out")
        for turn, column, problem in bad
    )
    said = _in_order(said)
    times = [one.moment for one in said if one.moment is not None]
    value = {
        "conversation_id": conversation,
        "created_at": min(times, default=None),
        "user_id": _user(said),
        "messages": [message for one in said for message in _timed(one)],
        "metadata": _metadata([one.turn.others for one in said], lost, differing),
    }
    yield RawRow(turns[0].number, value, lost=tuple(lost), member=turns[0].member)


def _messages(
    turn: _Turn, layout: Layout, roles: dict[str, Role]
) -> tuple[list[dict[str, Any]], str, str]:
    """A turn's messages, or the column and the reason why there are none."""
    role = layout.fields.get("role")
    if role is None:
        columns = [layout.fields[name] for name in ("prompt", "response") if name in layout.fields]
        return turn.said, columns[0], "" if turn.said else f"no text in {' or '.join(columns)}"
    known = roles.get(turn.word) if turn.word is not None else None
    if known is None:
        said = "no role" if turn.word is None else f"the unknown role {shorten(turn.word)}"
        return [], role, said
    if not turn.said or turn.said.isspace():
        return [], layout.fields["text"], f"no text in {layout.fields['text']!r}"
    return [{"role": known, "content": turn.said}], role, ""


def _moment(turn: _Turn, layout: Layout, lost: list[tuple[str, str]]) -> datetime | None:
    try:
        return parse_time(turn.time, day_first=layout.day_first)
    except (ValueError, OverflowError) as error:
        text = f"row {turn.number}: {shorten(turn.time)} is no date: {error}; taken as null"
        lost.append((layout.fields["created_at"], text))
        return None


def _in_order(said: list[_Said]) -> list[_Said]:
    """By time, else by the numbering column, else by row; equal times fall back the same way."""

    def number(one: _Said) -> tuple[float, int]:
        order = one.turn.order
        return (order if order is not None else 0.0, one.turn.number)

    if any(one.moment is None for one in said):
        numbered = all(one.turn.order is not None for one in said)
        return sorted(said, key=number) if numbered else said
    ordered = []
    by_time = sorted(said, key=lambda one: (one.moment, *number(one)))
    for _, group in groupby(by_time, key=lambda one: one.moment):
        equal = list(group)
        if len(equal) == 2 and any(one.turn.order is None for one in equal):
            # A question and its answer logged in the same second.
            equal.sort(key=lambda one: _ROLE_ORDER.get(one.messages[0].get("role", ""), 4))
        ordered.extend(equal)
    return ordered


def _timed(one: _Said) -> Sequence[dict[str, Any]]:
    if one.moment is None:
        return one.messages
    return [{"created_at": one.moment, **message} for message in one.messages]


def _user(said: list[_Said]) -> str | None:
    everyone = [(one.messages[0].get("role"), identifier(one.turn.user)) for one in said]
    own = [user for role, user in everyone if role == "user" and user is not None]
    return next(iter(own), None) or next((user for _, user in everyone if user is not None), None)


def _metadata(
    rows: list[dict[str, Any]], lost: list[tuple[str, str]], differing: set[str]
) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    for others in rows:
        for column, value in row_metadata(others).items():
            if column not in metadata:
                metadata[column] = value
            elif metadata[column] != value and column not in differing:
                differing.add(column)
                text = "differs between the rows of a conversation; its first value is kept"
                lost.append((column, f"{text} (said once for the file)"))
    return metadata
