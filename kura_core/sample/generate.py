"""Makes the sample: `python -m kura_core.sample.generate [--truth FILE] [--out FOLDER]`.

Everything comes from one seed; the same code writes the same files. The truth file is for tests and
benchmarks and is never written into the package.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kura_core.sample import conversations_path, feedback, plants
from kura_core.sample.content.every_topic import FOREIGN, TEXTS
from kura_core.sample.dialogue import (
    Pool,
    Script,
    compose,
    english_pool,
    foreign_pool,
    foreign_scenes,
)
from kura_core.sample.overlap import BETWEEN_SPACES, PLAIN, OverlapIndex
from kura_core.sample.people import (
    NEW_VERSIONS_FROM,
    SEGMENTS,
    User,
    draw_start,
    draw_users,
    spread_weeks,
)
from kura_core.sample.style import dress_opening, type_as
from kura_core.sample.topics import TOPICS, Topic, quota

SEED = 20260105
MAX_OVERLAP = 0.5
ATTEMPTS = 200
_OUTCOMES = ("achieved", "partly", "not achieved")
_CHANNELS = ("web", "web", "web", "desktop", "desktop", "mobile")
_ANSWER_FOR = {"achieved": "A", "partly": "H", "not achieved": "N"}


@dataclass(slots=True)
class Plan:
    """One conversation on its way from a plan to a row."""

    topic: Topic
    week: int
    outcome: str
    polite: bool = False
    language: str = "en"
    pool: Pool | None = None
    user: User | None = None
    start: datetime | None = None
    script: Script = field(default_factory=Script)
    planted: list[tuple[str, str]] = field(default_factory=list)

    @property
    def owner(self) -> User:
        """The user, once there is one. Raises RuntimeError before."""
        if self.user is None:
            raise RuntimeError("this conversation has no user yet; call assign_users first")
        return self.user


@dataclass(slots=True)
class Sample:
    """The four tables, as rows of plain values."""

    conversations: list[dict[str, Any]]
    feedback: list[dict[str, Any]]
    users: list[dict[str, Any]]
    truth: list[dict[str, Any]]


def make_sample(seed: int = SEED) -> Sample:
    """The whole sample. Raises RuntimeError when the content is too poor for the 5-gram rule."""
    users = draw_users(_rng(seed, "users"))
    plans = [plan for topic in TOPICS for plan in plan_topic(topic, _rng(seed, topic.name))]
    for topic in TOPICS:
        own = [plan for plan in plans if plan.topic is topic]
        give_languages(own, _rng(seed, f"languages {topic.name}"))
    assign_users(plans, users, _rng(seed, "assign"))
    plant(plans, _rng(seed, "plants"))
    write_dialogues(plans, seed)
    rng = _rng(seed, "times")
    for plan in plans:
        plan.start = draw_start(plan.week, plan.owner.segment, rng)
    plans.sort(key=lambda plan: (plan.start, plan.owner.user_id))
    ids = {id(plan): f"c{number:04d}" for number, plan in enumerate(plans, 1)}
    ratings = rate(plans, seed)
    scale_users(plans, users, ratings)
    rng = _rng(seed, "clock")
    conversations = [conversation_row(plan, ids[id(plan)], rng) for plan in plans]
    rows = []
    for plan, conversation in zip(plans, conversations, strict=True):
        if id(plan) in ratings:
            thumb = ratings[id(plan)]
            last = datetime.fromisoformat(conversation["messages"][-1]["created_at"])
            rows.append({
                "conversation_id": ids[id(plan)],
                "thumbs_up": thumb,
                "comment": feedback.draw_comment(thumb, rng),
                "created_at": _stamp(last + timedelta(seconds=rng.randrange(5, 900))),
            })
    everyone = sorted((u for group in users.values() for u in group), key=lambda u: u.user_id)
    return Sample(
        conversations,
        rows,
        [
            {"user_id": u.user_id, "plan": u.plan, "signup_date": u.signup.isoformat(),
             "revenue_impact": u.revenue}
            for u in everyone
        ],
        [truth_row(plan, ids[id(plan)]) for plan in plans],
    )


def plan_topic(topic: Topic, rng: random.Random) -> list[Plan]:
    """Week and outcome of each conversation; shares hold in both halves of the twelve weeks."""
    weeks = spread_weeks(topic.count, topic.growth, rng)
    early = sum(week < NEW_VERSIONS_FROM for week in weeks)
    if topic.later is not None:
        counts = [quota(early, topic.ends), quota(topic.count - early, topic.later)]
    else:
        whole, first = quota(topic.count, topic.ends), quota(early, topic.ends)
        counts = [first, [a - b for a, b in zip(whole, first, strict=True)]]
    plans: list[Plan] = []
    if not any(topic.ends):
        return [Plan(topic, week, "cannot tell") for week in weeks]
    for half, part in zip(counts, (weeks[:early], weeks[early:]), strict=True):
        ends = [end for end, n in zip(_OUTCOMES, half, strict=True) for _ in range(n)]
        rng.shuffle(ends)
        plans += [Plan(topic, week, end) for week, end in zip(part, ends, strict=True)]
    failed = [plan for plan in plans if plan.outcome == "not achieved"]
    for plan in rng.sample(failed, round(len(failed) * topic.polite)):
        plan.polite = True
    return plans


def give_languages(plans: Sequence[Plan], rng: random.Random) -> None:
    """Let each foreign opening of the topic be said once, where its scene has a fitting answer."""
    if not plans:
        return
    for language, scene in foreign_scenes(FOREIGN.get(plans[0].topic.name, "")):
        for opening in scene.lines["O"]:
            keys = scene.lines.keys() | scene.own[opening].keys()
            fitting = [plan for plan in plans if plan.pool is None and _fits(plan, keys)]
            if not fitting:
                raise RuntimeError(f"no conversation of {plans[0].topic.name} can end as the"
                                   f" scene {scene.name} does; change its answers")
            plan = rng.choice(fitting)
            plan.language, plan.pool = language, foreign_pool(language, scene, opening)


def _fits(plan: Plan, keys: Set[str]) -> bool:
    key = _ANSWER_FOR.get(plan.outcome)
    if plan.outcome == "not achieved" and not plan.polite:
        return keys >= {"N", "M", "R"}
    return key in keys


def assign_users(
    plans: Sequence[Plan], users: dict[str, list[User]], rng: random.Random
) -> None:
    """Everyone writes at least once, a few write a lot; who writes what follows the segments."""
    waiting: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        segments = list(plan.topic.who)
        chosen = rng.choices(segments, [plan.topic.who[name] for name in segments])[0]
        waiting[chosen].append(plan)
    for name in SEGMENTS:
        group = list(users[name])
        rng.shuffle(group)
        queue = waiting[name]
        rng.shuffle(queue)
        # The contracts story is told by all of its segment; who speaks what is settled early.
        queue.sort(key=lambda p: (p.topic.name != "Find signed contracts", p.language == "en"))
        for plan in queue:
            same = [user for user in group if user.used and user.language == plan.language]
            unused = [user for user in group if not user.used]
            if plan.language != "en" and same and rng.random() < 0.3:
                user = rng.choice(same)
            elif unused:
                user = unused[0]
                if plan.language != "en":
                    user.speaks(plan.language)
            else:
                pool = [u for u in group if u.language == plan.language] or group
                user = rng.choices(pool, [u.appetite for u in pool])[0]
            user.used, plan.user = True, user


def plant(plans: Sequence[Plan], rng: random.Random) -> None:
    """Note on plans what they are to hide; the texts are added when they are written."""
    free = [plan for plan in plans if plan.language == "en"]
    for topic_name, (sentence, _) in plants.VERBATIM.items():
        failing = [plan for plan in free if plan.topic.name == topic_name
                   and plan.outcome == "not achieved"]
        opening, ending = rng.choice([p for p in failing if p.polite]), rng.choice(
            [p for p in failing if not p.polite])
        opening.planted.append(("verbatim opening", sentence))
        ending.planted.append(("verbatim", sentence))
    for topic_name, order in plants.INJECTIONS:
        plan = rng.choice([p for p in free if p.topic.name == topic_name and not p.planted])
        plan.planted.append(("injection", order))
    for kind, count, topics, sentences, item in plants.PERSONAL:
        fitting = [p for p in free if p.topic.name in topics and not p.planted]
        for number, plan in enumerate(rng.sample(fitting, count)):
            value = item(rng)
            plan.planted.append((f"pii:{kind}", value))
            plan.planted.append(("say", sentences[number % len(sentences)]))


def write_dialogues(plans: Sequence[Plan], seed: int) -> None:
    """Compose every conversation; a text too close to an earlier one is drawn again."""
    indexes = [OverlapIndex(PLAIN), OverlapIndex(BETWEEN_SPACES)]
    pools: dict[str, Pool] = {}
    number: Counter[str] = Counter()
    for plan in plans:
        number[plan.topic.name] += 1
        rng = _rng(seed, f"{plan.topic.name} {number[plan.topic.name]}")
        if plan.topic.name == "Promotion spam":
            plan.script = Script(plants.spam_turns(rng))
            plan.planted.append(("spam", ""))
            continue
        if plan.topic.name not in pools:
            pools[plan.topic.name] = english_pool(TEXTS[plan.topic.name])
        pool = plan.pool or pools[plan.topic.name]
        for attempt in range(ATTEMPTS):
            script, used = compose(pool, plan.outcome, plan.polite, rng, attempt // 25)
            dress(plan, script, rng)
            if all(index.nearest(script.user_text()) <= MAX_OVERLAP for index in indexes):
                break
        else:
            raise RuntimeError(
                f"{ATTEMPTS} attempts at {plan.topic.name!r} ({plan.outcome}) all shared more than"
                f" half their 5-grams with another text; write more lines for it"
            )
        pool.uses.update(used)
        for index in indexes:
            index.add(script.user_text())
        plan.script = script


def dress(plan: Plan, script: Script, rng: random.Random) -> None:
    """Type the user's turns as the user would and add what is planted, in place."""
    style = plan.owner.style
    items = dict(plan.planted)
    first = True
    for at, (role, text) in enumerate(script.turns):
        if role != "user":
            continue
        if plan.language == "en":
            if first:
                text = dress_opening(text, style, rng)
            if first and "say" in items:
                text += " " if text[-1] in ".?!:)" else ". "
                text += items["say"].replace("VALUE", "0VALUE0")
            text = type_as(text, style, rng)
        value = next((v for kind, v in plan.planted if kind.startswith("pii:")), "")
        text = text.replace("0VALUE0", value)
        if first and "injection" in items:
            text += "\n\n" + items["injection"]
        script.turns[at] = ("user", text)
        first = False
    if "verbatim opening" in items:
        sentence, asked_back = plants.VERBATIM[plan.topic.name]
        script.turns[:0] = [("user", sentence), ("assistant", asked_back)]
    if "verbatim" in items:
        script.turns.append(("user", items["verbatim"]))
        script.voiced.append("asked again")


