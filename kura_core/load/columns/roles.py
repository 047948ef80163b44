"""Who speaks: the words that logs of many tools and languages use for the two sides."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from kura_core.types import Role

_USER = (
    "user human customer client enduser visitor guest caller member buyer shopper subscriber "
    "prompter inbound incoming requester kunde kundin nutzer nutzerin benutzer anwender cliente "
    "usuario usuário utente utilisateur utilisatrice usager klant gebruiker klient użytkownik "
    "uživatel zákazník användare kund bruger bruker käyttäjä asiakas kullanıcı müşteri "
    "пользователь клиент покупатель користувач 用户 客户 顾客 使用者 ユーザー お客様 顧客 "
    "사용자 고객 مستخدم عميل उपयोगकर्ता ग्राहक khách người_dùng pengguna pelanggan"
)
_ASSISTANT = (
    "assistant ai bot model gpt agent chatbot outbound outgoing chatgpt claude gemini copilot llm "
    "virtualassistant virtualagent aiassistant operator representative rep csr advisor adviser "
    "support supportagent staff helpdesk aimessagechunk berater beraterin mitarbeiter "
    "mitarbeiterin assistent assistentin asistente agente asesor assistente operatore operador "
    "atendente conseiller conseillère medewerker adviseur asystent konsultant doradca handläggare "
    "medarbejder asiakaspalvelija asistan temsilci ассистент помощник оператор бот агент асистент "
    "助手 客服 机器人 智能助手 アシスタント オペレーター ボット "
    "어시스턴트 상담원 상담사 챗봇 مساعد وكيل सहायक trợ_lý asisten agen"
)
_WORDS: dict[str, Role] = {
    **dict.fromkeys(_USER.replace("_", "").split(), "user"),
    **dict.fromkeys(_ASSISTANT.replace("_", "").split(), "assistant"),
    **dict.fromkeys(("system", "developer"), "system"),
    **dict.fromkeys(("tool", "function", "toolresult", "functionresponse"), "tool"),
}
_PREFIXES = ("messagerole", "chatrole", "role", "author", "from")
_SUFFIXES = ("messagechunk", "message", "turn", "role", "says", "said")
# What a yes in a column of this name says of who wrote the message.
_YES_MEANS: dict[str, Role] = {
    **dict.fromkeys(
        "isuser fromuser isfromuser byuser inbound isinbound isincoming incoming iscustomer "
        "fromcustomer isfromcustomer ishuman fromhuman isclient".split(),
        "user",
    ),
    **dict.fromkeys(
        "isbot frombot isfrombot isassistant fromassistant isfromassistant isagent fromagent "
        "isfromagent isai fromai isoutbound isoutgoing outbound outgoing ischatbot".split(),
        "assistant",
    ),
}
_YES_NO = {
    **dict.fromkeys(("true", "yes", "t", "y", "1", "1.0"), True),
    **dict.fromkeys(("false", "no", "f", "n", "0", "0.0"), False),
}
OTHER_SIDE: dict[Role, Role] = {"user": "assistant", "assistant": "user"}


def read_role(raw: Any) -> Role | None:
    """The role a word stands for, in any case and in the form of any tool; None if unknown."""
    return _role_of(raw) if isinstance(raw, str) and len(raw) <= 60 else None


@lru_cache(maxsize=4096)
def _role_of(raw: str) -> Role | None:
    plain = "".join(character for character in raw.casefold() if character.isalnum())
    if plain in _WORDS:
        return _WORDS[plain]
    for prefix in _PREFIXES:
        if (rest := plain.removeprefix(prefix)) in _WORDS and rest != plain:
            return _WORDS[rest]
    for suffix in _SUFFIXES:
        if (rest := plain.removesuffix(suffix)) in _WORDS and rest != plain:
            return _WORDS[rest]
    return None


def is_yes_no_column(plain_name: str) -> bool:
    """Whether a column of this name says by yes or no who wrote a message."""
    return plain_name in _YES_MEANS


def role_by_yes_no(plain_name: str, value: Any) -> Role | None:
    """The role that `true` or `false` stands for in a column such as `is_user` or `inbound`."""
    said = value if isinstance(value, bool) else _YES_NO.get(str(value).strip().casefold())
    role = _YES_MEANS.get(plain_name)
    if said is None or role is None:
        return None
    return role if said else OTHER_SIDE[role]


def complete_roles(values: Iterable[str]) -> dict[str, Role]:
    """The role of each word of a role column, as far as it can be told.

    Where exactly two words are used and one of them is known as the user's or the assistant's, the
    other one is the other side.
    """
    words = sorted(set(values))
    known = {word: role for word in words if (role := read_role(word)) is not None}
    if len(words) == 2 and len(known) == 1:
        ((word, role),) = known.items()
        other = words[0] if words[1] == word else words[1]
        if role in OTHER_SIDE:
            known[other] = OTHER_SIDE[role]
    return known
