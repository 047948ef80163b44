"""How well names tell what their clusters hold, measured by embedding similarity alone.

Nothing here shares a rule with the code that makes names, so that it cannot flatter them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from labelled import LabelledSet

from kura_core.types import Cluster

NEARLY_THE_SAME = 0.9
FUNCTION_WORDS = frozenset("a an the of to for in on at by with from and or my your is are".split())
Encode = Callable[[Sequence[str]], np.ndarray[Any, Any]]


def readable(label: str) -> str:
    """A label as a person would read it: "insurance.GetQuote" → "insurance get quote"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label)
    return " ".join(re.split(r"[\W_]+", apart)).strip().lower()


def measure_names(data: LabelledSet, encode: Encode) -> dict[str, float]:
    """Duplicates among siblings, gold labels found from names, members nearest their own name."""
    leaves = [leaf for leaf in data.leaves if not leaf.is_other]
    majority = majority_labels(data)
    labels = sorted(set(data.fine))
    gold = encode([readable(label) for label in labels])
    found = {"names": float(len(data.tree)), **_duplicates(data.tree, encode)}
    for title, texts in (
        ("name", [leaf.name for leaf in leaves]),
        ("name + description", [f"{leaf.name}. {leaf.description}" for leaf in leaves]),
    ):
        ranked = np.argsort(-(encode(texts) @ gold.T), axis=1, kind="stable")
        for top in (1, 3):
            hits = [
                majority[leaf.cluster_id][0] in {labels[i] for i in row[:top]}
                for leaf, row in zip(leaves, ranked, strict=True)
            ]
            found[f"{title}: top {top}"] = float(np.mean(hits))
    found["own name nearest"] = _nearest_own(data, leaves, encode)
    return found


def majority_labels(data: LabelledSet) -> dict[str, tuple[str, float]]:
    """Each base cluster's most frequent fine label and its share."""
    found = {}
    for leaf in data.leaves:
        counts = Counter(data.fine[data.leaf == leaf.cluster_id].tolist())
        label, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
        found[leaf.cluster_id] = (label, count / counts.total())
    return found


def print_names(data: LabelledSet, most: int) -> None:
    """Print names beside their members' majority label, and themes with their children."""
    majority = majority_labels(data)
    print(f"\n{data.name}: name | conversations | majority label, its share")
    for leaf in data.leaves[:most]:
        label, share = majority[leaf.cluster_id]
        print(f"  {leaf.name:<44} {len(leaf.conversation_ids):>5}  {readable(label)}, {share:.0%}")
    below = defaultdict(list)
    for cluster in data.tree:
        below[cluster.parent_id].append(cluster)
    for cluster in data.tree:
        if cluster.cluster_id in below:
            children = " · ".join(child.name for child in below[cluster.cluster_id])
            print(f"  {'– ' * cluster.level}{cluster.name} ← {children}")


def _duplicates(tree: Sequence[Cluster], encode: Encode) -> dict[str, float]:
    vectors = encode([cluster.name for cluster in tree])
    groups: dict[str | None, list[int]] = defaultdict(list)
    for place, cluster in enumerate(tree):
        groups[cluster.parent_id].append(place)
    same = near = 0
    for group in groups.values():
        for at, one in enumerate(group):
            for other in group[at + 1 :]:
                names = tree[one].name.lower(), tree[other].name.lower()
                same += names[0] == names[1]
                alike = float(vectors[one] @ vectors[other]) > NEARLY_THE_SAME
                near += names[0] != names[1] and (alike or _kernel(names[0]) == _kernel(names[1]))
    anywhere = len(tree) - len({cluster.name.lower() for cluster in tree})
    return {
        "equal siblings": float(same),
        "near-equal siblings": float(near),
        "equal anywhere": float(anywhere),
    }


def _kernel(name: str) -> frozenset[str]:
    """A name's words without function words and plural endings."""
    words = (word for word in re.findall(r"\w+", name) if word not in FUNCTION_WORDS)
    return frozenset(word.removesuffix("s") for word in words)


def _nearest_own(data: LabelledSet, leaves: Sequence[Cluster], encode: Encode) -> float:
    """The share of members nearer to their own cluster's name than to any sibling's."""
    names = encode([leaf.name for leaf in leaves])
    place = {leaf.cluster_id: i for i, leaf in enumerate(leaves)}
    siblings: dict[str | None, list[int]] = defaultdict(list)
    for i, leaf in enumerate(leaves):
        siblings[leaf.parent_id].append(i)
    right = judged = 0
    for leaf in leaves:
        rivals = siblings[leaf.parent_id]
        if len(rivals) < 2:
            continue
        rows = np.flatnonzero(data.leaf == leaf.cluster_id)
        nearest = np.argmax(data.vectors[rows] @ names[rivals].T, axis=1)
        right += int((np.array(rivals)[nearest] == place[leaf.cluster_id]).sum())
        judged += len(rows)
    return right / judged if judged else 1.0
