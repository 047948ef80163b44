"""Hugging Face data sets, from the hub or a local folder, into conversations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kura_core.errors import InputError
from kura_core.load.collect import collect_conversations
from kura_core.load.rows import RawRow
from kura_core.types import Conversation


def load_dataset_conversations(name: str, split: str | None = None) -> list[Conversation]:
    """Load a data set by its hub name or local folder, in order of conversation id.

    Without `split`: the one called train, or the only one there is. Raises InputError when there
    is no such data set or split, or no usable conversation in it.
    """
    rows = _rows(_dataset(name, split))
    return collect_conversations(rows, f"the data set {name}").conversations


def _dataset(name: str, split: str | None) -> Any:
    from datasets import Dataset, DatasetDict, load_dataset, load_from_disk
    from datasets.exceptions import DatasetsError
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    folder = Path(name)
    saved = any((folder / mark).exists() for mark in ("state.json", "dataset_dict.json"))
    try:
        found = load_from_disk(name) if saved else load_dataset(name)
    except (
        DatasetsError,
        HfHubHTTPError,
        HFValidationError,
        OfflineModeIsEnabled,
        FileNotFoundError,
        ConnectionError,
        ValueError,
    ) as error:
        raise InputError(
            f"The data set {name!r} could not be loaded ({type(error).__name__}). Needed is the "
            "name of a data set on the Hugging Face hub, and a connection to it, or the path of a "
            "local folder that holds one."
        ) from error
    if isinstance(found, Dataset):
        own = str(found.split) if found.split is not None else None
        if split is not None and own is not None and split != own:
            raise InputError(
                f"The data set {name!r} has no split {split!r}; it has {own!r}. Name this one as "
                "split, or leave it out."
            )
        return found
    if not isinstance(found, DatasetDict):
        raise InputError(f"The data set {name!r} has no splits that can be read.")
    wanted = split or ("train" if "train" in found or len(found) != 1 else next(iter(found)))
    if wanted not in found:
        raise InputError(
            f"The data set {name!r} has no split {wanted!r}; it has {', '.join(map(repr, found))}. "
            "Name one of these as split."
        )
    return found[wanted]


def _rows(dataset: Any) -> Iterator[RawRow]:
    for number, row in enumerate(dataset, start=1):
        yield RawRow(number, row)
