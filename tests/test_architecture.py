"""The tree keeps its shape: data flows one way and heavy libraries wait until they are used."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = "kura_core"

HEAVY = {
    "anthropic", "datasets", "duckdb", "hdbscan", "numba", "openai", "presidio_analyzer",
    "pynndescent", "sentence_transformers", "sklearn", "spacy", "torch", "transformers", "umap",
}  # fmt: skip

SCREEN = {CORE, "altair", "pages", "pandas", "streamlit"}

STEPS = (
    *("screen", "summarise", "judge", "embed", "cluster", "name", "meta_cluster", "project"),
    "gaps",
)

# Who may import whom inside kura_core. A room may also import itself and the shared words.
SHARED = {"types", "errors", "config", "prompts", "ready_facets"}
ROOMS: dict[str, set[str]] = {
    "load": set(),
    "privacy": set(),
    "engines": set(),
    "steps": {"engines"},
    "sample": {"load"},
    "run": {"load", "privacy", "engines", "steps", "sample"},
    "explore": {"engines", "run"},
    "insights": {"engines", "run", "explore"},
    "production": {"engines", "steps", "run"},
}
# The doors through which others come in; nothing inside imports them.
DOORS = {"__init__", "__main__", "api"}
# The one import against the walk: `Conversation.from_hf_dataset` is a public name.
EXCEPT = {("types", f"{CORE}.load.huggingface")}

MAX_LINES = 400
EMPTY_NAMES = {"helper", "helpers", "misc", "util", "utils"}


@dataclass(frozen=True)
class Import:
    """One imported module, where it stands, and whether importing the file already runs it."""

    module: str
    line: int
    at_import: bool


def _python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "__pycache__" not in path.parts)


def _core_files() -> list[Path]:
    return _python_files(CORE)


def _screen_files() -> list[Path]:
    return [ROOT / "app.py", *_python_files("pages")]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _is_type_checking(node: ast.If) -> bool:
    return ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


@cache
def _imports(path: Path) -> tuple[Import, ...]:
    package = path.relative_to(ROOT).parts[:-1]
    found: list[Import] = []

    def visit(node: ast.AST, at_import: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend(Import(alias.name, node.lineno, at_import) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            # "from kura_core import steps" imports the module kura_core.steps.
            names = [f"{module}.{alias.name}" for alias in node.names]
            deeper = [name for name in names if _is_module(name)]
            found.extend(Import(name, node.lineno, at_import) for name in deeper or [module])
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if inside or (isinstance(node, ast.If) and _is_type_checking(node)):
            at_import = False
        for child in ast.iter_child_nodes(node):
            visit(child, at_import)

    visit(ast.parse(path.read_text(encoding="utf-8")), True)
    return tuple(found)


def _is_module(dotted: str) -> bool:
    path = ROOT.joinpath(*dotted.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _root(module: str) -> str:
    return module.partition(".")[0]


def _room(dotted: str) -> str:
    """`kura_core.load.files.rows` → `load`; the package itself → `__init__`."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_the_core_never_imports_the_screen() -> None:
    wrong = [
        f"{_name(path)}:{found.line} imports {found.module}"
        for path in _core_files()
        for found in _imports(path)
        if _root(found.module) in {"streamlit", "pages", "app"}
    ]
    assert not wrong


def test_the_screen_only_reads_widgets_calls_the_core_and_draws() -> None:
    wrong = [
        f"{_name(path)}:{found.line} imports {found.module}"
        for path in _screen_files()
        for found in _imports(path)
        if _root(found.module) not in SCREEN | sys.stdlib_module_names
    ]
    assert not wrong


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    wrong = [
        f"{_name(path)}:{found.line} imports {found.module}"
        for path in [*_core_files(), *_screen_files()]
        for found in _imports(path)
        if found.at_import and _root(found.module) in HEAVY
    ]
    assert not wrong


def test_every_room_of_the_core_is_on_the_walk() -> None:
    rooms = {_room(_dotted(path)) for path in _core_files()}
    assert rooms <= ROOMS.keys() | SHARED | DOORS, "add the new room to ROOMS, in walking order"


def test_the_walk_through_the_rooms_is_one_way() -> None:
    wrong = []
    for path in _core_files():
        room = _room(_dotted(path))
        if room in DOORS:
            continue
        allowed = SHARED | ROOMS.get(room, set()) | ({room} if room in ROOMS else set())
        wrong += [
            f"{_name(path)}:{found.line} imports {found.module}"
            for found in _imports(path)
            if _root(found.module) == CORE and _room(found.module) not in allowed
            if not any(found.module.startswith(door) for own, door in EXCEPT if own == room)
        ]
    assert not wrong


def test_a_room_lists_only_rooms_before_it() -> None:
    before: set[str] = set()
    for room, allowed in ROOMS.items():
        assert allowed <= before, room
        before.add(room)


def test_steps_know_the_protocol_and_the_rules_of_language_but_no_engine() -> None:
    known = (f"{CORE}.engines.protocol", f"{CORE}.engines.rules")
    wrong = [
        f"{_name(path)}:{found.line} imports {found.module}"
        for path in _python_files(f"{CORE}/steps")
        for found in _imports(path)
        if found.module.startswith(f"{CORE}.engines") and not found.module.startswith(known)
    ]
    assert not wrong


def test_a_step_does_not_import_a_later_step() -> None:
    wrong = []
    for path in _python_files(f"{CORE}/steps"):
        name = _dotted(path).split(".")[2]
        own = STEPS.index(name) if name in STEPS else -1
        wrong += [
            f"{_name(path)}:{found.line} imports {found.module}"
            for found in _imports(path)
            for step in found.module.split(".")[2:3]
            if found.module.startswith(f"{CORE}.steps.") and step in STEPS[own + 1 :]
        ]
    assert not wrong


def test_importing_the_core_is_light() -> None:
    listing = f"import sys, {CORE}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = HEAVY | {"altair", "pandas", "pyarrow", "scipy", "streamlit"}
    assert CORE in loaded
    assert not heavy & {_root(module) for module in loaded}


@pytest.mark.parametrize("path", [*_core_files(), *_screen_files()], ids=_name)
def test_a_module_does_one_thing(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    assert path.stem not in EMPTY_NAMES


@pytest.mark.parametrize(
    ("source", "module", "at_import"),
    [
        ("import torch.nn", "torch.nn", True),
        ("from ..run import tables", "kura_core.run", True),
        ("def f():\n    import umap", "umap", False),
        ("class A:\n    import umap", "umap", True),
        ("try:\n    import umap\nexcept ImportError:\n    pass", "umap", True),
        ("if TYPE_CHECKING:\n    import umap", "umap", False),
    ],
)
def test_the_import_reader_sees(
    source: str, module: str, at_import: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kura_core" / "steps" / "example.py"
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert [(found.module, found.at_import) for found in _imports(path)] == [(module, at_import)]
