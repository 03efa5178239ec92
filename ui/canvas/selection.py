"""The rubber band: a rectangle dragged over the picture.

In: picture points where the drag begins and goes. Out: the box between them, kept on the picture, in whole
pixels of the photo. No widget here; the canvas feeds it and paints it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]
Box = tuple[int, int, int, int]

LEAST = 4  # photo pixels; a smaller drag was a click
MOST_OF_SIDE = 0.35  # a region chosen without a drag, as a part of what is in view


@dataclass(frozen=True)
class RubberBand:
    """A drag from `start` to `end`, in pixels of the picture shown, which has `size` of them."""

    start: Point
    end: Point
    size: Point

    def to(self, point: Point) -> RubberBand:
        return RubberBand(self.start, point, self.size)

    @property
    def shape(self) -> tuple[float, float, float, float]:
        """(left, top, width, height) on the picture."""
        left, right = sorted(min(max(x, 0.0), self.size[0]) for x in (self.start[0], self.end[0]))
        top, bottom = sorted(min(max(y, 0.0), self.size[1]) for y in (self.start[1], self.end[1]))
        return left, top, right - left, bottom - top

    def box(self, photo: tuple[int, int]) -> Box | None:
        """In pixels of the photo, of which the picture may show an enlargement; None for a mere click."""
        across, down = photo[0] / self.size[0], photo[1] / self.size[1]
        left, top, width, height = self.shape
        x0, y0 = math.floor(left * across), math.floor(top * down)
        x1, y1 = math.ceil((left + width) * across), math.ceil((top + height) * down)
        x1, y1 = min(x1, photo[0]), min(y1, photo[1])
        if x1 - x0 < LEAST or y1 - y0 < LEAST:
            return None
        return x0, y0, x1 - x0, y1 - y0


def middle(seen: tuple[float, float, float, float], size: Point) -> RubberBand:
    """The middle of what is in view, for those who do not drag; `seen` is (left, top, right, bottom)."""
    x, y = (seen[0] + seen[2]) / 2, (seen[1] + seen[3]) / 2
    half = MOST_OF_SIDE * min(seen[2] - seen[0], seen[3] - seen[1]) / 2
    return RubberBand((x - half, y - half), (x + half, y + half), size)
