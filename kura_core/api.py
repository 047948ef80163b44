"""The five steps as functions, for scripts and notebooks; every `model=` may be left out."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from kura_core.config import BUNDLED_EMBEDDING, Facet, RunConfig
from kura_core.engines.choose import make_engine
from kura_core.engines.kept_answers import AnswerCache
from kura_core.engines.protocol import Engine
from kura_core.errors import ConfigError
from kura_core.prompts import Prompts
from kura_core.run.cache import keeping
from kura_core.run.checkpoints import JSONLCheckpointManager
from kura_core.run.context import RunContext
from kura_core.run.embedding import embed
from kura_core.run.events import STEPS, Emit
from kura_core.run.fingerprint import digest
from kura_core.run.grouping import find_clusters, name_leaves, themes
from kura_core.run.items import cluster_item, cluster_of
from kura_core.run.reading import read_conversations
from kura_core.steps.project import HDBUMAP, project_conversations
from kura_core.types import Cluster, Conversation, ConversationSummary

if TYPE_CHECKING:
    import altair as alt
    from rich.console import Console

EngineName = Literal["offline", "openai", "anthropic"]
_KEY_VARIABLES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}


@dataclass(slots=True, frozen=True)
class SummaryModel:
    """How conversations are summarised: by which engine, with which extra facets, redacted how far.

    `prompt` and `facets` tune what a language model is asked; the offline engine works by rules and
    says that it leaves them out. `engine` is the name of one or, with a model and base URL of your
    own, what `make_engine(RunConfig(…))` returns; that one is yours to close. `cache` keeps an
    engine's answers over runs; `console` (rich) shows progress.
    """

    console: Console | None = None
    cache: AnswerCache | None = None
    prompt: str | None = None
    facets: Sequence[Facet] = ()
    engine: Engine | EngineName | None = None
    redact: Literal["off", "standard", "strict"] = "standard"
    max_concurrent_requests: int = 20


@dataclass(slots=True, frozen=True)
class ClusterDescriptionModel:
    """How base clusters are found and named; their number is found unless it is set."""

    console: Console | None = None
    cache: AnswerCache | None = None
    engine: Engine | EngineName | None = None
    clustering: Literal["kmeans", "minibatch", "hdbscan"] = "kmeans"
    clusters: int | None = None
    per_cluster: int | None = None
    embedding_model: str = BUNDLED_EMBEDDING
    seed: int = 0


@dataclass(slots=True, frozen=True)
class MetaClusterModel:
    """How the levels above are built and named: until at most `max_top` themes remain."""

    console: Console | None = None
    cache: AnswerCache | None = None
    engine: Engine | EngineName | None = None
    max_top: int = 10
    seed: int = 0


async def summarise_conversations(
    conversations: Sequence[Conversation],
    *,
    model: SummaryModel | None = None,
    checkpoint_manager: JSONLCheckpointManager | None = None,
) -> list[ConversationSummary]:
    """Redact and summarise conversations; the answers come in order of conversation id.

    A conversation that fails for good is left out and said on the console. Items that the
    checkpoint manager keeps from the same input and settings are not made again.
    """
    model = model or SummaryModel()
    config = _config(
        redact=model.redact,
        facets=tuple(model.facets),
        concurrency=model.max_concurrent_requests,
        prompts=Prompts(summary=model.prompt),
    )
    ordered = sorted(conversations, key=lambda conversation: conversation.conversation_id)
    ids = [conversation.conversation_id for conversation in ordered]
    if len(set(ids)) < len(ids):
        twice = next(i for i, following in pairwise(ids) if i == following)
        raise ConfigError(
            f"Got two conversations with the id {twice!r}; ids must differ. Drop one of them, or "
            "give it another id."
        )
    async with _context(config, model, checkpoint_manager) as context:
        if context.engine.name == "offline" and (model.prompt or model.facets):
            context.notice(
                "The offline engine works by rules: it leaves out your prompt and facets."
            )
        reading = await read_conversations(context, ordered)
        for one in reading.left_out:
            context.notice(f"{one.conversation_id} could not be summarised: {one.reason}")
        return reading.summaries


async def generate_base_clusters_from_conversations(
    summaries: Sequence[ConversationSummary],
    *,
    model: ClusterDescriptionModel | None = None,
    checkpoint_manager: JSONLCheckpointManager | None = None,
) -> list[Cluster]:
    """Embed summaries, find the base clusters and name them, the largest first."""
    model = model or ClusterDescriptionModel()
    config = _config(
        clustering=model.clustering,
        clusters=model.clusters,
        per_cluster=model.per_cluster,
        embedding_model=model.embedding_model,
        seed=model.seed,
    )
    if not summaries:
        return []
    async with _context(config, model, checkpoint_manager) as context:
        embedded = await embed(context, summaries)
        return await name_leaves(context, embedded, find_clusters(context, embedded))


async def reduce_clusters_from_base_clusters(
    clusters: Sequence[Cluster],
    *,
    model: MetaClusterModel | None = None,
    checkpoint_manager: JSONLCheckpointManager | None = None,
) -> list[Cluster]:
    """Build and name the levels above; returns all clusters, parents before their children."""
    model = model or MetaClusterModel()
    config = _config(max_top=model.max_top, seed=model.seed)
    async with _context(config, model, checkpoint_manager) as context:
        return await themes(context, clusters)


async def reduce_dimensionality_from_clusters(
    clusters: Sequence[Cluster],
    *,
    model: HDBUMAP | None = None,
    checkpoint_manager: JSONLCheckpointManager | None = None,
) -> list[Cluster]:
    """Give every cluster a place on the map, from the centroids that clusters hold."""
    model = model or HDBUMAP()
    store = checkpoint_manager or JSONLCheckpointManager(".", enabled=False)
    made_from = digest([cluster_item(cluster) for cluster in clusters], repr(model))
    kept = store.load("dimensionality", made_from)
    if len(kept) == len(clusters):
        return [cluster_of(item) for item in kept.values()]
    for cluster in clusters:
        if cluster.centroid is None:
            raise ConfigError(
                f"The cluster {cluster.name!r} holds no centroid; pass the clusters that "
                "generate_base_clusters_from_conversations or "
                "reduce_clusters_from_base_clusters returned."
            )
    points = project_conversations(
        np.array([cluster.centroid for cluster in clusters], dtype=np.float32), model=model
    )
    placed = [
        replace(cluster, x=float(x), y=float(y))
        for cluster, (x, y) in zip(clusters, points, strict=True)
    ]
    store.begin("dimensionality", made_from)
    store.append("dimensionality", [(c.cluster_id, cluster_item(c)) for c in placed])
    return placed


def visualise_pipeline_results(
    clusters: Sequence[Cluster],
    *,
    style: Literal["basic", "enhanced", "rich"] = "basic",
    show: Callable[[str], Any] = print,
) -> alt.LayerChart:
    """Print the tree of clusters and return its interactive chart.

    The chart has a point a cluster, sized by its conversations; hovering shows the description and
    a click drills down.
    """
    from kura_core.explore.charts import cluster_map
    from kura_core.explore.tree import clusters_frame, render_tree

    show(render_tree(clusters, style))
    return cluster_map(clusters_frame(clusters))


def _config(**settings: Any) -> RunConfig:
    from pydantic import ValidationError

    try:
        return RunConfig(**settings)
    except ValidationError as error:
        raise ConfigError(f"The settings cannot be used: {error.errors()[0]['msg']}.") from error


@asynccontextmanager
async def _context(
    config: RunConfig,
    model: SummaryModel | ClusterDescriptionModel | MetaClusterModel,
    store: JSONLCheckpointManager | None,
) -> AsyncIterator[RunContext]:
    """Make what the steps share; an engine made here is closed here."""
    given = model.engine if not isinstance(model.engine, str) else None
    if given is None:
        name = model.engine if isinstance(model.engine, str) else _choose_engine(model.console)
        engine = make_engine(config.model_copy(update={"engine": name}))
    else:
        engine = given
    try:
        yield RunContext(
            config,
            keeping(engine, model.cache) if model.cache is not None else engine,
            store=store or JSONLCheckpointManager(".", enabled=False),
            emit=_tell(model.console),
        )
    finally:
        if given is None:
            await engine.aclose()


def _choose_engine(console: Console | None) -> str:
    """Take the provider whose key is set, else the offline engine; say which and why."""
    say = console.print if console is not None else print
    for name, variable in _KEY_VARIABLES.items():
        if os.environ.get(variable):
            say(f"Engine: {name}, because {variable} is set.")
            return name
    say("Engine: offline, because no key is set.")
    return "offline"


def _tell(console: Console | None) -> Emit:
    def tell(event: str, **values: Any) -> None:
        if event == "notice":
            (console.print if console is not None else print)(values["text"])
        elif event == "step_finished" and console is not None:
            title, unit = STEPS[values["step"]]
            console.print(f"{title}: {values['total']} {unit} in {values['seconds']:.1f} s")

    return tell
