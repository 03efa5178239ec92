"""What is installed is one package with all it needs inside, and it works where there is no checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from restorer import __version__

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel, built as pip builds it, but without the isolation that needs a network, and not compressed:
    most of it are weights, on which that would take longer than all else here."""
    builder, folder = WheelBuilder(str(ROOT)), str(tmp_path_factory.mktemp("wheel"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zlib, "Z_DEFAULT_COMPRESSION", zlib.Z_NO_COMPRESSION)
        (path,) = builder.build(directory=folder, versions=["standard"])
    with zipfile.ZipFile(path) as wheel:
        yield wheel


def tracked(folder: str) -> set[str]:
    """The files of a folder that belong to the project, relative to it."""
    junk = {"__pycache__", ".ruff_cache", ".mypy_cache", ".pytest_cache"}
    top = ROOT / folder
    files = (path.relative_to(top) for path in top.rglob("*") if path.is_file())
    return {path.as_posix() for path in files if junk.isdisjoint(path.parts)}


def test_one_package_is_installed_and_nothing_beside_it(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"restorer", f"restorer-{__version__}.dist-info"}


@pytest.mark.parametrize("folder", ["ui", "models", "resources"])
def test_what_the_app_needs_lies_inside(wheel: zipfile.ZipFile, folder: str) -> None:
    prefix = f"restorer/_app/{folder}/"
    inside = {name.removeprefix(prefix) for name in wheel.namelist() if name.startswith(prefix)}
    assert inside == tracked(folder)


def test_the_guide_lies_inside_with_every_picture_that_it_shows(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for guide in ("guide.md", "guide.zh_CN.md"):
        text = wheel.read(f"restorer/_app/docs/{guide}").decode()
        pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
        assert len(pictures) > 3
        assert {f"restorer/_app/docs/{picture}" for picture in pictures} <= names


def test_every_module_and_the_licence_are_there(wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if not name.startswith("restorer/_app/")}
    modules = {name.removeprefix("restorer/") for name in names if name.startswith("restorer/")}
    assert modules == tracked("restorer")
    assert "restorer/_app/main.py" in wheel.namelist()
    assert f"restorer-{__version__}.dist-info/licenses/LICENSE" in names


def test_the_programs_are_functions_that_exist(wheel: zipfile.ZipFile) -> None:
    parser = ConfigParser()
    parser.read_string(wheel.read(f"restorer-{__version__}.dist-info/entry_points.txt").decode())
    assert dict(parser["console_scripts"]) == {"restorer": "restorer.cli.main:main"}
    assert dict(parser["gui_scripts"]) == {"restorer-app": "restorer.gui_script:main"}


@pytest.fixture(scope="module")
def site(wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with the wheel unpacked in it."""
    folder = tmp_path_factory.mktemp("site")
    wheel.extractall(folder)
    return folder


def installed(site: Path, code: str, **environ: str) -> str:
    """What code prints in an empty folder where only the unpacked wheel is on the path."""
    empty = site.parent / "empty"
    empty.mkdir(exist_ok=True)
    # -P: nothing beside the running code is importable; the checkout's editable install comes after.
    run = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(site), **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_packs_and_pictures_are_found_after_installing(site: Path) -> None:
    code = (
        "from restorer import paths\nfrom restorer.packs import catalog\n"
        "print(paths.resources_dir(), *(pack.folder for pack in catalog.all_packs() if pack.shipped))"
    )
    resources, *packs = installed(site, code).split()
    assert Path(resources) == site / "restorer" / "_app" / "resources"
    assert packs
    assert all((site / "restorer" / "_app" / "models") in Path(pack).parents for pack in packs)


def test_the_door_opens_on_the_window_that_was_installed(site: Path) -> None:
    code = (
        "import sys\n"
        "from restorer import gui_script\n"
        "sys.argv = ['restorer-app', '--version']\n"
        "try:\n    gui_script.main()\n"
        "except SystemExit: pass\n"
        "import ui; print(ui.__file__)"
    )
    said, place = installed(site, code).splitlines()
    assert said == f"Restorer {__version__}"
    assert Path(place) == site / "restorer" / "_app" / "ui" / "__init__.py"
