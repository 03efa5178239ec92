"""A face in a fixed frame: turned upright, brought to one size, its eyes, nose and mouth always in one place.

In: a picture and a face's landmarks. Out: the square that face networks see, and the way back. The frame is
the one that public face restorers are trained in (FFHQ's as facexlib lays it out, 512 pixels a side), so that
theirs and ours see the same. The similarity is the least-squares one (Umeyama, IEEE PAMI 13, 1991).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from restorer.opencv import opencv

__all__ = ["FRAME", "aligned", "inverse", "to_frame"]

FRAME = ((0.377, 0.469), (0.623, 0.469), (0.501, 0.613), (0.393, 0.725), (0.611, 0.725))
"""Where the landmarks of `restorer.photo.faces.Face` lie, in parts of the frame's side."""

Matrix = NDArray[np.float64]


def to_frame(landmarks: Sequence[tuple[float, float]], side: float) -> Matrix:
    """(2, 3): the similarity that takes a picture's coordinates to those of a frame of `side` pixels, both
    with (0, 0) at the corner. Raises ValueError if there are not five landmarks or they are one point."""
    if len(landmarks) != len(FRAME):
        raise ValueError(f"a face has {len(FRAME)} landmarks, not {len(landmarks)}")
    # As complex numbers a similarity is one product and one sum.
    here = np.array([complex(x, y) for x, y in landmarks])
    there = np.array([complex(x, y) for x, y in FRAME]) * side
    centred = here - here.mean()
    size = float((np.abs(centred) ** 2).sum())
    if size == 0:
        raise ValueError("the landmarks are one point")
    factor = (centred.conj() * (there - there.mean())).sum() / size
    shift = there.mean() - factor * here.mean()
    return np.array([[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]])


def inverse(matrix: Matrix) -> Matrix:
    """The similarity (2, 3) that leads back."""
    back = np.linalg.inv(matrix[:, :2])
    return np.hstack([back, -back @ matrix[:, 2:]])


def aligned(picture: np.ndarray, matrix: Matrix, size: tuple[int, int]) -> np.ndarray:
    """A picture (H, W, C), uint8, uint16 or float32, taken through a similarity: (height, width, C) for
    `size` (width, height). What lies beyond its edge is the edge.

    Where it shrinks, it is first reduced by area to about the size, so that nothing aliases.
    """
    cv = opencv()
    factor = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if factor < 1:
        height, width = picture.shape[:2]
        reduced = max(1, round(width * factor)), max(1, round(height * factor))
        picture = cv.resize(picture, reduced, interpolation=cv.INTER_AREA).reshape(*reduced[::-1], -1)
        scale = np.diag([width / reduced[0], height / reduced[1], 1.0])
        matrix = matrix @ scale
    # OpenCV counts from the centre of the first pixel, we from its corner.
    moved = matrix.copy()
    moved[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5
    out = cv.warpAffine(picture, moved, size, flags=cv.INTER_CUBIC, borderMode=cv.BORDER_REPLICATE)
    return np.asarray(out).reshape(size[1], size[0], -1)
