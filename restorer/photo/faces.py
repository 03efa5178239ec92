"""Faces in a photo: where they are, how they lie, and where eyes, nose and mouth are.

In: a photo. Out: its faces, largest first, in the photo's pixels; the same photo gives the same faces.

The detector is YuNet (Wu, Peng and Yu, Machine Intelligence Research 20, 2023) with the weights under
`resources/faces/`. It knows upright faces of about 10 to 300 pixels, so it is shown the photo at several
sizes and, reduced, turned by quarters and halves of a right angle. A face that several views show counts
once, as the view that is surest of it has it.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from restorer.errors import ResultError
from restorer.opencv import opencv
from restorer.paths import resources_dir
from restorer.photo.picture import Photo

__all__ = ["LEAST", "Face", "find_faces"]

LEAST = 11.0
"""Width in pixels of the smallest face that counts; what is found below is as often none."""
SURE, TURNED = 0.7, 0.8
"""Least score of a face in the upright views and in the turned ones, which show more that is no face: chosen
on people and on pictures without any."""
FINEST, TURNED_FINEST = 6.0e6, 0.4e6
"""Most pixels of the largest upright view and of the largest turned one; they decide the time that a large
photo takes, and that its smallest faces are not looked for."""
ENLARGED = 2.0
"""Most that a small photo is enlarged."""
COARSEST = 256
"""Views are halved until their longer side has no more pixels."""
NARROWEST = 16
"""Least pixels of a view's shorter side: below there is no room for a face, and the detector answers NaN."""
TURNS = (45, 90, 135, 180, 225, 270, 315)
_PLENTY = 5000  # faces of one view


@dataclass(frozen=True)
class Face:
    """A face, in the photo's pixels; (0, 0) is the corner of the photo, so pixel centres lie at halves.

    centre: (x, y). size: (width, height) of the face from brow to chin as it is when upright. roll: degrees
    by which it is turned clockwise, in (-180, 180]. landmarks: (x, y) of the eye on the left in an upright
    picture, the other eye, the tip of the nose, and the corners of the mouth in the same order. score: the
    detector's, 0 to 1.
    """

    centre: tuple[float, float]
    size: tuple[float, float]
    roll: float
    landmarks: tuple[tuple[float, float], ...]
    score: float

    @property
    def width(self) -> float:
        """Its width in pixels, however it is turned: what bounds on faces are about."""
        return self.size[0]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """(left, top, width, height): the whole pixels around its ellipse; it may reach beyond the photo."""
        return self.around(1.0)

    def around(self, factor: float) -> tuple[int, int, int, int]:
        """The `box` of an ellipse `factor` times as large."""
        turn = math.radians(self.roll)
        a, b = factor * self.size[0] / 2, factor * self.size[1] / 2
        x = math.hypot(a * math.cos(turn), b * math.sin(turn))
        y = math.hypot(a * math.sin(turn), b * math.cos(turn))
        left, top = math.floor(self.centre[0] - x), math.floor(self.centre[1] - y)
        return left, top, math.ceil(self.centre[0] + x) - left, math.ceil(self.centre[1] + y) - top


_KNOWN: WeakKeyDictionary[Photo, tuple[Face, ...]] = WeakKeyDictionary()
_LOCK = threading.Lock()  # the detector is one object, and runs and the window may both ask


def find_faces(photo: Photo, turned: bool = True) -> tuple[Face, ...]:
    """The faces of a photo, largest first, by width; kept for as long as the photo is.

    turned: also those that are far from upright, which takes most of a small photo's time. In a photo of
    more than `FINEST` pixels a face has to be wider by the root of the ratio. Raises ResultError if the
    detector's file is missing or damaged.
    """
    with _LOCK:
        if not turned:
            return _find(_shown(photo), turned=False)
        if photo not in _KNOWN:
            _KNOWN[photo] = _find(_shown(photo))
        return _KNOWN[photo]


def _shown(photo: Photo) -> np.ndarray:
    """(H, W, 3) uint8 in the channel order of the detector."""
    pixels = photo.spread().pixels
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(pixels, 3, 2) if pixels.shape[2] == 1 else pixels[..., ::-1])


