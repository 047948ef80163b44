"""How well the judges' outcomes agree with what people said of the same conversations.

usage: python benchmarks/judges.py FOLDER|FILE=LABELS… [--label COLUMN=FAILED:MET] [--limit N]
           [--engine openai|anthropic --model M --base-url URL --concurrency N] [--no-anchor]
           [--json FILE]

A folder holds conversations.jsonl.gz (the normal form) and labels.csv with a conversation_id. Read
are the columns user_says_task_done (1 or 0), path (happy or unhappy), reward (1 or 0) and outcome
(achieved, or partly and not achieved), whichever are there, and those that --label adds; a row with
any other value is left out. The judges see the messages and the request that the rules read from
them, never a label. For each set and label:

  cannot tell   share of the labelled conversations that were judged so
  AUC           of failure_score (0.5 where it has none) against the label, with a 95 % interval
                (Hanley and McNeil, 1982)
  precision     share labelled failed of those judged failed (not achieved or partly), Wilson 95 %
  recall        share judged failed of those labelled failed, Wilson 95 %
  anchor AUC    what labels can teach: TF-IDF of whole texts and logistic regression, predicted for
                each fifth by a model of the other four, computed in the same run; tries at one
                task (column task_id) stay in one fifth

Where the labels have a column dissatisfaction (kinds joined by ";"), each kind that the user voiced
is compared too, among conversations with two or more user messages.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import math
import os
import platform
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kura_core.config import RunConfig
from kura_core.engines.choose import make_engine
from kura_core.engines.offline import OfflineEngine
from kura_core.errors import KuraError
from kura_core.explore.stats import Estimate, share
from kura_core.load import load_conversations
from kura_core.steps.judge import judge
from kura_core.steps.summarise import summarise
from kura_core.types import Conversation, ConversationSummary, Judgement

FAILED = ("partly", "not achieved")
KINDS = ("rephrased", "corrected", "asked again", "gave up")
FOLDS = 5
SEED = 0

Row = dict[str, str]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Scores = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(slots=True, frozen=True)
class Label:
    """A column of people's labels, and which of its values say failed and which say met."""

    column: str
    failed: tuple[str, ...]
    met: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Label:
        """Read COLUMN=FAILED:MET, values separated by commas."""
        column, _, values = text.partition("=")
        failed, colon, met = values.partition(":")
        if not (column and failed and colon and met):
            raise argparse.ArgumentTypeError(f"{text!r} is not COLUMN=FAILED:MET, as in ok=no:yes")
        return cls(column, tuple(failed.split(",")), tuple(met.split(",")))


LABELS = (
    Label("user_says_task_done", ("0",), ("1",)),
    Label("path", ("unhappy",), ("happy",)),
    Label("reward", ("0",), ("1",)),
    Label("outcome", FAILED, ("achieved",)),
)


def read_set(argument: str, limit: int | None) -> tuple[str, list[Conversation], dict[str, Row]]:
    """A set's name, its labelled conversations (a seeded sample under a limit) and its labels."""
    source, _, labels_file = argument.partition("=")
    path = Path(source) if labels_file else Path(source) / "conversations.jsonl.gz"
    labels = Path(labels_file) if labels_file else Path(source) / "labels.csv"
    if not labels.is_file():
        raise SystemExit(
            f"{argument}: there is no {labels}; give a folder with one, or FILE=LABELS"
        )
    with labels.open(encoding="utf-8", newline="") as file:
        rows = {row["conversation_id"]: row for row in csv.DictReader(file)}
    loaded = load_conversations(path).conversations
    found = [item for item in loaded if item.conversation_id in rows]
    if limit is not None and len(found) > limit:
        found = sorted(random.Random(SEED).sample(found, limit), key=lambda c: c.conversation_id)
    return Path(source).resolve().name.split(".")[0], found, rows


