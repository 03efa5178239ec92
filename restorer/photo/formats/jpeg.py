"""JPEG files: what a decoder would do with one, counted before it does it.

What comes in: an open JPEG. What goes out: nothing, or a ValueError. A picture can be cut into scans without
end, each of a few bytes, and every one of them costs a walk over the whole picture; segments can follow each
other without end, too.

Source: ITU-T T.81, annex B (markers and segments).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from PIL.JpegImagePlugin import JpegImageFile

_MOST_SEGMENTS = 4096
"""A profile of 16 MB takes 256, an extended XMP packet of as much as many again."""
_MOST_SCANS = 100
"""Encoders write 10 or fewer; the finest division that anybody has made by hand has some sixty."""
_MOST_WALKED = 2_500_000_000
"""Pixels of all scans together: ten scans of the largest photo."""
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_PLAIN_PIXELS, _TIMES = 25_000_000, 30
"""Pixels of a picture that is decoded although its end is missing, and how many more for each byte of its
file; a photo has some eight for a byte, one that was stored badly twenty."""
_OTHER_BITS = (b"\x00\x00", b"\xff\x00", b"\x5a\x5a", b"\xc3\x3c")
"""Two are too few: bits that are no code count as the end of a block, as other bits do."""
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_DIFFERENTIAL = {0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF}
_LOSSLESS_FRAME = 0xF7
_BARE = {0x01, *range(0xD0, 0xD9)}
"""Markers that stand alone (table B.1)."""
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What ends a scan's own bytes: there 0xFF is followed by 0 or a restart marker (section B.1.1.2)."""
_PIECE = 1 << 20


class Jpeg(JpegImageFile):
    """Pillow's reader without its look into the EXIF block for a resolution: that takes as much memory as the
    block asks for, and `exif.resolution` knows it as well."""

    tail = b""
    """What follows the file's last byte for the decoder."""

    def _read_dpi_from_exif(self) -> None:
        pass

    def load_read(self, read_bytes: int) -> bytes:
        piece = super().load_read(read_bytes)
        if not piece:
            piece, self.tail = self.tail, b""
        return piece


def ends(fp: BinaryIO) -> bool:
    """Whether a JPEG has the marker of its end."""
    return any(marker == _END for marker in _markers(fp))


def without_end(fp: BinaryIO, size: int) -> Jpeg:
    """Decode a JPEG of `size` pixels that lacks its last marker only. Raises ValueError if anything of its
    picture is missing.

    A decoder makes something up for what is missing. So the file is decoded again and again, with other bits
    behind its end: where every pixel is there, all are the same. Scans that are missing whole are counted.
    All this is not done for a picture that is large and holds nothing.
    """
    if size > _PLAIN_PIXELS + _TIMES * fp.seek(0, io.SEEK_END):
        raise ValueError("truncated")
    if not _all_scans(fp):
        raise ValueError("truncated")
    fp.seek(-1, io.SEEK_END)
    lead = b"\0" if fp.read(1) == b"\xff" else b""  # half a marker: as a pair with 0 it is plain bits
    first, image = None, None
    for bits in _OTHER_BITS:
        fp.seek(0)
        image = Jpeg(fp)
        image.tail = lead + bits * 32 + bytes([0xFF, _END])
        image.load()
        decoded = np.asarray(image)
        if first is not None and (decoded != first).any():
            raise ValueError("truncated")
        first = decoded
    assert image is not None
    return image


def _all_scans(fp: BinaryIO) -> bool:
    """Whether all scans together tell every bit of every coefficient (T.81, annexes B.2.3 and G.1)."""
    progressive, parts = False, b""
    missing: dict[int, set[int]] = {}
    for marker in _markers(fp):
        if marker in _BARE or marker == _END:
            continue
        at = fp.tell()
        content = fp.read(max(0, int.from_bytes(fp.read(2), "big") - 2))
        fp.seek(at)
        if marker in _FRAMES and not missing:
            progressive, parts = marker in _PROGRESSIVE, content[6:]
            missing = {parts[index]: set(range(64)) for index in range(0, len(parts) - 2, 3)}
        elif marker == _SCAN and len(content) >= 4:
            begin, end, bits = content[-3:]
            if progressive and bits & 15:
                continue  # the last bit follows in another scan
            for part in content[1 : 1 + 2 * content[0] : 2]:
                missing.get(part, set()).difference_update(
                    range(begin, end + 1) if progressive else range(64)
                )
    return bool(missing) and not any(missing.values())


def check_header(fp: BinaryIO) -> None:
    """Raise ValueError if more segments come before the picture than any photo has."""
    for number, marker in enumerate(_markers(fp)):
        if marker == _SCAN:
            return
        if number > _MOST_SEGMENTS:
            raise ValueError(f"more than {number} segments before the picture")


def unread(fp: BinaryIO) -> str | None:
    """What a JPEG is that is of no kind which is decoded here; None where it is of one that is.

    Source: T.81, tables B.1 and B.2, and B.2.5 (number of lines); T.87, annex C (JPEG-LS).
    """
    for number, marker in enumerate(_markers(fp)):
        if marker == _LOSSLESS_FRAME:
            return "JPEG-LS"
        if marker in _FRAMES:
            at = fp.tell()
            content = fp.read(7)
            fp.seek(at)
            if len(content) < 7:
                return None
            if content[2] != 8:
                return f"{content[2]} bits"
            if marker in _DIFFERENTIAL:
                return "layers of several sizes"
            if content[3:5] == b"\0\0":
                return "a height that comes after the picture"
            return None
        if marker == _SCAN or number > _MOST_SEGMENTS:
            return None
    return None


def check_scans(fp: BinaryIO, pixels: int) -> None:
    """Raise ValueError if a picture of that many pixels has more scans or segments than any photo has."""
    scans = 0
    for number, marker in enumerate(_markers(fp)):
        scans += marker == _SCAN
        if number > _MOST_SEGMENTS or scans > _MOST_SCANS or scans * pixels > _MOST_WALKED:
            raise ValueError(f"{scans} scans and {number} segments")


def _markers(fp: BinaryIO) -> Iterator[int]:
    """The markers of a JPEG, up to its end or to what is none."""
    fp.seek(2)
    while True:
        lead = fp.read(2)
        while lead == b"\xff\xff":  # fill bytes
            lead = lead[1:] + fp.read(1)
        if len(lead) < 2 or lead[0] != 0xFF:
            if not _to_marker(fp, lead):  # decoders step over what lies between segments
                return
            continue
        marker = lead[1]
        yield marker
        if marker == _END:
            return
        if marker not in _BARE:
            fp.seek(max(0, int.from_bytes(fp.read(2), "big") - 2), 1)
        if marker == _SCAN and not _to_marker(fp, b""):
            return


def _to_marker(fp: BinaryIO, before: bytes) -> bool:
    """Go on to the next marker; False where there is none. before: what was read already."""
    while True:
        start = fp.tell() - len(before)
        piece = before + fp.read(_PIECE)
        found = _MARKER.search(piece)
        if found is not None:
            fp.seek(start + found.start())
            return True
        if len(piece) <= len(before):
            return False
        before = piece[-1:]
