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

from PySide6.QtGui import QColorSpace, QImage

from restorer.opencv import opencv
from ui.imaging.qimage import colour_space, resized, rgb32, shows_as_it_is
from ui.style.theme import INVENTED

if TYPE_CHECKING:
    import numpy as np

    from restorer.photo import Photo

SMALLEST_LEVEL = 700
LARGE = (
    40_000_000  # pixels; above this the largest level stays RGB888 (3 bytes a pixel, shared with the photo)
)
CHECKER_SIDE = 8
HEAT_SIDE = 2048  # pixels of a map's longer side; it need not be sharper
HEAT_FROM, HEAT_FULL = 3.0, 32.0  # grey levels of spread that begin to show and that show fully


@dataclass(frozen=True, eq=False)
class PicturePart:
    """A finer picture of a part: `box` is (left, top, width, height) in pixels of the whole picture."""

    box: tuple[int, int, int, int]
    picture: Pyramid


@dataclass(frozen=True, eq=False)
class Pyramid:
    """A picture of `size` = (width, height) and its halvings, largest first; over it lie `parts`, the coarser
    before the finer."""

    size: tuple[int, int]
    levels: tuple[QImage, ...]
    parts: tuple[PicturePart, ...] = ()

    @property
    def keys(self) -> tuple[object, ...]:
        """Differ where the pictures do."""
        own = tuple(level.cacheKey() for level in self.levels)
        return (*own, *((part.box, *part.picture.keys) for part in self.parts))

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
    if width * height > LARGE and colour_space(icc) is None and array.flags.c_contiguous:
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
    space = colour_space(photo.icc)
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


def part_image(photo: Photo, pixels: np.ndarray, box: tuple[int, int, int, int]) -> QImage:
    """A part of a picture to look at. photo: has the opacity and the profile. pixels: (h, w, channels) of the
    part in `box`, perhaps reduced."""
    import numpy as np

    cv2 = opencv()
    colours = _eight_bits(pixels)
    if colours.shape[2] == 1:
        colours = np.repeat(colours, 3, axis=2)
    if photo.alpha is not None:
        left, top, width, height = box
        alpha = photo.alpha[top : top + height, left : left + width]
        opacity = alpha / np.float32(np.iinfo(alpha.dtype).max)
        rows, columns = np.arange(top, top + height), np.arange(left, left + width)
        squares = (rows[:, None] // CHECKER_SIDE + columns // CHECKER_SIDE) % 2
        checker = np.where(squares, np.float32(204), np.float32(153))
        size = colours.shape[1], colours.shape[0]
        opacity, checker = (
            np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA))[..., None]
            for each in (opacity, checker)
        )
        colours = (colours * opacity + checker * (1 - opacity) + 0.5).astype(np.uint8)
    return rgb32(np.ascontiguousarray(colours), photo.icc)


class Halves:
    """A photo reduced by 2 so many times, (h, w, 3) uint8, taken from its picture for the screen, which has
    the same numbers where nothing had to be converted. None for what it has not."""

    def __init__(self, photo: Photo, picture: Pyramid | None) -> None:
        import numpy as np

        plain = photo.alpha is None and photo.pixels.dtype == np.uint8 and photo.pixels.shape[2] == 3
        fits = picture is not None and picture.size == photo.size
        self._levels = picture.levels if picture and fits and plain and shows_as_it_is(photo.icc) else ()
        self._size = photo.size
        self._known: dict[int, np.ndarray] = {}

    def __call__(self, times: int) -> np.ndarray | None:
        import numpy as np

        size = tuple(max(1, side >> times) for side in self._size)
        if times and times not in self._known:
            for image in self._levels:
                if (image.width(), image.height()) == size and image.format() == QImage.Format.Format_RGB32:
                    rows = np.frombuffer(image.constBits(), np.uint8).reshape(size[1], -1, 4)[:, : size[0]]
                    self._known[times] = np.asarray(opencv().cvtColor(rows, opencv().COLOR_BGRA2RGB))
        return self._known.get(times)


def small_picture(photo: Photo, side: int) -> QImage:
    """The photo with its longer side at most `side` pixels."""
    import numpy as np

    pixels = screen_pixels(photo)
    factor = min(1.0, side / max(pixels.shape[:2]))
    height, width = (max(1, round(length * factor)) for length in pixels.shape[:2])
    return rgb32(np.ascontiguousarray(resized(pixels, width, height)), photo.icc)


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
    """(h, w) float32, a spread in grey levels -> a heat map over the picture, clear where it is small."""
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
