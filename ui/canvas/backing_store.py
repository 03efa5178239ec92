"""What was painted of a picture, kept: panning paints the strip that comes into view and no more.

In: a pyramid, a view, the part of the canvas to show. Out: pixels. Smooth scaling of a whole screen takes
longer than a frame lasts on a slow processor; moving what is there takes a millisecond. Kept is one
pixmap of the cell's size; another picture, zoom or size begins anew.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from ui.canvas.image_painter import paint_picture

if TYPE_CHECKING:
    from ui.canvas.pane_layout import Cell
    from ui.canvas.viewport import Viewport
    from ui.imaging.pyramid import Pyramid


class BackingStore:
    """The painted part of one picture in one cell."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._pixmap = QPixmap()
        self._origin = (0, 0)
        self._painted = QRegion()

    def paint(
        self,
        painter: QPainter,
        part: QRectF,
        picture: Pyramid,
        view: Viewport,
        ratio: float,
        cell: Cell,
        background: QColor,
        heat_map: Pyramid | None = None,
    ) -> None:
        """Show `part` (logical pixels of the canvas) of the picture in `cell`, background included, and a
        `heat_map` over it."""
        self._follow(picture, view, cell, heat_map)
        # In device pixels of the cell, whole ones, not beyond it.
        left, top = part.left() * ratio - cell[0], part.top() * ratio - cell[1]
        wanted = QRect(0, 0, cell[2], cell[3]).intersected(
            QRect(
                math.floor(left),
                math.floor(top),
                math.ceil(part.width() * ratio) + 1,
                math.ceil(part.height() * ratio) + 1,
            )
        )
        missing = QRegion(wanted).subtracted(self._painted)
        if not missing.isEmpty():
            inner = QPainter(self._pixmap)
            for rect in missing:  # type: ignore[attr-defined]  # a QRegion has its rectangles, the stubs do not
                inner.fillRect(rect, background)
                for layer in (picture, heat_map):
                    if layer is not None:
                        paint_picture(inner, QRectF(rect), layer, view, 1.0)
            inner.end()
            self._painted = self._painted.united(missing)
        painter.save()
        painter.setClipRect(part)
        painter.scale(1 / ratio, 1 / ratio)
        corner = QPointF(cell[0] + wanted.left(), cell[1] + wanted.top())
        painter.drawPixmap(corner, self._pixmap, QRectF(wanted))
        painter.restore()

    def _follow(self, picture: Pyramid, view: Viewport, cell: Cell, heat_map: Pyramid | None) -> None:
        """Keep what still holds of the pixmap: all, what was moved, or nothing."""
        size = max(1, cell[2]), max(1, cell[3])
        key = (picture.keys, () if heat_map is None else heat_map.keys, view.zoom, view.picture, size)
        if key != self._key:
            self._key = key
            if (self._pixmap.width(), self._pixmap.height()) != size:
                self._pixmap = QPixmap(*size)
            self._painted = QRegion()
        elif view.origin != self._origin:
            across, down = view.origin[0] - self._origin[0], view.origin[1] - self._origin[1]
            self._pixmap.scroll(across, down, self._pixmap.rect())
            self._painted.translate(across, down)
            self._painted = self._painted.intersected(self._pixmap.rect())
        self._origin = view.origin
