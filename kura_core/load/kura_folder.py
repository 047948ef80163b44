"""Folders that Kura wrote: checkpoints, published or our own, and whole runs."""

from __future__ import annotations

from pathlib import Path

from kura_core.errors import InputError

_CONVERSATIONS = tuple(
    f"conversations{suffix}{packed}"
    for suffix in (".jsonl", ".json", ".parquet")
    for packed in ("", ".gz")
)
_LATER = ("summaries", "clusters", "meta_clusters", "dimensionality")


def find_conversations(folder: Path) -> Path | None:
    """The file with the conversations of a Kura folder; None when it is no Kura folder.

    Known are the folders of checkpoints (`conversations.jsonl` beside `summaries.jsonl`, …; also as
    Parquet, or each a saved data set), and runs, whose conversations are in `checkpoints/` or else
    `tables/messages.parquet`. Raises InputError for a folder that holds summaries only: what an
    engine wrote about a conversation is not what its user said, so it is not read in its place.
    """
    run = folder / "tables" / "messages.parquet"
    for place in (folder, folder / "checkpoints"):
        if _is_kura(place) or (place != folder and place.is_dir()):
            found = _conversations(place)
            if found is not None:
                return found
    if run.exists():
        return run
    if _is_kura(folder) or _is_kura(folder / "checkpoints"):
        raise InputError(
            f"The folder {folder.name} holds Kura's summaries or clusters, but not the "
            "conversations they were made from. Give the conversations: conversations.jsonl of the "
            "same run, or the file or data set that was summarised."
        )
    return None


def _is_kura(folder: Path) -> bool:
    return any(
        (folder / f"{step}{suffix}").exists()
        for step in _LATER
        for suffix in (".jsonl", ".parquet", "/state.json")
    )


def _conversations(folder: Path) -> Path | None:
    for name in _CONVERSATIONS:
        if (folder / name).is_file():
            return folder / name
    saved = folder / "conversations"
    return saved if (saved / "state.json").exists() else None
