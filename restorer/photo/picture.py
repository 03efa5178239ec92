"""A photo in memory: pixels, and everything that belongs to them.

What comes in: arrays and metadata from `reading`, or pixels that were pasted.
What goes out: the engine's floats (`to_float`) and, from the engine's result, the
same kind of photo again (`with_float`): grey stays grey, 16 bits stay 16, alpha is
resized, profile and metadata are carried along.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from restorer.errors import ResultError
from restorer.opencv import opencv
from restorer.photo import transparency
from restorer.text import shown

_BAND = 512  # rows converted at a time, so that temporaries stay small beside the picture


@dataclass(frozen=True, eq=False)
class Photo:
    """One picture, upright, in its own RGB or grey encoding.

    pixels: (H, W, 3) RGB or (H, W, 1) grey, uint8 or uint16.
    alpha: (H, W), same dtype, not multiplied into the pixels; None where all is opaque.
    icc: the profile of `pixels`, bytes as found; None means sRGB.
    exif: a TIFF structure (without the "Exif" prefix), its orientation already 1.
    xmp: an XMP packet. iptc: IPTC-IIM records, as bytes. dpi: horizontal and vertical pixels per inch.
    sidecar, named_sidecar: packets that lie beside the file, see `restorer.photo.sidecar`.
    path: the file it came from, for messages and names.

    Raises ValueError if the arrays do not have these shapes and types.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None
    path: Path | None = None
    iptc: bytes | None = None
    sidecar: bytes | None = None
    named_sidecar: bytes | None = None

    def __post_init__(self) -> None:
        pixels, alpha = self.pixels, self.alpha
        if pixels.ndim != 3 or pixels.shape[2] not in (1, 3) or 0 in pixels.shape:
            raise ValueError(f"pixels must be (H, W, 3) or (H, W, 1), not {pixels.shape}")
        if pixels.dtype not in (np.uint8, np.uint16):
            raise ValueError(f"pixels must be uint8 or uint16, not {pixels.dtype}")
        if alpha is not None and (alpha.shape != pixels.shape[:2] or alpha.dtype != pixels.dtype):
            raise ValueError(f"alpha {alpha.shape} {alpha.dtype} does not fit {pixels.shape} {pixels.dtype}")

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    @property
    def grey(self) -> bool:
        """Whether the photo has one channel."""
        return bool(self.pixels.shape[2] == 1)

    @property
    def bits(self) -> int:
        """Bits a sample: 8 or 16."""
        return 16 if self.pixels.dtype == np.uint16 else 8

    @property
    def name(self) -> str:
        """What to call the photo in a message."""
        return shown(self.path.name) if self.path is not None else "The pasted picture"

    def spread(self) -> Photo:
        """This photo with the colours at the edge of what is clear spread into it; itself where nothing is.

        What lies under full transparency is mostly black, and every filter would draw it into what is seen.
        """
        if self.alpha is None or self.alpha.min() > 0 or self.alpha.max() == 0:
            return self
        return replace(self, pixels=transparency.spread(self.pixels, self.alpha))

    def to_float(self) -> np.ndarray:
        """Return (H, W, 3) float32 in [-1, 1], in the photo's own encoding; grey is repeated, and colours are
        `spread`."""
        width, height = self.size
        out = np.empty((height, width, 3), np.float32)
        np.multiply(self.spread().pixels, np.float32(2 / self._top), out=out, dtype=np.float32)
        out -= 1
        return out

    def with_float(self, image: np.ndarray) -> Photo:
        """Return this photo with the pixels of `image`, (H', W', 3) float in [-1, 1].

        Values outside the range are clipped; a grey photo takes the mean of the
        three channels; the resolution grows with the size, so that it is printed as
        large as before; alpha is resized to the new size (by area when it shrinks, see
        `transparency.enlarged` when it grows). Raises ResultError if a value is NaN or infinite,
        ValueError on another shape.
        """
        if image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
            raise ValueError(f"image must be (H, W, 3), not {image.shape}")
        height, width = image.shape[:2]
        pixels = np.empty((height, width, self.pixels.shape[2]), self.pixels.dtype)
        for top in range(0, height, _BAND):
            band = image[top : top + _BAND].astype(np.float32)
            if not np.isfinite(band).all():
                raise ResultError(
                    f"{self.name}: the network returned values that are not numbers, so the result was not "
                    "kept. Try again with float32 precision or on another device."
                )
            if self.grey:
                band = band.mean(axis=2, keepdims=True)
            band = (band + 1) * (self._top / 2)
            pixels[top : top + _BAND] = np.rint(np.clip(band, 0, self._top)).astype(pixels.dtype)
        dpi = self.dpi
        if dpi is not None:
            dpi = (dpi[0] * width / self.size[0], dpi[1] * height / self.size[1])
        return replace(self, pixels=pixels, alpha=self._resized_alpha(width, height), dpi=dpi)

    @property
    def _top(self) -> int:
        return 65535 if self.bits == 16 else 255

    def _resized_alpha(self, width: int, height: int) -> np.ndarray | None:
        if self.alpha is None or self.size == (width, height):
            return self.alpha
        if (self.alpha == self.alpha.flat[0]).all():
            return np.full((height, width), self.alpha.flat[0], self.alpha.dtype)
        if width >= self.size[0] and height >= self.size[1]:
            return transparency.enlarged(self.alpha, width, height)
        cv2 = opencv()
        resized: np.ndarray = cv2.resize(self.alpha, (width, height), interpolation=cv2.INTER_AREA)
        return resized
