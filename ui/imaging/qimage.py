"""Arrays to QImages that own their pixels, in the format that Qt draws fastest (RGB32).

In: uint8 arrays and colour profiles. Out: QImages. Nothing here touches a widget or a QPixmap, so all of it
runs in the worker threads.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColorSpace, QImage

from restorer.opencv import opencv

if TYPE_CHECKING:
    import numpy as np


BAND = 128  # rows


def rgb32(array: np.ndarray, icc: bytes | None = None) -> QImage:
    """(h, w, 3) uint8 -> a QImage of its own pixels, shown as its profile `icc` means them.

    Made by OpenCV, which lets other threads run meanwhile; Qt's conversion holds Python's lock.
    """
    cv2 = opencv()
    height, width = array.shape[:2]
    # A fresh array that nobody else knows; in memory RGB32 is blue, green, red, filler.
    tones = _grey_tones(icc)
    pixels = cv2.cvtColor(array if tones is None else cv2.LUT(array, tones), cv2.COLOR_RGB2BGRA)
    space = colour_space(icc)
    if space is not None:
        for top in range(0, height, BAND):
            _convert(pixels[top : top + BAND], space)
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)


def shows_as_it_is(icc: bytes | None) -> bool:
    """Whether `rgb32` changes no number of a photo with this profile."""
    return colour_space(icc) is None and _grey_tones(icc) is None


@functools.lru_cache(maxsize=8)
def _grey_tones(icc: bytes | None) -> np.ndarray | None:
    """What each grey of a photo with a grey profile is in sRGB; None where the profile is of another kind.

    Qt reads no profile of greys for an image of colours, so the engine's own conversion is asked once.
    """
    if icc is None or icc[16:20] != b"GRAY":
        return None
    import numpy as np

    from restorer.photo.colour import pixels_to_srgb
    from restorer.photo.profiles import fitting

    profile = fitting(icc, 1)
    if profile is None:
        return None
    ramp = np.arange(256, dtype=np.uint8).reshape(1, 256, 1)
    return np.ascontiguousarray(pixels_to_srgb(ramp, profile)[0, :, 0])


def _convert(rows: np.ndarray, space: QColorSpace) -> None:
    """Replace rows of RGB32 pixels by their sRGB values; few at a time, because Python's lock is held."""
    import numpy as np

    height, width = rows.shape[:2]
    image = QImage(rows.data, width, height, rows.strides[0], QImage.Format.Format_RGB32)
    image.setColorSpace(space)
    image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    converted = np.frombuffer(image.constBits(), np.uint8)
    rows[:] = converted.reshape(height, image.bytesPerLine())[:, : width * 4].reshape(rows.shape)


def colour_space(icc: bytes | None) -> QColorSpace | None:
    if not icc:
        return None
    space = QColorSpace.fromIccProfile(QByteArray(icc))
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if not space.isValid() or space.colorModel() != QColorSpace.ColorModel.Rgb or space == srgb:
        return None
    return space


def resized(image: np.ndarray, width: int, height: int) -> np.ndarray:
    import numpy as np

    if image.shape[:2] == (height, width):
        return image
    cv2 = opencv()
    shrinking = image.shape[0] > height
    method = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=method))
