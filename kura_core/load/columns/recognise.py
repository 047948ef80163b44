"""What a file's columns hold, told by the user's word, their names and a look at their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kura_core.config import ColumnField
from kura_core.load.columns.mapping import EXAMPLE
from kura_core.load.columns.names import (
    CONVERSATION_NAMES,
    FIELD_NAMES,
    ORDER_NAMES,
    PLACE_NAMES,
    ROLE_NAMES,
    ROW_ID_NAMES,
    WEAK_ROLE_NAMES,
    plain_name,
)
from kura_core.load.columns.roles import complete_roles, is_yes_no_column
from kura_core.load.columns.values import (
    are_both_sides,
    are_ids,
    are_long_texts,
    are_message_lists,
    are_numbers,
    are_roles,
    are_said,
    are_texts,
    are_times,
    distinct_words,
    is_missing,
    repeats,
)
from kura_core.load.messages import shorten
from kura_core.load.normalise import column_field
from kura_core.load.times import day_first_of, is_open_date

Shape = Literal["messages", "message rows", "exchanges", "texts"]

_PARTS = CONVERSATION_NAMES + PLACE_NAMES
_CONTEXT_NAMES = ("input", "context")
_SHOWN_COLUMNS = 40
_EXAMPLE_LENGTH = 30


@dataclass(slots=True)
class Layout:
    """How a file's rows hold conversations.

    `shape` is None when that cannot be told; then `missing` lists the fields to be named and
    `problem` says what is in the way. `fields` maps each field to its column; `order` is a column
    that numbers the messages of a conversation; `grouped` tells whether several rows may make one
    conversation; `day_first` how dates in numbers are read, `open_date` one that could be read
    either way when nothing in the column decides; `context` is a column that goes with the prompt.
    """

    shape: Shape | None
    fields: dict[ColumnField, str] = field(default_factory=dict)
    missing: tuple[ColumnField, ...] = ()
    problem: str = ""
    order: str | None = None
    grouped: bool = False
    day_first: bool = True
    open_date: str | None = None
    context: str | None = None

    @property
    def used(self) -> set[str | None]:
        """The columns that are a part of the conversation, and no metadata."""
        return {*self.fields.values(), self.order, self.context}


class _Columns:
    """The columns of the first rows, with the values there are, and what they are used for."""

    def __init__(self, sample: Sequence[dict[str, Any]], mapped: Mapping[ColumnField, str]) -> None:
        self.values: dict[str, list[Any]] = {}
        for row in sample:
            for column, value in row.items():
                kept = self.values.setdefault(column, [])
                if not is_missing(value):
                    kept.append(value)
        self.mapped = mapped
        self.fields: dict[ColumnField, str] = dict(mapped)

    def free(self) -> list[str]:
        taken = set(self.fields.values())
        return [column for column in self.values if column not in taken]

    def find(self, name: ColumnField, fits: Any, names: Iterable[str] | None = None) -> str | None:
        """The user's column for a field, else the first well-known one whose values fit."""
        if name in self.fields:
            return self.fields[name]
        plain: dict[str, str] = {}
        for column in self.free():
            plain.setdefault(plain_name(column), column)
        for known in FIELD_NAMES[name] if names is None else names:
            if known in plain and fits(self.values[plain[known]]):
                self.fields[name] = plain[known]
                return plain[known]
        return None


def recognise(sample: Sequence[dict[str, Any]], mapped: Mapping[ColumnField, str]) -> Layout:
    """Tell how rows hold conversations from the first of them.

    `mapped` is the user's word, in the file's spelling; it is never overruled. A well-known name
    counts for a field only where the column's values fit it.
    """
    columns = _Columns(sample, mapped)
    layout = _shape_of(columns)
    layout.fields = columns.fields
    if layout.shape is None:
        return layout
    _find_time(columns, layout)
    columns.find("user_id", are_ids)
    if layout.grouped:
        layout.order = next(
            (
                column
                for known in ORDER_NAMES
                for column in columns.free()
                if plain_name(column) == known and are_numbers(columns.values[column])
            ),
            None,
        )
    return layout


