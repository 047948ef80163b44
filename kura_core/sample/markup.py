"""The small markup the content modules are written in: scenes, lines, choices and slots.

A topic is one string. `# name` starts a scene; the scene `# *` holds lines any scene may use. A
line is a key, a space and a text; lines that start with two spaces continue it, lines that start
with two spaces and a bar continue it on a new line as it stands; elsewhere \\n is a new line. The
keys:

    O  opening, whole      S  situation   Q  question   D  detail (an opening is made of S, Q, D)
    E  what people add to a whole opening now and then
    A  answer that helps   H  answer that half helps    N  answer that fails   M  fails once more
    F  follow-up after help, with the B that answers it right below
    R  rephrased           C  corrected   G  asked again                       X  gave up
    T  thanks after help   P  polite exit without help

    o  the last opening in other words

What belongs to an opening alone (and to it in other words) stands below it: `=` `~` `-` are
answers that help, half help and fail, `>` and `<` a follow-up and its answer, `!` marks praise,
which no answer can fail.

`[pattern] ` before a text keeps it for conversations in which something matching it was said.

In a text `«a|b»` is a choice, `«name»` a slot that keeps its value for the whole conversation and
`«name:a|b»` a choice that is kept under a name. Choices nest.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

KEYS = frozenset("OSQDEAHNMFBRCGXTP")
OWN = {"=": "A", "~": "H", "-": "N", ">": "F", "<": "B", "!": "praise"}
_NAMED = re.compile(r"([a-z][a-z_]*\d*):")


@dataclass(slots=True)
class Scene:
    """The lines of one situation within a topic, by key; `own` holds those of single openings."""

    name: str
    lines: dict[str, list[str]] = field(default_factory=dict)
    own: dict[str, dict[str, list[str]]] = field(default_factory=dict)


def parse_scenes(text: str) -> list[Scene]:
    """The scenes of one topic, in order. Raises ValueError at a line that is not of the markup."""
    scenes: list[Scene] = []
    current: list[str] | None = None
    group: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("  |") and current:
            current[-1] += "\n" + line[3:]
        elif line.startswith("  ") and current:
            current[-1] += " " + line.strip().replace(r"\n", "\n")
        elif line.startswith("# "):
            scenes.append(Scene(line[2:].strip()))
            current = None
        elif line.strip():
            key, _, words = line.partition(" ")
            if key not in {*KEYS, *OWN, "o"} or not words or not scenes:
                raise ValueError(f"line {number} is not a scene, a key with a text or a"
                                 f" continuation: {line!r}")
            if key in OWN:
                current = group.setdefault(OWN[key], [])
            else:
                current = scenes[-1].lines.setdefault(key.upper(), [])
                if key in "OQ":
                    group = {}
            current.append(words.replace(r"\n", "\n"))
            if key in "OQo":
                # The text may still grow, so until the end its place stands for it.
                scenes[-1].own[f"{key.upper()}{len(current) - 1}"] = group
    for scene in scenes:
        scene.own = {
            scene.lines[place[0]][int(place[1:])]: own for place, own in scene.own.items()
        }
    return scenes


def expand(
    text: str, rng: random.Random, kept: dict[str, str], values: Mapping[str, Sequence[str]]
) -> str:
    """The text with every choice made; `kept` carries slot values through a conversation."""
    out: list[str] = []
    position = 0
    while (start := text.find("«", position)) >= 0:
        out.append(text[position:start])
        end = _closing(text, start)
        out.append(_choose(text[start + 1 : end], rng, kept, values))
        position = end + 1
    return "".join(out) + text[position:]


def _choose(
    body: str, rng: random.Random, kept: dict[str, str], values: Mapping[str, Sequence[str]]
) -> str:
    options = _split(body)
    if len(options) == 1:
        if body not in kept:
            base = body.rstrip("0123456789")
            taken = {v for k, v in kept.items() if k.rstrip("0123456789") == base}
            free = [v for v in values[base] if v not in taken]
            kept[body] = expand(rng.choice(free), rng, kept, values)
        return kept[body]
    named = _NAMED.match(options[0])
    if named is None:
        return expand(rng.choice(options), rng, kept, values)
    name = named.group(1)
    if name not in kept:
        options[0] = options[0][named.end() :]
        kept[name] = expand(rng.choice(options), rng, kept, values)
    return kept[name]


def _closing(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        depth += {"«": 1, "»": -1}.get(text[position], 0)
        if depth == 0:
            return position
    raise ValueError(f"a choice is never closed in {text!r}")


def _split(body: str) -> list[str]:
    parts, depth = [""], 0
    for letter in body:
        depth += {"«": 1, "»": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
