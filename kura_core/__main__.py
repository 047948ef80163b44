"""The command line: `python -m kura_core run …` and `sql …`, installed as `kura`."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from kura_core.config import BUNDLED_EMBEDDING, ColumnField, RunConfig
from kura_core.errors import (
    BudgetSpent,
    ConfigError,
    EngineError,
    InputError,
    KuraError,
    RunCancelled,
)
from kura_core.insights.sql.command import add_sql_command, run_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kura_core.run.events import Emit
    from kura_core.run.pipeline import RunResult

DONE, UNEXPECTED, WRONG_INPUT, BUDGET, ENGINE_UNUSABLE, MANY_FAILED = 0, 1, 2, 3, 4, 5
CANCELLED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code, as named above."""
    started = time.monotonic()
    _print_any_character()
    options = _parser().parse_args(arguments)
    if options.command == "sql":
        return run_sql(options)
    with _stop_on_signals() as stop_requested:
        emit = _tell_terminal
        try:
            emit = _events_receiver(options)
            result = _run(options, emit, stop_requested)
        except RunCancelled as error:
            return _end(str(error), CANCELLED)
        except BudgetSpent as error:
            return _end(str(error), BUDGET)
        except (InputError, ConfigError) as error:
            return _fail(emit, str(error), WRONG_INPUT)
        except EngineError as error:
            return _fail(emit, str(error), ENGINE_UNUSABLE)
        except KuraError as error:
            return _fail(emit, str(error), UNEXPECTED)
        except OSError as error:
            return _fail(emit, _file_problem(error), UNEXPECTED)
        except MemoryError:
            return _fail(emit, "This machine ran out of memory; try a smaller --limit.", UNEXPECTED)
        except Exception as error:
            # Whoever watches the events must learn of the end; the log gets the whole story.
            emit("run_finished", status="failed", text=_bug(error), exit_code=UNEXPECTED)
            raise
    _print_result(result, time.monotonic() - started)
    return MANY_FAILED if result.too_many_failed else DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kura", description="What users want, where they are failed, what to build next."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="read conversations and write clusters, map and tables")
    run.add_argument(
        "input",
        metavar="INPUT",
        help="JSONL, JSON, CSV, TSV or Parquet, plain, .gz or in a zip; a ChatGPT or Claude "
        "export; a Kura checkpoint folder; or hf:OWNER/NAME for a Hugging Face data set",
    )
    run.add_argument("--out", metavar="DIR", type=Path, required=True, help="where results go")
    run.add_argument(
        "--map",
        metavar="FIELD=COLUMN,…",
        help="what your columns hold: " + ", ".join(get_args(ColumnField)),
    )
    run.add_argument("--config", metavar="FILE", type=Path, help="settings as JSON; flags win")
    run.add_argument("--engine", choices=("offline", "openai", "anthropic"))
    run.add_argument("--model", metavar="NAME", help="the engine's model")
    run.add_argument(
        "--name-model",
        metavar="NAME",
        help="another model for the names of clusters and themes (default: the engine's)",
    )
    run.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible server")
    run.add_argument(
        "--embedding-model",
        metavar="NAME",
        help="sentence-transformers name or folder, openai, or tfidf "
        f"(default {BUNDLED_EMBEDDING})",
    )
    run.add_argument("--clustering", choices=("kmeans", "minibatch", "hdbscan"))
    size = run.add_mutually_exclusive_group()
    size.add_argument("--clusters", metavar="N", type=int, help="number of base clusters")
    size.add_argument("--per-cluster", metavar="N", type=int, help="conversations a base cluster")
    run.add_argument("--max-top", metavar="N", type=int, help="most themes at the top (default 10)")
    run.add_argument("--seed", metavar="N", type=int)
    run.add_argument("--facets", metavar="FILE", type=Path, help="your own questions, as JSON")
    by = "group by summary (default), request, task, topic, or one of your own text questions"
    run.add_argument("--cluster-by", metavar="NAME", help=by)
    first = "one of your own yes/no questions, asked first: who is answered no is left out"
    run.add_argument("--screen", metavar="NAME", help=first)
    run.add_argument("--prompts", metavar="FILE", type=Path, help="your own prompts, as JSON")
    run.add_argument("--redact", choices=("off", "standard", "strict"))
    run.add_argument(
        "--judges",
        choices=("rules", "engine", "off"),
        help="who judges whether users got what they asked for: rules, free of charge (default), "
        "or the engine's model, in two or three more calls a conversation",
    )
    run.add_argument("--limit", metavar="N", type=int, help="read only the first N conversations")
    run.add_argument("--concurrency", metavar="N", type=int, help="engine calls at once")
    run.add_argument(
        "--price",
        metavar="IN,OUT",
        help="dollars per million tokens read and written, for a model whose price is not known",
    )
    run.add_argument("--name-price", metavar="IN,OUT", help="the same for --name-model")
    run.add_argument(
        "--budget",
        metavar="USD",
        type=float,
        help="the most the run may cost: it stops before, and goes on when the same command is "
        "given with more",
    )
    run.add_argument(
        "--rpm",
        metavar="N",
        type=int,
        dest="requests_per_minute",
        help="most requests a minute",
    )
    run.add_argument(
        "--tpm", metavar="N", type=int, dest="tokens_per_minute", help="most tokens a minute"
    )
    run.add_argument(
        "--retry-failed",
        action="store_true",
        help="ask again for the conversations that failed in the finished run in DIR, no others",
    )
    run.add_argument("--cache", metavar="DIR", type=Path, help="where a model's answers are kept")
    run.add_argument(
        "--feedback",
        metavar="FILE",
        type=Path,
        help="your ratings: a table with a column of conversation ids, in any of the formats above",
    )
    run.add_argument(
        "--users",
        metavar="FILE",
        type=Path,
        help="what you know of your users: a table with a column of user ids",
    )
    run.add_argument(
        "--keep-joined",
        action="store_true",
        help="also use the feedback and user tables that DIR already has",
    )
    run.add_argument("--events", metavar="FILE", type=Path, help="write progress as JSON lines")
    run.add_argument("--reuse", metavar="DIR", type=Path, help="another run to take work from")
    run.add_argument("--keys-stdin", action="store_true", help="read keys as JSON from stdin")
    add_sql_command(commands)
    return parser


