"""Photos whose picture is whole and whose metadata are of random structure: EXIF, XMP, profiles, captions.

In: a `random.Random`. Out: (suffix, content), as in `benchmarks/hostile.py`.
"""

from __future__ import annotations

import io
import json
import random
import struct
import zlib
from collections.abc import Callable

from PIL import ImageCms

from benchmarks.hostile import (
    LONG,
    SHORT,
    UNDEFINED,
    Made,
    directory,
    grey,
    jpeg,
    packet,
    png,
    segment,
    tiff,
    with_xmp,
)
from benchmarks.hostile_pixels import flipped, noise


def many_texts(chance: random.Random) -> Made:
    """Captions by the ten thousand, in the packet and beside it."""
    count = chance.choice([2000, 30_000])
    said = json.dumps([[f"{number:x}", "b"] for number in range(count * 4)], separators=(",", ":"))
    kept = packet(f"<t:Said>{said}</t:Said>", t="http://ns.restorer.example/texts/1.0/")
    block = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(kept, 9)
    first = [(b"iTXt", block)] if chance.random() < 0.7 else []
    return "png", png(*first, *((b"tEXt", b"z%x\0c" % number) for number in range(count)))


def random_exif(chance: random.Random) -> Made:
    """Directories that point to each other in any way, with fields of any kind, length and place."""
    pointers = [
        34665,
        34853,
        40965,
        330,
        37500,
        513,
        273,
        279,
        514,
        700,
        33723,
        34377,
        274,
        282,
        283,
        296,
        305,
        306,
    ]
    block, places = bytearray(8), [8]
    for _ in range(chance.choice([1, 3, 8])):
        entries = []
        for _ in range(chance.choice([1, 4, 30])):
            tag = chance.choice([*pointers, chance.randrange(65_536)])
            count = chance.choice([0, 1, 1, 2, 8, 200, 2**31])
            value = chance.choice([*places, len(block), 0, 1, 7, 2**32 - 1])
            kind = chance.choice([1, 2, 3, 4, 5, 7, 10, 12, 13, 99])
            entries.append((tag, kind, count, value & 65535 if (kind, count) == (SHORT, 1) else value))
        places.append(len(block))
        block += directory(entries, chance.choice([0, 0, *places]))
    order = b"II*\0" if chance.random() < 0.9 else b"MM\0*"
    block[:8] = order + struct.pack("<I" if order[:1] == b"I" else ">I", chance.choice(places[1:]))
    content = bytes(block)
    suffix = chance.choice(["jpg", "png", "webp", "tif"])
    if suffix == "tif":
        first = len(content) + 8
        entries = [*grey(8, 8, 64), (34665, LONG, 1, 8 + places[-1]), (34853, LONG, 1, 8 + places[1])]
        return "tif", b"II*\0" + struct.pack("<I", first) + bytes(64) + content[64:] + directory(entries)
    if suffix == "png":
        return "png", png((b"eXIf", content))
    if suffix == "jpg":
        whole = jpeg()
        return "jpg", whole[:2] + segment(0xE1, b"Exif\0\0" + content[:65_000]) + whole[2:]
    out = io.BytesIO()
    noise(chance).save(out, "WEBP", exif=content)
    return "webp", out.getvalue()


SPACES = {
    "t": "http://ns.adobe.com/tiff/1.0/",
    "e": "http://ns.adobe.com/exif/1.0/",
    "d": "http://purl.org/dc/elements/1.1/",
    "r": "http://ns.restorer.example/provenance/1.0/",
    "s": "http://ns.restorer.example/texts/1.0/",
    "m": "http://www.metadataworkinggroup.com/schemas/regions/",
    "a": "http://ns.adobe.com/xmp/sType/Area#",
    "k": "http://ns.adobe.com/xap/1.0/sType/Dimensions#",
    "p": "http://ns.microsoft.com/photo/1.2/t/Region#",
    "i": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "z": "urn:of:nobody",
}
NAMES = [
    "Orientation",
    "PixelXDimension",
    "Model",
    "Earlier",
    "Invented",
    "Said",
    "x",
    "y",
    "w",
    "h",
    "unit",
    "AppliedToDimensions",
    "Rectangle",
    "rbX",
    "rbUnit",
    "GPSLatitude",
    "title",
    "DigitalSourceType",
]
VALUES = [
    "1",
    "6",
    "-1",
    "nan",
    "inf",
    "1e999",
    "0.5",
    "pixel",
    "[",
    "[[]]",
    "[[1, 2]]",
    "[{}]",
    "{}",
    "&amp;",
    "&#10;&#13;",
    "a" * 3000,
    "0.1, 0.2, 0.3, nan",
    "9" * 5000,
    "\ud7ff",
]


