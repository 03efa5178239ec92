"""A mask at the sizes that a screen shows, so that a slider moves it at once, at 24 megapixels too.

In: confidences and bits of `ui.model.marked_damage`. Out: for a zoom and a part of the photo two small
arrays: how sure it is damage, and whether it is protected. Each level has a cell for 2 x 2 of the one before,
with the larger value, so that a thin scratch is seen in a small picture. No widget.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from restorer.damage.mask import least_confidence
from ui.model.marked_damage import ADDED, ERASED, PROTECTED

__all__ = ["Box", "MaskMap", "MaskPart", "share_of"]

Box = tuple[int, int, int, int]
SMALLEST = 256
"""Cells of a level's longer side below which there is no smaller one."""
COUNTED = 1_000_000
"""Pixels that are looked at to tell how much is marked."""


@dataclass(frozen=True, eq=False)
class MaskPart:
    """A part of a level. box: (left, top, width, height) in pixels of the photo that it covers. sure: (h, w)
    uint8, 255 where a person added. kept: (h, w) uint8, not 0 where the photo is protected. unit: pixels of a
    cell's side."""

    box: Box
    sure: np.ndarray
    kept: np.ndarray
    unit: int

    def marked(self, thoroughness: float) -> np.ndarray:
        """(h, w) bool."""
        return np.asarray((self.sure >= least_confidence(thoroughness)) & (self.kept == 0))


class MaskMap:
    """All levels of one mask. version: another number after each change."""

    def __init__(self, found: np.ndarray, said: np.ndarray) -> None:
        self.version = 0
        self.size = found.shape[1], found.shape[0]
        self._levels = [_level(found, said)]
        while max(self._levels[-1][0].shape) > SMALLEST:
            sure, kept = self._levels[-1]
            self._levels.append((_halved(sure), _halved(kept)))

    def update(self, found: np.ndarray, said: np.ndarray, box: Box) -> None:
        """The mask has changed in a box of the photo."""
        self.version += 1
        left, top, right, bottom = box[0], box[1], box[0] + box[2], box[1] + box[3]
        here = slice(top, bottom), slice(left, right)
        for plane, new in zip(self._levels[0], _level(found[here], said[here]), strict=True):
            plane[here] = new
        for before, level in zip(self._levels, self._levels[1:], strict=False):
            left, top, right, bottom = left // 2, top // 2, -(-right // 2), -(-bottom // 2)
            here = slice(top, bottom), slice(left, right)
            for fine, plane in zip(before, level, strict=True):
                plane[here] = _halved(fine[2 * top : 2 * bottom, 2 * left : 2 * right])

    def part(self, zoom: float, box: tuple[float, float, float, float] | None = None) -> MaskPart:
        """What a view shows. zoom: pixels of the screen for one of the photo. box: (left, top, right, bottom)
        in pixels of the photo; all of it if None."""
        number = min(max(0, math.floor(-math.log2(zoom))), len(self._levels) - 1)
        unit = 2**number
        sure, kept = self._levels[number]
        left, top, right, bottom = box or (0, 0, *self.size)
        first = max(0, math.floor(left / unit)), max(0, math.floor(top / unit))
        last = math.ceil(right / unit), math.ceil(bottom / unit)
        here = slice(first[1], max(first[1], last[1])), slice(first[0], max(first[0], last[0]))
        part = sure[here]
        covered = first[0] * unit, first[1] * unit, part.shape[1] * unit, part.shape[0] * unit
        return MaskPart(covered, part, kept[here], unit)

    def share(self, thoroughness: float) -> float:
        """About how much of the photo is marked, from 0 to 1."""
        return _share(*self._levels[0], thoroughness)

    def small(self, side: int) -> MaskPart:
        """All of it, with about `side` cells on the longer side."""
        return self.part(side / max(self.size))


def share_of(found: np.ndarray, said: np.ndarray, thoroughness: float) -> float:
    """As `MaskMap.share`, without a map."""
    step = _step(found)
    return _share(*_level(found[::step, ::step], said[::step, ::step]), thoroughness)


def _step(plane: np.ndarray) -> int:
    """Of so many rows and columns one is counted."""
    return max(1, math.ceil(math.sqrt(plane.size / COUNTED)))


def _share(sure: np.ndarray, kept: np.ndarray, thoroughness: float) -> float:
    step = _step(sure)
    marked = (sure[::step, ::step] >= least_confidence(thoroughness)) & (kept[::step, ::step] == 0)
    return float(marked.mean())


def _level(found: np.ndarray, said: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    sure = np.where(said & (ADDED | ERASED), np.where(said & ADDED, np.uint8(255), np.uint8(0)), found)
    return sure, said & np.uint8(PROTECTED)


def _halved(plane: np.ndarray) -> np.ndarray:
    """(h, w) to (ceil(h / 2), ceil(w / 2)), the largest of four."""
    rows, columns = plane.shape
    plane = np.pad(plane, ((0, rows % 2), (0, columns % 2)))
    across = np.maximum(plane[:, ::2], plane[:, 1::2])
    return np.asarray(np.maximum(across[::2], across[1::2]))
