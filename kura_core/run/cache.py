"""An engine's answers on disk, keyed by all they were made from, never evicted."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

import diskcache
import orjson

from kura_core.config import Facet
from kura_core.engines.kept_answers import AnswerCache
from kura_core.engines.protocol import Engine
from kura_core.engines.spending import Spending
from kura_core.run.fingerprint import digest
from kura_core.run.items import (
    judgement_item,
    judgement_of,
    screen_item,
    screen_of,
    summary_item,
    summary_of,
)
from kura_core.types import (
    ClusterEvidence,
    ClusterName,
    Conversation,
    ConversationSummary,
    Judgement,
    Usage,
)

# The mode under which diskcache keeps a pickled value.
_PICKLE = 4

Answer = TypeVar("Answer")


@runtime_checkable
class KeepsAnswers(Protocol):
    """An engine that keeps what it is told itself, by the single request."""

    def keeping(self, cache: AnswerCache) -> Engine:
        """Return the engine as one that looks into a cache before it asks."""
        ...


def keeping(engine: Engine, cache: AnswerCache) -> Engine:
    """Return an engine that keeps its answers in a cache: by request where it can, else whole."""
    if isinstance(engine, KeepsAnswers):
        return engine.keeping(cache)
    return CachedEngine(engine, cache)


class _PlainDisk(diskcache.Disk):
    """Stores and reads plain text only: an entry someone crafted is never unpickled."""

    def store(self, value: Any, read: bool, key: Any = diskcache.UNKNOWN) -> Any:
        if not isinstance(value, str):
            raise TypeError(f"got {type(value).__name__}; the cache keeps text only")
        return super().store(value, read, key)

    def fetch(self, mode: int, filename: Any, value: Any, read: bool) -> Any:
        if mode == _PICKLE:
            raise KeyError("an entry that is not plain text")
        return super().fetch(mode, filename, value, read)

    def get(self, key: Any, raw: bool) -> Any:
        return key if raw else None


class DiskCacheStrategy:
    """Keeps engine answers in a folder that only its owner may read.

    A damaged cache or a full disk is told of once, by a warning unless `tell` is given, and costs
    only that answers are made again.
    """

    def __init__(self, cache_dir: str | Path, tell: Callable[[str], None] | None = None) -> None:
        folder = Path(cache_dir)
        self._tell = tell
        self._told: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        try:
            self._cache = _open(folder)
        except sqlite3.DatabaseError as error:
            self._say(
                f"The cache in {folder} is damaged ({error}) and begun anew; what it held is kept "
                "beside it as cache.db.damaged."
            )
            (folder / "cache.db").replace(folder / "cache.db.damaged")
            for rest in folder.glob("cache.db-*"):
                rest.unlink()
            self._cache = _open(folder)

    def get(self, key: str) -> str | None:
        """Return the text kept under a key, or None; an entry that is not text counts as none."""
        try:
            value = self._cache.get(key)
        except KeyError:
            return None
        except (sqlite3.DatabaseError, diskcache.Timeout, OSError) as error:
            self._say(f"Kept answers cannot be read ({error}): asking again.")
            return None
        return value if isinstance(value, str) else None

    def set(self, key: str, value: str) -> None:
        """Keep a text under a key."""
        try:
            self._cache.set(key, value)
        except (sqlite3.DatabaseError, diskcache.Timeout, OSError) as error:
            self._say(
                f"Answers cannot be kept ({error}): going on. This run's result will hold them, "
                "but another run would pay for them again. Free some space, or choose another "
                "folder for kept answers."
            )

    def close(self) -> None:
        """Close the cache's files."""
        self._cache.close()

    def _say(self, text: str) -> None:
        if text in self._told:
            return
        self._told.add(text)
        if self._tell is not None:
            self._tell(text)
        else:
            warnings.warn(text, stacklevel=3)


def open_cache(folder: Path, tell: Callable[[str], None]) -> DiskCacheStrategy | None:
    """Open a cache; where its folder cannot be used this is told, and there is none."""
    try:
        return DiskCacheStrategy(folder, tell)
    except (OSError, sqlite3.DatabaseError, diskcache.Timeout) as error:
        tell(
            f"Answers cannot be kept in {folder} ({error}): going on without. Choose another "
            "folder for kept answers, or another run will pay for them again."
        )
        return None


