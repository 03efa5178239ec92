"""About and the crash report: dialogs that only tell something.

In: installed versions, a report. Out: a dialog with text that can be copied.
"""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui import sizes
from ui.language import tr as _tr
from ui.licences import Parts, versions


def versions_text() -> str:
    """The same as plain text, for a report of a fault."""
    lines = [f"{name} {version} ({licence})" for name, version, licence in versions()]
    return "\n".join([*lines, platform.platform()])


class Sheet(QDialog):
    """A title, something to read, and buttons to copy and close."""

    def __init__(self, parent: QWidget, title: str, content: QWidget, text: str, above: str = "") -> None:
        super().__init__(parent)
        self._text = text
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        if above:
            label = QLabel(above)
            label.setWordWrap(True)
            column.addWidget(label)
        content.setAccessibleName(title)
        column.addWidget(content, 1)
        buttons = QDialogButtonBox()
        self.copy_button = QPushButton(self.tr("Copy"))
        self.copy_button.setAccessibleName(self.tr("Copy the text"))
        self.copy_button.setToolTip(self.tr("Put the text on the clipboard."))
        self.copy_button.clicked.connect(self._copy)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(QDialogButtonBox.StandardButton.Close)
        close.setAccessibleName(self.tr("Close"))
        close.setToolTip(self.tr("Close (Esc)."))
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        sizes.open_at(self, 34, 28)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


def about_dialog(parent: QWidget) -> Sheet:
    """Who we are, what the pictures are, and what we are built on."""
    words = _tr(
        "Brings old photos back with diffusion super-resolution. What it adds is a reconstruction: "
        "it fits the photo, but it is imagined, and faces can change. Each file that is saved says so in its "
        "metadata. Photos never leave this computer."
    )
    sheet = Sheet(parent, _tr("About Restorer"), Parts(), versions_text(), words)
    sizes.open_at(sheet, 44, 40)
    return sheet


def report_dialog(parent: QWidget, report: str) -> Sheet:
    """What is known of a crash."""
    view = QPlainTextEdit(report)
    view.setReadOnly(True)
    view.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
    )
    words = _tr("This is what is known of the crash. It was sent nowhere; copy it if you want to report it.")
    return Sheet(parent, _tr("Crash report"), view, report, words)
