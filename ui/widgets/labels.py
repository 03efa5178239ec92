"""Labels: a title over a control, and text that takes as many lines as it needs."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.widgets.plain_text import PlainLabel


class WrappedLabel(PlainLabel):
    """A paragraph that wraps and keeps its lines when the panel is low."""

    def __init__(self, text: str = "", muted: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        if muted:
            self.setForegroundRole(QPalette.ColorRole.PlaceholderText)


def heading(text: str, buddy: QWidget | None = None) -> QLabel:
    """A title over a control."""
    label = PlainLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    if buddy is not None:
        label.setBuddy(buddy)
    return label
