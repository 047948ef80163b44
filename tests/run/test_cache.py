"""Answers on disk: plain text only, private, never evicted, never another conversation's."""

from __future__ import annotations

import asyncio
import errno
import os
import pickle
import sqlite3
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kura_core.config import Facet
from kura_core.engines.offline import OfflineEngine
from kura_core.run.cache import CachedEngine, DiskCacheStrategy, open_cache
from kura_core.types import (
    ClusterEvidence,
    ClusterName,
    Conversation,
    ConversationSummary,
    Judgement,
    Message,
)


class Counting(OfflineEngine):
    """The offline engine, counting what it is asked."""

    def __init__(self, version: int = 1) -> None:
        self.asked: list[str] = []
        self.version = version

    def identity(self) -> dict[str, Any]:
        return {**super().identity(), "version": self.version}

    async def summarise(
        self, conversation: Conversation, facets: Sequence[Facet]
    ) -> ConversationSummary:
        self.asked.append(conversation.conversation_id)
        return await super().summarise(conversation, facets)

    async def judge(self, conversation: Conversation, request: str | None) -> Judgement:
        self.asked.append(f"judge {conversation.conversation_id}")
        return await super().judge(conversation, request)

    async def name_cluster(self, evidence: ClusterEvidence) -> ClusterName:
        self.asked.append("name")
        return await super().name_cluster(evidence)


class Detonated(Exception):
    """Raised when a crafted entry is unpickled."""


