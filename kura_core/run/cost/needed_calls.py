"""How many calls a run would make about conversations, and how many answers are kept already."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

from kura_core.config import RunConfig
from kura_core.engines.kept_answers import AnswerCache
from kura_core.run.cache import keeping
from kura_core.run.cost.requests import distinct_conversations
from kura_core.run.cost.unsent import kept_answers, requests_about, unsent_engine
from kura_core.run.prompts.sample import PromptSample

# A judge's requests take longer to make: so many are looked at in half a second.
_JUDGED_AT_MOST = 500
# What names of clusters and themes depend on besides the summaries.
_OF_NAMES = (
    "engine model name_model base_url clustering clusters per_cluster max_top seed limit "
    "embedding_model cluster_by"
).split()


@dataclass(slots=True, frozen=True)
class NeededCalls:
    """Calls about the conversations of a file: `calls` surely, `most` where failures are judged.

    `conversations` are all of the file's, `different` those with a text of their own, `asked`
    those of them that something is asked about and `summaries` those whose summary is. Where not
    all were looked at, `exact` is False and the numbers are scaled up.
    """

    conversations: int
    different: int
    asked: int
    summaries: int
    calls: int
    most: int
    exact: bool


def needed_calls(sample: PromptSample, config: RunConfig, cache: Path | None) -> NeededCalls:
    """Count the requests that a run would send, by the code that makes them.

    `cache` is the folder of kept answers; it is only read, and nothing is sent.
    """
    with kept_answers(cache) as kept:
        return asyncio.run(_counted(sample, config, kept))


async def _counted(
    sample: PromptSample, config: RunConfig, cache: AnswerCache | None
) -> NeededCalls:
    engine, unsent = unsent_engine(config)
    asking = keeping(engine, cache) if cache is not None else engine
    different = distinct_conversations(sample.conversations)
    looked_at = different
    if config.judges == "engine" and len(different) > _JUDGED_AT_MOST:
        looked_at = random.Random(config.seed).sample(different, _JUDGED_AT_MOST)
    asked = summaries = calls = most = 0
    try:
        for conversation in looked_at:
            kinds = set((await requests_about(asking, unsent, conversation, config))[0])
            asked += bool(kinds)
            summaries += "summary" in kinds
            most += len(kinds)
            # Whether a failure is looked at again depends on an outcome that is not there yet.
            calls += len(kinds) - ("failure" in kinds and "outcome" in kinds)
    finally:
        await engine.aclose()
    beyond = sample.count / max(len(sample.conversations), 1)
    share = beyond * len(different) / max(len(looked_at), 1)
    return NeededCalls(
        sample.count,
        round(len(different) * beyond),
        round(asked * share),
        round(summaries * share),
        round(calls * share),
        round(most * share),
        sample.whole and looked_at is different,
    )


def needed_text(needed: NeededCalls, config: RunConfig, newest: RunConfig | None) -> str:
    """Say in a sentence what a run would ask; `newest` are the settings of the file's last run."""
    about = "" if needed.exact else "about "
    kept = needed.different - needed.asked
    if not needed.asked:
        said = f"No new calls: {about}{kept:,} of {needed.different:,} answers are kept."
    else:
        same_judge = newest is not None and newest.judges == config.judges
        again = newest is not None and not kept and (needed.summaries or same_judge)
        anew = " anew" if again else ""
        if kept:
            which = f"{needed.asked:,} of {needed.different:,} conversations"
        else:
            which = f"all {needed.conversations:,} conversations"
        calls = f"{needed.calls:,}" + (f"–{needed.most:,}" if needed.most > needed.calls else "")
        said = f"This asks{anew} about {which}: {about}{calls} {_calls(needed.most)}."
        if kept:
            said += f" The answers of {about}{kept:,} are kept."
        elif not needed.summaries:
            said += " All summaries are kept."
        elif needed.different < needed.conversations:
            said += " Equal texts are asked about once."
    if needed.asked or newest is None or _names_differ(config, newest):
        said += " Names of clusters and themes come on top."
    return said


def _calls(count: int) -> str:
    return "call" if count == 1 else "calls"


def _names_differ(config: RunConfig, newest: RunConfig) -> bool:
    prompts = any(
        config.prompts.text_of(name) != newest.prompts.text_of(name)
        for name in ("cluster_name", "theme_name")
    )
    return prompts or any(getattr(config, name) != getattr(newest, name) for name in _OF_NAMES)
