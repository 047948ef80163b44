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
