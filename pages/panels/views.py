"""The views of the insights page, in order, and the panel each is drawn by."""

from __future__ import annotations

FIRST = "actions"
EVIDENCE = "evidence"
VIEWS = {
    FIRST: "What to do",
    "missing": "Missing things",
    "silent": "Silent failures",
    "priorities": "Priorities",
    "metrics": "Metrics",
    "data": "Your data",
    "review": "Check the judge",
}
# What each view answers, in one line; evidence has a title of its own.
ANSWERS = {
    FIRST: "What to fix first, and for whom. Every number opens the conversations it counts.",
    "missing": "What users ask for that the product cannot do, or cannot find.",
    "silent": "Where the product fails users and no rating shows it, and who these users are.",
    "priorities": "Which groups to work on first: many ask, many fail, and it is worth much.",
    "metrics": "How ratings, revenue or any other column differ from theme to theme.",
    "data": "Which ratings and which facts about users stand beside the conversations.",
    "review": "How far the judge behind these numbers can be trusted.",
}
# Evidence is led to by numbers and is not in the switch.
PANELS = {
    FIRST: ("actions", "draw_actions"),
    "missing": ("missing", "draw_missing"),
    "silent": ("silent", "draw_silent"),
    "priorities": ("priorities", "draw_priorities"),
    "metrics": ("metrics", "draw_metrics"),
    "data": ("side_data", "draw_side_data"),
    "review": ("review", "draw_review"),
    EVIDENCE: ("evidence", "draw_evidence"),
}
