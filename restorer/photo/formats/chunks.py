"""PNG files, chunk by chunk: what belongs to the picture apart from the picture itself.

What comes in: an open PNG. What goes out: a view of it that has only the chunks which make the picture, and
what the others say. A chunk that is not the picture may be damaged, or ask for more memory than any photo's:
it is left out with a word in the log, and the picture opens all the same. A wrong checksum in the picture is
an error.

Source: PNG Specification (third edition), sections 5 (chunks), 11 (their contents), 4.3 (precedence of
colours); the "Raw profile type" texts are ImageMagick's.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from restorer.photo import profiles

_LOG = logging.getLogger(__name__)
_START = b"\x89PNG\r\n\x1a\n"
_NAME = re.compile(rb"[A-Za-z]{4}")
_PICTURE = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_MOST_CHUNKS = 400_000
"""Encoders write 8 KiB and more into each."""
_MOST_BYTES = 16 << 20
"""Of one profile or text, and of all of them together."""
_PIECE = 1 << 20
_RAW_KEY = "Raw profile type "
_XMP_START = b"http://ns.adobe.com/xap/1.0/\0"


@dataclass
class Chunks:
    """What the chunks beside the picture say; texts: keyword and text, in their order. palette: whether there
    is one, which is part of the picture."""

    icc: bytes | None = None
    srgb: bool = False
    gamma: float | None = None
    space: profiles.Space | None = None
    codes: tuple[int, int, int, int] | None = None
    dpi: tuple[float, float] | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    texts: list[tuple[str, str]] = field(default_factory=list)
    room: int = _MOST_BYTES
    palette: bool = False

    @property
    def hdr(self) -> bool:
        """Whether the picture has brightness beyond white."""
        return self.codes is not None and self.codes[1] in (profiles.PQ, profiles.HLG)

    @property
    def narrow(self) -> bool:
        """Whether black and white are not the least and the largest number, as in a video."""
        return self.codes is not None and self.codes[2:] == (0, 0)

    def profile(self, channels: int) -> bytes | None:
        """The profile of pixels of 1 or 3 channels; None for sRGB."""
        codes = self.codes
        if codes is not None and codes[2] == 0 and profiles.known(*codes[:2]):
            return profiles.of_codes(codes[0], codes[1], channels)
        fitting = profiles.fitting(self.icc, channels)
        if fitting is not None or self.srgb:
            return fitting
        return profiles.of_gamma(self.gamma, self.space, channels)


def sifted(fp: BinaryIO, whole: bool = False) -> tuple[BinaryIO, Chunks]:
    """The file with only the chunks that make the picture, and what the others say.

    whole: prove the checksums of the picture, too. Raises ValueError for a wrong one, or for more chunks than
    any photo has. What is no chunk any more stays in the view for the decoder to complain about.
    """
    size = fp.seek(0, io.SEEK_END)
    spans = [(0, len(_START))]
    found, at = Chunks(), len(_START)
    for _ in range(_MOST_CHUNKS):
        fp.seek(at)
        head = fp.read(8)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        end = at + 12 + length
        if len(head) < 8 or not _NAME.fullmatch(name) or end > size:
            spans.append((at, size))
            break
        if name in _PICTURE or not name[0] & 0x20:
            if whole and not _right(fp, name, length):
                if name == b"IEND" and length == 0:  # the picture is whole, and Pillow needs no end
                    _LOG.warning("The last chunk of a PNG was left out: a wrong checksum.")
                    break
                raise ValueError(f"a wrong checksum in {name!r}")
            found.palette = found.palette or name == b"PLTE"
            if spans[-1][1] == at:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((at, end))
        else:
            _take(found, fp, name, length)
        if name == b"IEND":
            break
        at = end
    else:
        raise ValueError(f"more than {_MOST_CHUNKS} chunks")
    if len(spans) == 1:
        return fp, found
    return cast(BinaryIO, io.BufferedReader(_Spans(fp, spans))), found


def _right(fp: BinaryIO, name: bytes, length: int) -> bool:
    """Whether the chunk whose content comes next has the checksum that it states."""
    crc = zlib.crc32(name)
    while length > 0:
        piece = fp.read(min(length, _PIECE))
        if not piece:
            return False
        crc = zlib.crc32(piece, crc)
        length -= len(piece)
    return fp.read(4) == crc.to_bytes(4, "big")


def _take(found: Chunks, fp: BinaryIO, name: bytes, length: int) -> None:
    reader = _READERS.get(name)
    if reader is None:
        return
    try:
        if length > found.room:
            raise ValueError("more than any photo has")
        content = fp.read(length)
        if fp.read(4) != zlib.crc32(content, zlib.crc32(name)).to_bytes(4, "big"):
            raise ValueError("a wrong checksum")
        reader(found, content)
    except (ValueError, IndexError, struct.error, zlib.error, LookupError) as error:
        _LOG.warning("The chunk %s of a PNG was left out: %s.", name.decode("ascii"), error)


def _unpacked(found: Chunks, packed: bytes) -> bytes:
    """Decompressed bytes, counted against what all texts together may hold."""
    inflater = zlib.decompressobj()
    content = inflater.decompress(packed, found.room)
    if inflater.unconsumed_tail:
        raise ValueError("more than any photo has")
    if not inflater.eof:
        raise ValueError("it ends early")
    return _counted(found, content)


def _counted(found: Chunks, content: bytes) -> bytes:
    if len(content) > found.room:
        raise ValueError("more than any photo has")
    found.room -= len(content)
    return content


def _iccp(found: Chunks, content: bytes) -> None:
    _, rest = content.split(b"\0", 1)
    if rest[0] != 0:
        raise ValueError("an unknown compression")
    found.icc = _unpacked(found, rest[1:])


def _srgb(found: Chunks, content: bytes) -> None:
    found.srgb = len(content) == 1


def _gama(found: Chunks, content: bytes) -> None:
    (value,) = struct.unpack(">I", content)
    found.gamma = 100_000 / value if value else None


def _chrm(found: Chunks, content: bytes) -> None:
    values = [value / 100_000 for value in struct.unpack(">8I", content)]
    found.space = profiles.Space(*zip(values[::2], values[1::2], strict=True))


def _cicp(found: Chunks, content: bytes) -> None:
    primaries, transfer, matrix, full = content
    found.codes = (primaries, transfer, matrix, full)


def _phys(found: Chunks, content: bytes) -> None:
    across, down, unit = struct.unpack(">IIB", content)
    if unit == 1:
        found.dpi = (across * 0.0254, down * 0.0254)


def _exif(found: Chunks, content: bytes) -> None:
    found.exif = _counted(found, content).removeprefix(b"Exif\0\0")


def _text(found: Chunks, content: bytes) -> None:
    keyword, text = _counted(found, content).split(b"\0", 1)
    _said(found, keyword.decode("latin-1"), text.decode("latin-1"))


def _ztxt(found: Chunks, content: bytes) -> None:
    keyword, rest = content.split(b"\0", 1)
    if rest[0] != 0:
        raise ValueError("an unknown compression")
    _said(found, keyword.decode("latin-1"), _unpacked(found, rest[1:]).decode("latin-1"))


def _itxt(found: Chunks, content: bytes) -> None:
    keyword, rest = content.split(b"\0", 1)
    packed = rest[0]
    _language, _translated, text = rest[2:].split(b"\0", 2)
    text = _unpacked(found, text) if packed else _counted(found, text)
    if keyword == b"XML:com.adobe.xmp":
        found.xmp = text
    else:
        _said(found, keyword.decode("latin-1"), text.decode("utf-8"))


def _said(found: Chunks, keyword: str, text: str) -> None:
    if keyword == "XML:com.adobe.xmp":
        found.xmp = found.xmp or text.encode("utf-8")
    elif keyword.startswith(_RAW_KEY):
        _raw(found, keyword.removeprefix(_RAW_KEY).lower(), bytes.fromhex("".join(text.split("\n")[3:])))
    else:
        found.texts.append((keyword, text))


def _raw(found: Chunks, kind: str, content: bytes) -> None:
    """A block as older programs put it into PNG: as hexadecimal digits under three lines of heading."""
    if kind in ("exif", "app1"):
        if content.startswith(_XMP_START):
            found.xmp = found.xmp or content.removeprefix(_XMP_START)
        else:
            found.exif = found.exif or content.removeprefix(b"Exif\0\0")
    elif kind == "xmp":
        found.xmp = found.xmp or content.removeprefix(_XMP_START)
    elif kind in ("iptc", "8bim"):
        found.iptc = found.iptc or content
    elif kind in ("icc", "icm"):
        found.icc = found.icc or content


_READERS = {
    b"iCCP": _iccp,
    b"sRGB": _srgb,
    b"gAMA": _gama,
    b"cHRM": _chrm,
    b"cICP": _cicp,
    b"pHYs": _phys,
    b"eXIf": _exif,
    b"tEXt": _text,
    b"zTXt": _ztxt,
    b"iTXt": _itxt,
}


class _Spans(io.RawIOBase):
    """Parts of another file, one behind the other; closing it leaves the file open."""

    def __init__(self, fp: BinaryIO, spans: list[tuple[int, int]]) -> None:
        self._fp, self._spans = fp, spans
        self._starts = [0]
        for begin, end in spans:
            self._starts.append(self._starts[-1] + end - begin)
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._starts[-1]}[whence]
        self._place = max(0, base + offset)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._place >= self._starts[-1]:
            return 0
        index = bisect_right(self._starts, self._place) - 1
        begin, end = self._spans[index]
        at = begin + self._place - self._starts[index]
        self._fp.seek(at)
        data = self._fp.read(min(len(view), end - at))
        view[: len(data)] = data
        self._place += len(data)
        return len(data)
