"""The segments of a JPEG beside its picture: XMP with its extension, and Photoshop's resources.

What comes in: the segments as Pillow lists them, or packets and records. What goes out: packets and records,
or the bytes of segments. What is too long for one segment lies in several.

Source: XMP Specification, part 3, section 1.1.3; Adobe Photoshop File Formats (resources in JPEG).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from restorer.photo.metadata import iptc
from restorer.photo.metadata import xmp as packets

ROOM = 65533
"""Bytes of a segment, less its length field."""
_XMP, _EXTENSION = b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_HEAD = len(_EXTENSION) + 40
_MOST_BYTES = 4 << 20
"""Of an extension; longer ones are depth maps and pictures of another eye."""


def packet(segments: Iterable[tuple[str, bytes]], main: bytes | None) -> bytes | None:
    """The packet of XMP together with its extension, which is left out where a part of it is missing."""
    wanted = packets.extension_of(main).encode("ascii", "replace")
    if len(wanted) != 32:
        return main
    parts: dict[int, bytes] = {}
    whole = 0
    for name, content in segments:
        head = content[len(_EXTENSION) : _HEAD]
        if name == "APP1" and content.startswith(_EXTENSION) and len(head) == 40 and head[:32] == wanted:
            whole, offset = struct.unpack(">II", head[32:])
            parts[offset] = content[_HEAD:]
    extension = b"".join(parts[offset] for offset in sorted(parts))
    if not 0 < len(extension) == whole <= _MOST_BYTES:
        return main
    return packets.joined(main, extension)


def records(segments: Iterable[tuple[str, bytes]]) -> bytes | None:
    """The IPTC records among Photoshop's resources, which may go on from segment to segment."""
    pieces = [c for name, c in segments if name == "APP13" and c.startswith(_PHOTOSHOP)]
    return iptc.from_resources(b"".join(piece[len(_PHOTOSHOP) :] for piece in pieces) or None)


def of_packet(xmp: bytes) -> tuple[bytes, bool]:
    """The segments of a packet, and whether all of it is in them: one that is no XML must fit into one."""
    main, extension, fingerprint = packets.split(xmp, ROOM - len(_XMP))
    if main is None:
        return b"", False
    found = _segment(0xE1, _XMP + main)
    room = ROOM - _HEAD
    for offset in range(0, len(extension), room):
        head = fingerprint.encode("ascii") + struct.pack(">II", len(extension), offset)
        found += _segment(0xE1, _EXTENSION + head + extension[offset : offset + room])
    return found, True


def of_records(block: bytes | None) -> bytes:
    """The segments of IPTC records."""
    content = iptc.resources(block) if block else b""
    room = ROOM - len(_PHOTOSHOP)
    pieces = (content[at : at + room] for at in range(0, len(content), room))
    return b"".join(_segment(0xED, _PHOTOSHOP + piece) for piece in pieces)


def of_comments(texts: Iterable[str]) -> bytes:
    """A segment for each comment, which is cut where it is longer than one can be."""
    cut = (text.encode("utf-8")[:ROOM].decode("utf-8", "ignore").encode() for text in texts)
    return b"".join(_segment(0xFE, each) for each in cut)


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
