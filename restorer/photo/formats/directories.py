"""TIFF directories: the tables of tagged fields that TIFF files and EXIF blocks are made of.

What comes in: an open file, or fields. What goes out: fields, or the bytes of a
directory. Classic TIFF and BigTIFF are read, classic is written. A field keeps the
offset of its data, so that a directory can be written anew while the data stay put.

A directory can be made so that all its fields name the same bytes: n fields of n bytes. In an honest one the
data of all fields together are no larger than the file, so no more is ever read for one.

Source: TIFF 6.0 section 2; the BigTIFF design of AWare Systems.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_CODES = {BYTE: "B", SHORT: "H", LONG: "I", 13: "I", 16: "Q", 18: "Q"}
_MOST_BYTES = 32 << 20  # a longer field is layers or previews of an editor, nothing we carry
_MOST_FIELDS = 4096  # cameras and programs write a few hundred at most


@dataclass(frozen=True)
class Field:
    """One entry: `count` values of a `kind`, their bytes, and their offset if they lie outside the entry."""

    kind: int
    count: int
    data: bytes
    at: int | None = None


class Header(NamedTuple):
    """Byte order ("<" or ">"), whether offsets have eight bytes (BigTIFF), offset of the first directory."""

    order: str
    big: bool
    first: int


Fields = dict[int, Field]


def read_header(fp: BinaryIO) -> Header:
    """Read a TIFF header. Raises ValueError if this is none."""
    fp.seek(0)
    head = fp.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        raise ValueError("no TIFF header")
    magic = struct.unpack(order + "H", head[2:4])[0]
    if magic == 42:
        return Header(order, False, struct.unpack(order + "I", head[4:8])[0])
    if magic == 43 and len(head) == 16:
        return Header(order, True, struct.unpack(order + "Q", head[8:16])[0])
    raise ValueError("no TIFF header")


def entries(fp: BinaryIO, header: Header, offset: int) -> int:
    """How many fields the directory at `offset` says it has; the file then stands at the first of them.

    Raises ValueError if it lies outside the file, or has more fields than any photo's.
    """
    if offset >= fp.seek(0, os.SEEK_END):
        raise ValueError("the directory lies outside the file")
    fp.seek(offset)
    lead = fp.read(8 if header.big else 2)
    if len(lead) < (8 if header.big else 2):
        raise ValueError("the directory lies outside the file")
    number: int = struct.unpack(header.order + ("Q" if header.big else "H"), lead)[0]
    if number > _MOST_FIELDS:
        raise ValueError(f"a directory of {number} fields")
    return number


def read_ifd(
    fp: BinaryIO,
    header: Header,
    offset: int,
    wanted: Collection[int] | None = None,
    once: Collection[int] = (),
) -> tuple[Fields, int]:
    """Read the directory at `offset`; return its fields and the offset of the next (0: none).

    wanted: the only tags whose data are read; None for all. once: tags that may be there once, because
    readers differ in which of two counts. A field of unknown type, or whose data lie outside the file, is
    left out. Raises ValueError if the directory itself lies outside, has more fields than any photo's, if
    one of `once` is there twice, or if its fields together name more bytes than the file has.
    """
    order, big = header.order, header.big
    width, cell = (20, 8) if big else (12, 4)
    pointer = order + ("Q" if big else "I")
    size = fp.seek(0, os.SEEK_END)
    number = entries(fp, header, offset)
    table = fp.read(number * width + cell)
    fields: Fields = {}
    seen: set[int] = set()
    named = 0
    for start in range(0, min(number, len(table) // width) * width, width):
        tag, kind, count = struct.unpack_from(order + ("HHQ" if big else "HHI"), table, start)
        if tag in once and tag in seen:
            raise ValueError(f"the field {tag} is there twice")
        seen.add(tag)
        length = _SIZES.get(kind, 0) * count
        inside = table[start + width - cell : start + width]
        if 0 < length <= cell:
            fields[tag] = Field(kind, count, inside[:length])
            continue
        at = struct.unpack(pointer, inside)[0]
        # Counted even where it is not read here: other readers of the same file do read it.
        named += max(0, min(length, size - at))
        if named > size:
            raise ValueError("the fields of a directory name the same bytes")
        if not 0 < length <= min(_MOST_BYTES, size - at) or (wanted is not None and tag not in wanted):
            continue
        fp.seek(at)
        data = fp.read(length)
        if len(data) == length:
            fields[tag] = Field(kind, count, data, at)
    tail = table[number * width :]
    return fields, struct.unpack(pointer, tail)[0] if len(tail) == cell else 0


def set_short(data: bytearray, header: Header, tag: int, value: int) -> None:
    """Set a field of the first directory to one SHORT, in place; do nothing where there is no such field."""
    order, big = header.order, header.big
    lead, width = (8, 20) if big else (2, 12)
    start = header.first + lead
    count = struct.unpack_from(order + ("Q" if big else "H"), data, header.first)[0]
    for at in range(start, min(start + width * count, len(data) - width + 1), width):
        if struct.unpack_from(order + "H", data, at)[0] == tag:
            struct.pack_into(order + ("HQH6x" if big else "HIH2x"), data, at + 2, SHORT, 1, value)
            return


def integers(field: Field | None, order: str) -> tuple[int, ...]:
    """The whole numbers of a field; empty if it is missing or holds something else."""
    if field is None or field.kind not in _CODES:
        return ()
    return struct.unpack(f"{order}{field.count}{_CODES[field.kind]}", field.data)


def number(order: str, kind: int, *values: int) -> Field:
    """A field of SHORT, LONG or BYTE numbers."""
    return Field(kind, len(values), struct.pack(f"{order}{len(values)}{_CODES[kind]}", *values))


def pack_ifd(fields: Fields, order: str, base: int) -> tuple[bytes, int]:
    """Lay out a directory to be placed at the even offset `base`; return the bytes and its own offset.

    Fields that carry `at` keep their data there. Raises struct.error beyond 4 GiB.
    """
    values, table = bytearray(), bytearray()
    for tag in sorted(fields):
        field = fields[tag]
        if len(field.data) <= 4:
            cell = field.data.ljust(4, b"\0")
        elif field.at is not None:
            cell = struct.pack(order + "I", field.at)
        else:
            cell = struct.pack(order + "I", base + len(values))
            values += field.data + bytes(len(field.data) % 2)
        table += struct.pack(order + "HHI", tag, field.kind, field.count) + cell
    lead = struct.pack(order + "H", len(fields))
    return bytes(values) + lead + bytes(table) + bytes(4), base + len(values)
