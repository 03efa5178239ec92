"""Tells the person that a long run has ended, when another window is in front.

In: the end of runs. Out: a message of the system, by whichever way works here, and a call for attention in
the task bar. One message for a whole line of photos, not one for each.
"""

from __future__ import annotations

import html
import shutil
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, QTimer, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from ui.session import Document
from ui.workshop import Workshop

LONG_SECONDS = 15.0
SHOWN_MS = 10_000

Deliver = Callable[[str, str], None]


def deliver(title: str, text: str) -> None:
    """By notify-send where there is one, else by a tray icon that stays as long as the message."""
    program = shutil.which("notify-send") if sys.platform.startswith("linux") else None
    if program is not None:
        QProcess.startDetached(
            program, ["--app-name=Restorer", "--icon=restorer", title, html.escape(text, quote=False)]
        )
    elif QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
        tray = QSystemTrayIcon(QApplication.windowIcon(), QApplication.instance())
        tray.show()
        tray.showMessage(title, text)
        QTimer.singleShot(SHOWN_MS, tray.deleteLater)


class Notifier(QObject):
    """Listens to one workshop for one window."""

    def __init__(self, window: QWidget, workshop: Workshop, by: Deliver = deliver) -> None:
        super().__init__(window)
        self._window = window
        self._workshop = workshop
        self.deliver = by
        self._seconds = 0.0
        self._count = 0
        workshop.finished.connect(self._on_finished)
        workshop.failed.connect(self._on_failed)

    @Slot(object)
    def _on_finished(self, document: Document) -> None:
        self._seconds += document.result.seconds if document.result is not None else 0.0
        self._count += 1
        if self._count == 1:
            text = self.tr("{0} is restored.").format(document.name or self.tr("The picture"))
        else:
            text = self.tr("%n photo(s) restored.", "", self._count)
        self._tell(self.tr("Restorer has finished"), text)

    @Slot(str, int, float)
    def on_made(self, name: str, count: int, seconds: float) -> None:
        """Pictures of a class are there."""
        self._seconds += seconds
        self._tell(self.tr("Restorer has finished"), self.tr("%n picture(s) made.", "", count))

    @Slot(object)
    def _on_failed(self, document: Document) -> None:
        self._seconds += LONG_SECONDS  # whoever left the window wants to know of this at any rate
        self._tell(self.tr("Restorer could not finish"), document.problem)

    def _tell(self, title: str, text: str) -> None:
        if self._workshop.line.waiting:
            return
        seconds, self._seconds, self._count = self._seconds, 0.0, 0
        if seconds < LONG_SECONDS or self._window.isActiveWindow() or not self._workshop.preferences.notify:
            return
        QApplication.alert(self._window)
        self.deliver(title, text)
