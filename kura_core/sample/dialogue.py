"""From the lines of a topic to one conversation that ends as planned."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kura_core.sample.content.common import CLOSING, COMMON, VALUES
from kura_core.sample.markup import Scene, expand, parse_scenes

_SMALL_WORDS = "TPXCG"  # what anyone may say, beside what fits the topic
_POINTED = "AHNMGCPTX"  # lines about what was said before
_NAMES = re.compile(r"«((?:company|deal|doc|file|person|day|time)\d?)»")
_CONDITION = re.compile(r"\[([^\]]+)\] ")
_VOICES = {"R": "rephrased", "C": "corrected", "G": "asked again", "X": "gave up"}


@dataclass(slots=True)
class Script:
    """A conversation before it has a user and a time: (role, text) and what truly happened."""

    turns: list[tuple[str, str]] = field(default_factory=list)
    voiced: list[str] = field(default_factory=list)
    polite_exit: bool = False

    def user_text(self) -> str:
        """All the user wrote, joined."""
        return "\n".join(text for role, text in self.turns if role == "user")


class Pool:
    """The scenes of one topic in one language, drawn from so that no line is used much more often
    than its neighbours."""

    def __init__(self, scenes: Sequence[Scene], closing: Mapping[str, Sequence[str]]) -> None:
        self.scenes = [scene for scene in scenes if scene.name != "*"]
        self.shared = next((scene for scene in scenes if scene.name == "*"), Scene("*"))
        self.closing = closing
        self.uses: Counter[str] = Counter()

    def openings(self) -> list[tuple[Scene, str, str]]:
        """(scene, key, text) of every opening."""
        return [
            (scene, key, text)
            for scene in self.scenes
            for key in ("O", "Q")
            for text in scene.lines.get(key, ())
        ]

    def lines(self, scene: Scene, key: str) -> Sequence[str]:
        """A scene's own lines of a key, else the topic's, else those of any conversation."""
        own = scene.lines.get(key) or self.shared.lines.get(key) or []
        general = list(self.closing.get(key, ())) if key in _SMALL_WORDS or not own else []
        return own + general


class Draw:
    """One attempt at a conversation: its random choices, its slots, and the lines it has used."""

    def __init__(self, pool: Pool, rng: random.Random, slack: int) -> None:
        self.pool, self.rng, self.slack = pool, rng, slack
        self.kept: dict[str, str] = {}
        self.used: list[str] = []
        self.script = Script()
        self.opening = ""

    def lines(self, scene: Scene, key: str, opening: str | None = None) -> Sequence[str]:
        """Lines of a key: the opening's own, else the scene's, the topic's, anyone's."""
        own = scene.own.get(self.opening if opening is None else opening, {})
        lines = own.get(key) or self.pool.lines(scene, key)
        if opening is not None:
            return lines
        fitting = [line for line in lines if self.fits(line)]
        if key in _POINTED:  # these name what was mentioned, and not who or what never was
            known = [x for x in fitting if set(_NAMES.findall(x)) <= self.kept.keys()]
            return known or fitting
        return fitting

    def fits(self, line: str) -> bool:
        """Whether what a line says it answers to has been said."""
        condition = _CONDITION.match(line)
        said = "\n".join(text for _, text in self.script.turns)
        return condition is None or re.search(condition[1], said, re.IGNORECASE) is not None

    def pairs(self, scene: Scene) -> list[tuple[str, str]]:
        """(follow-up, answer) pairs for the conversation so far."""
        own = scene.own.get(self.opening, {})
        lines = own if "F" in own else (scene if "F" in scene.lines else self.pool.shared).lines
        pairs = zip(lines.get("F", ()), lines.get("B", ()), strict=True)
        return [pair for pair in pairs if self.fits(pair[0])]

    def least_used(self, lines: Sequence[str]) -> str:
        """One of the lines used least so far, now and then one of the next least."""
        fresh = [line for line in lines if line not in self.used] or list(lines)
        fewest = min(self.pool.uses[line] for line in fresh)
        slack = self.slack + int(self.rng.random() < 0.15)
        line = self.rng.choice([x for x in fresh if self.pool.uses[x] <= fewest + slack])
        self.used.append(line)
        return line

    def say(self, role: str, line: str) -> None:
        """Add a turn, with its choices made."""
        words = line[condition.end() :] if (condition := _CONDITION.match(line)) else line
        self.script.turns.append((role, expand(words, self.rng, self.kept, VALUES)))

    def user(self, scene: Scene, key: str) -> None:
        """Add a user's turn of this kind, and what it voices."""
        self.say("user", self.least_used(self.lines(scene, key)))
        if key in _VOICES:
            self.script.voiced.append(_VOICES[key])

    def assistant(self, scene: Scene, key: str) -> None:
        """Add an answer of this kind."""
        self.say("assistant", self.least_used(self.lines(scene, key)))

    def open(self, needs: str) -> Scene:
        """Add the first turn, from a scene that has answers of all the kinds needed."""
        able = [
            (scene, key, text)
            for scene, key, text in self.pool.openings()
            if all(self.lines(scene, need, text) for need in needs)
            and (needs == "A" or "praise" not in scene.own.get(text, {}))
        ]
        text = self.least_used([text for _, _, text in able])
        scene, key, _ = next(entry for entry in able if entry[2] == text)
        parts = [text]
        self.opening = text
        if key == "Q":
            situations = self.pool.lines(scene, "S")
            details = self.pool.lines(scene, "D")
            shape = self.rng.choices(("Q", "SQ", "QD", "SQD", "QS"), (3, 4, 4, 3, 2))[0]
            if "S" in shape and situations:
                at = 0 if shape.startswith("S") else 1
                parts.insert(at, self.least_used(situations))
            if "D" in shape and details:
                parts.append(self.least_used(details))
        elif "```" not in text:
            extras = self.lines(scene, "E") or self.lines(scene, "D")
            if extras and self.rng.random() < 0.45:
                parts.append(self.least_used(extras))
            common = "S" in self.pool.shared.lines  # a word on what this is about, said by most
            chance = 0.85 if common else 0.3
            if (situations := self.lines(scene, "S")) and self.rng.random() < chance:
                parts.insert(0, self.least_used(situations))
        self.say("user", join_parts(parts, self.rng))
        return scene


