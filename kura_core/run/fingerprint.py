"""Digests that say what something was made from, so that nothing stale is ever used."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from kura_core.types import Conversation

# The packages whose version can change a result.
_DECIDING_PACKAGES = (
    "hdbscan",
    "numpy",
    "presidio-analyzer",
    "py3langid",
    "pyarrow",
    "scikit-learn",
    "scipy",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "transformers",
    "umap-learn",
)
_CODE_FOLDERS = ("load", "privacy", "engines", "steps", "run")


def digest(*parts: Any) -> str:
    """Digest plain JSON values (dates included) to 32 hex digits; equal values, equal digest."""
    packed = orjson.dumps(
        parts, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
    )
    return hashlib.blake2b(packed, digest_size=16).hexdigest()


def conversation_digest(conversation: Conversation) -> str:
    """Digest all of a conversation: id, user, times, messages and metadata."""
    return digest(
        conversation.conversation_id,
        conversation.user_id,
        conversation.created_at,
        [(m.role, m.content, m.created_at) for m in conversation.messages],
        conversation.metadata,
    )


def array_digest(*arrays: np.ndarray[Any, Any]) -> str:
    """Digest arrays by shape, dtype and bytes."""
    total = hashlib.blake2b(digest_size=16)
    for array in arrays:
        total.update(f"{array.shape}{array.dtype}".encode())
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()


def file_digest(path: Path) -> str:
    """Digest a file's bytes with SHA-256, reading it in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_digest(paths: Iterable[Path]) -> str:
    """Digest the names and bytes of several files, in the order of their names."""
    return digest([(path.name, file_digest(path)) for path in sorted(paths)])


@lru_cache(maxsize=1)
def code_version() -> str:
    """Digest the code that makes results: edited code does not reuse what it did not make."""
    root = Path(__file__).parent.parent
    sources = [path for folder in _CODE_FOLDERS for path in sorted((root / folder).rglob("*.py"))]
    return digest([(path.relative_to(root).as_posix(), file_digest(path)) for path in sources])


def thread_count() -> int:
    """Return how many threads are computed with; OMP_NUM_THREADS may be a list of levels."""
    asked = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(asked) if asked.isdecimal() and int(asked) else os.cpu_count() or 1


def package_versions() -> dict[str, str]:
    """Return the installed versions of the packages whose version can change a result."""
    found = {}
    for package in _DECIDING_PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
