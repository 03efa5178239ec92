"""TIFF: an encoder with all metadata, and how a file is laid out; `strips` decodes.

What comes in: (H, W, C) pixels, 8 or 16 bits, C = 1 grey, 2 grey and alpha, 3 RGB,
4 RGBA, with EXIF, XMP and profile. What goes out: a file of deflated strips,
written strip by strip.

The file starts with the EXIF block itself, which is a small TIFF: its directories
and the offsets in its maker's note stay right, and the directory that describes the
strips is put at the end.

Source: TIFF 6.0, sections 8 (baseline), 14 (predictor); Adobe Photoshop TIFF note 2 (deflate).
"""

from __future__ import annotations

import io
import math
import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from restorer.photo import profiles
from restorer.photo.formats.directories import (
    BYTE,
    LONG,
    RATIONAL,
    SHORT,
    UNDEFINED,
    Field,
    Fields,
    integers,
    number,
    pack_ifd,
    read_header,
    read_ifd,
)

XMP, ICC, IPTC, PHOTOSHOP = 700, 34675, 33723, 34377
BELONGINGS = (XMP, ICC, IPTC, PHOTOSHOP)
LAB = (8, 9)
CMYK, YCBCR, YCBCR_SAMPLING = 5, 6, 530

_STRIP_BYTES = 1 << 20
DEFLATE = (8, 32946)
_FAX = (2, 3, 4)
PHOTOMETRIC, COLOUR_MAP, INK_SET, DOT_RANGE = 262, 320, 332, 336
_USUAL_WEIGHTS = (0.299, 0.587, 0.114)
_USUAL_RANGE = (0.0, 255.0, 128.0, 255.0, 128.0, 255.0)
# Everything that describes how pixels are stored; only the encoder may set these.
_STORAGE = {254, 255, *range(256, 270), 273, 277, 278, 279, 280, 281, 284, *range(288, 294), 297, 301}
_STORAGE |= {
    317,
    320,
    *range(321, 326),
    330,
    *range(332, 344),
    347,
    *range(512, 533),
    XMP,
    ICC,
    IPTC,
    PHOTOSHOP,
}
_STORAGE -= {269}
_SIZING = {256, 257, 258, 259, 262, 273, 277, 278, 279, 284, 317, *range(322, 326), 338, 339}
"""What says how much there is to decode: libtiff believes the first of two, Pillow the last."""


@dataclass(frozen=True)
class Layout:
    """How a TIFF's first image is stored; sizes in pixels, `extra` the kinds of its extra samples."""

    order: str
    width: int
    height: int
    bits: tuple[int, ...]
    samples: int
    formats: tuple[int, ...]
    photometric: int
    extra: tuple[int, ...]
    planar: bool
    compression: int
    predictor: int
    tile: tuple[int, int] | None
    rows: int
    offsets: tuple[int, ...]
    counts: tuple[int, ...]
    orientation: int  # 1 to 8, 0 for none
    reversed_bits: bool  # the first bit of a byte is its least (FillOrder 2)
    raw: bool  # a camera's raw file in TIFF's clothes


def read_layout(fp: BinaryIO) -> tuple[Layout, Fields]:
    """Read the first directory. Raises ValueError if there is none, or it has no size or two of them."""
    header = read_header(fp)
    fields, _ = read_ifd(fp, header, header.first, once=_SIZING)

    def get(tag: int, default: tuple[int, ...]) -> tuple[int, ...]:
        return integers(fields.get(tag), header.order) or default

    width, height, samples = get(256, (0,))[0], get(257, (0,))[0], get(277, (1,))[0]
    if width < 1 or height < 1 or not 1 <= samples <= 16:
        raise ValueError("the first directory states no size")
    tiled = 322 in fields
    extra, compression = get(338, ()), get(259, (1,))[0]
    layout = Layout(
        order=header.order,
        width=width,
        height=height,
        bits=get(258, (1,) * samples),
        samples=samples,
        formats=get(339, (1,)),
        photometric=get(262, (_meant(samples - len(extra), compression),))[0],
        extra=extra,
        planar=get(284, (1,))[0] == 2,
        compression=compression,
        predictor=get(317, (1,))[0],
        tile=(get(322, (0,))[0], get(323, (0,))[0]) if tiled else None,
        rows=min(get(278, (height,))[0] or height, height),
        offsets=get(324 if tiled else 273, ()),
        counts=get(325 if tiled else 279, ()),
        orientation=turn if 1 <= (turn := get(274, (0,))[0]) <= 8 else 0,
        reversed_bits=get(266, (1,))[0] == 2,
        raw=50706 in fields or get(262, (1,))[0] in (32803, 34892),
    )
    return layout, fields


def _meant(colours: int, compression: int) -> int:
    """The photometric interpretation of a file that states none, as libtiff takes it; -1 for none."""
    if colours == 1:
        return 0 if compression in _FAX else 1
    return 2 if colours == 3 else -1