def rate(plans: Sequence[Plan], seed: int) -> dict[int, int]:
    """The thumb of each rated plan, by the plan's identity."""
    thumbs: dict[int, int] = {}
    for topic in TOPICS:
        own = [plan for plan in plans if plan.topic is topic]
        ends = [
            (plan.week >= NEW_VERSIONS_FROM, plan.outcome, plan.script.polite_exit) for plan in own
        ]
        chosen = feedback.choose_rated(topic, ends, _rng(seed, f"rate {topic.name}"))
        thumbs |= {id(own[i]): thumb for i, thumb in chosen.items()}
    return thumbs


def scale_users(
    plans: Sequence[Plan], users: dict[str, list[User]], ratings: dict[int, int]
) -> None:
    """Bring revenue to the planted totals: per rated conversation, for contracts per user."""
    counted: dict[str, list[User]] = defaultdict(list)
    for plan in plans:
        name = plan.topic.name
        if name == "Find signed contracts":
            if plan.owner not in counted[name]:
                counted[name].append(plan.owner)
        elif id(plan) in ratings:
            counted[name].append(plan.owner)
    feedback.scale_revenue(users, counted)


def conversation_row(plan: Plan, conversation_id: str, rng: random.Random) -> dict[str, Any]:
    """The conversation in the normal form that loaders read."""
    user, new = plan.owner, plan.week >= NEW_VERSIONS_FROM
    moment = plan.start or datetime.min
    messages = []
    for role, text in plan.script.turns:
        messages.append({"role": role, "content": text, "created_at": _stamp(moment)})
        wait = rng.randrange(3, 14) if role == "user" else 15 + len(text) // 25
        moment += timedelta(seconds=wait + (rng.randrange(90) if role != "user" else 0))
    api = plan.topic.name == "API issues" and rng.random() < 0.3
    metadata = {
        "plan": user.plan,
        "channel": "API" if api else rng.choice(_CHANNELS),
        "country": user.country,
        "model_version": "quill-3.2" if new else "quill-3.1",
        "prompt_version": "p15" if new else "p14",
    }
    if user.field:
        metadata["field_of_study"] = user.field
    return {
        "conversation_id": conversation_id,
        "created_at": messages[0]["created_at"],
        "user_id": user.user_id,
        "messages": messages,
        "metadata": metadata,
    }


