"""Lets through one SELECT over the known tables, and nothing that writes, reads files or asks
about the machine. The database it runs in is locked besides; this is what says why.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import orjson

from kura_core.errors import QueryError
from kura_core.insights.sql.faults import explained, nearest, query_error

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_CHARACTERS = 50_000
_ONLY_SELECT = (
    "Only reading is possible here: one SELECT over the tables (WITH … SELECT as well). {} is not."
)
_QUERY_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_TABLE_NODES = frozenset(
    {
        "BASE_TABLE",
        "COLUMN_DATA",
        "CTE",
        "EMPTY",
        "EXPRESSION_LIST",
        "JOIN",
        "PIVOT",
        "SUBQUERY",
        "TABLE_FUNCTION",
    }
)
_TABLE_FUNCTIONS = frozenset({"generate_series", "json_each", "range", "unnest"})
# Functions that read files, settings or the catalog, run SQL given as text, wait, or keep a state.
_REFUSED = re.compile(
    r"|_*internal.*|(read|write|parquet|duckdb|pragma|pg|has|inet|sniff|enable|disable|truncate"
    r"|which|icu|arrow|pandas|python|register|create|destroy|deregister)_.+|json_(execute|"
    r"deserialize|serialize)_.+|glob|query|query_table|seq_scan|sleep_ms|getenv|getvariable|"
    r"current_(setting|query.*|user|role|database|catalog|schemas?|connection_id|transaction_id)"
    r"|session_user|user|version|nextval|currval|setval|setseed|txid_current|in_search_path|"
    r"parse_duckdb_log_message|checkpoint|force_checkpoint|vector_type|stats|get_block_size|"
    r"(obj|col|shobj)_description"
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LOOKS_LIKE_A_FILE = re.compile(r"[./\\:*]|^~")


def check_query(connection: DuckDBPyConnection, query: str, tables: Collection[str]) -> str:
    """The one statement of a query, without what follows its semicolon. Raises QueryError.

    `connection` only parses; it must report errors as JSON. `tables` are those that may be read.
    """
    import duckdb

    if len(query) > MOST_CHARACTERS:
        raise QueryError(
            f"The query has {len(query):,} characters; at most {MOST_CHARACTERS:,} are read. "
            "Shorten it."
        )
    if "\x00" in query:
        raise QueryError("The query holds a NUL character; remove it.")
    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as error:
        raise explained(error, query) from error
    if not statements:
        raise QueryError("There is no query yet; write a SELECT over the tables.")
    if len(statements) > 1:
        raise QueryError(
            f"Got {len(statements)} statements; one SELECT at a time is run. Remove what follows "
            "the first semicolon."
        )
    kind = statements[0].type
    if kind != duckdb.StatementType.SELECT:
        raise QueryError(_ONLY_SELECT.format(_first_word(statements[0].query)))
    statement = statements[0].query
    for node, names in _nodes(_parsed(connection, statement)):
        _check_node(node, names, statement, tables)
    return statement


def _parsed(connection: DuckDBPyConnection, statement: str) -> dict[str, Any]:
    found = connection.execute("SELECT json_serialize_sql(?)", [statement]).fetchone()
    try:
        tree = orjson.loads(found[0]) if found else {}
    except orjson.JSONDecodeError as error:
        raise QueryError("The query is nested too deeply; write it in WITH steps.") from error
    if not isinstance(tree, dict) or tree.get("error", True):
        raise QueryError(_ONLY_SELECT.format("This"))
    return tree


def _nodes(tree: Any) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Every object of the parsed query, each with the names that WITH gives where it stands."""
    waiting: list[tuple[Any, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        part, names = waiting.pop()
        if isinstance(part, list):
            waiting += [(item, names) for item in part]
        elif isinstance(part, dict):
            given = part.get("cte_map")
            if isinstance(given, dict):
                entries = given.get("map") or []
                names |= {str(entry["key"]).lower() for entry in entries if "key" in entry}
            if part.get("type") in ("RECURSIVE_CTE_NODE", "CTE_NODE"):
                names |= {str(part.get("cte_name", "")).lower()}
            yield part, names
            waiting += [(value, names) for value in part.values()]


def _check_node(
    node: dict[str, Any], names: frozenset[str], statement: str, tables: Collection[str]
) -> None:
    kind = node.get("type")
    if not isinstance(kind, str):
        return
    start, length = _place(node)
    if kind.endswith("_NODE") and kind not in _QUERY_NODES:
        what = kind.removesuffix("_QUERY_NODE").removesuffix("_NODE")
        raise query_error(_ONLY_SELECT.format(what), statement, start, length)
    is_table = "class" not in node and "sample" in node and not kind.endswith("_NODE")
    if is_table and kind not in _TABLE_NODES:
        what = "Asking the database about itself" if kind == "SHOW_REF" else kind
        raise query_error(_ONLY_SELECT.format(what), statement, start, length)
    if kind == "BASE_TABLE":
        _check_table(node, names, statement, tables)
    elif kind == "TABLE_FUNCTION":
        name = str(node["function"].get("function_name", "")).lower()
        if name not in _TABLE_FUNCTIONS:
            raise query_error(_refused_function(name), statement, start, length)
    elif kind in ("VALUE_PARAMETER", "PARAMETER"):
        sentence = "The query has a placeholder ($1 or ?) where a value must stand."
        raise query_error(sentence, statement, start, length)
    elif name := str(node.get("function_name", "")).lower():
        if _REFUSED.fullmatch(name):
            raise query_error(_refused_function(name), statement, start, length)


def _check_table(
    node: dict[str, Any], names: frozenset[str], statement: str, tables: Collection[str]
) -> None:
    name = str(node.get("table_name", ""))
    schema = str(node.get("schema_name", "")).lower()
    catalog = str(node.get("catalog_name", "")).lower()
    if not schema and not catalog and name.lower() in names:
        return
    if name.lower() in tables and schema in ("", "main") and catalog in ("", "memory"):
        return
    full = ".".join(part for part in (catalog, schema, name) if part)
    if schema or catalog or not _LOOKS_LIKE_A_FILE.search(name):
        near = nearest(name, [*tables, *names]) or f"; there are {', '.join(tables)}."
        sentence = f"There is no table “{full}”{near}"
    else:
        sentence = (
            f"Files cannot be read here (“{name[:60]}”). Give ratings and users with the run; the "
            f"tables are {', '.join(tables)}."
        )
    raise query_error(sentence, statement, *_place(node))


def _refused_function(name: str) -> str:
    return (
        f"{name} cannot be used here: a query reads the tables only, no files, no settings and "
        "nothing of this machine."
    )


def _place(node: dict[str, Any]) -> tuple[int | None, int]:
    start, length = node.get("query_location"), node.get("query_location_length")
    known = isinstance(start, int) and start <= MOST_CHARACTERS * 4
    return (start if known else None), (length if isinstance(length, int) and length else 1)


def _first_word(statement: str) -> str:
    word = re.search(r"[A-Za-z_]+", _COMMENT.sub(" ", statement))
    name = word[0].upper() if word else "This"
    return f"{name} without IN (…)" if name == "PIVOT" else name
