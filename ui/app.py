"""Puts the application together: Qt, look, log, window, and the photos named at the start.

In: the command line's photos. Out: the exit code. The order matters: the window is shown
before anything heavy (OpenCV, torch) is imported, and those are imported by the threads.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from restorer import __version__, paths
from ui import memory
from ui.collector import Collector
from ui.icons import app_icon
from ui.language import Speech, tr
from ui.theme import Theme
from ui.window import Window

log = logging.getLogger(__name__)

APP_ID = "restorer"  # the name of the desktop entry, by which Wayland finds the icon
LOG_BYTES = 500_000


def start_log() -> TextIO | None:
    """Log to a small rotating file; crashes of the interpreter are written to one beside it."""
    folder = paths.log_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "restorer.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"
        )
        crashes = (folder / "crash.log").open("a", encoding="utf-8")
    except OSError:
        logging.basicConfig(stream=sys.stderr)
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    faulthandler.enable(crashes)
    return crashes


class FileOpener(QObject):
    """macOS hands files over as events instead of arguments."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self._window.open_paths([Path(event.file())])
            return True
        return super().eventFilter(watched, event)


class Surprises:
    """Stands in for sys.excepthook: an error nobody expected is logged, said, and survived."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("unexpected error", exc_info=(kind, error, trace))
        sentence = tr(
            "Something went wrong inside Restorer; the details are in the log. Your photo is untouched."
        )
        self._window.banner.say(sentence)


def make_application(arguments: Sequence[str]) -> QApplication:
    """The one QApplication, named and with its icon."""
    application = QApplication(list(arguments))
    application.setApplicationName("Restorer")
    application.setApplicationDisplayName("Restorer")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName(APP_ID)
    application.setWindowIcon(app_icon())
    return application


def make_window(application: QApplication, store: QSettings) -> Window:
    """The window in its theme, not shown yet."""
    speech = Speech(application, memory.language(store))
    return Window(Theme(application, memory.appearance(store)), store, speech=speech)


def run(photos: Sequence[Path], sample: bool = False) -> int:
    """Open the window and stay until it is closed."""
    application = make_application(["restorer"])
    crashes = start_log()
    window = make_window(application, memory.store())
    collector = Collector(application)
    application.installEventFilter(FileOpener(window))
    sys.excepthook = Surprises(window)
    window.show()
    window.open_paths(photos)
    if sample:
        window.shelf.open_sample()
    code = application.exec()
    collector.stop()
    sys.excepthook = sys.__excepthook__
    if crashes is not None:
        faulthandler.disable()
        crashes.close()
    return code
