"""Conversation sets with people's labels, taken through the offline pipeline as the product does.

A set is a folder with conversations.jsonl.gz and labels.csv, or FILE=LABELS for any two files. The
labels need a column conversation_id and `fine` (or `topic`); `coarse` (or `theme`) and `lang` (or
`language`) are used where they are there.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kura_core.config import RunConfig
from kura_core.engines.offline import OfflineEngine
from kura_core.load import load_conversations
from kura_core.privacy.redact import make_redactor
from kura_core.run.vectors import embed_missing, read_vectors
from kura_core.steps.closeness import with_closeness
from kura_core.steps.cluster import cluster_vectors
from kura_core.steps.embed import EmbeddingModel
from kura_core.steps.evidence import gather_evidence
from kura_core.steps.meta_cluster import cluster_id_of, meta_cluster
from kura_core.steps.name import name_clusters
from kura_core.steps.neighbours import Neighbours, Vectors, nearest_neighbours
from kura_core.steps.summarise import summarise
from kura_core.types import Cluster, ConversationSummary

COLUMNS = {"fine": ("fine", "topic"), "coarse": ("coarse", "theme"), "lang": ("lang", "language")}

Labels = np.ndarray[Any, Any]


@dataclass(slots=True, frozen=True)
class LabelledSet:
    """One set as the product groups it, beside its labels; all rows in the order of `summaries`.

    `tree` is the whole tree, parents before children; `leaf` and `root` give each row its base
    cluster and its top cluster. `coarse` and `lang` are None where the labels have none, or only
    one.
    """

    name: str
    summaries: list[ConversationSummary]
    vectors: Vectors
    neighbours: Neighbours
    tree: list[Cluster]
    leaf: Labels
    root: Labels
    middle: Labels | None
    fine: Labels
    coarse: Labels | None
    lang: Labels | None

    @property
    def leaves(self) -> list[Cluster]:
        """Return the base clusters."""
        parents = {cluster.parent_id for cluster in self.tree}
        return [cluster for cluster in self.tree if cluster.cluster_id not in parents]


def read_labelled(
    argument: str, cache: Path, config: RunConfig, model: EmbeddingModel
) -> LabelledSet:
    """Run the offline pipeline (without the map) on one set; vectors are kept under `cache`."""
    source, _, labels_file = argument.partition("=")
    folder = Path(source)
    name = Path(labels_file).resolve().parent.name if labels_file else folder.name
    path = folder if labels_file else folder / "conversations.jsonl.gz"
    table = pd.read_csv(Path(labels_file) if labels_file else folder / "labels.csv", dtype=str)
    summaries, vectors, neighbours, tree = asyncio.run(_group(path, cache, config, model))
    gold = table.set_index("conversation_id").reindex([s.conversation_id for s in summaries])
    columns = {
        key: next((gold[c].fillna("").to_numpy(str) for c in names if c in gold), None)
        for key, names in COLUMNS.items()
    }
    fine = columns["fine"]
    if fine is None:
        raise SystemExit(f"{argument}: the labels have no column {' or '.join(COLUMNS['fine'])}.")
    paths = _paths(tree)
    row_paths = [paths[s.conversation_id] for s in summaries]
    deep = max(map(len, row_paths)) > 2
    return LabelledSet(
        name,
        summaries,
        vectors,
        neighbours,
        tree,
        leaf=np.array([path[-1] for path in row_paths]),
        root=np.array([path[0] for path in row_paths]),
        middle=np.array([path[min(1, len(path) - 1)] for path in row_paths]) if deep else None,
        fine=fine,
        coarse=_if_several(columns["coarse"]),
        lang=_if_several(columns["lang"]),
    )


async def _group(
    path: Path, cache: Path, config: RunConfig, model: EmbeddingModel
) -> tuple[list[ConversationSummary], Vectors, Neighbours, list[Cluster]]:
    """The steps of a run in their order, all but the map."""
    engine = OfflineEngine()
    redact = make_redactor(config.redact)
    conversations = [redact(c).conversation for c in load_conversations(path).conversations]
    answers = await summarise(conversations, engine, (), concurrency=config.concurrency)
    summaries = [answer for answer in answers if isinstance(answer, ConversationSummary)]
    vectors = _vectors([s.embedded_text or s.summary for s in summaries], cache, model)
    neighbours = nearest_neighbours(vectors)
    clustering = cluster_vectors(vectors, neighbours, method=config.clustering, seed=config.seed)
    count = len(clustering.centroids)
    rows = [np.flatnonzero(clustering.labels == cluster) for cluster in range(count)]
    evidence = gather_evidence(rows, clustering.centroids, vectors, summaries, seed=config.seed)
    compared = with_closeness(evidence, clustering.centroids, model.encode)
    names = await name_clusters(compared, engine, taken=["Other"])
    leaves = []
    for place, (own, name) in enumerate(zip(rows, names, strict=True)):
        ids = sorted(summaries[row].conversation_id for row in own)
        centroid = [float(value) for value in clustering.centroids[place]]
        leaves.append(
            Cluster(
                cluster_id_of(ids),
                name.name,
                name.description,
                ids,
                centroid=centroid,
                evidence=evidence[place],
            )
        )
    tree = await meta_cluster(leaves, engine, max_top=config.max_top, seed=config.seed)
    return summaries, vectors, neighbours, tree


def _vectors(texts: list[str], cache: Path, model: EmbeddingModel) -> Vectors:
    known = read_vectors(texts, model.identity, [cache])
    embed_missing(texts, known, model, cache)
    return np.stack([known[text] for text in texts])


def _if_several(labels: Labels | None) -> Labels | None:
    return None if labels is None or len(set(labels)) < 2 else labels


def _paths(tree: list[Cluster]) -> dict[str, list[str]]:
    """Each conversation's clusters from the top down."""
    above: dict[str, list[str]] = {}
    found: dict[str, list[str]] = {}
    for cluster in tree:
        own = [*above.get(cluster.parent_id or "", []), cluster.cluster_id]
        above[cluster.cluster_id] = own
        found.update(dict.fromkeys(cluster.conversation_ids, own))
    return found
