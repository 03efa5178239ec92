"""Decoded pixels, as arrays.

What comes in: a file whose kind, size and depth are known. What goes out: pixels
(H, W, 1 or 3), alpha and the profile that belongs to them.

8-bit pictures are decoded by Pillow. A 16-bit PNG is decoded by OpenCV, because Pillow
keeps eight of its bits; OpenCV pads one that ends early without a word, so Pillow proves
it whole before. 16-bit TIFFs, and those that Pillow does not know, are put together from
their samples, see `strips`.
"""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
from PIL import Image, ImageChops, ImagePalette
from PIL.TiffImagePlugin import TiffImageFile

from restorer.opencv import opencv
from restorer.photo.colour import lab_to_srgb, to_srgb
from restorer.photo.formats import strips, tiff
from restorer.photo.formats.strips import UnknownLayoutError
from restorer.photo.transparency import divided

_BAND_NUMBERS = 1 << 20
_MOST_BYTES = 2**31 - 1  # what OpenCV takes in one buffer
_COLOURS = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 8: 3, 9: 3}
"""How many samples are colours, by a TIFF's photometric interpretation."""
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
        mode = image.mode
    elif mode in ("1", "L", "LA", "La"):
        mode = "LA" if clear or mode in ("LA", "La") else "L"
    elif mode == "P" and not clear and icc is None and _grey_palette(image):
        mode = "L"
    else:
        mode = "RGBA" if clear or mode in ("PA", "RGBA", "RGBa") else "RGB"
    pixels, alpha = _samples(image, mode)
    return pixels, alpha, icc


