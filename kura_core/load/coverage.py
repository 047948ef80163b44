"""What usable conversations have: counts, lengths, languages and metadata, before any spending."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, Protocol

from kura_core.load.report import Coverage, Lengths, MetadataColumn
from kura_core.load.times import parse_time
from kura_core.types import Conversation

LANGUAGE_SAMPLE = 500
UNKNOWN = "unknown"
_READ_CHARACTERS = 1_000
_FEWEST_LETTERS = 12
# Below this share an embedding model that knows English alone is still the right one.
_FOREIGN_SHARE = 0.1
_SHOWN_LANGUAGES = 3
_MOST_DISTINCT = 1_000
_MOST_CATEGORIES = 50
_TEXT_LENGTH = 40
_URL = re.compile(r"https?://\S+|\S+@\S+|\[[A-Z_]+\d*\]")
# Probabilities of py3langid above which a guess stands, on a few words and on more.
_SURE, _LIKELY, _FEW_WORDS = 0.9, 0.7, 6
# Latin and constructed languages attract names, code and slips of the pen.
_NOBODY_CHATS_IN = frozenset({"eo", "ia", "ie", "io", "la", "vo"})
# The commonest words of English, without those that are words elsewhere too.
_ENGLISH = frozenset(
    "the of and to is you that it for are with this have not what my can your do i'm i'd how would "
    "need please want where which when from there could should does like was be will me been has "
    "if about get it's don't i".split()
)
_ENGLISH_MODELS = ("all-minilm", "all-mpnet", "all-distilroberta", "bge-small-en", "bge-base-en",
                   "bge-large-en", "gte-small", "gte-base", "gte-large", "e5-small", "e5-base",
                   "e5-large", "multi-qa-minilm", "multi-qa-mpnet", "mxbai-embed-large",
                   "nomic-embed-text-v1")  # fmt: skip
_MULTILINGUAL = "paraphrase-multilingual-MiniLM-L12-v2"
_NAMES = {
    "af": "Afrikaans", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan",
    "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "kk": "Kazakh", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "ms": "Malay", "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def count_coverage(conversations: Sequence[Conversation]) -> Coverage:
    """Count what conversations have, without their languages and metadata."""
    turns = [len(conversation.messages) for conversation in conversations]
    characters = [sum(len(m.content) for m in c.messages) for c in conversations]
    times = [c.created_at for c in conversations if c.created_at is not None]
    users = [c.user_id for c in conversations if c.user_id is not None]
    return Coverage(
        messages=sum(turns),
        with_times=len(times),
        with_users=len(users),
        users=len(set(users)),
        first_time=min(times, default=None),
        last_time=max(times, default=None),
        with_assistant=sum(
            1 for c in conversations if any(m.role == "assistant" for m in c.messages)
        ),
        single_turn=sum(
            1 for c in conversations if sum(1 for m in c.messages if m.role == "user") == 1
        ),
        turns=_lengths(turns),
        characters=_lengths(characters),
    )


def count_languages(conversations: Sequence[Conversation]) -> dict[str, int]:
    """The languages of what users said, by ISO 639-1 code, most frequent first.

    At most 500 conversations, spread evenly over all, are looked at; `unknown` are those with too
    little text to tell.
    """
    step = max(1, -(-len(conversations) // LANGUAGE_SAMPLE))
    counts = Counter(_language(_said(conversation)) for conversation in conversations[::step])
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def describe_metadata(conversations: Sequence[Conversation]) -> list[MetadataColumn]:
    """What the metadata columns hold, by name: how many have a value, of what kind, how many."""
    values: dict[str, list[Any]] = {}
    for conversation in conversations:
        for name, value in conversation.metadata.items():
            kept = values.setdefault(name, [])
            if value is not None:
                kept.append(value)
    return [_column(name, values[name]) for name in sorted(values)]


def embedding_notice(languages: Mapping[str, int], embedding_model: str) -> str | None:
    """The sentence to show when the embedding model is weak for the languages found; else None.

    `languages` are counts as `count_languages` gives them; those of unknown language do not count.
    """
    known = {code: count for code, count in languages.items() if code != UNKNOWN and count > 0}
    total = sum(known.values())
    foreign = {code: count for code, count in known.items() if code != "en"}
    share = sum(foreign.values()) / total if total else 0.0
    name = embedding_model.rstrip("/").rsplit("/", 1)[-1]
    plain = name.casefold()
    if share < _FOREIGN_SHARE or "multilingual" in plain or not plain.startswith(_ENGLISH_MODELS):
        return None
    ranked = sorted(foreign.items(), key=lambda pair: (-pair[1], pair[0]))
    listed = ", ".join(
        f"{_NAMES.get(code, code)} {_percent(count / total)}"
        for code, count in ranked[:_SHOWN_LANGUAGES]
    )
    more = len(ranked) - _SHOWN_LANGUAGES
    listed += f" and {more} more" if more > 0 else ""
    groups = "for many languages" if len(known) > 1 else f"for {_NAMES.get(ranked[0][0], 'it')}"
    return (
        f"{_percent(share)} of these conversations are not in English ({listed}). The embedding "
        f"model {name} was trained on English: they will group by language rather than by subject. "
        f"{groups[0].upper()}{groups[1:]} use {_MULTILINGUAL}."
    )


def language_name(code: str) -> str:
    """A language's English name by its ISO 639-1 code; the code itself where none is listed."""
    return _NAMES.get(code, code)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %" if share >= 0.005 else "under 1 %"


