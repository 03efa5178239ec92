"""Files that somebody made to harm: small on the disk, endless when they are read as they ask to be.

In: a `random.Random`. Out: (suffix, content). Each kind knows the structure of its format, so that it comes
past the checks of plain damage: directories that name the same bytes again and again, strips that share
theirs, sizes that are there twice, pages and scans and segments by the thousand, chunks and packets that
grow.
`benchmarks/fuzz.py` and the tests read them.
"""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable

from PIL import Image

Made = tuple[str, bytes]
Entry = tuple[int, int, int, int]
"""Tag, kind, count, and the value or the offset of the values."""
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SHORT, LONG, UNDEFINED = 3, 4, 7


def directory(entries: Iterable[Entry], following: int = 0) -> bytes:
    """A TIFF directory, little-endian; short values go to the left of their cell."""
    table = list(entries)
    cells = (
        struct.pack("<HHIHxx" if (kind, count) == (SHORT, 1) else "<HHII", tag, kind, count, value)
        for tag, kind, count, value in table
    )
    return struct.pack("<H", len(table)) + b"".join(cells) + struct.pack("<I", following)


def tiff(entries: Iterable[Entry], data: bytes = b"") -> bytes:
    """A TIFF: header, `data` at offset 8, then one directory."""
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory(entries)


def grey(width: int, height: int, count: int, **more: int) -> list[Entry]:
    """The entries of a grey picture whose one strip of `count` bytes lies at offset 8. more: t277=16 sets a
    tag to one SHORT."""
    entries: dict[int, Entry] = {
        tag: (tag, kind, 1, value)
        for tag, kind, value in (
            (256, LONG, width), (257, LONG, height), (258, SHORT, 8), (259, SHORT, 1), (262, SHORT, 1),
            (273, LONG, 8), (277, SHORT, 1), (278, LONG, height), (279, LONG, count),
        )
    }  # fmt: skip
    entries |= {int(name[1:]): (int(name[1:]), SHORT, 1, value) for name, value in more.items()}
    return [entries[tag] for tag in sorted(entries)]


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    (image or Image.new("RGB", (32, 24), "grey")).save(out, "JPEG", **options)
    return out.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 255, marker, len(content) + 2) + content


def png(*chunks: tuple[bytes, bytes], image: Image.Image | None = None) -> bytes:
    """A small PNG with more chunks, right after its header."""
    out = io.BytesIO()
    (image or Image.new("RGB", (32, 24), "grey")).save(out, "PNG")
    whole = out.getvalue()
    return whole[:33] + b"".join(chunk(*each) for each in chunks) + whole[33:]


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG with its checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def packet(inner: str, **names: str) -> bytes:
    """An XMP packet with `inner` in its one description."""
    spaces = "".join(f' xmlns:{name}="{space}"' for name, space in names.items())
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"{spaces}><rdf:Description>{inner}'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def with_xmp(content: bytes, compressed: bool = False) -> bytes:
    """A PNG with an XMP packet."""
    text = zlib.compress(content, 9) if compressed else content
    return png((b"iTXt", b"XML:com.adobe.xmp\0" + bytes([compressed, 0, 0, 0]) + text))


# -- directories --------------------------------------------------------------------------------------


def same_bytes(entries: int, start: int = 0xC000) -> bytes:
    """A TIFF structure of `entries` fields, each of which names all of it."""
    length = 8 + 2 + 12 * entries + 4
    return tiff((start + number, UNDEFINED, length - 8, 8) for number in range(entries))


def tiff_same_bytes(chance: random.Random) -> Made:
    count = chance.choice([500, 3000, 4000, 8000])
    return "tif", tiff(
        [*grey(8, 8, 64), *((2000 + n, UNDEFINED, 12 * count, 8) for n in range(count))], bytes(64)
    )