def primaries(fields: Fields, order: str) -> profiles.Space | None:
    """White and primaries that a directory states (TIFF 6.0, section 20); None where it states none."""
    white, colours = _rationals(fields.get(318), 2, order), _rationals(fields.get(319), 6, order)
    if white is None or colours is None:
        return None
    values = white + colours
    return profiles.Space(*zip(values[::2], values[1::2], strict=True))


@dataclass(frozen=True)
class Luma:
    """How YCbCr samples of 8 bits are meant: the weights of red, green and blue in Y, and the numbers that
    are black and white for Y, Cb and Cr (TIFF 6.0, sections 20 and 21)."""

    weights: tuple[float, ...]
    reference: tuple[float, ...]


def luma(fields: Fields, order: str) -> Luma | None:
    """How a directory means its YCbCr samples; None for the usual way, which is that of JFIF.

    Raises ValueError where what it states makes no colours."""
    weights = _rationals(fields.get(529), 3, order) or _USUAL_WEIGHTS
    reference = _rationals(fields.get(532), 6, order) or _USUAL_RANGE
    if not all(0 < weight < 1 for weight in weights):
        raise ValueError("weights of Y that make no colours")
    if not all(math.isfinite(each) and abs(each) < 1e6 for each in reference) or any(
        white - black < 1 for black, white in zip(reference[::2], reference[1::2], strict=True)
    ):
        raise ValueError("black and white that make no range")
    found = Luma(weights, reference)
    near = all(abs(a - b) < 0.001 for a, b in zip(weights, _USUAL_WEIGHTS, strict=True))
    return None if near and reference == _USUAL_RANGE else found


def _rationals(field: Field | None, count: int, order: str) -> tuple[float, ...] | None:
    """So many fractions of a field; None where it is not there, or another one."""
    if field is None or field.kind != RATIONAL or field.count != count:
        return None
    numbers = struct.unpack(f"{order}{2 * count}I", field.data)
    return tuple(
        top / bottom if bottom else 0.0 for top, bottom in zip(numbers[::2], numbers[1::2], strict=True)
    )


def check_strips(layout: Layout, size: int) -> None:
    """Raise ValueError if the strips or tiles together take more bytes than a file of `size` bytes has: they
    share them, and each would be read and decoded by itself. Twice as many are borne, for careless writers
    state the last strip as long as the others."""
    if sum(layout.counts) > 2 * size:
        raise ValueError("strips that share bytes")


def write_tiff(
    fp: BinaryIO,
    pixels: np.ndarray,
    *,
    exif: bytes,
    icc: bytes | None = None,
    xmp: bytes | None = None,
    iptc: bytes | None = None,
) -> None:
    """Encode `pixels`, (H, W, C) uint8 or uint16, into the empty seekable file `fp`.

    `exif` also carries software and resolution. Raises struct.error beyond 4 GiB.
    """
    height, width, channels = pixels.shape
    block = io.BytesIO(exif)
    header = read_header(block)
    order = header.order
    inherited, _ = read_ifd(block, header, header.first)
    fields = {tag: field for tag, field in inherited.items() if tag not in _STORAGE}

    fp.write(exif + bytes(len(exif) % 2))
    rows = max(1, min(height, _STRIP_BYTES // (width * channels * pixels.itemsize)))
    place = fp.tell()
    offsets, counts = [], []
    for top in range(0, height, rows):
        band = pixels[top : top + rows]
        steps = band.copy()
        steps[:, 1:] -= band[:, :-1]  # wraps around, as the predictor is defined
        packed = zlib.compress(steps.astype(f"{order}u{steps.itemsize}").tobytes(), 6)
        offsets.append(place)
        counts.append(len(packed))
        packed += bytes(len(packed) % 2)
        fp.write(packed)
        place += len(packed)
    fields |= {
        256: number(order, LONG, width),
        257: number(order, LONG, height),
        258: number(order, SHORT, *[8 * pixels.itemsize] * channels),
        259: number(order, SHORT, DEFLATE[0]),
        262: number(order, SHORT, 1 if channels < 3 else 2),
        273: number(order, LONG, *offsets),
        277: number(order, SHORT, channels),
        278: number(order, LONG, rows),
        279: number(order, LONG, *counts),
        284: number(order, SHORT, 1),
        317: number(order, SHORT, 2),
    }
    if channels in (2, 4):
        fields[338] = number(order, SHORT, 2)  # alpha, not multiplied in
    if icc:
        fields[ICC] = Field(UNDEFINED, len(icc), icc)
    if xmp:
        fields[XMP] = Field(BYTE, len(xmp), xmp)
    if iptc:
        iptc += bytes(-len(iptc) % 4)  # a field of long numbers, as Photoshop and libtiff have it
        fields[IPTC] = Field(LONG, len(iptc) // 4, iptc)
    directory, first = pack_ifd(fields, order, place)
    fp.write(directory)
    fp.seek(4)
    fp.write(struct.pack(order + "I", first))