def random_xmp(chance: random.Random) -> Made:
    """Properties that are known here, in any place, nesting, number and form."""

    def element(depth: int) -> str:
        name = chance.choice(
            ["rdf:li", "rdf:Bag", "rdf:Description", f"{chance.choice([*SPACES])}:{chance.choice(NAMES)}"]
        )
        marks = {
            f"{chance.choice([*SPACES])}:{chance.choice(NAMES)}" for _ in range(chance.choice([0, 0, 1, 4]))
        }
        told = "".join(f' {mark}="{chance.choice(VALUES)}"' for mark in sorted(marks))
        many = chance.choice([0, 1, 3]) if depth < 6 else 0
        inner = "".join(element(depth + 1) for _ in range(many)) or chance.choice(VALUES)
        return f"<{name}{told}>{inner}</{name}>"

    made = packet("".join(element(0) for _ in range(chance.choice([1, 5, 40]))), **SPACES)
    if chance.random() < 0.1:
        made = flipped(made, chance)
    if chance.random() < 0.1:
        made = made.decode("utf-8", "replace").encode(chance.choice(["utf-16", "utf-32"]))
    if chance.random() < 0.5:
        return "png", with_xmp(made, compressed=chance.random() < 0.5)
    if chance.random() < 0.5:
        whole = jpeg()
        return "jpg", whole[:2] + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + made[:65_000]) + whole[2:]
    return "tif", tiff([*grey(8, 8, 64), (700, UNDEFINED, len(made), 8 + 64)], bytes(64) + made)


def random_profile(chance: random.Random) -> Made:
    """A colour profile of random tables, or a good one damaged, in pictures whose colours go through it."""
    good = ImageCms.ImageCmsProfile(ImageCms.createProfile(chance.choice(["sRGB", "LAB", "XYZ"]))).tobytes()
    if chance.random() < 0.5:
        inputs, grid = chance.choice([(4, 2), (4, 9), (4, 255), (3, 33), (16, 2)])
        table = b"mft1\0\0\0\0" + bytes([inputs, 3, grid, 0]) + bytes(36) + chance.randbytes(5000)
        space = {4: b"CMYK", 3: b"RGB "}.get(inputs, b"CMYK")
        head = bytearray(good[:128])
        head[12:24] = b"prtr" + space + b"Lab "
        profile = bytes(head) + struct.pack(">I4sII", 1, b"A2B0", 144, len(table)) + table
        profile = struct.pack(">I", len(profile)) + profile[4:]
    else:
        profile = good[:36] + flipped(good[36:], chance)
    image = noise(chance, channels=4).convert("CMYK") if chance.random() < 0.6 else noise(chance)
    out = io.BytesIO()
    suffix = chance.choice(["jpg", "tif", "png" if image.mode == "RGB" else "jpg"])
    image.save(out, {"jpg": "JPEG", "tif": "TIFF", "png": "PNG"}[suffix], icc_profile=profile)
    return suffix, out.getvalue()


def random_resources(chance: random.Random) -> Made:
    """Photoshop's resources, IPTC's records and captions of any length."""
    block = b"Photoshop 3.0\0"
    for _ in range(chance.choice([1, 20, 4000])):
        name = chance.randbytes(chance.choice([0, 1, 5]))
        length = chance.choice([0, 3, 200, 2**31, 2**32 - 1])
        number = chance.choice([0x0404, 0x03ED, 0x0422, 0x0424])
        block += b"8BIM" + struct.pack(">HB", number, len(name)) + name + bytes((len(name) + 1) % 2)
        block += struct.pack(">I", length) + b"\x1c\x02\x5a\x00\x03abc"[: min(length, 8)]
    if chance.random() < 0.3:
        records = block[14:]
        return "tif", tiff([*grey(8, 8, 64), (34377, 1, len(records), 72)], bytes(64) + records)
    whole = jpeg()
    return "jpg", whole[:2] + segment(0xED, block[:65_000]) + segment(
        0xFE, flipped(b"A caption", chance)
    ) + whole[2:]


BLOCKS: list[Callable[[random.Random], Made]] = [
    random_exif,
    random_xmp,
    random_profile,
    random_resources,
]
