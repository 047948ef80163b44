"""The language of a conversation: as a model writes it, as the tables keep it, as it is shown."""

from __future__ import annotations

import re

# ISO 639-1.
CODES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb "
    "lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
    "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
_NAMES = dict(
    pair.split(":")
    for pair in (
        "afrikaans:af albanian:sq amharic:am arabic:ar armenian:hy azerbaijani:az basque:eu "
        "belarusian:be bengali:bn bosnian:bs bulgarian:bg burmese:my catalan:ca chinese:zh "
        "croatian:hr czech:cs danish:da dutch:nl english:en estonian:et filipino:tl finnish:fi "
        "french:fr galician:gl georgian:ka german:de greek:el gujarati:gu hausa:ha hebrew:he "
        "hindi:hi hungarian:hu icelandic:is igbo:ig indonesian:id irish:ga italian:it japanese:ja "
        "javanese:jv kannada:kn kazakh:kk khmer:km korean:ko kurdish:ku kyrgyz:ky lao:lo latin:la "
        "latvian:lv lithuanian:lt luxembourgish:lb macedonian:mk malay:ms malayalam:ml maltese:mt "
        "mandarin:zh marathi:mr mongolian:mn nepali:ne norwegian:no pashto:ps persian:fa farsi:fa "
        "polish:pl portuguese:pt punjabi:pa romanian:ro russian:ru serbian:sr sinhala:si slovak:sk "
        "slovenian:sl somali:so spanish:es swahili:sw swedish:sv tagalog:tl tajik:tg tamil:ta "
        "telugu:te thai:th tibetan:bo turkish:tr turkmen:tk ukrainian:uk urdu:ur uzbek:uz "
        "vietnamese:vi welsh:cy wolof:wo xhosa:xh yiddish:yi yoruba:yo zulu:zu"
    ).split()
)
_SHOWN = {code: name.capitalize() for name, code in reversed(_NAMES.items())}
_FIRST_WORD = re.compile(r"[^\W\d_]+")


def language_code(written: str) -> str | None:
    """Return the ISO 639-1 code of "en", "en-US", "English" and the like; None if it is none."""
    word = _FIRST_WORD.search(written.lower())
    if word is None:
        return None
    return word[0] if word[0] in CODES else _NAMES.get(word[0])


def language_name(code: str) -> str:
    """Return a language's English name by its ISO 639-1 code; the code itself if none is known."""
    return _SHOWN.get(code, code)
