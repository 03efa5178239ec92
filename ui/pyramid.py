"""Pictures for the screen: arrays to QImages, a pyramid of halvings, and the board previews are pinned on.

In: uint8 arrays and `Photo`s. Out: QImages that own their pixels, in the
format that Qt draws fastest (RGB32). Nothing here touches a widget or a QPixmap,
so all of it runs in the worker threads and the window only draws.

The canvas draws only its exposed part, from the smallest level that has enough
pixels, so panning over 100 megapixels costs what a screenful costs. The pyramid is
the classical one of Williams, "Pyramidal parametrics" (1983), with area averaging.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColorSpace, QImage

from restorer.opencv import opencv
from ui.theme import INVENTED

if TYPE_CHECKING:
    import numpy as np

    from restorer.events import Box
    from restorer.photo import Photo

SMALLEST_LEVEL = 700
LARGE = (
    40_000_000  # pixels; above this the largest level stays RGB888 (3 bytes a pixel, shared with the photo)
)
CHECKER_SIDE = 8
BAND = 128  # rows
HEAT_SIDE = 2048  # pixels of a map's longer side; it need not be sharper
HEAT_FROM, HEAT_FULL = 3.0, 32.0  # grey levels of spread that begin to show and that show fully


def rgb32(array: np.ndarray, icc: bytes | None = None) -> QImage:
    """(h, w, 3) uint8 -> a QImage of its own pixels, shown as its profile `icc` means them.

    Made by OpenCV, which lets other threads run meanwhile; Qt's conversion holds Python's lock.
    """
    cv2 = opencv()
    height, width = array.shape[:2]
    # A fresh array that nobody else knows; in memory RGB32 is blue, green, red, filler.
    pixels = cv2.cvtColor(array, cv2.COLOR_RGB2BGRA)
    space = _profile(icc)
    if space is not None:
        for top in range(0, height, BAND):
            _convert(pixels[top : top + BAND], space)
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)


def _convert(rows: np.ndarray, space: QColorSpace) -> None:
    """Replace rows of RGB32 pixels by their sRGB values; few at a time, because Python's lock is held."""
    import numpy as np

    height, width = rows.shape[:2]
    image = QImage(rows.data, width, height, rows.strides[0], QImage.Format.Format_RGB32)
    image.setColorSpace(space)
    image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    converted = np.frombuffer(image.constBits(), np.uint8)
    rows[:] = converted.reshape(height, image.bytesPerLine())[:, : width * 4].reshape(rows.shape)


def _profile(icc: bytes | None) -> QColorSpace | None:
    if not icc:
        return None
    space = QColorSpace.fromIccProfile(QByteArray(icc))
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if not space.isValid() or space.colorModel() != QColorSpace.ColorModel.Rgb or space == srgb:
        return None
    return space


@dataclass(frozen=True, eq=False)
class Pyramid:
    """A picture of `size` = (width, height) and its halvings, largest first."""

    size: tuple[int, int]
    levels: tuple[QImage, ...]

    def level_for(self, zoom: float) -> QImage:
        """The smallest level that still has a pixel for each pixel of the screen at `zoom`."""
        fitting = [level for level in self.levels if level.width() >= self.size[0] * zoom]
        return fitting[-1] if fitting else self.levels[0]


