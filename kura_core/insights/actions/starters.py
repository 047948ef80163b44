"""Prompts to offer users once a theme works, and a line to tell them, in users' own wording."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kura_core.engines.rules.gist import tidy
from kura_core.engines.rules.lexicon import (
    AUXILIARIES,
    CLAUSE_WORDS,
    COMPLAINT_WORDS,
    DATE_WORDS,
    DETERMINERS,
    PREPOSITIONS,
    QUESTION_WORDS,
)
from kura_core.engines.rules.words import (
    base_verb,
    content_stems,
    is_content,
    is_number,
    is_past,
    jaccard,
    stem,
    tokens,
)
from kura_core.insights.actions.wording import is_task, lowered

if TYPE_CHECKING:
    import pandas as pd

PROMPTS = 3
# What words are private is learnt from at most so many conversations.
MOST_READ = 10_000
# Prompts are looked for among so many of a theme's requests.
MOST_ASKED = 1_000
# A word that fewer people say may be somebody's name, or tell on them.
FEWEST_USERS = 3
# Chat is typed carelessly: a word written with a capital this often inside a sentence is a name.
NAME_SHARE = 0.25
FEWEST_WORDS, MOST_WORDS = 3, 11
# A prompt whose words say less of the theme than this speaks for one user only.
LEAST_TYPICAL = 0.012
SAME_WORDS = 0.5
_NAME_BONUS = 0.5
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|[;:()\[\]\n]+\s*|\s[-–—]\s|(?:…|\.\.)+")
_SPOKEN_TO = re.compile(r"^[A-Z]\w+,\s+(?=[A-Z])")
_EDGES = "\"'“”‘’„«».,!?…-–—*_` "
_ASKING = (QUESTION_WORDS - {"why", "whose"}) | frozenset(
    "can could is are do does has have will".split()
)
_FINITE = frozenset(
    "is are was were has had does did isn't wasn't went came got says said shows gives gets fails "
    "returns works keeps looks seems".split()
)
# Words that say something only after something else, and words of complaint.
_LEANING = frozenset(
    "it its it's they them he she him his her hers that that's those these this there here again "
    "said thing things instead else too still already actually just really then also only same "
    "other others one ones myself yourself now i'm i've i'd i'll im ive you're your yours "
    "such there's here's".split()
)
# "Can you …" asks the product; further on, as in "how do I get you to …", it is talked about.
_LAST_YOU = 2
# Nobody wants to be offered these, however typical.
_SLOPPY = frozenset(
    "u ur teh lol haha pls plz btw thx theyre whats wheres hows thats yesterdays todays wanna "
    "gonna like maybe ok okay hey wtf omg".split()
)
_NEGATIVE = re.compile(r"(?i)^(?:not?|never|nothing|none|nobody|without|cannot|cant|dont|\w+n't)$")
_PRIVATE = re.compile(r"[\d@/_<>\\#$%&+=]|\w\.\w")


@dataclass(slots=True, frozen=True)
class Words:
    """What a run's users say: how many of them use a stem, and which words are names.

    `users` counts people (conversations, where nobody is known); `names` are lower-case words that
    are often written with a capital inside a sentence.
    """

    users: Mapping[str, int]
    names: frozenset[str]


@dataclass(slots=True, frozen=True)
class Starters:
    """Three prompts to offer, and one line of messaging made from the first."""

    prompts: tuple[str, ...]
    line: str


def learn_words(conversations: pd.DataFrame) -> Words:
    """Learn from all requests which words are said by many, and which are names.

    `conversations` has user_id, request and language (null where unknown).
    """
    said_by: dict[str, set[Hashable]] = defaultdict(set)
    capital: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    columns = ["conversation_id", "user_id", "request", "language"]
    read = conversations[columns].head(MOST_READ)
    for identity, user, request, language in read.itertuples(index=False, name=None):
        if not isinstance(request, str):
            continue
        who = user if isinstance(user, str) else identity
        for key in set(content_stems(request)):
            said_by[key].add(who)
        # German writes every noun with a capital.
        if language == "de" or request.isupper():
            continue
        for sentence in _SENTENCE.split(request):
            for word in tokens(sentence)[1:]:
                inside[word.lower()] += 1
                capital[word.lower()] += word[0].isupper() and not word.isupper()
    names = {word for word, count in capital.items() if count > NAME_SHARE * inside[word]}
    return Words({key: len(who) for key, who in said_by.items()}, frozenset(names))


def suggest_starters(
    asked: pd.DataFrame, name: str, words: Words, *, is_missing: bool = False
) -> Starters:
    """Suggest prompts from what users ask for most typically, without anybody's details.

    `asked` are the conversations of the theme (request, language), `name` says what it is about, as
    a noun ("signed contracts") or a task ("send e-mail"); it makes up for prompts that are missing,
    worded to find the thing where it `is_missing`. The line says what got better and how to try it.
    """
    language = _main_language(asked)
    requests = asked.loc[asked["language"].fillna("en") == language, "request"].dropna()
    requests = requests.head(MOST_ASKED)
    found = [sorted(set(content_stems(request))) for request in requests]
    share = Counter(key for keys in found for key in keys)
    named = set(content_stems(name))
    scored: dict[str, tuple[float, list[str]]] = {}
    for request in requests:
        for prompt in _prompts(request, language, words, named):
            keys = sorted(set(content_stems(prompt)))
            # What is said beside a missing thing asks for something else.
            if is_missing and not named.intersection(keys):
                continue
            weight = sum(_weight(key, share, len(found), words) for key in keys)
            weight += _NAME_BONUS * len(named.intersection(keys))
            typical = weight / (len(keys) + 2)
            if typical >= LEAST_TYPICAL:
                scored[prompt] = (typical, keys)
    prompts: list[str] = []
    taken: list[list[str]] = []
    for prompt in sorted(scored, key=lambda text: (-scored[text][0], len(text), text)):
        _, keys = scored[prompt]
        if len(prompts) < PROMPTS and all(jaccard(keys, other) < SAME_WORDS for other in taken):
            prompts.append(prompt)
            taken.append(keys)
    about = lowered(name, words.names)
    made = [prompt for prompt in _made_from(about, is_missing) if prompt not in prompts]
    prompts += made[: PROMPTS - len(prompts)]
    return Starters(tuple(prompts), _line(prompts[0], about, is_missing))


def _main_language(asked: pd.DataFrame) -> str:
    counts = Counter(asked["language"].fillna("en"))
    return min(counts, key=lambda code: (-counts[code], code)) if counts else "en"


def _weight(key: str, share: Counter[str], total: int, words: Words) -> float:
    """How much more the theme says a word than it must: its share, less what everybody says."""
    outside = max(0, words.users.get(key, 0) - share[key])
    return share[key] / total * share[key] / (share[key] + 0.5 * outside)


def _prompts(request: str, language: str, words: Words, named: Collection[str]) -> Iterator[str]:
    for sentence in _SENTENCE.split(request):
        text = _SPOKEN_TO.sub("", tidy(sentence or "")).split(",")[0]
        kept = [word for word in (raw.strip(_EDGES) for raw in text.split()) if word]
        shouted = sum(word.isupper() for word in kept) * 2 > len(kept)
        if shouted or not kept:
            continue
        if language == "en":
            kept = _without_private_end(kept, words, named)
            if not _opens(kept):
                continue
        elif not sentence.rstrip().endswith("?"):
            continue
        if FEWEST_WORDS <= len(kept) <= MOST_WORDS and _is_general(kept, words, named):
            yield _written(kept, sentence)


def _opens(words: list[str]) -> bool:
    """Whether the words open as a question or as a task."""
    if not words:
        return False
    first = words[0].lower()
    rest = [word.lower() for word in words[1:]]
    if first in _ASKING:
        # "When I rotate the phone …" and "has been slow" tell, "When is it due" asks.
        if rest[:1] == ["been"]:
            return False
        return first != "when" or bool(AUXILIARIES.intersection(rest[:1]))
    told = bool(rest) and (is_past(rest[0]) or base_verb(rest[0]) not in (None, rest[0]))
    if first == "help" and rest[:1] not in (["me"], ["us"], ["with"]):
        return False
    return base_verb(first) == first and not told and not _FINITE.intersection(rest)


def _is_private(word: str, words: Words, named: Collection[str]) -> bool:
    low = word.lower()
    if _PRIVATE.search(word) or is_number(word) or low in DATE_WORDS:
        return True
    if not is_content(word):
        return False
    if low in words.names and stem(word) not in named:
        return True
    return words.users.get(stem(word), 0) < FEWEST_USERS


def _without_private_end(kept: list[str], words: Words, named: Collection[str]) -> list[str]:
    """Cut at the last preposition before the first word that is somebody's own."""
    own = next((i for i, w in enumerate(kept) if _is_private(w, words, named)), None)
    if own is None:
        return kept
    places = [i for i in range(own) if kept[i].lower() in PREPOSITIONS]
    # "Before the end" says nothing without what it is the end of.
    return kept[: places[-1]] if places and kept[places[-1]].lower() != "of" else []


