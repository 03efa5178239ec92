"""What a study shows: kinds of pictures, and one pair of them. No torch here, for the window asks first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["StudyPair", "Subject"]


class Subject(str, Enum):
    """What the pictures show."""

    PHOTOS = "photos"
    FACES = "faces"


@dataclass(frozen=True, eq=False)
class StudyPair:
    """An original, and what a network made of a small copy of it.

    name: of the original's file. camera, made: (side, side, 3) uint8, sRGB. given: (s, s, 3) uint8, the small
    copy that the network saw. model, sha256: of the network.
    """

    name: str
    camera: np.ndarray
    made: np.ndarray
    given: np.ndarray
    model: str
    sha256: str
