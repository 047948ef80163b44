"""What a model answered, kept by the exact request, so that nothing is paid for twice."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from kura_core.engines.provider import Reply, Request


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

        Of equal requests at the same time one is sent; the others get its reply, or its error.
        """
        while (awaited := self._awaited.get(key)) is not None:
            await asyncio.wait([awaited])
            if not awaited.cancelled():
                return awaited.result(), True
        kept = _reply_of(self.cache.get(key))
        if kept is not None:
            return kept, True
        future = self._awaited[key] = asyncio.get_running_loop().create_future()
        try:
            reply = await ask()
        except asyncio.CancelledError:
            future.cancel()  # whoever waits for it asks anew
            raise
        except BaseException as error:
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


def _reply_of(kept: str | None) -> Reply | None:
    """Rebuild a reply; None where there is none or it is damaged and must be asked for again."""
    try:
        text, cut_off = json.loads(kept) if kept else (None, False)
    except (ValueError, TypeError):
        return None
    return Reply(text, 0, 0, bool(cut_off)) if isinstance(text, str) else None