def _is_general(kept: list[str], words: Words, named: Collection[str]) -> bool:
    low = [word.lower() for word in kept]
    ends_well = low[-1] not in PREPOSITIONS | DETERMINERS | AUXILIARIES | CLAUSE_WORDS | {
        "and", "or", "to", "my", "our", "me", "i", "we", "please",
    }  # fmt: skip
    return (
        ends_well
        and "you" not in low[_LAST_YOU + 1 :]
        and len(set(content_stems(" ".join(kept)))) >= (1 if base_verb(low[0]) == low[0] else 2)
        and not any(_is_private(word, words, named) for word in kept)
        and not any(
            _NEGATIVE.match(word) or word in COMPLAINT_WORDS | _LEANING | _SLOPPY for word in low
        )
    )


def _written(kept: list[str], sentence: str) -> str:
    shown = [("I" if word == "i" else word) for word in kept]
    text = " ".join(shown)
    asks = kept[0].lower() in _ASKING or sentence.rstrip().endswith("?")
    return text[:1].upper() + text[1:] + ("?" if asks else "")


def _made_from(name: str, is_missing: bool) -> list[str]:
    """Prompts from what the theme is called inside a sentence, alone."""
    if is_task(name):
        return [f"Help me {name}", f"Can you {name} for me?", f"How do I {name}?"]
    if is_missing:
        return [f"Find {name}", f"Show me {name}", f"Which {name} do we have?"]
    return [f"Tell me about {name}", f"Help me with {name}", f"What should I know about {name}?"]


def _line(prompt: str, about: str, is_missing: bool) -> str:
    if is_missing:
        news = f"You can now {about}" if is_task(about) else f"You can now find {about}"
    elif is_task(about):
        news = f"We got better at helping you {about}"
    else:
        what = about if about.startswith("requests ") else f"questions about {about}"
        news = f"We got better at {what}"
    return f"{news}. Try “{prompt}”" + ("" if prompt.endswith("?") else ".")
