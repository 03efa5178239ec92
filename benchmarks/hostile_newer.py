"""HEIC, AVIF, raw files and sidecars made to harm.

In: a `random.Random`. Out: (suffix, content), as in `benchmarks/hostile.py`. Boxes of HEIC and AVIF are bent
one by one, with the lengths around them right, so that they come past the checks of the container; tags of
raw files keep their directory whole; sidecars lie beside a whole photo, in a tar archive.
"""

from __future__ import annotations

import functools
import io
import random
import struct
from collections.abc import Callable
from contextlib import suppress

import numpy as np
from PIL import Image

from benchmarks.hostile import LONG, SHORT, Made, directory, jpeg, packet
from benchmarks.hostile_blocks import SPACES, random_xmp
from benchmarks.hostile_pixels import flipped
from benchmarks.hostile_state import ELSEWHERE, PRIVATE, archive
from restorer.photo.formats import raw

Box = tuple[bytes, "bytes | list[Box]"]
"""Name, and the content or the boxes inside."""
_PARENTS = {b"meta": 4, b"iprp": 0, b"ipco": 0}
"""Boxes that hold others, and the bytes before these."""


# -- HEIC and AVIF ------------------------------------------------------------------------------------


@functools.cache
def heic() -> bytes | None:
    """A small HEIC; None where no encoder is there."""
    with suppress(ImportError):
        import pillow_heif

        pixels = np.random.default_rng(6).integers(0, 256, (48, 64, 3), np.uint8)
        out = io.BytesIO()
        pillow_heif.encode("RGB", (64, 48), pixels.tobytes(), out)
        return out.getvalue()
    return None


@functools.cache
def avif() -> bytes:
    """A small AVIF with alpha."""
    out = io.BytesIO()
    pixels = np.random.default_rng(6).integers(0, 256, (48, 64, 4), np.uint8)
    Image.fromarray(pixels).save(out, "AVIF", speed=10)
    return out.getvalue()


def _either(chance: random.Random) -> Made:
    found = heic() if chance.random() < 0.5 else None
    return ("avif", avif()) if found is None else ("heic", found)


def parted(content: bytes) -> list[Box]:
    """The boxes of a file that is whole."""
    boxes: list[Box] = []
    at = 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        name, inner = content[at + 4 : at + 8], content[at + 8 : at + length]
        lead = _PARENTS.get(name)
        boxes.append((name, inner if lead is None else [(b"", inner[:lead]), *parted(inner[lead:])]))
        at += length
    return boxes


def joined(boxes: list[Box]) -> bytes:
    """The file again. A box without a name is the bytes that lead another's content."""
    made = b""
    for name, inner in boxes:
        content = inner if isinstance(inner, bytes) else joined(inner)
        made += content if not name else struct.pack(">I", len(content) + 8) + name + content
    return made


