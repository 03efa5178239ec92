"""Where the picture lies on the canvas: zoom and pan as plain arithmetic, without a screen.

In: the sizes of picture and viewport, and what the person asks for. Out: a new
`Viewport`. All lengths are device pixels and picture pixels, so at zoom 1 one picture
pixel is one pixel of the screen, whatever the screen's scale factor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MOST_ZOOM = 32.0
FIT_AT_MOST = 8.0


@dataclass(frozen=True)
class Viewport:
    """How a picture is looked at.

    picture: (width, height) in picture pixels, at least 1.
    port: (width, height) of the canvas in device pixels.
    zoom: device pixels per picture pixel.
    centre: the picture point shown in the middle of the canvas.
    fitted: the zoom follows the size of the canvas.
    margin: device pixels kept free around a fitted picture.
    """

    picture: tuple[float, float] = (1, 1)
    port: tuple[float, float] = (1, 1)
    zoom: float = 1.0
    centre: tuple[float, float] = (0.5, 0.5)
    fitted: bool = True
    margin: float = 0.0

    @property
    def fit_zoom(self) -> float:
        """The largest zoom at which the whole picture is seen."""
        room = [max(1.0, side - 2 * self.margin) for side in self.port]
        return min(room[0] / self.picture[0], room[1] / self.picture[1], FIT_AT_MOST)

    @property
    def least_zoom(self) -> float:
        return min(self.fit_zoom, 1.0) / 2

    @property
    def origin(self) -> tuple[int, int]:
        """Device position of the picture's upper left corner, on a whole device pixel."""
        return (
            round(self.port[0] / 2 - self.centre[0] * self.zoom),
            round(self.port[1] / 2 - self.centre[1] * self.zoom),
        )

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """The picture point under the device point (x, y)."""
        left, top = self.origin
        return (x - left) / self.zoom, (y - top) / self.zoom

    def visible(self) -> tuple[int, int, int, int]:
        """The part of the canvas that the picture covers: left, top, right, bottom in device pixels."""
        left, top = self.origin
        right = min(self.port[0], left + self.picture[0] * self.zoom)
        bottom = min(self.port[1], top + self.picture[1] * self.zoom)
        return max(0, left), max(0, top), round(right), round(bottom)

    def fit(self) -> Viewport:
        width, height = self.picture
        return replace(self, zoom=self.fit_zoom, centre=(width / 2, height / 2), fitted=True)

    def resized(self, port: tuple[float, float], margin: float | None = None) -> Viewport:
        """The same look on a canvas of another size."""
        view = replace(self, port=port, margin=self.margin if margin is None else margin)
        return view.fit() if view.fitted else view._within_bounds()

    def shows(self, picture: tuple[float, float]) -> Viewport:
        """The same look at the same picture with another number of pixels, e.g. four times as many."""
        factor = picture[0] / self.picture[0]
        view = replace(
            self,
            picture=picture,
            zoom=self.zoom / factor,
            centre=(self.centre[0] * factor, self.centre[1] * picture[1] / self.picture[1]),
        )
        return view.fit() if view.fitted else view._within_bounds()

    def zoomed(self, zoom: float, at: tuple[float, float] | None = None) -> Viewport:
        """Another zoom; the picture point under the device point `at` (else the middle) stays there."""
        zoom = min(max(zoom, self.least_zoom), MOST_ZOOM)
        x, y = at or (self.port[0] / 2, self.port[1] / 2)
        px, py = self.to_picture(x, y)
        centre = (px + (self.port[0] / 2 - x) / zoom, py + (self.port[1] / 2 - y) / zoom)
        return replace(self, zoom=zoom, centre=centre, fitted=False)._within_bounds()

    def panned(self, dx: float, dy: float) -> Viewport:
        """Moved so that the picture travels (dx, dy) device pixels."""
        centre = (self.centre[0] - dx / self.zoom, self.centre[1] - dy / self.zoom)
        return replace(self, centre=centre, fitted=False)._within_bounds()

    def _within_bounds(self) -> Viewport:
        """No empty band on one side while the picture overlaps the other; centred when it is smaller."""

        def along(axis: int) -> float:
            picture, half = self.picture[axis], self.port[axis] / 2 / self.zoom
            if picture <= 2 * half:
                return picture / 2
            return min(max(self.centre[axis], half), picture - half)

        return replace(self, centre=(along(0), along(1)))


View = tuple[tuple[int, int, int, int], int]
"""A box of a picture in its pixels, and how often it is halved."""


def seen(view: Viewport, margin: float = 0.0) -> View:
    """What a view shows of its picture, and how often the picture can be halved for it. The box begins on a
    whole pixel of the halved picture. margin: device pixels around."""
    level = max(0, math.floor(-math.log2(view.zoom)))
    unit = 2**level
    left, top, right, bottom = view.visible()
    first, last = (
        view.to_picture(left - margin, top - margin),
        view.to_picture(right + margin, bottom + margin),
    )
    width, height = int(view.picture[0]), int(view.picture[1])
    x, y = (max(0, math.floor(side / unit) * unit) for side in first)
    x1, y1 = (math.ceil(side / unit) * unit for side in last)
    x, y = min(x, (width - 1) // unit * unit), min(y, (height - 1) // unit * unit)
    return (x, y, max(1, min(width, x1) - x), max(1, min(height, y1) - y)), level
