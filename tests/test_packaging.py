"""What is declared is what is used, and the two commands of a fresh clone do what they promise."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
APP = ROOT / "requirements.txt"
TOOLS = ROOT / "requirements-dev.txt"

# Not imported by Kura, but another version of one changes a vector, a map or a redaction.
PINNED_FOR_RESULTS = {
    "llvmlite", "phonenumbers", "pynndescent",
    "regex", "safetensors", "spacy", "tokenizers",
}  # fmt: skip

needs_make = pytest.mark.skipif(
    shutil.which("make") is None or os.name == "nt", reason="needs make and a POSIX shell"
)


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _declared() -> dict[str, Requirement]:
    project = _project()["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    found = [Requirement(text) for group in groups for text in group]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def _lines(path: Path) -> list[str]:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _pins(path: Path) -> dict[str, Version]:
    pairs = [line.split("==") for line in _lines(path)]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


@pytest.mark.parametrize("path", [APP, TOOLS], ids=lambda path: path.name)
def test_every_requirement_is_pinned_once(path: Path) -> None:
    lines = _lines(path)
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9a-z.]*", line) for line in lines), lines
    assert len(_pins(path)) == len(lines)


def test_pins_lie_in_the_ranges_that_the_package_declares() -> None:
    pins = _pins(APP)
    assert pins.keys() == _declared().keys() | PINNED_FOR_RESULTS
    outside = [
        str(found) for name, found in _declared().items() if pins[name] not in found.specifier
    ]
    assert not outside


def test_the_app_needs_no_test_tool() -> None:
    assert not _pins(APP).keys() & _pins(TOOLS).keys()


def test_every_third_party_import_is_declared() -> None:
    # More than one distribution can provide a name (google, say): one of them declared is enough.
    provided_by = importlib.metadata.packages_distributions()
    declared = _declared().keys()
    files = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "kura_core").rglob("*.py")]
    undeclared = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            else:
                continue
            for name in {module.partition(".")[0] for module in modules}:
                if name in sys.stdlib_module_names or name in {"kura_core", "pages", "app"}:
                    continue
                owners = {canonicalize_name(owner) for owner in provided_by.get(name, [name])}
                if not owners & declared:
                    undeclared.add(f"{path.relative_to(ROOT).as_posix()}: {name}")
    assert not undeclared


def test_the_declared_python_versions_agree() -> None:
    project = _project()
    versions = re.findall(r":: Python :: (3\.\d+)", " ".join(project["project"]["classifiers"]))
    assert versions == ["3.11", "3.12", "3.13"]
    assert project["project"]["requires-python"] == f">={versions[0]}"
    assert project["tool"]["mypy"]["python_version"] == versions[0]
    assert project["tool"]["ruff"]["target-version"] == f"py{versions[0].replace('.', '')}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Built from a copy: setuptools leaves its build folders beside pyproject.toml.
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "kura_core", source / "kura_core", ignore=ignore)
    shutil.copytree(ROOT / "pages", source / "pages", ignore=ignore)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("kura_core-*.whl"))


def test_the_wheel_holds_the_library_with_its_sample_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    in_tree = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "kura_core").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == in_tree


def test_the_installed_command_starts_and_answers_queries(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    entry_points = next(tmp_path.glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    assert "kura = kura_core.__main__:main" in entry_points
    # What pip writes into the `kura` command.
    start = "import sys; from kura_core.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-P", "-c", start]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    query = "SELECT COUNT(*) AS n FROM chat_clusters JOIN user_feedback USING (conversation_id)"
    asked = ["sql", "kura_core/sample/run", query, "--csv"]
    for arguments, answer in ((["--help"], "run"), (asked, "n\n599\n")):
        done = subprocess.run(
            [*command, *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert answer in done.stdout


def test_continuous_integration_runs_tests_then_lint_then_types() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    calls = re.findall(r"^make (\w+)", script.read_text(encoding="utf-8"), re.MULTILINE)
    assert calls == ["test", "lint", "types"]


# A stand-in for python3 that writes down what it is asked to install and start.
FAKE_PYTHON = """#!/bin/sh
case "$1 $2" in
"-c "*) [ -z "$TOO_OLD" ] ;;
"--version ") echo "Python ${TOO_OLD:-3.11.7}" ;;
"-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
"-m pip")
    case "$*" in
    *" show torch"*) exit 1 ;;
    *+cpu*--index-url*) echo "$*" >> calls ;;
    *+cpu*) echo "$*" >> calls; [ -n "$CPU_WHEEL_CONFIGURED" ] ;;
    *) echo "$*" >> calls ;;
    esac ;;
