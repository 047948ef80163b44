"""The map's compiled code, kept on disk: making it takes seconds of every new process."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

# What is in a folder, and that nothing of it is torn: written last.
CONTENTS = "contents.json"
_PACKAGES = ("numba", "llvmlite", "numpy", "umap-learn")


def umap_functions() -> list[Any]:
    """Return the functions of UMAP that a map has numba compile; umap-learn caches none of them.

    Empty where numba is told to compile nothing.
    """
    from numba.core.dispatcher import Dispatcher
    from umap import layouts, umap_

    found = [
        getattr(umap_, "smooth_knn_dist", None),
        getattr(umap_, "compute_membership_strengths", None),
        getattr(layouts, "_nb_optimize_layout_euclidean_single_epoch", None),
    ]
    return [function for function in found if isinstance(function, Dispatcher)]


@contextmanager
def compiled_code_kept(functions: Sequence[Any], folder: Path) -> Iterator[None]:
    """Load the compiled code of numba's `functions` from `folder`, or keep there what is compiled.

    Code is kept by processor and versions, and used only while it is what was written: a damaged
    file has all compiled again. Processes that compile at the same time do not meet; the first to
    be done is kept. Where nothing can be written, functions are compiled as ever. Raises OSError
    when the disk fails while code is kept; the functions can be used all the same.
    """
    if not functions or any(function.overloads for function in functions):
        yield  # what is kept must be all of it, and some is in this process already
        return
    kept = folder / _made_by()
    whole = _is_whole(kept)
    place = kept if whole else _new_place(folder, kept.name)
    if place is None or not os.access(place, os.W_OK):
        yield
        return
    try:
        _keep_in(functions, place)
        yield
        if not whole:
            _finish(place, kept)
    finally:
        _keep_no_longer(functions)
        if not whole:
            shutil.rmtree(place, ignore_errors=True)


def _made_by() -> str:
    """Name what compiled code depends on besides its source: processor, versions, settings."""
    from numba.core.registry import cpu_target

    parts = [
        platform.python_version(),
        [version(package) for package in _PACKAGES],
        cpu_target.target_context.codegen().magic_tuple(),
        sorted(item for item in os.environ.items() if item[0].startswith("NUMBA_")),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _new_place(folder: Path, name: str) -> Path | None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"{name}.", dir=folder))
    except OSError:
        return None


def _keep_in(functions: Sequence[Any], place: Path) -> None:
    import numba

    # Read when caching is turned on for a function, and by everything that is compiled elsewhere.
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(place)
    try:
        for function in functions:
            function.enable_caching()
    finally:
        numba.config.CACHE_DIR = before


def _keep_no_longer(functions: Sequence[Any]) -> None:
    """Turn caching off, for which numba has no name: a full disk must not fail a later call."""
    from numba.core.caching import NullCache

    for function in functions:
        function._cache = NullCache()


def _finish(place: Path, kept: Path) -> None:
    contents = json.dumps(_contents(place), sort_keys=True)
    (place / CONTENTS).write_text(contents, "utf-8")
    shutil.rmtree(kept, ignore_errors=True)
    try:
        place.rename(kept)
    except OSError:  # another process has kept its own in the meantime
        return


def _is_whole(kept: Path) -> bool:
    try:
        said = json.loads((kept / CONTENTS).read_text("utf-8"))
        return bool(said) and said == _contents(kept)
    except (OSError, ValueError):
        return False


def _contents(place: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of compiled code, by its path within."""
    files = sorted(path for path in place.rglob("*") if path.is_file() and path.name != CONTENTS)
    return {
        path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
