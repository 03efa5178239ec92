"""Desk work before a run: turn, straighten, crop, make grey, bring faded tones back, balance colours.

In: a photo and a tuple of edits, each a small frozen description. Out: another photo; what belongs to it goes
along. Edits are applied in their order to the photo as it was read, so taking one back is leaving it out, and
the tuple can be written into the provenance (`described`) and read again (`parsed`).

Auto levels stretch each channel between its own dark and bright ends: old dyes fade unevenly, which is why
old prints turn yellow or red, and the paper's white and the deepest shadow are the best witnesses of what was
neutral. White balance, brightness and contrast are by hand: factors on the channels that leave a neutral's
brightness, and curves that leave black and white where they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from restorer.opencv import opencv
from restorer.photo import Photo
from restorer.photo.metadata import regions
from restorer.photo.metadata import xmp as packets

__all__ = [
    "Balance",
    "Brightness",
    "Contrast",
    "Crop",
    "Edit",
    "Grey",
    "Levels",
    "Straighten",
    "Turn",
    "applied",
    "balance_of",
    "changes",
    "described",
    "inner_size",
    "parsed",
]

DARK_SHARE, BRIGHT_SHARE = 0.002, 0.998
"""Quantiles that become black and white: fewer would be dust and scratches."""
MOST_GAIN = 4.0
MOST_WARMTH, MOST_TINT = 0.7, 0.35
"""Natural logarithms of the channels' factors at the ends of temperature and tint."""
LEAST_DEGREES, MOST_DEGREES = 0.01, 45.0
_LUMA = 0.2126, 0.7152, 0.0722  # Rec. 709
_WARPED, _KERNEL = 8192, 8
"""Side of the parts that a picture is straightened in, for OpenCV takes no side of 32,767 pixels, and how
many pixels around each its kernel reaches."""


@dataclass(frozen=True)
class Turn:
    """Quarter turns clockwise, 1 to 3."""

    quarters: int


@dataclass(frozen=True)
class Straighten:
    """Turn clockwise by `degrees`, in [-45, 45], and keep the largest upright part without empty corners."""

    degrees: float


