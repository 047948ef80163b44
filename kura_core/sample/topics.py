"""What is planted: themes, topics, how many conversations of each, who has them, how they end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """One planted topic.

    `ends` are shares (achieved, partly, not achieved), `later` those from week 7 on where they
    differ; `polite` is the share of failures that nobody voices; `rated` and `liked` count its
    conversations with a rating and with a thumb up; `growth` is from week to week.
    """

    theme: str
    name: str
    count: int
    who: dict[str, int]
    ends: tuple[float, float, float]
    polite: float = 0.5
    rated: int = 0
    liked: int = 0
    gap: str = ""
    missing: str = ""
    growth: float = 1.0
    later: tuple[float, float, float] | None = None


_OFFICE = {"manager": 3, "operations": 2, "legal": 2, "everyday": 1}
_CODERS = {"developer": 3, "student": 2}

TOPICS = (
    Topic("Contracts", "Find signed contracts", 131, {"legal": 1}, (34 / 131, 10 / 131, 87 / 131),
          62 / 87, 30, 11, "inventory gap", "signed contracts"),
    Topic("Contracts", "Review contract clauses", 20, {"legal": 4, "operations": 1},
          (0.8, 0.1, 0.1), 0.5, 3, 2, "", ""),
    Topic("E-mail", "Send an e-mail", 42, _OFFICE, (0.06, 0.12, 0.82), 0.45, 8, 2,
          "capability gap", "send e-mail"),
    Topic("E-mail", "Draft an e-mail", 24, {"everyday": 4, "manager": 3, "student": 1},
          (0.88, 0.06, 0.06), 0.5, 4, 4),
    Topic("Calendar", "Book a meeting", 54, {"manager": 5, "legal": 2, "operations": 2},
          (0.06, 0.12, 0.82), 0.45, 10, 3, "capability gap", "book meetings", 1.24),
    Topic("Calendar", "Pull actions from meeting notes", 19, {"manager": 4, "everyday": 2},
          (0.84, 0.08, 0.08), 0.5, 3, 3),
    Topic("Documents", "Summarise a document", 64, {"manager": 4, "everyday": 4, "legal": 2},
          (0.9, 0.06, 0.04), 0.5, 32, 18, "answer quality", "", 1.0, (0.28, 0.2, 0.52)),
    Topic("Documents", "Translate a document", 20, {"everyday": 3, "operations": 2, "manager": 2},
          (0.86, 0.08, 0.06), 0.5, 3, 3),
    Topic("Documents", "Find when a document changed", 36,
          {"operations": 4, "legal": 2, "manager": 2}, (0.1, 0.12, 0.78), 0.5, 8, 3,
          "inventory gap", "modification dates"),
    Topic("Integrations", "API issues", 162, {"developer": 1}, (0.27, 0.13, 0.6), 0.4, 156, 42,
          "answer quality", ""),
    Topic("Integrations", "Bulk export", 94, {"operations": 1}, (0.83, 0.08, 0.09), 0.5, 89, 76),
    Topic("Workspace", "UI feedback", 208, {"everyday": 1}, (0.6, 0.14, 0.26), 0.5, 203, 130),
    Topic("Workspace", "Share and permissions", 22, _OFFICE, (0.66, 0.14, 0.2), 0.5, 3, 2),
    Topic("Workspace", "Billing and account", 22, {"everyday": 2, "operations": 2, "developer": 1},
          (0.64, 0.12, 0.24), 0.5, 3, 2),
    Topic("Programming", "Analyse data", 38, {"operations": 2, "student": 3, "developer": 1},
          (0.76, 0.12, 0.12), 0.5, 7, 6),
    Topic("Programming", "Build web pages", 45, {"developer": 3, "student": 2},
          (0.76, 0.12, 0.12), 0.5, 8, 7),
    Topic("Programming", "Debug C++", 24, {"student": 4, "developer": 1}, (0.74, 0.12, 0.14), 0.5,
          4, 3),
    Topic("Programming", "Debug Python", 27, _CODERS, (0.74, 0.12, 0.14), 0.5, 4, 3),
    Topic("Programming", "Write SQL queries", 22, {"developer": 3, "operations": 2, "student": 1},
          (0.76, 0.12, 0.12), 0.5, 4, 4),
    Topic("Programming", "Write regex and shell scripts", 16, _CODERS, (0.75, 0.12, 0.13), 0.5,
          3, 2),
    Topic("Programming", "Understand algorithms", 18, {"student": 1}, (0.8, 0.1, 0.1), 0.5, 3, 3),
    Topic("Study help", "Improve an essay", 20, {"student": 1}, (0.82, 0.1, 0.08), 0.5, 4, 4),
    Topic("Study help", "Prepare for an exam", 20, {"student": 1}, (0.82, 0.1, 0.08), 0.5, 4, 3),
    Topic("Study help", "Explain maths", 18, {"student": 1}, (0.82, 0.1, 0.08), 0.5, 3, 3),
    Topic("Other", "Promotion spam", 27, {"spammer": 1}, (0, 0, 0)),
    Topic("Other", "Small talk", 7, {"everyday": 1}, (0, 0, 0)),
)


def quota(total: int, shares: tuple[float, ...]) -> list[int]:
    """Whole numbers that add up to `total`, as near to the shares as can be (largest remainder)."""
    exact = [total * share for share in shares]
    whole = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for i in by_remainder[: total - sum(whole)]:
        whole[i] += 1
    return whole
