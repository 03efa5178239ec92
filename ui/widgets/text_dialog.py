"""A dialog with something to read, which can be copied, and a list with titles over its columns for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.style import window_size
from ui.widgets.plain_text import PlainLabel


def table(columns: list[str], rows: Sequence[tuple[str, ...]]) -> QTreeWidget:
    """Rows under the titles of their columns."""
    made = QTreeWidget()
    made.setHeaderLabels(columns)
    made.setRootIsDecorated(False)
    made.setAlternatingRowColors(True)
    for row in rows:
        made.addTopLevelItem(QTreeWidgetItem(list(row)))
    made.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return made


class TextDialog(QDialog):
    """A title, something to read, and buttons to copy and close."""

    def __init__(self, parent: QWidget, title: str, content: QWidget, text: str, above: str = "") -> None:
        super().__init__(parent)
        self._text = text
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        if above:
            label = PlainLabel(above)
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
        window_size.open_at(self, 34, 28)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