def _bent_box(box: Box, chance: random.Random) -> list[Box]:
    name, inner = box
    numbers = [0, 1, 2, 255, 65_535, 15_792, 2**24, 2**31 - 1, 2**32 - 1]
    assert isinstance(inner, bytes)
    way = chance.randrange(8)
    if name == b"ispe" or (way == 0 and len(inner) >= 4):
        made = bytearray(inner)
        for _ in range(chance.choice([1, 2])):
            struct.pack_into(">I", made, 4 * chance.randrange(len(made) // 4), chance.choice(numbers))
        return [(name, bytes(made))]
    if way == 1:
        return [box] * chance.choice([0, 2, 300])
    if way == 2:
        return [(name, inner * chance.choice([2, 1000]))]
    if way == 3:
        return [(name, inner[: chance.randrange(len(inner) + 1)])]
    if way == 4:
        return [(chance.choice([b"free", b"uuid", b"meta", b"iprp", b"grid", b"\0\0\0\0"]), inner)]
    if way == 5:
        return [
            box,
            (
                chance.choice([b"irot", b"imir", b"clap", b"pasp", b"rloc", b"auxC", b"lsel"]),
                chance.randbytes(32),
            ),
        ]
    return [(name, flipped(inner, chance))]


def boxes(chance: random.Random) -> Made:
    """A HEIC or AVIF with boxes that are bent, there many times, not there, or nested into the deep."""
    suffix, content = _either(chance)
    whole = parted(content)
    for _ in range(chance.choice([1, 1, 2, 4])):
        level = whole
        for _ in range(chance.choice([1, 2, 3, 3])):
            inner = [each for each in level if isinstance(each[1], list)]
            if not inner:
                break
            level = chance.choice(inner)[1]  # type: ignore[assignment]
        plain = [
            place for place, each in enumerate(level) if isinstance(each[1], bytes) and each[0] != b"ftyp"
        ]
        if plain:
            place = chance.choice(plain)
            level[place : place + 1] = _bent_box(level[place], chance)
    made = joined(whole)
    if chance.random() < 0.1:
        deep = b""
        for _ in range(chance.choice([50, 5000])):
            deep = struct.pack(">I", len(deep) + 12) + b"meta" + bytes(4) + deep
        made = made[: len(joined(whole[:1]))] + deep + made
    if chance.random() < 0.1:
        made += struct.pack(
            ">I4sQ", 1, chance.choice([b"mdat", b"meta", b"moov"]), chance.choice([0, 8, 2**63])
        )
    return suffix, made


def many_items(chance: random.Random) -> Made:
    """Items by the ten thousand that all share the same bytes, or grids of tiles that are not there."""
    suffix, content = _either(chance)
    count = chance.choice([300, 60_000])
    whole = parted(content)
    extent = struct.pack(">HHII", 0, chance.choice([1, 1, 30]), 0, 2**31 - 1)
    places = b"".join(struct.pack(">H", number) + extent for number in range(count))
    kind = chance.choice([b"grid", b"hvc1", b"av01", b"iovl"])
    entry = b"\2\0\0\0" + struct.pack(">HH", 1, 0) + kind + b"\0"
    named = struct.pack(">I4s", len(entry) + 8, b"infe") + entry
    bent = {
        b"iloc": bytes(4) + b"\x44\0" + struct.pack(">H", count) + places,
        b"iinf": bytes(4) + struct.pack(">H", count) + named * count,
    }
    for _, inner in whole:
        if isinstance(inner, list):
            for place, (name, _) in enumerate(inner):
                if name in bent and chance.random() < 0.7:
                    inner[place] = (name, bent[name])
    return suffix, joined(whole)


def box_codes(chance: random.Random) -> Made:
    """A HEIC or AVIF whose boxes are whole and whose HEVC or AV1 code is damaged."""
    suffix, content = _either(chance)
    at = content.index(b"mdat") + 4
    coded = flipped(content[at:], chance)[: len(content) - at].ljust(len(content) - at, b"\0")
    return suffix, content[:at] + coded


# -- raw files ----------------------------------------------------------------------------------------

_LEADS = [
    b"II*\0",
    b"II*\0",
    b"II*\0",
    b"MM\0*",
    b"IIRO",
    b"IIRS",
    b"IIU\0",
    b"MMOR",
    b"II\x1a\0\0\0HEAPCCDR",
    b"FUJIFILMCCD-RAW 0201",
    b"\0MRM\0\0\1\0",
    b"FOVb\0\0\3\0",
]
_MAKERS = [
    b"Canon\0",
    b"NIKON\0",
    b"SONY\0",
    b"PENTAX\0",
    b"Panasonic\0",
    b"OLYMPUS\0",
    b"Leaf\0",
    b"Phase One\0",
]
_ENDINGS = ["dng", "nef", "cr2", "arw", "orf", "rw2", "raf", "pef", "3fr", "iiq", "mrw", "x3f", "cr3", "kdc"]


def raw_fields(chance: random.Random) -> Made:
    """A raw file, of any maker's beginning, whose fields are of any size, codec and pattern."""
    samples = np.full((48, 64), 900, np.uint16).tobytes()
    if chance.random() < 0.5:
        samples = chance.randbytes(len(samples))
    maker = chance.choice(_MAKERS)
    data = samples + maker.ljust(16, b"\0")
    sides = [48, 64, 64, 0, 1, 4000, 15_000, 65_535]
    codecs = [1, 1, 7, 8, 34_713, 34_892, 32_867, 65_535, 32_769, 52_546]
    entries = {
        254: (254, LONG, 1, 0), 256: (256, LONG, 1, 64), 257: (257, LONG, 1, 48), 258: (258, SHORT, 1, 16),
        259: (259, SHORT, 1, chance.choice(codecs)), 262: (262, SHORT, 1, chance.choice([32_803, 34_892, 2])),
        271: (271, 2, len(maker), 8 + len(samples)), 273: (273, LONG, 1, 8), 277: (277, SHORT, 1, 1),
        278: (278, LONG, 1, 48), 279: (279, LONG, 1, len(samples)), 33_421: (33_421, SHORT, 2, 0x0002_0002),
        33_422: (33_422, 1, 4, 0x0201_0100), 50_706: (50_706, 1, 4, 0x0000_0401),
    }  # fmt: skip
    bendable = [
        *entries,
        322,
        323,
        324,
        325,
        330,
        34_665,
        37_500,
        50_712,
        50_713,
        50_714,
        50_717,
        50_719,
        50_720,
    ]
    bendable += [50_829, 51_008, 50_740, 513, 514, 46, 280, 23, 50_721, 50_728]
    for _ in range(chance.choice([0, 1, 2, 5])):
        tag = chance.choice(bendable)
        value = chance.choice([*sides, 8, len(data), 2**31 - 1, 2**32 - 1])
        kind, count = chance.choice([SHORT, LONG, LONG, 7, 10]), chance.choice([1, 1, 4, 5000])
        entries[tag] = (tag, kind, count, value & 65_535 if (kind, count) == (SHORT, 1) else value)
    table = directory(
        [entries[tag] for tag in sorted(entries)], chance.choice([0, 0, 8 + len(data), 2**32 - 1])
    )
    lead = chance.choice(_LEADS)
    made = lead[:4] + struct.pack("<I", 8 + len(data)) + data + table
    if len(lead) > 4:
        made = lead + chance.randbytes(chance.choice([20, 100])) + made
    return chance.choice(_ENDINGS), made


# -- sidecars -----------------------------------------------------------------------------------------


def sidecars(chance: random.Random) -> Made:
    """A photo with sidecars of any structure and size, which are links, pipes and folders now and then."""

    def told() -> bytes:
        kind = chance.randrange(5)
        if kind == 0:
            deep = chance.choice([90, 970, 50_000])
            return packet("<rdf:a>" * deep + "</rdf:a>" * deep)
        if kind == 1:
            return packet("<rdf:a/>" * chance.choice([10_000, 400_000]))
        if kind == 2:
            entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
            return f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{entities}]><x>&e12;</x>'.encode()
        if kind == 3:
            return packet("<e:GPSLatitude>51,1.5N</e:GPSLatitude>" * 9000, **SPACES)
        return flipped(random_xmp(chance)[1], chance)

    photo = jpeg(exif=b"Exif\0\0" + b"II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0")
    files, links, pipes = {"photo.jpg": photo}, {}, []
    for name in ("photo.xmp", "photo.jpg.xmp"):
        fate = chance.randrange(8)
        if fate == 0:
            links[name] = f"{ELSEWHERE}/{PRIVATE}"
        elif fate == 1:
            pipes.append(name)
        elif fate == 2:
            files[f"{name}/inner"] = b""
        else:
            files[name] = told()
    for name in ("result.xmp", "result.jpg.xmp"):
        if chance.random() < 0.3:
            links[name] = f"{ELSEWHERE}/{chance.choice([PRIVATE, 'new'])}"
    return "sidecar.tar", archive(files, links, tuple(pipes))


NEWER: list[Callable[[random.Random], Made]] = [boxes, many_items, box_codes, sidecars]
if raw.available():
    NEWER.append(raw_fields)
