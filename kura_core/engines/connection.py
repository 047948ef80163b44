"""Whether a provider can be used, found out before anything is spent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from kura_core.config import RunConfig
from kura_core.engines.calls import Calls, Patience
from kura_core.engines.endpoint import Endpoint, find_endpoint
from kura_core.engines.failures import CallFailed
from kura_core.engines.provider import Dialect, Provider, Reply, Request, simpler
from kura_core.engines.providers import DEFAULT_MODELS, make_provider
from kura_core.engines.wording import Ask, Found, Wording, find_wording
from kura_core.errors import ConfigError, ConversationError, EngineError

SECONDS = 15.0
_SHOWN_MODELS = 5
# A server of one's own may first have to load the model, which takes longer than a call.
_BRIEF = Patience(tries=4, seconds=120.0, timeout=60.0)
_TINY = Request("Answer in one word.", "Say yes.", "check", None, longest=16)
_RELEASE = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8}|latest)")

Answer = TypeVar("Answer")


@dataclass(slots=True, frozen=True)
class Connection:
    """What a test of the connection found, in a sentence, and the models that are on offer."""

    ok: bool
    text: str
    models: tuple[str, ...] = ()


async def check_connection(config: RunConfig, key: str | None = None) -> Connection:
    """Test the engine of a configuration with this key, or else the environment's.

    Never raises for a server, key or model that cannot be used: `text` says what is wrong and what
    to do, else how the server will be asked. A provider's own server costs nothing where it lists
    the model, else one tiny call; any other is asked at least one.
    """
    if config.engine == "offline":
        return Connection(True, "The offline engine needs no key and no connection.")
    try:
        keys: dict[str, str] = {config.engine: key} if key else {}
        endpoint = find_endpoint(config.engine, config.base_url, keys)
    except (EngineError, ConfigError) as error:
        return Connection(False, str(error))
    reader = config.model or DEFAULT_MODELS[config.engine]
    models: tuple[str, ...] = ()
    said: list[str] = []
    for model in dict.fromkeys((reader, config.name_model or reader)):
        provider = make_provider(endpoint, model, _BRIEF.timeout)
        wording = Wording(provider, "")
        try:
            checked = await check_model(provider, Calls(endpoint, 1, None), model, wording)
        except EngineError as error:
            return Connection(False, str(error), models)
        finally:
            await provider.aclose()
        models = checked.models
        title = endpoint.title[0].upper() + endpoint.title[1:]
        said.append(
            f"{model}, for names, can be used too."
            if said
            else f"{title} answers; {model} can be used."
        )
        if checked.found is not None:
            said.append(checked.found.sentence)
    return Connection(True, " ".join(said), models)


@dataclass(slots=True, frozen=True)
class Checked:
    """The models a server lists, and how it is to be asked if that was found out just now."""

    models: tuple[str, ...]
    found: Found | None = None


Room = Callable[[Request, Dialect], AbstractAsyncContextManager[None]]


async def check_model(
    provider: Provider,
    calls: Calls,
    model: str,
    wording: Wording,
    room: Room = lambda request, dialect: nullcontext(),
) -> Checked:
    """Find out whether a model can be used. Raises EngineError when it can't.

    A provider's own server that lists no models, or others, is asked one tiny call before it is
    refused. Of any other it is found out, unless that is known, how it wants to be asked, which
    `wording` takes over. Every call is made within its `room`.
    """
    listed = await _listed(provider, calls)

    async def ask(request: Request, dialect: Dialect) -> Reply:
        async with room(request, dialect):
            attempt = partial(provider.complete, request, dialect)
            return await calls.send(attempt, patience=_BRIEF)

    if not calls.endpoint.is_providers and wording.known() is None:
        found = await _or_said(find_wording(provider, ask), calls, model, listed)
        if found.fits:
            wording.take(found.dialect)
        else:  # worth another look by the next run
            wording.dialect = found.dialect
        return Checked(listed, found)
    if not _is_listed(model, listed):
        await _or_said(_ask_once(provider, ask, wording), calls, model, listed)
    return Checked(listed)


async def _listed(provider: Provider, calls: Calls) -> tuple[str, ...]:
    try:
        async with asyncio.timeout(SECONDS):
            return tuple(await provider.models())
    except TimeoutError as error:
        late = CallFailed("transient", "timed out.")
        raise EngineError(_unreachable(calls.endpoint, late)) from error
    except CallFailed as failed:
        if failed.status == 401:
            raise EngineError(calls.explain(failed)) from failed
        if failed.status is None and not failed.unreadable:
            raise EngineError(_unreachable(calls.endpoint, failed)) from failed
        return ()  # a server may answer questions and list nothing


async def _ask_once(provider: Provider, ask: Ask, wording: Wording) -> None:
    dialect = replace(wording.first(), shape="text")
    while True:
        try:
            await ask(_TINY, dialect)
            return
        except CallFailed as failed:
            next_one = simpler(dialect, failed, provider)
            if next_one is None:
                raise
            dialect = next_one


async def _or_said(
    work: Awaitable[Answer], calls: Calls, model: str, listed: Sequence[str]
) -> Answer:
    """Wait for tiny calls; what became of them is said as what is wrong with key or model."""
    try:
        return await work
    except CallFailed as failed:
        raise EngineError(calls.explain(failed)) from failed
    except ConversationError as error:
        last = error.__cause__
        if isinstance(last, CallFailed) and last.status is None:
            raise EngineError(_unreachable(calls.endpoint, last)) from error
        raise EngineError(str(error)) from error
    except EngineError as error:
        failed_call = error.__cause__
        if isinstance(failed_call, CallFailed) and failed_call.status in (401, 402, 429):
            raise
        shown = ", ".join(listed[:_SHOWN_MODELS])
        rest = len(listed) - _SHOWN_MODELS
        more = f" and {rest} more" if rest > 0 else ""
        offers = f" It lists {shown}{more}." if listed else ""
        raise EngineError(f"The model {model!r} cannot be used. {error}{offers}") from error


def _is_listed(model: str, listed: Sequence[str]) -> bool:
    names = {name.removeprefix("models/") for name in listed}
    wanted = model.removeprefix("models/")
    return wanted in names or any(
        name.startswith(wanted) and _RELEASE.fullmatch(name[len(wanted) :]) for name in names
    )


def _unreachable(endpoint: Endpoint, failed: CallFailed) -> str:
    """Say why a server was not reached, as far as the network's own words tell."""
    said = endpoint.without_key(failed.message).rstrip(".") + "."
    low = said.lower()
    where = endpoint.public_url
    if "certificate" in low:
        return (
            f"{where} was reached, but its certificate is not trusted: {said} Behind a proxy that "
            "opens connections, set SSL_CERT_FILE to the file with its certificate."
        )
    if "ssl" in low:
        return (
            f"{where} was reached, but makes no secure connection: {said} Write http:// instead of "
            "https:// for a server of your own."
        )
    if "proxy" in low:
        return f"The proxy between here and {where} refused: {said} Check HTTPS_PROXY and NO_PROXY."
    if "name or service" in low or "nodename" in low or "getaddrinfo" in low or "resol" in low:
        return f"No server has the name in {where}: {said} Check the base URL and the network."
    if failed.unreadable:
        end = "it ends in /v1" if endpoint.provider == "openai" else "it ends without /v1"
        return (
            f"{where} answers, but not as an API does: {said} Check the base URL; for most servers "
            f"of this kind {end}."
        )
    if "timed out" in low or "seconds" in low:
        return (
            f"{where} did not answer in {SECONDS:g} seconds: {said} Check the base URL, the "
            "network and whether the server runs."
        )
    return f"{where} cannot be reached: {said} Check the base URL, and whether the server runs."
