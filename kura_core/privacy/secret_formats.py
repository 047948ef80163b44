"""Keys, tokens and passwords, found by their published formats or by the label before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

# Two cheap scans, some microseconds together, that nearly every message fails.
_LABEL_HINT = re.compile(r"pass|pwd|secret|token|bearer|key|pin|cv[vc]|://|-----b")
_TOKEN_HINT = re.compile(r"[A-Za-z0-9_-]{16}")
# Formats as the providers publish them and gitleaks (github.com/gitleaks/gitleaks, MIT) lists them.
_FORMATS = re.compile(
    r"""(?<![A-Za-z0-9])(?:
      sk-(?:ant-|proj-|svcacct-|admin-|or-)?[A-Za-z0-9_-]{16,}     # OpenAI, Anthropic, OpenRouter
    | (?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,} | whsec_[A-Za-z0-9+/=]{20,}              # Stripe
    | (?:AKIA|ASIA)[A-Z0-9]{16}                                                              # AWS
    | gh[opusr]_[A-Za-z0-9]{30,} | github_pat_[A-Za-z0-9_]{22,}                           # GitHub
    | glpat-[A-Za-z0-9_-]{20,}                                                            # GitLab
    | xox[abeoprs]-[A-Za-z0-9-]{12,} | xapp-[A-Za-z0-9-]{20,}                              # Slack
    | AIza[A-Za-z0-9_-]{30,} | ya29\.[A-Za-z0-9_-]{20,}                                   # Google
    | SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}                                        # SendGrid
    | hf_[A-Za-z0-9]{30,} | npm_[A-Za-z0-9]{30,} | pypi-[A-Za-z0-9_-]{40,}            # registries
    | dop_v1_[a-f0-9]{40,} | shpat_[a-fA-F0-9]{32}                         # DigitalOcean, Shopify
    | eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*                             # JWT
    )""",
    re.VERBOSE,
)
_PEM = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    r"[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|\Z)"
)
_BEARER = re.compile(r"(?i:\bbearer)\s+(?P<value>(?=\S{0,200}\d)[A-Za-z0-9._~+/-]{16,}=*)")
_IN_URL = re.compile(
    r"://[^\s:/@]{0,64}:(?P<value>[^\s/@]{1,200})@"
    r"|[?&](?i:access_token|token|api_?key|key|sig|signature|secret|password|auth)="
    r"(?P<query>[^&\s#\"'<>]{8,})"
)
_PASSWORD_LABEL = r"pass(?:word|wd|phrase|code)|pwd"
_KEY_LABEL = (
    r"api[ _-]?key|(?:secret|access|private|encryption|account)[ _-]?(?:access[ _-]?)?key"
    r"|(?:client|app|consumer|api|shared)[ _-]?secret"
    r"|(?:(?:access|auth|refresh|api|session|secret|bot|personal)[ _-]?)*token"
)
_LABELLED = re.compile(
    rf"(?i)(?<![a-z])(?:(?P<password>{_PASSWORD_LABEL})|{_KEY_LABEL})\d?[\"'`*]*\s*"
    r"(?P<link>:=|=>|=|:|\b(?:is|was)\b:?|(?<=\s))\s*[\"'`*]*(?P<value>[^\s\"'`,<>]{4,200})"
)
_NUMBER_LABEL = re.compile(
    r"(?i)(?<!gpio )\b(?:pin(?:[ -]?(?:code|number|no\.?))?\s*(?:is|was|:|=|#)?\s*:?\s*"
    r"(?P<pin>\d{4,8})"
    r"|cv[vc]2?(?:[ -]?(?:code|number))?\s*(?:is|was|:|=|#)?\s*:?\s*(?P<code>\d{3,4}))\b"
)
_CODE = re.compile(r"[$({\[]|^[*•.…x_-]+$|^(?:os|self|env|process|config|settings|request|args)\.")
_NO_VALUE = frozenset(
    "none null nil true false undefined string text str password passwd pwd required optional "
    "hidden redacted changeme incorrect correct wrong invalid valid expired missing forgotten "
    "forgot reset unknown blank empty same default protected encrypted secure strong weak secret "
    "token".split()
)


def find_secrets(text: str) -> Iterator[Span]:
    """Yield where keys, tokens, passwords and private keys stand in a text; spans may overlap.

    A password is found by the label before it ("password: …", "api_key=…", "my PIN is …") and only
    when what follows looks like one, so that "the password is wrong" is left alone.
    """
    if _TOKEN_HINT.search(text) is not None:
        for match in _FORMATS.finditer(text):
            yield match.span()
    if _LABEL_HINT.search(text.lower()) is None:
        return
    for match in _PEM.finditer(text):
        yield match.span()
    for match in _BEARER.finditer(text):
        yield match.span("value")
    for match in _IN_URL.finditer(text):
        yield match.span("value" if match["value"] is not None else "query")
    for match in _NUMBER_LABEL.finditer(text):
        yield match.span("pin" if match["pin"] is not None else "code")
    for match in _LABELLED.finditer(text):
        value = match["value"].rstrip(".,;:!?)]}*")
        start = match.start("value")
        if _is_secret(value, match, text[start + len(value) :]):
            yield start, start + len(value)


def _is_secret(value: str, match: re.Match[str], rest: str) -> bool:
    if len(value) < 4 or _CODE.search(value) or value.casefold() in _NO_VALUE:
        return False
    if value.casefold().startswith(("your", "my_", "my-", "example", "http://", "https://")):
        return False
    has_digit = any(character.isdigit() for character in value)
    has_symbol = any(not character.isalnum() and character not in "-_./" for character in value)
    said = match["link"].casefold().rstrip(":") in ("is", "was", "")
    if match["password"] is None:
        return has_digit and len(value) >= (12 if said else 8)
    if has_digit or (has_symbol and match["link"]):
        return True
    # A plain word is a password only where nothing follows: "password: sunflower".
    at_end = not rest.strip() or rest[0] in "\r\n" or rest[0] in "\"'`"
    return match["link"] == ":" and at_end and len(value) >= 6 and value.isascii()
