"""What a prompt really sends: the request about one conversation or cluster, made and not sent."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kura_core.config import RunConfig
from kura_core.engines.choose import models_of
from kura_core.engines.kept_answers import AnswerCache
from kura_core.engines.tokens import Range, density_of
from kura_core.errors import ConversationError
from kura_core.prompts import DEFAULT_PROMPTS, check_variables
from kura_core.run.cache import keeping
from kura_core.run.cost.unsent import (
    STAND_IN_REQUEST,
    NotSent,
    failing_answers,
    kept_answers,
    unsent_engine,
)
from kura_core.run.screening import facets_of_summaries
from kura_core.types import ClusterEvidence, Conversation


@dataclass(slots=True, frozen=True)
class Rendering:
    """One request as it is sent: what never changes, what it is about, and about how many tokens.

    `stands_in` is a sentence about what is only an example in it, "" where nothing is.
    """

    system: str
    user: str
    tokens: Range
    stands_in: str = ""


def with_prompt(config: RunConfig, name: str, text: str) -> RunConfig:
    """The configuration with another text for one prompt; the built-in text counts as none.

    Raises ConfigError for a variable that is missing or that nothing fills in.
    """
    check_variables(name, text)
    built_in: str = getattr(DEFAULT_PROMPTS, name)
    own = None if text.strip() == built_in.strip() else text
    return config.model_copy(update={"prompts": config.prompts.model_copy(update={name: own})})


def render_prompt(
    config: RunConfig,
    name: str,
    text: str,
    about: Conversation | ClusterEvidence,
    cache: Path | None = None,
) -> Rendering | None:
    """Make the request that a prompt leads to about a redacted conversation or a cluster.

    By the code that sends it in a run. `cache` is the folder of kept answers; it is only read, for
    a request that a summary gave earlier. None where the conversation is not asked about: with
    fewer than two user messages nobody asks about dissatisfaction. Raises ConfigError as
    `with_prompt` does.
    """
    own = with_prompt(config, name, text)
    with kept_answers(cache) as kept:
        return asyncio.run(_rendered(own, name, about, kept))


async def _rendered(
    config: RunConfig,
    name: str,
    about: Conversation | ClusterEvidence,
    cache: AnswerCache | None,
) -> Rendering | None:
    engine, unsent = unsent_engine(config)
    stands_in = []
    try:
        with suppress(NotSent, ConversationError):
            if isinstance(about, ClusterEvidence):
                await engine.name_cluster(about)
            elif name == "summary":
                await engine.summarise(about, facets_of_summaries(config))
            else:
                request = await _kept_request(config, about, cache)
                if request is None and name != "dissatisfaction":
                    stands_in.append("the request, which the summary gives")
                if name == "failure":
                    stands_in.append("the first judgement")
                unsent.answers = failing_answers(about)
                await engine.judge(about, request or STAND_IN_REQUEST)
    finally:
        await engine.aclose()
    sent = unsent.requests.get(name)
    if sent is None:
        return None
    reader, namer = models_of(config)
    density = density_of(namer if isinstance(about, ClusterEvidence) else reader)
    tokens = density.tokens(*unsent.sizes[name], Range(1, 1))
    said = " and ".join(stands_in)
    return Rendering(
        sent.system,
        sent.user,
        tokens,
        f"Only an example here: {said}." if said else "",
    )


async def _kept_request(
    config: RunConfig, conversation: Conversation, cache: AnswerCache | None
) -> str | None:
    """The user's request as a kept summary has it."""
    if cache is None:
        return None
    engine, _ = unsent_engine(config)
    asking = keeping(engine, cache)
    try:
        with suppress(NotSent, ConversationError):
            return (await asking.summarise(conversation, facets_of_summaries(config))).request
    finally:
        await engine.aclose()
    return None
