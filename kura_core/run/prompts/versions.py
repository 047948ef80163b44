"""The texts that a prompt had in the runs of a workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kura_core.config import RunConfig
from kura_core.errors import InputError
from kura_core.prompts import DEFAULT_PROMPTS
from kura_core.run.jobs import Job, list_runs, read_config
from kura_core.run.workspace import Workspace


@dataclass(slots=True, frozen=True)
class AskingRun:
    """A run that asked a language model: what it is called, what it read, and its settings."""

    name: str
    started: datetime
    input_path: str
    config: RunConfig


@dataclass(slots=True, frozen=True)
class Version:
    """One text of a prompt, and the runs that used it (name, start), newest first."""

    text: str
    runs: tuple[tuple[str, datetime], ...]
    built_in: bool = False


def asking_runs(workspace: Workspace) -> list[AskingRun]:
    """The workspace's runs that asked a language model, newest first.

    Those whose settings cannot be read any more are left out.
    """
    return list(_asking(workspace, list_runs(workspace)))


def prompt_versions(runs: Iterable[AskingRun], name: str) -> list[Version]:
    """Every text that a prompt had in `runs` (newest first), the last used one first.

    The built-in text is among them, at the end where no run used it.
    """
    built_in: str = getattr(DEFAULT_PROMPTS, name)
    used: dict[str, list[tuple[str, datetime]]] = {}
    for run in runs:
        used.setdefault(run.config.prompts.text_of(name), []).append((run.name, run.started))
    used.setdefault(built_in, [])
    return [Version(text, tuple(by), text == built_in) for text, by in used.items()]


def text_before(runs: Iterable[AskingRun], source: Path, name: str, text: str) -> str | None:
    """What to compare a prompt's text with: its text in the newest run of a file, else the built-in
    one; None where both are the same as this."""
    built_in: str = getattr(DEFAULT_PROMPTS, name)
    newest = newest_of(runs, source)
    candidates = [newest.config.prompts.text_of(name)] if newest else []
    others = (other for other in (*candidates, built_in) if other.strip() != text.strip())
    return next(others, None)


def newest_of(runs: Iterable[AskingRun], source: Path) -> AskingRun | None:
    """Of runs, newest first, the newest of one file."""
    return next((run for run in runs if run.input_path == str(source)), None)


def _asking(workspace: Workspace, jobs: Iterable[Job]) -> Iterator[AskingRun]:
    for job in jobs:
        with suppress(InputError):
            config = read_config(workspace, job.run_id)
            if config.engine != "offline":
                yield AskingRun(job.name, job.started, job.input_path, config)
