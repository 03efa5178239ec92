"""Photos whose container is whole and whose picture is not: what the decoders themselves are fed with.

In: a `random.Random`. Out: (suffix, content), as in `benchmarks/hostile.py`. Sizes, checksums and tables are
right, so that a file comes past the checks of the container, and what is wrong lies in what libtiff, libpng,
libjpeg, libwebp, lcms and Pillow decode: damaged codes, parts by the thousand or far larger than the picture,
a large picture of one colour, profiles and blocks of metadata of random structure.
"""

from __future__ import annotations

import functools
import io
import random
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from benchmarks.hostile import (
    LONG,
    SHORT,
    Entry,
    Made,
    chunk,
    grey,
    jpeg,
    segment,
    tiff,
)

RAW, LZW, DEFLATE, PACKBITS, LZMA, ZSTD = 1, 5, 8, 32773, 34925, 50000
CODECS = {LZW: "tiff_lzw", DEFLATE: "tiff_adobe_deflate", PACKBITS: "packbits", LZMA: "lzma", ZSTD: "zstd"}
"""Numbers of TIFF, and Pillow's names."""


def noise(chance: random.Random, side: int = 48, channels: int = 3) -> Image.Image:
    """A small picture that no codec makes short."""
    shape = (side, side, channels) if channels > 1 else (side, side)
    return Image.fromarray(np.random.default_rng(chance.getrandbits(32)).integers(0, 256, shape, np.uint8))


