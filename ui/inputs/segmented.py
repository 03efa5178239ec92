"""A row of buttons of which one is chosen, drawn as one piece."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from ui.inputs.buttons import focus_ring
from ui.style.colours import mixed

Role = QPalette.ColorRole


class Segment(QAbstractButton):
    """One choice of a `Segments` row."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return self._size(1.2)

    def minimumSizeHint(self) -> QSize:
        """Less air, but all of the text."""
        return self._size(0.4)

    def _size(self, air: float) -> QSize:
        """air: what is beside the text, in heights of a line."""
        font = self.font()
        font.setBold(True)  # as it is when chosen
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(self.text()) + round(metrics.height() * air)
        return QSize(width, round(metrics.height() * 1.9))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        radius = self.fontMetrics().height() * 0.32
        shape = QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(palette.color(Role.Light if self.isEnabled() else Role.Button))
            painter.setPen(QPen(palette.color(Role.Mid), 1))
            painter.drawRoundedRect(shape, radius, radius)
        elif self.isEnabled() and self.underMouse():
            painter.setBrush(mixed(palette.color(Role.AlternateBase), palette.color(Role.Light), 0.4))
            painter.drawRoundedRect(shape, radius, radius)
        if self.hasFocus():
            focus_ring(painter, self, shape, radius)
        font = painter.font()
        font.setBold(self.isChecked())
        painter.setFont(font)
        painter.setPen(palette.color(Role.ButtonText if self.isChecked() else Role.PlaceholderText))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


class Segments(QWidget):
    """A row of choices of which one is taken; `chosen` tells its place when the person changes it."""

    chosen = Signal(int)

    def __init__(self, name: str, texts: list[str], hints: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (text, hint) in enumerate(zip(texts, hints, strict=True)):
            segment = Segment(text, self)
            segment.setAccessibleName(f"{name}: {text}")
            segment.setToolTip(hint)
            self._group.addButton(segment, place)
            row.addWidget(segment)
        self._group.idClicked.connect(self.chosen)
        self._group.buttonToggled.connect(self._on_toggled)

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, button: QAbstractButton, on: bool) -> None:
        """Tab comes to what is chosen; arrows go on from there."""
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)
        if on:
            for other in self._group.buttons():
                if other is not button:
                    other.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def choose(self, place: int) -> None:
        button = self._group.button(place)
        if button is not None:
            button.setChecked(True)

    def offer(self, places: Container[int]) -> None:
        """Only these can be chosen."""
        for button in self._group.buttons():
            button.setEnabled(self._group.id(button) in places)

    @property
    def choice(self) -> int:
        return self._group.checkedId()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self.fontMetrics().height() * 0.4
        painter.setPen(QPen(self.palette().color(Role.Mid), 1))
        painter.setBrush(self.palette().color(Role.AlternateBase))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()