def _run(options: argparse.Namespace, emit: Emit, stop_requested: Callable[[], bool]) -> RunResult:
    from kura_core.engines.choose import make_engine
    from kura_core.run.pipeline import run_pipeline
    from kura_core.run.side.input import SideInput
    from kura_core.run.side.tables import SideKind

    config = _config(options)
    given: dict[SideKind, Path | None] = {"feedback": options.feedback, "users": options.users}
    files = {kind: path for kind, path in given.items() if path is not None}
    keys = _read_keys() if options.keys_stdin else {}
    engine = make_engine(config, keys)

    async def work() -> RunResult:
        try:
            return await run_pipeline(
                options.input,
                options.out,
                config,
                engine,
                emit=emit,
                stop_requested=stop_requested,
                reuse=options.reuse,
                cache=options.cache,
                keys=keys,
                side=SideInput(files, keep=options.keep_joined),
                retry_failed=options.retry_failed,
            )
        finally:
            await engine.aclose()

    return asyncio.run(work())


def _config(options: argparse.Namespace) -> RunConfig:
    settings = _json_file(options.config, "--config") if options.config else {}
    if not isinstance(settings, dict):
        raise ConfigError(
            f"--config got {options.config}, which is not one JSON object of settings; needed is "
            'for instance {"clusters": 12}.'
        )
    if options.facets:
        settings["facets"] = _json_file(options.facets, "--facets")
    if options.prompts:
        settings["prompts"] = _json_file(options.prompts, "--prompts")
    if options.map:
        from kura_core.load.columns.shape import parse_column_map

        settings["columns"] = parse_column_map(options.map)
    for name, price in (("price", options.price), ("name_price", options.name_price)):
        if price:
            settings[name] = price.split(",")
    from_files = {"facets", "prompts", "columns", "price", "name_price"}
    flags = RunConfig.model_fields.keys() - from_files
    given = {name: getattr(options, name, None) for name in flags}
    if given["clusters"] or given["per_cluster"]:
        settings.pop("clusters", None)
        settings.pop("per_cluster", None)
    settings |= {name: value for name, value in given.items() if value is not None}
    try:
        return RunConfig.model_validate(settings)
    except ValidationError as error:
        problems = "; ".join(_setting_problem(problem) for problem in error.errors())
        raise ConfigError(f"The settings cannot be used: {problems}.") from error


