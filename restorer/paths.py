"""Where things live on this machine; nobody else asks the system.

In: nothing. Out: folders, as `Path`. What belongs to a person (packs, settings,
cache, logs) lies where the operating system wants it, told by appdirs; what
ships with the app (packs, icons, sample photos) lies beside this package.
Asking creates nothing: whoever writes makes the folder first.
"""

from __future__ import annotations

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


def shipped_models_dir() -> Path:
    """The model packs that come with the app."""
    return _shipped_root() / "models"


def resources_dir() -> Path:
    """Icons, sample photos and the like."""
    return _shipped_root() / "resources"


def _shipped_root() -> Path:
    # The one place that knows the layout: in a checkout, models/ and resources/
    # lie beside the package. An installed layout is another answer here.
    return Path(__file__).resolve().parent.parent