def _open(folder: Path) -> diskcache.Cache:
    return diskcache.Cache(str(folder), disk=_PlainDisk, eviction_policy="none")


@dataclass(slots=True, frozen=True)
class CachedEngine:
    """An engine that asks the cache first; an answer never carries another conversation's id."""

    engine: Engine
    cache: AnswerCache
    answers: Usage = field(default_factory=Usage)

    @property
    def name(self) -> str:
        """The name of the engine behind the cache."""
        return self.engine.name

    def identity(self) -> dict[str, Any]:
        """What answers depend on: the engine, not the cache."""
        return self.engine.identity()

    def name_identity(self) -> dict[str, Any]:
        """What names depend on: the engine, not the cache."""
        return self.engine.name_identity()

    def spend_within(self, spending: Spending) -> None:
        """Count the calls of the engine behind the cache, and keep them within the budget."""
        self.engine.spend_within(spending)

    def judge_identity(self) -> dict[str, Any]:
        """What judgements depend on: the engine, not the cache."""
        return self.engine.judge_identity()

    def screen_identity(self) -> dict[str, Any]:
        """What screens depend on: the engine, not the cache."""
        return self.engine.screen_identity()

    def usage(self) -> Usage:
        """What the engine behind has spent, and how many answers the cache gave instead."""
        return replace(self.engine.usage(), cached=self.answers.cached)

    async def check(self) -> None:
        """Check the engine behind the cache."""
        await self.engine.check()

    async def screen(self, conversation: Conversation, facet: Facet) -> bool | None:
        """Answer a yes/no facet, or return what is kept for the same messages and facet."""
        key = digest(
            "screen", self.screen_identity(), facet.model_dump(), *_content(conversation)
        )
        kept = _rebuilt(self.cache.get(key), lambda item: (screen_of(item),))
        if kept is not None:
            self.answers.cached += 1
            return kept[0]
        answer = await self.engine.screen(conversation, facet)
        self.cache.set(key, orjson.dumps(screen_item(answer)).decode())
        return answer

    async def summarise(
        self, conversation: Conversation, facets: Sequence[Facet]
    ) -> ConversationSummary:
        """Summarise a conversation, or return the kept summary of one with the same messages."""
        key = digest(
            "summary",
            self.identity(),
            [facet.model_dump() for facet in facets],
            *_content(conversation),
        )
        summary = _rebuilt(self.cache.get(key), summary_of)
        if summary is None:
            summary = await self.engine.summarise(conversation, facets)
            self.cache.set(key, orjson.dumps(summary_item(summary)).decode())
        else:
            self.answers.cached += 1
        return replace(summary, conversation_id=conversation.conversation_id)

    async def judge(self, conversation: Conversation, request: str | None) -> Judgement:
        """Judge a conversation, or return what is kept for the same messages and request."""
        key = digest("judgement", self.judge_identity(), request, *_content(conversation))
        judgement = _rebuilt(self.cache.get(key), judgement_of)
        if judgement is None:
            judgement = await self.engine.judge(conversation, request)
            self.cache.set(key, orjson.dumps(judgement_item(judgement)).decode())
        else:
            self.answers.cached += 1
        return replace(judgement, conversation_id=conversation.conversation_id)

    async def name_cluster(self, evidence: ClusterEvidence) -> ClusterName:
        """Name a cluster, or return the name kept for the same evidence."""
        key = digest("name", self.name_identity(), evidence)
        name = _rebuilt(self.cache.get(key), lambda item: ClusterName(**item))
        if name is None:
            name = await self.engine.name_cluster(evidence)
            self.cache.set(key, orjson.dumps(asdict(name)).decode())
        else:
            self.answers.cached += 1
        return name

    async def aclose(self) -> None:
        """Close the engine behind the cache."""
        await self.engine.aclose()


def _content(conversation: Conversation) -> tuple[Any, ...]:
    messages = [(message.role, message.content) for message in conversation.messages]
    return messages, conversation.truncated


def _rebuilt(kept: str | None, build: Callable[[dict[str, Any]], Answer]) -> Answer | None:
    """Return a kept answer, or None where there is none or it is damaged and must be made again."""
    try:
        return build(orjson.loads(kept)) if kept is not None else None
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return None
