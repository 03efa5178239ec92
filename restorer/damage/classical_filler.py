"""Fills damage without a network: smooth colours from its rim, and the grain of its surroundings over them.

In: a photo, and what of it is marked. Out: the photo with only that replaced, the rest to the bit. Colours
are those of Telea's fast marching (2004) as OpenCV has it. They are too smooth, so grain is put back: what a
blur takes from a neighbouring place of like brightness, chosen by chance, so that another seed gives another
filling. It does for scratches, hairs and dust. Into wide holes it draws streaks: it knows nothing of what
photos show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from restorer.errors import RequestError
from restorer.opencv import opencv
from restorer.photo import Photo

__all__ = ["NAME", "check_marked", "fill_classically", "smoothly_filled"]

NAME = "classical (Telea and grain)"
"""What provenance calls this way of filling."""
RIM = 2
"""Pixels around what is marked that are not looked at: damage is softer than its mask."""
RADIUS = 4
"""Pixels that a colour is mixed of."""
FINE = 1.2
"""Pixels of the blur that tells grain from what it lies on."""
TRIES = 24
"""Places that grain is looked for, for each hole."""
PIECE = 96
"""Longest side of what takes its grain from one place; a long scratch takes it from several."""


def fill_classically(photo: Photo, marked: np.ndarray, seed: int = 0) -> Photo:
    """The photo with what is marked, (H, W) bool, filled. seed: for another filling.

    Raises RequestError if the mask leaves nothing to fill from, ValueError if it has another size.
    """
    check_marked(photo, marked)
    if not marked.any():
        return photo
    wide = _with_rim(marked)
    top = np.float32(65535 if photo.bits == 16 else 255)
    plain = photo.spread().pixels.astype(np.float32) / top
    smooth = smoothly_filled(plain, marked)
    filled = smooth + _grain(smooth, wide, np.random.default_rng(seed))
    pixels = photo.pixels.copy()
    pixels[marked] = np.rint(np.clip(filled[marked], 0, 1) * top).astype(pixels.dtype)
    return replace(photo, pixels=pixels)


def check_marked(photo: Photo, marked: np.ndarray) -> None:
    """Raise ValueError if what is marked does not have the photo's size, RequestError if it leaves
    nothing."""
    if marked.shape != photo.pixels.shape[:2]:
        raise ValueError(f"what is marked, {marked.shape}, does not fit a photo of {photo.pixels.shape}")
    if _with_rim(marked).all():
        raise RequestError(
            f"The mask marks all of {photo.name}, so there is nothing to fill it from; mark less."
        )


def smoothly_filled(picture: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """The colours alone, without grain: (H, W, C) float32 in [0, 1]. What lies around what is marked changes
    too, by the width of a rim. What is marked, and its rim, must leave something."""
    holes = _with_rim(marked)
    return np.dstack([_inpainted(picture[..., channel], holes) for channel in range(picture.shape[2])])


def _with_rim(marked: np.ndarray) -> np.ndarray:
    kernel = np.ones((2 * RIM + 1, 2 * RIM + 1), np.uint8)
    return np.asarray(opencv().dilate(marked.astype(np.uint8), kernel))


def _inpainted(plane: np.ndarray, holes: np.ndarray) -> np.ndarray:
    """(H, W) float32 with its holes, (H, W) uint8, filled from their rim."""
    cv2 = opencv()
    rows, columns = _around(holes, 4 * RADIUS)
    result = plane.copy()
    # OpenCV adds up to two levels of rounding even to floats, so levels are made small.
    part = plane[rows, columns] * np.float32(65535)
    result[rows, columns] = cv2.inpaint(part, holes[rows, columns], RADIUS, cv2.INPAINT_TELEA) / 65535
    return result


def _around(holes: np.ndarray, margin: int) -> tuple[slice, slice]:
    """Rows and columns of all holes, and a margin where there is one."""
    left, top, width, height = opencv().boundingRect(holes)
    return (
        slice(max(0, top - margin), top + height + margin),
        slice(max(0, left - margin), left + width + margin),
    )


def _grain(smooth: np.ndarray, holes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """What is added in the holes, (H, W, C) float32: fine detail of places nearby that are whole and about as
    bright. Where there is none, nothing."""
    cv2 = opencv()
    height, width, channels = smooth.shape
    calm = cv2.GaussianBlur(smooth, (0, 0), FINE).reshape(smooth.shape)
    fine, level = smooth - calm, calm.mean(axis=2)
    added = np.zeros_like(smooth)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(holes, connectivity=8)
    for number in range(1, count):
        left, top, wide, high, _ = (int(value) for value in stats[number])
        for upper in range(top, top + high, PIECE):
            for before in range(left, left + wide, PIECE):
                lower, after = min(upper + PIECE, top + high), min(before + PIECE, left + wide)
                here = slice(upper, lower), slice(before, after)
                hole = labels[here] == number
                if not hole.any():
                    continue
                best, source = np.inf, None
                reach = 12 + 2 * max(lower - upper, after - before)
                for down, across in random.integers(-reach, reach + 1, (TRIES, 2)).tolist():
                    if (
                        upper + down < 0
                        or before + across < 0
                        or lower + down > height
                        or after + across > width
                    ):
                        continue
                    there = slice(upper + down, lower + down), slice(before + across, after + across)
                    if holes[there][hole].any():
                        continue
                    detail = float(fine[there][hole].std())
                    unlike = float(np.abs(level[there][hole] - level[here][hole]).mean()) + detail
                    if unlike < best:
                        best, source = unlike, there
                if source is not None:
                    added[here][hole] = fine[source][hole]
    return added.reshape(height, width, channels)
