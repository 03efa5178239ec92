"""Pictures of a class as files: their names, and a contact sheet of all of them.

In: names of classes, seeds, finished pictures. Out: file names, and one picture of all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from restorer.photo import Photo

__all__ = ["contact_sheet", "origin", "stem", "title"]

GAP = 4
"""Pixels between two pictures of a contact sheet."""


def title(name: str) -> str:
    """The class as a part of a file's name: "great white shark" is great-white-shark; "picture" where there
    is no class."""
    return re.sub(r"[^\w]+", "-", name).strip("-_") or "picture"


def stem(name: str, seed: int) -> str:
    """The name of a picture's file without its suffix: great-white-shark_12."""
    return f"{title(name)}_{seed}"


def origin(name: str, model: str, seed: int) -> str:
    """How a picture came about, for the metadata of what is made of it later."""
    return f"{name or 'a picture'}, invented by {model}, seed {seed}"


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
