"""AVIF pictures, decoded by Pillow, with what Pillow does not tell of them.

What comes in: an open AVIF. What goes out: what its boxes say, the numbers of its colours and whether it is
grey. Pillow keeps eight bits of ten and twelve, and turns nothing: the turning that the file asks for stands
in the EXIF block that Pillow hands out.

Source: ISO/IEC 14496-12 (boxes); ISO/IEC 23008-12, sections 6.5 (properties), 9.3 (ipma); AV1-ISOBMFF (av1C).

"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

AVIF_SUFFIXES = (".avif", ".avifs")
_MOST_META = 4 << 20
"""Bytes of the box that describes the picture; a thousand tiles take some ten thousand."""


@dataclass(frozen=True)
class AvifFacts:
    """codes: primaries and transfer by the numbers of H.273; 2 is unknown. grey: no colours are stored."""

    codes: tuple[int, int] = (2, 2)
    grey: bool = False


def read_facts(fp: BinaryIO) -> AvifFacts:
    """What the boxes say of the main picture. Raises ValueError or struct.error where they are damaged."""
    meta = _meta(fp)
    found = dict(_boxes(meta[4:]))
    primary = _primary(found.get(b"pitm", b""))
    inner = dict(_boxes(found.get(b"iprp", b"")))
    properties = list(_boxes(inner.get(b"ipco", b"")))
    codes, grey = (2, 2), False
    for index in _associated(inner.get(b"ipma", b""), primary):
        if not 1 <= index <= len(properties):
            continue
        name, content = properties[index - 1]
        if name == b"colr" and content[:4] == b"nclx" and len(content) >= 8:
            codes = struct.unpack_from(">HH", content, 4)
        elif name == b"av1C" and len(content) >= 3:
            grey = bool(content[2] & 0x10)
    return AvifFacts(codes, grey)


def _meta(fp: BinaryIO) -> bytes:
    at = 0
    while True:
        fp.seek(at)
        head = fp.read(16)
        if len(head) < 8:
            raise ValueError("no description of the picture")
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        lead = 8
        if length == 1 and len(head) == 16:
            length, lead = int.from_bytes(head[8:], "big"), 16
        if name == b"meta":
            if not lead + 4 < length <= _MOST_META:
                raise ValueError("an implausible description of the picture")
            fp.seek(at + lead)
            return fp.read(length - lead)
        if length < lead:
            raise ValueError("no description of the picture")
        at += length


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big") or len(content) - at
        if length < 8:
            raise ValueError("a box shorter than its head")
        yield content[at + 4 : at + 8], content[at + 8 : at + length]
        at += length


def _primary(content: bytes) -> int:
    return int.from_bytes(content[4:8] if content[:1] == b"\1" else content[4:6], "big")


def _associated(content: bytes, item: int) -> list[int]:
    """The numbers of the properties of an item, from 1."""
    if len(content) < 8:
        return []
    version, wide = content[0], content[3] & 1
    (entries,) = struct.unpack_from(">I", content, 4)
    at = 8
    for _ in range(entries):
        (number,) = struct.unpack_from(">I" if version else ">H", content, at)
        at += 4 if version else 2
        count, at = content[at], at + 1
        cells = struct.unpack_from(f">{count}{'H' if wide else 'B'}", content, at)
        at += count * (2 if wide else 1)
        if number == item:
            return [cell & (0x7FFF if wide else 0x7F) for cell in cells]
    return []
