"""The sheet: pictures of a class side by side, while they are made and afterwards, and one of them chosen.

In: for each place a picture of any size, and the person's mouse and keys. Out: pixels; signals for the place
that is chosen, dragged, or asked for a menu. Zoom and pan are `PanZoom`'s. A picture of few pixels is shown
as squares, so that one sees what the first stage makes of 32 pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui.canvas.image_painter import paint_picture
from ui.canvas.overlay import paint_chosen, paint_focus, paint_label
from ui.canvas.pan_zoom import PanZoom
from ui.canvas.pane_layout import Cell, cells
from ui.canvas.viewport import Viewport
from ui.imaging.pyramid import Pyramid
from ui.style.icons import pixmap
from ui.style.theme import canvas_palette

LEFT = Qt.AlignmentFlag.AlignLeft
CLICK = 4  # a press that moves less was a click


@dataclass(frozen=True, eq=False)
class SheetImage:
    """What lies in one place. done: finished, so it can be chosen. marked: the person keeps it."""

    picture: Pyramid
    label: str = ""
    done: bool = True
    marked: bool = False


def _gathered(spread: tuple[Cell, ...], canvas: tuple[float, float]) -> tuple[Cell, ...]:
    """The same rows and columns of cells, made square and moved to the middle."""
    side = min(spread[0][2], spread[0][3])
    columns, rows = sorted({cell[0] for cell in spread}), sorted({cell[1] for cell in spread})
    left, top = (round((canvas[n] - side * len(line)) / 2) for n, line in enumerate((columns, rows)))
    return tuple(
        (left + side * columns.index(x), top + side * rows.index(y), side, side) for x, y, _, _ in spread
    )


class ContactSheet(PanZoom):
    """Shows nothing, all pictures, or one of them alone."""

    picked = Signal(int)
    stepped = Signal(int)  # how many places further the keys went
    dragged = Signal(int)  # told with every move until `end_drag`
    menu_asked = Signal(int, QPoint)  # where, on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPalette(canvas_palette())
        self.setAccessibleName(self.tr("Sheet of pictures"))
        self._words = self.tr(
            "The arrow keys choose a picture, Enter shows it alone or all of them again, plus and minus zoom."
        )
        self.setAccessibleDescription(self._words)
        self._frames: tuple[SheetImage, ...] = ()
        self._chosen: int | None = None
        self._alone = False
        self._message, self._hint = "", ""
        self._pressed: QPointF | None = None
        self._hovered: int | None = None

    # What is shown -----------------------------------------------------------------------------

    @property
    def empty(self) -> bool:
        return not self._frames

    @property
    def alone(self) -> bool:
        """Whether the chosen picture is shown without the others."""
        return self._alone and self._chosen is not None

    @property
    def frames(self) -> tuple[SheetImage, ...]:
        return self._frames

    @property
    def chosen(self) -> int | None:
        return self._chosen

    def clear(self, message: str, hint: str) -> None:
        """Nothing to see but what to do, and a hint below."""
        self._frames, self._chosen, self._alone = (), None, False
        self._message, self._hint = message, hint
        self.view = Viewport(port=self.view.port, margin=self.view.margin)
        self.arrange()
        self.update()

    def show_frames(self, frames: tuple[SheetImage, ...], side: int, chosen: int | None) -> None:
        """Pictures in their places; `side` is that of the finished ones in pixels, which those that are being
        made do not have yet; `chosen` is the place of the one that is meant."""
        seen = self.cell_count() if self._frames else 0
        self._frames, self._chosen = frames, chosen
        if chosen is None:
            self._alone = False
        name = frames[chosen].label if chosen is not None else ""
        self.setAccessibleDescription(f"{name}. {self._words}" if name else self._words)
        if seen != self.cell_count():
            self.view = Viewport(picture=(side, side), port=self.view.port, margin=self.view.margin).fit()
        self.look_at((side, side))
        self.update()

    def show_alone(self, on: bool) -> None:
        """The chosen picture as large as it goes, or all of them."""
        if on != self.alone and (self._chosen is not None or not on):
            self._alone = on
            self.view = self.view.fit()
            self.arrange()
            self.update()

    def cell_count(self) -> int:
        return 1 if self.alone else max(1, len(self._frames))

    def arrange(self) -> None:
        """As `PanZoom` does, but the pictures, which are squares, lie close together in the middle."""
        canvas = (self.width() * self.ratio, self.height() * self.ratio)
        self.cells = cells(self.cell_count(), canvas, self.view.picture, 0)
        if len(self.cells) > 1:
            self.cells = _gathered(self.cells, canvas)
        port = (float(self.cells[0][2]), float(self.cells[0][3]))
        share = 0.02 if len(self.cells) == 1 else 0.025
        self.set_view(self.view.resized(port, max(self.ratio, share * min(port))))

    def place_at(self, position: QPointF) -> int | None:
        """The place whose picture lies under a point of the sheet."""
        if self.empty:
            return None
        cell = self.cell_under(position)
        if cell >= len(self._frames) or not self.visible(cell).contains(position):
            return None
        return self._chosen if self.alone else cell

    # Painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().window())
        if self.empty:
            self._paint_words(painter)
        for cell in range(self.cell_count() if not self.empty else 0):
            place = self._chosen if self.alone and self._chosen is not None else cell
            part = QRectF(event.rect()).intersected(self.cell_rect(cell))
            frame = self._frames[place]
            # A finished picture is smooth until one zooms in to see its pixels.
            squares = not (frame.done and self.view.fitted)
            corner = self.cells[cell][:2]
            paint_picture(painter, part, frame.picture, self.view, self.ratio, corner, squares=squares)
            self._paint_marks(painter, place, cell, frame)
        if self.hasFocus() and self.window().property("keyboard"):
            paint_focus(painter, self)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        align = Qt.AlignmentFlag
        margin, middle, unit = self.width() // 6, self.height() // 2, self.fontMetrics().height()
        room = self.rect().adjusted(margin, 0, -margin, 0)
        painter.setPen(self.palette().placeholderText().color())
        below = room.adjusted(0, middle + unit // 2, 0, 0)
        painter.drawText(
            below, int(align.AlignHCenter | align.AlignTop | Qt.TextFlag.TextWordWrap), self._hint
        )
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        painter.setFont(font)
        painter.setPen(self.palette().windowText().color())
        above = room.adjusted(0, 0, 0, -middle)
        flags = align.AlignHCenter | align.AlignBottom | Qt.TextFlag.TextWordWrap
        painter.drawText(above, int(flags), self._message)

    def _paint_marks(self, painter: QPainter, place: int, cell: int, frame: SheetImage) -> None:
        bounds = self.visible(cell)
        unit = self.fontMetrics().height()
        if place == self._chosen and not self.alone:
            paint_chosen(painter, self, bounds)
        wide = bounds.width() > self.fontMetrics().horizontalAdvance(frame.label) + 5 * unit
        if frame.label and wide and (place == self._hovered or self.alone):
            paint_label(painter, self, frame.label, LEFT, bounds)
        if frame.marked:
            side = round(min(unit * 1.3, bounds.width() / 4))
            spot = QRectF(bounds.right() - side * 1.9, bounds.top() + side * 0.4, side * 1.5, side * 1.5)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().color(QPalette.ColorRole.Window))
            painter.drawEllipse(spot)
            ink = self.palette().color(QPalette.ColorRole.Highlight)
            corner = spot.topLeft() + QPointF(side * 0.25, side * 0.25)
            painter.drawPixmap(corner, pixmap("keep", ink, side, self.ratio))
            painter.restore()

    # Mouse and keys ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None
        place = self.place_at(event.position())
        if place is not None and self._frames[place].done:
            self.picked.emit(place)
        if not self.view.fitted or self._space:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self.place_at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()
        if self._pressed is not None and self.view.fitted and not self._space:
            # All is in view and nothing to pan, so a drag carries the picture to another program.
            moved = (event.position() - self._pressed).manhattanLength()
            place = self.place_at(self._pressed)
            if moved >= QApplication.startDragDistance() and place is not None and self._frames[place].done:
                self.dragged.emit(place)
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        super().mouseReleaseEvent(event)

    def end_drag(self) -> None:
        """The drag that began here has ended elsewhere, or nothing could be dragged."""
        self._pressed = self._grabbed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.place_at(event.position()) is not None or self.alone:
            self.show_alone(not self.alone)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            place = self.place_at(QPointF(event.pos()))
            where = event.globalPos()
        else:
            place = self._chosen
            spot = self.visible(0 if self.alone else place or 0).center()
            where = self.mapToGlobal(spot.toPoint())
        if place is not None and self._frames[place].done:
            self.picked.emit(place)
            self.menu_asked.emit(place, where)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        key = keys(event.key())
        columns = self._columns()
        ways = {keys.Key_Left: -1, keys.Key_Right: 1, keys.Key_Up: -columns, keys.Key_Down: columns}
        if self.alone:  # there is one row, whichever way it is walked
            ways |= {keys.Key_Up: -1, keys.Key_Down: 1}
        if key in (keys.Key_Return, keys.Key_Enter):
            self.show_alone(not self.alone)
        elif key in ways and self.view.fitted and not self.empty:
            self.stepped.emit(ways[key])
        else:
            super().keyPressEvent(event)

    def _columns(self) -> int:
        """How many places lie in a row."""
        return sum(1 for cell in self.cells if cell[1] == self.cells[0][1])
