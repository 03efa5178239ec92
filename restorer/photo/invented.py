"""How much of a result was invented, told from one result alone.

In: the photo and the result of a run of it. Out: a map, one value a pixel of the photo (or of a smaller
grid), of how far another seed's result would differ, as `disagreement` measures it with two. Two runs
measure; this estimates, at the price of no run.

What a network adds is what is left of the difference between the result and the plain enlargement when all
that the photo could tell is taken away: the difference reduced to the photo's pixels and enlarged again.
Where there is more of it, more was left open. The photo's own detail is the second witness. COEFFICIENTS are
fitted to the disagreement of two seeds.
"""

from __future__ import annotations

import numpy as np

from restorer.opencv import opencv
from restorer.photo.picture import Photo

__all__ = ["MOST_SIDE", "invented"]

MOST_SIDE = 1024
"""Of the map, in pixels."""
COEFFICIENTS = 0.0, 1.0, 0.0
"""Of the logarithm of the map: constant, logarithm of the added detail, logarithm of the photo's detail."""
LEAST = 0.25
"""Grey levels below which detail is rounding."""
_BAND = 128  # rows of the photo at a time, so that temporaries stay small beside the picture
_REACH = 4


def invented(source: Photo, result: Photo) -> np.ndarray:
    """Estimated standard deviation over seeds, in grey levels of 255, (h, w) float32 with the photo's shape,
    or smaller where the photo has more than MOST_SIDE pixels on a side.

    source: as the run got it. result: a whole enlargement of it by 1 or more.
    """
    added, own = features(source, result)
    constant, of_added, of_own = COEFFICIENTS
    logarithm = constant + of_added * np.log(added + LEAST) + of_own * np.log(own + LEAST)
    return np.maximum(0.0, np.exp(logarithm) - LEAST).astype(np.float32)


def features(source: Photo, result: Photo) -> tuple[np.ndarray, np.ndarray]:
    """Detail that was added and detail of the photo's own around each place of the map, root mean squares in
    grey levels, both (h, w) float32. Raises ValueError where the sizes do not fit."""
    cv2 = opencv()
    width, height = source.size
    scale = result.size[0] // width
    if result.size != (width * scale, height * scale):
        raise ValueError(f"{result.size} is no whole enlargement of {source.size}")
    added, own = (np.empty((height, width), np.float32) for _ in range(2))
    for top in range(0, height, _BAND):
        y0, y1 = max(0, top - _REACH), min(height, top + _BAND + _REACH)
        low = _grey_levels(source.pixels[y0:y1])
        made = _grey_levels(result.pixels[y0 * scale : y1 * scale])
        size = made.shape[1], made.shape[0]
        if scale > 1:
            difference = made - cv2.resize(low, size, interpolation=cv2.INTER_CUBIC).reshape(made.shape)
            seen = cv2.resize(difference, (width, y1 - y0), interpolation=cv2.INTER_AREA)
            difference -= cv2.resize(seen, size, interpolation=cv2.INTER_CUBIC).reshape(made.shape)
        else:
            difference = made - low
        power = np.square(difference).max(axis=2)
        power = cv2.resize(power, (width, y1 - y0), interpolation=cv2.INTER_AREA)
        calm = low - cv2.GaussianBlur(low, (0, 0), 1.0).reshape(low.shape)
        detail = np.square(calm).max(axis=2)
        rows = slice(top - y0, min(top + _BAND, height) - y0)
        added[top : top + _BAND] = np.sqrt(cv2.blur(power, (3, 3)))[rows]
        own[top : top + _BAND] = np.sqrt(cv2.blur(detail, (5, 5)))[rows]
    longest = max(width, height)
    if longest > MOST_SIDE:
        size = max(1, width * MOST_SIDE // longest), max(1, height * MOST_SIDE // longest)
        added = np.asarray(cv2.resize(added, size, interpolation=cv2.INTER_AREA))
        own = np.asarray(cv2.resize(own, size, interpolation=cv2.INTER_AREA))
    return added, own


def _grey_levels(pixels: np.ndarray) -> np.ndarray:
    """(h, w, channels) float32, on a scale of 255."""
    return pixels.astype(np.float32) * np.float32(255 / np.iinfo(pixels.dtype).max)
