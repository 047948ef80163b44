"""What a model answered, kept by the exact request, so that nothing is paid for twice."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from kura_core.engines.failures import CallFailed
from kura_core.engines.provider import Reply, Request

# What was found out about a server is believed so long: it may be another by then.
_BELIEVED = timedelta(days=30)


class AnswerCache(Protocol):
    """Keeps JSON texts by key."""

    def get(self, key: str) -> str | None:
        """Return the text kept under a key, or None."""
        ...

    def set(self, key: str, value: str) -> None:
        """Keep a text under a key."""
        ...


@dataclass(slots=True)
class KeptAnswers:
    """Replies by request: those in the cache, and those that are being waited for."""

    cache: AnswerCache
    _awaited: dict[str, asyncio.Future[Reply]] = field(default_factory=dict, init=False)

    async def reply(self, key: str, ask: Callable[[], Awaitable[Reply]]) -> tuple[Reply, bool]:
        """Return the reply to a request, and whether it cost no call.

        Of equal requests at the same time one is sent; the others get its reply, or its error. One
        that was too long for the server is so again without a call: CallFailed.
        """
        while (awaited := self._awaited.get(key)) is not None:
            await asyncio.wait([awaited])
            if not awaited.cancelled():
                return awaited.result(), True
        text = self.cache.get(key)
        kept = _reply_of(text)
        if kept is not None:
            return kept, True
        if (said := found_out(text, "too long")) is not None:
            raise CallFailed("too long", said)
        future = self._awaited[key] = asyncio.get_running_loop().create_future()
        try:
            reply = await ask()
        except asyncio.CancelledError:
            future.cancel()  # whoever waits for it asks anew
            raise
        except BaseException as error:
            if isinstance(error, CallFailed) and error.kind == "too long":
                self.cache.set(key, finding("too long", error.message))
            future.set_exception(error)
            future.exception()  # nobody may be waiting
            raise
        else:
            if reply.refusal is None:
                self.cache.set(key, json.dumps([reply.text, reply.cut_off]))
            future.set_result(reply)
            return reply, False
        finally:
            del self._awaited[key]

    def forget(self, key: str) -> None:
        """Let a request be sent anew: its reply led to nothing."""
        self.cache.set(key, "")


def request_key(request: Request, asked: dict[str, Any]) -> str:
    """Digest all that a reply depends on: the request, and who is `asked` with which options."""
    parts = [request.system, request.user, request.name, request.schema, request.longest, asked]
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()


def finding(what: str, found: Any, today: date | None = None) -> str:
    """Write what was found out about a server as a dated entry of the cache."""
    day = today or datetime.now(UTC).date()
    return json.dumps({what: found, "on": day.isoformat()})


def found_out(kept: str | None, what: str, today: date | None = None) -> Any:
    """Read such an entry; None where there is none, or it is damaged or too old to believe."""
    try:
        entry = json.loads(kept) if kept else None
        day = date.fromisoformat(entry["on"]) if isinstance(entry, dict) else None
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(entry, dict) or day is None:
        return None
    return entry.get(what) if (today or datetime.now(UTC).date()) - day <= _BELIEVED else None


def _reply_of(kept: str | None) -> Reply | None:
    """Rebuild a reply; None where there is none or it is damaged and must be asked for again."""
    try:
        found = json.loads(kept) if kept else None
    except ValueError:
        return None
    if not isinstance(found, list) or len(found) != 2 or not isinstance(found[0], str):
        return None
    return Reply(found[0], 0, 0, bool(found[1]))
