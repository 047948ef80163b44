"""Messages to clean sentences: code, quotes, links and endless pastes set aside."""

from __future__ import annotations

import re

# A person reads the start and the end of a long paste; so do the rules. This bounds the work.
HEAD_CHARACTERS = 3_000
TAIL_CHARACTERS = 1_000

_FENCE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)", re.DOTALL)
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MARKUP = re.compile(r"^[ \t]*(?:#{1,6}|>+|[-*•]|\d{1,2}[.)])[ \t]+|[*_]{2,}|`", re.MULTILINE)
_TAG = re.compile(r"</?[a-z][^<>]{0,200}>")
_SPLIT = re.compile(r"(?<=[.!?…。！？])[\"')\]]*\s+|\n+|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|approx|inc|ltd|jr|sr)|\b[A-Z])\.$", re.IGNORECASE
)
_CODE_MARK = re.compile(r"[{}()\[\];=<>|\\$]|::|->|/\w+/")
_SPACE = re.compile(r"\s+")


def shorten(text: str) -> str:
    """The text, or its start and end when it is longer than the rules read."""
    if len(text) <= HEAD_CHARACTERS + TAIL_CHARACTERS:
        return text
    return f"{text[:HEAD_CHARACTERS]}\n{text[-TAIL_CHARACTERS:]}"


def prose(text: str) -> str:
    """What a person wrote, without code blocks, links and markup; empty if nothing is left."""
    text = shorten(text).replace("\x00", " ").replace("\ufeff", " ")
    text = _FENCE.sub("\n", text)
    text = _LINK.sub(" ", text)
    text = _TAG.sub(" ", text)
    return _MARKUP.sub("", text).strip()


def looks_like_code(line: str) -> bool:
    """True for a line of code, a stack trace or a log rather than a sentence."""
    marks = len(_CODE_MARK.findall(line))
    return marks >= 3 and marks * 6 > len(line.split())


def sentences(text: str, limit: int = 40) -> list[str]:
    """Sentences of a message in order, at most `limit`; lines of code are left out."""
    found: list[str] = []
    held = ""
    for piece in _SPLIT.split(prose(text)):
        piece = _SPACE.sub(" ", f"{held} {piece}" if held else piece).strip()
        held = ""
        if not piece:
            continue
        if len(piece) < 60 and _ABBREVIATION.search(piece):
            held = piece
            continue
        if not looks_like_code(piece):
            found.append(piece)
        if len(found) >= limit:
            return found
    if held:
        found.append(held)
    return found


def clip(text: str, words: int) -> str:
    """At most `words` words of a text, an ellipsis where it was cut. Texts without spaces are cut
    at eight characters a word."""
    parts = text.split()
    shown = " ".join(parts[:words])
    room = words * 12
    if len(shown) > room:
        cut = shown.rfind(" ", 0, room)
        return shown[: cut if cut > room // 2 else room].rstrip(" ,;:") + "…"
    if len(parts) > words:
        return shown.rstrip(" ,;:-–(") + "…"
    return shown
