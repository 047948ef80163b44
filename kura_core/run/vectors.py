"""Vectors on disk: one file an embedding model, a row a distinct text, appended when made."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kura_core.steps.embed import EmbeddingModel, Vectors

_KEY_BYTES = 16
# So many vectors are made at a time, kept, and told of; so many texts are put in order of length.
BLOCK = 64
SORTED_AT_ONCE = 2_048


def read_vectors(
    texts: Sequence[str], identity: str, folders: Sequence[Path]
) -> dict[str, Vectors]:
    """Return the vectors that any of `folders` holds for these texts, by text.

    `identity` is the embedding model's: vectors of another model are never returned.
    """
    wanted = {_key(text): text for text in texts}
    known: dict[str, Vectors] = {}
    for folder in folders:
        for key, vector in _read(folder, identity, wanted.keys()).items():
            known.setdefault(wanted[key], vector)
    return known


def embed_missing(
    texts: Sequence[str],
    known: dict[str, Vectors],
    model: EmbeddingModel,
    folder: Path | None,
    *,
    cost: Callable[[Sequence[str]], Sequence[int]] | None = None,
    on_block: Callable[[int], None] = lambda done: None,
) -> None:
    """Embed the texts without a vector, adding each block to `known` and to `folder` at once.

    `cost` says how long each text is to the model; texts of like length share batches, which has
    no effect but on the time. `on_block` is told how many distinct texts have a vector now, and may
    raise to stop.
    """
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    missing.sort(key=lambda text: (len(text), text))
    for first in range(0, len(missing), SORTED_AT_ONCE):
        part = missing[first : first + SORTED_AT_ONCE]
        if cost is not None:
            costs = cost(part)
            part = [part[place] for place in np.argsort(costs, kind="stable")]
        for start in range(0, len(part), BLOCK):
            block = part[start : start + BLOCK]
            made = model.encode(block)
            append_vectors(block, made, model.identity, folder)
            known.update(zip(block, made, strict=True))
            on_block(len(known))


def append_vectors(
    texts: Sequence[str], vectors: Vectors, identity: str, folder: Path | None
) -> None:
    """Keep the vectors of texts in a folder, if any; they are on disk when this returns."""
    if len(texts) and folder is not None:
        _append(folder, identity, [_key(text) for text in texts], vectors)


def _paths(folder: Path, identity: str) -> tuple[Path, Path]:
    stem = hashlib.blake2b(identity.encode(), digest_size=8).hexdigest()
    return folder / f"{stem}.keys", folder / f"{stem}.f32"


def _read(folder: Path, identity: str, wanted: Any) -> dict[bytes, Vectors]:
    key_path, row_path = _paths(folder, identity)
    try:
        keys = np.fromfile(key_path, dtype=f"V{_KEY_BYTES}")
        size = row_path.stat().st_size
    except OSError:
        return {}
    width = _width(folder, identity)
    if not width or not wanted:
        return {}
    # A crash may have torn the last row or key: only rows that both files hold whole count.
    rows = min(len(keys), size // (4 * width))
    if not rows:
        return {}
    vectors = np.memmap(row_path, dtype=np.float32, mode="r", shape=(rows, width))
    held = [(key, row) for row, key in enumerate(keys[:rows].tolist()) if key in wanted]
    # One block of memory for all, not one a vector.
    found = vectors[[row for _, row in held]]
    return {key: vector for (key, _), vector in zip(held, found, strict=True)}


def _append(folder: Path, identity: str, keys: Sequence[bytes], rows: Vectors) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    key_path, row_path = _paths(folder, identity)
    width = rows.shape[1]
    if _width(folder, identity) != width:
        key_path.unlink(missing_ok=True)
        row_path.unlink(missing_ok=True)
        _width_path(folder, identity).write_text(str(width))
    held = _whole_rows(key_path, row_path, width)
    # Rows before keys: a key on disk always has its row.
    for path, size, data in (
        (row_path, 4 * width, np.ascontiguousarray(rows, np.float32).tobytes()),
        (key_path, _KEY_BYTES, b"".join(keys)),
    ):
        with path.open("ab") as file:
            file.truncate(held * size)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def _whole_rows(key_path: Path, row_path: Path, width: int) -> int:
    if not key_path.exists() or not row_path.exists():
        return 0
    return min(key_path.stat().st_size // _KEY_BYTES, row_path.stat().st_size // (4 * width))


def _width_path(folder: Path, identity: str) -> Path:
    return _paths(folder, identity)[0].with_suffix(".width")


def _width(folder: Path, identity: str) -> int:
    try:
        return int(_width_path(folder, identity).read_text())
    except (OSError, ValueError):
        return 0


def _key(text: str) -> bytes:
    return hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES
    ).digest()
