"""Personal data and secrets out, typed placeholders in, before anything else sees the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kura_core.privacy.detectors import find_spans
from kura_core.privacy.spans import TYPES
from kura_core.types import Conversation

RedactionLevel = Literal["off", "standard", "strict"]

# Raised whenever the same text would be redacted otherwise, so that nothing stale is used.
REDACTION_VERSION = 1

_PLACEHOLDER = re.compile(rf"<({'|'.join(TYPES)})_([0-9]{{1,6}})>")
_CONTEXT = 120
_ID_COLUMN = re.compile(r"(?:^|[_ .-])(?i:id|uuid|guid)s?$|[a-z](?:Id|ID|Uuid|UUID)s?$")


@dataclass(slots=True)
class RedactedConversation:
    """A conversation without its personal data, and how many pieces of each type were replaced."""

    conversation: Conversation
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Placeholders:
    """One conversation's placeholders: equal values get equal ones, numbered as they appear."""

    numbers: Counter[str]
    known: dict[tuple[str, str], str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def of(self, kind: str, key: str) -> str:
        self.counts[kind] += 1
        placeholder = self.known.get((kind, key))
        if placeholder is None:
            self.numbers[kind] += 1
            placeholder = self.known[kind, key] = f"<{kind}_{self.numbers[kind]}>"
        return placeholder


def make_redactor(level: RedactionLevel) -> Callable[[Conversation], RedactedConversation]:
    """Make the function that redacts one conversation; it leaves what it is given as it is.

    `standard` replaces e-mail addresses, phone and card numbers, IBANs, IP addresses, US social
    security numbers, and keys, tokens and passwords, as `<EMAIL_1>`, `<PHONE_1>` and so on;
    `strict` URLs, wallets, UUIDs, MAC addresses and long numbers as well; `off` nothing. The same
    value has the same placeholder throughout a conversation, its metadata included.
    `conversation_id`, `user_id` and metadata columns that are ids stay as they are, because other
    tables are joined on them. Names and postal addresses have no pattern and stay. What comes out
    depends on the one conversation only.
    """
    if level == "off":
        return RedactedConversation
    strict = level == "strict"
    return lambda conversation: _redact(conversation, strict)


def _redact(conversation: Conversation, strict: bool) -> RedactedConversation:
    placeholders = _Placeholders(_numbers_in_use(conversation))
    messages = []
    before = ""
    for message in conversation.messages:
        content = _redact_text(message.content, before, strict, placeholders)
        before = message.content[-_CONTEXT:]
        changed = content != message.content
        messages.append(replace(message, content=content) if changed else message)
    metadata = dict(conversation.metadata)
    for column in sorted(metadata):
        value = metadata[column]
        if isinstance(value, str) and not _ID_COLUMN.search(column):
            metadata[column] = _redact_text(value, f"{column}: ", strict, placeholders)
    return RedactedConversation(
        replace(conversation, messages=messages, metadata=metadata), placeholders.counts
    )


def _redact_text(text: str, before: str, strict: bool, placeholders: _Placeholders) -> str:
    spans = find_spans(text, before=before, strict=strict)
    if not spans:
        return text
    pieces: list[str] = []
    position = 0
    for span in spans:
        pieces += (text[position : span.start], placeholders.of(span.type, span.key))
        position = span.end
    return "".join((*pieces, text[position:]))


def _numbers_in_use(conversation: Conversation) -> Counter[str]:
    """The highest number of each type the text has already, so that no new one equals an old."""
    numbers: Counter[str] = Counter()
    texts: list[Any] = [message.content for message in conversation.messages]
    texts.extend(conversation.metadata.values())
    for text in texts:
        if isinstance(text, str) and "<" in text:
            for kind, number in _PLACEHOLDER.findall(text):
                numbers[kind] = max(numbers[kind], int(number))
    return numbers
