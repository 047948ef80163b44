"""The command line as its tests give it."""

from __future__ import annotations

from pathlib import Path

from kura_core.__main__ import main

SECRET = "sk-test-4f9a8b7c6d5e"


def kura(*arguments: object) -> int:
    """Give `kura run` with these arguments; returns its exit code."""
    return main(["run", *map(str, arguments)])


def flags(source: Path, folder: Path, *more: object) -> list[object]:
    """Return the arguments of a quick run."""
    return [source, "--out", folder, "--embedding-model", "tfidf", *more]
