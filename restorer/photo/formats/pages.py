"""The pages of a TIFF: how many there are, and one of them as if it were the file's first.

In: an open TIFF. Out: where the directories of its pages lie; a view of the file whose header points to
one of them, so that every reader of first pages reads that page. Reduced pictures, masks and thumbnails
are no pages; where a reduced one comes first, as cameras write it, the photo follows it or lies in one of
its sub-directories. All directories together are no larger than the file: a chain of some that lie over
each other ends where that is passed.

Source: TIFF 6.0 section 2 (chain of directories), NewSubfileType and SubfileType of section 8; Adobe
PageMaker 6.0 TIFF technical note 1 (SubIFDs).
"""

from __future__ import annotations

import io
import os
import struct
from typing import BinaryIO, cast

from restorer.photo.formats.directories import Fields, Header, entries, integers, read_header, read_ifd

MOST_PAGES = 2000
_NEW_SUBFILE, _SUBFILE, _THUMBNAIL, _INNER = 254, 255, 513, 330
_PHOTOMETRIC, _DNG = 262, 50706
_TOLD = (_NEW_SUBFILE, _SUBFILE, _THUMBNAIL, _INNER, _PHOTOMETRIC, _DNG, 256, 257)
_PICTURES = {0, 1, 2, 3, 5, 6, 8, 9}
"""Photometric interpretations of pictures; others are of sensors: `raw` develops those."""
_MOST_INNER = 16


def pages(fp: BinaryIO) -> list[int]:
    """Offsets of the directories of a TIFF's pages, in their order.

    The first directory always counts, unless it is a reduced picture of a larger one. A chain that leads back
    or out of the file ends there. Raises ValueError if this is no TIFF.
    """
    header = read_header(fp)
    left = fp.seek(0, os.SEEK_END)  # bytes that the rest of the chain can take
    found, seen, offset = [header.first], {header.first}, header.first
    first: Fields = {}
    most = 0  # pixels of the largest page after the first
    while len(found) < MOST_PAGES and len(seen) < 4 * MOST_PAGES:
        try:
            left -= entries(fp, header, offset) * (20 if header.big else 12)
            if left < 0:
                break
            fields, following = read_ifd(fp, header, offset, wanted=_TOLD)
        except (ValueError, OSError):
            break
        if offset == header.first:
            first = fields
        elif (size := _page_pixels(fields, header.order)) > 0:
            found.append(offset)
            most = max(most, size)
        if following == 0 or following in seen:
            break
        seen.add(following)
        offset = following
    if not _is_reduced(first, header.order) or _DNG in first:
        return found
    size = _pixels(first, header.order)
    if most > size:
        return found[1:]
    return [_largest_inside(fp, header, first, size) or header.first, *found[1:]]


def _largest_inside(fp: BinaryIO, header: Header, fields: Fields, size: int) -> int:
    """The offset of the largest picture among the sub-directories, of more than `size` pixels; 0 for none."""
    largest = 0
    for offset in integers(fields.get(_INNER), header.order)[:_MOST_INNER]:
        try:
            inner, _ = read_ifd(fp, header, offset, wanted=_TOLD)
        except (ValueError, OSError):
            continue
        kind = integers(inner.get(_PHOTOMETRIC), header.order)
        if kind and kind[0] not in _PICTURES:
            return 0
        if kind and _page_pixels(inner, header.order) > size:
            largest, size = offset, _pixels(inner, header.order)
    return largest


def _page_pixels(fields: Fields, order: str) -> int:
    """How many pixels a page has; 0 for what is none: a reduced picture, a mask or a thumbnail."""
    kind = (integers(fields.get(_NEW_SUBFILE), order) or (0,))[0]
    return 0 if kind & 4 or _THUMBNAIL in fields or _is_reduced(fields, order) else _pixels(fields, order)


def _is_reduced(fields: Fields, order: str) -> bool:
    """Whether a directory says that its picture is a reduced one."""
    kind = (integers(fields.get(_NEW_SUBFILE), order) or (0,))[0]
    return bool(kind & 1) or (integers(fields.get(_SUBFILE), order) or (1,))[0] == 2


def _pixels(fields: Fields, order: str) -> int:
    width, height = ((integers(fields.get(tag), order) or (0,))[0] for tag in (256, 257))
    return width * height


def photo_view(fp: BinaryIO) -> BinaryIO:
    """The file with its first page in the first place: itself, but where a reduced picture lies there.

    Raises ValueError if this is no TIFF, or has no first directory.
    """
    header = read_header(fp)
    fields, _ = read_ifd(fp, header, header.first, wanted=_TOLD)
    if not _is_reduced(fields, header.order):
        return fp
    first = pages(fp)[0]
    return fp if first == header.first else view(fp, first)


def page_view(fp: BinaryIO, page: int) -> BinaryIO:
    """The file with its page number `page`, from 1, in the first place. ValueError if there is none."""
    found = pages(fp)
    if not 1 <= page <= len(found):
        raise ValueError(f"there is no page {page}")
    return view(fp, found[page - 1])


def view(fp: BinaryIO, offset: int) -> BinaryIO:
    """The file with the directory at `offset` in the first place."""
    header = read_header(fp)
    patch = struct.pack(header.order + ("Q" if header.big else "I"), offset)
    return cast(BinaryIO, io.BufferedReader(_Patched(fp, 8 if header.big else 4, patch)))


class _Patched(io.RawIOBase):
    """Another file's bytes, with a few of them replaced; closing it leaves the file open."""

    def __init__(self, fp: BinaryIO, at: int, patch: bytes) -> None:
        self._fp, self._at, self._patch = fp, at, patch
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset, whence = self._place + offset, io.SEEK_SET
        self._place = self._fp.seek(offset, whence)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        self._fp.seek(self._place)
        data = bytearray(self._fp.read(len(view)))
        for index, byte in enumerate(self._patch, self._at - self._place):
            if 0 <= index < len(data):
                data[index] = byte
        view[: len(data)] = data
        self._place += len(data)
        return len(data)
