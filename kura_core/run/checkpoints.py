"""The finished items of a run, kept as they are made, so that a stopped run can go on."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from kura_core.errors import KuraError

FINGERPRINTS = "fingerprints.json"


class JSONLCheckpointManager:
    """Keeps each step's items as JSON lines in one folder, and what they were made from.

    A step's file is named after it (`conversations.jsonl`, `summaries.jsonl`, …). Its fingerprint,
    in a side file, says what all its items depend on; each line's `key` says what that one item
    depends on besides, its `check` that it is as it was written. Items under another fingerprint
    are never returned, and are replaced.
    """

    def __init__(self, folder: str | Path, enabled: bool = True) -> None:
        self.folder = Path(folder)
        self.enabled = enabled

    @property
    def vectors(self) -> Path:
        """Return the folder for the vectors of texts (see `kura_core.run.vectors`)."""
        return self.folder / "vectors"

    def load(self, step: str, fingerprint: str) -> dict[str, dict[str, Any]]:
        """Return the items of a step by key; empty when they were made from something else."""
        return dict(self.items(step, fingerprint))

    def items(self, step: str, fingerprint: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the (key, item) pairs of a step one by one, none made from something else.

        A line that was torn by a crash, or edited, is skipped: its item is made again. Of a key
        that comes twice the later item counts.
        """
        if not self.enabled or self._fingerprints().get(step) != fingerprint:
            return
        for line in self._lines(step):
            try:
                item = orjson.loads(line)
                key, check = item.pop("key"), item.pop("check")
            except (orjson.JSONDecodeError, KeyError, AttributeError, TypeError):
                continue
            if check == _check(key, orjson.dumps(item)):
                yield key, item

    def made_from(self, step: str) -> str | None:
        """Return the fingerprint under which a step's items are kept, for who takes any."""
        return self._fingerprints().get(step)

    def begin(self, step: str, fingerprint: str) -> None:
        """Make ready to append items of a step, dropping those made from something else."""
        if not self.enabled:
            return
        self._make_folder()
        known = self._fingerprints()
        try:
            if known.get(step) == fingerprint:
                self._end_torn_line(step)
                return
            # The items go first: a crash in between leaves no items rather than mislabelled ones.
            self._path(step).unlink(missing_ok=True)
        except OSError as error:
            raise KuraError(_write_problem(self.folder, error)) from error
        known[step] = fingerprint
        self._replace(FINGERPRINTS, orjson.dumps(known, option=orjson.OPT_SORT_KEYS))

    def append(self, step: str, items: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Append (key, item) pairs to a step that was begun; they are on disk when this returns."""
        if not self.enabled:
            return
        try:
            with self._path(step).open("ab") as file:
                file.writelines(_line(key, item) for key, item in items)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise KuraError(_write_problem(self.folder, error)) from error

    def save(
        self, step: str, fingerprint: str, items: Iterable[tuple[str, dict[str, Any]]]
    ) -> None:
        """Keep all (key, item) pairs of a step, in place of any before, whole or not at all."""
        if not self.enabled:
            return
        self.begin(step, fingerprint)
        self._replace(self._path(step).name, b"".join(_line(key, item) for key, item in items))

    def save_arrays(self, step: str, fingerprint: str, **arrays: np.ndarray[Any, Any]) -> None:
        """Keep a step's arrays with what they were made from, whole or not at all."""
        if not self.enabled:
            return
        self._make_folder()
        partial = self.folder / f"{step}.npz.part"
        try:
            with partial.open("wb") as file:
                np.savez(file, allow_pickle=False, fingerprint=np.array(fingerprint), **arrays)
            os.replace(partial, self.folder / f"{step}.npz")
        except OSError as error:
            raise KuraError(_write_problem(self.folder, error)) from error

    def load_arrays(
        self, step: str, fingerprint: str
    ) -> dict[str, np.ndarray[Any, Any]] | None:
        """Return a step's arrays, or None when there are none made from the same things."""
        if not self.enabled:
            return None
        try:
            with np.load(self.folder / f"{step}.npz", allow_pickle=False) as kept:
                if str(kept["fingerprint"]) != fingerprint:
                    return None
                return {name: kept[name] for name in kept.files if name != "fingerprint"}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def has(self, step: str) -> bool:
        """Tell whether arrays of a step are kept, whatever they were made from."""
        return self.enabled and (self.folder / f"{step}.npz").exists()

    def _lines(self, step: str) -> Iterator[bytes]:
        try:
            with self._path(step).open("rb") as file:
                yield from file
        except FileNotFoundError:
            return

    def _end_torn_line(self, step: str) -> None:
        path = self._path(step)
        if not path.exists() or not path.stat().st_size:
            return
        with path.open("rb+") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")

    def _fingerprints(self) -> dict[str, str]:
        try:
            known = orjson.loads((self.folder / FINGERPRINTS).read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return {}
        return known if isinstance(known, dict) else {}

    def _replace(self, name: str, content: bytes) -> None:
        partial = self.folder / f"{name}.part"
        try:
            partial.write_bytes(content)
            os.replace(partial, self.folder / name)
        except OSError as error:
            raise KuraError(_write_problem(self.folder, error)) from error

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KuraError(_write_problem(self.folder, error)) from error

    def _path(self, step: str) -> Path:
        return self.folder / f"{step}.jsonl"


def _line(key: str, item: dict[str, Any]) -> bytes:
    plain = orjson.dumps(item, default=_plain)
    head = orjson.dumps({"key": key, "check": _check(key, plain)})
    return head[:-1] + (b"," if len(plain) > 2 else b"") + plain[1:] + b"\n"


def _check(key: str, plain: bytes) -> str:
    return hashlib.blake2b(key.encode() + plain, digest_size=8).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    return str(value)


def _write_problem(folder: Path, error: OSError) -> str:
    return (
        f"Could not write to {folder} ({error.strerror}). Finished work up to here is kept; free "
        "some space or choose a folder that can be written, then start the run again."
    )
