"""What a file is, told by its content; its suffix counts for camera raw files only.

What comes in: an open file. What goes out: one of the kinds that can be read,
or a PhotoError that says what the file is instead.
"""

from __future__ import annotations

import struct
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from restorer.errors import PhotoError
from restorer.text import shown


class Kind(Enum):
    """A format that can be read."""

    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    WEBP = "WebP"
    BMP = "BMP"
    HEIF = "HEIF"
    AVIF = "AVIF"
    RAW = "a camera's raw file"


_STARTS = {
    b"\xff\xd8\xff": Kind.JPEG,
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"II*\0": Kind.TIFF,
    b"MM\0*": Kind.TIFF,
    b"II+\0": Kind.TIFF,
    b"MM\0+": Kind.TIFF,
}
_OTHERS = {
    b"GIF8": "a GIF",
    b"8BPS": "a Photoshop document",
    b"%PDF": "a PDF document",
    b"\xff\x0a": "a JPEG XL picture",
    b"\0\0\0\x0cJXL ": "a JPEG XL picture",
    b"\0\0\0\x0cjP  ": "a JPEG 2000 picture",
    b"\xff\x4f\xff\x51": "a JPEG 2000 picture",
    b"\x76\x2f\x31\x01": "an OpenEXR picture",
}
_RAW_STARTS = (
    b"FUJIFILMCCD-RAW",
    b"FOVb",
    b"IIRO",
    b"IIRS",
    b"MMOR",
    b"IIU\0",
    b"\0MRM",
    b"II\x1a\0\0\0HEAPCCDR",
)
_HEVC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
"""Of pictures coded as HEVC, or of any kind (ISO/IEC 23008-12, annex B); an AVIF may call itself mif1."""
RAW_SUFFIXES = (
    *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".iiq", ".kdc", ".mef", ".mos", ".mrw"),
    *(".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f"),
)


def unsupported(path: Path, what: str) -> PhotoError:
    """The error for a file that is something else, e.g. "a GIF"."""
    return PhotoError(
        f"{shown(path)} is {what}, which cannot be opened here. "
        "JPEG, PNG, TIFF, WebP, HEIC, AVIF and BMP can; save it as one of these first."
    )


def kind_of(fp: BinaryIO, path: Path) -> Kind:
    """Tell the kind of an open file. Raises PhotoError if it is none that can be read."""
    fp.seek(0)
    head = fp.read(32)
    for start, what in _OTHERS.items():
        if head.startswith(start):
            raise unsupported(path, what)
    if head[4:8] == b"ftyp":
        brand, also = head[8:12], head[16:32]
        if brand in _HEVC_BRANDS and not any(name in also for name in (b"avif", b"avis")):
            return Kind.HEIF
        if brand in (b"avif", b"avis") or brand in _HEVC_BRANDS:
            return Kind.AVIF
        if brand == b"crx ":
            return Kind.RAW
        raise unsupported(path, "a video")
    if head.startswith(_RAW_STARTS):
        return Kind.RAW
    for start, kind in _STARTS.items():
        if head.startswith(start):
            if kind is Kind.TIFF and (path.suffix.lower() in RAW_SUFFIXES or head[8:10] == b"CR"):
                return Kind.RAW
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[:2] == b"BM" and len(head) >= 26:
        return Kind.BMP
    raise PhotoError(
        f"{shown(path)} is not an image: its content is none of JPEG, PNG, TIFF, WebP and BMP, "
        "whatever its name says. Choose another file."
    )


def webp_size(fp: BinaryIO) -> tuple[int, int]:
    """Width and height from a WebP's first chunk. Raises ValueError if it holds none.

    Source: RFC 9649 sections 2.7 (extended), 3 (lossless); RFC 6386 section 9.1 (lossy).
    """
    fp.seek(12)
    head = fp.read(18)
    if len(head) < 18:
        raise ValueError("the header is truncated")
    if head[:4] == b"VP8X":
        return int.from_bytes(head[12:15], "little") + 1, int.from_bytes(head[15:18], "little") + 1
    if head[:4] == b"VP8L" and head[8] == 0x2F:
        bits = int.from_bytes(head[9:13], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if head[:4] == b"VP8 " and head[11:14] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[14:18])
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("no picture in the first chunk")
