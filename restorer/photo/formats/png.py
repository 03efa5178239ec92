"""A PNG encoder for what common encoders cannot write together.

What comes in: (H, W, C) pixels, 8 or 16 bits, C = 1 grey, 2 grey and alpha, 3 RGB,
4 RGBA, with profile, EXIF, XMP and resolution. What goes out: a PNG file, written
band by band. Pillow has no 16-bit RGB and OpenCV no grey with alpha and no metadata,
so one small encoder serves every case.

Each row takes the filter whose output has the least sum of absolute values, the
heuristic that the specification recommends.

Source: PNG Specification (third edition), sections 9 (filtering), 11 (chunks).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import BinaryIO

import numpy as np

from restorer.photo.metadata.iptc import resources

_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_BAND_BYTES = 1 << 20


def write_png(
    fp: BinaryIO,
    pixels: np.ndarray,
    *,
    icc: bytes | None = None,
    exif: bytes | None = None,
    xmp: bytes | None = None,
    dpi: tuple[float, float] | None = None,
    texts: Sequence[tuple[str, str]] = (),
    iptc: bytes | None = None,
) -> None:
    """Encode `pixels`, (H, W, C) uint8 or uint16, into `fp`.

    iptc: records; they lie in a "Raw profile" text as ImageMagick and exiftool have it, for want of a chunk.
    """
    height, width, channels = pixels.shape
    deep = pixels.dtype == np.uint16
    fp.write(b"\x89PNG\r\n\x1a\n")
    header = struct.pack(">IIBBBBB", width, height, 16 if deep else 8, _COLOUR_TYPES[channels], 0, 0, 0)
    _chunk(fp, b"IHDR", header)
    if icc:
        _chunk(fp, b"iCCP", b"ICC profile\0\0" + zlib.compress(icc, 9))
    if dpi:
        per_metre = [min(round(value / 0.0254), 2**31 - 1) for value in dpi]
        _chunk(fp, b"pHYs", struct.pack(">IIB", *per_metre, 1))
    if exif:
        _chunk(fp, b"eXIf", exif)
    if xmp:
        _chunk(fp, b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    if iptc:
        _chunk(fp, b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(_raw_profile(resources(iptc)), 9))
    for keyword, text in texts:
        _text(fp, keyword, text)
    packer = zlib.compressobj(6)
    step = pixels.itemsize * channels
    stride = step * width
    above = np.zeros(stride, np.uint8)
    rows = max(1, _BAND_BYTES // stride)
    for top in range(0, height, rows):
        band = np.ascontiguousarray(pixels[top : top + rows], dtype=">u2" if deep else np.uint8)
        raw = band.view(np.uint8).reshape(-1, stride)
        data = packer.compress(_filtered(raw, above, step).tobytes())
        if data:
            _chunk(fp, b"IDAT", data)
        above = raw[-1]
    _chunk(fp, b"IDAT", packer.flush())
    _chunk(fp, b"IEND", b"")


def _text(fp: BinaryIO, keyword: str, text: str) -> None:
    """A text in Latin-1 where it can be said in that, which every reader knows, else in UTF-8."""
    key = keyword.encode("latin-1", "replace")
    if not 0 < len(key) < 80 or b"\0" in key or key != key.strip() or "\0" in text:
        return
    try:
        _chunk(fp, b"tEXt", key + b"\0" + text.encode("latin-1"))
    except UnicodeEncodeError:
        _chunk(fp, b"iTXt", key + b"\0\0\0\0\0" + text.encode("utf-8", "replace"))


def _raw_profile(content: bytes) -> bytes:
    digits = content.hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    return f"\niptc\n{len(content):8}\n{lines}\n".encode("ascii")


def _chunk(fp: BinaryIO, name: bytes, data: bytes) -> None:
    fp.write(struct.pack(">I", len(data)) + name)
    fp.write(data)
    fp.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(name))))


def _filtered(raw: np.ndarray, above: np.ndarray, step: int) -> np.ndarray:
    """Filter (rows, stride) bytes; return (rows, 1 + stride) with each row's filter number in front."""
    up = np.vstack([above[None], raw[:-1]])
    left, corner = np.zeros_like(raw), np.zeros_like(raw)
    left[:, step:] = raw[:, :-step]
    corner[:, step:] = up[:, :-step]
    out = np.empty((raw.shape[0], raw.shape[1] + 1), np.uint8)
    best = np.full(raw.shape[0], np.iinfo(np.int64).max)
    for number, guess in enumerate((0, left, up, _average(left, up), _paeth(left, up, corner))):
        residual = raw - guess
        cost = np.minimum(residual, np.negative(residual)).sum(axis=1, dtype=np.int64)
        better = cost < best
        best[better] = cost[better]
        out[better, 0] = number
        out[better, 1:] = residual[better]
    return out


def _average(left: np.ndarray, up: np.ndarray) -> np.ndarray:
    mean: np.ndarray = (left & up) + ((left ^ up) >> 1)  # rounded down, without leaving eight bits
    return mean


def _paeth(left: np.ndarray, up: np.ndarray, corner: np.ndarray) -> np.ndarray:
    a, b, c = (plane.astype(np.int16) for plane in (left, up, corner))
    to_left, to_up, to_corner = np.abs(b - c), np.abs(a - c), np.abs(a + b - 2 * c)
    guess = np.where(to_up <= to_corner, up, corner)
    nearest: np.ndarray = np.where((to_left <= to_up) & (to_left <= to_corner), left, guess)
    return nearest
