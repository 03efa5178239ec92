"""What was put in the place of damage, on its way into a result's file and back.

In: a result's `FilledPixels`. Out: arrays in the order in which the file has them; from their number the same
again. What is read may be damaged or made to harm: a number out of range raises ValueError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from restorer.damage.filled_pixels import FilledPixels

MOST_PLACES = 2**40


def mended_arrays(mended: FilledPixels | None) -> list[np.ndarray]:
    """All there is, in the order of the file."""
    return [] if mended is None else [mended.places, mended.pixels]


def mended_without_pixels(mended: FilledPixels | None) -> FilledPixels | None:
    """The same shapes and types, in next to no memory."""
    return None if mended is None else _shapes(len(mended.places), mended.pixels[:1])


def mended_with_room(mended: FilledPixels | None) -> FilledPixels | None:
    """Of `mended_without_pixels`, to be read into."""
    import numpy as np

    from restorer.damage.filled_pixels import FilledPixels

    if mended is None:
        return None
    places = np.empty(mended.places.shape, np.int64)
    return FilledPixels(places, np.empty(mended.pixels.shape, mended.pixels.dtype))


def mended_from(number: Any, point: np.ndarray) -> FilledPixels | None:
    """As `mended_without_pixels`. number: of the pixels, or None. point: a pixel of the result, (1, 1,
    channels). Raises ValueError."""
    if number is None:
        return None
    if type(number) is not int or not 0 < number <= MOST_PLACES:
        raise ValueError("no number of pixels")
    return _shapes(number, point[0])


def _shapes(number: int, pixel: np.ndarray) -> FilledPixels:
    """pixel: (1, channels)."""
    import numpy as np

    from restorer.damage.filled_pixels import FilledPixels

    places = np.broadcast_to(np.zeros(1, np.int64), (number,))
    return FilledPixels(places, np.broadcast_to(np.zeros_like(pixel), (number, pixel.shape[1])))