def _samples(image: Image.Image, mode: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Pixels (H, W, 1 or 3) and alpha of an image as it is in that mode.

    A band at a time: a palette of a quarter of a gigabyte would become two on the way.
    """
    width, height = image.size
    colours = 1 if mode in ("L", "LA") else 3
    pixels = np.empty((height, width, colours), np.uint8)
    alpha = np.empty((height, width), np.uint8) if mode in ("LA", "RGBA") else None
    rows = max(1, _BAND_NUMBERS // width)
    for top in range(0, height, rows):
        band = image.crop((0, top, width, min(height, top + rows)))
        samples = np.asarray(band if band.mode == mode else band.convert(mode))
        samples = samples.reshape(*samples.shape[:2], -1)
        pixels[top : top + rows] = samples[:, :, :colours]
        if alpha is not None:
            alpha[top : top + rows] = samples[:, :, -1]
    return pixels, alpha


def _grey_palette(image: Image.Image) -> bool:
    palette = np.array(image.getpalette() or [0, 1, 2]).reshape(-1, 3)
    return bool((palette == palette[:, :1]).all())


def correct_palette(image: TiffImageFile) -> None:
    """Give an image that is not decoded yet the colours that its table means.

    The table's numbers have 16 bits, and Pillow takes the upper half of each; some programs write 8. Where no
    number is above 255 the table is one of those, as libtiff has it.
    """
    table = image.tag_v2.get(tiff.COLOUR_MAP)
    if image.mode in ("P", "PA") and table and max(table) < 256:
        image.palette = ImagePalette.raw("RGB;L", bytes(table))


def correct_inks(image: Image.Image) -> Image.Image:
    """A CMYK JPEG as it is meant: Adobe's programs store inks the other way round and leave their mark, and
    Pillow turns all round that are CMYK (libjpeg.txt, "Special color spaces")."""
    if image.mode != "CMYK" or "adobe" in image.info:
        return image
    inks = ImageChops.invert(image)
    inks.info = image.info
    return inks


def correct_clear_grey(image: Image.Image, depth: int) -> None:
    """Spread the one grey of a PNG that is transparent over 8 bits, as Pillow does with samples of 2 and 4
    bits, but not with it."""
    clear = image.info.get("transparency")
    if image.mode == "L" and depth in (2, 4) and isinstance(clear, int):
        image.info["transparency"] = clear * 255 // ((1 << depth) - 1)


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


def plain_tiff(
    fp: BinaryIO, layout: tiff.Layout, icc: bytes | None, table: tuple[int, ...] = ()
) -> tuple[np.ndarray, np.ndarray | None, bytes | None]:
    """Pixels, alpha and profile of a TIFF whose samples all have 1 to 16 bits, from its samples as stored.

    table: the colours of a palette. Raises UnknownLayoutError for samples that are neither grey, RGB,
    palette, CMYK nor Lab.
    """
    colours = _COLOURS.get(layout.photometric)
    if colours is None:
        raise UnknownLayoutError(f"photometric interpretation {layout.photometric}")
    samples = strips.samples(fp, layout)
    if layout.photometric == 3:
        samples = _coloured(samples, layout, table)
        colours = 3
    else:
        samples = _filled(samples, layout.bits[0])
    if samples.shape[2] < colours:
        raise ValueError("fewer samples than colours")
    top = np.iinfo(samples.dtype).max
    pixels, alpha = samples[:, :, :colours], None
    extra = layout.extra or (2,)  # an unexplained fourth sample is alpha, as Pillow has it
    for place, meaning in enumerate(extra[: samples.shape[2] - colours], colours):
        if meaning in (1, 2):
            alpha = np.ascontiguousarray(samples[:, :, place])
            if meaning == 1:  # multiplied into the colours
                pixels = divided(pixels, alpha)
            break
    if layout.photometric == 0:  # white is zero
        pixels = top - pixels
    elif layout.photometric == 5:
        pixels, alpha, icc = in_eight_bits(pixels), None if alpha is None else in_eight_bits(alpha), icc
        image = Image.frombytes("CMYK", (layout.width, layout.height), pixels.tobytes())
        pixels, icc = np.array(to_srgb(image, icc)), None
    elif layout.photometric in (8, 9):
        pixels, icc = lab_to_srgb(pixels, icc_encoding=layout.photometric == 9), None
    return pixels, alpha, icc


def from_luma(samples: np.ndarray, meant: tiff.Luma) -> np.ndarray:
    """RGB, (H, W, 3) uint8, of YCbCr samples of that kind: TIFF 6.0, section 21."""
    red, green, blue = meant.weights
    black, white = np.array(meant.reference, np.float32).reshape(3, 2).T
    gain = np.array([255, 127, 127], np.float32) / (white - black)
    colours = np.empty(samples.shape, np.uint8)
    rows = max(1, _BAND_NUMBERS // samples.shape[1])
    for top in range(0, len(samples), rows):  # a number becomes four bytes, several times over
        y, cb, cr = np.moveaxis((samples[top : top + rows] - black) * gain, 2, 0)
        r, b = cr * (2 - 2 * red) + y, cb * (2 - 2 * blue) + y
        g = (y - red * r - blue * b) / green
        colours[top : top + rows] = np.stack([r, g, b], axis=2).round().clip(0, 255)
    return colours


def _filled(samples: np.ndarray, bits: int) -> np.ndarray:
    """Numbers of so many bits, spread over all 8 or 16 of their array."""
    most, top = (1 << bits) - 1, np.iinfo(samples.dtype).max
    if most == top:
        return samples
    table = ((np.arange(most + 1) * int(top) + most // 2) // most).astype(samples.dtype)
    return _looked_up(table[:, None], samples).reshape(samples.shape)


def _looked_up(table: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The rows of a table (n, C) for numbers of any shape: (numbers.size, C)."""
    flat = numbers.reshape(-1)
    out = np.empty((flat.size, table.shape[1]), table.dtype)
    for at in range(0, flat.size, _BAND_NUMBERS):  # each number becomes eight bytes on the way
        out[at : at + _BAND_NUMBERS] = table[flat[at : at + _BAND_NUMBERS]]
    return out


def _coloured(samples: np.ndarray, layout: tiff.Layout, table: tuple[int, ...]) -> np.ndarray:
    """The colours of a palette, (H, W, 3) uint8, and alpha behind them where it is there."""
    count = 1 << layout.bits[0]
    if layout.bits[0] > 8 or len(table) != 3 * count or 1 in layout.extra:
        raise UnknownLayoutError(f"a palette of {layout.bits[0]} bits")
    depth = 1 if max(table) < 256 else 256
    rows = (np.array(table).reshape(3, count).T // depth).astype(np.uint8)
    colours = _looked_up(rows, samples[:, :, 0]).reshape(layout.height, layout.width, 3)
    if samples.shape[2] == 1:
        return colours
    return np.concatenate([colours, _filled(samples[:, :, 1:], layout.bits[0])], axis=2)


def in_eight_bits(samples: np.ndarray) -> np.ndarray:
    """Samples of 16 bits, rounded to 8; others as they are."""
    if samples.dtype == np.uint16:
        table = ((np.arange(65536) + 128) // 257).astype(np.uint8)
        return _looked_up(table[:, None], samples).reshape(samples.shape)
    return samples


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