def _lengths(values: list[int]) -> Lengths:
    if not values:
        return Lengths()
    ordered = sorted(values)
    return Lengths(
        median=ordered[(len(ordered) - 1) // 2],
        most=ordered[min(len(ordered) - 1, (len(ordered) * 9) // 10)],
        longest=ordered[-1],
    )


def _said(conversation: Conversation) -> str:
    pieces: list[str] = []
    length = 0
    for message in conversation.messages:
        if message.role == "user" and length < _READ_CHARACTERS:
            pieces.append(message.content[:_READ_CHARACTERS])
            length += len(pieces[-1])
    return "\n".join(pieces)[:_READ_CHARACTERS]


@lru_cache(maxsize=1)
def _identifier() -> _Identifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(
        [code for code in identifier.labels if len(code) == 2 and code not in _NOBODY_CHATS_IN]
    )
    chosen: _Identifier = identifier
    return chosen


def _language(text: str) -> str:
    """py3langid (Lui and Baldwin, "langid.py", 2012), doubted where English words are seen.

    It guesses wildly on short texts; so the words of plain Latin text decide first whether it is
    English, and an unsure guess is unknown.
    """
    text = _URL.sub(" ", text)
    letters = sum(1 for letter in text if letter.isalpha())
    ascii_letters = sum(1 for letter in text if letter.isascii() and letter.isalpha())
    # A character of Chinese, Japanese or Korean says as much as several letters.
    if letters < (_FEWEST_LETTERS if ascii_letters * 2 > letters else 4):
        return UNKNOWN
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.casefold().replace("’", "'"))
    plain = ascii_letters > 0.97 * letters
    english = sum(1 for word in words if word in _ENGLISH)
    if plain and english >= max(1, 0.2 * len(words)):
        return "en"
    code, probability = _identifier().classify(text)
    sure = probability >= (_LIKELY if len(words) > _FEW_WORDS else _SURE)
    if plain and code != "en" and english and (not sure or english >= 0.1 * len(words)):
        return "en"
    return code if sure and code != "und" else UNKNOWN


def _column(name: str, values: list[Any]) -> MetadataColumn:
    distinct: set[Any] = set()
    for value in values:
        if len(distinct) >= _MOST_DISTINCT:
            break
        distinct.add(value)
    return MetadataColumn(name, len(values), _kind(values, distinct), len(distinct))


def _kind(
    values: list[Any], distinct: set[Any]
) -> Literal["number", "yes/no", "category", "text", "time", "empty"]:
    if not values:
        return "empty"
    if all(isinstance(value, bool) for value in distinct):
        return "yes/no"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in distinct):
        return "number"
    texts = sorted(str(value) for value in distinct)
    if {text.casefold() for text in texts} <= {"true", "false", "yes", "no"}:
        return "yes/no"
    if all(_is_number(text) for text in texts):
        return "number"
    some = texts[:: max(1, len(texts) // 20)]
    if all(_is_time(text) for text in some):
        return "time"
    long = sum(len(text) for text in texts) > _TEXT_LENGTH * len(texts)
    few = len(distinct) <= _MOST_CATEGORIES or len(distinct) * 10 <= len(values)
    return "category" if few and not long else "text"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    try:
        moment: datetime | None = parse_time(text)
    except (ValueError, OverflowError):
        return False
    return moment is not None
