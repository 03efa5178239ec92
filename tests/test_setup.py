"""Set-up on machines that lack something: it installs what it may, or says the one line to type."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="make and sh are not on Windows")


@pytest.fixture
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("restorer_setup", ROOT / "tools" / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH, for small programs that write down how they were called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "env"):
        (folder / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def call_shell(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **environment}
    script = str(ROOT / "tools" / "setup.sh")
    return subprocess.run(
        ["sh", script, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_a_python_that_is_too_old_is_named(programs: Path) -> None:
    program(programs, "python3", 'case "$2" in *platform*) echo 3.9.2;; *) exit 1;; esac')
    result = call_shell("run")
    assert result.returncode == 1
    assert "needs Python 3.11 to 3.14, and python3 is 3.9.2 here" in result.stderr


def test_a_missing_python_is_a_sentence(programs: Path) -> None:
    result = call_shell("test")
    assert result.returncode == 1
    assert "no python3 was found here" in result.stderr
    assert "make PYTHON=/path/to/python3.12 test" in result.stderr


def test_a_newer_python_is_found_behind_an_old_one_and_a_dead_shim(programs: Path) -> None:
    program(programs, "python3", "exit 1")
    program(programs, "python3.11", "echo 'command not found' >&2; exit 127")
    (programs / "python3.12").symlink_to(sys.executable)
    result = call_shell("no-such-goal")
    assert "usage: tools/setup.sh run|train|test|check" in result.stderr


def test_a_wrong_choice_of_python_is_a_sentence(programs: Path) -> None:
    assert "PYTHON=/nowhere is not a Python" in call_shell("run", PYTHON="/nowhere").stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems bring these libraries")
def test_a_run_without_a_display_needs_nothing_of_qts(setup: ModuleType) -> None:
    headless = setup.libraries("run", {})
    assert "libxcb-cursor.so.0" not in headless
    assert "libEGL.so.1" not in headless
    assert "libxcb-cursor.so.0" in setup.libraries("run", {"DISPLAY": ":0"})
    wayland = setup.libraries("run", {"WAYLAND_DISPLAY": "wayland-0"})
    assert "libEGL.so.1" in wayland
    assert "libxcb-cursor.so.0" not in wayland


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems bring these libraries")
def test_the_tests_have_all_that_qt_needs_on_a_bare_debian(setup: ModuleType) -> None:
    packages = {debian for debian, _ in setup.libraries("test", {}).values()}
    assert packages >= {
        "libegl1", "libgl1", "libdbus-1-3", "libxkbcommon-x11-0", "libxcb-cursor0", "libxcb-icccm4",
        "libxcb-image0", "libxcb-keysyms1", "libxcb-render-util0", "libxcb-shape0",
    }  # fmt: skip


LACKING = ("libnowhere.so.9", "libnowhere9", "nowhere-libs")


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("apt-get", "sudo apt-get install -y --no-install-recommends libnowhere9"),
        ("dnf", "sudo dnf install -y nowhere-libs"),
    ],
)
def test_without_rights_the_one_line_to_type_is_told(
    setup: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch, manager: str, line: str
) -> None:
    program(programs, manager, "exit 9")
    program(programs, "sudo", "exit 1")  # as sudo -n does where a password is needed
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(setup.SetupError) as stop:
        setup.install_missing([setup.Missing(*LACKING)], "test")
    assert str(stop.value).splitlines()[-1] == line


@pytest.mark.parametrize("root", [True, False])
def test_root_and_passwordless_sudo_install(
    setup: ModuleType, programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: bool
) -> None:
    program(programs, "apt-get", f'echo "$DEBIAN_FRONTEND apt-get $*" >> {tmp_path}/calls')
    program(programs, "sudo", 'shift; exec "$@"')
    program(programs, "true", "exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setenv("DEBIAN_FRONTEND", "")
    # The recorder installs nothing, so the loader is asked again and the truth is told.
    with pytest.raises(setup.SetupError, match=r"still not found by the loader: libnowhere\.so\.9"):
        setup.install_missing([setup.Missing(*LACKING)], "run")
    assert (tmp_path / "calls").read_text().splitlines() == [
        " apt-get update -q",
        "noninteractive apt-get install -y --no-install-recommends libnowhere9",
    ]


def test_a_system_without_apt_and_dnf_is_told_what_is_missing(setup: ModuleType, programs: Path) -> None:
    with pytest.raises(setup.SetupError, match=r"Missing here: libnowhere\.so\.9"):
        setup.install_missing([setup.Missing(*LACKING)], "run")


def test_the_loader_is_what_decides(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(setup, "OPENCV_LIBRARIES", {LACKING[0]: LACKING[1:]})
    assert [entry.debian for entry in setup.missing("run", {}, needs_venv=False)] == ["libnowhere9"]


def test_packages_are_installed_once_and_again_when_they_change(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text("one")
    (tmp_path / "constraints.txt").write_text("two")
    program(tmp_path, "python", f'[ "$1" = -V ] && exec {sys.executable} -V\necho "$@" >> {tmp_path}/calls')
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(setup, "STAMP", tmp_path / "stamp.json")

    def installs(extras: tuple[str, ...]) -> list[str]:
        (tmp_path / "calls").write_text("")
        setup.install_packages(extras)
        return [line.split()[-1] for line in (tmp_path / "calls").read_text().splitlines()]

    assert installs(()) == ["."]
    assert installs(()) == []
    assert installs(("test",)) == [".[test]"]
    assert installs(()) == []  # more is there than is needed
    (tmp_path / "constraints.txt").write_text("three")
    assert installs(()) == ["."]
    program(tmp_path, "python", f'[ "$1" = -V ] && exec {sys.executable} -V\nexit 1')
    with pytest.raises(setup.SetupError, match="could not be installed"):
        setup.install_packages(("test", "dev"))
    assert not (tmp_path / "stamp.json").exists(), "an install that failed must be tried again"
