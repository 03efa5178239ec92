"""JPEG files: what a decoder would do with one, counted before it does it.

What comes in: an open JPEG. What goes out: nothing, or a ValueError. A picture can be cut into scans without
end, each of a few bytes, and every one of them costs a walk over the whole picture; segments can follow each
other without end, too.

Source: ITU-T T.81, annex B (markers and segments).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from PIL.JpegImagePlugin import JpegImageFile

_MOST_SEGMENTS = 4096
"""A profile of 16 MB takes 256, an extended XMP packet of as much as many again."""
_MOST_SCANS = 100
"""Encoders write 10 or fewer; the finest division that anybody has made by hand has some sixty."""
_MOST_WALKED = 2_500_000_000
"""Pixels of all scans together: ten scans of the largest photo."""
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_BARE = {0x01, *range(0xD0, 0xD9)}
"""Markers that stand alone (table B.1)."""
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What ends a scan's own bytes: there 0xFF is followed by 0 or a restart marker (section B.1.1.2)."""
_PIECE = 1 << 20


class Jpeg(JpegImageFile):
    """Pillow's reader without its look into the EXIF block for a resolution: that takes as much memory as the
    block asks for, and `exif.resolution` knows it as well."""

    def _read_dpi_from_exif(self) -> None:
        pass


def check_header(fp: BinaryIO) -> None:
    """Raise ValueError if more segments come before the picture than any photo has."""
    for number, marker in enumerate(_markers(fp)):
        if marker == _SCAN:
            return
        if number > _MOST_SEGMENTS:
            raise ValueError(f"more than {number} segments before the picture")


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
