"""Puts the application together: Qt, look, log, window, and the photos named at the start.

In: the command line's photos. Out: the exit code. The order matters: the window is shown
before anything heavy (OpenCV, torch) is imported, and those are imported by the threads.
"""

from __future__ import annotations

import dataclasses
import logging
import logging.handlers
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from restorer import __version__, paths
from ui import memory, preferences
from ui.collector import Collector
from ui.crashes import Crashes
from ui.handing import forget_copies
from ui.icons import app_icon
from ui.language import Language, Speech, tr
from ui.theme import Override, Theme
from ui.window import Window

log = logging.getLogger(__name__)

APP_ID = "restorer"  # the name of the desktop entry, by which Wayland finds the icon
LOG_BYTES = 500_000


def start_log() -> Crashes:
    """Log to a small rotating file; crashes are written to one beside it."""
    folder = paths.log_dir()
    crashes = Crashes(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "restorer.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"
        )
        crashes.begin()
    except OSError:
        logging.basicConfig(stream=sys.stderr)
        return crashes
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
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

    def __init__(self, window: Window, crashes: Crashes) -> None:
        self._window = window
        self._crashes = crashes

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("unexpected error", exc_info=(kind, error, trace))
        self._crashes.note(error)
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
    """The window as the person settled it, not shown yet."""
    settled = preferences.load(paths.settings_dir(), memory.older_preferences(store))
    themes = {each.value for each in Override}
    languages = {each.value for each in Language}
    theme = Override(settled.theme) if settled.theme in themes else Override.SYSTEM
    language = Language(settled.language) if settled.language in languages else Language.SYSTEM
    settled = dataclasses.replace(settled, theme=theme.value, language=language.value)
    window = Window(Theme(application, theme), store, speech=Speech(application, language))
    window.workshop.preferences = settled
    return window


def run(photos: Sequence[Path], sample: bool = False) -> int:
    """Open the window and stay until it is closed."""
    application = make_application(["restorer"])
    crashes = start_log()
    window = make_window(application, memory.store())
    collector = Collector(application)
    application.installEventFilter(FileOpener(window))
    sys.excepthook = Surprises(window, crashes)
    window.show()
    window.desk.offer_report(crashes)
    window.open_paths(photos)
    if sample:
        window.shelf.open_sample()
    code = application.exec()
    collector.stop()
    sys.excepthook = sys.__excepthook__
    forget_copies()
    crashes.end()
    return code
