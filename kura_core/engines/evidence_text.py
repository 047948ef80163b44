"""What a cluster's name is made from, as text for a model: bounded, marked as data."""

from __future__ import annotations

from collections.abc import Sequence

from kura_core.engines.transcript import as_line, shortened
from kura_core.types import ClusterEvidence, ConversationSummary

EXAMPLES = 20
_NEAREST = 12
_NEARBY = 10
_KEYWORDS = 15
_CHILDREN = 60
_LONGEST_GIST = 400
# Names and what describes them are short; whatever is not was never asked for.
_LONGEST_LINE = 1_000


def evidence_texts(evidence: ClusterEvidence) -> dict[str, str]:
    """Return the values of a naming prompt's variables."""
    children = [f"{child.name}: {child.description}" for child in evidence.children[:_CHILDREN]]
    return {
        "examples": _block("examples", [_gist(member) for member in drawn(evidence.members)]),
        "nearby": _block("nearby", [_gist(other) for other in evidence.contrast[:_NEARBY]]),
        "clusters": _block("clusters", children),
        "keywords": _marked(", ".join(term for term, _ in evidence.keywords[:_KEYWORDS])),
        "size": f"{evidence.size or len(evidence.members):,}",
    }


def taken_text(names: Sequence[str]) -> str:
    """Return what follows a naming prompt where siblings have names already."""
    return f"\n\nThese names are taken; do not repeat one, or nearly:\n{_block('taken', names)}"


def drawn(members: Sequence[ConversationSummary]) -> list[ConversationSummary]:
    """Draw at most 20 members: the most typical, and others at equal steps to the edge.

    `members` come nearest the centroid first; equal evidence gives an equal draw.
    """
    if len(members) <= EXAMPLES:
        return list(members)
    rest = members[_NEAREST:]
    wanted = EXAMPLES - _NEAREST
    spread = [rest[(step + 1) * len(rest) // wanted - 1] for step in range(wanted)]
    return [*members[:_NEAREST], *spread]


def _gist(summary: ConversationSummary) -> str:
    return shortened(" ".join(summary.summary.split()), _LONGEST_GIST)


def _block(mark: str, texts: Sequence[str]) -> str:
    lines = "\n".join(f"- {as_line(shortened(text, _LONGEST_LINE))}" for text in texts)
    return f"<{mark}>\n{lines or 'none'}\n</{mark}>"


def _marked(terms: str) -> str:
    return f"<keywords>{as_line(shortened(terms, _LONGEST_LINE))}</keywords>" if terms else "none"
