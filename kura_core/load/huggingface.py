"""Hugging Face data sets, from the hub or a local folder, into rows and conversations."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from kura_core.errors import InputError
from kura_core.load.collect import collect_conversations
from kura_core.load.columns.shape import shape_rows
from kura_core.load.exports.normal_form import as_normal_form
from kura_core.load.files.rows import RawRow
from kura_core.types import Conversation

_HUB = re.compile(r"^(?:hf:(?://)?(?:datasets/)?|https?:/{1,2}huggingface\.co/datasets/)(.+)$")
_SECONDS_TO_ANSWER = 5.0
_LISTED = re.compile(r"(?:Available|available configs|Should be one of):? (\[[^\]]*\])")


class DatasetName(NamedTuple):
    """A data set on the hub, or a local folder, with its configuration and split where given."""

    name: str
    config: str | None = None
    split: str | None = None
    is_local: bool = False


def dataset_name(source: str | Path) -> DatasetName | None:
    """Read `hf:OWNER/NAME[/CONFIG][#SPLIT]` or a data set's address on the hub; else None."""
    match = _HUB.match(str(source).strip())
    if match is None:
        return None
    rest, _, split = match[1].partition("#")
    rest, _, _ = rest.partition("?")
    parts = [part for part in rest.split("/") if part]
    if not parts or rest.startswith("/") or any(part in (".", "..") for part in parts):
        return None
    if len(parts) > 2 and parts[2] in ("viewer", "tree", "blob", "resolve", "discussions"):
        viewed = parts[3:] if parts[2] == "viewer" else []
        config = viewed[0] if viewed and viewed[0] != "default" else None
        return DatasetName("/".join(parts[:2]), config, split or (viewed[1:2] or [None])[0])
    return DatasetName("/".join(parts[:2]), "/".join(parts[2:]) or None, split or None)


def load_dataset_conversations(name: str, split: str | None = None) -> list[Conversation]:
    """Load a data set by its hub name or local folder, in order of conversation id.

    Without `split`: the one called train, or the only one there is. Raises InputError when there
    is no such data set or split, or no usable conversation in it.
    """
    title = f"the data set {name}"
    wanted = DatasetName(name, None, split, is_local=os.path.isdir(name))
    rows = (as_normal_form(row) for row in dataset_rows(wanted))
    return collect_conversations(shape_rows(rows, None, title), title).conversations


def is_saved(folder: Path) -> bool:
    """Tell a folder that `datasets` saved a data set to."""
    return any((folder / mark).exists() for mark in ("state.json", "dataset_dict.json"))


def dataset_rows(wanted: DatasetName, *, streaming: bool = False) -> Iterator[RawRow]:
    """Give a split's rows in order, numbered from 1.

    With `streaming` only what is taken is downloaded; without, the data set is downloaded once and
    kept in the cache of `datasets`. Raises InputError, within seconds when the hub cannot be
    reached, saying what to do.
    """
    dataset = _without_media(_dataset(wanted, streaming))
    labels = _role_names(getattr(dataset, "features", None))
    with _explained(wanted):
        for number, row in enumerate(dataset, start=1):
            yield RawRow(number, _with_roles(row, labels) if labels else row)


def _dataset(wanted: DatasetName, streaming: bool) -> Any:
    from datasets import Dataset, IterableDataset, load_dataset, load_from_disk

    name, config, split, is_local = wanted
    if not is_local and os.path.isdir(name):
        # `datasets` would take the folder, which nobody has named as one.
        raise InputError(
            f"There is a folder {name} here, and a data set of the hub may have the same name. "
            "Give the folder without hf:, or start from another folder."
        )
    options: dict[str, Any] = {"name": config} if config else {}
    with _explained(wanted):
        if is_local and is_saved(Path(name)):
            found = load_from_disk(name)
        elif is_local:
            found = load_dataset(name, **options)
        else:
            with _offline_when_unreachable() as offline:
                # What was downloaded before is not streamed: it is here.
                if streaming and not offline:
                    options["streaming"] = True
                found = load_dataset(name, **options)
    if isinstance(found, Dataset | IterableDataset):
        own = str(found.split) if found.split is not None else None
        if split is not None and own is not None and split != own:
            raise InputError(
                f"The data set {name!r} has no split {split!r}; it has {own!r}. Name this one as "
                "split, or leave it out."
            )
        return found
    wanted_split = split or ("train" if "train" in found or len(found) != 1 else next(iter(found)))
    if wanted_split not in found:
        raise InputError(
            f"The data set {name!r} has no split {wanted_split!r}; it has "
            f"{', '.join(map(repr, found))}. Name one of these as split."
        )
    return found[wanted_split]


