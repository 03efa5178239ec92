"""The mask over the canvas: what is marked in one colour, what is protected in another, and the brush's ring.

In: maps of a mask, the canvas' view, a thoroughness. Out: pixels, of what is in view alone and as fine as the
screen. The picture of the mask is made anew when the view, the mask or the thoroughness has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen

from ui.style.theme import MARKED, PROTECTED

if TYPE_CHECKING:
    from ui.canvas.pan_zoom import PanZoom
    from ui.damage.mask_map import Box, MaskMap

OPACITY = 0.55


class MaskOverlay:
    """A layer of the canvas, see `ui.canvas.canvas.CanvasLayer`."""

    def __init__(self, canvas: PanZoom) -> None:
        self._canvas = canvas
        self.masks: MaskMap | None = None
        self.thoroughness = 0.5
        self.brush: tuple[QPointF, float] | None = None  # where it is, and its radius, in logical pixels
        self._known: tuple[object, ...] = ()
        self._image, self._box = QImage(), (0, 0, 0, 0)

    def paint(self, painter: QPainter) -> None:
        if self.masks is not None:
            image, box = self._picture(self.masks)
            if not image.isNull():
                painter.save()
                painter.setClipRect(self._canvas.visible())
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
                painter.drawImage(self._canvas.on_canvas(box), image)
                painter.restore()
        if self.brush is not None:
            self._paint_brush(painter, *self.brush)

    def _picture(self, masks: MaskMap) -> tuple[QImage, Box]:
        view = self._canvas.view
        known = (masks, masks.version, view, self.thoroughness)
        if known != self._known:
            left, top, right, bottom = view.visible()
            corners = (*view.to_picture(left, top), *view.to_picture(right, bottom))
            part = masks.part(view.zoom, corners)
            self._known, self._box = known, part.box
            self._image = _picture(part.marked(self.thoroughness), part.kept > 0)
        return self._image, self._box

    def _paint_brush(self, painter: QPainter, at: QPointF, radius: float) -> None:
        palette = self._canvas.palette()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for role, width in ((QPalette.ColorRole.Shadow, 3.0), (QPalette.ColorRole.BrightText, 1.4)):
            painter.setPen(QPen(palette.color(role), width))
            painter.drawEllipse(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius))
        painter.restore()


def _picture(marked: np.ndarray, kept: np.ndarray) -> QImage:
    """Both (h, w) bool; the picture has a pixel a cell."""
    height, width = marked.shape
    if not height or not width:
        return QImage()
    classes = np.zeros((height, -(-width // 4) * 4), np.uint8)  # lines of a QImage begin on 4 bytes
    classes[:, :width] = np.where(kept, np.uint8(2), marked.astype(np.uint8))
    image = QImage(classes.data, width, height, classes.strides[0], QImage.Format.Format_Indexed8)
    image.setColorTable([0, *(colour(of).rgba() for of in (MARKED, PROTECTED))])
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def colour(of: tuple[int, int, int], opacity: float = OPACITY) -> QColor:
    """As it lies over the photo."""
    shown = QColor(*of)
    shown.setAlphaF(opacity)
    return shown
