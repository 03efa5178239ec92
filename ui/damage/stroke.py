"""A stroke of the brush, as far as it is drawn.

In: bits of `ui.model.marked_damage`, points of the photo. Out: the bits after the stroke, and what it changed
as small tiles, so that a long list of strokes stays small in memory. No widget.
"""

from __future__ import annotations

import math
from enum import Enum

import numpy as np

from ui.damage.mask_map import Box
from ui.model.marked_damage import ADDED, ERASED, PROTECTED

__all__ = ["Brush", "Stroke", "Tiles", "changed_box", "with_tiles"]

TILE = 256
Tiles = dict[tuple[int, int], np.ndarray]
"""By (row, column) of the tile: its bits."""


class Brush(Enum):
    """What a stroke says. ERASE takes marks away, be they found or added, and protection too."""

    ADD = "add"
    ERASE = "erase"
    PROTECT = "protect"


class Stroke:
    """said: (H, W) uint8, a copy that is drawn into. radius: in pixels of the photo, at least 0.5."""

    def __init__(self, said: np.ndarray, brush: Brush, radius: float) -> None:
        self.said, self.brush, self._radius = said.copy(), brush, max(0.5, radius)
        self._at: tuple[float, float] | None = None
        self.before: Tiles = {}

    def to(self, x: float, y: float) -> Box:
        """Draw on to a point; returns the box that may have changed, which is empty outside of the photo."""
        start = self._at or (x, y)
        self._at = x, y
        height, width = self.said.shape
        reach = self._radius + 1
        left, right = (
            min(max(round(edge), 0), width) for edge in (min(x, start[0]) - reach, max(x, start[0]) + reach)
        )
        top, bottom = (
            min(max(round(edge), 0), height) for edge in (min(y, start[1]) - reach, max(y, start[1]) + reach)
        )
        if left < right and top < bottom:
            box = left, top, right - left, bottom - top
            self._remember(box)
            part = self.said[top:bottom, left:right]
            _say(part, self.brush, _near(box, start, (x, y), self._radius))
            return box
        return 0, 0, 0, 0

    def _remember(self, box: Box) -> None:
        for row in range(box[1] // TILE, (box[1] + box[3] - 1) // TILE + 1):
            for column in range(box[0] // TILE, (box[0] + box[2] - 1) // TILE + 1):
                if (row, column) not in self.before:
                    self.before[row, column] = _tile(self.said, (row, column)).copy()

    def after(self) -> Tiles:
        """The tiles of `before` as they are now."""
        return {place: _tile(self.said, place).copy() for place in self.before}


def with_tiles(said: np.ndarray, tiles: Tiles) -> np.ndarray:
    """The bits with other tiles."""
    said = said.copy()
    for place, tile in tiles.items():
        _tile(said, place)[...] = tile
    return said


def changed_box(tiles: Tiles, size: tuple[int, int]) -> Box:
    """The box of the photo of `size` that the tiles lie in."""
    rows, columns = zip(*tiles, strict=True)
    left, top = min(columns) * TILE, min(rows) * TILE
    right, bottom = min(size[0], (max(columns) + 1) * TILE), min(size[1], (max(rows) + 1) * TILE)
    return left, top, right - left, bottom - top


def _tile(said: np.ndarray, place: tuple[int, int]) -> np.ndarray:
    row, column = place
    return said[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]


def _near(box: Box, start: tuple[float, float], end: tuple[float, float], radius: float) -> np.ndarray:
    """(h, w) bool: pixels of the box whose middle lies within the radius of the line."""
    across = np.arange(box[0], box[0] + box[2], dtype=np.float32) + np.float32(0.5 - start[0])
    down = (np.arange(box[1], box[1] + box[3], dtype=np.float32) + np.float32(0.5 - start[1]))[:, None]
    way = end[0] - start[0], end[1] - start[1]
    length = math.hypot(*way)
    if length == 0:
        return np.asarray(across**2 + down**2 <= radius**2)
    along = ((across * way[0] + down * way[1]) / length**2).clip(0, 1)
    return np.asarray((across - along * way[0]) ** 2 + (down - along * way[1]) ** 2 <= radius**2)


def _say(part: np.ndarray, brush: Brush, where: np.ndarray) -> None:
    if brush is Brush.ADD:
        part[where] = (part[where] & np.uint8(255 - ERASED)) | np.uint8(ADDED)
    elif brush is Brush.ERASE:
        part[where] = ERASED
    else:
        part[where] |= np.uint8(PROTECTED)
