"""The language of the user's words, with a prior for English in short Latin texts."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from kura_core.engines.rules.lexicon import AGREEMENT, GREETINGS, STOP_WORDS, THANKS, VERBS
from kura_core.engines.rules.words import tokens

_READ_CHARACTERS = 1_500
_ENGLISH = STOP_WORDS | GREETINGS | THANKS | AGREEMENT | VERBS
# Probabilities of py3langid above which a guess stands, on a few words and on more.
_SURE = 0.75
_LIKELY = 0.6
_SHORT_WORDS = 4
# Latin and constructed languages attract names, code and slips of the pen.
_NOBODY_CHATS_IN = frozenset({"eo", "ia", "ie", "io", "la", "vo"})


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


@lru_cache(maxsize=1)
def _identifier() -> _Identifier:
    """py3langid with probabilities; loading takes a moment and is needed only off English."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(
        [code for code in identifier.labels if len(code) == 2 and code not in _NOBODY_CHATS_IN]
    )
    chosen: _Identifier = identifier
    return chosen


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of a text, None when it holds too little to tell.

    The identifier is py3langid (Lui and Baldwin, "langid.py", 2012), which guesses wildly on short
    texts; so English words in plain Latin letters decide first, and an unsure guess is English
    where an English word is seen and nothing otherwise.
    """
    text = text[:_READ_CHARACTERS]
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < 2:
        return None
    words = [word.lower() for word in tokens(text)]
    latin = sum(1 for letter in letters if letter.isascii()) / len(letters)
    english = sum(1 for word in words if word in _ENGLISH) / max(1, len(words))
    if latin > 0.97 and english >= (0.4 if len(words) > _SHORT_WORDS else 0.5):
        return "en"
    code, probability = _identifier().classify(text)
    if latin > 0.97 and code != "en":
        short = len(words) <= _SHORT_WORDS
        if short and (probability < _SURE or english >= 0.3):
            return "en" if english > 0 else None
        if not short and probability < _LIKELY and english >= 0.2:
            return "en"
    return code if code != "und" else None
