"""A fine progress bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QProgressBar, QWidget

Role = QPalette.ColorRole


class FineProgress(QProgressBar):
    """A slim bar; what it says in numbers stands beside it in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, 1000)
        self.setTextVisible(False)
        self.setFixedHeight(max(4, self.fontMetrics().height() // 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        painter.setBrush(self.palette().color(Role.Mid))
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        if share > 0:
            painter.setBrush(self.palette().color(Role.Highlight))
            filled = QRectF(self.rect())
            filled.setWidth(max(filled.height(), filled.width() * share))
            painter.drawRoundedRect(filled, radius, radius)
        painter.end()
