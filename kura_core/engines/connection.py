"""Whether a provider can be used, found out before anything is spent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kura_core.config import RunConfig
from kura_core.engines.calls import Calls, Patience
from kura_core.engines.endpoint import Endpoint, find_endpoint
from kura_core.engines.failures import CallFailed
from kura_core.engines.provider import Dialect, Provider, Request, simpler
from kura_core.engines.providers import DEFAULT_MODELS, make_provider
from kura_core.errors import ConfigError, ConversationError, EngineError

SECONDS = 15.0
_SHOWN_MODELS = 5
_BRIEF = Patience(tries=4, seconds=SECONDS, timeout=SECONDS)
_TINY = Request("Answer in one word.", "Say yes.", "check", None, longest=16)
_RELEASE = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8}|latest)")


@dataclass(slots=True, frozen=True)
class Connection:
    """What a test of the connection found, in a sentence, and the models that are on offer."""

    ok: bool
    text: str
    models: tuple[str, ...] = ()


async def check_connection(config: RunConfig, key: str | None = None) -> Connection:
    """Test the engine of a configuration with this key, or else the environment's.

    Never raises for a server, key or model that cannot be used: `text` says what is wrong and what
    to do. Costs nothing where the server lists the model, else one tiny call.
    """
    if config.engine == "offline":
        return Connection(True, "The offline engine needs no key and no connection.")
    try:
        keys: dict[str, str] = {config.engine: key} if key else {}
        endpoint = find_endpoint(config.engine, config.base_url, keys)
    except (EngineError, ConfigError) as error:
        return Connection(False, str(error))
    model = config.model or DEFAULT_MODELS[config.engine]
    provider = make_provider(endpoint, model, SECONDS)
    calls = Calls(endpoint, 1, None)
    try:
        models = await check_model(provider, calls, model)
    except EngineError as error:
        return Connection(False, str(error))
    finally:
        await provider.aclose()
    title = endpoint.title
    return Connection(True, f"{title[0].upper()}{title[1:]} answers; {model} can be used.", models)


async def check_model(provider: Provider, calls: Calls, model: str) -> tuple[str, ...]:
    """Return the models a server lists. Raises EngineError when this one cannot be used.

    A server that lists no models, or others, is asked one tiny call before it is refused.
    """
    listed = await _listed(provider, calls)
    if not _is_listed(model, listed):
        await _ask_once(provider, calls, model, listed)
    return listed


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


async def _ask_once(provider: Provider, calls: Calls, model: str, listed: Sequence[str]) -> None:
    dialect = Dialect("text")
    while True:
        try:
            await calls.send(partial(provider.complete, _TINY, dialect), patience=_BRIEF)
            return
        except CallFailed as failed:
            next_one = simpler(dialect, failed, provider)
            if next_one is None:
                raise EngineError(calls.explain(failed)) from failed
            dialect = next_one
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
