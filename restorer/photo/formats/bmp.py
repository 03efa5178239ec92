"""BMP: what Pillow passes over: masks of any place and width, alpha, and the colours that a header tells.

What comes in: an open BMP. What goes out: its masks and what they cut out of the numbers, or a profile.

Source: Windows' BITMAPINFOHEADER, BITMAPV4HEADER and BITMAPV5HEADER.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from restorer.photo import profiles

_INFO, _V4, _V5 = 40, 108, 124
_MASKED = (3, 6)
"""Compressions: three masks, and four."""
_USUAL = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
_CALIBRATED, _EMBEDDED = bytes(4), b"DEBM"  # "MBED", its bytes reversed
_MOST_PROFILE = 16 << 20


@dataclass(frozen=True)
class Masked:
    """How numbers of `bits` bits lie in a file.

    masks: of red, green, blue and, where it is not 0, alpha. stated: whether the file says so.
    """

    size: tuple[int, int]
    upside_down: bool
    bits: int
    masks: tuple[int, int, int, int]
    at: int
    dpi: tuple[float, float] | None
    stated: bool


def masked(fp: BinaryIO) -> Masked | None:
    """The layout of a BMP with masks, or of 32 bits, whose fourth byte is alpha to many programs though no
    field says so; None for any other. Raises ValueError for masks that make no sense."""
    fp.seek(10)
    head = fp.read(4 + _V5)
    if len(head) < 4 + _INFO:
        return None
    at, length, width, height, _, bits, compression = struct.unpack_from("<IIiiHHI", head)
    stated = compression in _MASKED
    if length < _INFO or bits not in (16, 32) or not (stated or (bits == 32 and compression == 0)):
        return None
    places = head[4 + _INFO : 4 + _INFO + 16].ljust(16, b"\0")
    red, green, blue, alpha = struct.unpack("<4I", places)
    if compression == 3 and length < _INFO + 16:  # there is no fourth
        alpha = 0
    masks = (red, green, blue, alpha) if stated else _USUAL
    for index, mask in enumerate(masks):
        run = mask // (mask & -mask) if mask else 0
        twice = any(mask & each for each in masks[:index])
        if (not mask and index < 3) or run & (run + 1) or mask >> bits or twice:
            raise ValueError(f"the mask {mask:#x}")
    across, down = struct.unpack_from("<ii", head, 4 + 24)
    dpi = (across * 0.0254, down * 0.0254) if across > 0 and down > 0 else None
    return Masked((width, abs(height)), height > 0, bits, masks, at, dpi, stated)


def pixels(fp: BinaryIO, layout: Masked) -> tuple[np.ndarray, np.ndarray | None]:
    """Colours (H, W, 3) uint8, or uint16 where a mask has more than 8 bits, and alpha.

    There is no alpha where all of it is 0, or where it is the same everywhere and no field says what it is:
    then the program that wrote the file knew of none. Raises ValueError where the file ends before its
    picture.
    """
    width, height = layout.size
    length = -(-width * layout.bits // 32) * 4
    fp.seek(layout.at)
    data = fp.read(length * height)
    if len(data) < length * height:
        raise ValueError("truncated")
    rows = np.frombuffer(data, np.uint8).reshape(height, length)[:, : width * layout.bits // 8]
    numbers = np.ascontiguousarray(rows).view(f"<u{layout.bits // 8}")
    if layout.upside_down:
        numbers = numbers[::-1]
    deep = any(mask.bit_count() > 8 for mask in layout.masks)
    colours = np.empty((height, width, 3), np.uint16 if deep else np.uint8)
    for place, mask in enumerate(layout.masks[:3]):
        colours[:, :, place] = _cut(numbers, mask, colours.dtype)
    if not layout.masks[3]:
        return colours, None
    alpha = _cut(numbers, layout.masks[3], colours.dtype)
    told = alpha.any() if layout.stated else alpha.min() < alpha.max()
    return colours, alpha if told else None


def _cut(numbers: np.ndarray, mask: int, depth: np.dtype[np.generic]) -> np.ndarray:
    """What a mask cuts out of the numbers, spread over all of a depth."""
    most, top = mask // (mask & -mask), (1 << 8 * depth.itemsize) - 1
    value = (numbers & numbers.dtype.type(mask)) >> numbers.dtype.type((mask & -mask).bit_length() - 1)
    if most != top:
        value = (value.astype(np.uint64) * top + most // 2) // most
    return np.asarray(value, depth)


def profile(fp: BinaryIO) -> bytes | None:
    """The colours of a BMP of version 4 or 5: a profile inside it, or made of the white, primaries and gamma
    of its header; None where it tells none."""
    fp.seek(10)
    head = fp.read(4 + _V5)
    length = int.from_bytes(head[4:8], "little")
    if length < _V4 or len(head) < 4 + _V4:
        return None
    kind = head[60:64]
    if kind == _CALIBRATED:
        return _calibrated(head)
    if length < _V5 or len(head) < 4 + _V5 or kind != _EMBEDDED:
        return None
    at, size = struct.unpack_from("<II", head, 116)
    if not 0 < size <= _MOST_PROFILE:
        return None
    fp.seek(14 + at)
    return fp.read(size)


def _calibrated(head: bytes) -> bytes | None:
    """The profile of CIE XYZ of the primaries, as numbers of 2 and 30 bits, and gammas of 16 and 16."""
    ends = np.array(struct.unpack_from("<9i", head, 64), np.float64).reshape(3, 3) / 2**30
    gammas = struct.unpack_from("<3I", head, 100)
    if not gammas[0] or len({*gammas}) > 1 or (ends.sum(axis=1) <= 0).any():
        return None
    white = ends.sum(axis=0)
    spots = [(float(each[0] / each.sum()), float(each[1] / each.sum())) for each in (white, *ends)]
    return profiles.of_gamma(gammas[0] / 65536, profiles.Space(*spots), 3)
