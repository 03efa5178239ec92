"""What starts this app again: from a checkout, from an installed package, or from a bundle.

In: the running process. Out: command lines as lists, absolute, so that they work from any folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from restorer import paths

WINDOW_EXE, SHELL_EXE = "restorer-app", "restorer"


def _frozen() -> Path | None:
    """The folder of the bundle's programs, if this process is one of them."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else None


def _python(windowed: bool) -> str:
    # Not resolved: the interpreter of a virtual environment is a link, and knows its packages by the
    # place of the link.
    python = os.path.abspath(sys.executable)
    without_console = Path(python).with_name("pythonw.exe")
    if windowed and sys.platform == "win32" and without_console.is_file():
        return str(without_console)
    return python


def window_command() -> list[str]:
    """What opens the window; photos and `--new-window` or `--batch` may follow."""
    folder = _frozen()
    if folder is not None:
        return [str(folder / (WINDOW_EXE + Path(sys.executable).suffix))]
    return [_python(windowed=True), str(paths.door())]


def shell_command() -> list[str]:
    """What runs `restorer …`; a folder that has the package must be the working directory or on the path."""
    folder = _frozen()
    if folder is not None:
        return [str(folder / (SHELL_EXE + Path(sys.executable).suffix))]
    return [_python(windowed=False), "-m", "restorer"]
