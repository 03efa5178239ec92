"""Crash reports: one file for each running app, empty unless something went wrong. Knows no Qt.

In: the log folder. Out: `begin` opens this app's file; the interpreter writes a hard crash there, `note` an
unexpected error. `reports` returns the text of apps that ended badly, `dismiss` deletes it.

A file is named after the time and the process, and locked for as long as that runs: numbers of processes come
again, in a container at every start.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import os
import platform
import time
import traceback
from pathlib import Path
from typing import TextIO

from restorer import __version__, locks, paths
from ui.system.processes import alive

FEW = 5
"""So many reports stay; `begin` deletes older ones."""
MOST_CHARACTERS = 200_000
"""Of a report, and of all that is noted in one run: an error can come again at every move of the mouse."""
MOST_LINE = 2_000
"""Of a line: an error can carry all that a file holds."""


def _in_use(path: Path) -> bool:
    """Whether the app that this file belongs to runs."""
    name = path.stem.removeprefix("crash-")
    if name.isdigit():  # an older version's, which knew the process alone and locked nothing
        return os.name != "nt" and int(name) != os.getpid() and alive(int(name))
    return not locks.abandoned(path)


class CrashReports:
    """The files of one log folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: TextIO | None = None
        self._path: Path | None = None
        self._characters = 0

    def begin(self) -> None:
        """Write crashes down from now on. Raises OSError where the folder cannot be written."""
        paths.private_folder(self._folder)
        self._thin_out()
        self._path = self._folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
        file = paths.private_file(self._path).open("ab")  # never over a report of the same second
        locks.lock(file)
        self._file = io.TextIOWrapper(file, "utf-8")
        faulthandler.enable(self._file)

    def note(self, error: BaseException) -> None:
        """An error nobody expected; the app goes on, but the report is kept for the next start."""
        if self._file is None or self._characters > MOST_CHARACTERS:
            return
        lines = "".join(traceback.format_exception(error, limit=-50)).splitlines()
        text = "\n".join(line[:MOST_LINE] for line in lines)[: MOST_CHARACTERS // 4] + "\n\n"
        self._characters += len(text)
        self._file.write(text)
        self._file.flush()

    def end(self) -> None:
        """The app was closed as it should be."""
        if self._file is None or self._path is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        with contextlib.suppress(OSError):
            if self._path.stat().st_size == 0:
                self._path.unlink()

    def _thin_out(self) -> None:
        """Keep the newest reports; a file without one is none."""
        with contextlib.suppress(OSError):
            files = self._files_of_ended_apps()
            newest = [path for path in files if path.stat().st_size][-FEW:]
            for path in files:
                if path not in newest:
                    path.unlink()

    def _files_of_ended_apps(self) -> list[Path]:
        """Files of apps that no longer run, the newest last."""
        files = []
        for path in self._folder.glob("crash-*.log"):
            with contextlib.suppress(OSError):
                if path != self._path and not _in_use(path):
                    files.append((path.stat().st_mtime, path))
        return [path for _, path in sorted(files)]

    def reports(self) -> str:
        """All reports as one text, with the versions that help to understand them; empty without a report."""
        texts = []
        for path in self._files_of_ended_apps():
            with contextlib.suppress(OSError):
                with path.open(encoding="utf-8", errors="replace") as file:
                    text = file.read(MOST_CHARACTERS).strip()
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
        for path in self._files_of_ended_apps():
            with contextlib.suppress(OSError):
                path.unlink()
