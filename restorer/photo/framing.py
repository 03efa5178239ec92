"""Where to crop and how far to turn: pure geometry for the desk's tools.

In: sizes, ratios and points. Out: a `Crop` or the degrees of a `Straighten`. Points have y downwards, as
pictures have it.
"""

from __future__ import annotations

import math

from restorer.photo.edits import Crop

__all__ = ["PRINTS", "RATIOS", "largest_crop", "print_dpi", "straightening"]

PRINTS: dict[str, tuple[float, float]] = {"10x15": (15.0, 10.0), "13x18": (18.0, 13.0), "A4": (29.7, 21.0)}
"""Centimetres of prints, longer side first."""
RATIOS: dict[str, float | None] = {
    "free": None,
    "1:1": 1.0,
    "4:3": 4 / 3,
    "3:2": 3 / 2,
    **{name: long / short for name, (long, short) in PRINTS.items()},
}
"""Longer side by shorter side; None where any will do."""


def largest_crop(
    size: tuple[int, int],
    ratio: float | None,
    centre: tuple[float, float] = (0.5, 0.5),
    upright: bool | None = None,
) -> Crop:
    """The largest box of a ratio whose middle is `centre`, in a picture of `size` = (width, height) pixels.

    ratio: longer side by shorter side, at least 1; None keeps the picture's own. centre: in [0, 1]. upright:
    whether the box is higher than wide; None as the picture is. Raises ValueError outside of these.
    """
    if ratio is not None and not 1.0 <= ratio < math.inf:
        raise ValueError(f"a ratio is the longer side by the shorter one, not {ratio}")
    if not all(0.0 < each < 1.0 for each in centre):
        raise ValueError(f"the middle must lie within the picture, not at {centre}")
    width, height = size
    across, down = (2 * min(middle, 1 - middle) for middle in centre)  # most that fits, of the picture's
    if ratio is None:
        wide = high = min(across, down)
    else:
        upright = height > width if upright is None else upright
        wanted = 1 / ratio if upright else ratio
        pixels = min(across * width, down * height * wanted)
        wide, high = pixels / width, pixels / wanted / height
    return Crop(max(0.0, centre[0] - wide / 2), max(0.0, centre[1] - high / 2), wide, high)


def print_dpi(size: tuple[int, int], print_: tuple[float, float]) -> float:
    """Pixels an inch that a picture of `size` pixels has on a print of these centimetres, on the side that
    has fewer; 300 is as sharp as paper shows."""
    longer, shorter = max(size), min(size)
    return min(longer / max(print_), shorter / min(print_)) * 2.54


def straightening(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Degrees, for `Straighten`, that make a line along a horizon level, or one along a wall upright,
    whichever is nearer; in [-45, 45]. The line's direction does not matter. Raises ValueError where it has no
    length."""
    across, down = end[0] - start[0], end[1] - start[1]
    if across == 0 and down == 0:
        raise ValueError("a line needs two points")
    angle = math.degrees(math.atan2(down, across)) % 90.0  # clockwise, as y goes down
    return -angle if angle <= 45.0 else 90.0 - angle