@contextmanager
def _offline_when_unreachable() -> Iterator[bool]:
    """Let the hub's client fail at once, or use its cache, where it would retry for half a minute.

    Gives whether the hub cannot be reached, or must not be.
    """
    from datasets import config

    if config.HF_HUB_OFFLINE or _is_reachable(config.HF_ENDPOINT):
        yield bool(config.HF_HUB_OFFLINE)
        return
    # The client has no other switch for this than its own configuration.
    config.HF_HUB_OFFLINE = True
    try:
        yield True
    finally:
        config.HF_HUB_OFFLINE = False


def _is_reachable(endpoint: str) -> bool:
    from huggingface_hub import get_session
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]

    try:
        answer = get_session().head(endpoint, timeout=_SECONDS_TO_ANSWER)
    except (HTTPError, OSError):
        return False
    return bool(answer.status_code < 500)


@contextmanager
def _explained(wanted: DatasetName) -> Iterator[None]:
    """Turn what the hub's client and `datasets` raise into an InputError with a remedy."""
    import pyarrow as pa
    from datasets.exceptions import DatasetsError
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]

    try:
        yield
    except (
        DatasetsError,
        HTTPError,
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        ImportError,
        pa.ArrowException,
    ) as error:
        raise InputError(_explanation(wanted, error)) from error


def _explanation(wanted: DatasetName, error: Exception) -> str:
    from datasets.exceptions import DatasetNotFoundError

    name, text = wanted.name, " ".join(str(error).split())
    page = f"https://huggingface.co/datasets/{name}"
    listed = _LISTED.search(text)
    local = "or give the path of a local folder that holds it"
    if isinstance(error, DatasetNotFoundError) and "gated" in text:
        return (
            f"The data set {name!r} is gated: its owner asks who uses it. Ask for access at "
            f"{page}, set HF_TOKEN to a token of your account, and try again; {local}."
        )
    if isinstance(error, DatasetNotFoundError):
        return (
            f"There is no data set {name!r} on the Hugging Face hub, or it is private. Check the "
            f"name (OWNER/NAME, as in its address), set HF_TOKEN if it is yours, {local}."
        )
    if isinstance(error, ConnectionError):
        return (
            f"The data set {name!r} could not be loaded: the Hugging Face hub cannot be reached, "
            f"and the data set was not downloaded before. Check the connection, {local}."
        )
    if listed and "onfig" in text:
        missing = "several configurations"
        if wanted.config:
            missing = f"no configuration {wanted.config!r}"
        return (
            f"The data set {name!r} has {missing}: {listed[1].strip('[]')} are those it has. Name "
            f"one of them, as in hf:{name}/CONFIG."
        )
    if "scripts are no longer supported" in text:
        return (
            f"The data set {name!r} is made by a program of its own, which is not run. Download "
            f"its Parquet files from {page} and give these, {local}."
        )
    return (
        f"The data set {name!r} could not be loaded ({type(error).__name__}: {text[:200]}). Needed "
        "is the name of a data set on the Hugging Face hub, and a connection to it, or the path of "
        "a local folder that holds one."
    )


def _without_media(dataset: Any) -> Any:
    """Leave out columns of images and sound: decoding them needs more packages, and time."""
    from datasets import Audio, Image, Video

    features = getattr(dataset, "features", None) or {}
    media = [name for name, kind in features.items() if isinstance(kind, Audio | Image | Video)]
    return dataset.remove_columns(media) if media else dataset


def _role_names(features: Any) -> dict[str, list[str]]:
    """The names behind numbered roles, by the column whose messages have them."""
    found = {}
    for column, feature in (features or {}).items():
        inner = getattr(feature, "feature", feature)
        role = inner.get("role") if isinstance(inner, dict) else None
        role = getattr(role, "feature", role)
        names = getattr(role, "names", None)
        if isinstance(names, list):
            found[column] = names
    return found


def _with_roles(row: dict[str, Any], labels: dict[str, list[str]]) -> dict[str, Any]:
    row = dict(row)
    for column, names in labels.items():
        value = row.get(column)
        if isinstance(value, dict) and isinstance(value.get("role"), list):
            row[column] = {**value, "role": [_named(role, names) for role in value["role"]]}
        elif isinstance(value, list):
            row[column] = [
                {**item, "role": _named(item["role"], names)}
                if isinstance(item, dict) and "role" in item
                else item
                for item in value
            ]
    return row


def _named(role: Any, names: list[str]) -> Any:
    return names[role] if isinstance(role, int) and 0 <= role < len(names) else role
