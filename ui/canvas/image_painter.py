"""Paints pictures: the exposed part alone, from the pyramid's level that fits.

In: a painter in logical pixels, a pyramid, a view of it in device pixels, and where on the canvas the
view's port begins. Out: pixels. The cost depends on the screen, not on the picture. At 100 % one picture
pixel is one device pixel, copied unchanged; from 300 % on pixels are shown as squares.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from ui.canvas.viewport import MOST_ZOOM, Viewport

if TYPE_CHECKING:
    from ui.canvas.pane_layout import Cell
    from ui.imaging.pyramid import Pyramid

SQUARES_FROM = 3.0  # zoom from which single pixels are shown as squares
LOUPE_TIMES = 3.0
LOUPE_LEAST = 2.0
TOO_FINE = 4.0  # pixels of a part for one of the screen


def paint_picture(
    painter: QPainter,
    part: QRectF,
    picture: Pyramid,
    view: Viewport,
    ratio: float,
    corner: tuple[float, float] = (0, 0),
    box: tuple[float, float, float, float] | None = None,
    squares: bool = True,
) -> None:
    """The picture as far as it lies under `part` of the canvas (logical pixels).

    ratio: device pixels per logical pixel. corner: device position of the view's port. box: the part of the
    viewed picture that `picture` stands for, in its pixels; all of it if None. squares: whether single pixels
    are shown as such where there is room for it.
    """
    if part.isEmpty():
        return
    whole = box or (0, 0, *view.picture)
    level = picture.level_for(view.zoom * whole[2] / picture.size[0])
    across = whole[2] * view.zoom / level.width()  # device pixels per pixel of the level
    down = whole[3] * view.zoom / level.height()
    left = view.origin[0] + corner[0] + whole[0] * view.zoom
    top = view.origin[1] + corner[1] + whole[1] * view.zoom
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
    smooth = across != 1.0 and (not squares or across < SQUARES_FROM or level.width() < picture.size[0])
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(target, level, source)
    painter.restore()
    for finer in picture.parts if box is None else ():
        # Of a part that is much too fine, as the loupe's is for the canvas, smoothing would lose pixels.
        if (
            len(finer.picture.levels) > 1
            or finer.picture.levels[0].width() < TOO_FINE * view.zoom * finer.box[2]
        ):
            paint_picture(painter, part, finer.picture, view, ratio, corner, finer.box, squares)


def loupe_cells(
    count: int, pointer: tuple[float, float], canvas: tuple[float, float], side: int, gap: int
) -> tuple[Cell, ...]:
    """Squares in a row, one a picture, centred on a device point and kept on the canvas."""
    width = count * side + (count - 1) * gap
    left = min(max(0.0, pointer[0] - width / 2), max(0.0, canvas[0] - width))
    top = min(max(0.0, pointer[1] - side / 2), max(0.0, canvas[1] - side))
    return tuple((round(left) + n * (side + gap), round(top), side, side) for n in range(count))


def loupe_view(view: Viewport, point: tuple[float, float], side: int) -> Viewport:
    """The picture around a picture point, several times as large as on the canvas."""
    zoom = min(max(LOUPE_LEAST, view.zoom * LOUPE_TIMES), MOST_ZOOM)
    # On the middle of a pixel, so that the two halves of a comparison begin with the same one.
    middle = (math.floor(point[0]) + 0.5, math.floor(point[1]) + 0.5)
    return replace(view, port=(side, side), zoom=zoom, centre=middle, fitted=False)
