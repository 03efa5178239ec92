"""IPTC's records, as agencies and older programs write captions, keywords and places.

What comes in: a block of records, as found in a JPEG, a TIFF or a PNG. What goes out: the same without what
is untrue of another picture (its size, previews), or without the place; and Photoshop's resources around it.

Source: IPTC-IIM 4.2, chapters 1.5 (records) and 6 (application record); Adobe Photoshop File Formats (image
resource blocks).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from restorer.photo.metadata.location import PLACE_RECORDS

RESOURCE = 0x0404
"""Number of the records among the resources of Photoshop."""
_APPLICATION, _ENVELOPE = 2, 1
_PREVIEWS = {200, 201, 202}
_UTF8 = b"\x1b%G"
_DAY, _TIME = 55, 60
_SIMPLE = {
    5: ("dc", "title", "Alt"),
    15: ("photoshop", "Category", ""),
    20: ("photoshop", "SupplementalCategories", "Bag"),
    25: ("dc", "subject", "Bag"),
    40: ("photoshop", "Instructions", ""),
    55: ("photoshop", "DateCreated", ""),
    80: ("dc", "creator", "Seq"),
    85: ("photoshop", "AuthorsPosition", ""),
    90: ("photoshop", "City", ""),
    92: ("Iptc4xmpCore", "Location", ""),
    95: ("photoshop", "State", ""),
    100: ("Iptc4xmpCore", "CountryCode", ""),
    101: ("photoshop", "Country", ""),
    103: ("photoshop", "TransmissionReference", ""),
    105: ("photoshop", "Headline", ""),
    110: ("photoshop", "Credit", ""),
    115: ("photoshop", "Source", ""),
    116: ("dc", "rights", "Alt"),
    120: ("dc", "description", "Alt"),
    122: ("photoshop", "CaptionWriter", ""),
}
"""What XMP calls the records that it knows: prefix, name, and the kind of its list."""


def records(block: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Record, dataset and content, in their order, up to what is none."""
    at = 0
    while block[at : at + 1] == b"\x1c" and at + 5 <= len(block):
        record, dataset, length = struct.unpack_from(">BBH", block, at + 1)
        at += 5
        if length & 0x8000:
            size = length & 0x7FFF
            if size > 4 or at + size > len(block):
                return
            length = int.from_bytes(block[at : at + size], "big")
            at += size
        if at + length > len(block):
            return
        yield record, dataset, block[at : at + length]
        at += length


def unpadded(block: bytes | None) -> bytes | None:
    """The block of a TIFF's field, whose length is a multiple of four, without the zeros at its end."""
    if not block:
        return None
    used = sum(_length(content) for _, _, content in records(block))
    return block[:used] if used and not block[used:].strip(b"\0") else block


def _length(content: bytes) -> int:
    return len(content) + (5 if len(content) < 0x8000 else 9)


def true(block: bytes | None) -> bytes | None:
    """The block without what is said of the old file's pixels: records 3, 7, 8 and 9, and previews.

    A block that cannot be understood is passed on as it is."""
    kept = _packed(
        each
        for each in records(block or b"")
        if each[0] in (_ENVELOPE, _APPLICATION, 4, 5, 6, *range(10, 256))
        and not (each[0] == _APPLICATION and each[1] in _PREVIEWS)
    )
    return kept or block or None


def without_place(block: bytes | None) -> bytes | None:
    """The block without where the photo was taken; None where nothing is left, or it cannot be understood."""
    kept = [
        each
        for each in records(block or b"")
        if each[0] == _ENVELOPE or (each[0] == _APPLICATION and each[1] not in PLACE_RECORDS | _PREVIEWS)
    ]
    return _packed(iter(kept)) if any(record != _ENVELOPE for record, _, _ in kept) else None


def properties(block: bytes | None) -> list[tuple[str, str, str, list[str]]]:
    """What the records say, as XMP has it: prefix of the namespace, name, kind of list, texts."""
    found: dict[int, list[str]] = {}
    utf8, time = False, ""
    for record, dataset, content in records(block or b""):
        if (record, dataset) == (_ENVELOPE, 90):
            utf8 = content == _UTF8
        elif record == _APPLICATION and dataset in _SIMPLE:
            found.setdefault(dataset, []).append(_text(content, utf8))
        elif (record, dataset) == (_APPLICATION, _TIME):
            time = _text(content, utf8)
    if _DAY in found:
        found[_DAY] = [_date(found[_DAY][0], time)]
    return [(*_SIMPLE[dataset], texts) for dataset, texts in found.items()]


def resources(block: bytes) -> bytes:
    """The records as a resource of Photoshop, in which JPEG and PNG carry them."""
    return b"8BIM" + struct.pack(">HHI", RESOURCE, 0, len(block)) + block + bytes(len(block) % 2)


def from_resources(block: bytes | None) -> bytes | None:
    """The records in a block that is either these, or Photoshop's resources with them inside."""
    if not block or not block.startswith(b"8BIM"):
        return block or None
    at = 0
    while block[at : at + 4] == b"8BIM":
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        name = block[at + 6] + 1 if at + 6 < len(block) else 1
        place = at + 6 + name + name % 2
        length = int.from_bytes(block[place : place + 4], "big")
        content = block[place + 4 : place + 4 + length]
        if number == RESOURCE:
            return content or None
        at = place + 4 + length + length % 2
    return None


def _text(content: bytes, utf8: bool) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("utf-8" if utf8 else "latin-1", "replace")


def _date(day: str, time: str) -> str:
    """A day (CCYYMMDD) and its time (HHMMSS±HHMM, or nothing) as XMP writes both; others stay as they are."""
    if not re.fullmatch(r"\d{8}", day):
        return day
    written = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if re.fullmatch(r"\d{6}[+-]\d{4}", time):
        written += f"T{time[:2]}:{time[2:4]}:{time[4:6]}{time[6:9]}:{time[9:]}"
    return written


def _packed(found: Iterator[tuple[int, int, bytes]]) -> bytes:
    block = bytearray()
    for record, dataset, content in found:
        length = len(content)
        head = struct.pack(">BBB", 0x1C, record, dataset)
        head += struct.pack(">H", length) if length < 0x8000 else struct.pack(">HI", 0x8004, length)
        block += head + content
    return bytes(block)