def _find(picture: np.ndarray, turned: bool = True) -> tuple[Face, ...]:
    found: list[Face] = []
    for level, factor, turns in _levels(picture):
        for turn in turns if turned else (0,):
            found += _seen(level, factor, turn)
    kept: list[Face] = []
    for face in sorted(found, key=lambda face: (-face.score, face.centre)):
        if face.width >= LEAST and not any(_same(face, other) for other in kept):
            kept.append(face)
    return tuple(sorted(kept, key=lambda face: (-face.width, face.centre)))


def _levels(picture: np.ndarray) -> Iterator[tuple[np.ndarray, float, tuple[int, ...]]]:
    """The picture at its sizes, finest first, each with its factor and the turns that it is shown at."""
    cv = opencv()
    height, width = picture.shape[:2]
    factor = min(ENLARGED, math.sqrt(FINEST / (width * height)))
    while True:
        size = max(1, round(width * factor)), max(1, round(height * factor))
        how = cv.INTER_CUBIC if factor > 1 else cv.INTER_AREA
        level = picture if size == (width, height) else cv.resize(picture, size, interpolation=how)
        if min(size) < NARROWEST:
            return
        turned = factor <= 1 and size[0] * size[1] <= TURNED_FINEST
        yield level, factor, (0, *TURNS) if turned else (0,)
        if max(size) <= COARSEST:
            return
        factor /= 2


def _seen(level: np.ndarray, factor: float, turn: int) -> Iterator[Face]:
    """What the detector finds in one view: the level, turned anticlockwise by `turn` degrees."""
    height, width = level.shape[:2]
    cosine, sine = round(math.cos(math.radians(turn)), 9), round(math.sin(math.radians(turn)), 9)
    wide = math.ceil(abs(width * cosine) + abs(height * sine))
    high = math.ceil(abs(width * sine) + abs(height * cosine))
    matrix = np.array([[cosine, sine], [-sine, cosine]])  # y points down
    shift = np.array([wide, high]) / 2 - matrix @ (np.array([width, height]) / 2)
    if turn:
        # OpenCV counts from the centre of the first pixel, we from its corner.
        whole = np.hstack([matrix, (shift + matrix @ [0.5, 0.5] - 0.5)[:, None]])
        level = opencv().warpAffine(level, whole, (wide, high), borderMode=opencv().BORDER_REPLICATE)
    detector = _detector()
    detector.setInputSize((wide, high))
    detector.setScoreThreshold(TURNED if turn else SURE)
    _, rows = detector.detect(level)
    found = np.empty((0, 15)) if rows is None else np.asarray(rows, np.float64)
    for row in found[np.isfinite(found).all(axis=1)]:  # of tiny views it also answers with infinite sizes
        box, points = row[:4], row[4:14].reshape(5, 2)
        around = np.vstack([points, box[:2] + box[2:] / 2])
        back = ((around - shift) @ matrix) / factor  # the matrix is orthogonal
        eyes = back[1] - back[0]
        yield Face(
            centre=(float(back[5, 0]), float(back[5, 1])),
            size=(float(box[2] / factor), float(box[3] / factor)),
            roll=math.degrees(math.atan2(eyes[1], eyes[0])),
            landmarks=tuple((float(x), float(y)) for x, y in back[:5]),
            score=float(row[14]),
        )


def _same(face: Face, other: Face) -> bool:
    """Whether two are one face: their centres are closer than half of the larger one's width."""
    return math.dist(face.centre, other.centre) < 0.5 * max(face.width, other.width)


@cache
def _detector() -> Any:
    path = resources_dir() / "faces" / "yunet.onnx"
    cv = opencv()
    try:
        weights = np.frombuffer(path.read_bytes(), np.uint8)  # OpenCV opens no path with every letter
        settings = ((320, 320), SURE, 0.3, _PLENTY)
        return cv.FaceDetectorYN.create("onnx", weights, np.empty(0, np.uint8), *settings)
    except (OSError, cv.error) as error:
        reason = getattr(error, "strerror", None) or "OpenCV does not know it"
        raise ResultError(
            f"The face detector {path.name} cannot be read ({reason}); install Restorer again, or leave "
            "faces as they are (--faces off)."
        ) from error