def _shape_of(columns: _Columns) -> Layout:
    mapped = columns.mapped
    if "messages" in mapped and are_texts(columns.values[mapped["messages"]]):
        # The user's messages are transcripts: text, not lists.
        columns.fields["text"] = columns.fields.pop("messages")
        columns.mapped = mapped = dict(columns.fields)
    said = {"role", "text", "prompt", "response"} & mapped.keys()
    if "messages" in mapped or not said:
        # A column of the name itself is taken as it is, so that a bad row is told as such.
        if columns.find("messages", are_message_lists) or _named_messages(columns):
            _find_own_id(columns)
            return Layout("messages")
    if not {"prompt", "response"} & mapped.keys():
        found = _message_rows(columns)
        if found is not None:
            return found
    if "text" not in mapped:
        found = _exchanges(columns)
        if found is not None:
            return found
    return _texts(columns)


def _named_messages(columns: _Columns) -> bool:
    for column, values in columns.values.items():
        if plain_name(column) == "messages" and not are_texts(values):
            columns.fields["messages"] = column
            return True
    return False


def _message_rows(columns: _Columns) -> Layout | None:
    """One row a message: who said it and what; a conversation is found by its id."""
    role = _role_column(columns)
    text = columns.find("text", are_said)
    if role is None or text is None:
        if "role" in columns.mapped:
            return Layout(None, missing=("text",), problem="no column holds what was said")
        _forget(columns, "role", "text")
        return None
    words = distinct_words(columns.values[role])
    if words and not is_yes_no_column(plain_name(role)) and not complete_roles(words):
        return Layout(None, missing=("role",), problem=unknown_roles(role, words))
    conversation = columns.find("conversation_id", are_ids, _PARTS)
    if conversation is None:
        conversation = columns.find(
            "conversation_id", lambda values: are_ids(values) and repeats(values), ROW_ID_NAMES
        )
    if conversation is None:
        return Layout(
            None,
            missing=("conversation_id",),
            problem=f"each row is one message ({role!r} and {text!r}), and no column says which "
            "conversation it belongs to",
        )
    return Layout("message rows", grouped=True)


def unknown_roles(column: str, words: Sequence[str]) -> str:
    """Say that none of the words in a role column is known."""
    listed = ", ".join(shorten(word, 30) for word in words[:6])
    return (
        f"the role column {column!r} holds {listed}, none of which is known as the user's or the "
        "assistant's side; write user and assistant there, or name another column as role"
    )


def _role_column(columns: _Columns) -> str | None:
    role = columns.find("role", are_roles, ROLE_NAMES)
    role = role or columns.find("role", are_both_sides, WEAK_ROLE_NAMES)
    if role is not None:
        return role
    for column in columns.free():
        if is_yes_no_column(plain_name(column)) and columns.values[column]:
            columns.fields["role"] = column
            return column
    return None


def _exchanges(columns: _Columns) -> Layout | None:
    """One row a question and its answer; rows of one conversation id belong together."""
    prompt = columns.find("prompt", are_said)
    response = columns.find("response", are_said if prompt else are_long_texts)
    if prompt is None and response is not None:
        prompt = columns.find("prompt", are_long_texts, ("text", "message", "content", "user"))
    if prompt is None:
        if "response" in columns.mapped:
            return Layout(None, missing=("prompt",), problem="no column holds what users said")
        _forget(columns, "response")
        return None
    conversation = columns.find("conversation_id", are_ids, _PARTS)
    own_id = conversation is None and columns.find("conversation_id", are_ids, ROW_ID_NAMES)
    grouped = conversation is not None or bool(
        own_id and repeats(columns.values[columns.fields["conversation_id"]])
    )
    context = None
    if "prompt" not in columns.mapped and plain_name(prompt) == "instruction":
        # The form of instruction data: what to do, and what to do it with.
        context = next((c for c in columns.free() if plain_name(c) in _CONTEXT_NAMES), None)
    return Layout("exchanges", grouped=grouped, context=context)


