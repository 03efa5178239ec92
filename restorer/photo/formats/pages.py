"""The pages of a TIFF: how many there are, and one of them as if it were the file's first.

In: an open TIFF. Out: where the directories of its pages lie; a view of the file whose header points to
one of them, so that every reader of first pages reads that page. Reduced pictures, masks and thumbnails
are no pages. All directories together are no larger than the file: a chain of some that lie over each other
ends where that is passed.

Source: TIFF 6.0 section 2 (chain of directories), NewSubfileType and SubfileType of section 8.
"""

from __future__ import annotations

import io
import os
import struct
from typing import BinaryIO, cast

from restorer.photo.formats.directories import entries, integers, read_header, read_ifd

MOST_PAGES = 2000
_NEW_SUBFILE, _SUBFILE, _THUMBNAIL = 254, 255, 513
_TOLD = (_NEW_SUBFILE, _SUBFILE, _THUMBNAIL, 256, 257)


def pages(fp: BinaryIO) -> list[int]:
    """Offsets of the directories of a TIFF's pages, in their order; the first directory always counts.

    A chain that leads back or out of the file ends there. Raises ValueError if this is no TIFF.
    """
    header = read_header(fp)
    left = fp.seek(0, os.SEEK_END)  # bytes that the rest of the chain can take
    found, seen, offset = [header.first], {header.first}, header.first
    while len(found) < MOST_PAGES and len(seen) < 4 * MOST_PAGES:
        try:
            left -= entries(fp, header, offset) * (20 if header.big else 12)
            if left < 0:
                break
            fields, following = read_ifd(fp, header, offset, wanted=_TOLD)
        except (ValueError, OSError):
            break
        if offset != header.first:
            kind = (integers(fields.get(_NEW_SUBFILE), header.order) or (0,))[0]
            old_kind = (integers(fields.get(_SUBFILE), header.order) or (1,))[0]
            sizes = [integers(fields.get(tag), header.order) for tag in (256, 257)]
            if not kind & 0b101 and old_kind != 2 and all(sizes) and _THUMBNAIL not in fields:
                found.append(offset)
        if following == 0 or following in seen:
            break
        seen.add(following)
        offset = following
    return found


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
