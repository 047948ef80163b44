"""Every conversation asked the screen's question, kept as answers come: who is read, who is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kura_core.config import Facet, RunConfig
from kura_core.errors import ConversationError, InputError
from kura_core.run.context import RunContext
from kura_core.run.fingerprint import digest
from kura_core.run.items import screen_item, screen_of
from kura_core.run.shards import OnAnswer, answer_each
from kura_core.steps.screen import screen
from kura_core.types import Conversation


@dataclass(slots=True)
class Screened:
    """By place: the answers of those that stay (None: unknown), who was answered no, who failed."""

    stay: dict[int, bool | None] = field(default_factory=dict)
    out: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)


def screen_of_run(config: RunConfig) -> Facet | None:
    """The yes/no facet that decides which conversations are read; None where all are."""
    return next((facet for facet in config.facets if facet.name == config.screen), None)


def facets_of_summaries(config: RunConfig) -> tuple[Facet, ...]:
    """The facets that are asked with each summary: all but the screen, answered by then."""
    return tuple(facet for facet in config.facets if facet.name != config.screen)


def screened_out(facet: Facet) -> str:
    """The reason why a conversation that was answered no is in no cluster."""
    return f"“{facet.question.strip()}”: no"


async def screen_conversations(
    context: RunContext,
    conversations: Sequence[Conversation],
    keys: Sequence[str],
    facet: Facet,
    made_from: str,
) -> Screened:
    """Ask about (already redacted) conversations; `keys` and `made_from` say what those depend on.

    Who is answered "no" is out, also in every later attempt; unknown stays in and is counted in a
    notice. Raises InputError when nobody is left.
    """

    async def ask(
        places: Sequence[int], on_done: OnAnswer[bool | None]
    ) -> list[bool | ConversationError | None]:
        return await screen(
            [conversations[place] for place in places],
            context.engine,
            facet,
            concurrency=context.config.concurrency,
            on_done=on_done,
        )

    found, failed = await answer_each(
        context,
        "screen",
        "screens",
        digest(made_from, context.engine.screen_identity(), facet.question.strip()),
        keys,
        ask,
        screen_item,
        screen_of,
    )
    places = sorted(found)
    screened = Screened(
        {place: found[place] for place in places if found[place] is not False},
        [place for place in places if found[place] is False],
        failed,
    )
    _tell(context, facet, screened, len(conversations))
    return screened


def _tell(context: RunContext, facet: Facet, screened: Screened, count: int) -> None:
    if screened.out and not screened.stay:
        failed = f"; {len(screened.failed):,} could not be asked" if screened.failed else ""
        raise InputError(
            f"No conversation passed the screen: of {count:,} conversations, "
            f"{len(screened.out):,} were answered no to “{facet.question.strip()}”{failed}. Ask "
            "the question otherwise, or leave the screen out."
        )
    unknown = sum(answer is None for answer in screened.stay.values())
    if unknown:
        context.notice(
            f"{unknown:,} of {count:,} conversations do not tell “{facet.question.strip()}” and "
            "stay in."
        )
