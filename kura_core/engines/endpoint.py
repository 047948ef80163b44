"""Where a provider's models are reached, with which key, and keeping that key out of sight."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from kura_core.errors import ConfigError, EngineError

KEY_VARIABLES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
_URL_VARIABLES = {"openai": "OPENAI_BASE_URL", "anthropic": "ANTHROPIC_BASE_URL"}
_OWN_URLS = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
_TITLES = {"openai": "OpenAI", "anthropic": "Anthropic"}
# What is sent to a server of one's own that asks for no key: the SDKs insist on one.
NO_KEY = "none"
_KEY_SHAPE = re.compile(r"\b(?:sk|key|pk)-[A-Za-z0-9_*.-]{8,}|\bBearer\s+\S+", re.IGNORECASE)


@dataclass(slots=True, frozen=True)
class Endpoint:
    """A provider's address and key; the key shows in no repr."""

    provider: str
    base_url: str
    key: str = field(repr=False)

    @property
    def is_providers(self) -> bool:
        """Whether this is the provider's own address, and no other server's."""
        return self.base_url == _OWN_URLS[self.provider]

    @property
    def title(self) -> str:
        """What to call the server in a sentence."""
        return _TITLES[self.provider] if self.is_providers else f"the server at {self.public_url}"

    @property
    def public_url(self) -> str:
        """The address without what may be secret in it: a password, a query."""
        parts = urlsplit(self.base_url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))

    def without_key(self, text: str) -> str:
        """Return a text with this key, and whatever else looks like one, made unreadable."""
        if len(self.key) > len(NO_KEY):
            text = text.replace(self.key, "[key]")
        return _KEY_SHAPE.sub("[key]", text)


def find_endpoint(
    provider: str, base_url: str | None = None, keys: Mapping[str, str] | None = None
) -> Endpoint:
    """Find a provider's address and key: given, else from the environment's own variables.

    A server of one's own needs no key. Raises EngineError where a key is needed and none is set,
    ConfigError for an address that is none.
    """
    address = (base_url or os.environ.get(_URL_VARIABLES[provider]) or "").strip()
    address = address.rstrip("/") or _OWN_URLS[provider]
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            f"Got the base URL {address!r}; needed is an address that begins with http:// or "
            'https://, for instance "http://localhost:11434/v1". Correct the base URL.'
        )
    variable = KEY_VARIABLES[provider]
    key = ((keys or {}).get(provider) or os.environ.get(variable) or "").strip()
    if not key and address == _OWN_URLS[provider]:
        raise EngineError(
            f"The engine {provider!r} needs a key and none is set. Set the environment variable "
            f"{variable}, or enter the key on the Pipeline page; the engine offline needs none."
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise EngineError(
            f"The key for {_TITLES[provider]} holds characters that no key has. Copy it again, "
            "without quotes, spaces or line breaks."
        )
    return Endpoint(provider, address, key or NO_KEY)
