"""What the two providers have in common: a request, a reply, and how a request may be worded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from kura_core.engines.failures import SYSTEM_ROLE, CallFailed
from kura_core.engines.rate_limits import Allowance

# How an answer's form is asked for: by a schema the server keeps to, a tool that takes it, "some
# JSON object", or in words alone. Servers that speak a provider's protocol know some of these.
Shape = Literal["schema", "tool", "object", "text"]


@dataclass(slots=True, frozen=True)
class Request:
    """One question: what never changes, what it is about, and the form of the answer (if any)."""

    system: str
    user: str
    name: str
    schema: dict[str, Any] | None
    longest: int | None = None


@dataclass(slots=True, frozen=True)
class Reply:
    """What came back: the text, what it cost, and what the server says is left of its limits.

    `cut_off` says the text broke off.
    """

    text: str
    input_tokens: int
    output_tokens: int
    cut_off: bool = False
    refusal: str | None = None
    limits: tuple[Allowance, ...] = ()


@dataclass(slots=True, frozen=True)
class Dialect:
    """How requests are worded for a server: the shape, and the options it does not know."""

    shape: Shape
    without: frozenset[str] = frozenset()


# The option that instructions come in a message of their own, before the user's.
SYSTEM = "system message"


def system_text(request: Request, shape: Shape) -> str:
    """Return what never changes, with the schema in words where the server is not told it."""
    if request.schema is None or shape in ("schema", "tool"):
        return request.system
    return f"{request.system}As a JSON schema: {json.dumps(request.schema)}"


def not_an_api() -> CallFailed:
    """Return the failure of a server that answers, but with a page or with other JSON."""
    return CallFailed("transient", "what came is not an API's answer.", unreadable=True)


def parameters_of(body: dict[str, Any]) -> dict[str, Any]:
    """Return what a request's body says besides the model and the texts."""
    texts = ("model", "messages", "system")
    return {name: value for name, value in body.items() if name not in texts}


class Provider(Protocol):
    """One provider's protocol, spoken by its own SDK. Calls raise CallFailed, nothing else."""

    @property
    def shapes(self) -> Sequence[Shape]:
        """The ways to ask for an answer's form, the one that binds most first."""
        ...

    @property
    def options(self) -> Sequence[str]:
        """What a request says besides, and can do without."""
        ...

    @property
    def parameters(self) -> dict[str, Any]:
        """What a request says besides its texts, as plain JSON."""
        ...

    def body(self, request: Request, dialect: Dialect) -> dict[str, Any]:
        """Return what is sent for a request."""
        ...

    async def complete(self, request: Request, dialect: Dialect) -> Reply:
        """Send one request, once."""
        ...

    async def models(self) -> list[str]:
        """Return the names of the models on offer."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


def simpler(dialect: Dialect, failed: CallFailed, provider: Provider) -> Dialect | None:
    """Return the next simpler wording for a server that refused this one; None if there is none.

    An option that the refusal names is left out; else the next shape is tried, and at last no
    option at all.
    """
    said = f"{failed.code} {failed.details}".lower()
    known = [option for option in provider.options if option not in dialect.without]
    named = {option for option in known if option != SYSTEM and option in said}
    if SYSTEM in known and SYSTEM_ROLE.search(said):
        named.add(SYSTEM)
    if named:
        return replace(dialect, without=dialect.without | named)
    place = list(provider.shapes).index(dialect.shape) + 1
    if place < len(provider.shapes):
        return replace(dialect, shape=provider.shapes[place])
    return replace(dialect, without=dialect.without | set(known)) if known else None
