"""The plan of the house: which way imports run, what start-up costs, what every module says, what is
pinned."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
ENGINE = sorted((ROOT / "restorer").rglob("*.py"))
FACE = sorted((ROOT / "ui").rglob("*.py"))
MODULES = [*ENGINE, *FACE, ROOT / "main.py", *sorted((ROOT / "tools").rglob("*.py"))]
LAYERS = {
    "restorer": (
        ("kernels",),
        ("leaves", "diffusion"),
        ("files", "packs"),
        ("preferences", "importers"),
        ("photo",),
        ("damage",),
        ("pipeline", "launcher"),
        ("batch", "training"),
        ("cli", "evaluation"),
        ("__main__",),
    ),
    "ui": (
        ("style", "system"),
        ("imaging", "i18n"),
        ("inputs",),
        ("widgets", "workers"),
        ("canvas", "model", "help", "model_manager"),
        ("controllers", "settings"),
        ("last_session",),
        ("app_core",),
        ("saving", "batch", "finish", "study", "damage"),
        ("restore",),
        ("generate",),
        ("main_window",),
        ("app",),
    ),
}
"""Packages, and single modules beside them, bottom up. What is in a row imports only from the rows above it,
be it for type checkers, and from itself."""
LEAVES = {
    "errors",
    "paths",
    "locks",
    "device",
    "memory",
    "opencv",
    "logs",
    "gui_script",
    "ncnn_networks",
    "text",
    "threads",
}
"""Single modules of restorer that everything may use."""
TO_CURE: set[tuple[str, str]] = set()
"""(who, whom): imports against the layers that are still there. One that is gone has to go from here too."""
MOST_MODULES = {"restorer": 20, "ui": 14}
"""So many modules a package may hold, `__init__` not counted."""
CROWDED: dict[str, int] = {}
"""Packages that still hold more, and how many; the number may only fall."""
APP_ONLY = [path for path in ENGINE if {"training", "evaluation"}.isdisjoint(path.relative_to(ROOT).parts)]


def name_of(path: Path) -> str:
    """restorer/photo/__init__.py -> restorer.photo"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, within_functions: bool = True, for_types: bool = False) -> Iterator[str]:
    """Full names of what a file imports, wherever in the file; those for type checkers only `for_types`."""
    nodes: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not for_types:
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


def wrong(paths: Iterable[Path], unwanted: tuple[str, ...], within_functions: bool = True) -> list[str]:
    """What the files import of what they should not, each with its file."""
    return [
        f"{name_of(path)} imports {name}"
        for path in paths
        for name in imports(path, within_functions)
        if f"{name}.".startswith(tuple(f"{each}." for each in unwanted))
    ]


def test_no_engine_file_imports_qt_or_the_face_anywhere() -> None:
    assert not wrong(ENGINE, ("PySide6", "shiboken6", "ui", "main"))


def test_nothing_that_runs_in_the_app_imports_training_or_evaluation() -> None:
    # The command line names them as strings and loads them only for their own commands.
    assert not wrong([*APP_ONLY, *FACE, ROOT / "main.py"], ("restorer.training", "restorer.evaluation"))


def layer_of(name: str) -> str:
    """restorer.photo.reading.x -> photo, restorer.paths -> leaves; nothing for what is no module at all."""
    top, _, rest = name.partition(".")
    first = rest.split(".")[0]
    if top == "restorer" and first in LEAVES:
        return "leaves"
    place = ROOT / top / first
    return first if first and (place.is_dir() or place.with_suffix(".py").is_file()) else ""


def module_of(name: str) -> str:
    """ui.batch.window.BatchWindow -> ui.batch.window"""
    place = ROOT.joinpath(*name.split("."))
    return name if place.is_dir() or place.with_suffix(".py").is_file() else name.rpartition(".")[0]


@pytest.mark.parametrize("top", LAYERS)
def test_every_package_imports_only_from_the_layers_below_it(top: str) -> None:
    level = {name: number for number, row in enumerate(LAYERS[top]) for name in row}
    found = set()
    for path in sorted((ROOT / top).rglob("*.py")):
        mine = layer_of(name_of(path))
        assert mine in level or name_of(path) == top, f"{name_of(path)} is in no layer"
        for name in imports(path, for_types=True):
            theirs = layer_of(name) if name.startswith(f"{top}.") else ""
            if mine and theirs and theirs != mine and level[theirs] >= level[mine]:
                found.add((name_of(path), module_of(name)))
    known = {pair for pair in TO_CURE if pair[0].startswith(f"{top}.")}
    assert found == known, f"new: {sorted(found - known)}; gone: {sorted(known - found)}"


def test_the_core_knows_no_widget_and_no_feature_knows_the_window() -> None:
    below = ("app_core", "controllers", "model", "workers", "imaging")
    core = [path for path in FACE if layer_of(name_of(path)) in below]
    assert len(core) > len(below)
    assert not wrong(core, ("PySide6.QtWidgets", "ui.widgets", "ui.canvas"))
    outside = [path for path in FACE if path.relative_to(ROOT).parts[1] not in ("main_window", "app.py")]
    assert not wrong(outside, ("ui.main_window",))


def test_few_attributes_of_the_window_are_reached_from_outside_it() -> None:
    source = ROOT / "ui" / "main_window" / "window.py"
    (window,) = (
        node
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and node.name == "Window"
    )
    own = {
        node.attr
        for node in ast.walk(window)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    assert "core" in own
    reached = [
        f"{name_of(path)}: {ast.unparse(node)}"
        for path in FACE
        if path != source
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in own
        if ast.unparse(node.value).rpartition(".")[2] in ("window", "_window")
    ]
    assert 0 < len(reached) <= 10, reached


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
    "module", ["restorer", "restorer.cli.main", "restorer.pipeline.request", "restorer.packs.catalog", "main"]
)
def test_importing_is_cheap_where_a_person_waits(module: str) -> None:
    assert loaded_by(f"import {module}").isdisjoint({"torch", "cv2", "numpy", "PIL"})


def test_no_window_module_loads_torch_at_its_top() -> None:
    engine = ("restorer.pipeline.restore", "restorer.pipeline.generate", "restorer.packs.builders")
    below = ("restorer.diffusion", "restorer.device", "restorer.kernels")
    assert not wrong(FACE, ("torch", "cv2", *engine, *below), within_functions=False)


def test_every_module_says_what_lives_in_it() -> None:
    silent = [path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert not [name_of(path) for path in silent]


@pytest.mark.parametrize("top", MOST_MODULES)
def test_no_package_holds_more_modules_than_a_reader_can_survey(top: str) -> None:
    sizes = Counter(path.parent for path in (ROOT / top).rglob("*.py") if path.name != "__init__.py")
    assert len(sizes) > 10
    large = {
        folder.relative_to(ROOT).as_posix(): size
        for folder, size in sizes.items()
        if size > MOST_MODULES[top]
    }
    assert large == {folder: size for folder, size in CROWDED.items() if folder.startswith(top)}


def test_one_class_name_has_one_meaning() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in (*ENGINE, *FACE):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name_of(path))
    assert len(places) > 300
    assert not {name: where for name, where in places.items() if len(where) > 1}


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
