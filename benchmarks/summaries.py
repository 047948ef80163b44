"""Whether a summary tells what a conversation was about: gold labels retrieved from its vector.

usage: python benchmarks/summaries.py FOLDER… [--limit N] [--cache FOLDER] [--json FILE]

A folder holds conversations.jsonl.gz (the normal form) and labels.csv (conversation_id, coarse,
fine). The offline engine's texts stand beside the texts one has without it, all embedded with the
product's default model:

  nearest     share of conversations whose nearest other conversation has the same fine label
  p@10        mean share of the ten nearest others with the same fine label
  name top-1  share whose own label's name is the nearest of all labels' names
  name MRR    mean reciprocal rank of the own label's name
  NMI, ARI    k-means at the true number of fine labels against them, mean of three seeds

A label's name is read apart into words ("Events.FindEvents" → "events find"), where it is written
without spaces by the words of the set's own conversations. Differences of `summary` to the other
texts are given with a 95 % interval (paired by conversation, normal approximation).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import os
import platform
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kura_core.engines.rules.summary import summarise_by_rules
from kura_core.load import load_conversations
from kura_core.steps.embed import EmbeddingModel, load_embedding_model
from kura_core.types import Conversation

NEIGHBOURS = 10
SEEDS = (0, 1, 2)
ROWS_AT_ONCE = 1_000
SCORES = ("nearest", "p@10", "name top-1", "name MRR")
COLUMNS = (*SCORES, "NMI", "ARI")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z0-9]+")

Array = np.ndarray[Any, np.dtype[Any]]


def read_set(folder: Path, limit: int | None) -> tuple[list[Conversation], list[str]]:
    """A set's labelled conversations, a seeded sample of them when there is a limit."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        labels = {row["conversation_id"]: row["fine"] for row in csv.DictReader(file)}
    found = load_conversations(folder / "conversations.jsonl.gz").conversations
    kept = [item for item in found if labels.get(item.conversation_id)]
    if limit is not None and len(kept) > limit:
        kept = random.Random(0).sample(kept, limit)
    return kept, [labels[item.conversation_id] for item in kept]


def texts_of(conversation: Conversation) -> dict[str, str]:
    """The texts compared, of one conversation."""
    made = summarise_by_rules(conversation)
    said = [item.content for item in conversation.messages if item.role == "user"]
    return {
        "summary": made.summary,
        "request": made.request or made.summary,
        "embedded_text": made.embedded_text or made.summary,
        "first user message": next(text for text in said if text.strip()),
        "longest user message": max(said, key=len),
        "all user messages": "\n".join(said),
        "whole conversation": "\n".join(item.content for item in conversation.messages),
    }


def readable_names(labels: Iterable[str], texts: Iterable[str]) -> dict[str, str]:
    """Each label in words; runs of letters are split where the texts' words make them up best."""
    counts = Counter(word for text in texts for word in re.findall(r"[a-z]+", text.lower()))
    total = sum(counts.values()) or 1

    def cost(word: str) -> float:
        # A word never seen costs as much as a rare one, and more with every letter.
        seen = counts[word] if len(word) > 1 else 0
        return math.log(total / seen) if seen > 1 else math.log(total) + 3.0 * len(word)

    names = {}
    for label in sorted(set(labels)):
        parts = [part.lower() for part in _CAMEL.split(label) if part]
        words = [word for part in parts for word in split_run(part, cost)]
        names[label] = " ".join(dict.fromkeys(words))
    return names


def split_run(run: str, cost: Callable[[str], float]) -> list[str]:
    """The cheapest split of a run of letters into words (Viterbi over positions)."""
    best: list[tuple[float, list[str]]] = [(0.0, [])]
    for end in range(1, len(run) + 1):
        ways = (
            (best[start][0] + cost(run[start:end]), [*best[start][1], run[start:end]])
            for start in range(end)
        )
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


class KeptVectors:
    """Vectors by text, kept in a file of the cache folder when one is given."""

    def __init__(self, model: EmbeddingModel, folder: Path | None, name: str) -> None:
        self.model = model
        self.file = folder / f"{name}.npz" if folder is not None else None
        self.known: dict[str, Array] = {}
        if self.file is not None and self.file.exists():
            with np.load(self.file) as kept:
                self.known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def of(self, texts: Sequence[str]) -> Array:
        """Unit vectors of shape (texts, dimensions); each different text is encoded once, ever."""
        keys = [
            hashlib.blake2b(f"{self.model.identity}\0{text}".encode()).hexdigest()[:24]
            for text in texts
        ]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.known}
        if new:
            vectors = self.model.encode(list(new.values()))
            self.known.update(zip(new, vectors, strict=True))
            if self.file is not None:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                np.savez(self.file, keys=list(self.known), vectors=np.stack([*self.known.values()]))
        return np.stack([self.known[key] for key in keys])