async def judge_all(
    conversations: Sequence[Conversation], config: RunConfig
) -> tuple[list[Judgement | None], float]:
    """Judgements in order (None where one failed) and the seconds that judging took."""
    rules = OfflineEngine()
    summaries = await summarise(conversations, rules, (), concurrency=config.concurrency)
    requests = [s.request if isinstance(s, ConversationSummary) else None for s in summaries]
    engine = make_engine(config)
    try:
        await engine.check()
        began = time.perf_counter()
        answers = await judge(conversations, requests, engine, concurrency=config.concurrency)
        seconds = time.perf_counter() - began
    finally:
        await engine.aclose()
    failed = [item for item in answers if not isinstance(item, Judgement)]
    if failed:
        print(f"{len(failed)} could not be judged, the first: {failed[0]}", file=sys.stderr)
    return [item if isinstance(item, Judgement) else None for item in answers], seconds


def compare(
    label: Label,
    rows: Sequence[Row],
    judgements: Sequence[Judgement | None],
    texts: Sequence[str] | None,
) -> dict[str, Any] | None:
    """One label's figures; None where it does not have both values. No `texts`, no anchor."""
    kept = [
        (place, judged, row[label.column] in label.failed)
        for place, (row, judged) in enumerate(zip(rows, judgements, strict=True))
        if judged is not None and row.get(label.column) in (*label.failed, *label.met)
    ]
    truth = np.array([failed for _, _, failed in kept], dtype=bool)
    if not truth.any() or truth.all():
        return None
    outcomes = [judged.outcome for _, judged, _ in kept]
    scores = np.array([_score(judged) for _, judged, _ in kept])
    called = np.array([outcome in FAILED for outcome in outcomes], dtype=bool)
    figures = {
        "label": label.column,
        "n": len(kept),
        "failed": int(truth.sum()),
        "cannot tell": outcomes.count("cannot tell") / len(kept),
        "AUC": area(truth, scores),
        "precision": _cell(share(int((truth & called).sum()), int(called.sum()))),
        "recall": _cell(share(int((truth & called).sum()), int(truth.sum()))),
    }
    if texts is not None:
        tasks = [rows[place].get("task_id") or str(place) for place, _, _ in kept]
        figures["anchor AUC"] = anchor([texts[place] for place, _, _ in kept], tasks, truth)
    return figures


def area(truth: Flags, scores: Scores) -> dict[str, float]:
    """The area under the ROC curve with its 95 % interval, after Hanley and McNeil (1982)."""
    from sklearn.metrics import roc_auc_score

    value = float(roc_auc_score(truth, scores))
    failed, met = int(truth.sum()), int((~truth).sum())
    first, second = value / (2 - value), 2 * value**2 / (1 + value)
    spread = (
        value * (1 - value) + (failed - 1) * (first - value**2) + (met - 1) * (second - value**2)
    )
    half = 1.96 * math.sqrt(max(0.0, spread) / (failed * met))
    return {"value": value, "low": max(0.0, value - half), "high": min(1.0, value + half)}


