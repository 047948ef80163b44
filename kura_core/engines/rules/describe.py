"""One or two sentences that say what the members of a cluster share."""

from __future__ import annotations

from kura_core.engines.protocol import ClusterEvidence
from kura_core.engines.rules.candidates import is_private
from kura_core.engines.rules.general import is_foreign
from kura_core.engines.rules.lexicon import (
    ACRONYMS,
    DATE_WORDS,
    DESCRIBING_WORDS,
    GREETINGS,
    TECH_NAMES,
    VAGUE_NOUNS,
)
from kura_core.engines.rules.sayings import is_saying
from kura_core.engines.rules.segment import clip
from kura_core.engines.rules.support import Support
from kura_core.engines.rules.wording import in_usual_case
from kura_core.engines.rules.words import (
    base_verb,
    content_stems,
    is_content,
    is_number,
    stem,
    tokens,
)
from kura_core.types import ConversationSummary

QUOTE_WORDS = 24
_FEWEST = 8
_MODIFIERS = frozenset(
    "login design mock test email mail chat code file record work sign upload".split()
)


def describe_cluster(name: str, evidence: ClusterEvidence, support: Support) -> str:
    """What users ask for, how often they mention what else, and one typical request, quoted.

    Shares are of the members in the evidence, which are the cluster's most typical ones.
    """
    parts = [_opening(name, evidence)]
    mention = "" if is_foreign(evidence) else _often(name, evidence, support)
    if mention:
        parts[0] += f"; {mention}"
    quote = _typical(name, evidence, support)
    text = f"{parts[0]}."
    return f"{text} Typical: “{quote}”" if quote else text


def _opening(name: str, evidence: ClusterEvidence) -> str:
    if evidence.children:
        names = [child.name for child in evidence.children]
        listed = ", ".join(_lower_first(item) for item in names[:3])
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return f"Brings together {len(names)} groups: {listed}{more}"
    if is_foreign(evidence):
        said = f"in {name.removeprefix('Requests in ')}" if name.startswith("Requests in ") else ""
        return f"Users write {said}" if said else f"Users write about “{name}”"
    words = tokens(name)
    if is_saying(name):
        return f"Users say “{name}” or the like"
    if len(words) > 1 and base_verb(words[0]) == words[0].lower() and not _is_modifier(words):
        return f"Users ask to {_lower_first(name)}"
    return f"Users write about {_lower_first(name)}"


def _is_modifier(words: list[str]) -> bool:
    """Whether a word that could be a verb rather opens a noun phrase: "login screen"."""
    return words[0].lower() in _MODIFIERS and is_content(words[1]) and not words[1].endswith("s")


def _often(name: str, evidence: ClusterEvidence, support: Support) -> str:
    """The word outside the name that most members share, with its share in tenths."""
    if len(evidence.members) < _FEWEST or evidence.children:
        return ""
    known = set(content_stems(name))
    best: tuple[float, str] | None = None
    for term, _ in evidence.keywords:
        words = tokens(term)
        keys = {stem(word) for word in words}
        if not words or keys & known or not all(map(is_content, words)) or base_verb(words[0]):
            continue
        if any(_says_nothing(word, support) for word in words):
            continue
        holding = sum(
            1 for member in evidence.members if keys <= set(content_stems(member.summary))
        )
        share = holding / len(evidence.members)
        if share >= 0.2 and (best is None or share > best[0] + 0.15):
            best = (share, " ".join(in_usual_case(word, support) for word in words))
    if best is None:
        return ""
    tenths = min(9, max(2, round(best[0] * 10)))
    return f"about {tenths} in 10 mention “{best[1]}”"


def _says_nothing(word: str, support: Support) -> bool:
    """Whether a word is a date, a name, a code, an adjective or too general to be worth telling."""
    low = word.lower()
    short = len(word) < 3 and low not in ACRONYMS
    named = support.forms.get(low, low).istitle()
    return (
        short
        or named
        or low in DATE_WORDS | DESCRIBING_WORDS | VAGUE_NOUNS
        or is_private(low, support)
    )


def _typical(name: str, evidence: ClusterEvidence, support: Support) -> str:
    """The request that uses the members' shared words most, without figures and names if any."""
    best: tuple[float, int, str] | None = None
    named = set(content_stems(name))
    for rank, member in enumerate(evidence.members):
        text = _request_of(member)
        words = tokens(text)
        content = [word for word in words if is_content(word)]
        if len(words) < 3 or not content:
            continue
        worth = sum(support.weight.get(stem(word), 0.0) for word in content) / (2 + len(content))
        details = sum(map(is_number, words)) + sum(
            1 for word in words[1:] if word[0].isupper() and word != "I"
        )
        worth += 0.5 * len(named & {stem(word) for word in content}) / max(1, len(named))
        worth -= 0.05 * details + 0.01 * max(0, len(words) - 16)
        worth -= 0.05 * (words[0].lower() in GREETINGS)
        if best is None or worth > best[0] + 1e-9:
            best = (worth, rank, text)
    return clip(best[2], QUOTE_WORDS).replace("“", "'").replace("”", "'") if best else ""


def _request_of(member: ConversationSummary) -> str:
    return " ".join((member.request or member.summary).split())


def _lower_first(text: str) -> str:
    first = text.split(" ", 1)[0]
    kept = any(map(str.isupper, first[1:])) or "+" in first or first in TECH_NAMES.values()
    return text if kept else text[:1].lower() + text[1:]