def exif_same_bytes(chance: random.Random) -> Made:
    block = same_bytes(chance.choice([500, 3000, 5400, 12_000]))
    kind = chance.choice(["jpg", "png", "tif"])
    if kind == "png":
        return "png", png((b"eXIf", block))
    if kind == "tif":
        data = bytes(64) + block
        return "tif", tiff([*grey(8, 8, 64), (34665, LONG, 1, 8 + len(data) - 12 * 400)], data)
    pieces = [block[at : at + 65_000] for at in range(0, len(block), 65_000)]
    whole = jpeg()
    return "jpg", whole[:2] + b"".join(segment(0xE1, b"Exif\0\0" + each) for each in pieces) + whole[2:]


def full_directory(chance: random.Random) -> Made:
    """As many fields as a directory can have; one more does not fit."""
    block = tiff((number, SHORT, 1, 1) for number in range(chance.choice([5000, 65_535])))
    return chance.choice([("png", png((b"eXIf", block))), ("tif", block)])


def thumbnail_strips(chance: random.Random) -> Made:
    """An EXIF block whose thumbnail is of thousands of strips, each of them all of the block."""
    count = chance.choice([1000, 15_000])
    strips = struct.pack("<I", 8) * count
    lengths = struct.pack("<I", 120_000) * count
    first = directory(((number, SHORT, 1, 1) for number in range(20_000, 23_000)), 8 + len(strips) * 2)
    second = directory([(273, LONG, count, 8), (279, LONG, count, 8 + len(strips))])
    at = 8 + len(strips) * 2 + len(second)
    block = b"II*\0" + struct.pack("<I", at) + strips + lengths + second + first
    return "png", png((b"eXIf", block))


# -- pixels of TIFF -----------------------------------------------------------------------------------


