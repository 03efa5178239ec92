"""A language that no test has to know: whatever is translated stands behind a mark."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from tests.ui.driver import delete_closed

MARK = "§"
"""Stands in front of whatever was translated."""


class Foreign(QTranslator):
    """A language in which every sentence is the English one behind a mark."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, comment: str | None = None, n: int = -1) -> str:
        return MARK + text


def speak(foreign: Foreign) -> None:
    QCoreApplication.installTranslator(foreign)
    settle()


def settle() -> None:
    QApplication.processEvents()
    delete_closed()


def untranslated(window: QWidget, known: set[str]) -> list[str]:
    """What can be read or heard in a window and is not of the foreign language."""
    texts: list[str] = []
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton):
            texts.append(widget.text())
        texts += [widget.toolTip(), widget.accessibleName()]
    return [text for text in texts if text and MARK not in text and text not in known]
