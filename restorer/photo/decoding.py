"""Decoded pixels, as arrays.

What comes in: a file whose kind, size and depth are known. What goes out: pixels
(H, W, 1 or 3), alpha and the profile that belongs to them.

8-bit pictures are decoded by Pillow. 16-bit colour is decoded by OpenCV, because
Pillow keeps eight of its bits, and by `tiff` where OpenCV knows the layout less well;
OpenCV pads a PNG that ends early without a word, so Pillow proves it whole before;
a TIFF's own table of strips shows whether it is.
"""

from __future__ import annotations

import os
from typing import BinaryIO

import numpy as np
from PIL import Image, ImagePalette
from PIL.TiffImagePlugin import TiffImageFile

from restorer.opencv import opencv
from restorer.photo import tiff
from restorer.photo.colour import to_srgb
from restorer.photo.directories import read_header, set_short

_MOST_BYTES = 2**31 - 1  # what OpenCV takes in one buffer
_COLOUR_MAP = 320
_PROFILED = {"CMYK", "LAB"}  # whose profile is not one of RGB; that of YCbCr is


def arrays(image: Image.Image) -> tuple[np.ndarray, np.ndarray | None, bytes | None]:
    """Pixels (H, W, 1 or 3), alpha and profile, as found, of a decoded Pillow image."""
    icc: bytes | None = image.info.get("icc_profile") or None
    clear = "transparency" in image.info
    mode = image.mode
    if mode.startswith("I;16"):
        return np.array(image).astype(np.uint16)[:, :, None], None, icc
    if mode in _PROFILED:
        image, icc = to_srgb(image, icc), None
    elif mode in ("1", "L", "LA", "La"):
        image = _as(image, "LA" if clear or mode in ("LA", "La") else "L")
    elif mode == "P" and not clear and icc is None and _grey_palette(image):
        image = image.convert("L")
    else:
        image = _as(image, "RGBA" if clear or mode in ("PA", "RGBA", "RGBa") else "RGB")
    array = np.array(image)
    if array.ndim == 2:
        return array[:, :, None], None, icc
    if image.mode in ("LA", "RGBA"):
        return np.ascontiguousarray(array[:, :, :-1]), np.ascontiguousarray(array[:, :, -1]), icc
    return array, None, icc


def _as(image: Image.Image, mode: str) -> Image.Image:
    """The image in that mode; Pillow would copy one that is in it already."""
    return image if image.mode == mode else image.convert(mode)


def _grey_palette(image: Image.Image) -> bool:
    palette = np.array(image.getpalette() or [0, 1, 2]).reshape(-1, 3)
    return bool((palette == palette[:, :1]).all())


def correct_palette(image: TiffImageFile) -> None:
    """Give an image that is not decoded yet the colours that its table means.

    The table's numbers have 16 bits, and Pillow takes the upper half of each; some programs write 8. Where no
    number is above 255 the table is one of those, as libtiff has it.
    """
    table = image.tag_v2.get(_COLOUR_MAP)
    if image.mode in ("P", "PA") and table and max(table) < 256:
        image.palette = ImagePalette.raw("RGB;L", bytes(table))


def correct_alpha(alpha: np.ndarray | None) -> np.ndarray | None:
    """The alpha of a BMP; None where all of it is 0, for then the program that wrote it knew of no alpha."""
    return alpha if alpha is not None and alpha.any() else None


def deep_png(fp: BinaryIO, image: Image.Image) -> tuple[np.ndarray, np.ndarray | None]:
    """A 16-bit PNG that Pillow has decoded without complaint."""
    clear = image.info.get("transparency")
    fp.seek(25)
    colour_type = fp.read(1)[0]
    if colour_type == 0:  # grey, which Pillow reads whole
        samples = np.array(image).astype(np.uint16)[:, :, None]
    else:
        fp.seek(0)
        samples = _opencv(fp.read(_MOST_BYTES), image.size)
        if colour_type == 4:  # grey with alpha, which OpenCV spreads over four channels
            samples = samples[:, :, [0, -1]]
        elif colour_type == 2:
            samples = samples[:, :, :3]
    if clear is not None and samples.shape[2] in (1, 3):
        alpha = np.where((samples == np.array(clear)).all(axis=2), 0, 65535).astype(np.uint16)
        return samples, alpha
    if samples.shape[2] in (2, 4):
        return samples[:, :, :-1], samples[:, :, -1]
    return samples, None


def deep_tiff(fp: BinaryIO, layout: tiff.Layout) -> tuple[np.ndarray, np.ndarray | None]:
    """Pixels and alpha of a TIFF whose samples all have 16 bits and mean grey or RGB."""
    length = fp.seek(0, os.SEEK_END)
    if any(at + count > length for at, count in zip(layout.offsets, layout.counts, strict=False)):
        raise ValueError("strips outside the file")
    samples = tiff.decode_strips(fp, layout)
    if samples is None:
        if layout.planar or layout.samples not in (1, 3, 4):
            raise ValueError("an uncommon layout of 16-bit samples")
        fp.seek(0)
        data = bytearray(fp.read(_MOST_BYTES))
        set_short(data, read_header(fp), 274, 1)  # else OpenCV turns the picture, whatever it is told
        samples = _opencv(data, (layout.width, layout.height))
    colours = 3 if layout.photometric == 2 else 1
    if samples.shape[2] < colours:
        raise ValueError("fewer samples than colours")
    pixels, alpha = samples[:, :, :colours], None
    if layout.photometric == 0:  # white is zero
        pixels = 65535 - pixels
    extra = layout.extra[0] if layout.extra else 2  # an unexplained fourth sample is alpha, as Pillow has it
    if samples.shape[2] > colours and extra in (1, 2):
        alpha = samples[:, :, colours]
        if extra == 1:  # multiplied into the colours
            whole = np.maximum(alpha, 1)[:, :, None].astype(np.uint64)
            pixels = np.minimum((pixels * np.uint64(65535) + whole // 2) // whole, 65535).astype(np.uint16)
    return pixels, alpha


def _opencv(file: bytes | bytearray, size: tuple[int, int]) -> np.ndarray:
    """Decode 16-bit samples, unturned: (H, W, C) uint16, colours in the order RGB."""
    data = np.frombuffer(file, np.uint8)
    cv2 = opencv()
    decoded = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype != np.uint16 or decoded.shape[1::-1] != size:
        raise ValueError("OpenCV cannot decode this file")
    if decoded.ndim == 2:
        return np.asarray(decoded[:, :, None])
    order = [2, 1, 0, 3][: decoded.shape[2]]
    return np.asarray(decoded[:, :, order])


def turned(array: np.ndarray, orientation: int) -> np.ndarray:
    """Turn (H, W, ...) upright from the way that EXIF's orientation describes."""
    if orientation in (5, 6, 7, 8):
        array = array.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    return np.ascontiguousarray(array)
