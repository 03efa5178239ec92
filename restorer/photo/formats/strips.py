"""The samples of a TIFF's strips and tiles, of 1 to 16 bits, whatever they mean.

What comes in: an open file and its layout. What goes out: (H, W, samples) uint8 or uint16, as stored.

Plain and deflated parts are decoded here, LZW, PackBits, LZMA and ZSTD by the libtiff that Pillow ships: each
part is shown to it as a small grey picture of its own, as wide as all samples of a row. So Pillow, which
would keep 8 bits of 16 and knows no plane but its own, has nothing to interpret, and the predictor is undone
here. Why so: docs/decisions/0010-libtiff-sees-grey-strips.md.

Source: TIFF 6.0, sections 8 (baseline), 14 (predictor), 15 (tiles); Adobe Photoshop TIFF note 2 (deflate).
"""

from __future__ import annotations

import io
import itertools
import math
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

import numpy as np
from PIL.TiffImagePlugin import TiffImageFile

from restorer.photo.formats.directories import LONG, SHORT, number, pack_ifd
from restorer.photo.formats.tiff import DEFLATE, Layout

_PLAIN = 1
_LIBTIFF = {5: "LZW", 32773: "PackBits", 34925: "LZMA", 50000: "ZSTD"}
_NAMES = {
    6: "old JPEG",
    7: "JPEG",
    34712: "JPEG 2000",
    34887: "LERC",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
_PLAIN_PARTS, _BYTES_A_PART = 4096, 128
"""How many parts libtiff is shown, and the bytes of the file for each more: each takes most of a millisecond,
and the packed row of a photo is longer."""
_UNPACKED_BYTES = 1 << 20
"""Bytes that are taken apart at a time; each becomes eight."""
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def name(compression: int) -> str | None:
    """A compression that is not decoded here, by its name; None for one that is, or has no name."""
    return f"{_NAMES[compression]} ({compression})" if compression in _NAMES else None


class UnknownLayoutError(ValueError):
    """The TIFF is stored in a way that is not decoded here; the text says in which."""


def known(layout: Layout) -> bool:
    """Whether `samples` decodes such a layout, and what it decodes is no YCbCr."""
    codecs = (_PLAIN, *DEFLATE, *_LIBTIFF)
    return _even(layout) and layout.compression in codecs and layout.photometric in (0, 1, 2, 3, 5, 8, 9)


def _even(layout: Layout) -> bool:
    """Whether all samples have the same depth, of 1 to 16 bits, and a predictor that is undone here."""
    bits = set(layout.bits)
    if len(bits) != 1 or not 1 <= layout.bits[0] <= 16:
        return False
    return layout.predictor == 1 or (layout.predictor == 2 and bits <= {8, 16})


def reckoned(layout: Layout, size: int) -> Layout:
    """The layout with a length for each part, in a file of `size` bytes.

    Where it is missing or 0, a plain part is as long as its samples, and another reaches to the next one.
    """
    stated = layout.counts[: len(layout.offsets)]
    stated += (0,) * (len(layout.offsets) - len(stated))
    if all(stated):
        return replace(layout, counts=stated)
    order = sorted({*layout.offsets, size})
    following = dict(itertools.pairwise(order))
    plain = layout.compression == _PLAIN
    counts = []
    for index, (at, count) in enumerate(zip(layout.offsets, stated, strict=True)):
        if not count:
            reach = max(0, size - at)
            count = (
                min(_plain_size(layout, index), reach) if plain else min(following.get(at, size) - at, reach)
            )
        counts.append(count)
    return replace(layout, counts=tuple(counts))


def _plain_size(layout: Layout, index: int) -> int:
    samples = 1 if layout.planar else layout.samples
    width, rows = layout.tile or (layout.width, layout.rows)
    if not layout.tile:
        down = math.ceil(layout.height / layout.rows)
        rows = min(rows, layout.height - index % down * rows)
    return rows * math.ceil(width * samples * max(layout.bits) / 8)


def samples(fp: BinaryIO, layout: Layout) -> np.ndarray:
    """Decode the samples, (H, W, samples).

    Raises UnknownLayoutError, or anything at all where data are missing or damaged.
    """
    if not _even(layout):
        bits = " and ".join(str(each) for each in sorted({*layout.bits}))
        raise UnknownLayoutError(f"{bits} bits, predictor {layout.predictor}")
    if layout.compression not in (_PLAIN, *DEFLATE, *_LIBTIFF):
        raise UnknownLayoutError(name(layout.compression) or f"compression ({layout.compression})")
    length = fp.seek(0, os.SEEK_END)
    if any(at + count > length for at, count in zip(layout.offsets, layout.counts, strict=False)):
        raise ValueError("strips outside the file")
    if layout.compression in _LIBTIFF and len(layout.offsets) > _PLAIN_PARTS + length // _BYTES_A_PART:
        raise ValueError(f"{len(layout.offsets)} strips or tiles")
    depth = np.dtype(np.uint16 if layout.bits[0] > 8 else np.uint8)
    planes, together = (layout.samples, 1) if layout.planar else (1, layout.samples)
    out = np.empty((planes, layout.height, layout.width, together), depth)
    parts = iter(zip(layout.offsets, layout.counts, strict=True))
    for plane in out:
        for top, left, rows, columns in _places(layout):
            at, count = next(parts, (0, 0))
            if not count:
                raise ValueError("truncated")
            fp.seek(at)  # one part at a time: a file of many pages may be larger than memory
            packed = fp.read(count)
            if layout.reversed_bits:
                packed = packed.translate(_REVERSED)
            part = _decoded(packed, layout, rows, columns * together).reshape(rows, columns, together)
            if layout.predictor == 2:
                part = np.cumsum(part, axis=1, dtype=depth)
            place = plane[top : top + rows, left : left + columns]
            place[...] = part[: place.shape[0], : place.shape[1]]
    return np.concatenate(out, axis=2) if layout.planar else np.asarray(out[0])


def _places(layout: Layout) -> Iterator[tuple[int, int, int, int]]:
    """Top, left, rows and columns of each part of a plane; a tile may reach over the edge."""
    width, rows = layout.tile or (layout.width, layout.rows)
    for top in range(0, layout.height, rows):
        for left in range(0, layout.width, width):
            yield top, left, rows if layout.tile else min(rows, layout.height - top), width


def _decoded(packed: bytes, layout: Layout, rows: int, width: int) -> np.ndarray:
    """The numbers of one part, (rows, width) uint8 or uint16."""
    bits = layout.bits[0]
    whole = bits in (8, 16)
    across = width if whole else math.ceil(width * bits / 8)  # a row of other depths begins with a byte
    if layout.compression in _LIBTIFF:
        part = _by_libtiff(packed, layout, rows, across, bits if whole else 8)
    else:
        size = bits // 8 if whole else 1
        if layout.compression in DEFLATE:
            packed = zlib.decompressobj().decompress(packed, rows * across * size)
        part = np.frombuffer(packed, f"{layout.order}u{size}", rows * across).reshape(rows, across)
        part = part.astype(part.dtype.newbyteorder("="))
    return part if whole else _unpacked(part, width, bits)


def _unpacked(rows: np.ndarray, width: int, bits: int) -> np.ndarray:
    """Numbers of `bits` bits that follow each other, the first at the top of its byte: (H, bytes) uint8 to
    (H, width) uint8 or uint16."""
    out = np.zeros((len(rows), width), np.uint8 if bits <= 8 else np.uint16)
    step = max(1, _UNPACKED_BYTES // rows.shape[1])
    for top in range(0, len(rows), step):
        ones = np.unpackbits(rows[top : top + step], axis=1, count=width * bits).reshape(-1, width, bits)
        band = out[top : top + step]
        for place in range(bits):
            band <<= 1
            band |= ones[:, :, place]
    return out


def _by_libtiff(packed: bytes, layout: Layout, rows: int, width: int, bits: int) -> np.ndarray:
    """Decode one part as a grey picture of `rows` and `width`, of 8 or 16 bits."""
    order = layout.order
    fields = {
        256: number(order, LONG, width),
        257: number(order, LONG, rows),
        258: number(order, SHORT, bits),
        259: number(order, SHORT, layout.compression),
        262: number(order, SHORT, 1),
        273: number(order, LONG, 8),
        277: number(order, SHORT, 1),
        278: number(order, LONG, rows),
        279: number(order, LONG, len(packed)),
    }
    place = 8 + len(packed) + len(packed) % 2
    directory, first = pack_ifd(fields, order, place)
    mark = b"II" if order == "<" else b"MM"
    file = struct.pack(order + "2sHI", mark, 42, first) + packed.ljust(place - 8, b"\0") + directory
    image = TiffImageFile(io.BytesIO(file))
    image.load()
    return np.asarray(image).astype(np.uint16 if bits == 16 else np.uint8)
