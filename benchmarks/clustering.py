"""How right clusters and names are: the offline pipeline at defaults against people's labels.

usage: python benchmarks/clustering.py SET… [--anchors] [--names N] [--leave-one-out]
                                       [--cache FOLDER] [--json FILE]

A SET is a folder with conversations.jsonl.gz and labels.csv, or FILE=LABELS (see labelled.py).
Nothing about the labels reaches the pipeline: it finds its own number of clusters. `--anchors`
puts plain methods beside it, some of which are told the true number. `--leave-one-out` chooses the
settings anew on all sets but one and scores them on that one. Vectors are kept in the cache folder.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from anchors import ANCHORS, true_k_themes
from labelled import LabelledSet, Labels, read_labelled
from names import measure_names, print_names

from kura_core.config import RunConfig
from kura_core.steps.cluster import FEWEST_CLUSTERS, ROUNDS, cluster_vectors
from kura_core.steps.embed import load_embedding_model

PRODUCT = "Kura, offline defaults"
BASELINE = "k-means, k by silhouette"
ALLOWED_BELOW = 0.02
GRID = list(itertools.product((1, 2, 3), (1.0, 1.5, 2.0)))

Scores = dict[str, float]


def score(truth: Labels, found: Labels) -> Scores:
    """Agreement of two groupings: AMI, ARI, NMI; and the number of groups found."""
    from sklearn.metrics import (
        adjusted_mutual_info_score,
        adjusted_rand_score,
        normalized_mutual_info_score,
    )

    return {
        "AMI": float(adjusted_mutual_info_score(truth, found)),
        "ARI": float(adjusted_rand_score(truth, found)),
        "NMI": float(normalized_mutual_info_score(truth, found)),
        "clusters": float(len(np.unique(found))),
    }


def measure(data: LabelledSet, with_anchors: bool) -> dict[str, Any]:
    """All figures of one set, but for its names'."""
    found: dict[str, Any] = {
        "conversations": len(data.fine),
        "labels": len(set(data.fine)),
        "coarse labels": 0 if data.coarse is None else len(set(data.coarse)),
        "fine": {PRODUCT: score(data.fine, data.leaf)},
        "coarse": {},
    }
    if data.coarse is not None:
        found["coarse"]["top level"] = score(data.coarse, data.root)
        if data.middle is not None:
            found["coarse"]["second level"] = score(data.coarse, data.middle)
    if with_anchors:
        for title, anchor in ANCHORS.items():
            labels = anchor(data.vectors, data.fine, len(data.fine))
            found["fine"][title] = score(data.fine, labels)
        if data.coarse is not None:
            themes = true_k_themes(data.vectors, data.fine, data.coarse)
            found["coarse"]["k-means, Ward on centroids, true k"] = score(data.coarse, themes)
    if data.lang is not None:
        found["languages"] = measure_languages(data)
    return found


def measure_languages(data: LabelledSet) -> dict[str, Any]:
    """Whether clusters hold subjects or languages, and how pure each language's members sit."""
    import pandas as pd

    assert data.lang is not None
    table = pd.DataFrame({"leaf": data.leaf, "fine": data.fine, "lang": data.lang})
    major = table.groupby("leaf")["fine"].agg(lambda fine: fine.value_counts().index[0])
    right = table["fine"] == table["leaf"].map(major)
    purity = right.groupby(table["lang"]).mean().sort_values(ascending=False)
    return {
        "AMI with fine labels": score(data.fine, data.leaf)["AMI"],
        "AMI with languages": score(data.lang, data.leaf)["AMI"],
        "share in clusters of mostly one language": _one_language(table),
        "purity": {str(lang): float(share) for lang, share in purity.items()},
    }


def _one_language(table: Any) -> float:
    """The share of conversations in clusters where one language has nine in ten members."""
    shares = table.groupby("leaf")["lang"].agg(lambda lang: lang.value_counts(normalize=True).max())
    return float((table["leaf"].map(shares) >= 0.9).mean())


def leave_one_out(sets: Sequence[LabelledSet]) -> dict[str, Any]:
    """For each set: the settings best on all others, their score on it, and the defaults' score."""
    table: dict[tuple[int, float], list[Scores]] = {}
    for rounds, fewest in GRID:
        table[rounds, fewest] = [
            score(
                data.fine,
                cluster_vectors(data.vectors, data.neighbours, rounds=rounds, fewest=fewest).labels,
            )
            for data in sets
        ]
    found = {}
    for place, data in enumerate(sets):

        def elsewhere(setting: tuple[int, float], left: int = place) -> float:
            others = [s for at, s in enumerate(table[setting]) if at != left]
            return sum(s["AMI"] + s["ARI"] for s in others)

        chosen = max(GRID, key=elsewhere)
        found[data.name] = {
            "rounds": chosen[0],
            "fewest": chosen[1],
            "chosen on the others": table[chosen][place],
            "defaults": table[ROUNDS, FEWEST_CLUSTERS][place],
        }
    return found