def truth_row(plan: Plan, conversation_id: str) -> dict[str, Any]:
    """What was planted in a conversation; a gap only where the request failed."""
    kinds = [(kind.split(" ")[0], value) for kind, value in plan.planted if kind != "say"]
    failed = plan.outcome in ("partly", "not achieved")
    return {
        "conversation_id": conversation_id,
        "theme": plan.topic.theme,
        "topic": plan.topic.name,
        "outcome": plan.outcome,
        "polite_exit": int(plan.script.polite_exit),
        "dissatisfaction": ";".join(dict.fromkeys(plan.script.voiced)),
        "language": plan.language,
        "gap": plan.topic.gap if failed else "",
        "missing": plan.topic.missing if failed else "",
        "planted": ";".join(kind for kind, _ in kinds),
        "planted_text": ";".join(value for _, value in kinds if value),
    }


def write_sample(sample: Sample, folder: Path, truth: Path | None) -> None:
    """Write the three shipped files into `folder` and the truth where told."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in sample.conversations)
    (folder / "conversations.jsonl.gz").write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    _write_csv(folder / "user_feedback.csv", sample.feedback)
    _write_csv(folder / "user_metadata.csv", sample.users)
    if truth is not None:
        _write_csv(truth, sample.truth)


def _write_csv(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode())


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _rng(seed: int, purpose: str) -> random.Random:
    # A stream per purpose: a new line in one topic does not change every other conversation.
    return random.Random(f"{seed} {purpose}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Rewrite the shipped files."""
    parser = argparse.ArgumentParser(description="Write the sample's files.")
    parser.add_argument("--out", type=Path, default=conversations_path().parent)
    parser.add_argument("--truth", type=Path, help="where to write what is planted, as CSV")
    options = parser.parse_args(arguments)
    write_sample(make_sample(), options.out, options.truth)


if __name__ == "__main__":
    main()
