"""The lines of every topic, by its name."""

from __future__ import annotations

from kura_core.sample.content import (
    account,
    api,
    calendar,
    contracts,
    documents,
    email,
    export,
    interface,
    languages,
    programming_code,
    programming_data,
    programming_web,
    small_talk,
    study,
)

TEXTS: dict[str, str] = {
    "Find signed contracts": contracts.FIND,
    "Review contract clauses": contracts.REVIEW,
    "Send an e-mail": email.SEND,
    "Draft an e-mail": email.DRAFT,
    "Book a meeting": calendar.BOOK,
    "Pull actions from meeting notes": calendar.NOTES,
    "Summarise a document": documents.SUMMARISE,
    "Translate a document": documents.TRANSLATE,
    "Find when a document changed": documents.CHANGED,
    "API issues": api.ISSUES,
    "Bulk export": export.BULK,
    "UI feedback": interface.FEEDBACK,
    "Share and permissions": account.SHARING,
    "Billing and account": account.BILLING,
    "Analyse data": programming_data.ANALYSE,
    "Write SQL queries": programming_data.SQL,
    "Build web pages": programming_web.PAGES,
    "Debug C++": programming_code.CPP,
    "Debug Python": programming_code.PYTHON,
    "Write regex and shell scripts": programming_code.SCRIPTS,
    "Understand algorithms": programming_code.ALGORITHMS,
    "Improve an essay": study.ESSAY,
    "Prepare for an exam": study.EXAM,
    "Explain maths": study.MATHS,
    "Small talk": small_talk.TALK,
}
FOREIGN: dict[str, str] = languages.FOREIGN