def flipped(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few of them changed, cut or repeated."""
    made = bytearray(data)
    for _ in range(chance.choice([0, 1, 3, 20])):
        if made:
            made[chance.randrange(len(made))] = chance.randrange(256)
    if chance.random() < 0.2:
        made = made[: chance.randrange(len(made) + 1)]
    if chance.random() < 0.1:
        made *= chance.randrange(2, 6)
    return bytes(made)


# -- codes --------------------------------------------------------------------------------------------


def tiff_codes(chance: random.Random) -> Made:
    """A TIFF of each codec of libtiff, its strips damaged and its directory whole."""
    kinds = ("tiff_lzw", "tiff_adobe_deflate", "packbits", "lzma", "zstd", "jpeg", "tiff_ccitt")
    name = chance.choice([*kinds, "group3", "group4"])
    bitonal = name in ("tiff_ccitt", "group3", "group4")
    image = (
        noise(chance, channels=1).convert("1") if bitonal else noise(chance, channels=chance.choice([1, 3]))
    )
    out = io.BytesIO()
    image.save(out, "TIFF", compression=name)
    data = bytearray(out.getvalue())
    with Image.open(out) as seen:
        tags = seen.tag_v2  # type: ignore[attr-defined]
        spans = list(zip(tags[273], tags[279], strict=True))
    for at, count in spans:
        data[at : at + count] = flipped(bytes(data[at : at + count]), chance)[:count].ljust(count, b"\0")
    return "tif", bytes(data)


def deep_tiff(chance: random.Random) -> Made:
    """Samples of any number, depth, meaning and order, in strips or tiles, whole or damaged."""
    samples, bits = chance.choice([1, 2, 3, 4, 5]), chance.choice([1, 2, 4, 8, 12, 16, 32])
    width, height = chance.choice([(40, 30), (1, 70), (333, 3)])
    codec = chance.choice([RAW, *CODECS, 2, 3, 4, 6, 7, 32809, 34676, 34677])
    planar = chance.choice([1, 2])
    plain = chance.randbytes((width * bits * (1 if planar == 2 else samples) + 7) // 8 * height)
    packed = zlib.compress(plain) if codec == DEFLATE else plain
    parts = samples if planar == 2 else 1
    data = packed * parts
    at = 8 + len(data)
    tail = struct.pack(f"<{samples}H", *[bits] * samples)
    tail += struct.pack(f"<{parts}I", *(8 + len(packed) * n for n in range(parts)))
    tail += struct.pack(f"<{parts}I", *[len(packed)] * parts)
    photometric = chance.choice([0, 1, 2, 3, 5, 6, 8, 9, 32844])
    entries = {
        each[0]: each
        for each in grey(width, height, 0, t259=codec, t262=photometric, t277=samples, t284=planar)
    }
    entries[258] = (258, SHORT, samples, at if samples > 2 else bits | (samples - 1) * bits << 16)
    places = at + 2 * samples
    entries[273] = (273, LONG, parts, places if parts > 1 else 8)
    entries[279] = (279, LONG, parts, places + 4 * parts if parts > 1 else len(packed))
    for tag, values in (
        (317, (1, 2, 3)),
        (266, (1, 2)),
        (338, (0, 1, 2)),
        (339, (1, 2, 3, 4)),
        (274, (1, 6, 9)),
    ):
        if chance.random() < 0.3:
            entries[tag] = (tag, SHORT, 1, chance.choice(values))
    return "tif", tiff([entries[tag] for tag in sorted(entries)], data + tail)


def old_jpeg_tiff(chance: random.Random) -> Made:
    """Compression 6, whose tables and marks lie wherever their fields say."""
    stream = flipped(jpeg(noise(chance)), chance)
    places = [0, 8, 100, 8 + len(stream), 2**31, len(stream)]
    entries = {each[0]: each for each in grey(48, 48, len(stream), t259=6, t262=6, t277=3)}
    for tag in (512, 513, 514, 515, 519, 520, 521, 530, 532):
        if chance.random() < 0.6:
            entries[tag] = (tag, LONG, chance.choice([1, 3]), chance.choice(places))
    entries[513] = (513, LONG, 1, chance.choice([8, 8, *places]))
    return "tif", tiff([entries[tag] for tag in sorted(entries)], stream)


def png_codes(chance: random.Random) -> Made:
    """A PNG of every depth and kind, interlaced or not, with rows too few, too many or damaged, all of it
    with right checksums."""
    kind = chance.choice([0, 2, 3, 4, 6])
    depth = chance.choice({0: [1, 2, 4, 8, 16], 3: [1, 2, 4, 8]}.get(kind, [8, 16]))
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    width, height, laced = chance.choice([1, 7, 33]), chance.choice([1, 9, 40]), chance.choice([0, 1])
    passes = (
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        if laced
        else [(0, 0, 1, 1)]
    )
    rows = b""
    for left, top, across, down in passes:
        wide, high = -(-(width - left) // across), -(-(height - top) // down)
        length = (wide * samples * depth + 7) // 8
        if wide > 0:
            rows += b"".join(
                bytes([chance.choice([0, 1, 2, 3, 4, 4, 9])]) + chance.randbytes(length) for _ in range(high)
            )
    packed = zlib.compress(rows)
    packed = flipped(packed, chance) if chance.random() < 0.4 else packed
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, laced))]
    if kind == 3 or chance.random() < 0.2:
        parts.append((b"PLTE", chance.randbytes(3 * chance.choice([1, 5, 256, 300]))))
    if chance.random() < 0.4:
        parts.append((b"tRNS", chance.randbytes(chance.choice([1, 2, 6, 256]))))
    extra = [
        (b"gAMA", 4),
        (b"cHRM", 32),
        (b"sBIT", samples),
        (b"bKGD", 6),
        (b"hIST", 8),
        (b"acTL", 8),
        (b"cICP", 4),
    ]
    parts += [
        (name, chance.randbytes(length)) for name, length in chance.sample(extra, chance.choice([0, 2]))
    ]
    parts += [(b"IDAT", packed[at : at + 300]) for at in range(0, max(1, len(packed)), 300)]
    content = b"".join(chunk(*each) for each in [*parts, (b"IEND", b"")])
    return "png", b"\x89PNG\r\n\x1a\n" + content


def jpeg_codes(chance: random.Random) -> Made:
    """A JPEG whose headers are whole and whose scans are damaged."""
    image = noise(chance) if chance.random() < 0.7 else noise(chance, channels=4).convert("CMYK")
    options = {"progressive": chance.random() < 0.5, "subsampling": chance.choice([0, 1, 2])}
    whole = jpeg(image, restart_marker_blocks=chance.choice([0, 1, 5]), **options)
    at = whole.index(b"\xff\xda") + 14
    return "jpg", whole[:at] + flipped(whole[at:-2], chance) + chance.choice([whole[-2:], b""])


def webp_codes(chance: random.Random) -> Made:
    """A WebP, lossy, lossless, with alpha or of several pictures, whose codes are damaged."""
    out = io.BytesIO()
    more = {"save_all": True, "append_images": [noise(chance)]} if chance.random() < 0.3 else {}
    noise(chance, channels=chance.choice([3, 4])).save(out, "WEBP", lossless=chance.random() < 0.5, **more)
    whole = out.getvalue()
    at = chance.choice([20, 30, 60])
    return "webp", whole[:at] + flipped(whole[at:], chance)[: len(whole) - at].ljust(len(whole) - at, b"\0")


def bmp_codes(chance: random.Random) -> Made:
    """A BMP of any header, depth and compression; run lengths and jumps of random kind."""
    bits, packing = chance.choice([1, 4, 8, 16, 24, 32]), chance.choice([0, 1, 2, 3, 4, 6])
    width, height = chance.choice([(40, 30), (40, -30), (15_000, 15_000), (2**31 - 1, 1)])
    size = chance.choice([12, 40, 40, 52, 56, 108, 124])
    head = struct.pack(
        "<IiiHHIIiiII",
        size,
        width,
        height,
        1,
        bits,
        packing,
        0,
        2835,
        2835,
        chance.choice([0, 256, 2**31]),
        0,
    )
    head = (
        struct.pack("<IHHHH", 12, width & 65535, abs(height) & 65535, 1, bits) if size == 12 else head
    ).ljust(size, b"\xff")
    runs = (
        b"\0\2\xff\xff" * 50_000 if chance.random() < 0.2 else chance.randbytes(chance.choice([50, 20_000]))
    )
    body = head + chance.randbytes(chance.choice([0, 1024])) + runs
    return "bmp", b"BM" + struct.pack("<IHHI", 14 + len(body), 0, 0, 14 + size) + body


# -- sizes --------------------------------------------------------------------------------------------


@functools.cache
def blank_strip(codec: int) -> bytes:
    """A strip of 64 MiB of zeros, packed."""
    if codec == DEFLATE:
        return zlib.compress(bytes(64 << 20), 9)
    out = io.BytesIO()
    image = Image.new("L", (8192, 8192))
    image.save(out, "TIFF", compression=CODECS[codec], strip_size=64 << 20)
    with Image.open(out) as seen:
        tags = seen.tag_v2  # type: ignore[attr-defined]
        at, count = tags[273][0], tags[279][0]
    return out.getvalue()[at : at + count]


def blank_tiff(chance: random.Random) -> Made:
    """A picture of one colour, as large as a file of a megabyte may promise, of every meaning and depth."""
    codec = chance.choice([*CODECS])
    packed = blank_strip(codec)
    samples, depth = chance.choice([(1, 8), (3, 8), (4, 8), (1, 16), (3, 16), (4, 16)])
    row = 8192 * samples * depth // 8
    height = min(330 << 20, (64 << 20) * 5) // row
    rows = (64 << 20) // row
    count = -(-height // rows)
    offsets, counts = [8] * count, [len(packed)] * count
    data = packed
    if count * len(packed) > 2 * (len(packed) + 900_000):  # else they would share too much
        data, offsets = packed * count, [8 + len(packed) * number for number in range(count)]
    else:
        data += bytes(900_000)
    at = 8 + len(data)
    tail = struct.pack(f"<{count}I", *offsets) + struct.pack(f"<{count}I", *counts)
    tail += struct.pack(f"<{samples}H", *[depth] * samples)
    photometric = {1: [0, 1], 3: [2, 6, 8, 9], 4: [2, 5]}[samples]
    entries = {
        each[0]: each
        for each in grey(8192, height, 0, t259=codec, t277=samples, t262=chance.choice(photometric))
    }
    entries[258] = (258, SHORT, samples, at + 8 * count if samples > 2 else depth)
    entries[273], entries[279] = (273, LONG, count, at), (279, LONG, count, at + 4 * count)
    entries[278] = (278, LONG, 1, rows)
    if samples == 4:
        entries[338] = (338, SHORT, 1, chance.choice([1, 2]))
    if chance.random() < 0.5:
        entries[317] = (317, SHORT, 1, 2)
    if chance.random() < 0.3:
        entries[274] = (274, SHORT, 1, chance.choice([3, 6]))
    return "tif", tiff([entries[tag] for tag in sorted(entries)], data + tail)


def wide_tiles(chance: random.Random) -> Made:
    """A small picture in many tiles, nearly all of each outside of it."""
    codec = chance.choice([DEFLATE, LZW, ZSTD, LZMA])
    packed = blank_strip(codec)
    tile = chance.choice([(16, 4 << 20), (4 << 20, 16)])
    count = min(100, 1_000_000 // len(packed) + 1)
    width, height = (16 * count, 8) if tile[0] == 16 else (8, 16 * count)
    data = packed * (count if chance.random() < 0.5 else count // 2 + 1)
    spots = [8 + len(packed) * (number % (len(data) // len(packed))) for number in range(count)]
    at = 8 + len(data)
    tail = struct.pack(f"<{count}I", *spots) + struct.pack(f"<{count}I", *[len(packed)] * count)
    return "tif", _tiled((width, height), tile, count, at, codec, chance.choice([8, 16]), data + tail)


def many_tiles(chance: random.Random) -> Made:
    """A picture of tens of thousands of tiles of a few bytes each."""
    codec, side = chance.choice([DEFLATE, LZW, ZSTD, PACKBITS]), 16
    across = chance.choice([60, 290])
    count = across * across
    image, out = Image.new("L", (side, 2 * side)), io.BytesIO()
    image.save(out, "TIFF", compression=CODECS[codec], strip_size=1 << 20)
    with Image.open(out) as seen:
        tags = seen.tag_v2  # type: ignore[attr-defined]
        at, length = tags[273][0], tags[279][0]
    packed = out.getvalue()[at : at + length]
    unique = count if chance.random() < 0.5 else count // 2 + 1
    data = packed * unique
    spots = [8 + length * (number % unique) for number in range(count)]
    tail = struct.pack(f"<{count}I", *spots) + struct.pack(f"<{count}I", *[length] * count)
    size = (across * side, across * side)
    return "tif", _tiled(size, (side, side), count, 8 + len(data), codec, 16, data + tail)


def _tiled(
    size: tuple[int, int], tile: tuple[int, int], count: int, at: int, codec: int, depth: int, data: bytes
) -> bytes:
    """A grey TIFF of `count` tiles, whose offsets lie at `at` and their lengths behind them."""
    entries: dict[int, Entry] = {each[0]: each for each in grey(*size, 0, t258=depth, t259=codec)}
    for tag in (273, 278, 279):
        del entries[tag]
    entries[322], entries[323] = (322, LONG, 1, tile[0]), (323, LONG, 1, tile[1])
    entries[324], entries[325] = (324, LONG, count, at), (325, LONG, count, at + 4 * count)
    return tiff([entries[tag] for tag in sorted(entries)], data)


def large_jpeg(chance: random.Random) -> Made:
    """As many pixels as a megabyte may promise, in scans that hold nothing, with and without an end."""
    mode = chance.choice(["L", "RGB", "CMYK"])
    whole = bytearray(
        jpeg(Image.new(mode, (64, 64), "grey" if mode == "RGB" else 0), progressive=True, subsampling=0)
    )
    side = {"L": 15_000, "RGB": 10_500, "CMYK": 9000}[mode]
    struct.pack_into(">HH", whole, whole.index(b"\xff\xc2") + 5, side, side)
    body = bytes(whole[:-2])
    scans = segment(0xDA, bytes([1, 1, 0, 1, 63, 0])) + b"\0" * 4
    comments = segment(0xFE, b"x" * 60_000) * chance.choice([0, 15])
    return "jpg", body[:2] + comments + body[2:] + scans * chance.choice([0, 10, 90]) + chance.choice(
        [b"", b"\xff\xd9"]
    )


def large_webp(chance: random.Random) -> Made:
    """A large picture of one colour, alone or as the first of several, in a file made long by a chunk that
    nobody knows."""
    side, out = chance.choice([2000, 9100]), io.BytesIO()
    image = Image.new("RGBA", (side, side), (1, 2, 3, 4))
    more = {"save_all": True, "append_images": [Image.new("RGBA", (side, side))]} if side < 9000 else {}
    image.save(out, "WEBP", lossless=True, method=0, **more)
    whole = bytearray(out.getvalue() + b"XXXX" + struct.pack("<I", 900_000) + bytes(900_000))
    struct.pack_into("<I", whole, 4, len(whole) - 8)
    return "webp", bytes(whole)


PIXELS: list[Callable[[random.Random], Made]] = [
    tiff_codes, deep_tiff, old_jpeg_tiff, png_codes, jpeg_codes, webp_codes, bmp_codes,
]  # fmt: skip
LARGE: list[Callable[[random.Random], Made]] = [blank_tiff, wide_tiles, large_jpeg, large_webp, many_tiles]
"""These take seconds each, so there are fewer of them."""
