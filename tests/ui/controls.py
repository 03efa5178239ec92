"""The controls of a window, as somebody finds them who works by keys or hears them read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QWidget,
)

KINDS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView)


def controls(inside: QWidget) -> list[QWidget]:
    """What a person can work with; not the inner parts that Qt builds its own widgets from."""
    found = []
    for widget in inside.findChildren(QWidget):
        parent = widget.parent()
        inner = widget.objectName().startswith(("qt_", "spinbox", "ScrollLeft", "ScrollRight"))
        inner = inner or (parent is not None and parent.objectName().startswith("qt_"))
        inner = inner or isinstance(parent, QAbstractSpinBox | QComboBox | QAbstractItemView)
        popup = isinstance(widget, QAbstractItemView) and widget.window() is not inside.window()
        inner = inner or popup or type(widget).__name__ in ("QDockWidgetTitleButton", "QScrollBar", "QTabBar")
        if isinstance(widget, KINDS) and not inner:
            found.append(widget)
    return found


def faults(inside: QWidget) -> list[str]:
    """Controls without a name or out of the keyboard's reach, buttons without a sentence."""
    wrong = []
    for widget in controls(inside):
        name = f"{type(widget).__name__} {widget.accessibleName()!r} in {type(widget.parent()).__name__}"
        if not widget.accessibleName():
            wrong.append(f"{name} has no name")
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            wrong.append(f"{name} cannot be reached")
        if isinstance(widget, QAbstractButton) and not widget.toolTip():
            wrong.append(f"{name} explains nothing")
    return wrong
