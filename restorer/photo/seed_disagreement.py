"""Several seeds of one photo, and where they disagree.

In: the results of runs that differ in their seed alone. Out: a map of how far they differ: where it is small
the photo decided, where it is large the detail was invented (the spread of an ensemble as a measure of
what the data left open).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["MOST", "disagreement", "seeds"]

MOST = 4
BAND = 256  # rows at a time, so that large pictures need little memory


def seeds(first: int, count: int) -> tuple[int, ...]:
    """`count` different seeds, beginning with `first`."""
    return tuple((first + number) % 2**63 for number in range(count))


def disagreement(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Standard deviation over the pictures, in grey levels of 255, of the channel that differs most.

    pictures: two or more (h, w, c) arrays, all uint8 or all uint16. Returns (h, w) float32.
    """
    import numpy as np  # not before: the window asks this module for a number only

    if len(pictures) < 2:
        raise ValueError("one picture cannot disagree")
    height, width = pictures[0].shape[:2]
    unit = np.float32(255 / np.iinfo(pictures[0].dtype).max)
    spread = np.empty((height, width), np.float32)
    for top in range(0, height, BAND):
        rows = np.stack([picture[top : top + BAND] for picture in pictures]).astype(np.float32)
        spread[top : top + BAND] = rows.std(axis=0, ddof=1).max(axis=2) * unit
    return spread
