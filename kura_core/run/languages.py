"""The languages of what was loaded, and whether the embedding model is made for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kura_core.engines.languages import language_name
from kura_core.engines.rules.language import detect_language
from kura_core.types import Conversation

LANGUAGE_SAMPLE = 500
UNKNOWN = "unknown"
_READ_CHARACTERS = 1_000
# Below this share an embedding model that knows English alone is still the right one.
_FOREIGN_SHARE = 0.1
_SHOWN_LANGUAGES = 3
_ENGLISH_MODELS = (
    "all-distilroberta", "all-minilm", "all-mpnet", "bge-base-en", "bge-large-en", "bge-small-en",
    "e5-base", "e5-large", "e5-small", "gte-base", "gte-large", "gte-small", "multi-qa-minilm",
    "multi-qa-mpnet", "mxbai-embed-large", "nomic-embed-text-v1",
)  # fmt: skip
_MULTILINGUAL = "paraphrase-multilingual-MiniLM-L12-v2"


def count_languages(conversations: Sequence[Conversation]) -> dict[str, int]:
    """Count the languages of what users said, by ISO 639-1 code, most frequent first.

    At most 500 conversations, spread evenly over all, are looked at; `unknown` are those with too
    little text to tell.
    """
    step = max(1, -(-len(conversations) // LANGUAGE_SAMPLE))
    found = (detect_language(_said(conversation)) for conversation in conversations[::step])
    counts = Counter(language or UNKNOWN for language in found)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def embedding_notice(languages: Mapping[str, int], embedding_model: str) -> str | None:
    """Return the sentence to show when an embedding model is weak for the languages, else None.

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
        f"{language_name(code)} {_percent(count / total)}"
        for code, count in ranked[:_SHOWN_LANGUAGES]
    )
    more = len(ranked) - _SHOWN_LANGUAGES
    listed += f" and {more} more" if more > 0 else ""
    groups = "For many languages" if len(known) > 1 else f"For {language_name(ranked[0][0])}"
    return (
        f"{_percent(share)} of these conversations are not in English ({listed}). The embedding "
        f"model {name} was trained on English: they will group by language rather than by subject. "
        f"{groups} use {_MULTILINGUAL}."
    )


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %" if share >= 0.005 else "under 1 %"


def _said(conversation: Conversation) -> str:
    pieces: list[str] = []
    length = 0
    for message in conversation.messages:
        if message.role == "user" and length < _READ_CHARACTERS:
            pieces.append(message.content[:_READ_CHARACTERS])
            length += len(pieces[-1])
    return "\n".join(pieces)[:_READ_CHARACTERS]
