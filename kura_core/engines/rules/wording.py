"""How a phrase is written out as a name: its case, and the number its noun is in."""

from __future__ import annotations

from collections.abc import Sequence

from kura_core.engines.rules.candidates import NAME_WORDS, Phrase, is_well_formed
from kura_core.engines.rules.general import plural
from kura_core.engines.rules.lexicon import ACRONYMS, TECH_NAMES
from kura_core.engines.rules.support import Support
from kura_core.engines.rules.words import is_compound_verb, stem

CLOSINGS = frozenset({"problems", "questions", "requests"})


def in_usual_number(phrase: Phrase, support: Support) -> tuple[str, ...]:
    """The words of a phrase; a noun phrase closes in the number that members use, or the plural."""
    words = phrase.words
    if phrase.verb is not None or len(words) < 2 or words[-1] in CLOSINGS or "and" in words:
        return words
    many = plural(words[-1], support, eager=True)
    forms = {words[-1], support.spelled.get(stem(words[-1]), words[-1])}
    if words[0] in TECH_NAMES:
        forms = {many}
    elif support.pairs[(words[-2], many)]:
        forms.add(many)

    def use(form: str) -> tuple[int, bool]:
        # A name stands for many: the plural wins unless it is far rarer.
        written = support.pairs[(words[-2], form)]
        return (written * 2, True) if form.endswith("s") else (written, False)

    closing = max(sorted(forms), key=use)
    fits = is_well_formed((*words[:-1], closing))
    return (*words[:-1], closing) if fits else words


def headline(words: Sequence[str], support: Support) -> str:
    """A phrase in sentence case; names of tools and abbreviations in the case they usually have."""
    shown = [in_usual_case(word, support) for word in words[:NAME_WORDS]]
    for place, word in enumerate(shown[:-1]):
        if is_compound_verb(word) and (place == 0 or shown[place - 1] == "to"):
            shown[place] = word.replace("-", " ")
    text = " ".join(shown)
    # "iPhone" keeps its small letter.
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def in_usual_case(word: str, support: Support) -> str:
    """A word as its makers write it, else as members do; abbreviations in capitals."""
    if word in ACRONYMS:
        return word.upper()
    if word.endswith("s") and word[:-1] in ACRONYMS:
        return word[:-1].upper() + "s"
    return TECH_NAMES.get(word) or support.forms.get(word, word)