def join_parts(parts: Sequence[str], rng: random.Random) -> str:
    """Sentences one after the other, as carelessly as people join them."""
    text = parts[0]
    for part in parts[1:]:
        loose = text[-1] not in ".?!:,;)"
        gap = rng.choice((". ", ". ", ", ", " - ", "\n", " ... ", "; ")) if loose else " "
        text += gap + part
    return text


def compose(
    pool: Pool, outcome: str, polite: bool, rng: random.Random, slack: int = 0
) -> tuple[Script, list[str]]:
    """One conversation with the planned outcome, and the lines it used.

    `slack` lets it use lines that were used that much more often than the freshest.
    """
    draw = Draw(pool, rng, slack)
    if outcome == "achieved":
        _achieve(draw)
    elif outcome == "partly":
        _half_achieve(draw)
    elif outcome == "not achieved":
        _fail(draw, polite)
    else:
        draw.assistant(draw.open("A"), "A")
    return draw.script, draw.used


def _achieve(draw: Draw) -> None:
    rng = draw.rng
    friction = rng.random() < 0.14 and any(draw.lines(scene, "N", text) and draw.lines(
        scene, "R", text) for scene, _, text in draw.pool.openings())
    scene = draw.open("NRA" if friction else "A")
    if friction:
        draw.assistant(scene, "N")
        draw.user(scene, "R" if draw.lines(scene, "R") and rng.random() < 0.5 else "C")
    draw.assistant(scene, "A")
    pairs = draw.pairs(scene)
    rng.shuffle(pairs)
    pairs.sort(key=lambda pair: draw.pool.uses[pair[0]])
    most = rng.choices((0, 1, 2, 2 if friction else 3), (9, 9, 3, 1))[0]
    for follow_up, answer in pairs[:most]:
        draw.used.append(follow_up)
        draw.say("user", follow_up)
        draw.say("assistant", answer)
    if rng.random() < 0.34 and draw.lines(scene, "T"):
        draw.user(scene, "T")
        if rng.random() < 0.4:
            draw.say("assistant", rng.choice(list(draw.pool.closing["welcome"])))


def _half_achieve(draw: Draw) -> None:
    rng = draw.rng
    scene = draw.open("H")
    draw.assistant(scene, "H")
    roll = rng.random()
    if roll < 0.4 and draw.lines(scene, "M"):
        keys = [key for key in "CG" if draw.lines(scene, key)]
        if keys:
            draw.user(scene, rng.choice(keys))
            draw.assistant(scene, "M")
    elif roll < 0.65 and draw.lines(scene, "P"):
        draw.user(scene, "P")


def _fail(draw: Draw, polite: bool) -> None:
    rng = draw.rng
    scene = draw.open("N")
    draw.assistant(scene, "N")
    keys = [key for key in "RRCG" if draw.lines(scene, key)]
    if polite or not keys or not draw.lines(scene, "M"):
        draw.script.polite_exit = True
        if rng.random() < 0.5 and draw.lines(scene, "P"):
            draw.user(scene, "P")
            if rng.random() < 0.4:
                draw.say("assistant", rng.choice(list(draw.pool.closing["welcome"])))
        return
    gives_up = bool(draw.lines(scene, "X")) and rng.random() < 0.4
    if gives_up and rng.random() < 0.35:
        draw.user(scene, "X")
        return
    for _ in range(rng.choices((1, 2, 3), (60, 27, 13))[0]):
        fresh = [key for key in keys if set(draw.lines(scene, key)) - set(draw.used)]
        if not fresh:
            break
        draw.user(scene, rng.choice(fresh))
        draw.assistant(scene, "M")
    if gives_up:
        draw.user(scene, "X")


def english_pool(text: str) -> Pool:
    """The pool of a topic's English scenes."""
    return Pool(parse_scenes(text), {**parse_scenes(COMMON)[0].lines, "welcome": CLOSING["en"]})


def foreign_scenes(text: str) -> list[tuple[str, Scene]]:
    """(language, scene) of every scene in another language; its name starts with the code."""
    return [(scene.name[:2], scene) for scene in parse_scenes(text)]


def foreign_pool(language: str, scene: Scene, opening: str) -> Pool:
    """A pool of one scene in another language, reduced to one of its openings."""
    one = Scene(scene.name, {**scene.lines, "O": [opening]}, scene.own)
    return Pool([one], {"welcome": CLOSING[language]})
