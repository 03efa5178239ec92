"""All that `make run`, `make test` and `make check` need, set up once.

In: the goal on the command line (`run`, `test`, …, see `GOALS`), the environment and the
system's loader. Out: a virtual environment in .venv with Restorer in it, the system
libraries that Qt and OpenCV load, and for the tests an X server. A stamp in .venv
makes the next call a matter of milliseconds.

Started by tools/setup.sh with a fitting Python; uses the standard library only.
Libraries are asked for where they are used, at the loader, not at a package database.
They are installed only by root or where sudo asks for no password; otherwise the one
line to type is printed.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ui.system.environment import QT_LIBRARIES, XCB_LIBRARIES  # noqa: E402

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "restorer-setup.json"
GOALS: dict[str, tuple[str, ...]] = {
    "run": (),
    "train": ("train",),
    "test": ("test",),
    "check": ("test", "dev"),
    "docs": ("dev",),
    "bundle": ("test", "bundle"),
}

# What `import cv2` loads; soname -> (Debian package, Fedora package), as in ui.system.environment.
OPENCV_LIBRARIES = {
    "libstdc++.so.6": ("libstdc++6", "libstdc++"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
}
XVFB = ("xvfb", "xorg-x11-server-Xvfb")


class SetupError(Exception):
    """Set-up cannot go on; the message is for the person."""


@dataclass(frozen=True)
class Missing:
    """Something the system lacks: what it is called there, and the packages that bring it."""

    what: str
    debian: str
    fedora: str


COMPILER = (
    Missing("a C compiler", "gcc", "gcc"),
    Missing("the C library's headers", "libc6-dev", "glibc-devel"),
)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in GOALS:
        print(f"usage: tools/setup.sh {'|'.join(GOALS)}", file=sys.stderr)
        return 2
    goal = arguments[0]
    try:
        install_missing(missing(goal, os.environ, needs_venv=not runs(PYTHON)), goal)
        make_venv()
        install_packages(GOALS[goal])
        subprocess.run([PYTHON, ROOT / "restorer" / "kernels" / "compiling.py"], check=False)
    except SetupError as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nStopped; `make {goal}` goes on from here.", file=sys.stderr)
        return 130
    return 0


# -- the system ---------------------------------------------------------------------------


def libraries(goal: str, environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The shared libraries that a goal loads: without a display `run` opens no window."""
    if goal in ("check", "docs") or not sys.platform.startswith("linux"):
        return {}
    wanted = dict(OPENCV_LIBRARIES)
    on_screen = goal in ("test", "bundle")
    if on_screen or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        wanted |= QT_LIBRARIES
    if on_screen or (environ.get("DISPLAY") and not environ.get("WAYLAND_DISPLAY")):
        wanted |= XCB_LIBRARIES
    return wanted


def loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing(goal: str, environ: Mapping[str, str], needs_venv: bool) -> list[Missing]:
    """What the goal needs and the system lacks."""
    lacking = [
        Missing(soname, *packages)
        for soname, packages in libraries(goal, environ).items()
        if not loads(soname)
    ]
    if goal in ("test", "bundle") and sys.platform.startswith("linux") and shutil.which("Xvfb") is None:
        lacking.append(Missing("Xvfb, the X server for the window tests", *XVFB))
    # Optional for all else: with it convolutions on a processor are twice as fast.
    if goal in ("train", "bundle") and sys.platform.startswith("linux") and shutil.which("cc") is None:
        lacking.extend(COMPILER)
    # Debian ships venv without the pip that it installs, in a package of its own.
    if needs_venv and (
        importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None
    ):
        major, minor = sys.version_info[:2]
        lacking.append(Missing("Python's venv module", f"python{major}.{minor}-venv", "python3-libs"))
    return lacking


def install_command(lacking: list[Missing]) -> list[str]:
    """The line that installs what is lacking, or nothing where neither apt nor dnf is there."""
    if shutil.which("apt-get"):
        names = dict.fromkeys(entry.debian for entry in lacking)
        return ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if shutil.which("dnf"):
        return ["dnf", "install", "-y", *dict.fromkeys(entry.fedora for entry in lacking)]
    return []


def rights() -> list[str] | None:
    """What to put before a command so that it runs as root; None where that would ask for a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def install_missing(lacking: list[Missing], goal: str) -> None:
    """Install what the system lacks, or raise SetupError with the line to type."""
    if not lacking:
        return
    names = ", ".join(entry.what for entry in lacking)
    command = install_command(lacking)
    if not command:
        raise SetupError(
            f"Missing here: {names}. Install them with your system's package manager, then `make {goal}`."
        )
    by_hand = shlex.join(["sudo", *command])
    prefix = rights()
    if prefix is None:
        raise SetupError(
            f"Missing here: {names}. To install them, type this line, then `make {goal}` again:\n{by_hand}"
        )
    print(f"Missing here: {names}. Installing with: {shlex.join([*prefix, *command])}", flush=True)
    if command[0] == "apt-get":
        # A fresh system has no package lists; an old list names packages that are gone.
        subprocess.run([*prefix, "apt-get", "update", "-q"], check=False)
        command = ["env", "DEBIAN_FRONTEND=noninteractive", *command]
    if subprocess.run([*prefix, *command], check=False).returncode != 0:
        raise SetupError(f"The system packages could not be installed; see above. The line was:\n{by_hand}")
    if still := [entry.what for entry in lacking if entry.what.startswith("lib") and not loads(entry.what)]:
        raise SetupError(f"Installed, and still not found by the loader: {', '.join(still)}.")
    importlib.invalidate_caches()


# -- the virtual environment --------------------------------------------------------------


def runs(python: Path) -> bool:
    """Whether this interpreter is there, works, and is one that Restorer supports."""
    test = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))"
    try:
        return subprocess.run([python, "-c", test], capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    if runs(PYTHON):
        return
    print(f"Making a virtual environment in {VENV.name} with {sys.executable}", flush=True)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False).returncode != 0:
        raise SetupError(f"The virtual environment {VENV} could not be made; see above.")


def fingerprint() -> str:
    """Changes whenever the packages may no longer be the right ones, or the folder was moved."""
    version = subprocess.run([PYTHON, "-V"], capture_output=True, check=True).stdout
    files = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"\0".join([os.fsencode(ROOT), version, *files])).hexdigest()


def install_packages(extras: tuple[str, ...]) -> None:
    """`pip install -e .` with the extras, unless the stamp says that it is done."""
    now = fingerprint()
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
        done = set(stamp["extras"]) if stamp["fingerprint"] == now else None
    except (OSError, ValueError, KeyError, TypeError):
        done = None
    if done is not None and done >= set(extras):
        return
    wanted = sorted({*extras, *(done or ())})
    STAMP.unlink(missing_ok=True)
    target = f".[{','.join(wanted)}]" if wanted else "."
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check"]
    print("Installing Restorer and its packages into .venv", flush=True)
    finished = subprocess.run([*command, "-c", "constraints.txt", "-e", target], cwd=ROOT, check=False)
    if finished.returncode != 0:
        raise SetupError("The packages could not be installed; pip's reason is above. What is there is kept.")
    STAMP.write_text(json.dumps({"fingerprint": now, "extras": wanted}) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
