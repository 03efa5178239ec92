"""Notifications of the desktop."""

from __future__ import annotations

import html
import shutil
import sys
from collections.abc import Callable

from PySide6.QtCore import QProcess, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

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