"-m "*) echo "$*" >> calls ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh clone on a Linux machine whose only interpreter is the stand-in."""
    for path in (ROOT / "Makefile", APP, TOOLS):
        shutil.copy(path, tmp_path)
    programs = tmp_path / "bin"
    programs.mkdir()
    stand_ins = dict.fromkeys(("python3", "python3.11", "python3.12", "python3.13"), FAKE_PYTHON)
    stand_ins["uname"] = "#!/bin/sh\necho Linux\n"
    stand_ins["chromium"] = "#!/bin/sh\n"
    for name, text in stand_ins.items():
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    return tmp_path


def _make(clone: Path, target: str, *, code: int = 0, **environment: str) -> tuple[list[str], str]:
    """The calls of the interpreter and what stands on stderr."""
    (clone / "calls").write_text("", encoding="utf-8")
    path = f"{clone / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["make", target],
        cwd=clone, env={"PATH": path, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return (clone / "calls").read_text(encoding="utf-8").splitlines(), done.stderr


@needs_make
def test_make_run_installs_and_opens_the_app_in_a_fresh_clone(clone: Path) -> None:
    calls, _ = _make(clone, "run", CPU_WHEEL_CONFIGURED="yes")
    torch, requirements, streamlit = calls
    assert f"torch=={_pins(APP)['torch']}+cpu" in torch
    assert requirements.endswith("--requirement requirements.txt")
    assert streamlit.startswith("-m streamlit run app.py")


@needs_make
def test_a_second_make_run_installs_nothing(clone: Path) -> None:
    _make(clone, "run", CPU_WHEEL_CONFIGURED="yes")
    calls, _ = _make(clone, "run", CPU_WHEEL_CONFIGURED="yes")
    assert [call.split()[1] for call in calls] == ["streamlit"]


@needs_make
def test_changed_requirements_are_installed_by_the_next_make_run(clone: Path) -> None:
    _make(clone, "run", CPU_WHEEL_CONFIGURED="yes")
    with (clone / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write("tqdm==4.70.1\n")
    calls, _ = _make(clone, "run", CPU_WHEEL_CONFIGURED="yes")
    assert "--requirement requirements.txt" in " ".join(calls)


@needs_make
def test_the_cpu_build_of_torch_comes_from_the_index_named_in_requirements_txt(clone: Path) -> None:
    index = re.search(r"^#.*--index-url (\S+)$", APP.read_text(encoding="utf-8"), re.MULTILINE)
    assert index
    calls, _ = _make(clone, "run")
    assert calls[1].endswith(f"--index-url {index[1]}")
    assert "--index-url" not in calls[0] + calls[2]


@needs_make
def test_make_test_installs_the_test_tools_and_runs_pytest_once(clone: Path) -> None:
    calls, _ = _make(clone, "test", CPU_WHEEL_CONFIGURED="yes")
    assert calls[-2].endswith("--requirement requirements.txt --requirement requirements-dev.txt")
    assert [call for call in calls if "pytest" in call] == ["-m pytest -n auto --dist loadfile"]


@needs_make
def test_an_old_python_is_refused_with_what_is_needed(clone: Path) -> None:
    calls, said = _make(clone, "run", code=2, TOO_OLD="3.9.2")
    assert "Kura needs Python 3.11 or newer; found: Python 3.9.2." in said
    assert not calls
    assert not (clone / ".venv").exists()


@needs_make
def test_an_environment_of_an_old_python_is_not_used(clone: Path) -> None:
    _make(clone, "run", CPU_WHEEL_CONFIGURED="yes")
    calls, said = _make(clone, "run", code=2, TOO_OLD="3.9.2")
    assert "Remove the folder and try again" in said
    assert not calls
