"""The plan of the house: which way imports run, what start-up costs, how long a module is, what is pinned."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
ENGINE = sorted((ROOT / "restorer").rglob("*.py"))
FACE = sorted((ROOT / "ui").rglob("*.py"))
MODULES = [*ENGINE, *FACE, ROOT / "main.py", *sorted((ROOT / "tools").rglob("*.py"))]
APP_ONLY = [path for path in ENGINE if {"training", "evaluation"}.isdisjoint(path.relative_to(ROOT).parts)]


def name_of(path: Path) -> str:
    """restorer/photo/__init__.py -> restorer.photo"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, within_functions: bool = True) -> Iterator[str]:
    """Full names of the modules that a file imports, wherever in the file; not those for type checkers."""
    nodes: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes += node.orelse
        elif within_functions or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            nodes += ast.iter_child_nodes(node)


def loaded_by(statement: str) -> set[str]:
    """The modules in a fresh Python after a statement."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {statement}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def test_the_engine_never_loads_qt_or_the_face() -> None:
    # evaluation.peers and the like may need extras, so modules beside the app are held to it by reading.
    statement = "; ".join(f"import {name_of(path)}" for path in APP_ONLY if path.name != "__main__.py")
    loaded = {name.split(".")[0] for name in loaded_by(statement)}
    assert loaded.isdisjoint({"PySide6", "shiboken6", "ui", "main"})
    assert "torch" in loaded  # the engine itself was among them


@pytest.mark.parametrize("path", ENGINE, ids=name_of)
def test_no_engine_file_imports_qt_or_the_face_anywhere(path: Path) -> None:
    assert {name.split(".")[0] for name in imports(path)}.isdisjoint({"PySide6", "shiboken6", "ui", "main"})


@pytest.mark.parametrize("path", [*APP_ONLY, *FACE, ROOT / "main.py"], ids=name_of)
def test_nothing_that_runs_in_the_app_imports_training_or_evaluation(path: Path) -> None:
    # The command line names them as strings and loads them only for their own commands.
    beside = ("restorer.training", "restorer.evaluation")
    assert not [name for name in imports(path) if name.startswith(beside)]


def test_the_mathematics_knows_nothing_of_the_engine() -> None:
    below = {"errors", "diffusion", "kernels"}
    for path in (ROOT / "restorer" / "diffusion").rglob("*.py"):
        for name in imports(path):
            if name.startswith("restorer."):
                assert name.split(".")[1] in below, f"{name_of(path)} imports {name}"


def test_the_kernels_know_nothing_but_torch() -> None:
    for path in (ROOT / "restorer" / "kernels").rglob("*.py"):
        named = [name for name in imports(path) if name.startswith("restorer")]
        assert all(name.startswith("restorer.kernels") or name == "restorer" for name in named), path.name


@pytest.mark.parametrize(
    "module", ["restorer", "restorer.cli", "restorer.request", "restorer.catalog", "main"]
)
def test_importing_is_cheap_where_a_person_waits(module: str) -> None:
    assert loaded_by(f"import {module}").isdisjoint({"torch", "cv2", "numpy", "PIL"})


@pytest.mark.parametrize("path", FACE, ids=name_of)
def test_no_window_module_loads_torch_at_its_top(path: Path) -> None:
    heavy = ("torch", "cv2", "restorer.engine", "restorer.diffusion", "restorer.device", "restorer.kernels")
    assert not [name for name in imports(path, within_functions=False) if name.startswith(heavy)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_is_one_idea_with_a_header(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text)), "a module says what lives here"


def test_every_dependency_is_pinned_exactly_and_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = {pin.name.lower(): pin for pin in (Requirement(line) for line in lines if line and line[0] != "#")}
    extras = project["optional-dependencies"]
    for line in [*project["dependencies"], *(line for extra in extras.values() for line in extra)]:
        wanted = Requirement(line.split("#")[0])
        (exact,) = pins[wanted.name.lower()].specifier
        assert exact.operator == "=="
        assert wanted.specifier.contains(exact.version), f"{wanted} does not allow {exact.version}"


def test_no_file_names_a_machine_or_a_registry() -> None:
    words = ["/work/", "/root/", "pypi" + ".org", "files.pythonhosted", "deb.debian", "download.pytorch"]
    for path in [
        *MODULES,
        *ROOT.glob("*.md"),
        *ROOT.glob("*.txt"),
        *ROOT.glob("*.toml"),
        *ROOT.glob("docs/**/*.md"),
    ]:
        text = path.read_text("utf-8")
        assert not [word for word in words if word in text], path


@pytest.mark.parametrize(
    ("given", "rounds"),
    [({}, "2000"), ({"GOMP_SPINCOUNT": "7"}, "7"), ({"OMP_WAIT_POLICY": "active"}, "None")],
    ids=["nothing said", "rounds said", "policy said"],
)
def test_idle_threads_sleep_soon_unless_the_person_said_otherwise(given: dict[str, str], rounds: str) -> None:
    bare = {
        name: value for name, value in os.environ.items() if name not in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")
    }
    told = subprocess.run(
        [sys.executable, "-c", "import os, restorer; print(os.environ.get('GOMP_SPINCOUNT'))"],
        capture_output=True, text=True, check=True, cwd=ROOT, env=bare | given,
    )  # fmt: skip
    assert told.stdout.strip() == rounds
