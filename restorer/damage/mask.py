"""Where a photo is damaged: what a network found, and what a person made of it.

In: confidences of a finding network, strokes of a brush, mask files. Out: the pixels that are to be filled.
A mask has the size of the photo as it was scanned, and is a value: every change gives a new one, which shares
the planes that stayed, so that a history of them is small.

A mask is kept as a PNG with three channels: red is what was found, 0 to 255; green is 255 where a person
added; blue has 128 where the photo is protected and 64 where a person erased. A text `RestorerDamageMask`
tells such a file from any other picture, of which what is bright is marked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import numpy as np
from PIL import Image

from restorer.errors import PhotoError, RequestError
from restorer.photo import read_photo
from restorer.photo.formats.png import write_png
from restorer.photo.picture import Photo
from restorer.photo.writing import beside
from restorer.text import shown

__all__ = ["CAUTIOUS", "USUAL", "DamageMask", "Touch", "least_confidence", "read_mask", "write_mask"]

USUAL = 0.5
"""Thoroughness that marks what is rather damage than not."""
CAUTIOUS = 0.2
"""Thoroughness for photos that nobody looks at one by one."""
SUREST = 0.95
"""Confidence that is asked for at thoroughness 0; at 1 it is as far from certainty on the other side."""
KEYWORD, VERSION = "RestorerDamageMask", "1"
PROTECTED, ERASED = 128, 64


class Touch(Enum):
    """What a stroke does. ADD and ERASE undo each other; RELEASE takes protection away."""

    ADD = "add"
    ERASE = "erase"
    PROTECT = "protect"
    RELEASE = "release"


def least_confidence(thoroughness: float) -> int:
    """The least confidence, 1 to 255, that counts as damage. thoroughness: 0 is cautious, 1 thorough, and
    between them the odds change evenly. Raises RequestError outside of that range."""
    if not 0 <= thoroughness <= 1:
        raise RequestError(
            f"The strength of repair must be between 0 (only what is surely damage) and 1 (all that may be), "
            f"not {thoroughness:g}."
        )
    odds = (1 - 2 * thoroughness) * math.log(SUREST / (1 - SUREST))
    return max(1, round(255 / (1 + math.exp(-odds))))


@dataclass(frozen=True, eq=False)
class DamageMask:
    """Damage of one photo; every plane is (H, W), at the photo's own size.

    found: uint8, confidence that there is damage, 0 to 255. added, erased, protected: bool, what a person
    said; no pixel is both added and erased. Protected pixels are never filled.

    Raises ValueError if the planes do not have these shapes and types.
    """

    found: np.ndarray
    added: np.ndarray
    erased: np.ndarray
    protected: np.ndarray

    def __post_init__(self) -> None:
        if self.found.ndim != 2 or 0 in self.found.shape or self.found.dtype != np.uint8:
            raise ValueError(f"found must be (H, W) uint8, not {self.found.shape} {self.found.dtype}")
        for plane in (self.added, self.erased, self.protected):
            if plane.shape != self.found.shape or plane.dtype != np.bool_:
                raise ValueError(f"a plane {plane.shape} {plane.dtype} does not fit {self.found.shape}")

    @classmethod
    def of(cls, found: np.ndarray) -> DamageMask:
        """A mask that nobody has touched; found: (H, W) uint8 confidences."""
        return cls(found, *(np.zeros(found.shape, np.bool_) for _ in range(3)))

    @classmethod
    def empty(cls, size: tuple[int, int]) -> DamageMask:
        """A mask of (width, height) that marks nothing."""
        return cls.of(np.zeros((size[1], size[0]), np.uint8))

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.found.shape[1], self.found.shape[0]

    def marked(self, thoroughness: float = USUAL) -> np.ndarray:
        """(H, W) bool: what is to be filled. Raises RequestError as `least_confidence`."""
        wanted = (self.found >= least_confidence(thoroughness)) & ~self.erased
        return np.asarray((wanted | self.added) & ~self.protected)

    def with_found(self, found: np.ndarray) -> DamageMask:
        """The same touches over other confidences."""
        return replace(self, found=found)

    def touched(self, touch: Touch, where: np.ndarray, corner: tuple[int, int] = (0, 0)) -> DamageMask:
        """This mask after a stroke.

        where: (h, w) bool, what the stroke covers. corner: the (x, y) of its upper left pixel in the mask;
        what lies outside of the mask is left out.
        """
        left, top = corner
        width, height = self.size
        right, bottom = min(width, left + where.shape[1]), min(height, top + where.shape[0])
        here = slice(max(0, top), max(0, bottom)), slice(max(0, left), max(0, right))
        part = where[max(0, -top) : max(0, bottom - top), max(0, -left) : max(0, right - left)]

        def painted(plane: np.ndarray, value: bool) -> np.ndarray:
            plane = plane.copy()
            plane[here][part] = value
            return plane

        if touch is Touch.ADD:
            return replace(self, added=painted(self.added, True), erased=painted(self.erased, False))
        if touch is Touch.ERASE:
            return replace(self, added=painted(self.added, False), erased=painted(self.erased, True))
        return replace(self, protected=painted(self.protected, touch is Touch.PROTECT))

    def protecting(self, other: DamageMask) -> DamageMask:
        """This mask, with what `other` marks or protects protected too; both of one size."""
        return replace(self, protected=self.protected | other.marked() | other.protected)


def write_mask(mask: DamageMask, path: Path, *, overwrite: bool = False) -> None:
    """Write a mask with all of its planes as a PNG, whole or not at all.

    Raises PhotoError if the file exists and is not to be replaced, or cannot be written.
    """
    planes = np.zeros((*mask.found.shape, 3), np.uint8)
    planes[..., 0] = mask.found
    planes[..., 1] = mask.added * np.uint8(255)
    planes[..., 2] = mask.protected * np.uint8(PROTECTED) + mask.erased * np.uint8(ERASED)
    if path.exists() and not overwrite:
        raise PhotoError(f"The mask {shown(path.name)} exists already; choose another name.")
    try:
        with beside(path, overwrite) as file:
            write_png(file, planes, texts=[(KEYWORD, VERSION)])
    except OSError as error:
        raise PhotoError(
            f"The mask {shown(path.name)} cannot be written ({error.strerror}); choose another folder."
        ) from error


def read_mask(path: Path, photo: Photo) -> DamageMask:
    """The mask of a photo: a file of `write_mask`, or any picture, of which what is brighter than middle grey
    and not transparent counts as added.

    Raises PhotoError if the file cannot be read, RequestError if it does not have the photo's size or was
    written by a later version.
    """
    version = _version_of(path)
    if version not in ("", VERSION):
        raise RequestError(
            f"The mask {shown(path.name)} was written by a later version of Restorer; update the app, or "
            "mark the damage in a picture of black and white."
        )
    picture = read_photo(path)
    if picture.size != photo.size:
        raise RequestError(
            f"The mask {shown(path.name)} is {picture.size[0]} x {picture.size[1]} pixels and {photo.name} "
            f"is {photo.size[0]} x {photo.size[1]}; a mask must have the size of its photo."
        )
    if version and not picture.grey and picture.bits == 8:
        red, green, blue = (picture.pixels[..., channel] for channel in range(3))
        return DamageMask(red.copy(), green > 0, (blue & ERASED) > 0, (blue & PROTECTED) > 0)
    bright = picture.pixels.mean(axis=2, dtype=np.float32) / (255 if picture.bits == 8 else 65535)
    if picture.alpha is not None:
        bright *= picture.alpha.astype(np.float32) / (255 if picture.bits == 8 else 65535)
    return DamageMask.empty(photo.size).touched(Touch.ADD, bright > 0.5)


def _version_of(path: Path) -> str:
    """The version that a mask file tells; empty for other pictures and for what is none."""
    try:
        with Image.open(path, formats=["PNG"]) as opened:
            return str(opened.info.get(KEYWORD, ""))[:16]
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""
