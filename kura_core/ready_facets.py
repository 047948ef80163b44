"""Facets to pick instead of writing them: what many ask of their conversations.

- task_type: what kind of thing the user wants done, whatever it is about.
- collaboration: the five patterns of the Anthropic Economic Index (Handa et al. 2025, "Which
  Economic Tasks are Performed with AI?", arXiv:2503.04761). Directive and feedback loop hand the
  work over (automation); the other three share it (augmentation).
- cognitive_skill: the six levels of Bloom's taxonomy as revised by Anderson and Krathwohl (2001,
  "A Taxonomy for Learning, Teaching, and Assessing"), from the simplest to the most demanding.
- concern: the scale from 1 to 5 by which Clio finds conversations that need a second look (Tamkin
  et al. 2024, "Clio: Privacy-Preserving Insights into Real-World AI Use", arXiv:2412.13678).

Every question defines its options, and says which to take where two of them fit.
"""

from __future__ import annotations

from kura_core.config import CONCERN, Facet

_TASK_TYPE = """\
What kind of task is this? \
"information seeking": find or look up a fact, a document or an answer. \
"learning and explanation": understand a subject or how something works, or practise it. \
"problem solving": find out why something does not work and mend it, or work out a solution. \
"content creation": make something new, such as a text, code, a picture or an idea. \
"content editing": rewrite, correct, shorten, summarise or translate what is there. \
"data analysis": count, compute, compare or extract from data that is there. \
"planning and advice": decide, plan or get a recommendation. \
"carrying out an action": have something done in a system, such as send, book or change. \
"conversation": talk, play or be listened to, without a task. \
"other": none of these. \
Where several fit, take the one that the user's main goal is."""

_COLLABORATION = """\
How do the user and the assistant work together? \
"directive": the user hands over the whole task and takes the result, with hardly any exchange. \
"feedback loop": the user reports back what happened, such as an error message, and the assistant \
goes on from there until it works. \
"task iteration": the user and the assistant refine the work together, with new wishes or changes. \
"learning": the user wants to understand something, not to have it done. \
"validation": the user's own work is checked or improved by the assistant. \
Judge by what the user's messages do; where several fit, take the one that fills most of them."""

_COGNITIVE_SKILL = """\
Which cognitive skill does the user's request call for, at its most demanding? \
"remember": recall or look up facts. \
"understand": explain, summarise or translate what something means. \
"apply": use a known procedure or rule on a given case. \
"analyse": take something apart, compare, or find causes and relations. \
"evaluate": judge, check or choose by criteria. \
"create": make something new and whole, such as a text, a program, a plan or a design."""

_CONCERN = """\
How concerning is this conversation, as regards harm or misuse by the user? \
1: not at all; ordinary use. \
2: slightly; a sensitive subject, but no harm in sight. \
3: moderately; it could be misused, or the purpose is unclear. \
4: seriously; a harmful purpose is likely, or somebody may be in danger. \
5: extremely; plain intent to do harm, or an immediate danger to somebody. \
Judge what the user asks for, not whether the assistant gave it; a request that was refused counts \
the same."""

READY_FACETS: tuple[Facet, ...] = (
    Facet(
        name="task_type",
        question=_TASK_TYPE,
        type="one of",
        options=(
            "information seeking",
            "learning and explanation",
            "problem solving",
            "content creation",
            "content editing",
            "data analysis",
            "planning and advice",
            "carrying out an action",
            "conversation",
            "other",
        ),
    ),
    Facet(
        name="collaboration",
        question=_COLLABORATION,
        type="one of",
        options=("directive", "feedback loop", "task iteration", "learning", "validation"),
    ),
    Facet(
        name="cognitive_skill",
        question=_COGNITIVE_SKILL,
        type="one of",
        options=("remember", "understand", "apply", "analyse", "evaluate", "create"),
    ),
    Facet(name=CONCERN, question=_CONCERN, type="number", low=1, high=5),
)
