"""What is missing where users write another language: the everyday gaps only, by their words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kura_core.engines.rules.judging.outcome_signs import denies, evades, plain, tells_how
from kura_core.types import Cause, GapKind, Message

_CHARACTERS = 600
_MESSAGES = 12
_MAIL = (
    r"(?:\be-?mails?\b|\bmails?\b|\bmél\b|\bcorreos?\b|\bcourriels?\b|\bposta elettronica|"
    r"\bpoczt\w+|\bmejl\w*|\bmaila?\b|メール|邮件|電子郵件|이메일|письм\w+|почт\w+)"
)
_SEND = (
    r"(?:\bschick\w*|\b(?:ver|ab|zu)?send\w*|\bverschick\w*|\benv[ií]\w*|\benvo[iy]\w*|\bmand\w*|"
    r"\binvi\w*|\bspedi\w*|\bstuur\w*|\bverstu\w+|\bwyślij\w*|\bwysła\w*|\bwysyła\w*|\bskicka\w*|"
    r"\bотправ\w+|\bgönder\w*|送|发送|發送|보내)"
)
_MEETING = (
    r"(?:\btermin\w*|\bkalender\w*|\bbesprechung\w*|\breuni[oó]n\w*|\breunião|\breuniões|"
    r"\bréunions?|\brendez-vous|\bcita\b|\bagend\w+|\bcalend[aá]rio|\bcalendrier|\bincontro|"
    r"\briunion\w+|\bappuntament\w*|\bafspraak|\bafspraken|\bvergadering\w*|\bspotkani\w*|"
    r"\bmöte\w*|\bвстреч\w+|\btoplantı\w*|会議|予定|カレンダー|打ち合わせ|ミーティング|会议|日历|"
    r"회의|\beinladen\b|\beinzuladen\b)"
)
_SIGNED = (
    r"(?:\bunterschrieb\w*|\bunterzeichn\w*|\bgegengezeichn\w*|\b(?:contre)?sign[ée]\w*|"
    r"\bfirmad\w+|\bfirmat\w+|\bassinad\w+|\bassinatura\w*|\bgetekend\w*|\bondertekend\w*|"
    r"\bpodpisan\w*|\bunderskriv\w+|\bподписан\w*|\bimzal\w+|署名|签署|签字|서명)"
)
_CONTRACT = (
    r"(?:vertr[aä]g\w*|\bcontrat\w*|\bacuerdo\w*|\bacordo\w*|\baccord\w*|\bavenant\w*|"
    r"\bcontract\w*|\bovereenkomst\w*|\bumow\w*|\bavtal\w*|\bдоговор\w*|\bsözleşme\w*|契約|合同|"
    r"계약)"
)
_CHANGED = (
    r"(?:\b(?:zuletzt|letzte\w*)\b.{0,40}\b(?:geänder\w+|bearbeit\w+|änderung\w*|aktualisier\w+)|"
    r"\bgeändert\b|\bmodifi\w+|\bmodifica\w*|\bmodificat\w+|\bmis\w? à jour|\bdernière (?:mise|"
    r"modif)\w*|\b(?:última|ultima) (?:vez|modifica\w*|alteraç\w+|edici\w+)|\balterad\w+|"
    r"\bgewijzigd\b|\bzmienion\w+|\bändra\w+|\bизмен\w+|最終更新|更新日|変更|编辑时间|修改)"
)
# In this order: who wants a contract sent asks for the sending.
_GAPS: tuple[tuple[str, Cause, GapKind, str], ...] = (
    (rf"{_SEND}.*{_MAIL}|{_MAIL}.*{_SEND}", "capability gap", "action", "send e-mail"),
    (_MEETING, "capability gap", "external system", "book meetings"),
    (
        rf"{_SIGNED}.*{_CONTRACT}|{_CONTRACT}.*{_SIGNED}",
        "inventory gap",
        "not indexed",
        "signed contracts",
    ),
    (_CHANGED, "inventory gap", "metadata incomplete", "modification dates"),
)
FOREIGN_NAMES = tuple(name for _, _, _, name in _GAPS)


def find_foreign_gap(messages: Sequence[Message]) -> tuple[Cause, GapKind, str] | None:
    """The gap behind a failure in another language, None where its words are not known.

    A thing to be found or known must be denied, or answered with how to look for it; a deed that
    failed was not done either way.
    """
    said = " ".join(
        item.content[:_CHARACTERS] for item in messages[:_MESSAGES] if item.role == "user"
    )
    answers = [item.content[:_CHARACTERS] for item in messages if item.role == "assistant"]
    denied = any(denies(text) or tells_how(text) or evades(text) for text in answers)
    found = read_foreign_wish(said)
    return found if found and (denied or found[0] == "capability gap") else None


def read_foreign_wish(said: str) -> tuple[Cause, GapKind, str] | None:
    """What is asked for in another language, and the gap it is if it is not there."""
    said = plain(said.replace("\n", " "))
    for pattern, cause, kind, name in _GAPS:
        if re.search(pattern, said):
            return cause, kind, name
    return None
