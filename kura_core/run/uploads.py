"""Files a user brought: kept in the workspace, checked in a process of their own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from kura_core.errors import InputError
from kura_core.run.workspace import (
    SAMPLE,
    Workspace,
    child_environment,
    delete_folder,
    folder_of,
    make_private,
    new_id,
)

SUFFIXES = ("jsonl", "ndjson", "json", "csv", "tsv", "parquet", "gz")
CHECK_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Upload:
    """One input file: its id in links, the name the user knows, where it is, bytes, when (UTC)."""

    upload_id: str
    name: str
    path: Path
    size: int
    uploaded: datetime


def save_upload(workspace: Workspace, name: str, source: BinaryIO) -> Upload:
    """Copy a stream into the workspace under a random id, in pieces; the name keeps its suffix.

    Raises InputError, with nothing left behind, when the disk does not take it.
    """
    folder = make_private(workspace.uploads / new_id())
    path = folder / _safe_name(name)
    try:
        with path.open("xb") as target:
            shutil.copyfileobj(source, target, length=1 << 20)
    except OSError as error:
        delete_folder(folder)
        raise InputError(
            f"{path.name} could not be stored ({error.strerror}). Delete files or runs you no "
            "longer need, then upload it again."
        ) from error
    return _described(folder, path)


def list_uploads(workspace: Workspace) -> list[Upload]:
    """Every upload of the workspace, newest first."""
    found = []
    for folder in workspace.uploads.iterdir():
        files = _files(folder) if folder.is_dir() else []
        if files:
            found.append(_described(folder, files[0]))
    return sorted(found, key=lambda upload: (upload.uploaded, upload.upload_id), reverse=True)


def open_upload(workspace: Workspace, upload_id: str) -> Upload:
    """The upload of that id, or the sample's file for `sample`. Raises InputError when unknown."""
    if upload_id == SAMPLE:
        from kura_core.sample import conversations_path

        path = conversations_path()
        stat = path.stat()
        when = datetime.fromtimestamp(stat.st_mtime, UTC)
        return Upload(SAMPLE, "Sample conversations", path, stat.st_size, when)
    folder = folder_of(workspace.uploads, upload_id, "upload")
    files = _files(folder)
    if not files:
        raise InputError("This upload is empty; upload the file again.")
    return _described(folder, files[0])


def check_upload(workspace: Workspace, upload: Upload) -> dict[str, Any]:
    """What `check_input` says of the file, worked out once per upload and kept in the workspace.

    Raises InputError with the loader's own sentence when the file as a whole is of no use.
    """
    kept = make_private(workspace.root / "checks") / f"{upload.upload_id}.json"
    stamp = f"{upload.size}-{int(upload.path.stat().st_mtime)}"
    if kept.exists():
        earlier = json.loads(kept.read_text("utf-8"))
        if earlier.get("stamp") == stamp:
            return _answered(earlier)
    # The loader holds the whole file; a process of its own gives the memory back to the server.
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kura_core.run.check_input", str(upload.path)],
            capture_output=True,
            timeout=CHECK_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            env=child_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"Reading {upload.name} took more than {CHECK_SECONDS // 60} minutes; split the file "
            "or run it from the command line."
        ) from error
    if done.returncode != 0:
        raise InputError(
            f"Reading {upload.name} stopped unexpectedly (code {done.returncode}); the file may "
            "need more memory than this machine has. Try a smaller file."
        )
    answer = {"stamp": stamp, **json.loads(done.stdout)}
    partial = kept.with_suffix(".part")
    partial.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    partial.replace(kept)
    return _answered(answer)


def delete_upload(workspace: Workspace, upload_id: str) -> None:
    """Remove an upload; finished runs of it stay. Raises InputError when it is unknown."""
    delete_folder(folder_of(workspace.uploads, upload_id, "upload"))
    (workspace.root / "checks" / f"{upload_id}.json").unlink(missing_ok=True)


def _answered(answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        raise InputError(str(answer["error"]))
    return answer


def _safe_name(name: str) -> str:
    base = re.sub(r"[^\w.() -]+", "_", Path(name.replace("\\", "/")).name).strip(" .")
    return base[-120:] or "conversations"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def _described(folder: Path, path: Path) -> Upload:
    stat = path.stat()
    when = datetime.fromtimestamp(stat.st_mtime, UTC)
    return Upload(folder.name, path.name, path, stat.st_size, when)
