"""Puts the application together: Qt, look, log, window, and the photos named at the start.

In: what the command line asks for. Out: the exit code. The order matters: the window is shown
before anything heavy (OpenCV, torch) is imported, and those are imported by the threads.
"""

from __future__ import annotations

import dataclasses
import logging
import sys
from collections.abc import Sequence
from types import TracebackType

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from restorer import __version__, logs, paths, preferences
from restorer.launcher.names import APP_ID, USER_MODEL_ID
from ui.i18n.language import Language, TranslationLoader, tr
from ui.main_window.launch_requests import FileOpener, LaunchRequests
from ui.main_window.window import Window
from ui.saving.drag_out import forget_copies, forget_left_copies
from ui.settings import ui_state
from ui.style.icons import app_icon
from ui.style.theme import Override, Theme
from ui.system.crash_reports import CrashReports
from ui.system.gui_garbage import GuiGarbage
from ui.system.single_instance import LaunchRequest
from ui.widgets.protocols import Messages

log = logging.getLogger(__name__)


def watch_crashes() -> CrashReports:
    """Write what ends the process to a file beside the log; without one where the folder cannot be used."""
    crashes = CrashReports(paths.log_dir())
    try:
        crashes.begin()
    except OSError:
        log.warning("crashes leave no trace: %s cannot be used", paths.log_dir(), exc_info=True)
    return crashes


class Surprises:
    """Stands in for sys.excepthook: an error nobody expected is logged, said, and survived."""

    def __init__(self, messages: Messages, crashes: CrashReports) -> None:
        self._messages = messages
        self._crashes = crashes

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("unexpected error", exc_info=(kind, error, trace))
        self._crashes.note(error)
        sentence = tr(
            "Something went wrong inside Restorer; the details are in the log. Your photo is untouched."
        )
        self._messages.error(sentence)


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
    """The window as the person set it, not shown yet."""
    chosen = preferences.load(paths.settings_dir(), ui_state.older_preferences(store))
    themes = {each.value for each in Override}
    languages = {each.value for each in Language}
    theme = Override(chosen.theme) if chosen.theme in themes else Override.SYSTEM
    language = Language(chosen.language) if chosen.language in languages else Language.SYSTEM
    chosen = dataclasses.replace(chosen, theme=theme.value, language=language.value)
    window = Window(Theme(application, theme), store, speech=TranslationLoader(application, language))
    window.core.runs.preferences = chosen
    return window


def run(request: LaunchRequest, close_after: float | None = None) -> int:
    """Open the window and stay until it is closed, or for `close_after` seconds."""
    if sys.platform == "win32":
        # The task bar puts this process under the shortcut that says the same.
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(USER_MODEL_ID)
    application = make_application([APP_ID])
    logs.start()
    crashes = watch_crashes()
    window = make_window(application, ui_state.store())
    collector = GuiGarbage(application)
    application.installEventFilter(FileOpener(window.core))
    sys.excepthook = Surprises(window.messages, crashes)
    window.show()
    window.app_actions.offer_report(crashes)
    forget_left_copies()
    porter = LaunchRequests(window.core, window.batch, window.study, window)
    porter.fulfil(request)
    if close_after is not None:
        QTimer.singleShot(round(close_after * 1000), window.close)
    code = application.exec()
    porter.instance_server.close()
    collector.stop()
    sys.excepthook = sys.__excepthook__
    forget_copies()
    crashes.end()
    return code