def anchor(texts: Sequence[str], tasks: Sequence[str], truth: Flags) -> float | None:
    """AUC of a model that learns from these labels, cross-validated; None with too few of a kind.

    `tasks` are aligned with `texts`; those of one task are never both learned from and predicted.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    if min(int(truth.sum()), int((~truth).sum())) < FOLDS:
        return None
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=10.0, max_iter=1_000),
    )
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    guessed = cross_val_predict(
        model, list(texts), truth, groups=list(tasks), cv=folds, method="predict_proba"
    )
    return float(roc_auc_score(truth, guessed[:, 1]))


def compare_voiced(
    rows: Sequence[Row],
    conversations: Sequence[Conversation],
    judgements: Sequence[Judgement | None],
) -> dict[str, Any]:
    """Precision and recall of each kind of dissatisfaction and of any; empty without the column."""
    pairs = [
        (set(filter(None, row["dissatisfaction"].split(";"))), set(judged.dissatisfaction))
        for row, item, judged in zip(rows, conversations, judgements, strict=True)
        if judged is not None
        and "dissatisfaction" in row
        and sum(message.role == "user" for message in item.messages) > 1
    ]
    if not pairs:
        return {}
    figures = {}
    for kind in (*KINDS, "any"):
        wanted = set(KINDS) if kind == "any" else {kind}
        said = [bool(truth & wanted) for truth, _ in pairs]
        heard = [bool(found & wanted) for _, found in pairs]
        both = sum(a and b for a, b in zip(said, heard, strict=True))
        figures[kind] = {
            "n": sum(said),
            "precision": _cell(share(both, sum(heard))),
            "recall": _cell(share(both, sum(said))),
        }
    return figures


def measure(
    argument: str, config: RunConfig, labels: Sequence[Label], *, limit: int | None, anchors: bool
) -> dict[str, Any]:
    """All figures of one set."""
    name, conversations, by_id = read_set(argument, limit)
    judgements, seconds = asyncio.run(judge_all(conversations, config))
    rows = [by_id[item.conversation_id] for item in conversations]
    texts = ["\n".join(m.content for m in item.messages) for item in conversations]
    compared = [compare(label, rows, judgements, texts if anchors else None) for label in labels]
    return {
        "set": name,
        "conversations": len(conversations),
        "not judged": judgements.count(None),
        "conversations a second": len(conversations) / seconds if seconds else None,
        "outcomes": [figures for figures in compared if figures is not None],
        "dissatisfaction": compare_voiced(rows, conversations, judgements),
    }


def print_set(figures: dict[str, Any]) -> None:
    """Print one set: a row a label, then a row a kind of dissatisfaction."""
    print(
        f"\n{figures['set']}: {figures['conversations']} conversations, {figures['not judged']} "
        f"not judged · {figures['conversations a second']:.0f} conversations a second"
    )
    print(
        f"{'label':<21}{'n':>6}{'failed':>8}{'cannot tell':>13}{'AUC':>18}{'precision':>18}"
        f"{'recall':>18}{'anchor AUC':>12}"
    )
    for row in figures["outcomes"]:
        taught = row.get("anchor AUC")
        print(
            f"{row['label']:<21}{row['n']:>6}{row['failed']:>8}{row['cannot tell']:>13.0%}"
            f"{_shown(row['AUC']):>18}{_shown(row['precision']):>18}{_shown(row['recall']):>18}"
            f"{'–' if taught is None else f'{taught:.2f}':>12}"
        )
    if figures["dissatisfaction"]:
        print(f"{'dissatisfaction':<21}{'n':>6}{'':>39}{'precision':>18}{'recall':>18}")
    for kind, row in figures["dissatisfaction"].items():
        cells = f"{_shown(row['precision']):>18}{_shown(row['recall']):>18}"
        print(f"{kind:<21}{row['n']:>6}{'':>39}{cells}")


def main() -> None:
    """Measure each set and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+", metavar="FOLDER|FILE=LABELS")
    parser.add_argument("--label", action="append", type=Label.parse, default=[])
    parser.add_argument("--limit", type=int, help="only so many conversations of each set")
    parser.add_argument("--engine", choices=("offline", "openai", "anthropic"), default="offline")
    parser.add_argument("--model")
    parser.add_argument("--base-url")
    parser.add_argument("--concurrency", type=int, default=20)
    parser.add_argument("--no-anchor", action="store_true", help="skip the supervised anchor")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    judges = "rules" if options.engine == "offline" else f"{options.engine} {options.model or ''}"
    print(f"{machine} · judged by {judges}")
    config = RunConfig(
        engine=options.engine,
        model=options.model,
        base_url=options.base_url,
        concurrency=options.concurrency,
    )
    labels = (*LABELS, *options.label)
    found = []
    for argument in options.sets:
        try:
            figures = measure(
                argument, config, labels, limit=options.limit, anchors=not options.no_anchor
            )
        except KuraError as error:
            raise SystemExit(f"{argument}: {error}") from error
        found.append(figures)
        print_set(figures)
    if options.json:
        written = {"machine": machine, "judges": judges.strip(), "sets": found}
        options.json.write_text(json.dumps(written, indent=2))


def _score(judged: Judgement) -> float:
    return 0.5 if judged.failure_score is None else judged.failure_score


def _cell(found: Estimate) -> dict[str, float | None]:
    value = None if math.isnan(found.value) else found.value
    return {"value": value, "low": found.low, "high": found.high}


def _shown(cell: dict[str, float | None]) -> str:
    if cell["value"] is None:
        return "–"
    return f"{cell['value']:.2f} ({cell['low']:.2f}–{cell['high']:.2f})"


if __name__ == "__main__":
    main()
