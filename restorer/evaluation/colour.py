"""Colour difference as people see it: CIEDE2000 between the low frequencies of a result and of its input."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from restorer.evaluation.metrics import Picture, resize_float
from restorer.opencv import opencv

__all__ = ["ciede2000", "colour_drift", "to_lab"]

Floats = NDArray[np.float64]
_WHITE = np.array([0.95047, 1.0, 1.08883])  # D65, 2 degrees
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
PERIOD = 8.0
"""Periods shorter than this many input pixels are filtered away (half of their contrast is left at it)."""


def to_lab(image: NDArray[Any]) -> Floats:
    """sRGB in [0, 1], (..., 3), to CIE L*a*b* under D65 (IEC 61966-2-1, CIE 15)."""
    linear = np.where(image <= 0.04045, image / 12.92, ((image + 0.055) / 1.055) ** 2.4)
    ratio = linear @ _TO_XYZ.T / _WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(first: Floats, second: Floats) -> Floats:
    """CIEDE2000 (CIE 142-2001) of two L*a*b* arrays (..., 3), with the formulas and the order of the
    published test data of Sharma, Wu and Dalal (2005): (...)."""
    l1, a1, b1 = np.moveaxis(first, -1, 0)
    l2, a2, b2 = np.moveaxis(second, -1, 0)
    seventh = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(seventh / (seventh + 25.0**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    turn = (h2 - h1 + 180) % 360 - 180
    turn = np.where((turn == -180) & (h2 > h1), 180.0, turn)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(np.where(grey, 0, turn)) / 2)
    lightness, c = (l1 + l2) / 2, (c1 + c2) / 2
    far = np.abs(h1 - h2) > 180
    h = np.where(grey, h1 + h2, (h1 + h2 + np.where(far, np.where(h1 + h2 < 360, 360, -360), 0)) / 2)
    t = (
        1
        - 0.17 * np.cos(np.radians(h - 30))
        + 0.24 * np.cos(np.radians(2 * h))
        + 0.32 * np.cos(np.radians(3 * h + 6))
        - 0.20 * np.cos(np.radians(4 * h - 63))
    )
    sl = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rotation = (
        -2 * np.sqrt(c**7 / (c**7 + 25.0**7)) * np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2))))
    )
    x, y, z = (l2 - l1) / sl, (c2 - c1) / sc, dh / sh
    return np.asarray(np.sqrt(x**2 + y**2 + z**2 + rotation * y * z))


def colour_drift(result: Picture, low: Picture) -> float:
    """Mean CIEDE2000 between the result, reduced to the input's size, and the input, both with periods below
    PERIOD pixels filtered away by a Gaussian; grain is averaged out, a change of hue is not.

    result: (h * scale, w * scale, 3) uint8; low: (h, w, 3) uint8.
    """
    height, width = low.shape[:2]
    small = resize_float(result / 255.0, width, height, Image.Resampling.BICUBIC)
    # A Gaussian halves a wave of period p at sigma = p sqrt(2 ln 2) / (2 pi).
    sigma = PERIOD * float(np.sqrt(2 * np.log(2))) / (2 * float(np.pi))
    blurred = [opencv().GaussianBlur(each.astype(np.float64), (0, 0), sigma) for each in (small, low / 255.0)]
    lab = [to_lab(each.clip(0, 1)) for each in blurred]
    return float(ciede2000(lab[0], lab[1]).mean())
