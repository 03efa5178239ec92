"""Looks for damage without a network: thin lines and specks that are brighter or darker than all around them.

In: a photo. Out: a mask of confidences. A top-hat transform (Serra, "Image Analysis and Mathematical
Morphology", 1982) takes out what is narrower than damage is wide. What it leaves is measured by what it
leaves in the neighbourhood, so that hair, cloth and leaves, which are full of lines, count for little. It
knows nothing of what photos show: a person has to look at what it marks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from restorer.damage.mask import DamageMask
from restorer.opencv import opencv
from restorer.photo import Photo

__all__ = ["SEARCH", "search_damage"]

SEARCH = "a search for lines and specks"
"""What provenance calls this way of finding."""
WIDTH = 1 / 350
"""Half the width of the widest damage that is looked for, as a share of the photo's longer side."""
AROUND = 8
"""Sides of that width of the neighbourhood that something is measured by."""
FAINTEST = 10.0
"""Grey levels below which nothing counts."""
EVEN, STEEP = 7.5, 0.8
"""Times the neighbourhood's usual strength at which damage is as likely as not, and how fast that changes."""
DARK = 2.0
"""What is dark has to be so many times as strong: photos are full of dark lines, and scratches are bright."""
LEAST_AREA = 6
"""Pixels of the smallest speck."""


def search_damage(photo: Photo, told: Callable[[float], None] | None = None) -> DamageMask:
    """What may be damage, at the photo's own size. told: is called with the share that is done."""
    cv2 = opencv()
    pixels = photo.pixels if photo.bits == 8 else (photo.pixels >> 8).astype(np.uint8)
    grey = pixels[..., 0] if photo.grey else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8))
    width = 2 * max(2, round(max(photo.size) * WIDTH)) + 1
    kernel = np.ones((width, width), np.uint8)
    around = AROUND * width, AROUND * width
    found = np.zeros(grey.shape, np.uint8)
    for number, (how, factor) in enumerate(((cv2.MORPH_TOPHAT, 1.0), (cv2.MORPH_BLACKHAT, DARK)), start=1):
        left = np.asarray(cv2.morphologyEx(grey, how, kernel))
        usual = np.asarray(cv2.blur(left.astype(np.float32), around))
        times = left / (factor * (usual + np.float32(FAINTEST / EVEN)))
        odds = (times - np.float32(EVEN)) * np.float32(STEEP)
        confidence = np.where(left >= FAINTEST, np.float32(255) / (1 + np.exp(-odds)), 0)
        np.maximum(found, confidence.round().astype(np.uint8), out=found)
        if told is not None:
            told(number / 2)
    return DamageMask.of(_without_specks(found))


def _without_specks(found: np.ndarray) -> np.ndarray:
    """Confidences without what is smaller than the smallest speck."""
    cv2 = opencv()
    _, labels, stats, _ = cv2.connectedComponentsWithStats((found >= 64).astype(np.uint8), connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] < LEAST_AREA
    small[0] = True
    return np.where(small[labels], 0, found).astype(np.uint8)
