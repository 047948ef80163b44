"""Where one user's uploads and runs live, and the only way an id becomes a path."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kura_core.errors import InputError

SAMPLE = "sample"
# Where Streamlit Community Cloud keeps the repositories it runs.
_COMMUNITY_CLOUD = Path("/mount/src")
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,128}")
_SECRET_VARIABLE = re.compile(r"(^|_)(KEY|TOKEN|SECRET|PASSWORD)S?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Workspace:
    """One user's folder. `home` holds all workspaces of this installation, `root` is this one's."""

    home: Path
    root: Path
    public: bool = False

    @property
    def uploads(self) -> Path:
        return self.root / "uploads"

    @property
    def runs(self) -> Path:
        return self.root / "runs"


def is_public(environ: Mapping[str, str] = os.environ, installed_at: Path = Path(__file__)) -> bool:
    """Whether strangers share this server, each with a workspace of their own.

    `KURA_PUBLIC` decides (1 or 0); without it, only an app on Community Cloud is public.
    """
    said = environ.get("KURA_PUBLIC", "").strip().lower()
    return said in {"1", "true", "yes", "on"} or (
        not said and installed_at.is_relative_to(_COMMUNITY_CLOUD)
    )


def kura_home(environ: Mapping[str, str] = os.environ) -> Path:
    """`KURA_HOME`, or `.kura` in the user's home folder. Absolute; not created here."""
    chosen = environ.get("KURA_HOME", "").strip()
    return (Path(chosen).expanduser() if chosen else Path.home() / ".kura").resolve()


def local_workspace(home: Path) -> Workspace:
    """The one workspace of an installation that only its owner reaches."""
    return _opened(Workspace(home, home / "local"))


def new_secret() -> str:
    """What a browser keeps to find its workspace again; 256 random bits."""
    return secrets.token_urlsafe(32)


def usable_secret(secret: str | None) -> bool:
    """Whether a secret has the form `new_secret` gives; short ones could be guessed."""
    return bool(secret and _SECRET.fullmatch(secret))


def browser_workspace(home: Path, secret: str) -> Workspace:
    """The workspace of the browser that keeps `secret`.

    The folder is named by the secret's hash, so that reading the disk does not give the secret.
    Raises InputError when the secret is not of the expected form.
    """
    if not usable_secret(secret):
        raise InputError(
            "This browser's workspace key has the wrong form; clear this site's cookies and reload."
        )
    folder = hashlib.sha256(secret.encode()).hexdigest()[:32]
    return _opened(Workspace(home, home / "browsers" / folder, public=True))


def new_id() -> str:
    """A random name for an upload or a run."""
    return secrets.token_hex(8)


def folder_of(parent: Path, name: str, what: str) -> Path:
    """The existing folder `name` in `parent`.

    `what` is the word for it in the message. Raises InputError when the name could point outside
    the workspace or nothing of that name is in it.
    """
    folder = parent / name if _ID.fullmatch(name) else None
    if folder is None or not folder.is_dir() or folder.is_symlink():
        raise InputError(
            f"There is no {what} “{name[:40]}” in this workspace. It may have been deleted, or the "
            f"link comes from another browser; choose one from the list instead."
        )
    return folder


def open_run(workspace: Workspace, run_id: str) -> Path:
    """The directory of a run of this workspace, or of the sample's finished run for `sample`.

    Raises InputError when this workspace has no such run.
    """
    if run_id == SAMPLE:
        from kura_core.sample import finished_run

        return finished_run()
    return folder_of(workspace.runs, run_id, "run")


def make_private(folder: Path) -> Path:
    """Create a folder, and those above it, that only the owner of this process may enter."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by the owner of this process alone.

    Raises OSError when it cannot be written; an earlier file of that name stays as it is then.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        make_private(path.parent)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def delete_folder(folder: Path) -> None:
    """Remove an upload or a run with all it holds. Raises InputError when files are in use."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(
            f"Not everything could be deleted ({error.strerror}). Wait a moment and delete again."
        ) from error


def child_environment(
    environ: Mapping[str, str] = os.environ, *, public: bool = False
) -> dict[str, str]:
    """The environment for a process of ours, which finds this package from whatever folder.

    On a public server it has none of the server's keys and tokens: what a stranger starts must not
    be paid for, or let in, by the operator unless a key is handed to it on purpose.
    """
    package_parent = str(Path(__file__).resolve().parents[2])
    inherited = environ.get("PYTHONPATH")
    path = package_parent + (os.pathsep + inherited if inherited else "")
    kept = {
        name: value
        for name, value in environ.items()
        if not (public and _SECRET_VARIABLE.search(name))
    }
    return {**kept, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def _opened(workspace: Workspace) -> Workspace:
    make_private(workspace.uploads)
    make_private(workspace.runs)
    return workspace