def _texts(columns: _Columns) -> Layout:
    """One row a conversation, all of it in one text."""
    text = columns.find("text", are_texts) or columns.find(
        "text", are_texts, FIELD_NAMES["messages"]
    )
    others = [column for column in columns.free() if are_long_texts(columns.values[column])]
    if "text" not in columns.mapped:
        speaker = next((c for c in columns.free() if are_both_sides(columns.values[c])), None)
        if speaker is not None:
            return _one_message_a_row(columns, speaker, text or (others[0] if others else None))
        if text is None and len(others) == 1:
            text = columns.fields["text"] = others[0]
        elif text is None or others:
            _forget(columns, "text")
            return _nothing(text, others)
    conversation = columns.find("conversation_id", are_ids, CONVERSATION_NAMES)
    if conversation is not None and repeats(columns.values[conversation]):
        return Layout(None, missing=("role",), problem=_who_wrote(columns, conversation, text))
    if conversation is None:
        columns.find("conversation_id", are_ids, ROW_ID_NAMES)
    return Layout("texts")


def _one_message_a_row(columns: _Columns, speaker: str, text: str | None) -> Layout:
    """Ask, with the likeliest columns, rather than make a conversation of every message."""
    columns.fields["role"] = speaker
    if text is not None:
        columns.fields["text"] = text
    parts = [c for c in columns.free() if are_ids(columns.values[c]) and repeats(columns.values[c])]
    if len(parts) == 1:
        columns.fields.setdefault("conversation_id", parts[0])
    problem = f"{speaker!r} says who wrote each row, so a row is one message of a conversation"
    return Layout(None, missing=("conversation_id", "role", "text"), problem=problem)


def _who_wrote(columns: _Columns, conversation: str, text: str | None) -> str:
    for column in columns.free():
        words = distinct_words(columns.values[column])
        if plain_name(column) in ROLE_NAMES and 0 < len(words) <= 12:
            return unknown_roles(column, words)
    return (
        f"several rows have the same {conversation!r}, and no column says who wrote the text in "
        f"{text!r}"
    )


def _nothing(text: str | None, others: list[str]) -> Layout:
    if others:
        candidates = ", ".join(repr(c[:40]) for c in ([text] if text else []) + others[:5])
        problem = f"several columns hold longer texts ({candidates})"
    else:
        problem = "no column holds messages or what was said"
    return Layout(None, missing=("text",), problem=problem)


def _forget(columns: _Columns, *names: ColumnField) -> None:
    for name in names:
        if name not in columns.mapped:
            columns.fields.pop(name, None)


def _find_own_id(columns: _Columns) -> None:
    """The id where each row is a whole conversation: a name of the normal form, then another."""
    if "conversation_id" not in columns.fields:
        own = own_column("conversation_id", columns.free())
        if own is not None:
            columns.fields["conversation_id"] = own
        else:
            columns.find("conversation_id", lambda values: are_ids(values) and not repeats(values))
    user = own_column("user_id", columns.free())
    if user is not None:
        columns.fields.setdefault("user_id", user)


def _find_time(columns: _Columns, layout: Layout) -> None:
    if "created_at" not in columns.fields:
        own = own_column("created_at", columns.free())
        if own is not None and (layout.shape == "messages" or plain_name(own) == "createdat"):
            columns.fields["created_at"] = own
    column = columns.find("created_at", are_times)
    if column is None:
        return
    values = columns.values[column]
    day_first = day_first_of(values)
    layout.day_first = day_first is not False
    if day_first is None:
        layout.open_date = next((value for value in values if is_open_date(value)), None)


def own_column(name: ColumnField, columns: Iterable[str]) -> str | None:
    """The column that the normal form itself would take for a field."""
    ranked = [
        (rank, column)
        for column in columns
        for known, rank in [column_field(column)]
        if known == name
    ]
    return min(ranked, default=(0, None), key=lambda pair: pair[0])[1]


def needed_columns(layout: Layout, columns: Mapping[str, Sequence[Any]], name: str) -> str:
    """The sentence for a file whose columns cannot be told: what was found, and how to say it."""
    shown = [
        f"{column[:40]!r} ({shorten(values[0], _EXAMPLE_LENGTH) if values else 'empty'})"
        for column, values in list(columns.items())[:_SHOWN_COLUMNS]
    ]
    more = len(columns) - len(shown)
    listed = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
    return (
        f"{name}: {layout.problem}. Columns found, each with an example: {listed or 'none'}. "
        "Needed is messages (a list of role and content); or, with one row a message, "
        "conversation_id, role and text; or prompt, with response if there is one; or text (a "
        f"transcript). Say which column is which: {EXAMPLE} on the command line, or the Data page "
        "in the app."
    )
