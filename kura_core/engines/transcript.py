"""A conversation as text for a model: numbered, marked as data, cut in the middle to a budget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kura_core.types import Conversation, Message

# Bytes of UTF-8 a token stands for, on the safe side: English has some four, Chinese three.
BYTES_PER_TOKEN = 3
# A message is not cut below this, unless it alone is too long; whole ones in between go first.
_SHORTEST_CUT = 2_000
_ROOM_FOR_MARKS = 200
# What could end the marks a text stands between, or be read as a turn of the talk with the model:
# every "<" and what tokenizers take for one, but for the placeholders of redaction; and the words
# in brackets that are one token to some models.
_OPENING = re.compile(
    r"[<＜﹤](?!(?-i:[A-Z][A-Z_]*_\d{1,9}>))|"
    r"[\[［](?=/?(?:INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|"
    r"THINK|MODEL_SETTINGS|PREFIX|SUFFIX|MIDDLE|[gs]?MASK|BOS|EOS|EOT|PAD|UNK|CLS|SEP)[\]］])",
    re.IGNORECASE,
)
_HARMLESS = {"<": "‹", "＜": "‹", "﹤": "‹", "[": "⟦", "［": "⟦"}


@dataclass(slots=True, frozen=True)
class Transcript:
    """The text of a conversation, and whether any of it was left out."""

    text: str
    truncated: bool


def write_transcript(conversation: Conversation, tokens: int) -> Transcript:
    """Write a conversation as numbered messages within a budget of some `tokens`.

    What is too long loses its middle: messages longer than an equal share are cut in their own
    middle, and if that does not do, whole messages are left out, the first and last ones staying.
    A mark in the text says how much is missing; numbers stay those of the conversation.
    """
    texts = [_plain(message) for message in conversation.messages]
    sizes = [_size(text) for text in texts]
    limit = max(tokens * BYTES_PER_TOKEN, _ROOM_FOR_MARKS * 2)
    overhead = [len(message.role) + 12 for message in conversation.messages]
    truncated = sum(sizes) + sum(overhead) > limit
    if truncated:
        room = limit - _ROOM_FOR_MARKS
        share = max(_equal_share(sizes, room - sum(overhead)), min(_SHORTEST_CUT, room // 3))
        if len(texts) == 1:
            share = room
        texts = [_cut(text, share) for text in texts]
        sizes = [_size(text) + extra for text, extra in zip(texts, overhead, strict=True)]
    lines = [
        f"[{index}] {message.role}: {indented(text)}"
        for index, (message, text) in enumerate(zip(conversation.messages, texts, strict=True))
    ]
    if truncated:
        lines = _ends(lines, sizes, limit - _ROOM_FOR_MARKS)
    body = "\n".join(lines)
    return Transcript(f"<conversation>\n{body}\n</conversation>", truncated)


def with_short_answers(conversation: Conversation, limit: int) -> Conversation:
    """Cut all but the user's messages to some `limit` bytes: what makes these understood."""
    messages = [
        m if m.role == "user" else replace(m, content=shortened(m.content.strip(), limit))
        for m in conversation.messages
    ]
    return replace(conversation, messages=messages)


def readable(text: str) -> str:
    """Return text that every server can read: without lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def as_data(text: str) -> str:
    """Return text that cannot end the marks it stands between, and that every server can read.

    Tokens that a server's chat template gives a meaning (`<|im_start|>`, `</s>`, `[INST]`) lose it:
    servers of one's own read them in a text as they read their own.
    """
    return _OPENING.sub(lambda match: _HARMLESS[match[0]], readable(text))


def as_line(text: str) -> str:
    """Return text as data on one line."""
    return " ".join(as_data(text).split())


def pattern_of(word: str) -> str:
    """Return a regular expression for a word as it was before `as_data`, or as it is after."""
    return re.sub("[‹<]", "[‹<＜﹤]", re.sub(r"⟦|\\\[", r"[⟦\\[［]", re.escape(word)))


def indented(text: str) -> str:
    """Indent all but the first line, so that no line of a text looks like the next message."""
    return "\n  ".join(text.splitlines())


def shortened(text: str, limit: int) -> str:
    """Cut a text in its middle to some `limit` bytes of UTF-8, saying how much is missing."""
    return _cut(readable(text), limit)


def _plain(message: Message) -> str:
    return as_data(message.content.strip())


def _size(text: str) -> int:
    return len(text.encode("utf-8")) + 2 * text.count("\n")


def _equal_share(sizes: Sequence[int], room: int) -> int:
    """Return the length beyond which messages must be cut for all to fit; short ones stay whole."""
    left, rest = room, len(sizes)
    for size in sorted(sizes):
        if size * rest > left:
            return max(left // rest, 0)
        left -= size
        rest -= 1
    return max(sizes, default=0)


def _cut(text: str, limit: int) -> str:
    if _size(text) <= limit:
        return text
    raw = text.encode("utf-8")
    half = max((limit - 60) // 2, 20)
    head = raw[:half].decode("utf-8", "ignore")
    tail = raw[-half:].decode("utf-8", "ignore")
    missing = len(text) - len(head) - len(tail)
    return f"{head} [… {missing:,} characters left out …] {tail}"


def _ends(lines: Sequence[str], sizes: Sequence[int], room: int) -> list[str]:
    """Keep lines from both ends as long as there is room, and say what is missing between them."""
    first, last = 0, len(lines) - 1
    while first <= last:
        from_front = first <= len(lines) - 1 - last
        size = sizes[first] if from_front else sizes[last]
        if size > room and (first or last < len(lines) - 1):
            break
        room -= size
        if from_front:
            first += 1
        else:
            last -= 1
    if first > last:
        return list(lines)
    left_out = lines[first : last + 1]
    characters = sum(map(len, left_out))
    mark = f"[… {len(left_out):,} messages, {characters:,} characters left out …]"
    return [*lines[:first], mark, *lines[last + 1 :]]
