"""What a result was made of where its photo was damaged: the pixels that took the place of damage.

In: a photo before and after its damage was filled. Out: the pixels that differ, which go with the result, so
that the photo as the run got it can be had at any time. Strength mixes a result with that one; with the photo
as it was scanned it would bring the damage back. No torch: the window asks this while a slider moves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from restorer.photo import Photo

__all__ = ["FilledPixels"]


@dataclass(frozen=True, eq=False)
class FilledPixels:
    """places: (N,) int64, numbers of pixels, row by row. pixels: (N, channels), in the photo's type."""

    places: np.ndarray
    pixels: np.ndarray

    @classmethod
    def between(cls, before: Photo, after: Photo) -> FilledPixels | None:
        """What differs between a photo and the same photo, filled; None where nothing does."""
        places = np.flatnonzero((before.pixels != after.pixels).any(axis=2))
        return cls(places, after.pixels.reshape(-1, after.pixels.shape[2])[places]) if places.size else None

    def over(self, photo: Photo) -> Photo:
        """The photo with these pixels in it: a copy."""
        pixels = photo.pixels.copy()
        pixels.reshape(-1, pixels.shape[2])[self.places] = self.pixels
        return replace(photo, pixels=pixels)