class Bomb:
    """An object whose unpickling is noticed."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _detonate, ()


def _detonate() -> None:
    raise Detonated


def conversation(conversation_id: str, text: str = "Where is my signed contract?") -> Conversation:
    return Conversation(conversation_id, [Message("user", text)], metadata={"id": conversation_id})


def summarise(engine: CachedEngine, one: Conversation, *facets: Facet) -> ConversationSummary:
    return asyncio.run(engine.summarise(one, facets))


def test_the_same_text_under_another_id_gets_its_own_id(tmp_path: Path) -> None:
    counting = Counting()
    engine = CachedEngine(counting, DiskCacheStrategy(tmp_path))
    first, second = summarise(engine, conversation("a")), summarise(engine, conversation("b"))
    assert counting.asked == ["a"]
    assert (first.conversation_id, second.conversation_id) == ("a", "b")
    assert first.summary == second.summary
    assert engine.name == "offline"


def test_another_text_engine_or_facet_is_asked_anew(tmp_path: Path) -> None:
    cache = DiskCacheStrategy(tmp_path)
    first, other = Counting(), Counting(version=2)
    summarise(CachedEngine(first, cache), conversation("a"))
    summarise(CachedEngine(first, cache), conversation("a", "Export my data"))
    summarise(CachedEngine(first, cache), conversation("a"), Facet(name="tone", question="Tone?"))
    summarise(CachedEngine(other, cache), conversation("a"))
    assert (len(first.asked), len(other.asked)) == (3, 1)


def test_answers_outlive_the_process(tmp_path: Path) -> None:
    cache = DiskCacheStrategy(str(tmp_path))
    before = summarise(CachedEngine(Counting(), cache), conversation("a"))
    cache.close()
    counting = Counting()
    after = summarise(CachedEngine(counting, DiskCacheStrategy(tmp_path)), conversation("a"))
    assert counting.asked == []
    assert after == before


def test_names_are_kept_by_their_evidence(tmp_path: Path) -> None:
    counting = Counting()
    engine = CachedEngine(counting, DiskCacheStrategy(tmp_path))
    summary = summarise(engine, conversation("a"))
    evidence = ClusterEvidence(members=[summary], keywords=[("contract", 1.0)], size=1)
    names = {asyncio.run(engine.name_cluster(evidence)).name for _ in range(2)}
    asyncio.run(engine.aclose())
    assert len(names) == 1
    assert counting.asked == ["a", "name"]


def test_judgements_are_kept_by_content_request_and_what_a_judge_is_asked(tmp_path: Path) -> None:
    class OtherJudge(Counting):
        def judge_identity(self) -> dict[str, Any]:
            return {"judge": "other"}

    cache, counting, other = DiskCacheStrategy(tmp_path), Counting(), OtherJudge()
    engine = CachedEngine(counting, cache)
    first = asyncio.run(engine.judge(conversation("a"), "find it"))
    second = asyncio.run(engine.judge(conversation("b"), "find it"))
    assert counting.asked == ["judge a"]
    assert (first.conversation_id, second.conversation_id) == ("a", "b")
    assert (first.outcome, first.dissatisfaction) == (second.outcome, second.dissatisfaction)
    assert isinstance(second.dissatisfaction, tuple)
    asyncio.run(engine.judge(conversation("a"), "delete it"))
    asyncio.run(engine.judge(conversation("a", "Export my data"), "find it"))
    assert counting.asked[1:] == ["judge a", "judge a"]
    changed = CachedEngine(other, cache)
    summarise(engine, conversation("a"))
    asyncio.run(changed.judge(conversation("a"), "find it"))
    summarise(changed, conversation("a"))
    assert (counting.asked[-1], other.asked) == ("a", ["judge a"])
    assert changed.usage().cached == 1


def test_a_crafted_entry_is_never_unpickled(tmp_path: Path) -> None:
    cache = DiskCacheStrategy(tmp_path)
    cache.set("key", "text")
    bomb = pickle.dumps(Bomb())
    with pytest.raises(Detonated):
        pickle.loads(bomb)
    with sqlite3.connect(tmp_path / "cache.db") as database:
        changed = database.execute(
            "UPDATE Cache SET mode = 4, value = ?, filename = NULL", (sqlite3.Binary(bomb),)
        )
        assert changed.rowcount == 1
    assert cache.get("key") is None
    (tmp_path / "bomb.val").write_bytes(bomb)
    with sqlite3.connect(tmp_path / "cache.db") as database:
        database.execute("UPDATE Cache SET value = NULL, filename = 'bomb.val'")
    assert cache.get("key") is None


def test_only_text_is_kept(tmp_path: Path) -> None:
    cache = DiskCacheStrategy(tmp_path)
    value: Any = {"a": 1}
    with pytest.raises(TypeError, match="text only"):
        cache.set("key", value)


@pytest.mark.parametrize("damaged", ["{", "[1]", '{"another": "form"}', "null"])
def test_a_damaged_answer_is_made_again(damaged: str, tmp_path: Path) -> None:
    cache, counting = DiskCacheStrategy(tmp_path), Counting()
    engine = CachedEngine(counting, cache)
    before = summarise(engine, conversation("a"))
    with sqlite3.connect(tmp_path / "cache.db") as database:
        database.execute("UPDATE Cache SET value = ?", (damaged,))
    assert summarise(engine, conversation("a")) == before
    assert summarise(engine, conversation("a")) == before
    assert counting.asked == ["a", "a"]


def test_a_damaged_cache_is_said_and_begun_anew(tmp_path: Path) -> None:
    DiskCacheStrategy(tmp_path).close()
    (tmp_path / "cache.db").write_bytes(b"no database at all, but long enough to look at" * 100)
    with pytest.warns(UserWarning, match="damaged"):
        cache = DiskCacheStrategy(tmp_path)
    cache.set("key", "text")
    assert cache.get("key") == "text"
    assert (tmp_path / "cache.db.damaged").exists()


def test_an_answer_that_cannot_be_kept_is_not_lost(tmp_path: Path) -> None:
    cache, counting = DiskCacheStrategy(tmp_path), Counting()
    with sqlite3.connect(tmp_path / "cache.db") as database:
        database.execute("DROP TABLE Cache")
    with pytest.warns(UserWarning) as told:
        summary = summarise(CachedEngine(counting, cache), conversation("a"))
    said = [str(warning.message) for warning in told]
    assert ["cannot be read" in said[0], "cannot be kept" in said[1]] == [True, True]
    assert summary.conversation_id == "a"


def test_only_the_owner_may_read_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "cache"
    DiskCacheStrategy(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (tmp_path / "open").mkdir(mode=0o755)
    DiskCacheStrategy(tmp_path / "open")
    assert stat.S_IMODE((tmp_path / "open").stat().st_mode) == 0o700


def test_nothing_is_ever_evicted(tmp_path: Path) -> None:
    cache = DiskCacheStrategy(tmp_path)
    with sqlite3.connect(tmp_path / "cache.db") as database:
        policy = database.execute("SELECT value FROM Settings WHERE key = 'eviction_policy'")
        assert policy.fetchone() == ("none",)
        database.execute("UPDATE Settings SET value = 4096 WHERE key = 'size_limit'")
    cache.close()
    cache = DiskCacheStrategy(tmp_path)
    for number in range(60):
        cache.set(f"key {number}", "x" * 2_000)
    assert all(cache.get(f"key {number}") for number in range(60))


def test_a_full_disk_is_said_once_and_what_was_kept_before_is_there(tmp_path: Path) -> None:
    told: list[str] = []
    cache, counting = DiskCacheStrategy(tmp_path, told.append), Counting()
    engine = CachedEngine(counting, cache)
    before = summarise(engine, conversation("a"))
    pages = cache._cache._sql("PRAGMA page_count").fetchone()[0]
    cache._cache._sql(f"PRAGMA max_page_count = {pages}")
    for number in range(20):
        summarise(engine, conversation("b", f"Where is contract {number}? " + "x" * 4_000))
    assert [text for text in told if "disk is full" in text] == told
    assert len(told) == 1 and "choose another folder" in told[0]
    assert summarise(engine, conversation("a")) == before
    assert len(counting.asked) == 21
    cache._cache._sql("PRAGMA max_page_count = 1000000")
    cache.set("key", "text")
    assert cache.get("key") == "text"


def test_a_large_answer_that_does_not_fit_on_the_disk_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    cache = DiskCacheStrategy(tmp_path, told.append)

    def full(*given: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("diskcache.core.Disk._write", full)
    cache.set("key", "x" * 100_000)  # so large that it gets a file of its own
    assert len(told) == 1 and "No space left on device" in told[0]
    assert cache.get("key") is None


def test_a_cache_that_breaks_while_it_is_used_is_said_and_costs_only_answers(
    tmp_path: Path,
) -> None:
    told: list[str] = []
    cache, counting = DiskCacheStrategy(tmp_path, told.append), Counting()
    engine = CachedEngine(counting, cache)
    summarise(engine, conversation("a"))
    cache._cache.close()
    for path in tmp_path.glob("cache.db*"):
        path.write_bytes(b"no database any more, but long enough to look at it" * 400)
    for name in ("a", "b", "c"):
        assert summarise(engine, conversation(name)).conversation_id == name
    assert 1 <= len(told) <= 4
    again = DiskCacheStrategy(tmp_path, told.append)
    assert "begun anew" in told[-1]
    again.set("key", "text")
    assert again.get("key") == "text"


def test_a_folder_that_cannot_be_used_is_told_and_there_is_no_cache(tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / "file").write_text("")
    assert open_cache(tmp_path / "file" / "cache", told.append) is None
    assert len(told) == 1
    assert "going on without" in told[0]
