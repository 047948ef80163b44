"""Summaries to vectors and their neighbours, making only those that no store has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kura_core.engines.embeddings import (
    OnBlock,
    embed_texts,
    embedding_identity,
    embedding_model_of,
)
from kura_core.engines.offline import OfflineEngine
from kura_core.errors import InputError
from kura_core.run.context import RunContext
from kura_core.run.fingerprint import (
    array_digest,
    code_version,
    digest,
    package_versions,
    thread_count,
)
from kura_core.run.vectors import append_vectors, embed_missing, read_vectors
from kura_core.run.waiting.early_requests import EarlyRequests
from kura_core.run.waiting.early_vectors import EarlyVectors
from kura_core.run.waiting.embedding_process import EmbeddingProcess, start_embedding_process
from kura_core.run.waiting.warm_map import begin_warm_up
from kura_core.steps.cluster import FIT_LIMIT
from kura_core.steps.dendrogram import Labels
from kura_core.steps.embed import (
    TFIDF,
    EmbeddingModel,
    ModelSource,
    SentenceModel,
    TfidfModel,
    find_embedding_model,
    load_sentence_model,
)
from kura_core.steps.grouped_text import SUMMARY, as_grouped, grouped_text, text_to_embed
from kura_core.steps.neighbours import Vectors
from kura_core.steps.sample import FitSample, Rows, arrays_of, fit_sample, sample_from
from kura_core.types import ConversationSummary


@dataclass(slots=True)
class Embedded:
    """Summaries with their unit vectors (n, d), and what these came from.

    Summaries read as names are to see them: where another text is grouped, it stands in place of
    the gist. `answered` are the rows that have such a text, None: all; the vectors of the others
    are of their gists, and no cluster is found by them. `kinds` numbers equal texts alike where
    they are answers, of which many are equal, (grouped rows,). `sample` is what clusters and map
    are fitted on, once one of them has needed it; `model` is the sentence-transformers model where
    this run had to load it.
    """

    summaries: Sequence[ConversationSummary]
    vectors: Vectors
    origin: str
    answered: Rows | None = None
    kinds: Labels | None = None
    sample: FitSample | None = None
    model: EmbeddingModel | None = None

    @property
    def ids(self) -> list[str]:
        """Return the conversation ids, in the order of the vectors."""
        return [summary.conversation_id for summary in self.summaries]

    @property
    def grouped(self) -> Vectors:
        """Return the vectors that clusters are found among."""
        return self.vectors if self.answered is None else self.vectors[self.answered]


async def embed(context: RunContext, summaries: Sequence[ConversationSummary]) -> Embedded:
    """Give every summary the vector of what it is grouped by, making only those no store has.

    Raises InputError when no conversation has a text of that kind.
    """
    by = context.config.cluster_by
    answered = _answered(context, summaries)
    texts = [text_to_embed(one, by) for one in summaries]
    vectors, model = await _vectors(context, texts)
    ids = [summary.conversation_id for summary in summaries]
    made_from: list[Any] = [array_digest(vectors), ids, code_version(), package_versions()]
    kinds = None
    if by != SUMMARY:
        grouped = texts if answered is None else [texts[row] for row in answered]
        kinds = np.unique(np.array(grouped, dtype=object), return_inverse=True)[1].astype(np.int32)
        made_from.append([None if answered is None else answered.tolist(), kinds.tolist()])
    shown = [as_grouped(summary, by) for summary in summaries]
    return Embedded(shown, vectors, digest(*made_from), answered, kinds, model=model)


def _answered(context: RunContext, summaries: Sequence[ConversationSummary]) -> Rows | None:
    by = context.config.cluster_by
    found = [row for row, one in enumerate(summaries) if grouped_text(one, by) is not None]
    missing = len(summaries) - len(found)
    if not missing:
        return None
    if not found:
        raise InputError(
            f"Nothing can be grouped by {by!r}: none of the {len(summaries):,} conversations tells "
            "it. Group by the summary, or ask for something that conversations tell."
        )
    context.notice(
        f"{missing:,} of {len(summaries):,} conversations have no answer to “{by}”, by which they "
        "are grouped: they are in the group “Other”."
    )
    return np.array(found)


def model_for_names(context: RunContext, embedded: Embedded) -> EmbeddingModel | None:
    """Return the model that made the vectors, loaded when it is not yet.

    None where names cannot be compared at no cost: TF-IDF, whose vectors depend on all texts, and
    models of a provider.
    """
    source = find_embeddings(context)
    if embedded.model is None and source is not None and source.folder is not None:
        _set_torch_threads()
        embedded.model = load_sentence_model(source)
    return embedded.model


def sample_of(
    context: RunContext, embedded: Embedded, on_progress: Callable[[float], None]
) -> FitSample:
    """Find the neighbours that clusters and map share, unless a store has them."""
    if embedded.sample is None:
        made_from = digest(embedded.origin, "neighbours", context.config.seed, FIT_LIMIT)
        kept = None
        for store in (context.store, *context.earlier):
            kept = kept or store.load_arrays("neighbours", made_from)
        if kept:
            embedded.sample = sample_from(kept)
        else:
            embedded.sample = fit_sample(
                embedded.grouped, FIT_LIMIT, seed=context.config.seed, on_progress=on_progress
            )
        context.store.save_arrays("neighbours", made_from, **arrays_of(embedded.sample))
    return embedded.sample


def find_embeddings(context: RunContext) -> ModelSource | None:
    """Find the model on this machine; None where a provider embeds, whose key is at hand.

    Raises EngineError when the one or the other is missing.
    """
    if embedding_model_of(context.config.embedding_model) is None:
        return find_embedding_model(context.config.embedding_model)
    embedding_identity(context.config, context.keys)
    return None


def begin_early(context: RunContext) -> None:
    """Make ready to embed while a language model is waited for; rules leave nothing to wait for."""
    setting = context.config.embedding_model
    if context.engine.name == OfflineEngine.name or setting == TFIDF:
        return
    own = context.store.vectors if context.store.enabled else None

    async def ask(texts: Sequence[str], take: OnBlock) -> None:
        identity = embedding_identity(context.config, context.keys)
        folders = [*([own] if own else []), *(store.vectors for store in context.earlier)]
        kept = read_vectors(texts, identity, folders)

        def keep(block: Sequence[str], vectors: Vectors) -> None:
            append_vectors(block, vectors, identity, own)
            take(block, vectors)

        missing = [text for text in texts if text not in kept]
        await embed_texts(missing, context.config, context.keys, keep, spending=context.spending)

    def start() -> EmbeddingProcess | None:
        source = find_embeddings(context)
        if source is None or source.folder is None:
            return None
        return start_embedding_process(source, thread_count())

    def keep(texts: Sequence[str], vectors: Vectors, identity: str) -> None:
        append_vectors(texts, vectors, identity, own)

    here = embedding_model_of(setting) is None
    context.early = EarlyVectors(start, keep) if here else EarlyRequests(ask)


def end_early(context: RunContext) -> None:
    """End what is embedded early."""
    early, context.early = context.early, None
    if early is not None:
        early.end()


async def _vectors(
    context: RunContext, texts: Sequence[str]
) -> tuple[Vectors, EmbeddingModel | None]:
    early = context.early
    if early is not None:  # which writes to the same files
        await early.finish(context.check)
    model: SentenceModel | None = None
    source = find_embeddings(context)
    if source is None:
        identity = embedding_identity(context.config, context.keys)
    else:
        identity = source.identity
        if source.notice:
            context.notice(source.notice)
    # TF-IDF is fitted on all texts, so nothing can be kept by text.
    if source is not None and source.folder is None:
        with context.step("embed", len(texts)):
            return TfidfModel(context.config.seed).encode(texts), None
    own = context.store.vectors if context.store.enabled else None
    known = read_vectors(texts, identity, [own] if own else [])
    missing = [text for text in texts if text not in known]
    reused = read_vectors(missing, identity, [store.vectors for store in context.earlier])
    append_vectors(list(reused), np.array(list(reused.values())), identity, own)
    known.update(reused)
    made = early.made if early is not None else {}
    cached = sum(text not in made for text in known)
    known.update((text, made[text]) for text in texts if text in made)
    distinct = len(set(texts))
    with context.step("embed", distinct, cached=cached) as step:

        def tell(done: int) -> None:
            step.progress(done)
            context.check()

        def keep(block: Sequence[str], vectors: Vectors) -> None:
            append_vectors(block, vectors, identity, own)
            known.update(zip(block, vectors, strict=True))
            tell(len(known))

        if len(known) < distinct and source is None:
            begin_warm_up(context, len(texts))
            missing = list(dict.fromkeys(text for text in texts if text not in known))
            await embed_texts(
                missing, context.config, context.keys, keep, spending=context.spending
            )
        elif len(known) < distinct and source is not None:
            context.check()
            maker: SentenceModel | EmbeddingProcess
            if isinstance(early, EarlyVectors) and early.model is not None:
                maker = early.model
            else:
                _set_torch_threads()
                maker = model = load_sentence_model(source)
            begin_warm_up(context, len(texts))
            embed_missing(texts, known, maker, own, cost=maker.cost, on_block=tell)
    end_early(context)
    return np.stack([known[text] for text in texts]), model


def _set_torch_threads() -> None:
    import torch

    torch.set_num_threads(thread_count())
