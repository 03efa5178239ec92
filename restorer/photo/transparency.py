"""Alpha and the colours under it, made ready for another size.

What comes in: pixels (H, W, C) and alpha (H, W), uint8 or uint16. What goes out: pixels whose colours reach
under what is clear, and alpha of a larger size without rings.

Colours are spread by averages over ever coarser grids: down, each cell is the mean of its four, weighed by
how much of each can be seen; up, a cell in which nothing can be seen takes what the grid above has there.

Source: S. Gortler et al., "The Lumigraph" (1996), section 3.5 (push and pull).
"""

from __future__ import annotations

import numpy as np

from restorer.opencv import opencv

_BAND = 512  # rows at a time, so that temporaries stay small beside the picture; even
_BAND_PIXELS = 1 << 20


def spread(pixels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The pixels with other colours where alpha is 0, and the same everywhere else.

    Something must be visible.
    """
    coarse = _filled(*_first_grid(pixels, alpha))
    cv2 = opencv()
    height, width = alpha.shape
    out = pixels.copy()
    for top in range(0, height, _BAND):
        clear = alpha[top : top + _BAND] == 0
        if not clear.any():
            continue
        rows = clear.shape[0]
        # Two rows of the grid more on each side, so that bands meet.
        first, last = max(0, top // 2 - 2), min(coarse.shape[0], (top + rows + 1) // 2 + 2)
        part = coarse[first:last]
        part = cv2.resize(part, (2 * part.shape[1], 2 * part.shape[0]), interpolation=cv2.INTER_LINEAR)
        part = part.reshape(part.shape[0], part.shape[1], -1)
        part = part[top - 2 * first : top - 2 * first + rows, :width]
        out[top : top + rows][clear] = np.rint(part[clear]).astype(pixels.dtype)
    return out


def enlarged(alpha: np.ndarray, width: int, height: int) -> np.ndarray:
    """Alpha (H, W) at a larger size, by straight lines between the middles of pixels: nothing rings.

    What was clear stays clear: the line down to a clear pixel ends at its edge, not in its middle.
    """
    clear = np.equal(alpha, 0)
    partly = bool(clear.any())
    left, right, across = _places(width, alpha.shape[1])
    out = np.empty((height, width), alpha.dtype)
    nearest = np.where(across < 0.5, left, right)
    for top in range(0, height, _BAND):
        up, low, down = (part[top : top + _BAND] for part in _places(height, alpha.shape[0]))

        def between(
            plane: np.ndarray, up: np.ndarray = up, low: np.ndarray = low, at: np.ndarray = down
        ) -> np.ndarray:
            rows = plane[up] * (1 - at[:, None]) + plane[low] * at[:, None]
            return np.asarray(rows[:, left] * (1 - across) + rows[:, right] * across)

        band = between(alpha)
        if partly:
            band *= np.clip(1 - 2 * between(clear), 0, 1)
            band[clear[np.where(down < 0.5, up, low)][:, nearest]] = 0
        out[top : top + _BAND] = np.rint(band).astype(alpha.dtype)
    return out


def divided(pixels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The colours, (H, W, C), without the alpha that was multiplied into them; black where all is clear."""
    top = np.uint64(np.iinfo(pixels.dtype).max)
    out = np.empty_like(pixels)
    width = max(1, pixels.shape[1])
    step = max(1, _BAND_PIXELS // width)
    for row in range(0, len(pixels), step):
        for left in range(0, width, _BAND_PIXELS):  # a picture may be one row high
            place = np.s_[row : row + step, left : left + _BAND_PIXELS]
            whole = np.maximum(alpha[place], 1)[:, :, None].astype(np.uint64)
            out[place] = np.minimum((pixels[place] * top + whole // 2) // whole, top).astype(pixels.dtype)
    return out


def _places(new: int, old: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each of `new` places the two of `old` around it, and how far it lies on the way to the second."""
    place = np.clip((np.arange(new) + 0.5) * (old / new) - 0.5, 0, old - 1)
    first = np.floor(place).astype(int)
    return first, np.minimum(first + 1, old - 1), (place - first).astype(np.float32)


def _first_grid(pixels: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Half the size: mean colours, and how much can be seen of each cell."""
    height, width, channels = pixels.shape
    size = (height + 1) // 2, (width + 1) // 2
    colours, seen = np.empty((*size, channels), np.float32), np.empty(size, np.float32)
    scale = np.float32(1 / np.iinfo(alpha.dtype).max)
    for top in range(0, height, _BAND):
        rows = slice(top // 2, (min(top + _BAND, height) + 1) // 2)
        band = pixels[top : top + _BAND].astype(np.float32), alpha[top : top + _BAND] * scale
        colours[rows], seen[rows] = _halved(*band)
    return colours, seen


def _halved(colours: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    odd = seen.shape[0] % 2, seen.shape[1] % 2
    weights = np.pad(seen, ((0, odd[0]), (0, odd[1])))
    sums = np.pad(colours * seen[:, :, None], ((0, odd[0]), (0, odd[1]), (0, 0)))
    sums = sums[0::2] + sums[1::2]
    sums = sums[:, 0::2] + sums[:, 1::2]
    weights = weights[0::2] + weights[1::2]
    weights = weights[:, 0::2] + weights[:, 1::2]
    means = sums / np.where(weights > 0, weights, 1)[:, :, None]
    return means, np.minimum(weights, 1)


def _filled(colours: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The grid with colours in every cell."""
    empty = seen == 0
    if not empty.any():
        return colours
    above = _filled(*_halved(colours, seen))
    cv2 = opencv()
    size = 2 * above.shape[1], 2 * above.shape[0]
    above = cv2.resize(above, size, interpolation=cv2.INTER_LINEAR).reshape(size[1], size[0], -1)
    colours[empty] = above[: seen.shape[0], : seen.shape[1]][empty]
    return colours
