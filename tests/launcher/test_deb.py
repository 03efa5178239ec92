"""The Debian package, made of a small folder in the bundle's place: what it says and where it puts things."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from restorer import __version__
from restorer.launcher.names import ICON_SIZES

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = str(ROOT / "tools" / "deb.py")
pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="packages are made with dpkg-deb")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder with two programs that say what they were given, and a library in a folder below."""
    folder = tmp_path / "bundle"
    (folder / "_internal").mkdir(parents=True)
    (folder / "_internal" / "some.so").write_bytes(b"a library")
    for name in ("restorer", "restorer-app"):
        (folder / name).write_text(f'#!/bin/sh\necho {name} "$@" from "$(readlink -f "$0")"\n')
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def package(bundle: Path, tmp_path: Path) -> Path:
    made = subprocess.run(
        [sys.executable, SCRIPT, str(bundle), "-o", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(made.stdout.strip())


def field(package: Path, name: str) -> str:
    asked = ["dpkg-deb", "--field", str(package), name]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


def test_it_says_what_it_is_and_needs(package: Path) -> None:
    assert package.name.startswith(f"restorer_{__version__}_")
    assert field(package, "Version") == __version__
    assert field(package, "Description").splitlines()[0] == "Bring old photos back, on your own machine"
    needs = field(package, "Depends").split(", ")
    assert {"libegl1", "libxcb-cursor0", "libxkbcommon-x11-0"} <= set(needs)
    assert int(field(package, "Installed-Size")) > 20
    assert sorted(path.name for path in package.parent.iterdir()) == [package.name]


def test_everything_lies_where_desktops_look(package: Path, tmp_path: Path) -> None:
    top = tmp_path / "installed"
    subprocess.run(["dpkg-deb", "--extract", str(package), str(top)], check=True)
    share = top / "usr" / "share"
    entry = (share / "applications" / "restorer.desktop").read_text("utf-8")
    assert "Exec=restorer-app %F" in entry
    assert (share / "metainfo" / "restorer.metainfo.xml").is_file()
    assert (share / "doc" / "restorer" / "copyright").read_text("utf-8") == (ROOT / "LICENSE").read_text()
    for side in ICON_SIZES:
        assert (share / "icons" / "hicolor" / f"{side}x{side}" / "apps" / "restorer.png").is_file()
    assert (top / "opt" / "restorer" / "_internal" / "some.so").read_bytes() == b"a library"
    for name in ("restorer", "restorer-app"):
        link = top / "usr" / "bin" / name
        assert link.readlink() == Path("/opt/restorer") / name
        assert (top / "opt" / "restorer" / name).stat().st_mode & 0o777 == 0o755
    listed = subprocess.run(
        ["dpkg-deb", "--contents", str(package)], capture_output=True, text=True, check=True
    )
    assert all(line.split()[1] == "root/root" for line in listed.stdout.splitlines())


def test_without_a_bundle_it_says_how_to_make_one(tmp_path: Path) -> None:
    asked = [sys.executable, SCRIPT, str(tmp_path), "-o", str(tmp_path / "out")]
    refused = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "make bundle" in refused.stderr
    assert not (tmp_path / "out").exists()