def _setting_problem(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"]))
    if problem["type"] == "extra_forbidden":  # its value may be a key: it is not repeated
        return f"{place} is not a setting"
    message = problem["msg"].removeprefix("Value error, ")
    if not place or isinstance(problem["input"], dict | list):
        return f"{place}: {message}" if place else message
    return f"{place}: {message} (got {problem['input']!r})"


def _json_file(path: Path, flag: str) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{flag} got {path}, which cannot be read as JSON ({error}). Check the path and its "
            "content."
        ) from error


def _read_keys() -> dict[str, str]:
    try:
        keys = json.load(sys.stdin)
    except ValueError:
        keys = None
    if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys.values()):
        raise ConfigError(
            '--keys-stdin needs one JSON object on stdin, as {"openai": "…"}; what came is none.'
        )
    return keys


@contextmanager
def _stop_on_signals() -> Iterator[Callable[[], bool]]:
    """Turn the first interrupt into a wish to stop between two batches; the second one kills."""
    asked: list[int] = []

    def ask(number: int, frame: Any) -> None:
        asked.append(number)
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_any_character() -> None:
    """Show what the terminal's encoding lacks as a question mark, rather than stop."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _events_receiver(options: argparse.Namespace) -> Emit:
    from kura_core.run.events import tell_all, write_events_to

    if options.events is None:
        return _tell_terminal
    return tell_all(_tell_terminal, write_events_to(options.events))


def _tell_terminal(event: str, **values: Any) -> None:
    from kura_core.run.events import STEPS

    if event == "step_finished":
        title, unit = STEPS[values["step"]]
        line = f"{title:<24}{values['total']:>8} {unit:<14}{values['seconds']:8.1f} s"
        print(line, file=sys.stderr)
    elif event == "step_progress" and sys.stderr.isatty() and values["done"] < values["total"]:
        title, unit = STEPS[values["step"]]
        line = f"{title:<24}{values['done']:>8} of {values['total']} {unit}"
        print(line, end="\r", file=sys.stderr)
    elif event == "estimate":
        from kura_core.run.cost.estimate import estimate_of
        from kura_core.run.cost.money_text import estimate_text

        print(f"About {estimate_text(estimate_of(values))}.", file=sys.stderr)
    elif event == "notice":
        print(values["text"], file=sys.stderr)


def _print_result(result: RunResult, seconds: float) -> None:
    from kura_core.explore.tree import render_tree
    from kura_core.run.cost.money_text import spent_text
    from kura_core.run.side.report import match_sentences
    from kura_core.run.side.tables import attached
    from kura_core.run.tables import read_tables

    manifest = result.manifest
    counts = manifest["counts"]
    if result.unchanged:
        print("Nothing has changed since the last run; these are its results.", file=sys.stderr)
    print(render_tree(read_tables(result.folder).clusters))
    for table in attached(result.folder).values():
        print("\n".join(match_sentences(table)), file=sys.stderr)
    kinds = ("rejected", "filtered", "failed")
    left_out = [f"{counts[kind]} {kind}" for kind in kinds if counts[kind]]
    if left_out:
        print(f"Left out: {', '.join(left_out)} (see tables/excluded.parquet).", file=sys.stderr)
    if not result.unchanged and (said := spent_text(manifest)):
        print(said, file=sys.stderr)
    print(
        f"{counts['summarised']} conversations · {counts['clusters']} clusters · "
        f"{seconds:.1f} s · {_cost(manifest)}"
    )


def _cost(manifest: dict[str, Any]) -> str:
    if manifest["cost_usd"] is not None:
        return f"${manifest['cost_usd']:.2f}"
    tokens = manifest["tokens"]
    return f"price unknown ({tokens['input']:,} tokens read, {tokens['output']:,} written)"


def _bug(error: Exception) -> str:
    return (
        f"The run ended on an unexpected error ({type(error).__name__}), which is a fault of Kura. "
        "What is finished is kept; start the run again, and if it ends here again report it."
    )


def _fail(emit: Emit, message: str, code: int) -> int:
    emit("run_finished", status="failed", text=message, exit_code=code)
    return _end(message, code)


def _file_problem(error: OSError) -> str:
    if error.filename is None:
        return f"{error.strerror or error}. Finished work is kept; give the same command again."
    return (
        f"{error.filename} cannot be used ({error.strerror}). Finished work is kept; check the "
        "path and the space that is left, then give the same command again."
    )


def _end(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    # The exit skips waiting for a thread that may still be compiling what nobody needs any more.
    exit_code = main()
    with suppress(BrokenPipeError):  # whoever read the output has seen enough
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(exit_code)
