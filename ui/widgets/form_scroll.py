"""A form that is higher than its place, and scrolls up and down to the control with the focus.

In: the form. Out: a scroll area without a frame. Qt scrolls where Tab moves the focus. The key of a label
moves it, too, and so does the program.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget


class FormScroll(QScrollArea):
    """Holds one form, as wide as itself."""

    def __init__(self, form: QWidget) -> None:
        super().__init__()
        self.setWidget(form)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        application = QApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusObjectChanged.connect(self._show_focus)

    @Slot(QObject)
    def _show_focus(self, focus: QObject | None) -> None:
        if not isinstance(focus, QWidget) or not self.isAncestorOf(focus):
            return
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:  # else a control moves away under a click
            self.ensureWidgetVisible(focus)