@dataclass(frozen=True)
class Crop:
    """Keep a part; all four in [0, 1], of the picture as it is at that point."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Grey:
    """Black and white: one channel."""


@dataclass(frozen=True)
class Levels:
    """Bring faded tones back."""


@dataclass(frozen=True)
class Balance:
    """White balance: temperature from -100 (bluer) to 100 (warmer), tint from -100 (greener) to 100 (more
    magenta); 0 leaves it. `balance_of` finds the one that makes a colour neutral."""

    temperature: float
    tint: float


@dataclass(frozen=True)
class Brightness:
    """Brighter middle tones, from -100 to 100; 0 leaves them."""

    amount: float


@dataclass(frozen=True)
class Contrast:
    """More of a difference between middle tones, from -100 to 100; 0 leaves it."""

    amount: float


Edit = Turn | Straighten | Crop | Grey | Levels | Balance | Brightness | Contrast


def applied(photo: Photo, edits: tuple[Edit, ...]) -> Photo:
    """The photo after all edits, in their order; the same object where there are none."""
    for edit in edits:
        match edit:
            case Turn():
                photo = _mapped(photo, _turn(edit.quarters % 4))
                quarters = (1, 6, 3, 8)[edit.quarters % 4]
                photo = _moved(photo, regions.turn(quarters))
            case Straighten():
                photo = _straightened(photo, edit.degrees)
            case Crop():
                photo = _cropped(photo, edit)
            case Grey():
                photo = _grey(photo)
            case Levels():
                photo = replace(photo, pixels=_levelled(photo.pixels))
            case Balance() | Brightness() | Contrast():
                if changes(photo, edit):
                    photo = replace(photo, pixels=_curved(photo.pixels, edit))
    return photo


def changes(photo: Photo, edit: Edit) -> bool:
    """Whether an edit leaves another picture than it finds; auto levels count by what their ends move."""
    match edit:
        case Turn():
            return edit.quarters % 4 != 0
        case Straighten():
            return abs(edit.degrees) >= LEAST_DEGREES
        case Crop():
            return _box(photo, edit) != (0, 0, *photo.size)
        case Grey():
            return not photo.grey
        case Levels():
            return any(
                _Stretch.of(photo.pixels[..., channel]).moves for channel in range(photo.pixels.shape[2])
            )
        case Balance():
            return not photo.grey and (edit.temperature, edit.tint) != (0, 0)
        case Brightness() | Contrast():
            return edit.amount != 0


def balance_of(colour: tuple[float, float, float]) -> Balance:
    """The white balance that makes a colour neutral, as far as its ends allow. colour: red, green and blue,
    above 0, of any range; pick the mean of some pixels, for one alone is grain."""
    red, green, blue = (math.log(max(channel, 1e-6)) for channel in colour)
    warmth, tint = (blue - red) / 2, (green - (red + blue) / 2) / 3
    return Balance(
        round(100 * min(1.0, max(-1.0, warmth / MOST_WARMTH)), 2),
        round(100 * min(1.0, max(-1.0, tint / MOST_TINT)), 2),
    )


def _factors(balance: Balance) -> tuple[float, float, float]:
    """On red, green and blue; a neutral keeps its luma."""
    warmth, tint = balance.temperature / 100 * MOST_WARMTH, balance.tint / 100 * MOST_TINT
    factors = math.exp(warmth + tint), math.exp(-2 * tint), math.exp(tint - warmth)
    luma = sum(weight * factor for weight, factor in zip(_LUMA, factors, strict=True))
    return factors[0] / luma, factors[1] / luma, factors[2] / luma


def _curved(pixels: np.ndarray, edit: Balance | Brightness | Contrast) -> np.ndarray:
    """Each channel through its curve, which is a table of all its values."""
    top = int(np.iinfo(pixels.dtype).max)
    values = np.arange(top + 1, dtype=np.float64) / top
    match edit:
        case Balance():
            curves = [values * factor for factor in _factors(edit)]
        case Brightness():
            curves = [values ** (2.0 ** (-edit.amount / 100))]
        case Contrast():
            power = 2.0 ** (edit.amount / 100)
            low = (2 * np.minimum(values, 1 - values)) ** power / 2
            curves = [np.where(values <= 0.5, low, 1 - low)]
    out = np.empty_like(pixels)
    for channel in range(pixels.shape[2]):
        table = np.rint(np.clip(curves[channel % len(curves)], 0, 1) * top).astype(pixels.dtype)
        out[..., channel] = table[pixels[..., channel]]
    return out


def _mapped(photo: Photo, how: Callable[[np.ndarray], np.ndarray]) -> Photo:
    alpha = None if photo.alpha is None else how(photo.alpha)
    return replace(photo, pixels=how(photo.pixels), alpha=alpha)


def _moved(photo: Photo, way: regions.Way) -> Photo:
    """The photo with what its packets say of places in it moved."""
    return replace(
        photo,
        xmp=packets.moved(photo.xmp, way),
        sidecar=packets.moved(photo.sidecar, way),
        named_sidecar=packets.moved(photo.named_sidecar, way),
    )


def _turn(quarters: int) -> Callable[[np.ndarray], np.ndarray]:
    def turned(array: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(np.rot90(array, -quarters))

    return turned


def inner_size(width: float, height: float, degrees: float) -> tuple[float, float]:
    """Width and height of the largest upright rectangle inside a picture that was turned by `degrees`.

    Either two of its corners touch one long side (a thin picture), or all four touch one side each.
    """
    angle = math.radians(abs(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    long, short = max(width, height), min(width, height)
    if short <= 2 * sine * cosine * long or abs(sine - cosine) < 1e-9:
        half = short / 2
        across, down = (half / sine, half / cosine) if width >= height else (half / cosine, half / sine)
    else:
        double = cosine * cosine - sine * sine
        across = (width * cosine - height * sine) / double
        down = (height * cosine - width * sine) / double
    return across, down


def _straightened(photo: Photo, degrees: float) -> Photo:
    degrees = min(max(degrees, -MOST_DEGREES), MOST_DEGREES)
    if abs(degrees) < LEAST_DEGREES:
        return photo
    photo = photo.spread()
    cv2 = opencv()
    width, height = photo.size
    inner = inner_size(width, height, degrees)
    size = max(1, math.floor(inner[0])), max(1, math.floor(inner[1]))
    # OpenCV counts angles anticlockwise, and the middle of a pixel lies on a whole number.
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1.0)
    matrix[:, 2] += ((size[0] - width) / 2, (size[1] - height) / 2)

    back = cv2.invertAffineTransform(matrix)

    def turned(array: np.ndarray) -> np.ndarray:
        # Alpha has two dimensions, and would ring.
        how = cv2.INTER_LANCZOS4 if array.ndim == 3 else cv2.INTER_LINEAR
        out = np.empty((size[1], size[0], *array.shape[2:]), array.dtype)
        for top in range(0, size[1], _WARPED):
            for left in range(0, size[0], _WARPED):
                part = out[top : top + _WARPED, left : left + _WARPED]
                rows, columns = part.shape[:2]
                corners = np.array([[x, y, 1] for x in (left, left + columns) for y in (top, top + rows)])
                spots = corners @ back.T
                first = np.maximum(np.floor(spots.min(0)).astype(int) - _KERNEL, 0)
                last = np.ceil(spots.max(0)).astype(int) + _KERNEL
                shifted = matrix.copy()
                shifted[:, 2] += matrix[:, :2] @ first - (left, top)
                source = np.ascontiguousarray(array[first[1] : last[1], first[0] : last[0]])
                warped = cv2.warpAffine(
                    source,
                    shifted,
                    (columns, rows),
                    flags=how,
                    borderMode=cv2.BORDER_REPLICATE,
                )
                part[...] = np.asarray(warped).reshape(part.shape)
        return out

    way = regions.straighten(photo.size, size, degrees)
    return _moved(_mapped(photo, turned), way)


def _box(photo: Photo, crop: Crop) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the part that is kept, in pixels; never empty."""
    width, height = photo.size
    left = min(max(0, round(crop.left * width)), width - 1)
    top = min(max(0, round(crop.top * height)), height - 1)
    right = min(max(left + 1, round((crop.left + crop.width) * width)), width)
    bottom = min(max(top + 1, round((crop.top + crop.height) * height)), height)
    return left, top, right, bottom


