"""A contact sheet: pictures of one size in a grid."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from restorer.photo import Photo

__all__ = ["contact_sheet"]

GAP = 4
"""Pixels between two pictures of a contact sheet."""


def contact_sheet(photos: Sequence[Photo]) -> Photo:
    """All pictures, of one size, in a grid that is about as wide as high, on black, in their order.

    photos: at least one; 8 bits, three channels.
    """
    width, height = photos[0].size
    columns = math.ceil(math.sqrt(len(photos)))
    rows = math.ceil(len(photos) / columns)
    sheet = np.zeros((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 3), np.uint8)
    for number, photo in enumerate(photos):
        top, left = number // columns * (height + GAP), number % columns * (width + GAP)
        sheet[top : top + height, left : left + width] = photo.pixels
    return Photo(sheet)
