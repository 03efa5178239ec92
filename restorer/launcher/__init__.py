"""Puts Restorer where a person starts programs: the applications menu and, if asked, the desktop.

In: the platform, and what starts this app (`command`). Out: files in the person's own folders; nothing
needs root, nothing becomes the default program for anything. One module a platform: `linux` (desktop entry,
icons, AppStream), `windows` (shortcuts), `macos` (a bundle). Each offers `install(desktop)`, `uninstall()`
and `installed()`. Knows no Qt.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Protocol, cast

from restorer.errors import LauncherError

__all__ = ["install", "installed", "uninstall"]


class _Platform(Protocol):
    def install(self, desktop: bool) -> list[Path]: ...
    def uninstall(self) -> list[Path]: ...
    def installed(self) -> bool: ...


def _platform() -> _Platform:
    for prefix, name in (("linux", "linux"), ("win32", "windows"), ("darwin", "macos")):
        if sys.platform.startswith(prefix):
            return cast(_Platform, importlib.import_module(f"restorer.launcher.{name}"))
    raise LauncherError(f"Restorer does not know how programs are started on {sys.platform}.")


def install(desktop: bool = False) -> list[Path]:
    """Put Restorer into the applications menu, with `desktop` on the desktop too; again is harmless.

    Returns what was written. Raises LauncherError, and has then written nothing that was not there before.
    """
    return _platform().install(desktop)


def uninstall() -> list[Path]:
    """Take away what `install` wrote, and return what was there; nothing else is touched.

    Raises LauncherError where a file cannot be deleted.
    """
    return _platform().uninstall()


def installed() -> bool:
    """Whether the applications menu has an entry of Restorer's. Raises LauncherError on unknown systems."""
    return _platform().installed()
