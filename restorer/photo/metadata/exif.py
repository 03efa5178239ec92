"""EXIF blocks: carry over, correct, take the thumbnail out.

What comes in: an EXIF block (a small TIFF structure without the "Exif" prefix), or
a TIFF file. What goes out: a block that tells the truth about a new picture: its
size, its upright orientation, its software, no thumbnail of the old one.

A block is never taken apart and rebuilt. Makers' notes hold offsets counted from
the start of the block, which break when they move; so the old bytes stay where they
are, corrected directories are appended, and the header points to the new ones.

Source: CIPA DC-008 Exif 2.32, section 4 (tags, structure).
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_left
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import BinaryIO

from restorer.photo.formats.directories import (
    ASCII,
    BYTE,
    LONG,
    RATIONAL,
    SHORT,
    UNDEFINED,
    Field,
    Fields,
    Header,
    integers,
    number,
    pack_ifd,
    read_header,
    read_ifd,
    set_short,
)

ORIENTATION, SOFTWARE, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 274, 305, 282, 283, 296
EXIF_IFD, _GPS_IFD, _INTEROP_IFD = 34665, 34853, 40965
_COLOUR_SPACE, _SRGB, _UNCALIBRATED = 40961, 1, 65535
_EXIF_VERSION, _PIXEL_X, _PIXEL_Y, _MAKER_NOTE = 36864, 40962, 40963, 37500
_FLASHPIX, _COMPONENTS, _YCBCR_POSITIONING, _GPS_VERSION = 40960, 37121, 531, 0
_INDEX, _RELATED_WIDTH, _RELATED_LENGTH = 1, 4097, 4098
XMP = 700

# What a TIFF's first directory says about the photo rather than about its strips.
_DESCRIPTIVE = {269, 270, 271, 272, 274, 282, 283, 285, 296, 305, 306, 315, 316, 18246, 18249, 33432}
_DESCRIPTIVE |= {40091, 40092, 40093, 40094, 40095}
# Pointers to pixel data and previews, which do not come along.
_PIXEL_POINTERS = {273, 279, 288, 289, 324, 325, 330, 513, 514}
_STRAYS = {33434, 33437, 34850, 34855, 36867, 36868, 36880, 36881, 36882, 37386, 37510, 41728, 41729, 42036}
"""Fields of the EXIF directory that programs put into a TIFF's first one; the photo's time before all."""
_SPOTS = {37396, 41492, 41486, 41487, 41488}
"""Where the subject is, in pixels, and how many pixels the sensor has on a length: untrue at another size."""
_OF_THE_FILE = {*range(256, 260), 262, 266, 277, 278, 284, 301, *range(317, 321), 322, 323, 338, 339}
_OF_THE_FILE |= {*range(529, 533), XMP, 33550, 33723, 33922, 34264, 34377, 34675, *range(34735, 34738), 42112}
"""How the old file stored its picture: sizes, black and white, curves and primaries, for which the result
has a profile; where its pixels lie on a map; and blocks that are carried in a place of their own."""
_PLACED = {_GPS_IFD, _MAKER_NOTE, XMP, 33723, 34377, 50740, 50341}
_MOST_STRIPS = 64  # of a thumbnail
_EMPTY = b"II*\0\x08\0\0\0\0\0\0\0\0\0"


def from_tiff(fp: BinaryIO) -> bytes | None:
    """Gather what a TIFF file says about its photo into an EXIF block; None if it says nothing."""
    return _gathered(fp, _DESCRIPTIVE, set())


def upright(exif: bytes) -> tuple[int, bytes | None]:
    """Return the orientation that a block states (1 to 8, 0 for none), and the block with it set to 1.

    The block is None if it cannot be understood.
    """
    fp = io.BytesIO(exif)
    try:
        header = read_header(fp)
        fields, _ = read_ifd(fp, header, header.first)
    except ValueError:
        return 0, None
    if header.big:
        return 0, None
    stated = integers(fields.get(ORIENTATION), header.order)
    orientation = stated[0] if stated and 1 <= stated[0] <= 8 else 0
    block = bytearray(exif)
    set_short(block, header, ORIENTATION, 1)
    return orientation, bytes(block)


def adobe_rgb(exif: bytes | None) -> bool:
    """Whether a block says that its photo is in Adobe RGB, as cameras do that write no profile.

    Source: DCF 2.0 (CIPA DC-009), the interoperability index R03 beside a colour space that is not sRGB.
    """
    if exif is None:
        return False
    fp = io.BytesIO(exif)
    try:
        header = read_header(fp)
        zeroth, _ = read_ifd(fp, header, header.first)
    except ValueError:
        return False
    inner = _child(fp, header, zeroth, EXIF_IFD)
    space = integers(inner.get(_COLOUR_SPACE), header.order)
    if space in ((1,), (2,)):  # 2 is no value of the standard, and never meant anything else
        return space == (2,)
    index = _child(fp, header, inner, _INTEROP_IFD).get(1)
    return index is not None and index.data.startswith(b"R03")


def resolution(exif: bytes | None) -> tuple[float, float] | None:
    """Pixels per inch that a block states, or None."""
    if exif is None:
        return None
    fp = io.BytesIO(exif)
    try:
        header = read_header(fp)
        fields, _ = read_ifd(fp, header, header.first)
    except ValueError:
        return None
    return dots_per_inch(fields, header.order)


def dots_per_inch(fields: Fields, order: str) -> tuple[float, float] | None:
    """Pixels per inch that a directory states, or None."""
    unit = (integers(fields.get(RESOLUTION_UNIT), order) or (2,))[0]
    scale = {2: 1.0, 3: 2.54}.get(unit)
    found = []
    for tag in (X_RESOLUTION, Y_RESOLUTION):
        field = fields.get(tag)
        if scale is None or field is None or field.kind != RATIONAL:
            return None
        top, bottom = struct.unpack_from(order + "II", field.data)
        found.append(top / bottom * scale if bottom else 0.0)
    return found[0], found[1]


@dataclass(frozen=True)
class Truth:
    """What holds of the new picture: its (width, height), who wrote it, pixels per inch, whether its colours
    are sRGB, and whether its file is a JPEG, in which EXIF wants more fields."""

    size: tuple[int, int]
    software: str
    dpi: tuple[float, float] | None
    srgb: bool = True
    jpeg: bool = False


def updated(exif: bytes | None, truth: Truth, most: int | None = None) -> bytes:
    """Return the block of a new, upright picture.

    Everything else that the block said stays; its thumbnail goes. Without a block
    a small one is made. A result longer than `most` bytes gives up the maker's
    note, and if that is not enough, all but what is stated here.
    """
    if exif is None or upright(exif)[1] is None:
        exif = _EMPTY
    block = _corrected(exif, truth)
    if most is not None and len(block) > most:
        lean = _gathered(io.BytesIO(exif), _DESCRIPTIVE, {_MAKER_NOTE})
        block = _corrected(lean or _EMPTY, truth)
        if len(block) > most:
            block = _corrected(_EMPTY, truth)
    return block


def packet(exif: bytes | None) -> bytes | None:
    """The packet of XMP that some programs put into the block; None where there is none."""
    if exif is None:
        return None
    fp = io.BytesIO(exif)
    try:
        header = read_header(fp)
        field = read_ifd(fp, header, header.first, wanted={XMP})[0].get(XMP)
    except ValueError:
        return None
    return None if field is None or len(field.data) < 20 else field.data


def without_place(exif: bytes) -> bytes:
    """The block made anew without its GPS directory, and without what may hold a place in a form that only
    its maker knows: makers' notes name cities and landmarks, and DNG's private data hold them again."""
    try:
        return _gathered(io.BytesIO(exif), None, _PLACED) or _EMPTY
    except ValueError:
        return _EMPTY


def _corrected(exif: bytes, truth: Truth) -> bytes:
    block = _without_thumbnail(exif)
    fp = io.BytesIO(bytes(block))
    header = read_header(fp)
    order, size = header.order, truth.size
    zeroth, _ = read_ifd(fp, header, header.first)
    inner = _child(fp, header, zeroth, EXIF_IFD)
    gps, interop = _child(fp, header, zeroth, _GPS_IFD), _child(fp, header, inner, _INTEROP_IFD)
    for tag in _PIXEL_POINTERS | _OF_THE_FILE:
        zeroth.pop(tag, None)
    for tag in _SPOTS:
        inner.pop(tag, None)
    for tag, side in ((_PIXEL_X, size[0]), (_PIXEL_Y, size[1])):
        inner[tag] = number(order, LONG, side)
    inner.setdefault(_EXIF_VERSION, Field(UNDEFINED, 4, b"0232"))
    inner.setdefault(_FLASHPIX, Field(UNDEFINED, 4, b"0100"))
    inner[_COLOUR_SPACE] = number(order, SHORT, _SRGB if truth.srgb else _UNCALIBRATED)
    if truth.jpeg:
        inner.setdefault(_COMPONENTS, Field(UNDEFINED, 4, bytes([1, 2, 3, 0])))
        zeroth[_YCBCR_POSITIONING] = number(order, SHORT, 1)
    if gps and _GPS_VERSION not in gps:
        gps[_GPS_VERSION] = number(order, BYTE, 2, 3, 0, 0)
        zeroth[_GPS_IFD] = number(order, LONG, _append(block, gps, order))
    elif not gps:
        zeroth.pop(_GPS_IFD, None)
    if interop:
        if truth.srgb and _INDEX in interop and interop[_INDEX].data.startswith(b"R03"):
            interop[_INDEX] = Field(ASCII, 4, b"R98\0")
        for tag, side in ((_RELATED_WIDTH, size[0]), (_RELATED_LENGTH, size[1])):
            if tag in interop:
                interop[tag] = number(order, LONG, side)
        inner[_INTEROP_IFD] = number(order, LONG, _append(block, interop, order))
    else:
        inner.pop(_INTEROP_IFD, None)
    text = truth.software.encode("ascii", "replace") + b"\0"
    zeroth[SOFTWARE] = Field(ASCII, len(text), text)
    zeroth[ORIENTATION] = number(order, SHORT, 1)
    dpi = truth.dpi or (72, 72)
    zeroth[X_RESOLUTION], zeroth[Y_RESOLUTION] = _rational(order, dpi[0]), _rational(order, dpi[1])
    # EXIF wants a resolution; where none is known it has no unit, so that nobody takes it for one.
    zeroth[RESOLUTION_UNIT] = number(order, SHORT, 1 if truth.dpi is None else 2)
    zeroth[EXIF_IFD] = number(order, LONG, _append(block, inner, order))
    struct.pack_into(order + "I", block, 4, _append(block, zeroth, order))
    return bytes(block)


def _append(block: bytearray, fields: Fields, order: str) -> int:
    block += bytes(len(block) % 2)
    data, offset = pack_ifd(fields, order, len(block))
    block += data
    return offset


def _rational(order: str, value: float) -> Field:
    ratio = Fraction(min(value, 1e6)).limit_denominator(4000)
    return Field(RATIONAL, 1, struct.pack(order + "II", ratio.numerator, ratio.denominator))


def _child(fp: BinaryIO, header: Header, fields: Fields, pointer: int) -> Fields:
    """The directory that `fields` points to; empty if there is none or it is broken."""
    where = integers(fields.get(pointer), header.order)
    try:
        return read_ifd(fp, header, where[0])[0] if where else {}
    except ValueError:
        return {}


def _gathered(fp: BinaryIO, wanted: set[int] | None, unwanted: set[int]) -> bytes | None:
    """Copy the wanted fields (None: all), and EXIF's, GPS's and interoperability's directories, anew.

    unwanted: fields of any directory that stay behind, directories included.
    """
    header = read_header(fp)
    order = header.order
    zeroth, _ = read_ifd(fp, header, header.first)
    block = bytearray(struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 8))

    def loose(fields: Fields) -> Fields:  # old offsets mean nothing here; BigTIFF's kinds do not exist here
        return {t: replace(f, at=None) for t, f in fields.items() if f.kind <= 13 and t not in unwanted}

    if wanted is None:
        wanted = zeroth.keys() - _PIXEL_POINTERS - {EXIF_IFD, _GPS_IFD, _INTEROP_IFD}
    kept = loose({tag: field for tag, field in zeroth.items() if tag in wanted})
    children = {}
    for pointer in (EXIF_IFD, _GPS_IFD):
        child = {} if pointer in unwanted else _child(fp, header, zeroth, pointer)
        if pointer == EXIF_IFD:  # scanners write them beside the size of the picture
            child = {tag: zeroth[tag] for tag in _STRAYS if tag in zeroth} | child
        interop = _child(fp, header, child, _INTEROP_IFD)
        child = loose(child)
        child.pop(_INTEROP_IFD, None)
        if interop:
            child[_INTEROP_IFD] = number(order, LONG, _append(block, loose(interop), order))
        if child:
            children[pointer] = number(order, LONG, _append(block, child, order))
    if not children and not kept.keys() - {ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT}:
        return None
    struct.pack_into(order + "I", block, 4, _append(block, kept | children, order))
    return bytes(block)


def _without_thumbnail(exif: bytes) -> bytearray:
    """Wipe the second directory and the thumbnail it points to; cut them off where they end the block."""
    fp = io.BytesIO(exif)
    header = read_header(fp)
    order = header.order
    zeroth, second = read_ifd(fp, header, header.first)
    if not second:
        return bytearray(exif)
    try:
        first, _ = read_ifd(fp, header, second)
    except ValueError:
        return bytearray(exif)
    stale = _extent(first, second)
    for where, length in ((513, 514), (273, 279)):
        pairs = zip(integers(first.get(where), order), integers(first.get(length), order), strict=False)
        stale += [(at, at + size) for at, size in islice(pairs, _MOST_STRIPS)]
    live = [(0, 8), *_extent(zeroth, header.first)]
    for pointer in (EXIF_IFD, _GPS_IFD):
        child = _child(fp, header, zeroth, pointer)
        live += _extent(child, (integers(zeroth.get(pointer), order) or (0,))[0])
        live += _extent(
            _child(fp, header, child, _INTEROP_IFD), (integers(child.get(_INTEROP_IFD), order) or (0,))[0]
        )
    block = bytearray(exif)
    united = _united(live)
    starts = [start for start, _ in united]
    for start, end in _united(stale):
        before = bisect_left(starts, end)  # the first of those that begin after it
        if before == 0 or united[before - 1][1] <= start:  # else a broken directory
            block[start:end] = bytes(len(block[start:end]))
    padding = b"\0\xff"
    used = max(len(block.rstrip(padding)), *(stop for _, stop in live))
    return block[: min(used, len(block))]


def _united(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same bytes as spans in their order that do not meet."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _extent(fields: Fields, offset: int) -> list[tuple[int, int]]:
    """The spans that a directory and its outlying data occupy."""
    spans = [(f.at, f.at + len(f.data)) for f in fields.values() if f.at is not None]
    return [*spans, (offset, offset + 6 + 12 * len(fields))]
