"""How a user types: capitals, punctuation, abbreviations, slips of the finger, greetings."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

# Code, addresses, paths, numbers and quoted names are typed or pasted as they are.
_FIXED = re.compile(r"```.*?```|`[^`]*`|\S*[@/_\d\\]\S*|\S+\.\w{2,4}\b", re.DOTALL)
_WORD = re.compile(r"[A-Za-z']+")
_SHORT = {
    "please": "pls", "you": "u", "your": "ur", "because": "cuz", "are": "r", "thanks": "thx",
    "though": "tho", "people": "ppl", "document": "doc", "documents": "docs", "before": "b4",
    "message": "msg", "about": "abt", "really": "rly", "probably": "prob", "tomorrow": "tmrw",
}
_SLIPS = {
    "the": "teh", "receive": "recieve", "definitely": "definately", "separate": "seperate",
    "their": "thier", "which": "wich", "because": "becuase", "would": "woudl", "agreement":
    "agreemnet", "calendar": "calender", "address": "adress", "until": "untill", "tomorrow":
    "tommorow", "meeting": "meetign", "document": "docuemnt", "with": "wiht", "and": "adn",
    "schedule": "shedule", "business": "buisness", "language": "langauge", "weird": "wierd",
    "occurred": "occured", "summary": "sumary", "response": "reponse", "interface": "inteface",
}
_GREETINGS = (
    "Hi,", "Hello,", "Hey,", "Hi there,", "Good morning,", "Hi Wick,", "Hey Wick,", "Hello Wick,",
    "Morning!", "Good afternoon,", "hiya,", "Quick one:", "Quick question:", "Sorry to bother you,",
)
_ENDINGS = (
    "Thanks!", "Thanks in advance.", "Cheers", "Please hurry.", "asap please", "Thank you!",
    "Any help appreciated.", "It's a bit urgent.", "No rush.", "tia", "Many thanks", "Ideas?",
)


@dataclass(frozen=True, slots=True)
class Style:
    """A user's habits; the rates are chances per word or per message, 0 to 1."""

    lower: bool
    bare: bool  # leaves out full stops and apostrophes
    short: float
    slips: float
    greets: float
    shouts: float


def draw_style(rng: random.Random) -> Style:
    """Half type with care, a third casually, the rest as fast as they can."""
    kind = rng.random()
    if kind < 0.5:
        return Style(False, False, 0.0, 0.004, 0.24, 0.0)
    if kind < 0.83:
        return Style(rng.random() < 0.55, rng.random() < 0.5, 0.04, 0.018, 0.14, 0.02)
    return Style(True, True, 0.3, 0.045, 0.05, 0.06)


def dress_opening(text: str, style: Style, rng: random.Random) -> str:
    """The opening with a greeting or a closing word, as this user would."""
    if rng.random() < style.greets and "\n" not in text:
        text = f"{rng.choice(_GREETINGS)} {text}"
    if rng.random() < style.greets * 0.6 and not text.endswith("```"):
        stop = "" if text[-1] in ".?!:)" else rng.choice((".", ",", " -", ""))
        text = f"{text}{stop} {rng.choice(_ENDINGS)}"
    return text


def type_as(text: str, style: Style, rng: random.Random) -> str:
    """The text as this user would type it; code, addresses and numbers stay as they are."""
    pieces, position = [], 0
    for fixed in _FIXED.finditer(text):
        pieces += [_type(text[position : fixed.start()], style, rng), fixed.group()]
        position = fixed.end()
    typed = "".join([*pieces, _type(text[position:], style, rng)])
    if style.bare and not typed.endswith("```"):
        typed = typed.rstrip(".")
    if "```" not in typed and len(typed) < 90 and rng.random() < style.shouts:
        typed = typed.upper()
    return typed


def _type(text: str, style: Style, rng: random.Random) -> str:
    if style.lower:
        text = text.lower()
    if style.bare:
        text = text.replace("'", "").replace("\u2019", "")
    return _WORD.sub(lambda match: _type_word(match.group(), style, rng), text)


def _type_word(word: str, style: Style, rng: random.Random) -> str:
    if style.short and word.lower() in _SHORT and rng.random() < style.short:
        return _SHORT[word.lower()]
    if rng.random() >= style.slips * (1 if len(word) < 7 else 1.6):
        return word
    if word.lower() in _SLIPS:
        return _SLIPS[word.lower()]
    if len(word) < 5 or "'" in word or word[0].isupper():
        return word
    at = rng.randrange(1, len(word) - 2)
    kind = rng.random()
    if kind < 0.45:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.8:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]
