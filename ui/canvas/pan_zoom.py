"""A widget that is looked around in: zoom and pan with mouse, wheel, fingers and keys.

In: the person's hands. Out: a `Viewport`, and `zoom_changed`. Where things lie is `Viewport`'s and `panes`'
arithmetic; what is painted is the business of the class above this one. Several panes may lie side
by side: they share the view, so that zooming and panning in one does it in all.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.canvas.pane_layout import Cell, cell_at, cells
from ui.canvas.viewport import Viewport

WHEEL_STEP = 1.2
KEY_STEP = 1.25


class PanZoom(QWidget):
    """Owns the view of whatever is shown in its cells."""

    zoom_changed = Signal(float)
    resized = Signal()
    view_changed = Signal()  # another part of the picture is seen, or the same at another zoom

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * 30, self.fontMetrics().height() * 12)
        self.view = Viewport()
        self.cells: tuple[Cell, ...] = ((0, 0, 1, 1),)
        self._told_zoom = 0.0
        self._grabbed: QPoint | None = None
        self._space = False

    # For the class above -----------------------------------------------------------------------

    @property
    def empty(self) -> bool:
        raise NotImplementedError

    def cell_count(self) -> int:
        """How many pictures lie beside each other."""
        return 1

    # Looking -----------------------------------------------------------------------------------

    @property
    def ratio(self) -> float:
        return self.devicePixelRatioF()

    def arrange(self) -> None:
        """Lay out the cells for what is shown, and keep looking at the same place."""
        canvas = (self.width() * self.ratio, self.height() * self.ratio)
        self.cells = cells(self.cell_count(), canvas, self.view.picture, max(2, round(4 * self.ratio)))
        margin = self.fontMetrics().height() * self.ratio / (1 if len(self.cells) == 1 else 2)
        port = canvas if len(self.cells) == 1 else (float(self.cells[0][2]), float(self.cells[0][3]))
        self.set_view(self.view.resized(port, margin))

    def look_at(self, size: tuple[float, float]) -> None:
        """The picture has so many pixels now; what is seen of it stays the same."""
        if self.view.picture != size:
            self.view = self.view.shows(size)
        self.arrange()

    def zoom_to_fit(self) -> None:
        self.set_view(self.view.fit())

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """1.0 shows true pixels; `at` is the point of the canvas that stays where it is."""
        if not self.empty:
            self.set_view(self.view.zoomed(zoom, None if at is None else self.in_cell(at)))

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        zoom = self.view.zoom * factor
        if (self.view.zoom - 1) * (zoom - 1) < 0:
            zoom = 1.0  # true pixels are a stop on the way
        self.zoom_to(zoom, at)

    def zoom_in(self) -> None:
        self.zoom_by(KEY_STEP)

    def zoom_out(self) -> None:
        self.zoom_by(1 / KEY_STEP)

    def set_view(self, view: Viewport) -> None:
        changed = view != self.view
        self.view = view
        self.update()
        if changed:
            self.view_changed.emit()
        zoom = 0.0 if self.empty else view.zoom
        if zoom != self._told_zoom:
            self._told_zoom = zoom
            self.zoom_changed.emit(zoom)

    # Places ------------------------------------------------------------------------------------

    def cell_under(self, position: QPointF) -> int:
        return cell_at(self.cells, position.x() * self.ratio, position.y() * self.ratio)

    def in_cell(self, position: QPointF) -> tuple[float, float]:
        """A point of the canvas in device pixels of the cell that it lies in."""
        left, top, _, _ = self.cells[self.cell_under(position)]
        return position.x() * self.ratio - left, position.y() * self.ratio - top

    def to_picture(self, position: QPointF) -> tuple[float, float]:
        """The picture point under a point of the canvas."""
        return self.view.to_picture(*self.in_cell(position))

    def cell_rect(self, number: int) -> QRectF:
        """A cell in logical pixels."""
        if len(self.cells) == 1:
            return QRectF(self.rect())
        left, top, width, height = (side / self.ratio for side in self.cells[number])
        return QRectF(left, top, width, height)

    def visible(self, number: int = 0) -> QRectF:
        """What the picture covers of a cell, in logical pixels."""
        left, top, right, bottom = (side / self.ratio for side in self.view.visible())
        corner = self.cell_rect(number).topLeft()
        return QRectF(left, top, right - left, bottom - top).translated(corner)

    def on_canvas(self, box: tuple[float, float, float, float], number: int = 0) -> QRectF:
        """A box of picture pixels in logical pixels of the canvas."""
        left, top = self.view.origin
        zoom, ratio = self.view.zoom, self.ratio
        corner = self.cells[number]
        return QRectF(
            (left + corner[0] + box[0] * zoom) / ratio,
            (top + corner[1] + box[1] * zoom) / ratio,
            box[2] * zoom / ratio,
            box[3] * zoom / ratio,
        )

    # Mouse -------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / 120
        if turns:
            self.zoom_by(WHEEL_STEP**turns, event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and not self.empty:
            self._grabbed = event.position().toPoint()
            self.choose_cursor(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        if self._grabbed is not None:
            moved = (here - self._grabbed) * self.ratio
            self._grabbed = here
            self.set_view(self.view.panned(moved.x(), moved.y()))
        self.choose_cursor(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self.choose_cursor(event.position())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """True pixels under the pointer, or all of the picture again."""
        if self.empty:
            return
        if self.view.fitted:
            self.zoom_to(1.0 if self.view.zoom < 1 else 2 * self.view.zoom, event.position())
        else:
            self.zoom_to_fit()

    def choose_cursor(self, position: QPointF) -> None:
        if self._grabbed is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    # Keys --------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        ways = {keys.Key_Left: (1, 0), keys.Key_Right: (-1, 0), keys.Key_Up: (0, 1), keys.Key_Down: (0, -1)}
        key = Qt.Key(event.key())
        if key in ways:
            across, down = ways[key]
            self.set_view(self.view.panned(across * self.view.port[0] / 10, down * self.view.port[1] / 10))
        elif key in (keys.Key_Plus, keys.Key_Equal):
            self.zoom_in()
        elif key == keys.Key_Minus:
            self.zoom_out()
        elif key == keys.Key_Space:
            self._space = True
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.unsetCursor()
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.window().setProperty("keyboard", by_keys)
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()
        self.resized.emit()
