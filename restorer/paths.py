"""Where things live on this machine; nobody else asks the system.

In: nothing. Out: folders, as `Path`. What belongs to a person (packs, settings,
cache, logs) lies where the operating system wants it, told by appdirs; what
ships with the app (packs, icons, sample photos) lies beside this package.
Asking creates nothing: whoever writes makes the folder first.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import appdirs

APP_NAME = "Restorer"

# appauthor=False everywhere: otherwise Windows gets ...\Restorer\Restorer.


def packs_dir() -> Path:
    """A person's own model packs, one folder each."""
    return Path(appdirs.user_data_dir(APP_NAME, appauthor=False)) / "models"


def journals_dir() -> Path:
    """Journals of folder jobs: what was done to which photo. They survive a crash, and so does the job."""
    return Path(appdirs.user_data_dir(APP_NAME, appauthor=False)) / "journals"


def settings_dir() -> Path:
    """Settings that should survive everything but the person's own hand."""
    return Path(appdirs.user_config_dir(APP_NAME, appauthor=False))


def cache_dir() -> Path:
    """What can be made again; deleting it loses nothing but time."""
    return Path(appdirs.user_cache_dir(APP_NAME, appauthor=False))


def log_dir() -> Path:
    """Logs, with the tracebacks that are never shown on the screen."""
    return Path(appdirs.user_log_dir(APP_NAME, appauthor=False))


def runtime_dir() -> Path:
    """Sockets and the like, which end with the person's session: XDG_RUNTIME_DIR, or else the cache."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(given) / APP_NAME if os.path.isabs(given) else cache_dir()


def data_root() -> Path:
    """Where all apps of a person keep data: XDG_DATA_HOME, or %APPDATA% on Windows."""
    return Path(appdirs.user_data_dir(roaming=True))


def config_root() -> Path:
    """Where all apps of a person keep settings: XDG_CONFIG_HOME on Linux."""
    return Path(appdirs.user_config_dir())


def shipped_models_dir() -> Path:
    """The model packs that come with the app."""
    return _shipped_root() / "models"


def resources_dir() -> Path:
    """Icons, sample photos and the like."""
    return _shipped_root() / "resources"


def door() -> Path:
    """The script that opens the window."""
    return _shipped_root() / "main.py"


@cache
def _shipped_root() -> Path:
    # The one place that knows the layout: in a checkout and in a bundle models/ and resources/ lie
    # beside the package, in an installed wheel inside it, so that the package is all that is installed.
    package = Path(__file__).resolve().parent
    inside = package / "_app"
    return inside if inside.is_dir() else package.parent
