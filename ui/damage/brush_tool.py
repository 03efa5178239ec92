"""The mouse on the canvas draws: dabs and lines with a round brush.

In: the canvas' mouse events, a size, what the brush says. Out: `began`, `drawn` and `ended` with points in
pixels of the photo. Wheel, middle button and Space go on to the canvas, so that one can look around.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent

from ui.canvas.canvas import Canvas
from ui.damage.overlay import MaskOverlay

__all__ = ["LARGEST", "SMALLEST", "BrushTool"]

SMALLEST, LARGEST = 2, 240
"""Diameters of the brush, in logical pixels of the screen."""
STEP = 1.25


class BrushTool(QObject):
    """Serves one canvas from `take` to `release`."""

    began = Signal(float, float)
    drawn = Signal(float, float)
    ended = Signal()
    resized = Signal(int)  # the diameter, by a key

    def __init__(self, canvas: Canvas, overlay: MaskOverlay, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._overlay = canvas, overlay
        self.diameter = 24
        self._drawing = self._space = self._is_taken = False
        self._at: QPointF | None = None

    @property
    def radius(self) -> float:
        """In pixels of the photo, as it is seen now."""
        return self.diameter / 2 * self._canvas.ratio / self._canvas.view.zoom

    def take(self) -> None:
        """From now on the mouse draws."""
        self._is_taken = True
        self._canvas.installEventFilter(self)
        self._canvas.setCursor(Qt.CursorShape.CrossCursor)

    def release(self) -> None:
        """The mouse is the canvas' again."""
        self._is_taken = self._drawing = self._space = False
        self._canvas.removeEventFilter(self)
        self._canvas.unsetCursor()
        self._show(None)

    def set_diameter(self, diameter: int) -> None:
        """In logical pixels of the screen."""
        self.diameter = min(max(diameter, SMALLEST), LARGEST)
        self._show(self._at)

    def grow(self) -> None:
        """A larger brush."""
        self._resize(max(self.diameter + 1, round(self.diameter * STEP)))

    def shrink(self) -> None:
        """A smaller brush."""
        self._resize(min(self.diameter - 1, round(self.diameter / STEP)))

    def _resize(self, diameter: int) -> None:
        self.set_diameter(diameter)
        self.resized.emit(self.diameter)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._is_taken or self._canvas.empty:
            return False
        kind = event.type()
        if kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
                self._space = kind == QEvent.Type.KeyPress
                self._show(None if self._space else self._at)
            return False
        if kind == QEvent.Type.Leave:
            self._show(None)
            return False
        if isinstance(event, QEnterEvent):
            self._show(event.position())
            return True  # the canvas would choose its own cursor
        return isinstance(event, QMouseEvent) and self._mouse(event)

    def _mouse(self, event: QMouseEvent) -> bool:
        """Whether the event was the brush's."""
        kind, here = event.type(), event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseButtonPress and left and not self._space:
            self._drawing = True
            self.began.emit(*self._canvas.to_picture(here))
        elif kind == QEvent.Type.MouseButtonDblClick and left and not self._space:
            self._drawing = True  # the second of two quick dabs
            self.began.emit(*self._canvas.to_picture(here))
        elif kind == QEvent.Type.MouseMove and self._drawing:
            self.drawn.emit(*self._canvas.to_picture(here))
        elif kind == QEvent.Type.MouseButtonRelease and left and self._drawing:
            self._drawing = False
            self.ended.emit()
        elif kind == QEvent.Type.MouseMove and not event.buttons() and not self._space:
            self._canvas.setCursor(Qt.CursorShape.CrossCursor)
        else:
            return False
        self._show(here)
        return True

    def _show(self, at: QPointF | None) -> None:
        self._at = at if at is not None else self._at
        self._overlay.brush = None if at is None or self._space else (at, self.diameter / 2)
        self._canvas.update()
