"""Names of clusters and of missing things inside a sentence."""

from __future__ import annotations

from collections.abc import Collection

from kura_core.engines.rules.words import base_verb


def lowered(name: str, names: Collection[str] = ()) -> str:
    """A name inside a sentence; "API errors" and "JavaScript help" keep their capitals.

    So does a first word that is among `names` (lower-case words that are written with a capital).
    """
    words = name.split()
    plain = bool(words) and words[0][1:] == words[0][1:].lower() and words[0].lower() not in names
    return name[:1].lower() + name[1:] if plain else name


def is_task(name: str) -> bool:
    """Whether a name says what to do ("Export files") rather than what about ("API errors")."""
    words = name.split()
    first = words[0].lower() if words else ""
    return len(words) > 1 and base_verb(first) == first