def shared_strips(chance: random.Random) -> Made:
    """Strips that are all the same bytes, for sixteen samples a pixel."""
    samples, rows = chance.choice([4, 16]), chance.choice([1, 16, 5000])
    side = chance.choice([500, 5000, 15_000])
    packed = zlib.compress(bytes(200_000), 9)
    count = -(-side // rows) * samples
    offsets, counts = struct.pack("<I", 8) * count, struct.pack("<I", len(packed)) * count
    bits = struct.pack("<H", 16) * samples
    data = packed + offsets + counts + bits
    at = 8 + len(packed)
    entries = {each[0]: each for each in grey(side, side, len(packed), t259=8, t277=samples, t284=2)}
    entries[258] = (258, SHORT, samples, at + 8 * count)
    entries[273], entries[279] = (273, LONG, count, at), (279, LONG, count, at + 4 * count)
    entries[278] = (278, LONG, 1, rows)
    return "tif", tiff([entries[tag] for tag in sorted(entries)], data)


def double_sizes(chance: random.Random) -> Made:
    """A width and a height that are there twice; readers disagree which of them counts."""
    compression = chance.choice([1, 5, 8])
    small, large = (8, 8), (chance.choice([60, 30_000]),) * 2
    first, second = chance.choice([(small, large), (large, small)])
    entries = grey(*first, 64, t258=chance.choice([8, 16]), t259=compression)
    again = [(256, LONG, 1, second[0]), (257, LONG, 1, second[1])]
    place = chance.choice([2, len(entries)])
    return "tif", tiff([*entries[:place], *again, *entries[place:]], bytes(200))


def many_pages(chance: random.Random) -> Made:
    """Hundreds of pages, each of large directories or of none at all."""
    count, ballast = chance.choice([(400, 0), (400, 150), (2500, 0)])
    start, parts = 8 + 64, [bytes(64)]
    for number in range(count):
        entries = [*grey(8, 8, 64), *((2000 + n, UNDEFINED, 20_000, 8) for n in range(ballast))]
        length = len(directory(entries))
        parts.append(directory(entries, 0 if number == count - 1 else start + length))
        start += length
    return "tif", b"II*\0" + struct.pack("<I", 72) + b"".join(parts)


def large_tiles(chance: random.Random) -> Made:
    """A small picture in one enormous tile."""
    side = chance.choice([4096, 15_792])
    entries = [each for each in grey(8, 8, 64, t258=16, t259=chance.choice([5, 8])) if each[0] != 278]
    names = {273: 324, 279: 325}
    tiles = [(names.get(each[0], each[0]), *each[1:]) for each in entries]
    tiles += [(322, LONG, 1, side), (323, LONG, 1, side)]
    return "tif", tiff(sorted(tiles), zlib.compress(bytes(100_000), 9))


# -- JPEG ---------------------------------------------------------------------------------------------


def many_scans(chance: random.Random) -> Made:
    """A progressive JPEG of thousands of scans that hold nothing."""
    side, count = chance.choice([(64, 5000), (3000, 1500), (12_000, 300), (12_000, 30_000)])
    whole = bytearray(jpeg(Image.new("L", (64, 64), 90), progressive=True))
    at = whole.index(b"\xff\xc2") + 5
    struct.pack_into(">HH", whole, at, side, side)
    empty = segment(0xDA, bytes([1, 1, 0, 0, 0, 0x10])) + b"\0"
    return "jpg", bytes(whole[:-2]) + empty * count + bytes(whole[-2:]) + bytes(max(0, side * side // 400))


def many_segments(chance: random.Random) -> Made:
    kind = chance.choice([(0xE1, b"Exif\0\0II"), (0xFE, b"x"), (0xED, b"Photoshop 3.0\0"), (0xE2, b"")])
    whole = jpeg()
    return "jpg", whole[:2] + segment(*kind) * chance.choice([3000, 60_000]) + whole[2:]


# -- chunks and packets -------------------------------------------------------------------------------


def grown_packet(chance: random.Random) -> Made:
    """A compressed XMP packet of many megabytes."""
    piece = chance.choice(["<rdf:a/>", "&#65;", "<![CDATA[]]>", "<!---->", "<?a?>", "a" * 40])
    size = chance.choice([1 << 20, 15 << 20])
    return "png", with_xmp(packet(piece * (size // len(piece))), compressed=True)


def nested_packet(chance: random.Random) -> Made:
    depth = chance.choice([300, 900, 970, 985, 3000, 50_000])
    return "png", with_xmp(packet("<rdf:a>" * depth + "</rdf:a>" * depth))


def many_places(chance: random.Random) -> Made:
    """Thousands of properties that say where a photo was taken."""
    count = chance.choice([2000, 9000])
    exif, city = "http://ns.adobe.com/exif/1.0/", "http://ns.adobe.com/photoshop/1.0/"
    names = [f"<e:GPS{number}/>" if number % 2 else "<p:City/>" for number in range(count)]
    return "png", with_xmp(packet("".join(names), e=exif, p=city))


def earlier_records(chance: random.Random) -> Made:
    """A record of what was done before that is nested, endless, or of numbers that are none."""
    text = chance.choice(
        ["[" * 100_000, "[" + "1" * 5000 + "]", "[1e999]", json.dumps([{"a": "b" * 50_000}] * 20)]
    )
    inner = f"<r:Earlier>{text}</r:Earlier><r:Model>x</r:Model>"
    return "png", with_xmp(packet(inner, r="http://ns.restorer.example/provenance/1.0/"))


def many_chunks(chance: random.Random) -> Made:
    name = chance.choice([b"tEXt", b"zTXt", b"iTXt", b"prVt"])
    bodies = {
        b"tEXt": b"a\0b",
        b"zTXt": b"a\0\0" + zlib.compress(bytes(500_000), 9),
        b"iTXt": b"a\0\1\0\0\0" + zlib.compress(bytes(500_000), 9),
        b"prVt": b"",
    }
    return "png", png(
        *[(name, bodies[name])] * chance.choice([100, 30_000 if name in (b"tEXt", b"prVt") else 900])
    )


def empty_picture(chance: random.Random) -> Made:
    """Hundreds of megapixels of one colour in a file of less than a megabyte."""
    width, height, depth, kind = chance.choice(
        [(15_000, 15_000, 8, 2), (12_000, 12_000, 8, 6), (9000, 9000, 16, 6)]
    )
    size = height * (width * depth // 8 * {2: 3, 6: 4}[kind] + 1)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)  # the same again and again
    rest = zlib.compressobj(9, zlib.DEFLATED, -15)
    rows = piece * (size >> 20) + rest.compress(bytes(size & 0xFFFFF)) + rest.flush()
    check = struct.pack(">HH", size % 65_521, 1)  # Adler's sum of so many zeros
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    data = chunk(b"IDAT", b"\x78\xda" + rows + check)
    return "png", b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"")


PHOTOS: list[Callable[[random.Random], Made]] = [
    tiff_same_bytes, exif_same_bytes, full_directory, thumbnail_strips, shared_strips, double_sizes,
    many_pages, large_tiles, many_scans, many_segments, grown_packet, nested_packet, many_places,
    earlier_records, many_chunks, empty_picture,
]  # fmt: skip


# -- packs and checkpoints ----------------------------------------------------------------------------


def pack(chance: random.Random) -> Made:
    """A `config.json` whose values are out of all ranges, one or two at a time."""
    config: dict[str, object] = {
        "format": 1, "name": "pack", "kind": "photo-sr", "scale": 4, "margin": 32, "sigma_data": 0.1,
        "presets": {"draft": {"steps": 1, "sigma_max": 1.0}}, "weights": {"sha256": "a"},
        "network": {"channels": [8, 12], "blocks_down": 1, "blocks_up": 2}, "local": True, "data": [],
        "licence": "", "scales": [4], "finer": {}, "classes": [], "sides": [], "schedule": {}, "source": {},
    }  # fmt: skip
    absurd = [
        "../../outside", "a\0b", 10**30, -1, 0.5, None, True, [], {}, [[[[]]]], "x" * 5000, {"steps": 10**12},
        {"channels": [10**6] * 500}, [10**9], {"draft": {"steps": 10**9, "sigma_max": 1}},
    ]  # fmt: skip
    for name in chance.sample(sorted(config), chance.choice([1, 2])):
        config[name] = chance.choice(absurd)
    text = json.dumps(config)
    raw = ["1e999", "-Infinity", "NaN", "1" * 5000, "[" * 50_000, '{"a":' * 900 + "1" + "}" * 900]
    if chance.random() < 0.4:
        text = text.replace("32", chance.choice(raw), 1)
    return "json", text.encode()


def checkpoint(chance: random.Random) -> Made:
    """A checkpoint in PyTorch's archive whose pickle asks for far more than it holds."""
    levels = chance.choice([5, 40, 200])
    doubled = b"".join(b"q%ch%c\x86" % (n, n) for n in range(levels))
    call = b"\x80\2}X\1\0\0\0ac%s\n%s\x85Rs."
    pickled = chance.choice(
        [
            b"\x80\2})" + doubled + b"K\1s.",
            b"\x80\2}X\1\0\0\0a)" + doubled + b"s.",
            call % (b"__builtin__\nbytearray", b"\x8a\5\0\x28\x6b\xee\0"),
            call % (b"torch\nFloatTensor", b"J\xff\xff\xff\x7f"),
            call % (b"collections\nOrderedDict", b"]"),
            b"\x80\2}("
            + b"".join(b"\x8a\x08" + (n << 32).to_bytes(8, "little") + b"N" for n in range(9999))
            + b"u.",
            b"\x80\2" + chance.randbytes(chance.choice([10, 200])),
            b"\x80\2" + b"(" * 100_000 + b"t" * 100_000 + b".",
            b"\x80\2" + b"]" * 5000 + b"a" * 4999 + b".",
        ]
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
        archive.writestr("archive/version", "3\n")
        archive.writestr("archive/data/0", bytes(16))
    return "pth", out.getvalue()


MODELS: list[Callable[[random.Random], Made]] = [pack, checkpoint]
