"""How a server wants to be asked: found out by a tiny question, learnt from refusals, and kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from kura_core.engines.answers import AnswerError, Form, make_form
from kura_core.engines.failures import CallFailed
from kura_core.engines.kept_answers import AnswerCache, finding, found_out
from kura_core.engines.provider import Dialect, Provider, Reply, Request, simpler
from kura_core.errors import ConversationError

# Raised when what an entry of the cache means changes.
_VERSION = 1
# Whether a schema is kept to shows only where the words do not say which fields there are.
_BARE = "Answer the question in JSON."
_TOLD = "Answer the question with one JSON object and nothing else. Its fields:\n"
_QUESTION = "Is snow white?"
# An error inside the server may be its way to refuse: a chat template without a system's message.
_INSIDE = 500

Ask = Callable[[Request, Dialect], Awaitable[Reply]]


@dataclass(slots=True, frozen=True)
class Found:
    """How a server is asked from now on, and whether its answer had the form asked for."""

    dialect: Dialect
    fits: bool = True

    @property
    def sentence(self) -> str:
        """What to tell of it."""
        if not self.fits:
            return (
                "However it was asked, its answer to a small question had not the form that is "
                "needed, so many conversations may fail. Another model may do better."
            )
        return {
            "schema": "It keeps to a form.",
            "tool": "It takes no schema: answers are asked for as a tool's input and checked.",
            "object": "It takes no schema: answers are asked for as JSON and checked.",
            "text": "It takes no schema: answers are asked for in words, repaired and checked.",
        }[self.dialect.shape]


async def find_wording(provider: Provider, ask: Ask) -> Found:
    """Ask a tiny question in simpler and simpler ways until the answer has the form asked for.

    A server may refuse a way of asking, or take it and pay no heed. Raises what `ask` raises where
    no way of asking is answered.
    """
    dialect: Dialect | None = Dialect(provider.shapes[0])
    answered: Dialect | None = None
    refusal: CallFailed | ConversationError | None = None
    tried: set[Dialect] = set()
    while dialect is not None:
        tried.add(dialect)
        try:
            if await _fits(ask, dialect):
                return Found(await _strictest(provider, ask, dialect, tried))
        except (CallFailed, ConversationError) as error:
            refusal = error
            dialect = simpler(dialect, _refused(error), provider)
        else:
            answered = dialect
            dialect = _next_shape(dialect, provider)
    if answered is not None:
        return Found(answered, fits=False)
    assert refusal is not None
    raise refusal


@dataclass(slots=True)
class Wording:
    """How one server is asked for one model's answers: the first way that it takes.

    `key` is what the way is kept under in `cache`, so that later runs begin with it. Once a form
    was answered a refusal is about the text, unless it says otherwise.
    """

    provider: Provider
    key: str
    cache: AnswerCache | None = None
    dialect: Dialect | None = None
    _looked: bool = field(default=False, init=False)
    _answered: set[str] = field(default_factory=set, init=False)

    def known(self) -> Dialect | None:
        """Return how the server is asked, as far as that was found out, now or in earlier runs."""
        if self.dialect is None and not self._looked and self.cache is not None:
            self._looked = True
            self.dialect = _dialect_of(self.cache.get(self.key), self.provider)
        return self.dialect

    def first(self) -> Dialect:
        """Return the way to ask with: the one that is known, else the one that binds most."""
        return self.known() or Dialect(self.provider.shapes[0])

    def take(self, dialect: Dialect) -> None:
        """Ask in this way from now on, and keep that for later runs."""
        self.dialect = dialect
        self._answered.clear()
        if self.cache is not None:
            kept = {"shape": dialect.shape, "without": sorted(dialect.without)}
            self.cache.set(self.key, finding("dialect", kept))

    def after(self, failed: CallFailed, form: str, dialect: Dialect) -> Dialect | None:
        """Return how to ask for a form after a refusal; None where it is about the text."""
        if form in self._answered and not failed.about_wording:
            return None
        return simpler(dialect, failed, self.provider)

    def understood(self, form: str, dialect: Dialect, *, walked: bool) -> None:
        """Remember that a form was answered; one that was refused before is asked so from now."""
        if walked and dialect != self.dialect:
            self.take(dialect)
        elif self.dialect is None:
            self.dialect = dialect
        if dialect == self.dialect:
            self._answered.add(form)


def wording_key(provider: str, base_url: str, model: str) -> str:
    """Digest what the way of asking depends on."""
    parts = json.dumps(["wording", _VERSION, provider, base_url, model])
    return hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()


async def _fits(ask: Ask, dialect: Dialect) -> bool:
    form = _form()
    told = dialect.shape in ("object", "text")
    system = _TOLD + form.description if told else _BARE
    reply = await ask(Request(system, _QUESTION, form.name, form.schema), dialect)
    try:
        form.read(reply.text, lenient=False)
    except AnswerError:
        return False
    return True


async def _strictest(
    provider: Provider, ask: Ask, dialect: Dialect, tried: set[Dialect]
) -> Dialect:
    """Return the way that binds most: what was refused with an option may do without it."""
    for shape in provider.shapes[: list(provider.shapes).index(dialect.shape)]:
        candidate = Dialect(shape, dialect.without)
        if candidate in tried:
            continue
        try:
            if await _fits(ask, candidate):
                return candidate
        except (CallFailed, ConversationError) as error:
            _refused(error)
    return dialect


def _refused(error: CallFailed | ConversationError) -> CallFailed:
    """Return the refusal of a way of asking; raises what is none."""
    failed = error if isinstance(error, CallFailed) else error.__cause__
    if not isinstance(failed, CallFailed):
        raise error
    if failed.kind == "transient" and failed.status != _INSIDE:
        raise error
    return failed


def _next_shape(dialect: Dialect, provider: Provider) -> Dialect | None:
    place = list(provider.shapes).index(dialect.shape) + 1
    if place == len(provider.shapes):
        return None
    return Dialect(provider.shapes[place], dialect.without)


@cache
def _form() -> Form:
    fields = {"verdict": (Literal["so", "not so"], ...)}
    return make_form("check", '- verdict: "so" or "not so"\n', fields)


def _dialect_of(kept: str | None, provider: Provider) -> Dialect | None:
    """Rebuild a way of asking; None for one that this provider does not know."""
    found = found_out(kept, "dialect")
    if not isinstance(found, dict) or not isinstance(found.get("without"), list):
        return None
    without = frozenset(found["without"])
    if found.get("shape") not in provider.shapes or not without <= set(provider.options):
        return None
    return Dialect(found["shape"], without)
