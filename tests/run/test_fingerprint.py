"""Digests: equal for what is equal, different for whatever could change a result."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from kura_core.run.fingerprint import (
    array_digest,
    code_version,
    conversation_digest,
    digest,
    file_digest,
    files_digest,
    package_versions,
    thread_count,
)
from kura_core.types import Conversation, Message

MOMENT = datetime(2026, 1, 31, 9, tzinfo=UTC)
BASE = Conversation(
    "c1", [Message("user", "hi", MOMENT), Message("assistant", "hello")], MOMENT, "u1", {"plan": 1}
)


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": [2.5, None]}) == digest({"b": [2.5, None], "a": 1})
    assert digest("a", "b") != digest("ab") != digest(["a"], "b")
    assert len(digest()) == 32


@pytest.mark.parametrize(
    "changed",
    [
        replace(BASE, conversation_id="c2"),
        replace(BASE, user_id=None),
        replace(BASE, created_at=None),
        replace(BASE, metadata={"plan": 2}),
        replace(BASE, messages=BASE.messages[:1]),
        replace(BASE, messages=BASE.messages[::-1]),
        replace(BASE, messages=[Message("user", "hi!", MOMENT), BASE.messages[1]]),
        replace(BASE, messages=[Message("user", "hi"), BASE.messages[1]]),
    ],
)
def test_whatever_changes_in_a_conversation_changes_its_digest(changed: Conversation) -> None:
    assert conversation_digest(changed) != conversation_digest(BASE)
    assert conversation_digest(replace(BASE)) == conversation_digest(BASE)


def test_arrays_differ_by_shape_and_type_too() -> None:
    numbers = np.arange(6, dtype=np.float32)
    digests = {
        array_digest(numbers),
        array_digest(numbers.reshape(2, 3)),
        array_digest(numbers.astype(np.float64)),
        array_digest(numbers + 1),
        array_digest(numbers.reshape(2, 3).T),
    }
    assert len(digests) == 5
    assert array_digest(numbers[::2]) == array_digest(numbers[::2].copy())


def test_files_are_known_by_name_and_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"1")
    second.write_bytes(b"2")
    before = files_digest([second, first])
    assert before == files_digest([first, second])
    assert file_digest(first) != file_digest(second)
    second.write_bytes(b"3")
    assert files_digest([first, second]) != before


def test_the_code_and_the_versions_are_named() -> None:
    assert code_version() == code_version()
    versions = package_versions()
    assert versions["numpy"] == np.__version__
    assert list(versions) == sorted(versions)


@pytest.mark.parametrize(("asked", "counted"), [("3", 3), ("3,1", 3), (" 2 ", 2)])
def test_the_threads_are_those_asked_for(
    asked: str, counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert thread_count() == counted


@pytest.mark.parametrize("asked", ["", "0", "many"])
def test_without_a_usable_number_all_cores_count(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert thread_count() >= 1
