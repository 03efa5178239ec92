"""The canvas: the picture before and after, behind a divider, side by side or in turn, and the loupe.

In: pyramids and preview images from the workers, the person's mouse and keys. Out: pixels. `PanZoom` moves
what is looked at, `image_painter` paints; this widget knows what is shown and how it is compared.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QEnterEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.canvas.backing_store import BackingStore
from ui.canvas.image_painter import loupe_cells, loupe_view, paint_picture
from ui.canvas.overlay import (
    divider_grip,
    paint_chosen,
    paint_divider,
    paint_drop_frame,
    paint_focus,
    paint_hint,
    paint_label,
    paint_legend,
    paint_loupe_frame,
    paint_region,
    paint_tile,
)
from ui.canvas.pan_zoom import PanZoom
from ui.canvas.pane_layout import Mode, Pane
from ui.canvas.selection import RubberBand, middle
from ui.canvas.viewport import Viewport
from ui.i18n.language import tr as _tr
from ui.imaging.pyramid import PicturePart, Pyramid
from ui.style.theme import canvas_palette

DIVIDER_STEP = 0.02
BLINK_MS = 700
CLICK = 4  # a press that moves less was a click
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


def region_hint() -> str:
    """How a region is drawn."""
    return _tr("Draw a rectangle on the photo. Enter takes the middle, Esc gives it up.")


class CanvasLayer(Protocol):
    """What a tool has over the picture."""

    def paint(self, painter: QPainter) -> None:
        """Paint it, in logical pixels of the canvas."""


class Canvas(PanZoom):
    """Shows nothing, a photo, a run in the making, or a result beside its enlargement."""

    divider_moved = Signal(float)
    comparing_changed = Signal(bool)  # whether there are two pictures to compare
    picked = Signal(int)  # the variation that was clicked
    region_drawn = Signal(object)  # the RubberBand that was dragged, or None when it was given up

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPalette(canvas_palette())
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(
            self.tr(
                "Plus and minus zoom, the arrow keys pan, Shift with left and right moves the divider. "
                "Numbers choose among versions; Enter tries the middle when a region is wanted."
            )
        )
        self._panes: tuple[Pane, ...] = ()
        self._live: QImage | None = None
        self._tile: tuple[int, int, int, int] | None = None
        self._mode = Mode.DIVIDER
        self._divider = 0.5  # across the canvas, so that it stays in reach at every zoom
        self._before_only = False
        self._message = ""
        self._receiving = False
        self._moving_divider = False
        self._over_divider = False
        self._loupe = False
        self._pointer: QPointF | None = None  # where the loupe is held
        self._backings: dict[int, BackingStore] = {}
        self._frame: tuple[float, float, float, float] | None = None  # of a region that was tried
        self._chosen: int | None = None  # among variations, which are on the canvas if this is a number
        self._heat_map: Pyramid | None = None
        self._layer: CanvasLayer | None = None
        self._pressed: QPointF | None = None
        self._drawing = False  # a region is to be drawn
        self._band: RubberBand | None = None
        self._second = False  # which picture of a blink is seen
        self._blinking = QTimer(self)
        self._blinking.setInterval(BLINK_MS)
        self._blinking.timeout.connect(self.blink)

    # What is shown ---------------------------------------------------------------------------

    @property
    def comparing(self) -> bool:
        return len(self._panes) == 2 and self._live is None and self._chosen is None

    @property
    def empty(self) -> bool:
        return not self._panes and self._live is None

    @property
    def labels(self) -> tuple[str, ...]:
        """What the pictures are called."""
        return tuple(pane.label for pane in self._panes)

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def divider(self) -> float:
        """Where the divider stands, from 0 (left edge of the canvas) to 1."""
        return self._divider

    def clear(self, message: str = "") -> None:
        """Nothing to see but a message in the middle."""
        self._panes, self._live, self._tile, self._frame = (), None, None, None
        self._chosen = self._heat_map = None
        self._backings.clear()
        self._message = message
        self.view = Viewport(port=self.view.port, margin=self.view.margin)
        self._refresh()

    def show_photo(self, photo: Pyramid) -> None:
        """One picture, no comparison."""
        self._put((Pane("", photo),), photo.size)

    def show_result(self, before: Pyramid, after: Pyramid, left: str = "", right: str = "") -> None:
        """The result to the right of the divider, the plain enlargement to its left, or two pictures that are
        called otherwise."""
        panes = Pane(left or self.tr("Before"), before), Pane(right or self.tr("After"), after)
        self._put(panes, after.size)

    def show_variations(self, panes: tuple[Pane, ...], chosen: int) -> None:
        """Variations side by side, one of them chosen."""
        self._put(panes, panes[0].picture.size, chosen)

    def set_heat_map(self, heat_map: Pyramid | None) -> None:
        """Lay a heat map over what was invented of a result, or of all variations."""
        if heat_map is not self._heat_map:
            self._heat_map = heat_map
            self.update()

    def set_layer(self, layer: CanvasLayer | None) -> None:
        """Let a tool paint over the picture."""
        self._layer = layer
        self.update()

    def replace_pictures(self, pictures: tuple[Pyramid, ...]) -> None:
        """Show the last panes with other pictures of the same things; nothing else changes."""
        if self._live is None and 0 < len(pictures) <= len(self._panes):
            kept, others = self._panes[: -len(pictures)], self._panes[-len(pictures) :]
            replaced = (Pane(pane.label, new) for pane, new in zip(others, pictures, strict=True))
            self._panes = (*kept, *replaced)
            self.update()

    def looks(self) -> tuple[Viewport, ...]:
        """How the picture is looked at: on the canvas, and through the loupe where it is held."""
        if self.empty:
            return ()
        return (self.view, self._loupe_view()) if self._loupe else (self.view,)

    def show_patch(
        self,
        photo: Pyramid,
        patch: Pyramid,
        box: tuple[int, int, int, int],
        size: tuple[int, int],
        right: str = "",
    ) -> None:
        """A photo, as large as its result of `size` pixels will be, and the same with a part of that in its
        place, to be compared."""
        before, after = Pyramid(size, photo.levels), Pyramid(size, photo.levels, (PicturePart(box, patch),))
        self._put((Pane(self.tr("Before"), before), Pane(right or self.tr("After"), after)), size)
        self._frame = box
        self.update()

    def divide_at(self, box: tuple[int, int, int, int]) -> None:
        """Let the divider go through the middle of a part of the picture, as far as it is in view."""
        self.set_divider(self.on_canvas(box).center().x() / max(1, self.width()))

    def frame(self, box: tuple[int, int, int, int]) -> None:
        """A frame around the part of the photo that is being worked on."""
        self._tile = box

    def draw_region(self, on: bool) -> None:
        """The next drag draws a rectangle; Enter takes the middle of what is in view."""
        self._drawing, self._band = on and not self.empty, None
        self.setCursor(Qt.CursorShape.CrossCursor) if self._drawing else self.unsetCursor()
        self.update()

    def show_live(self, image: QImage, size: tuple[int, int], tile: tuple[int, int, int, int] | None) -> None:
        """A run in the making: `image` stands for the whole picture of `size` pixels."""
        first = self._live is None
        self._live, self._tile, self._frame = image, tile, None
        self._chosen = self._heat_map = None
        if first:
            self._panes = self._panes[:1]
            self._refresh()
        self.look_at(size)

    def set_mode(self, mode: Mode) -> None:
        """How two pictures are compared."""
        self._mode = mode
        self._refresh()

    def set_divider(self, place: float) -> None:
        self._divider = min(max(place, 0.0), 1.0)
        self.divider_moved.emit(self._divider)
        self.update()

    def set_before_only(self, on: bool) -> None:
        """Show the whole enlargement, without the result."""
        self._before_only = on
        self._refresh()

    def set_loupe(self, on: bool) -> None:
        """Hold a magnifying glass at the pointer (in the middle for those who use keys)."""
        self._loupe = on
        self.view_changed.emit()
        self.update()

    def set_receiving(self, on: bool) -> None:
        """A drop hovers over the window."""
        self._receiving = on
        self.update()

    @Slot()
    def blink(self) -> None:
        """The other picture's turn."""
        self._second = not self._second
        self.update()

    def cell_count(self) -> int:
        if self._live is None and self._chosen is not None:
            return len(self._panes)
        if self._live is not None or self._before_only:
            return 1
        return 2 if self.comparing and self._mode is Mode.SIDE else 1

    def _put(self, panes: tuple[Pane, ...], size: tuple[int, int], chosen: int | None = None) -> None:
        first = self.empty
        self._panes, self._live, self._tile, self._frame = panes, None, None, None
        self._chosen = chosen
        self._message = ""
        if first:
            self.view = Viewport(picture=size, port=self.view.port, margin=self.view.margin).fit()
        self.look_at(size)
        self._refresh()

    def _refresh(self) -> None:
        """What is shown or how has changed."""
        blinking = self.comparing and self._mode is Mode.BLINK and not self._before_only
        if blinking != self._blinking.isActive():
            (self._blinking.start if blinking else self._blinking.stop)()
        self._second = False
        self.arrange()
        self.comparing_changed.emit(self.comparing)
        self.update()

    # Painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().window())
        exposed = QRectF(event.rect())
        if self.empty:
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._message)
        elif self._live is None and self.comparing and not self._before_only and self._mode is Mode.DIVIDER:
            self._paint_divided(painter, exposed)
        else:
            self._paint_cells(painter, exposed)
        if self._layer is not None and not self.empty:
            self._layer.paint(painter)
        if self._loupe and not self.empty:
            self._paint_loupe(painter)
        if self._heat_map is not None and not self.empty:
            paint_legend(painter, self, self.tr("From the photo"), self.tr("Invented"))
        if self._band is not None:
            paint_region(painter, self, self.on_canvas(self._band.shape))
        elif self._drawing:
            paint_hint(painter, self, region_hint())
        if self._receiving:
            paint_drop_frame(painter, self)
        elif self.hasFocus() and self.window().property("keyboard"):
            paint_focus(painter, self)
        painter.end()

    def _visible_panes(self) -> tuple[Pane, ...]:
        """One picture a cell."""
        if self._live is not None:
            size = int(self.view.picture[0]), int(self.view.picture[1])
            return (Pane("", Pyramid(size, (self._live,))),)
        if self._chosen is not None:
            return self._panes
        if not self.comparing or self._mode is Mode.SIDE:
            return self._panes[:1] if self._before_only else self._panes
        return self._panes[1:] if self._second and not self._before_only else self._panes[:1]

    def _paint_cells(self, painter: QPainter, exposed: QRectF) -> None:
        for number, pane in enumerate(self._visible_panes()):
            part = exposed.intersected(self.cell_rect(number))
            self._paint(painter, part, pane, number)
            if pane.label:
                paint_label(painter, self, pane.label, LEFT, self.visible(number))
            if number == self._chosen:
                paint_chosen(painter, self, self.visible(number))
            if self._frame is not None:
                paint_region(painter, self, self.on_canvas(self._frame, number))
        if self._tile is not None:
            paint_tile(painter, self, self.on_canvas(self._tile))

    def _paint(
        self, painter: QPainter, part: QRectF, pane: Pane, number: int = 0, slot: int | None = None
    ) -> None:
        backing = self._backings.setdefault(number if slot is None else slot, BackingStore())
        background = self.palette().window().color()
        cell = self.cells[number]
        heat_map = self._heat_map_over(pane)
        backing.paint(painter, part, pane.picture, self.view, self.ratio, cell, background, heat_map)

    def _heat_map_over(self, pane: Pane) -> Pyramid | None:
        """The heat map lies on results, not on what they are compared with."""
        is_result = bool(self._panes) and pane is self._panes[-1]  # a run may be shown before any pane
        return self._heat_map if self._chosen is not None or is_result else None

    def _paint_divided(self, painter: QPainter, exposed: QRectF) -> None:
        before, after = self._panes
        line = self.divider_x()
        self._paint(painter, exposed.intersected(QRectF(0, 0, line, self.height())), before)
        right = QRectF(QRect(line, 0, self.width() - line, self.height()))
        self._paint(painter, exposed.intersected(right), after, slot=1)
        bounds = self.visible()
        if self._frame is not None:
            paint_region(painter, self, self.on_canvas(self._frame))
        paint_divider(painter, self, line, bounds, self._moving_divider or self._over_divider)
        paint_label(painter, self, before.label, LEFT, bounds, line)
        paint_label(painter, self, after.label, RIGHT, bounds, line)

    def _paint_loupe(self, painter: QPainter) -> None:
        """Both pictures of a comparison at the same place, whatever the mode."""
        visible = self._visible_panes()
        under = self.cell_under(self._pointer) if self._pointer is not None and len(visible) > 1 else 0
        seen = self._panes if self.comparing else visible[under : under + 1]
        pointer, view = self._pointer or QPointF(self.rect().center()), self._loupe_view()
        side = round(view.port[0])
        at = (pointer.x() * self.ratio, pointer.y() * self.ratio)
        canvas = (self.width() * self.ratio, self.height() * self.ratio)
        for pane, cell in zip(seen, loupe_cells(len(seen), at, canvas, side, 2), strict=True):
            square = QRectF(*(length / self.ratio for length in cell))
            painter.fillRect(square, self.palette().window())
            for layer in (pane.picture, self._heat_map_over(pane)):
                if layer is not None:
                    paint_picture(painter, square, layer, view, self.ratio, cell[:2])
            paint_loupe_frame(painter, self, square)
            if pane.label:
                paint_label(painter, self, pane.label, LEFT, square)

    def _loupe_view(self) -> Viewport:
        pointer = self._pointer or QPointF(self.rect().center())
        side = round(self.fontMetrics().height() * (14 if self.comparing else 18) * self.ratio)
        return loupe_view(self.view, self.to_picture(pointer), side)

    def divider_x(self) -> int:
        """Where the divider is drawn: its place across the canvas, kept on the picture."""
        visible = self.visible()
        return round(min(max(self._divider * self.width(), visible.left()), visible.right()))

    # Mouse and keys --------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left_button = event.button() == Qt.MouseButton.LeftButton
        if self._drawing and left_button and not self._space:
            here = self.to_picture(event.position())
            self._band = RubberBand(here, here, self.view.picture)
            return
        self._moving_divider = left_button and not self._space and self._near_divider(event.position())
        if not self._moving_divider:
            super().mousePressEvent(event)
        self._pressed = event.position() if left_button else None
        self.choose_cursor(event.position())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._band is not None:
            self._band = self._band.to(self.to_picture(event.position()))
            self.update()
            return
        if self._moving_divider:
            self.set_divider(event.position().x() / max(1, self.width()))
            self.choose_cursor(event.position())
        else:
            super().mouseMoveEvent(event)
        if self._loupe:
            self.view_changed.emit()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._moving_divider = False
        if self._band is not None:
            self._finish_band(self._band.to(self.to_picture(event.position())))
        super().mouseReleaseEvent(event)
        still = self._pressed is not None and (event.position() - self._pressed).manhattanLength() < CLICK
        if still and self._chosen is not None:
            self.picked.emit(self.cell_under(event.position()))
        self._pressed = None

    def _finish_band(self, band: RubberBand | None) -> None:
        self.draw_region(False)
        self.region_drawn.emit(band)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._near_divider(event.position()):
            super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._over_divider = False
        self._pointer = None
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.choose_cursor(event.position())

    def _near_divider(self, position: QPointF) -> bool:
        if not self.comparing or self._before_only or self._mode is not Mode.DIVIDER:
            return False
        return abs(position.x() - self.divider_x()) <= divider_grip(self)

    def choose_cursor(self, position: QPointF) -> None:
        if self._drawing:
            return
        over = self._moving_divider or (self._grabbed is None and self._near_divider(position))
        if over != self._over_divider:
            self._over_divider = over
            self.update()
        if over and not self._space:
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            super().choose_cursor(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        way = ways.get(Qt.Key(event.key()))
        if self._drawing and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            left, top, right, bottom = self.view.visible()
            corners = (*self.view.to_picture(left, top), *self.view.to_picture(right, bottom))
            self._finish_band(middle(corners, self.view.picture))
            return
        number = event.key() - Qt.Key.Key_1
        if self._chosen is not None and 0 <= number < len(self._panes):
            self.picked.emit(number)
        elif way and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.comparing:
            self.set_divider(self.divider_x() / max(1, self.width()) + way * DIVIDER_STEP)
        else:
            super().keyPressEvent(event)
