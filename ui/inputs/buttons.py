"""Buttons that Qt has not got in this shape, those of a run that is going, and the ring around what has the
focus.

In: palettes, fonts, clicks. Out: ordinary Qt signals. Every colour is a palette
role and every length comes from the font, so they follow themes and scaling.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui.i18n.language import tr as _tr
from ui.style.colours import mixed
from ui.style.icons import icon

Role = QPalette.ColorRole


def focus_ring(painter: QPainter, button: QWidget, shape: QRectF, radius: float) -> None:
    """The focus ring: outside colours would be lost on a filled button, so it lies just inside."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(button.palette().color(Role.Highlight), 2))
    painter.drawRoundedRect(shape.adjusted(1, 1, -1, -1), radius, radius)


class ActionButton(QPushButton):
    """The button of the step that comes next is filled with the highlight colour; the others are quiet."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._primary = False
        self.setAutoDefault(True)  # Return presses it, in windows that are no dialogs too
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_primary(self, on: bool) -> None:
        self._primary = on
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(
            metrics.horizontalAdvance(self.text()) + 3 * metrics.height(), round(metrics.height() * 2.2)
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, enabled = self.palette(), self.isEnabled()
        filled = self._primary and enabled
        face = palette.color(Role.Highlight if filled else Role.Button)
        ink = palette.color(Role.HighlightedText if filled else Role.ButtonText)
        if enabled and self.isDown():
            face = mixed(face, palette.color(Role.Shadow), 0.25)
        elif enabled and self.underMouse():
            face = mixed(face, palette.color(Role.Light), 0.14 if filled else 0.5)
        radius = self.fontMetrics().height() * 0.4
        shape = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen if filled else QPen(palette.color(Role.Mid), 1))
        painter.setBrush(face)
        painter.drawRoundedRect(shape, radius, radius)
        if self.hasFocus():
            inner = shape.adjusted(2, 2, -2, -2)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink if filled else palette.color(Role.Highlight), 1.5))
            painter.drawRoundedRect(inner, radius * 0.8, radius * 0.8)
        font = painter.font()
        font.setBold(self._primary)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


class IconButton(QToolButton):
    """A button that is a drawing; it has a name for those who cannot see it, and a sentence for all."""

    def __init__(self, drawing: str, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setToolTip(hint)
        side = round(self.fontMetrics().height() * 1.15)
        self.setIconSize(QSize(side, side))
        self._draw()

    def _draw(self) -> None:
        self.setIcon(icon(self._drawing, self.palette()) if self._drawing else QIcon())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)


class RepairBox(QCheckBox):
    """Whether damage is mended; away, and off, where no model can."""

    def __init__(self, wanted: bool, possible: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("Repair scratches and dust"))
        self.setAccessibleName(self.text())
        self.setToolTip(
            self.tr("Paints over scratches, dust, creases and tears; thin lines of the picture may go too.")
        )
        self.setChecked(wanted and possible)
        if not possible:  # never shown from here: without a parent it would be a window
            self.hide()


def show_pause(button: ActionButton, paused: bool) -> None:
    """Let a pause button say what it does next."""
    button.setText(_tr("Go on") if paused else _tr("Pause"))
    button.setAccessibleName(button.text())
    button.setToolTip(
        _tr("Go on with this run (P).")
        if paused
        else _tr("Let this run wait; the processor is free meanwhile (P).")
    )


class RunButtons(QWidget):
    """Pause the run, or end it at the picture that is there; shown while a run is going."""

    pause_asked = Signal()
    keep_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pause = ActionButton(self.tr("Pause"))
        self.keep = ActionButton(self.tr("Stop here and keep"))
        self.keep.setAccessibleName(self.keep.text())
        self.keep.setToolTip(self.tr("End the run now; the picture you see is the result (Ctrl+E)."))
        self.pause.clicked.connect(self.pause_asked)
        self.keep.clicked.connect(self.keep_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.fontMetrics().height() // 2)
        column.addWidget(self.keep)
        column.addWidget(self.pause)
        self.show_run(False, False, False, False)

    def show_run(self, running: bool, paused: bool, cancelling: bool, can_keep: bool) -> None:
        """Which of the buttons work."""
        self.setVisible(running)
        show_pause(self.pause, paused)
        self.pause.setEnabled(running and not cancelling)
        self.keep.setEnabled(can_keep)