def _cropped(photo: Photo, crop: Crop) -> Photo:
    left, top, right, bottom = _box(photo, crop)

    def part(array: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(array[top:bottom, left:right])

    width, height = photo.size
    way = regions.crop(left / width, top / height, (right - left) / width, (bottom - top) / height)
    return _moved(_mapped(photo, part), way)


def _grey(photo: Photo) -> Photo:
    if photo.grey:
        return photo
    weights = np.array(_LUMA, np.float32)
    grey = np.rint(photo.pixels @ weights).astype(photo.pixels.dtype)
    return replace(photo, pixels=grey[..., None], icc=None)  # the profile was one of three channels


@dataclass(frozen=True)
class _Stretch:
    """What auto levels do to one channel: (value - zero) * gain, clipped to [0, top].

    dark, bright: the quantiles, which are values of the picture, so that levels done twice are levels done
    once.
    """

    dark: float
    bright: float
    top: float

    @classmethod
    def of(cls, plane: np.ndarray) -> _Stretch:
        some = plane[:: _every(plane), :: _every(plane)]
        dark = float(np.quantile(some, DARK_SHARE, method="lower"))
        bright = float(np.quantile(some, BRIGHT_SHARE, method="higher"))
        return cls(dark, bright, float(np.iinfo(plane.dtype).max))

    @property
    def gain(self) -> float:
        return min(self.top / max(self.bright - self.dark, 1.0), MOST_GAIN)

    @property
    def zero(self) -> float:
        if (
            self.gain == MOST_GAIN
        ):  # hardly any tones: keep the middle where it is, noise would fill the range
            return (self.dark + self.bright) / 2 - self.top / 2 / self.gain
        return self.dark

    @property
    def moves(self) -> bool:
        """Whether it changes anything between its ends."""
        ends = np.array([self.dark, self.bright])
        return bool((self.on(ends) != ends).any())

    def on(self, values: np.ndarray) -> np.ndarray:
        """Whole numbers in [0, top], as float32."""
        stretched = (values.astype(np.float32) - np.float32(self.zero)) * np.float32(self.gain)
        return np.asarray(np.rint(np.clip(stretched, 0, self.top)))


def _levelled(pixels: np.ndarray) -> np.ndarray:
    out = np.empty_like(pixels)
    for channel in range(pixels.shape[2]):
        plane = pixels[..., channel]
        out[..., channel] = _Stretch.of(plane).on(plane).astype(pixels.dtype)
    return out


def _every(plane: np.ndarray) -> int:
    """Quantiles of a million pixels are as good as those of a hundred million."""
    return max(1, math.isqrt(plane.size // 1_000_000))


_NAMES: dict[str, type] = {
    "turn": Turn,
    "straighten": Straighten,
    "crop": Crop,
    "grey": Grey,
    "levels": Levels,
    "balance": Balance,
    "brightness": Brightness,
    "contrast": Contrast,
}


def described(edits: tuple[Edit, ...]) -> str:
    """The edits in one line, for the provenance: "turn 1; crop 0.1 0 0.5 1; levels"."""
    kinds = {kind: name for name, kind in _NAMES.items()}
    parts = []
    for edit in edits:
        values = [f"{value:g}" for value in vars(edit).values()]
        parts.append(" ".join([kinds[type(edit)], *values]))
    return "; ".join(parts)


def parsed(text: str) -> tuple[Edit, ...]:
    """The edits of such a line. Raises ValueError on anything else."""
    edits: list[Edit] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, *values = part.split()
        if name not in _NAMES:
            raise ValueError(f"{name!r} is no edit")
        numbers = [int(value) if name == "turn" else float(value) for value in values]
        try:
            edits.append(_NAMES[name](*numbers))
        except TypeError as error:
            raise ValueError(f"{part!r} has too many or too few numbers") from error
    return tuple(edits)
