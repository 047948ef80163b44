"""A prompt tried on five conversations or clusters, its results beside another version's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from kura_core.config import RunConfig
from kura_core.engines.addresses import refuse_inner_address
from kura_core.engines.calls import Patience
from kura_core.engines.choose import make_engine
from kura_core.engines.protocol import Engine
from kura_core.engines.spending import Spending
from kura_core.errors import BudgetSpent, ConversationError
from kura_core.run.cache import keeping, open_cache
from kura_core.run.cost.unsent import NotSent, ReadOnly, unsent_engine
from kura_core.run.prompts.rendering import with_prompt
from kura_core.run.screening import facets_of_summaries
from kura_core.run.workspace import Workspace
from kura_core.types import ClusterEvidence, Conversation, Usage

FIVE = 5
SECONDS = 120.0
PATIENCE = Patience(tries=3, seconds=60.0, timeout=60.0)
# Of a judgement, what each of the judges' prompts bears on.
_JUDGED = {
    "outcome": ("outcome", "outcome_quote", "failure_score"),
    "dissatisfaction": ("dissatisfaction", "dissatisfaction_quote"),
    "failure": ("outcome", "cause", "gap_kind", "missing"),
}
_SUMMARISED = ("summary", "request", "task", "topic", "language", "frustration")


@dataclass(slots=True, frozen=True)
class Answered:
    """What one version of a prompt gave for one conversation: fields, or why there are none."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None


@dataclass(slots=True, frozen=True)
class Trial:
    """A trial's results: of each subject the versions' answers, the version before coming first.

    Without a version to compare with there is one answer for each. `usage` counts both versions,
    and `tests` how many of the calls only found out whether and how the server can be asked.
    """

    answers: tuple[tuple[Answered, ...], ...]
    usage: Usage
    tests: int = 0


def try_prompt(
    workspace: Workspace,
    config: RunConfig,
    name: str,
    versions: Sequence[str],
    subjects: Sequence[Conversation | ClusterEvidence],
    keys: Mapping[str, str],
    *,
    patience: Patience = PATIENCE,
    seconds: float = SECONDS,
) -> Trial:
    """Ask about redacted conversations (or clusters) with each text that `versions` gives a prompt.

    Answers are kept where the workspace's runs keep theirs, so that neither a second trial nor a
    run pays for them again. What fails, or is not answered in `seconds`, has its reason. Raises
    ConfigError for settings that cannot be used, an address only this server reaches among them,
    and EngineError where the key, the model or the server cannot be used.
    """
    if workspace.public and config.base_url:
        refuse_inner_address(config.base_url)
    configs = [with_prompt(config, name, text) for text in versions]
    return asyncio.run(
        _tried(configs, name, subjects, keys, workspace.root / "cache", patience, seconds)
    )


def changed_words(before: str, now: str) -> list[tuple[str, bool]]:
    """The words of `now` in a row, in pieces, each with whether it is new against `before`."""
    was, words = before.split(), now.split()
    pieces = []
    for kind, _, _, start, end in SequenceMatcher(None, was, words, autojunk=False).get_opcodes():
        if start < end:
            pieces.append((" ".join(words[start:end]), kind != "equal"))
    return pieces


async def _tried(
    configs: Sequence[RunConfig],
    name: str,
    subjects: Sequence[Conversation | ClusterEvidence],
    keys: Mapping[str, str],
    cache_folder: Path,
    patience: Patience,
    seconds: float,
) -> Trial:
    made = [make_engine(config, keys, patience=patience) for config in configs]
    with ExitStack() as opened:
        try:
            spending = Spending(configs[0].budget)
            for engine in made:
                engine.spend_within(spending)
            cache = open_cache(cache_folder, lambda text: None)
            asking = made
            if cache is not None:
                opened.callback(cache.close)
                asking = [keeping(engine, cache) for engine in made]
            tests = 0
            if cache is None or not await _is_kept(configs, name, subjects, ReadOnly(cache)):
                await asking[0].check()
                tests = asking[0].usage().sent
            answers = await _answers(asking, configs, name, subjects, seconds)
            return Trial(answers, _sum_of(engine.usage() for engine in asking), tests)
        finally:
            for engine in made:
                await engine.aclose()


async def _is_kept(
    configs: Sequence[RunConfig],
    name: str,
    subjects: Sequence[Conversation | ClusterEvidence],
    cache: ReadOnly,
) -> bool:
    """Whether every answer is kept, so that no server is needed."""
    for config in configs:
        engine, _ = unsent_engine(config)
        try:
            for subject in subjects:
                await _asked(keeping(engine, cache), config, name, subject)
        except (NotSent, ConversationError):
            return False
        finally:
            await engine.aclose()
    return True


async def _answers(
    engines: Sequence[Engine],
    configs: Sequence[RunConfig],
    name: str,
    subjects: Sequence[Conversation | ClusterEvidence],
    seconds: float,
) -> tuple[tuple[Answered, ...], ...]:
    late = Answered(problem=f"No answer in {seconds:g} seconds.")
    found = [[late] * len(engines) for _ in subjects]

    async def ask(place: int) -> None:
        # One after the other: what both versions ask alike is then paid for once.
        for version, (engine, config) in enumerate(zip(engines, configs, strict=True)):
            try:
                fields = await _asked(engine, config, name, subjects[place])
                found[place][version] = Answered(fields)
            except (ConversationError, BudgetSpent) as error:
                found[place][version] = Answered(problem=str(error))

    tasks = [asyncio.create_task(ask(place)) for place in range(len(subjects))]
    try:
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()  # an engine that cannot be used at all ends the trial
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return tuple(tuple(answers) for answers in found)


async def _asked(
    engine: Engine, config: RunConfig, name: str, subject: Conversation | ClusterEvidence
) -> dict[str, Any]:
    """The fields that a prompt bears on, as the steps of a run get them."""
    if isinstance(subject, ClusterEvidence):
        return asdict(await engine.name_cluster(subject))
    summary = await engine.summarise(subject, facets_of_summaries(config))
    if name == "summary":
        fields = {known: getattr(summary, known) for known in _SUMMARISED}
        concern = {} if summary.concern is None else {"concern": summary.concern}
        return {**fields, **concern, **summary.facets}
    judgement = await engine.judge(subject, summary.request)
    return {known: getattr(judgement, known) for known in _JUDGED[name]}


def _sum_of(usages: Iterable[Usage]) -> Usage:
    total = Usage()
    for usage in usages:
        total = total.plus(usage)
    return total
