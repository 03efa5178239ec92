"""Results that no run has made."""

from __future__ import annotations

import numpy as np

from restorer.photo import Photo
from restorer.pipeline.events import Done


def done(photo: Photo, seed: int = 7) -> Done:
    """A result whose figures all differ."""
    return Done(photo, "m", seed, "cpu", 3, 1.5, 0.1, 0.02, {"Seed": seed}, (2, 5))


def noise(shape: tuple[int, ...], kind: type[np.unsignedinteger] = np.uint8) -> np.ndarray:
    """Pixels of all values a kind has."""
    return np.random.default_rng(1).integers(0, np.iinfo(kind).max, shape, kind, endpoint=True)
