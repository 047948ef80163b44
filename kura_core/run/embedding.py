"""Summaries to vectors and their neighbours, making only those that no store has."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kura_core.engines.embeddings import embed_texts, embedding_identity, embedding_model_of
from kura_core.engines.offline import OfflineEngine
from kura_core.run.context import RunContext
from kura_core.run.early_vectors import EarlyVectors
from kura_core.run.fingerprint import (
    array_digest,
    code_version,
    digest,
    package_versions,
    thread_count,
)
from kura_core.run.vectors import append_vectors, embed_missing, read_vectors
from kura_core.steps.cluster import FIT_LIMIT
from kura_core.steps.embed import (
    TFIDF,
    EmbeddingModel,
    ModelSource,
    SentenceModel,
    TfidfModel,
    find_embedding_model,
    load_sentence_model,
)
from kura_core.steps.neighbours import Vectors
from kura_core.steps.project import SMALLEST_UMAP, warm_up
from kura_core.steps.sample import FitSample, arrays_of, fit_sample, sample_from
from kura_core.types import ConversationSummary


@dataclass(slots=True)
class Embedded:
    """Summaries with their unit vectors (n, d), and what these came from.

    `sample` is what clusters and map are fitted on, once one of them has needed it; `model` is the
    sentence-transformers model where this run had to load it.
    """

    summaries: Sequence[ConversationSummary]
    vectors: Vectors
    origin: str
    sample: FitSample | None = None
    model: EmbeddingModel | None = None

    @property
    def ids(self) -> list[str]:
        """Return the conversation ids, in the order of the vectors."""
        return [summary.conversation_id for summary in self.summaries]


async def embed(context: RunContext, summaries: Sequence[ConversationSummary]) -> Embedded:
    """Give every summary its vector, making only those that no store has."""
    vectors, model = await _vectors(context, [s.embedded_text or s.summary for s in summaries])
    ids = [summary.conversation_id for summary in summaries]
    origin = digest(array_digest(vectors), ids, code_version(), package_versions())
    return Embedded(summaries, vectors, origin, model=model)


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
                embedded.vectors, FIT_LIMIT, seed=context.config.seed, on_progress=on_progress
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


def begin_early(context: RunContext, conversations: int) -> None:
    """Make ready to embed while a language model is waited for; rules leave nothing to wait for.

    Where no model is loaded here there is nothing to do but to compile UMAP, which beside calls
    would cost them as much time as it saves.
    """
    setting = context.config.embedding_model
    here = setting != TFIDF and embedding_model_of(setting) is None
    if context.engine.name == OfflineEngine.name or not here:
        return

    def load() -> SentenceModel | None:
        source = find_embeddings(context)
        if source is None or source.folder is None:
            return None
        _set_torch_threads()
        model = load_sentence_model(source)
        _warm_up_map(context, conversations)
        return model

    def keep(texts: Sequence[str], vectors: Vectors) -> None:
        early = context.early
        if context.store.enabled and early is not None and early.model is not None:
            append_vectors(texts, vectors, early.model.identity, context.store.vectors)

    context.early = EarlyVectors(load, keep)


def end_early(context: RunContext) -> EarlyVectors | None:
    """End what is embedded early, and return it."""
    early, context.early = context.early, None
    if early is not None:
        early.finish()
    return early


async def _vectors(
    context: RunContext, texts: Sequence[str]
) -> tuple[Vectors, EmbeddingModel | None]:
    early = end_early(context)
    model = early.model if early is not None else None
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
    if early is not None and early.made:
        known.update((text, early.made[text]) for text in texts if text in early.made)
    distinct = len(set(texts))
    with context.step("embed", distinct, cached=len(known)) as step:

        def tell(done: int) -> None:
            step.progress(done)
            context.check()

        def keep(block: Sequence[str], vectors: Vectors) -> None:
            append_vectors(block, vectors, identity, own)
            known.update(zip(block, vectors, strict=True))
            tell(len(known))

        if len(known) < distinct and source is None:
            _warm_up_map(context, len(texts))
            missing = list(dict.fromkeys(text for text in texts if text not in known))
            await embed_texts(
                missing, context.config, context.keys, keep, spending=context.spending
            )
        elif len(known) < distinct and source is not None:
            context.check()
            _set_torch_threads()
            model = model or load_sentence_model(source)
            _warm_up_map(context, len(texts))
            embed_missing(texts, known, model, own, cost=model.cost, on_block=tell)
    return np.stack([known[text] for text in texts]), model


def _warm_up_map(context: RunContext, conversations: int) -> None:
    """Compile UMAP while vectors are computed, unless an earlier map may be used again.

    Not before the model is loaded: two threads importing torch and scipy trip over each other.
    """
    stores = [context.store, *context.earlier]
    if context.map_warmed_up or conversations < SMALLEST_UMAP:
        return
    if not any(store.has("dimensionality") for store in stores):
        context.map_warmed_up = True
        threading.Thread(target=warm_up, name="map warm-up", daemon=True).start()


def _set_torch_threads() -> None:
    import torch

    torch.set_num_threads(thread_count())
