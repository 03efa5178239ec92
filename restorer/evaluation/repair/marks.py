"""What a person marked on a photo by hand: lines, areas and spots in a text file, drawn when it is read.

A file NAME.txt has a line a shape, in pixels of the photo, where the upper left pixel reaches from 0 to 1:

    photo NAME.png WIDTH HEIGHT
    line ACROSS x,y x,y ...      a scratch, hair or crack, so many pixels wide
    area x,y x,y x,y ...         a patch with these corners
    spot RADIUS x,y x,y ...      specks of one size

`unsure` before a shape says that nobody can tell whether there is damage: what is found there counts neither
for nor against. Damage wins where both are. `#` begins a remark. Any other file is a picture as
`restorer.damage.mask` reads it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from restorer.damage.mask import read_mask
from restorer.errors import RequestError
from restorer.opencv import opencv
from restorer.photo import Photo
from restorer.text import shown

__all__ = ["Marks", "marks_file", "read_marks"]

SHIFT = 4  # bits of sub-pixel precision that OpenCV's drawing takes
LARGEST = 32768
"""Pixels beyond which no photo that was marked reaches."""


@dataclass(frozen=True, eq=False)
class Marks:
    """Both (H, W) bool, and no pixel is in both. damaged: should be found. unjudged: nobody can tell."""

    damaged: np.ndarray
    unjudged: np.ndarray


def marks_file(folder: Path, photo: Path) -> Path | None:
    """The file of a folder with the marks of a photo, NAME.txt before NAME.png; None where there is none."""
    files = (folder / f"{photo.stem}{suffix}" for suffix in (".txt", ".png"))
    return next((file for file in files if file.exists()), None)


def read_marks(path: Path, photo: Photo) -> Marks:
    """The marks of a photo. Raises RequestError if the file cannot be read, is wrong, or belongs to a photo
    of another size."""
    if path.suffix.lower() != ".txt":
        damaged = read_mask(path, photo).marked()
        return Marks(damaged, np.zeros_like(damaged))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(f"The marks {shown(path.name)} cannot be read: {error}.") from error
    planes = {False: np.zeros((0, 0), np.uint8), True: np.zeros((0, 0), np.uint8)}
    for number, row in enumerate(text.splitlines(), start=1):
        words = row.split("#")[0].split()
        if not words:
            continue
        try:
            if words[0] == "photo":
                _, _, width, height = words
                if (int(width), int(height)) != photo.size:
                    raise RequestError(
                        f"The marks {shown(path.name)} are of a photo of {width} x {height} pixels "
                        f"and {photo.name} is {photo.size[0]} x {photo.size[1]}; give the photo they were "
                        "made on."
                    )
                planes = {unsure: np.zeros(photo.size[::-1], np.uint8) for unsure in planes}
                continue
            unsure = words[0] == "unsure"
            if not planes[unsure].size:
                raise ValueError("the photo's size comes first")
            _draw(planes[unsure], words[unsure:])
        except ValueError as error:
            raise RequestError(
                f"Line {number} of the marks {shown(path.name)} is no shape ({error}); mend or remove it."
            ) from error
    damaged = planes[False] > 0
    if not damaged.size:
        raise RequestError(f"The marks {shown(path.name)} do not say the size of their photo; add that line.")
    return Marks(damaged, (planes[True] > 0) & ~damaged)


def _draw(plane: np.ndarray, words: Sequence[str]) -> None:
    """Draw one shape into (H, W) uint8. Raises ValueError if it is none."""
    cv2 = opencv()
    kind, *rest = words
    if kind == "area":
        if len(rest) < 3:
            raise ValueError("an area needs three corners")
        # OpenCV's pixels have their middle where ours have half a pixel more.
        corners = (np.array([_point(word) for word in rest]) - 0.5) * (1 << SHIFT)
        cv2.fillPoly(plane, [np.round(corners).astype(np.int32)], 255, cv2.LINE_8, SHIFT)
        return
    if kind not in ("line", "spot") or len(rest) < 2:
        raise ValueError("a line, an area or a spot is expected")
    size = float(rest[0])
    if not 0 < size < LARGEST:
        raise ValueError("its width or radius is not above 0")
    points = [_point(word) for word in rest[1:]]
    if kind == "line":
        for start, end in itertools.pairwise(points):
            _thicken(plane, start, end, size / 2)
        return
    for point in points:
        _thicken(plane, point, point, size)


def _thicken(plane: np.ndarray, start: tuple[float, float], end: tuple[float, float], reach: float) -> None:
    """Draw what lies within `reach` of the way from `start` to `end`. OpenCV's own discs and thick lines are
    not even at sizes of one to three pixels, which most damage has."""
    left, top = (max(0, int(min(a, b) - reach)) for a, b in zip(start, end, strict=True))
    right, bottom = (max(0, int(max(a, b) + reach) + 1) for a, b in zip(start, end, strict=True))
    part = plane[top:bottom, left:right]
    y, x = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]] + 0.5
    along, down = end[0] - start[0], end[1] - start[1]
    share = ((x - start[0]) * along + (y - start[1]) * down) / max(along**2 + down**2, 1e-9)
    share = share.clip(0, 1)
    part[np.hypot(x - start[0] - share * along, y - start[1] - share * down) <= reach] = 255


def _point(word: str) -> tuple[float, float]:
    x, y = (float(part) for part in word.split(","))
    if not (abs(x) < LARGEST and abs(y) < LARGEST):
        raise ValueError("a point lies far outside")
    return x, y
