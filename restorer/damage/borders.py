"""Borders that are eaten away and torn corners: is it worth cutting them off, and where?

In: what is marked. Out: the largest upright rectangle that nothing marked from the border reaches into."""

from __future__ import annotations

import math

import numpy as np

from restorer.opencv import opencv

__all__ = ["whole_part"]

WIDELY = 0.01
"""Share of the photo's outline that damage covers where it is worth a question; a scratch that runs out of the
picture covers less."""
LEAST_LEFT = 0.5
"""Share of the photo that has to be left, or nobody would want it cut."""
CELLS = 360
"""Cells on the longer side of the map in which the rectangle is looked for."""
Box = tuple[int, int, int, int]


def whole_part(marked: np.ndarray, unit: int = 1, size: tuple[int, int] | None = None) -> Box | None:
    """(left, top, width, height) in pixels of the photo, to which the photo can be cut. None where damage does
    not reach the border widely, or too little would be left.

    marked: (h, w) bool, a map of the photo in which a cell is marked if any of its unit x unit pixels is. size:
    (width, height) of the photo, unit 1 and that of the map if not given.
    """
    cv2 = opencv()
    width, height = size or (marked.shape[1] * unit, marked.shape[0] * unit)
    coarser = max(1, math.ceil(max(marked.shape) / CELLS))
    outline = np.concatenate([marked[0], marked[-1], marked[:, 0], marked[:, -1]])
    if outline.mean() < WIDELY:
        return None
    cells = _reduced(marked, coarser)
    count, labels = cv2.connectedComponents(cells.astype(np.uint8), connectivity=8)
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    reaching = np.zeros(count, np.bool_)
    reaching[edges[edges > 0]] = True
    left, top, wide, high = _largest_free(reaching[labels])
    side = unit * coarser
    box = left * side, top * side, min(width, (left + wide) * side), min(height, (top + high) * side)
    kept = max(0, box[2] - box[0]), max(0, box[3] - box[1])
    if kept[0] * kept[1] < LEAST_LEFT * width * height:
        return None
    return box[0], box[1], *kept


def _reduced(marked: np.ndarray, unit: int) -> np.ndarray:
    """Cells of unit x unit, marked if any pixel in them is."""
    rows, columns = (-(-side // unit) for side in marked.shape)
    padded = np.zeros((rows * unit, columns * unit), np.bool_)
    padded[: marked.shape[0], : marked.shape[1]] = marked
    return np.asarray(padded.reshape(rows, unit, columns, unit).any(axis=(1, 3)))


def _largest_free(taken: np.ndarray) -> Box:
    """The largest rectangle of cells that are not taken: below each row of cells stands a histogram of free
    cells, and a stack finds the largest rectangle in one (as in Vandevoorde, Dr. Dobb's Journal 4/1998)."""
    best, box = 0, (0, 0, 0, 0)
    heights = np.zeros(taken.shape[1], np.int64)
    for row in range(taken.shape[0]):
        heights = np.where(taken[row], 0, heights + 1)
        stack: list[tuple[int, int]] = []  # (first column, height), heights rising
        for column, high in enumerate([*heights.tolist(), 0]):
            first = column
            while stack and stack[-1][1] >= high:
                first, was = stack.pop()
                if was * (column - first) > best:
                    best = was * (column - first)
                    box = first, row - was + 1, column - first, was
            stack.append((first, high))
    return box