def retrieval(vectors: Array, labels: Array, names: Array, own: Array) -> dict[str, Array]:
    """The scores of each conversation: float64 arrays of shape (conversations,)."""
    reach = min(NEIGHBOURS, len(labels) - 1)
    scores: dict[str, list[Array]] = {name: [] for name in SCORES}
    for start in range(0, len(labels), ROWS_AT_ONCE):
        rows = np.arange(start, min(start + ROWS_AT_ONCE, len(labels)))
        near = vectors[rows] @ vectors.T
        near[np.arange(len(rows)), rows] = -np.inf
        order = np.argsort(-near, axis=1, kind="stable")[:, :reach]
        same = labels[order] == labels[rows, None]
        to_names = vectors[rows] @ names.T
        rank = 1 + (to_names > to_names[np.arange(len(rows)), own[rows]][:, None]).sum(axis=1)
        scores["nearest"].append(same[:, 0])
        scores["p@10"].append(same.mean(axis=1))
        scores["name top-1"].append(rank == 1)
        scores["name MRR"].append(1.0 / rank)
    return {name: np.concatenate(parts).astype(float) for name, parts in scores.items()}


def agreement(vectors: Array, labels: Array) -> tuple[float, float]:
    """NMI and ARI of k-means at the true number of labels, means of three seeds."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    found = []
    for seed in SEEDS:
        model = KMeans(len(np.unique(labels)), n_init=1, random_state=seed).fit(vectors)
        found.append(
            (
                normalized_mutual_info_score(labels, model.labels_),
                adjusted_rand_score(labels, model.labels_),
            )
        )
    nmi, ari = np.mean(found, axis=0)
    return float(nmi), float(ari)


def measure(
    folder: Path, model: EmbeddingModel, *, limit: int | None = None, cache: Path | None = None
) -> dict[str, Any]:
    """Every text's scores on one set, and the differences of `summary` to the others."""
    started = time.perf_counter()
    conversations, labels = read_set(folder, limit)
    begun = time.perf_counter()
    texts = [texts_of(item) for item in conversations]
    summarising = time.perf_counter() - begun
    names = readable_names(labels, (item["all user messages"] for item in texts))
    order = {label: place for place, label in enumerate(names)}
    own = np.array([order[label] for label in labels])
    kept = KeptVectors(model, cache, folder.name)
    name_vectors = kept.of(list(names.values()))
    table, each = {}, {}
    for kind in texts[0]:
        vectors = kept.of([item[kind] for item in texts])
        each[kind] = retrieval(vectors, own, name_vectors, own)
        nmi, ari = agreement(vectors, own)
        means = {name: float(values.mean()) for name, values in each[kind].items()}
        characters = float(np.median([len(item[kind]) for item in texts]))
        table[kind] = {**means, "NMI": nmi, "ARI": ari, "characters": characters}
    return {
        "set": folder.name,
        "conversations": len(labels),
        "labels": len(names),
        "texts": table,
        "summary minus": {
            kind: {score: _difference(each["summary"][score], scores[score]) for score in SCORES}
            for kind, scores in each.items()
            if kind != "summary"
        },
        "summarise_ms": 1_000 * summarising / len(labels),
        "seconds": time.perf_counter() - started,
    }


def _difference(ours: Array, theirs: Array) -> tuple[float, float]:
    """Mean difference and half the width of its 95 % interval."""
    gaps = ours - theirs
    return float(gaps.mean()), float(1.96 * gaps.std(ddof=1) / math.sqrt(len(gaps)))


def print_table(figures: dict[str, Any]) -> None:
    """Print one set: a row a text, then what `summary` gains over each."""
    print(
        f"\n{figures['set']}: {figures['conversations']} conversations, {figures['labels']} labels"
        f" · {figures['summarise_ms']:.2f} ms a conversation · {figures['seconds']:.0f} s"
    )
    print(f"{'text embedded':<22}" + "".join(f"{name:>12}" for name in COLUMNS) + "  characters")
    for kind, row in figures["texts"].items():
        cells = "".join(f"{row[name]:>12.3f}" for name in COLUMNS)
        print(f"{kind:<22}{cells}{row['characters']:>12.0f}")
    for kind, gains in figures["summary minus"].items():
        cells = "".join(f"{f'{mean:+.3f} ±{half:.3f}':>15}" for mean, half in gains.values())
        print(f"  summary − {kind:<22}{cells}")


def main() -> None:
    """Measure each folder and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--limit", type=int, help="only so many conversations of each set")
    parser.add_argument("--cache", type=Path, help="keep vectors in this folder between runs")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(machine)
    model = load_embedding_model()
    figures = []
    for folder in options.folders:
        figures.append(measure(folder, model, limit=options.limit, cache=options.cache))
        print_table(figures[-1])
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "sets": figures}, indent=2))


if __name__ == "__main__":
    main()
