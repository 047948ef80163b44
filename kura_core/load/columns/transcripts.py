"""Conversations kept as one text: the turns found by the names that stand before them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from kura_core.load.columns.roles import OTHER_SIDE, read_role
from kura_core.load.messages import shorten
from kura_core.types import Role

# Quantifiers that never give back, so that no text takes longer than its length.
_STAMP = (
    r"(?>(?=[\[(]?\d)[\[(]?(?:\d{4}-\d\d-\d\d[T ]?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4},?[ ]?)?"
    r"(?:\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?(?:[ ]?[AaPp][Mm])?)?"
    r"(?:Z|[+-]\d\d:?\d\d)?[\])]?[ \t]*+-?[ \t]*+)?+"
)
_NAME = r"[^\W\d_][\w .'’&/-]{0,38}?[\w.]|[^\W\d_]"
# A speaker's name at the start of a line, in one of the forms that tools write.
_LABEL = re.compile(
    r"^[ \t]*+" + _STAMP + r"(?:"
    r"<\|(?:im_start\|>)?(?:start_header_id\|>)?(?P<token>\w{1,20})(?:\|>|<\|end_header_id\|>|\b)"
    r"|\[(?P<bracket>" + _NAME + r")\](?:[ \t]*+:)?"
    r"|\#{1,4}[ \t]*+(?P<heading>" + _NAME + r")[ \t]*+:?[ \t]*+$"
    r"|<(?P<tag>\w{2,20})>"
    r"|(?:\*\*|__|\#{1,4}[ \t]*+)?(?P<name>" + _NAME + r")(?:[ \t]*+\([^()\n]{0,60}\))?"
    r"(?:\*\*|__)?[ \t]*+(?:[:：]|>(?!>))(?:\*\*|__)?"
    r")[ \t]*+",
    re.MULTILINE,
)
_INLINE = re.compile(
    r"(?:^|(?<=\s))(?P<name>User|Human|Customer|Client|Visitor|Assistant|AI|Bot|Agent|Chatbot|"
    r"System|USER|HUMAN|CUSTOMER|CLIENT|ASSISTANT|BOT|AGENT|SYSTEM)[ ]?:[ \t]*"
)
_END_TOKEN = re.compile(r"<\|(?:im_end|eot_id|end|endoftext)\|>")
_END_TAG = re.compile(r"</\w{2,20}>$")
# What stands before a colon in texts of every kind, and is nobody's name.
_NO_NAMES = frozenset(
    "error warning warn info debug note notes subject date time name email mail phone tel address "
    "to cc re step option total price order question answer title summary description edit update "
    "input output example http https ps id url".split()
)
_LONGEST_PREAMBLE = 300
_QUESTION_ANSWER: dict[str, Role] = {"q": "user", "a": "assistant"}

Turn = tuple[Role, str]
_Label = tuple[str, int, int]


def parse_transcript(text: str) -> tuple[list[dict[str, Any]] | None, str | None]:
    """The messages of a text such as `User: … Assistant: …`.

    The names must stand at the starts of lines, with or without a time before them, or follow each
    other in one line; words known as roles count, and of two names one of which is known the other
    one is the other side. Returns no messages for a text that is no transcript, and a reason beside
    when it is one of two speakers whose sides nobody can tell.
    """
    if "<|" in text:
        text = _END_TOKEN.sub("\n", text)
    labels = [
        (name, match.start(), match.end())
        for match in _LABEL.finditer(text)
        if (name := _speaker(match)) is not None
    ]
    roles, problem = _roles(labels)
    known = [label for label in labels if label[0].casefold() in roles]
    spoken = {roles[label[0].casefold()] for label in known}
    if not {"user", "assistant"} <= spoken and (inline := _inline(text)) is not None:
        return inline, None
    if "user" not in spoken or _preamble(text, known) is None:
        return None, problem
    return _messages(text, known, roles), None


def _speaker(match: re.Match[str]) -> str | None:
    for form in ("token", "bracket", "heading", "tag", "name"):
        name = match[form]
        if name is None:
            continue
        # Brackets, headings and tags mark much else; only known roles are speakers there.
        if form != "name" and read_role(name) is None:
            return None
        return str(name).strip()
    return None


def _roles(labels: list[_Label]) -> tuple[dict[str, Role], str | None]:
    """The role of each speaker, and what is in the way when there are two and none is known."""
    names: dict[str, str] = {}
    for name, _, _ in labels:
        names.setdefault(name.casefold(), name)
    roles: dict[str, Role] = {}
    for plain in names:
        if (role := read_role(re.sub(r"\W*\d+$", "", plain))) is not None:
            roles[plain] = role
    if set(names) == {"q", "a"}:
        return dict(_QUESTION_ANSWER), None
    sides = [role for role in roles.values() if role in OTHER_SIDE]
    if len(names) == 2 and len(roles) == 1 and sides:
        roles.update({plain: OTHER_SIDE[sides[0]] for plain in names if plain not in roles})
    alternate = all(a[0] != b[0] for a, b in pairwise(labels))
    at_start = bool(labels) and labels[0][1] == 0 and _NO_NAMES.isdisjoint(names)
    if not roles and len(names) == 2 and len(labels) > 2 and alternate and at_start:
        first, second = (shorten(name, 30) for name in names.values())
        return {}, (
            f"it is a talk between {first} and {second}, and nothing says who of them is the user; "
            "write User: and Assistant: there instead"
        )
    return roles, None


def _preamble(text: str, labels: list[_Label]) -> str | None:
    """What stands before the first speaker; None when it is too much for a heading."""
    before = text[: labels[0][1]].strip() if labels else text
    sides = {label[0].casefold() for label in labels}
    if before and (len(before) > _LONGEST_PREAMBLE or len(sides) < 2):
        return None
    return before


def _messages(text: str, labels: list[_Label], roles: dict[str, Role]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    if before := text[: labels[0][1]].strip():
        messages.append({"role": "system", "content": before})
    ends = [label[1] for label in labels[1:]] + [len(text)]
    for (name, _, start), end in zip(labels, ends, strict=True):
        content = _END_TAG.sub("", text[start:end].strip()).strip()
        if content:
            messages.append({"role": roles[name.casefold()], "content": content})
    return messages


def _inline(text: str) -> list[dict[str, Any]] | None:
    """Turns that follow each other in one line, from its start, when both sides speak."""
    labels = [(match["name"], match.start(), match.end()) for match in _INLINE.finditer(text)]
    if not labels or text[: labels[0][1]].strip():
        return None
    roles = {name.casefold(): role for name, _, _ in labels if (role := read_role(name))}
    if not {"user", "assistant"} <= set(roles.values()):
        return None
    return _messages(text, labels, roles)
