"""UMAP made ready for the map: imported and compiled, while something else is waited for."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from kura_core.run.context import RunContext
from kura_core.run.workspace import kura_home, make_private
from kura_core.steps.project import SMALLEST_UMAP, warm_up


def begin_warm_up(context: RunContext, conversations: int) -> None:
    """Make UMAP ready in a thread, unless there is no use for it or it has begun already.

    Not before a model is loaded: two threads importing torch and scipy trip over each other.
    """
    stores = [context.store, *context.earlier]
    if context.map_warm_up is not None or conversations < SMALLEST_UMAP:
        return
    if not any(store.has("dimensionality") for store in stores):
        context.map_warm_up = threading.Thread(
            target=warm_up, args=[_compiled_code()], name="map warm-up", daemon=True
        )
        context.map_warm_up.start()


def end_warm_up(context: RunContext, conversations: int) -> None:
    """Have UMAP ready when this returns, where a map of so many conversations takes it."""
    if context.map_warm_up is not None:
        context.map_warm_up.join()
    elif conversations >= SMALLEST_UMAP:
        warm_up(_compiled_code())


def _compiled_code() -> Path:
    folder = kura_home() / "compiled"
    with suppress(OSError):  # it is compiled anew then
        make_private(folder)
    return folder