def print_fine(figures: dict[str, Any]) -> None:
    """Base clusters against fine labels: AMI / ARI and the number of clusters, a row a method."""
    names = list(figures)
    titles = list(next(iter(figures.values()))["fine"])
    print("\nBase clusters against fine labels: AMI / ARI (clusters)")
    _row("", [*names, "mean"])
    counts = [f"{figures[n]['conversations']} > {figures[n]['labels']}" for n in names]
    _row("conversations > labels", counts)
    for title in titles:
        scores = [figures[name]["fine"][title] for name in names]
        cells = [f"{s['AMI']:.3f}/{s['ARI']:.3f} ({s['clusters']:.0f})" for s in scores]
        mean = [float(np.mean([s[key] for s in scores])) for key in ("AMI", "ARI")]
        _row(title, [*cells, f"{mean[0]:.3f}/{mean[1]:.3f}"])
    if BASELINE in titles:
        for name in names:
            ours, plain = (figures[name]["fine"][title] for title in (PRODUCT, BASELINE))
            for key in ("AMI", "ARI"):
                if ours[key] < plain[key] - ALLOWED_BELOW:
                    print(f"{name}: {key} is {plain[key] - ours[key]:.3f} below {BASELINE}")


def print_coarse(figures: dict[str, Any]) -> None:
    """Levels above against coarse labels."""
    names = [name for name in figures if figures[name]["coarse"]]
    if not names:
        return
    titles = list(dict.fromkeys(t for name in names for t in figures[name]["coarse"]))
    print("\nLevels above against coarse labels: AMI / ARI / NMI (groups)")
    _row("", [f"{name} > {figures[name]['coarse labels']}" for name in names], 26)
    for title in titles:
        scores = [figures[name]["coarse"].get(title) for name in names]
        cells = (
            f"{s['AMI']:.3f}/{s['ARI']:.3f}/{s['NMI']:.3f} ({s['clusters']:.0f})" if s else "–"
            for s in scores
        )
        _row(title, list(cells), 26)


def print_names_table(figures: dict[str, Any]) -> None:
    """Figures about names, a row a figure."""
    names = list(figures)
    print("\nNames")
    _row("", [*names, "mean"], 12)
    for title in figures[names[0]]["names"]:
        values = [figures[name]["names"][title] for name in names]
        form = "{:.3f}" if any(value != int(value) for value in values) else "{:.0f}"
        _row(title, [form.format(value) for value in [*values, float(np.mean(values))]], 12)


def print_languages(figures: dict[str, Any]) -> None:
    """Sets in several languages: what their clusters follow."""
    for name in figures:
        told = figures[name].get("languages")
        if told:
            print(f"\n{name}: base clusters and languages")
            for title, value in told.items():
                if title != "purity":
                    print(f"  {title:<42} {value:.3f}")
            shares = ", ".join(f"{lang} {share:.2f}" for lang, share in told["purity"].items())
            print(f"  members with their cluster's majority label, by language: {shares}")


def print_left_out(found: dict[str, Any]) -> None:
    """Settings chosen without a set, and what they cost on it."""
    print("\nSettings chosen on all other sets: AMI / ARI on the set left out")
    _row("", ["rounds", "fewest", "chosen", "defaults"], 14)
    for name, told in found.items():
        pairs = [told["chosen on the others"], told["defaults"]]
        cells = [f"{s['AMI']:.3f}/{s['ARI']:.3f}" for s in pairs]
        _row(name, [str(told["rounds"]), f"{told['fewest']:g} ∛n", *cells], 14)


def _row(title: str, cells: Sequence[str], width: int = 20) -> None:
    print(f"{title:<38}" + "".join(f"{cell:>{width}}" for cell in cells))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+", metavar="SET")
    parser.add_argument("--anchors", action="store_true", help="plain methods beside it")
    parser.add_argument("--names", type=int, default=0, metavar="N", help="print N names a set")
    parser.add_argument("--leave-one-out", action="store_true")
    parser.add_argument("--cache", type=Path, help="keep vectors and summaries in this folder")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    model = load_embedding_model()
    with TemporaryDirectory() as scratch:
        folder = options.cache or Path(scratch)
        sets = [read_labelled(argument, folder, RunConfig(), model) for argument in options.sets]
    figures: dict[str, Any] = {}
    where = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    for data in sets:
        print(f"measuring {data.name}", file=sys.stderr)
        figures[data.name] = measure(data, options.anchors)
        figures[data.name]["names"] = measure_names(data, model.encode)
        _write(options.json, where, figures, {})
    print(where)
    print_fine(figures)
    print_coarse(figures)
    print_names_table(figures)
    print_languages(figures)
    left_out = leave_one_out(sets) if options.leave_one_out else {}
    if left_out:
        print_left_out(left_out)
    for data in sets if options.names else ():
        print_names(data, options.names)
    _write(options.json, where, figures, left_out)


def _write(
    path: Path | None, where: str, figures: dict[str, Any], left_out: dict[str, Any]
) -> None:
    """Keep what is measured so far: plain methods take minutes a set."""
    if path:
        told = {"machine": where, "sets": figures, "leave one out": left_out}
        path.write_text(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
