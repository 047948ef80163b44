"""The shipped sample is what the generator makes, and holds what it promises."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scipy.stats import fisher_exact
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score

import kura_core
from kura_core import sample

TRUTH = Path(__file__).with_name("truth.csv")
Row = dict[str, Any]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def conversations() -> list[Row]:
    with gzip.open(sample.conversations_path(), "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def truth() -> dict[str, dict[str, str]]:
    return {row["conversation_id"]: row for row in read_csv(TRUTH)}


@pytest.fixture(scope="module")
def ratings() -> dict[str, int]:
    rows = read_csv(sample.feedback_path())
    return {row["conversation_id"]: int(row["thumbs_up"]) for row in rows}


def user_texts(conversation: Row) -> list[str]:
    return [m["content"] for m in conversation["messages"] if m["role"] == "user"]


def joined(conversation: Row) -> str:
    return "\n".join(user_texts(conversation))


def week_of(conversation: Row) -> int:
    start = datetime.fromisoformat(conversation["created_at"])
    return (start - datetime.fromisoformat("2026-01-05T00:00:00Z")).days // 7


def test_the_shipped_files_are_what_the_generator_makes_in_any_process(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "kura_core.sample.generate", "--out", str(tmp_path),
         "--truth", str(tmp_path / "truth.csv")],
        check=True,
        cwd=Path(kura_core.__file__).parents[1],
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    made = gzip.decompress((tmp_path / "conversations.jsonl.gz").read_bytes())
    assert made == gzip.decompress(sample.conversations_path().read_bytes())
    for shipped in (sample.feedback_path(), sample.users_path(), TRUTH):
        assert (tmp_path / shipped.name).read_bytes() == shipped.read_bytes()


def test_no_truth_travels_with_the_package() -> None:
    folder = sample.conversations_path().parents[1]
    assert not [path for path in folder.rglob("*") if "truth" in path.name]
    assert {path.name for path in sample.conversations_path().parent.iterdir()} == {
        "conversations.jsonl.gz", "user_feedback.csv", "user_metadata.csv",
    }


def test_there_are_1200_conversations_of_420_users_in_twelve_weeks(
    conversations: list[Row],
) -> None:
    users = {row["user_id"]: row for row in read_csv(sample.users_path())}
    assert len(conversations) == len({c["conversation_id"] for c in conversations}) == 1200
    assert {c["user_id"] for c in conversations} == users.keys()
    assert len(users) == 420
    starts = [c["created_at"] for c in conversations]
    assert starts == sorted(starts)
    assert {week_of(c) for c in conversations} == set(range(12))
    for c in conversations:
        assert users[c["user_id"]]["signup_date"] <= c["created_at"][:10]
        assert users[c["user_id"]]["plan"] == c["metadata"]["plan"]


def test_conversations_are_in_normal_form(conversations: list[Row]) -> None:
    for c in conversations:
        times = [m["created_at"] for m in c["messages"]]
        assert 1 <= len(c["messages"]) <= 10
        assert times == sorted(times)
        assert times[0] == c["created_at"]
        assert c["messages"][0]["role"] == "user"
        assert all(m["content"].strip() and "«" not in m["content"] for m in c["messages"])


def test_themes_and_topics_have_their_planted_sizes(truth: dict[str, dict[str, str]]) -> None:
    themes = Counter(row["theme"] for row in truth.values())
    topics = Counter(row["topic"] for row in truth.values())
    assert themes["Programming"] == 190
    assert topics["Analyse data"] == 38
    assert topics["Build web pages"] == 45
    assert topics["Find signed contracts"] == 131
    assert len(themes) == 9
    assert len(topics) == 26
    parents = {row["topic"]: row["theme"] for row in truth.values()}
    assert all(parents[row["topic"]] == row["theme"] for row in truth.values())


def test_the_contracts_story(
    conversations: list[Row], truth: dict[str, dict[str, str]], ratings: dict[str, int]
) -> None:
    own = [c for c in conversations
           if truth[c["conversation_id"]]["topic"] == "Find signed contracts"]
    users = {row["user_id"]: int(row["revenue_impact"]) for row in read_csv(sample.users_path())}
    writers = {c["user_id"] for c in own}
    failed = [c for c in own if truth[c["conversation_id"]]["outcome"] == "not achieved"]
    assert len(writers) == 96
    assert sum(users[user] for user in writers) == pytest.approx(1_200_000, rel=0.02)
    assert len(failed) == 87
    assert {truth[c["conversation_id"]]["gap"] for c in failed} == {"inventory gap"}
    assert {truth[c["conversation_id"]]["missing"] for c in failed} == {"signed contracts"}


def test_no_two_user_texts_share_more_than_half_their_5_grams_except_spam(
    conversations: list[Row], truth: dict[str, dict[str, str]]
) -> None:
    texts = [joined(c) for c in conversations
             if "spam" not in truth[c["conversation_id"]]["planted"].split(";")]
    assert len(set(texts)) == len(texts)
    for words in (lambda text: re.findall(r"\w+", text.lower()), lambda text: text.split()):
        holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        sizes = []
        for number, text in enumerate(texts):
            split = words(text)
            grams = set(zip(*(split[i:] for i in range(5)), strict=False))
            sizes.append(len(grams))
            common: Counter[int] = Counter()
            for gram in grams:
                common.update(holders[gram])
                holders[gram].append(number)
            for other, count in common.items():
                assert count <= min(len(grams), sizes[other]) / 2, (text, texts[other])


@pytest.mark.parametrize("sentence", [
    "I can't send emails through the AI",
    "Why can't it find my signed contracts?",
    "Why doesn't it know when this was modified?",
])
def test_the_planted_sentences_are_whole_messages(
    sentence: str, conversations: list[Row], truth: dict[str, dict[str, str]]
) -> None:
    found = {c["conversation_id"] for c in conversations if sentence in user_texts(c)}
    assert found
    assert found == {key for key, row in truth.items() if row["planted_text"] == sentence}


def test_plain_words_alone_do_not_give_the_topics_away(
    conversations: list[Row], truth: dict[str, dict[str, str]]
) -> None:
    topics = [truth[c["conversation_id"]]["topic"] for c in conversations]
    vectors = TfidfVectorizer().fit_transform([joined(c) for c in conversations])
    found = KMeans(len(set(topics)), n_init=2, random_state=0).fit_predict(vectors)
    assert adjusted_rand_score(topics, found) < 0.9


def test_the_query_of_the_design_counts_what_is_planted() -> None:
    connection = duckdb.connect()
    for table, path in (("user_feedback", sample.feedback_path()),
                        ("user_metadata", sample.users_path()), ("truth", TRUTH)):
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv(?)", [str(path)])
    connection.execute(
        "CREATE TABLE chat_clusters AS SELECT c.conversation_id, user_id, t.topic AS cluster_id,"
        " t.topic AS cluster_name FROM read_json(?, format = 'newline_delimited') c"
        " JOIN truth t ON c.conversation_id = t.conversation_id",
        [str(sample.conversations_path())],
    )
    rows = connection.execute(
        """
        SELECT cluster_id, cluster_name, COUNT(*) AS conversations,
               AVG(thumbs_up) AS avg_satisfaction, SUM(revenue_impact) AS total_revenue_impact
        FROM chat_clusters c JOIN user_feedback f ON c.conversation_id = f.conversation_id
                             JOIN user_metadata u ON c.user_id = u.user_id
        GROUP BY cluster_id, cluster_name ORDER BY total_revenue_impact DESC;
        """
    ).fetchall()
    found = {name: (count, round(mood, 2), round(float(money) / 1e6, 1))
             for _, name, count, mood, money in rows}
    assert found["API issues"] == (156, 0.27, 2.3)
    assert found["Bulk export"] == (89, 0.85, 0.5)
    assert found["UI feedback"] == (203, 0.64, 0.2)


def test_about_half_are_rated_each_once(ratings: dict[str, int]) -> None:
    assert len(ratings) == len(read_csv(sample.feedback_path()))
    assert 560 <= len(ratings) <= 640


def test_some_polite_exits_are_rated_thumbs_up(
    truth: dict[str, dict[str, str]], ratings: dict[str, int]
) -> None:
    polite = [key for key, row in truth.items() if row["polite_exit"] == "1"]
    assert len(polite) > 150
    assert all(truth[key]["outcome"] == "not achieved" for key in polite)
    assert all(not truth[key]["dissatisfaction"] for key in polite
               if "verbatim" not in truth[key]["planted"])
    assert sum(ratings.get(key, 0) for key in polite) >= 10


def test_one_topic_grows(conversations: list[Row], truth: dict[str, dict[str, str]]) -> None:
    weeks: dict[str, Counter[int]] = defaultdict(Counter)
    for c in conversations:
        weeks[truth[c["conversation_id"]]["topic"]][week_of(c)] += 1
    late = {topic: sum(count[w] for w in range(6, 12)) / count.total()
            for topic, count in weeks.items()}
    assert late.pop("Book a meeting") > 0.7
    assert all(0.35 < share < 0.65 for share in late.values())


def test_answers_get_worse_from_week_seven_in_one_topic_only(
    conversations: list[Row], truth: dict[str, dict[str, str]]
) -> None:
    table: dict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for c in conversations:
        new, row = week_of(c) >= 6, truth[c["conversation_id"]]
        assert c["metadata"]["model_version"] == ("quill-3.2" if new else "quill-3.1")
        assert c["metadata"]["prompt_version"] == ("p15" if new else "p14")
        table[row["topic"]][new, row["outcome"] == "achieved"] += 1

    def changed(topic: str) -> float:
        n = table[topic]
        return float(fisher_exact([[n[False, False], n[False, True]],
                                   [n[True, False], n[True, True]]]).pvalue)

    assert changed("Summarise a document") < 0.001
    assert all(changed(t) > 0.3 for t in table if t != "Summarise a document")


def test_spam_comes_from_a_few_accounts_in_near_identical_words(
    conversations: list[Row], truth: dict[str, dict[str, str]]
) -> None:
    spam = [c for c in conversations if truth[c["conversation_id"]]["planted"] == "spam"]
    accounts = {c["user_id"] for c in spam}
    assert len(spam) == 27
    assert len(accounts) == 5
    assert all("LumoCoin AutoTrader" in joined(c) for c in spam)
    assert not accounts & {c["user_id"] for c in conversations if c not in spam}


def test_planted_personal_data_stands_in_the_text_and_passes_its_checks(
    conversations: list[Row], truth: dict[str, dict[str, str]]
) -> None:
    kinds: Counter[str] = Counter()
    for c in conversations:
        row = truth[c["conversation_id"]]
        if not row["planted"].startswith("pii:"):
            continue
        kind, value = row["planted"].removeprefix("pii:"), row["planted_text"]
        kinds[kind] += 1
        assert value in joined(c)
        if kind == "card":
            digits = [int(d) for d in re.sub(r"\D", "", value)]
            total = sum(d if i % 2 else d * 2 - 9 * (d > 4) for i, d in enumerate(digits))
            assert total % 10 == 0
        if kind == "iban":
            plain = value.replace(" ", "")
            assert int("".join(str(int(x, 36)) for x in plain[4:] + plain[:4])) % 97 == 1
    assert kinds == {"email": 18, "phone": 10, "card": 6, "iban": 6, "secret": 9, "ssn": 4, "ip": 6}


def test_orders_to_the_machine_are_planted(
    conversations: list[Row], truth: dict[str, dict[str, str]]
) -> None:
    orders = {key: row for key, row in truth.items() if row["planted"] == "injection"}
    by_id = {c["conversation_id"]: c for c in conversations}
    assert len(orders) == 6
    assert all(row["planted_text"] in joined(by_id[key]) for key, row in orders.items())


def test_several_languages_are_spoken_within_ordinary_topics(
    truth: dict[str, dict[str, str]]
) -> None:
    foreign = [row for row in truth.values() if row["language"] != "en"]
    assert 0.05 <= len(foreign) / len(truth) <= 0.09
    assert len({row["language"] for row in foreign}) >= 7
    assert len({row["topic"] for row in foreign}) >= 15


def test_people_write_in_the_daytime_on_working_days(conversations: list[Row]) -> None:
    starts = [datetime.fromisoformat(c["created_at"]) for c in conversations]
    assert sum(start.weekday() < 5 for start in starts) / len(starts) > 0.85
    assert sum(6 <= start.hour < 20 for start in starts) / len(starts) > 0.85
    assert max(starts) - min(starts) < timedelta(weeks=12)
