"""Which files of an archive or a folder hold conversations, by their names alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from kura_core.errors import InputError
from kura_core.load.files.detect import FORMATS

MOST_MEMBERS = 10_000
_READABLE = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".tab", ".parquet", ".pq")
_PLAIN_TEXT = ("", ".txt", ".log")
_ARCHIVES = (".zip", ".tar", ".tgz", ".7z", ".rar")
_LITTER = {"__macosx", "thumbs.db", "desktop.ini"}
# What the account exports of ChatGPT and Claude, and the card of a data set, hold besides.
_NO_CONVERSATIONS = frozenset(
    "user users user_settings account message_feedback model_comparisons shared_conversations "
    "projects memories settings sora export_manifest manifest dataset_info dataset_dict "
    "dataset_infos".split()
)
# What a folder of Kura's checkpoints holds beside its conversations.
_LATER_STEPS = frozenset("summaries clusters meta_clusters dimensionality fingerprints".split())


@dataclass(slots=True)
class Members:
    """The names to read, in order; those left out, with the reason; and archives in the archive."""

    taken: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    nested: list[str] = field(default_factory=list)


def choose_members(names: Iterable[str], source: str) -> Members:
    """Choose the files that may hold conversations, ordered by name; names are split by "/".

    Hidden files and what systems put beside them do not count. Next to a file called
    conversations (as in the exports of ChatGPT and Claude, and Kura's checkpoints) no other JSON
    file of the same folder or below is read. `source` is what messages call the whole. Raises
    InputError when nothing is left, or there are more than 10 000 files.
    """
    found = sorted(name for name in names if not _is_litter(name))
    if len(found) > MOST_MEMBERS:
        raise InputError(
            f"{source} holds {len(found):,} files; at most {MOST_MEMBERS:,} are read. Put the "
            "conversations into fewer, larger files, for example one JSONL file."
        )
    exports = [
        PurePosixPath(name).parent
        for name in found
        if _stem(name).startswith("conversations") and _suffix(name) in _READABLE
    ]
    members = Members()
    for name in found:
        reason = _reason_against(name, exports)
        if _suffix(name) in _ARCHIVES:
            members.nested.append(name)
        elif reason is None:
            members.taken.append(name)
        else:
            members.left_out[name] = reason
    if not members.taken:
        texts = [name for name in members.left_out if _suffix(name) in _PLAIN_TEXT]
        members.taken = texts
        for name in texts:
            del members.left_out[name]
    if not members.taken and not members.nested:
        raise InputError(_nothing(source, found))
    return members


def _reason_against(name: str, exports: list[PurePosixPath]) -> str | None:
    suffix, stem = _suffix(name), _stem(name)
    if suffix not in _READABLE:
        return f"not read: it is not {FORMATS}"
    if stem.startswith("conversations"):
        return None
    parents = PurePosixPath(name).parents
    beside = any(folder in parents for folder in exports)
    if suffix == ".json" and (beside or stem in _NO_CONVERSATIONS):
        return "not read: it holds no conversations" if not beside else (
            "not read: the conversations of this export are in the file called conversations"
        )
    if beside and stem in _LATER_STEPS:
        return "not read: it is what Kura made from the conversations"
    return None


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (
        not parts
        or name.endswith("/")
        or any(part.startswith(".") or part.casefold() in _LITTER for part in parts)
    )


def _suffix(name: str) -> str:
    path = PurePosixPath(name.casefold())
    return PurePosixPath(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _stem(name: str) -> str:
    return PurePosixPath(name.casefold()).name.partition(".")[0]


def _nothing(source: str, found: list[str]) -> str:
    if not found:
        return f"{source} holds no file; give one that holds conversations."
    listed = ", ".join(repr(name[-60:]) for name in found[:8])
    more = f" and {len(found) - 8:,} more" if len(found) > 8 else ""
    return (
        f"{source} holds no file that can be read (found: {listed}{more}). Needed is {FORMATS}."
    )
