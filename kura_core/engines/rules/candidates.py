"""The phrases a cluster could be named by: its members' own, and their shorter forms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.lexicon import (
    AUXILIARIES,
    CLAUSE_WORDS,
    DATE_WORDS,
    DESCRIBING_WORDS,
    DETERMINERS,
    GERUND_NOUNS,
    MOODS,
    NOUN_VERBS,
    PREPOSITIONS,
    QUESTION_WORDS,
    STOP_WORDS,
    VERBS,
)
from kura_core.engines.rules.support import Support
from kura_core.engines.rules.words import base_verb, is_content, is_number, is_past, stem, tokens

NAME_WORDS = 8
_ARTICLES = frozenset({"a", "an", "the"})
_BARE_ENDS = (
    PREPOSITIONS | DETERMINERS | AUXILIARIES | CLAUSE_WORDS | frozenset("and or to".split())
)
_FIRST_PERSON = frozenset("i i'm i've i'd my me we our us mine".split())
_PLAIN_VERBS = VERBS - NOUN_VERBS
_EMPTY_VERBS = frozenset("do go be have like want need try let give say tell keep help".split())
_SORTS = frozenset("kind kinds sort sorts type types lot lots".split())
_ADJECTIVE_ENDS = ("ful", "ous", "ulent", "less")
_PAIR_COUNT = 3
_ARTICLE_PULL = 4
SMALL = 12
_FILE_NAME = re.compile(
    r"[\w-]+\.(?:docx?|xlsx?|pptx?|odt|ods|pdf|csv|tsv|txt|md|rtf|png|jpe?g|gif|svg|mp[34]|mov|zip"
    r"|gz|json|xml|ya?ml|html?|eml|log)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"[A-Z][A-Z_]*_\d+", re.IGNORECASE)
# From this share of members on, a word that holds a digit is a term of the trade (W2, MP3, 401k).
_TERM_SHARE = 0.4
_LONGEST_TERM = 5
# Letters with a stray figure stuck to them.
_GLUED = re.compile(r"[a-z]{4,}\d+", re.IGNORECASE)


@dataclass(slots=True, frozen=True)
class Phrase:
    """A candidate name: lower-case words, its verb if it opens with one, and its voices.

    `voices` is the share of members, those nearest the centroid counting most, that said it in
    this or a longer form.
    """

    words: tuple[str, ...]
    verb: str | None
    voices: float = 0.0

    def things(self) -> tuple[str, ...]:
        """Stems of its content words but for the verb, without repeats."""
        rest = self.words[1:] if self.verb is not None else self.words
        return tuple(dict.fromkeys(stem(word) for word in rest if is_content(word)))


def collect_candidates(evidence: ClusterEvidence, support: Support) -> list[Phrase]:
    """Every well-formed phrase, in alphabetical order; articles as most members use them."""
    voices: dict[tuple[str, ...], float] = defaultdict(float)
    spelled: dict[tuple[str, ...], Counter[tuple[str, ...]]] = defaultdict(Counter)
    for member, voice in zip(evidence.members, support.voices, strict=True):
        said: set[tuple[str, ...]] = set()
        for words in _forms(member.task, member.topic):
            key = tuple(word for word in words if word not in _ARTICLES)
            if key not in said and _may_name(key, support):
                said.add(key)
                voices[key] += voice.trust
                spelled[key][_with_right_article(words)] += 1
    least = _PAIR_COUNT if support.members >= SMALL else 2
    for run, count in sorted(support.pairs.items()):
        if count >= least and _may_name(run, support) and _is_noun_run(run, support):
            spelled[run][run] += 1
            voices[run] += 0.0
    found = []
    for key in sorted(spelled):
        words = _usual_spelling(spelled[key])
        if len(words) <= NAME_WORDS:
            found.append(Phrase(words, leading_verb(words), voices[key]))
    return found


def _usual_spelling(counts: Counter[tuple[str, ...]]) -> tuple[str, ...]:
    """The most frequent spelling; one with an article wins unless it is rare: it reads better."""

    def use(item: tuple[tuple[str, ...], int]) -> tuple[int, int]:
        words, count = item
        return count * (_ARTICLE_PULL if _ARTICLES.intersection(words) else 1), len(words)

    return max(sorted(counts.items()), key=use)[0]


def is_private(word: str, support: Support) -> bool:
    """Whether a word is a file name, a code or a placeholder: a detail of one conversation."""
    if _FILE_NAME.fullmatch(word) or _PLACEHOLDER.fullmatch(word) or "@" in word or "/" in word:
        return True
    if not any(map(str.isdigit, word)):
        return False
    common = support.share.get(stem(word), 0.0) >= _TERM_SHARE
    return not (common and len(word) <= _LONGEST_TERM and not _GLUED.fullmatch(word))


def _may_name(words: tuple[str, ...], support: Support) -> bool:
    return is_well_formed(words) and not any(is_private(word, support) for word in words)


def _is_noun_run(run: tuple[str, ...], support: Support) -> bool:
    """Whether neighbouring words that members use can be read as a noun phrase."""
    if any(base_verb(word) in _PLAIN_VERBS for word in run if not is_past(word)):
        return False
    if is_past(run[-1]) or any(word in DATE_WORDS | MOODS or word.endswith("ly") for word in run):
        return False
    return support.heads[stem(run[-1])] >= 2 or base_verb(run[-1]) is None


def leading_verb(words: tuple[str, ...]) -> str | None:
    """The verb in the base form that a phrase of several words opens with, if any."""
    return words[0] if len(words) > 1 and base_verb(words[0]) == words[0] else None


def is_well_formed(words: tuple[str, ...]) -> bool:
    """Whether a phrase can stand as a name: a content word, a sound end, no first person."""
    if not words or not any(map(is_content, words)) or words[-1] in _BARE_ENDS:
        return False
    if any(word in _FIRST_PERSON or is_number(word) or _is_contraction(word) for word in words):
        return False
    if any(len(word) == 1 and word != "a" for word in words) or _repeats(words):
        return False
    telling = words[:2] == ("find", "out")
    if telling and (
        words[-1] in DESCRIBING_WORDS or (sum(map(is_content, words)) < 2 and len(words) < 6)
    ):
        return False
    if telling and not _says_what_happens(words):
        return False
    if not telling:
        last = words[-1]
        if (
            last in DESCRIBING_WORDS
            or last.endswith((*_ADJECTIVE_ENDS, "'s"))
            or not is_content(last)
            or (len(words) > 1 and _is_verb_form(last))
        ):
            return False
        if any(word in CLAUSE_WORDS or word == "than" for word in words):
            return False
        for place, word in enumerate(words[1:], start=1):
            following = words[place + 1] if place + 1 < len(words) else "of"
            if word in _PLAIN_VERBS and words[place - 1] not in ("to", "and"):
                return False
            if is_past(word) and (following in PREPOSITIONS or following in _ARTICLES):
                return False
    if words[0] in _SORTS and words[1:2] != ("of",):
        return False
    if words[0] in _EMPTY_VERBS and len(words) > 1:
        return False
    if leading_verb(words) is None:
        if len(words) == 1 and is_past(words[0]):
            return False
        # "how long", its "how" lost, is no length.
        if words[0] in ("long", "far", "often", "soon"):
            return False
        bare = words[0] in _BARE_ENDS - _ARTICLES or (words[0] in STOP_WORDS - _ARTICLES)
        predicate = words[0].endswith("s") and base_verb(words[0]) in _PLAIN_VERBS
        return not (bare or (predicate and base_verb(words[0]) != words[0])) and (
            len(words) > 1 or words[0] not in VERBS
        )
    return any(map(is_content, words[1:]))


def _says_what_happens(words: tuple[str, ...]) -> bool:
    """Whether a clause after "find out" has a verb: "when it expires", not "how long transfer"."""
    if words[2:3] and words[2] == "who":
        return True
    clause = words[4:] if words[2:3] == ("how",) else words[3:]
    return (
        any(
            word in AUXILIARIES or is_past(word) or base_verb(word) is not None
            for word in clause[1:] or clause
        )
        and len(clause) > 1
    )


def _repeats(words: tuple[str, ...]) -> bool:
    keys = [stem(word) for word in words if is_content(word)]
    return len(keys) > len(set(keys))


def _is_contraction(word: str) -> bool:
    return "'" in word and word in STOP_WORDS


def _is_verb_form(word: str) -> bool:
    """A participle ("directed", "leaving") or "expires", which close no noun phrase."""
    verb = None if word in GERUND_NOUNS else base_verb(word)
    return is_past(word) or (verb in _PLAIN_VERBS and word.endswith(("ing", "s")) and word != verb)


def _forms(task: str | None, topic: str | None) -> Iterator[tuple[str, ...]]:
    """A task, its beginnings up to each preposition, each with fewer adjectives; and its topic."""
    words = _without_file_names(tokens(task or ""))
    if words[:2] == ("find", "out") and words[2:3]:
        in_full = words[2] in QUESTION_WORDS
        words = _in_third_person(words) if in_full else ("check", *words[2:])
    cuts = [
        place
        for place, word in enumerate(words)
        if place >= 1 and (word in PREPOSITIONS or word in CLAUSE_WORDS or word in ("to", "and"))
    ]
    for beginning in (words, *(words[:cut] for cut in reversed(cuts))):
        yield from _fewer_adjectives(beginning)
    said = _without_file_names(tokens(topic or ""))
    for start in range(len(said)):
        yield said[start:]


def _without_file_names(words: list[str]) -> tuple[str, ...]:
    """Lower-case words; a file's name becomes "a file", as the name of one is no one else's."""
    kept: list[str] = []
    for word in words:
        if not _FILE_NAME.fullmatch(word):
            kept.append(word.lower())
        elif not (kept and kept[-1] == "file"):
            bare = not kept or kept[-1] not in DETERMINERS
            kept.extend(("a", "file") if bare else ("file",))
    return tuple(kept)


def _in_third_person(words: tuple[str, ...]) -> tuple[str, ...]:
    """ "how long a transfer take", its "does" taken off, with the verb's ending put back."""
    if any(word in AUXILIARIES or is_past(word) for word in words):
        return words
    for place in range(len(words) - 1, 3, -1):
        word, before = words[place], words[place - 1]
        if word in _PLAIN_VERBS:
            if before in _BARE_ENDS | _FIRST_PERSON | {"you", "they"} or before.endswith("s"):
                continue
            ending = "es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s"
            return (*words[:place], word + ending, *words[place + 1 :])
    return words


def _fewer_adjectives(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    if leading_verb(words) is None or words[:2] == ("find", "out"):
        return
    start = 1
    while start < len(words) and (words[start] in PREPOSITIONS or words[start] in _ARTICLES):
        start += 1
    end = start
    while end < len(words) and words[end] not in PREPOSITIONS and words[end] not in ("and", "to"):
        end += 1
    for drop in range(start + 1, end):
        yield (*words[:start], *words[drop:])


def _with_right_article(words: tuple[str, ...]) -> tuple[str, ...]:
    """ "a" before a vowel becomes "an"; before a plural it goes, as "the" does everywhere."""
    kept: list[str] = []
    for place, word in enumerate(words):
        if word == "the":
            continue
        if word in ("a", "an") and place + 1 < len(words):
            following = words[place + 1]
            run = next(
                (at for at in range(place + 1, len(words)) if words[at] in PREPOSITIONS), len(words)
            )
            head = words[run - 1]
            if head.endswith("s") and not head.endswith(("ss", "us")):
                continue
            kept.append(
                "an"
                if following[0] in "aeiou" and following[:3] not in ("uni", "use", "one", "eur")
                else "a"
            )
        else:
            kept.append(word)
    return tuple(kept)
