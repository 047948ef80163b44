"""Files a user brought: kept in the workspace, checked in a process of their own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from kura_core.config import ColumnField, RunConfig
from kura_core.errors import InputError
from kura_core.run.column_maps import load_column_map, save_column_map
from kura_core.run.workspace import (
    SAMPLE,
    Workspace,
    child_environment,
    delete_folder,
    folder_of,
    make_private,
    new_id,
)

SUFFIXES = ("jsonl", "ndjson", "json", "csv", "tsv", "parquet", "gz", "zip")
CHECK_SECONDS = 600
# Raised when a check says more or other things than before, so that kept ones are made anew.
CHECK_VERSION = 2


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

    It is read with the columns the user named for files of its shape, which are in `used_columns`;
    `set_here` says they were named for this very file. A file whose columns must be named first
    has `needs_columns` and `error`. Raises InputError with the loader's own sentence when the file
    as a whole is of no use.
    """
    earlier = _kept_check(workspace, upload)
    if earlier is not None and earlier["used_columns"] == _named(workspace, earlier):
        return _answered(earlier)
    answer = _in_own_process("check_input", workspace, upload, {})
    columns = _named(workspace, answer)
    if columns:
        answer = _in_own_process("check_input", workspace, upload, columns)
    return _answered(_keep_check(workspace, upload, answer, columns))


def preview_upload(
    workspace: Workspace, upload: Upload, columns: Mapping[ColumnField, str]
) -> dict[str, Any]:
    """What `preview_columns` says of the file with a choice of columns; {"error": …} when none."""
    return _in_own_process("preview_columns", workspace, upload, columns)


def name_columns(
    workspace: Workspace, upload: Upload, shape: str, columns: Mapping[ColumnField, str]
) -> None:
    """Read this file, and the next ones of its shape, with these columns; none: as recognised.

    Raises InputError when the workspace does not take it.
    """
    save_column_map(workspace, shape, columns)
    answer = _in_own_process("check_input", workspace, upload, columns)
    _keep_check(workspace, upload, answer, columns, set_here=True)


def delete_upload(workspace: Workspace, upload_id: str) -> None:
    """Remove an upload; finished runs of it stay. Raises InputError when it is unknown."""
    delete_folder(folder_of(workspace.uploads, upload_id, "upload"))
    _check_file(workspace, upload_id).unlink(missing_ok=True)


def estimate_upload(workspace: Workspace, upload: Upload, config: RunConfig) -> dict[str, Any]:
    """What `cost.estimate_input` says of a run; {"error": …} where there can be none."""
    options = ["--cache", str(workspace.root / "cache")]
    return _printed_for("cost.estimate_input", workspace, upload, config, options)


def sample_upload(workspace: Workspace, upload: Upload, config: RunConfig) -> dict[str, Any]:
    """What `sample_input` gives of the file; {"error": …} where it cannot be read."""
    return _printed_for("prompts.sample", workspace, upload, config)


def _printed_for(
    module: str,
    workspace: Workspace,
    upload: Upload,
    config: RunConfig,
    options: Sequence[str] = (),
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "config.json"
        settings.write_text(json.dumps(config.as_json()), "utf-8")
        return _printed(module, workspace, upload, ["--config", str(settings), *options])


def _in_own_process(
    module: str, workspace: Workspace, upload: Upload, columns: Mapping[ColumnField, str]
) -> dict[str, Any]:
    options = ["--map", _written(columns)] if columns else []
    return _printed(module, workspace, upload, options)


def _printed(
    module: str, workspace: Workspace, upload: Upload, options: Sequence[str]
) -> dict[str, Any]:
    """The JSON a module of this package prints for a file.

    The loader holds the whole file; a process of its own gives the memory back to the server.
    """
    command = [sys.executable, "-m", f"kura_core.run.{module}", str(upload.path), *options]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=CHECK_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            env=child_environment(public=workspace.public),
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
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _written(columns: Mapping[ColumnField, str]) -> str:
    """Columns as `--map` takes them, whatever characters their names have."""
    quoted = {field: column.replace('"', '""') for field, column in columns.items()}
    return ",".join(f'{field}="{column}"' for field, column in quoted.items())


def _named(workspace: Workspace, answer: dict[str, Any]) -> dict[ColumnField, str]:
    """The columns the user named for files of the shape that a check found."""
    found = answer.get("columns") or answer.get("needs_columns") or {}
    return load_column_map(workspace, found["shape"]) if found.get("shape") else {}


def _check_file(workspace: Workspace, upload_id: str) -> Path:
    return make_private(workspace.root / "checks") / f"{upload_id}.json"


def _stamp(upload: Upload) -> str:
    return f"{CHECK_VERSION}-{upload.size}-{upload.uploaded.timestamp():.6f}"


def _kept_check(workspace: Workspace, upload: Upload) -> dict[str, Any] | None:
    try:
        kept = json.loads(_check_file(workspace, upload.upload_id).read_bytes())
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) and kept.get("stamp") == _stamp(upload) else None


def _keep_check(
    workspace: Workspace,
    upload: Upload,
    answer: dict[str, Any],
    columns: Mapping[ColumnField, str],
    *,
    set_here: bool = False,
) -> dict[str, Any]:
    whole = {
        **answer,
        "stamp": _stamp(upload),
        "used_columns": dict(columns),
        "set_here": set_here,
    }
    path = _check_file(workspace, upload.upload_id)
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
    partial.replace(path)
    return whole


def _answered(answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer and "needs_columns" not in answer:
        raise InputError(str(answer["error"]))
    return answer


def _safe_name(name: str) -> str:
    base = re.sub(r"[^\w.() -]+", "_", Path(name.replace("\\", "/")).name).strip(" .")
    return base[-120:] or "conversations"


def _files(folder: Path) -> list[Path]:
    # Names with a dot in front are those of what is not whole yet; `_safe_name` gives none.
    found = (path for path in folder.iterdir() if path.is_file())
    return sorted(path for path in found if not path.name.startswith("."))


def _described(folder: Path, path: Path) -> Upload:
    stat = path.stat()
    when = datetime.fromtimestamp(stat.st_mtime, UTC)
    return Upload(folder.name, path.name, path, stat.st_size, when)
