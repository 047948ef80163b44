"""Queries to start from, the published one first, and when a sum of money needs a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kura_core.insights.sql.query import Described
from kura_core.insights.sql.warehouse import USERS, TableShown

ONCE = "revenue-once"
_NUMBERS = re.compile(r"(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*")
# Numbers of a user that are no money and need no word when they are added up.
_MONEY = re.compile(r"revenue|arr$|mrr|spend|value|price|amount|impact|cost|usd|eur|money")


@dataclass(slots=True, frozen=True)
class StarterQuery:
    """A query with a key for links, a plain title, what it tells, and the columns it needs."""

    key: str
    title: str
    about: str
    sql: str
    needs: tuple[tuple[str, str], ...] = ()


_THUMBS = ("user_feedback", "thumbs_up")
_REVENUE = ("user_metadata", "revenue_impact")
_PLAN = ("user_metadata", "plan")

STARTERS: tuple[StarterQuery, ...] = (
    StarterQuery(
        "satisfaction-and-revenue",
        "Satisfaction and revenue per cluster",
        "Rated conversations only; a user who rated several counts several times in the revenue.",
        """\
SELECT cluster_id, cluster_name, COUNT(*) AS conversations, AVG(thumbs_up) AS avg_satisfaction,
       SUM(revenue_impact) AS total_revenue_impact
FROM chat_clusters c JOIN user_feedback f ON c.conversation_id = f.conversation_id
                     JOIN user_metadata u ON c.user_id = u.user_id
GROUP BY cluster_id, cluster_name ORDER BY total_revenue_impact DESC;""",
        (_THUMBS, _REVENUE),
    ),
    StarterQuery(
        ONCE,
        "Revenue per theme, each user counted once",
        "All conversations, rated or not; a user in two themes counts once in each.",
        """\
WITH users_of_theme AS (
  SELECT DISTINCT theme_name, user_id FROM chat_clusters WHERE user_id IS NOT NULL
)
SELECT theme_name, COUNT(*) AS users, SUM(revenue_impact) AS revenue_impact
FROM users_of_theme t JOIN user_metadata u ON t.user_id = u.user_id
GROUP BY theme_name ORDER BY revenue_impact DESC;""",
        (_REVENUE,),
    ),
    StarterQuery(
        "silent-failures-by-week",
        "Silent failures by week",
        "Conversations that failed without a bad rating, by the Monday of their week (UTC).",
        """\
SELECT CAST(date_trunc('week', created_at) AS DATE) AS week,
       COUNT(*) FILTER (WHERE quadrant LIKE 'silent failure%') AS silent_failures,
       COUNT(quadrant) AS judged
FROM chat_clusters WHERE created_at IS NOT NULL
GROUP BY week ORDER BY week;""",
    ),
    StarterQuery(
        "what-is-missing",
        "What is missing, by users and revenue",
        "What to build (capability) or to index (inventory): who asks for it, met or not, and whom "
        "it failed; each user's revenue counts once per missing thing.",
        """\
WITH users_of_gap AS (
  SELECT DISTINCT g.gap, c.user_id
  FROM gaps g JOIN chat_clusters c ON g.conversation_id = c.conversation_id
  WHERE c.user_id IS NOT NULL
), worth AS (
  SELECT gap, COUNT(*) AS users, SUM(revenue_impact) AS revenue_impact
  FROM users_of_gap t LEFT JOIN user_metadata u ON t.user_id = u.user_id
  GROUP BY gap
)
SELECT g.name AS missing, g.cause, COUNT(*) AS asked, COUNT(*) FILTER (WHERE g.failed) AS failed,
       ANY_VALUE(w.users) AS users, ANY_VALUE(w.revenue_impact) AS revenue_impact
FROM gaps g LEFT JOIN worth w ON g.gap = w.gap
GROUP BY g.gap, g.name, g.cause ORDER BY failed DESC, g.gap;""",
        (_REVENUE,),
    ),
    StarterQuery(
        "satisfied-but-failed",
        "Thumbs up, yet not achieved",
        "Ratings and outcomes disagree: satisfied users who did not get what they asked for. The "
        "share is of those whose outcome can be told.",
        """\
SELECT theme_name, COUNT(*) AS thumbs_up,
       COUNT(*) FILTER (WHERE outcome IN ('not achieved', 'partly')) AS not_achieved,
       AVG(CASE WHEN outcome IN ('not achieved', 'partly') THEN 1
                WHEN outcome = 'achieved' THEN 0 END) AS share_not_achieved
FROM chat_clusters c JOIN user_feedback f ON c.conversation_id = f.conversation_id
WHERE f.thumbs_up = 1
GROUP BY theme_name ORDER BY not_achieved DESC, theme_name;""",
        (_THUMBS,),
    ),
    StarterQuery(
        "themes-by-plan",
        "Themes by plan",
        "What users of each plan come for.",
        """\
SELECT theme_name, plan, COUNT(*) AS conversations, COUNT(DISTINCT c.user_id) AS users
FROM chat_clusters c JOIN user_metadata u ON c.user_id = u.user_id
GROUP BY theme_name, plan ORDER BY theme_name, conversations DESC;""",
        (_PLAN,),
    ),
)


def starter(key: str) -> StarterQuery | None:
    """The starter query of a key, or None."""
    return next((query for query in STARTERS if query.key == key), None)


def lacking(query: StarterQuery, described: Described) -> tuple[str, ...]:
    """The columns a starter query needs and the run's tables have not, as `table.column`."""
    return tuple(f"{table}.{name}" for table, name in query.needs if not described.has(table, name))


def counts_money_per_conversation(query: str, tables: Sequence[TableShown]) -> str | None:
    """The money column of the users that a query adds up once per conversation, or None.

    A sum of it over a join with conversations or ratings does, unless DISTINCT makes users single.
    """
    text = " ".join(re.sub(r"--[^\n]*", " ", query).lower().split())
    if not re.search(r"\b(chat_clusters|user_feedback)\b", text) or "distinct" in text:
        return None
    for table in tables:
        if table.name != USERS:
            continue
        for column in table.columns:
            name = column.name.lower()
            is_money = _NUMBERS.fullmatch(column.type) and _MONEY.search(name)
            if is_money and re.search(rf'\bsum\( ?(\w+\.)?"?{re.escape(name)}"? ?\)', text):
                return column.name
    return None