def pyramid(array: np.ndarray, size: tuple[int, int] | None = None, icc: bytes | None = None) -> Pyramid:
    """(h, w, 3) uint8 -> its pyramid; `size` when the array stands for a picture of another size."""
    import numpy as np

    cv2 = opencv()
    height, width = array.shape[:2]
    levels = []
    if width * height > LARGE and _profile(icc) is None and array.flags.c_contiguous:
        levels.append(QImage(array.data, width, height, array.strides[0], QImage.Format.Format_RGB888))
    else:
        levels.append(rgb32(array, icc))
    while max(array.shape[:2]) > SMALLEST_LEVEL and min(array.shape[:2]) > 1:
        half = (max(1, array.shape[1] // 2), max(1, array.shape[0] // 2))
        array = np.asarray(cv2.resize(array, half, interpolation=cv2.INTER_AREA))
        levels.append(rgb32(array, icc))
    return Pyramid(size or (width, height), tuple(levels))


def _eight_bits(array: np.ndarray) -> np.ndarray:
    """uint8 as it is, uint16 reduced to it."""
    import numpy as np

    if array.dtype == np.uint16:
        return ((array.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
    return array


def picture_of(photo: Photo, shown: Pyramid) -> QImage:
    """The photo for other programs, as `shown`; but where it is transparent nothing is laid under it."""
    import numpy as np

    if photo.alpha is None:
        return shown.levels[0].copy()
    colours = _eight_bits(photo.pixels)
    if colours.shape[2] == 1:
        colours = np.repeat(colours, 3, axis=2)
    pixels = np.dstack((colours, _eight_bits(photo.alpha)))
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGBA8888).copy()
    space = _profile(photo.icc)
    if space is not None:
        image.setColorSpace(space)
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return image


def screen_pixels(photo: Photo) -> np.ndarray:
    """(h, w, 3) uint8 to look at: 16 bits reduced to 8, grey spread, alpha laid over a checkerboard."""
    import numpy as np

    pixels = _eight_bits(photo.pixels)
    if pixels.shape[2] == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    if photo.alpha is not None:
        opacity = (photo.alpha / np.float32(np.iinfo(photo.alpha.dtype).max))[..., None]
        if opacity.min() < 1:
            rows, columns = (np.arange(side) // CHECKER_SIDE for side in pixels.shape[:2])
            checker = np.where((rows[:, None] + columns) % 2, np.float32(204), np.float32(153))[..., None]
            pixels = (pixels * opacity + checker * (1 - opacity) + 0.5).astype(np.uint8)
    return np.ascontiguousarray(pixels)


def small_picture(photo: Photo, side: int) -> QImage:
    """The photo with its longer side at most `side` pixels."""
    import numpy as np

    pixels = screen_pixels(photo)
    factor = min(1.0, side / max(pixels.shape[:2]))
    height, width = (max(1, round(length * factor)) for length in pixels.shape[:2])
    return rgb32(np.ascontiguousarray(_fit(pixels, width, height)), photo.icc)


def photo_pyramid(photo: Photo) -> Pyramid:
    """The photo as it is."""
    return pyramid(screen_pixels(photo), icc=photo.icc)


def enlarged_pyramid(photo: Photo, size: tuple[int, int]) -> Pyramid:
    """The photo's plain bicubic enlargement to `size`: the "before" of a comparison.

    Above `LARGE` pixels it is made at half the size: it has no detail that would be lost.
    """
    import numpy as np

    cv2 = opencv()
    halving = 2 if size[0] * size[1] > LARGE else 1
    made = (max(1, size[0] // halving), max(1, size[1] // halving))
    enlarged = cv2.resize(screen_pixels(photo), made, interpolation=cv2.INTER_CUBIC)
    return pyramid(np.asarray(enlarged), size, photo.icc)


def heat_pyramid(spread: np.ndarray) -> Pyramid:
    """(h, w) float32, a spread in grey levels -> a veil over the picture, clear where it is small."""
    import numpy as np

    cv2 = opencv()
    height, width = spread.shape
    levels = []
    longest = max(height, width)
    if longest > HEAT_SIDE:
        reduced = (max(1, width * HEAT_SIDE // longest), max(1, height * HEAT_SIDE // longest))
        spread = np.asarray(cv2.resize(spread, reduced, interpolation=cv2.INTER_AREA))
    while True:
        opacity = ((spread - HEAT_FROM) / (HEAT_FULL - HEAT_FROM)).clip(0, 1)[..., None] * np.float32(0.7)
        red, green, blue = INVENTED
        colour = np.array([blue, green, red, 255], np.float32)  # as ARGB32 lies in memory, premultiplied
        pixels = np.ascontiguousarray((opacity * colour + 0.5).astype(np.uint8))
        rows, columns = pixels.shape[:2]
        image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied)
        levels.append(image.copy())
        if max(rows, columns) <= SMALLEST_LEVEL or min(rows, columns) < 2:
            return Pyramid((width, height), tuple(levels))
        spread = np.asarray(cv2.resize(spread, (columns // 2, rows // 2), interpolation=cv2.INTER_AREA))


class Board:
    """The whole picture as far as it is known: the enlargement, with previews pinned over it box by box."""

    def __init__(self, base: np.ndarray, size: tuple[int, int], side: int, icc: bytes | None = None) -> None:
        """`base` is (h, w, 3) uint8 for a picture of `size`; nothing larger than `side` is kept."""
        import numpy as np

        longest = max(base.shape[:2])
        if longest > side:
            reduced = [max(1, round(length * side / longest)) for length in base.shape[:2]]
            self._pixels = _fit(base, reduced[1], reduced[0])
        else:
            self._pixels = np.array(base)
        self._size = size
        self._icc = icc

    def pin(self, image: np.ndarray, box: Box) -> None:
        """Lay `image`, (h, w, 3) uint8, over `box`, given in pixels of the finished picture."""
        height, width = self._pixels.shape[:2]
        across, down = width / self._size[0], height / self._size[1]
        left, top = round(box[0] * across), round(box[1] * down)
        right, bottom = round((box[0] + box[2]) * across), round((box[1] + box[3]) * down)
        right, bottom = min(max(right, left + 1), width), min(max(bottom, top + 1), height)
        if left < right and top < bottom:
            self._pixels[top:bottom, left:right] = _fit(image, right - left, bottom - top)

    def image(self) -> QImage:
        """A copy to hand to the window."""
        return rgb32(self._pixels, self._icc)


def _fit(image: np.ndarray, width: int, height: int) -> np.ndarray:
    import numpy as np

    if image.shape[:2] == (height, width):
        return image
    cv2 = opencv()
    shrinking = image.shape[0] > height
    method = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=method))
