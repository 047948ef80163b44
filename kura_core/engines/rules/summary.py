"""One conversation to its summary record, by rules."""

from __future__ import annotations

from collections.abc import Sequence

from kura_core.engines.rules.details import details_asked
from kura_core.engines.rules.frustration import frustration_level
from kura_core.engines.rules.gist import REQUEST_WORDS, gist, request_text, tidy, with_details
from kura_core.engines.rules.language import detect_language
from kura_core.engines.rules.phrase import excerpt, task_and_topic
from kura_core.engines.rules.request import Sentence, best_request, user_sentences
from kura_core.engines.rules.segment import HEAD_CHARACTERS, TAIL_CHARACTERS, clip, prose
from kura_core.engines.rules.words import content_stems
from kura_core.errors import ConversationError
from kura_core.types import Conversation, ConversationSummary

# A best sentence below this asks for nothing: small talk, a name, an id.
_ASKS = 0.25
_LANGUAGE_MESSAGES = 12
_OTHERS_TRIED = 3
# Well beyond the 256 tokens that the bundled embedding model reads.
_EMBEDDED_CHARACTERS = 2_000


def summarise_by_rules(conversation: Conversation) -> ConversationSummary:
    """The summary of one conversation; deterministic, metadata and ratings unread.

    Raises ConversationError when no user message holds any text.
    """
    messages = conversation.messages
    said = [message.content for message in messages if message.role == "user"]
    if not any(text.strip() for text in said):
        raise ConversationError(
            f"conversation {conversation.conversation_id} has no user message with text; a summary "
            "needs one; filter the conversation out or check which role its messages carry"
        )
    found = user_sentences(messages)
    best = best_request(found)
    language = detect_language(" \n".join(prose(text)[:400] for text in said[:_LANGUAGE_MESSAGES]))
    if best is None:
        # Only code, links or symbols: they are all there is to show.
        first = next(text for text in said if text.strip())
        summary, request, task, topic = (
            clip(" ".join(first[:2_000].split()), REQUEST_WORDS),
            None,
            None,
            None,
        )
    else:
        summary = gist(best, found)
        if best.frame is not None:
            known = content_stems(summary)
            summary = with_details(summary, details_asked(messages, best.message_index, known))
        asks = best.score >= _ASKS or language not in (None, "en")
        request = request_text(best, found) if asks else None
        if language in (None, "en"):
            task, topic = _best_task(best, found) if request else (None, None)
        else:
            task, topic = (excerpt(best.text) if request else None), None
    longest = HEAD_CHARACTERS + TAIL_CHARACTERS
    return ConversationSummary(
        conversation_id=conversation.conversation_id,
        summary=summary or tidy(said[0]),
        request=request,
        task=task or None,
        topic=topic,
        language=language,
        frustration=frustration_level(said),
        truncated=conversation.truncated or any(len(text) > longest for text in said),
        embedded_text=_all_said(said),
    )


def _all_said(said: Sequence[str]) -> str:
    """All that the user wrote, as far as an embedding model reads."""
    return "\n".join(text[:_EMBEDDED_CHARACTERS] for text in said)[:_EMBEDDED_CHARACTERS]


def _best_task(best: Sentence, found: Sequence[Sentence]) -> tuple[str | None, str | None]:
    """The task of the request, or of the next best sentence where the request yields only a "
    "word."""
    others = sorted(
        (item for item in found if item is not best and item.score >= 0.4 * best.score),
        key=lambda item: (-item.score, item.turn, item.position),
    )
    spare: tuple[str | None, str | None] = (None, None)
    for item in (best, *others[:_OTHERS_TRIED]):
        task, topic = task_and_topic(item.text)
        if task is None:
            continue
        if len(task.split()) > 1:
            return task, topic
        spare = spare if spare[0] else (task, topic)
    return spare
