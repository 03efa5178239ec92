"""The canvas: the picture, before and after on two sides of a divider, zoom and pan.

In: pyramids and preview images from the workers, the person's mouse and keys. Out:
pixels, and `zoom_changed`. Where things lie is `View`'s arithmetic; this widget only
turns events into views and views into pixels.

It paints the exposed part alone, from the pyramid's level that fits, so its cost
depends on the screen and not on the picture. At 100 % one picture pixel is one
device pixel, copied unchanged; from 300 % on pixels are shown as squares.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.overlay import divider_grip, paint_divider, paint_drop_frame, paint_focus, paint_label, paint_tile
from ui.pyramid import Pyramid
from ui.theme import canvas_palette
from ui.view import View

SQUARES_FROM = 3.0  # zoom from which single pixels are shown as squares
WHEEL_STEP = 1.2
KEY_STEP = 1.25
DIVIDER_STEP = 0.02


class Canvas(QWidget):
    """Shows nothing, a photo, a run in the making, or a result beside its enlargement."""

    zoom_changed = Signal(float)
    divider_moved = Signal(float)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPalette(canvas_palette())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * 30, self.fontMetrics().height() * 12)
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(
            self.tr("Plus and minus zoom, the arrow keys pan, Shift with left and right moves the divider.")
        )
        self.view = View()
        self._below: Pyramid | None = None  # left of the divider, or all there is
        self._above: Pyramid | None = None  # right of the divider
        self._live: QImage | None = None
        self._tile: tuple[int, int, int, int] | None = None
        self._divider = 0.5  # across the canvas, so that it stays in reach at every zoom
        self._before_only = False
        self._told_zoom = 0.0
        self._message = ""
        self._receiving = False
        self._grabbed: QPoint | None = None
        self._moving_divider = False
        self._space = False
        self._over_divider = False

    # What is shown ---------------------------------------------------------------------------

    @property
    def comparing(self) -> bool:
        return self._above is not None

    @property
    def empty(self) -> bool:
        return self._below is None and self._live is None

    @property
    def divider(self) -> float:
        """Where the divider stands, from 0 (left edge of the canvas) to 1."""
        return self._divider

    def clear(self, message: str = "") -> None:
        """Nothing to see but a message in the middle."""
        self._below = self._above = self._live = self._tile = None
        self._message = message
        self._set_view(View(port=self.view.port, margin=self.view.margin))

    def show_photo(self, photo: Pyramid) -> None:
        """One picture, no comparison."""
        self._put(photo, None, photo.size)

    def show_result(self, before: Pyramid, after: Pyramid) -> None:
        """The result to the right of the divider, the plain enlargement to its left."""
        self._put(before, after, after.size)
        self._before_only = False

    def show_live(self, image: QImage, size: tuple[int, int], tile: tuple[int, int, int, int] | None) -> None:
        """A run in the making: `image` stands for the whole picture of `size` pixels."""
        self._above = None
        self._live = image
        self._tile = tile
        self._look_at(size)

    def set_divider(self, place: float) -> None:
        self._divider = min(max(place, 0.0), 1.0)
        self.divider_moved.emit(self._divider)
        self.update()

    def set_before_only(self, on: bool) -> None:
        """Show the whole enlargement, without the result."""
        self._before_only = on
        self.update()

    def set_receiving(self, on: bool) -> None:
        """A drop hovers over the window."""
        self._receiving = on
        self.update()

    def _put(self, below: Pyramid, above: Pyramid | None, size: tuple[int, int]) -> None:
        first = self.empty
        self._below, self._above, self._live, self._tile = below, above, None, None
        self._message = ""
        if first:
            self.view = View(picture=size, port=self.view.port, margin=self.view.margin).fit()
        self._look_at(size)

    def _look_at(self, size: tuple[int, int]) -> None:
        self._set_view(self.view.shows(size) if self.view.picture != size else self.view)
        self.update()

    # Looking ---------------------------------------------------------------------------------

    @property
    def ratio(self) -> float:
        return self.devicePixelRatioF()

    def zoom_to_fit(self) -> None:
        self._set_view(self.view.fit())

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """1.0 shows true pixels; `at` is the point of the canvas that stays where it is."""
        if not self.empty:
            where = None if at is None else (at.x() * self.ratio, at.y() * self.ratio)
            self._set_view(self.view.zoomed(zoom, where))

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        zoom = self.view.zoom * factor
        if (self.view.zoom - 1) * (zoom - 1) < 0:
            zoom = 1.0  # true pixels are a stop on the way
        self.zoom_to(zoom, at)

    def zoom_in(self) -> None:
        self.zoom_by(KEY_STEP)

    def zoom_out(self) -> None:
        self.zoom_by(1 / KEY_STEP)

    def _set_view(self, view: View) -> None:
        self.view = view
        self.update()
        zoom = 0.0 if self.empty else view.zoom
        if zoom != self._told_zoom:
            self._told_zoom = zoom
            self.zoom_changed.emit(zoom)

    # Painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().window())
        if self._live is not None:
            self._paint_picture(painter, event.rect(), Pyramid(self._whole(), (self._live,)))
            if self._tile is not None:
                paint_tile(painter, self, self._on_canvas(self._tile))
        elif self._below is not None:
            self._paint_both(painter, event.rect())
        elif self._message:
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._message)
        if self._receiving:
            paint_drop_frame(painter, self)
        elif self.hasFocus() and self.window().property("keyboard"):
            paint_focus(painter, self)
        painter.end()

    def _whole(self) -> tuple[int, int]:
        return int(self.view.picture[0]), int(self.view.picture[1])

    def _paint_both(self, painter: QPainter, exposed: QRect) -> None:
        assert self._below is not None
        if self._above is None or self._before_only:
            self._paint_picture(painter, exposed, self._below)
            if self._above is not None:
                paint_label(painter, self, self.tr("Before"), Qt.AlignmentFlag.AlignLeft, self._visible())
            return
        line = self.divider_x()
        left = exposed.intersected(QRect(0, 0, line, self.height()))
        right = exposed.intersected(QRect(line, 0, self.width() - line, self.height()))
        self._paint_picture(painter, left, self._below)
        self._paint_picture(painter, right, self._above)
        bounds = self._visible()
        paint_divider(painter, self, line, bounds, self._moving_divider or self._over_divider)
        paint_label(painter, self, self.tr("Before"), Qt.AlignmentFlag.AlignLeft, bounds, line)
        paint_label(painter, self, self.tr("After"), Qt.AlignmentFlag.AlignRight, bounds, line)

    def _paint_picture(self, painter: QPainter, part: QRect, picture: Pyramid) -> None:
        """The picture as far as it lies under `part` of the canvas (logical pixels)."""
        if part.isEmpty():
            return
        view, ratio = self.view, self.ratio
        level = picture.level_for(view.zoom)
        across = view.picture[0] * view.zoom / level.width()  # device pixels per pixel of the level
        down = view.picture[1] * view.zoom / level.height()
        left, top = view.origin
        # Two pixels more on each side, so that smoothing sees the neighbours of the exposed edge.
        first = (
            max(0, math.floor((part.left() * ratio - left) / across) - 2),
            max(0, math.floor((part.top() * ratio - top) / down) - 2),
        )
        last = (
            min(level.width(), math.ceil(((part.right() + 1) * ratio - left) / across) + 2),
            min(level.height(), math.ceil(((part.bottom() + 1) * ratio - top) / down) + 2),
        )
        if first[0] >= last[0] or first[1] >= last[1]:
            return
        source = QRectF(first[0], first[1], last[0] - first[0], last[1] - first[1])
        target = QRectF(
            left + first[0] * across, top + first[1] * down, source.width() * across, source.height() * down
        )
        painter.save()
        painter.setClipRect(part)
        painter.scale(1 / ratio, 1 / ratio)
        smooth = across != 1.0 and (across < SQUARES_FROM or level.width() < picture.size[0])
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, level, source)
        painter.restore()

    def _on_canvas(self, box: tuple[int, int, int, int]) -> QRectF:
        """A box of picture pixels in logical pixels of the canvas."""
        left, top = self.view.origin
        zoom, ratio = self.view.zoom, self.ratio
        return QRectF(
            (left + box[0] * zoom) / ratio,
            (top + box[1] * zoom) / ratio,
            box[2] * zoom / ratio,
            box[3] * zoom / ratio,
        )

    def _visible(self) -> QRectF:
        left, top, right, bottom = (side / self.ratio for side in self.view.visible())
        return QRectF(left, top, right - left, bottom - top)

    def divider_x(self) -> int:
        """Where the divider is drawn: its place across the canvas, kept on the picture."""
        visible = self._visible()
        return round(min(max(self._divider * self.width(), visible.left()), visible.right()))

    # Mouse -----------------------------------------------------------------------------------

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
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) or self.empty:
            return
        self._grabbed = event.position().toPoint()
        left_button = event.button() == Qt.MouseButton.LeftButton
        self._moving_divider = left_button and not self._space and self._near_divider(event.position())
        self._choose_cursor(event.position())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        if self._moving_divider:
            self.set_divider(event.position().x() / max(1, self.width()))
        elif self._grabbed is not None:
            moved = (here - self._grabbed) * self.ratio
            self._grabbed = here
            self._set_view(self.view.panned(moved.x(), moved.y()))
        self._choose_cursor(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self._moving_divider = False
        self._choose_cursor(event.position())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """True pixels under the pointer, or all of the picture again."""
        if self.empty or self._near_divider(event.position()):
            return
        if self.view.fitted:
            self.zoom_to(1.0 if self.view.zoom < 1 else 2 * self.view.zoom, event.position())
        else:
            self.zoom_to_fit()

    def leaveEvent(self, event: QEvent) -> None:
        self._over_divider = False
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._choose_cursor(event.position())

    def _near_divider(self, position: QPointF) -> bool:
        if self._above is None or self._before_only or self._live is not None:
            return False
        return abs(position.x() - self.divider_x()) <= divider_grip(self)

    def _choose_cursor(self, position: QPointF) -> None:
        over = self._moving_divider or (self._grabbed is None and self._near_divider(position))
        if over != self._over_divider:
            self._over_divider = over
            self.update()
        if over and not self._space:
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif self._grabbed is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    # Keys ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        ways = {keys.Key_Left: (1, 0), keys.Key_Right: (-1, 0), keys.Key_Up: (0, 1), keys.Key_Down: (0, -1)}
        key = Qt.Key(event.key())
        if key in ways and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.comparing:
            self.set_divider(self.divider_x() / max(1, self.width()) - ways[key][0] * DIVIDER_STEP)
        elif key in ways:
            across, down = ways[key]
            self._set_view(self.view.panned(across * self.view.port[0] / 10, down * self.view.port[1] / 10))
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
        port = (self.width() * self.ratio, self.height() * self.ratio)
        margin = self.fontMetrics().height() * self.ratio
        self._set_view(self.view.resized(port, margin))
        self.resized.emit()
