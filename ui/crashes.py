"""What is left of a crash: one file for each running app, empty unless something went wrong. Knows no Qt.

In: the log folder. Out: `begin` opens this app's file (the interpreter writes a hard crash there, `note` an
unexpected error), `reports` tells what apps that ended badly left behind, `dismiss` throws it away.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import platform
import time
import traceback
from pathlib import Path
from typing import TextIO

from restorer import __version__


def _alive(pid: int) -> bool:
    if os.name == "nt":  # os.kill would end it there; the file of a running app cannot be removed anyway
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


class Crashes:
    """The files of one log folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: TextIO | None = None
        self._path = folder / f"crash-{os.getpid()}.log"

    def begin(self) -> None:
        """From now on crashes are written down. Raises OSError where the folder cannot be written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("w", encoding="utf-8")
        faulthandler.enable(self._file)

    def note(self, error: BaseException) -> None:
        """An error nobody expected; the app goes on, but the report is kept for the next start."""
        if self._file is not None:
            self._file.write("".join(traceback.format_exception(error)) + "\n")
            self._file.flush()

    def end(self) -> None:
        """The app was closed as it should be."""
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        with contextlib.suppress(OSError):
            if self._path.stat().st_size == 0:
                self._path.unlink()

    def _left(self) -> list[Path]:
        left = []
        for path in sorted(self._folder.glob("crash-*.log")):
            pid = path.stem.removeprefix("crash-")
            if path != self._path and not (pid.isdigit() and _alive(int(pid))):
                left.append(path)
        return left

    def reports(self) -> str:
        """What was left behind, with the versions that help to understand it; empty if nothing was."""
        texts = []
        for path in self._left():
            with contextlib.suppress(OSError):
                text = path.read_text("utf-8", errors="replace").strip()
                if text:
                    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(path.stat().st_mtime))
                    texts.append(f"{when}\n{text}")
                else:
                    path.unlink()  # ended from outside; there is nothing to tell
        if not texts:
            return ""
        head = f"Restorer {__version__}, Python {platform.python_version()}, {platform.platform()}"
        return "\n\n".join([head, *texts])

    def dismiss(self) -> None:
        """Throw the reports away."""
        for path in self._left():
            with contextlib.suppress(OSError):
                path.unlink()
