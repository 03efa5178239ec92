"""A part of a panel that folds away behind its heading, and a part that is replaced in its place."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from ui.inputs.buttons import focus_ring
from ui.style.icons import pixmap

Role = QPalette.ColorRole


class CollapsibleHeading(QAbstractButton):
    """An arrow and a title, flush with what lies above."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + round(metrics.height() * 2.2)
        return QSize(width, round(metrics.height() * 1.5))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = self.fontMetrics().height()
        shape = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus():
            focus_ring(painter, self, shape, unit * 0.3)
        drawing = pixmap(
            "unfold" if self.isChecked() else "fold",
            self.palette().color(Role.WindowText),
            unit,
            self.devicePixelRatioF(),
        )
        painter.drawPixmap(0, (self.height() - unit) // 2, drawing)
        painter.setPen(self.palette().color(Role.WindowText))
        text = self.rect().adjusted(round(unit * 1.3), 0, 0, 0)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
        painter.end()


class Collapsible(QWidget):
    """A heading that unfolds what lies under it."""

    def __init__(self, title: str, hint: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = CollapsibleHeading(title, self)
        self.heading.setAccessibleName(title)
        self.heading.setToolTip(hint)
        self.heading.toggled.connect(content.setVisible)
        content.setVisible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)


def put_in_place(window: QWidget, old: QWidget | None, new: QWidget) -> QWidget:
    """Put what a window holds in its layout, in the place of what it held before, if anything; returns it."""
    layout = window.layout()
    assert layout is not None
    if old is not None:
        layout.removeWidget(old)
        old.hide()
        old.deleteLater()
    layout.addWidget(new)
    new.show()  # at once, where the window is on the screen already
    return new
