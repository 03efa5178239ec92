"""TIFFs as scanners, fax machines and layout programs store them: each is read as its numbers say, or refused
with the true reason.

Oracle: the numbers that the file was made from.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from restorer.errors import PhotoError
from restorer.photo import read_photo
from restorer.photo.formats.directories import LONG, SHORT, Field, number, pack_ifd

RNG = np.random.default_rng(17)
HEIGHT, WIDTH = 21, 29
DEPTHS = (1, 2, 4, 5, 6, 8, 10, 12, 14, 16)


def packed(numbers: np.ndarray, bits: int, order: str = "<") -> bytes:
    """(rows, width) numbers of so many bits, each row from a byte on, the first number at the top of it."""
    if bits in (8, 16):
        return numbers.astype(f"{order}u{bits // 8}").tobytes()
    ones = (numbers[:, :, None] >> np.arange(bits - 1, -1, -1)) & 1
    return np.packbits(ones.reshape(len(numbers), -1).astype(np.uint8), axis=1).tobytes()


def reversed_bits(data: bytes) -> bytes:
    return np.packbits(np.unpackbits(np.frombuffer(data, np.uint8)).reshape(-1, 8)[:, ::-1]).tobytes()


def tiff(parts: list[bytes], order: str = "<", **tags: Any) -> bytes:
    """A TIFF of one strip, or one for each plane. tags: t258=(8, 8, 8) are SHORT; None leaves one out."""
    fields: dict[int, Field | None] = {
        256: number(order, LONG, WIDTH), 257: number(order, LONG, HEIGHT), 258: number(order, SHORT, 8),
        259: number(order, SHORT, 1), 262: number(order, SHORT, 1), 277: number(order, SHORT, 1),
        278: number(order, LONG, HEIGHT),
    }  # fmt: skip
    for name, value in tags.items():
        values = value if isinstance(value, tuple) else (value,)
        fields[int(name[1:])] = None if value is None else number(order, SHORT, *values)
    body, offsets = b"", []
    for part in parts:
        offsets.append(8 + len(body))
        body += part + bytes(len(part) % 2)
    fields[273] = number(order, LONG, *offsets)
    fields[279] = number(order, LONG, *(len(part) for part in parts))
    kept = {tag: field for tag, field in fields.items() if field is not None}
    directory, first = pack_ifd(kept, order, 8 + len(body))
    mark = b"II" if order == "<" else b"MM"
    return struct.pack(order + "2sHI", mark, 42, first) + body + directory


def put(folder: Path, content: bytes) -> Path:
    (folder / "scan.tif").write_bytes(content)
    return folder / "scan.tif"


def spread(numbers: np.ndarray, bits: int) -> np.ndarray:
    """Numbers of so many bits over all of 8, or all of 16."""
    top = 255 if bits <= 8 else 65535
    return np.floor(numbers * (top / ((1 << bits) - 1)) + 0.5).astype(np.uint8 if bits <= 8 else np.uint16)


@pytest.mark.parametrize("bits", DEPTHS)
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("white", [0, 1])
@pytest.mark.parametrize("backwards", [False, True])
def test_grey_of_every_depth(tmp_path: Path, bits: int, order: str, white: int, backwards: bool) -> None:
    numbers = RNG.integers(0, 1 << bits, (HEIGHT, WIDTH))
    data = packed(numbers, bits, order)
    if backwards:
        data = reversed_bits(data)
    path = put(tmp_path, tiff([data], order, t258=bits, t262=white, t266=2 if backwards else 1))
    wanted = numbers if white else (1 << bits) - 1 - numbers
    assert (read_photo(path).pixels[:, :, 0] == spread(wanted, bits)).all()


@pytest.mark.parametrize("bits", DEPTHS)
@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("deflated", [False, True])
def test_colours_of_every_depth(tmp_path: Path, bits: int, planar: int, deflated: bool) -> None:
    numbers = RNG.integers(0, 1 << bits, (HEIGHT, WIDTH, 3))
    planes = [numbers.reshape(HEIGHT, -1)] if planar == 1 else [numbers[:, :, place] for place in range(3)]
    parts = [packed(plane, bits) for plane in planes]
    if deflated:
        parts = [zlib.compress(part) for part in parts]
    path = put(
        tmp_path, tiff(parts, t258=(bits,) * 3, t259=8 if deflated else 1, t262=2, t277=3, t284=planar)
    )
    assert (read_photo(path).pixels == spread(numbers, bits)).all()


@pytest.mark.parametrize("codec", ["tiff_lzw", "packbits", "zstd", "lzma"])
def test_twelve_bits_that_libtiff_unpacks(tmp_path: Path, codec: str) -> None:
    numbers = RNG.integers(0, 4096, (HEIGHT, 3 * WIDTH))
    rows = np.frombuffer(packed(numbers, 12), np.uint8).reshape(HEIGHT, -1)
    Image.fromarray(rows).save(tmp_path / "part.tif", compression=codec, tiffinfo={278: HEIGHT})
    with Image.open(tmp_path / "part.tif") as file:
        tags = file.tag_v2  # type: ignore[attr-defined]
        at, length, kind = tags[273][0], tags[279][0], tags[259]
    part = (tmp_path / "part.tif").read_bytes()[at : at + length]
    path = put(tmp_path, tiff([part], t258=(12,) * 3, t259=kind, t262=2, t277=3))
    assert (read_photo(path).pixels == spread(numbers.reshape(HEIGHT, WIDTH, 3), 12)).all()


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("eight", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_palette_of_every_depth(tmp_path: Path, bits: int, eight: bool, backwards: bool) -> None:
    table = RNG.integers(0, 256, (3, 1 << bits))
    table[0, 0] = 255
    index = RNG.integers(0, 1 << bits, (HEIGHT, WIDTH))
    data = packed(index, bits)
    if backwards:
        data = reversed_bits(data)
    stored = tuple(int(value) for value in (table if eight else table * 257).ravel())
    path = put(tmp_path, tiff([data], t258=bits, t262=3, t266=2 if backwards else 1, t320=stored))
    assert (read_photo(path).pixels == table.T[index]).all()


@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("meaning", [0, 2])
def test_a_palette_with_a_second_sample(tmp_path: Path, planar: int, meaning: int) -> None:
    table = RNG.integers(0, 256, (3, 256))
    index, alpha = RNG.integers(0, 256, (2, HEIGHT, WIDTH), dtype=np.uint8)
    parts = [np.dstack([index, alpha]).tobytes()] if planar == 1 else [index.tobytes(), alpha.tobytes()]
    stored = tuple(int(value) for value in (table * 257).ravel())
    tags: dict[str, Any] = {
        "t258": (8, 8),
        "t262": 3,
        "t277": 2,
        "t284": planar,
        "t320": stored,
        "t338": meaning,
    }
    photo = read_photo(put(tmp_path, tiff(parts, **tags)))
    assert (photo.pixels == table.T[index]).all()
    assert photo.alpha is None if meaning == 0 else (photo.alpha == alpha).all()


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("meaning", [0, 1, 2, None])
@pytest.mark.parametrize("colours", [1, 3])
def test_a_sample_beside_the_colours(
    tmp_path: Path, bits: int, planar: int, meaning: int | None, colours: int
) -> None:
    top = (1 << bits) - 1
    numbers = RNG.integers(0, top + 1, (HEIGHT, WIDTH, colours)).astype(f"u{bits // 8}")
    alpha = RNG.integers(1, top + 1, (HEIGHT, WIDTH)).astype(numbers.dtype)
    stored, wanted = numbers, numbers
    if meaning == 1:  # multiplied into the colours, which comes back as near as its steps allow
        stored = (numbers.astype(np.uint64) * alpha[:, :, None] // top).astype(numbers.dtype)
        exact = stored * (top / alpha[:, :, None].astype(np.float64))
        wanted = np.floor(np.minimum(exact, top) + 0.5).astype(numbers.dtype)
    whole = np.dstack([stored, alpha])
    parts = [whole.tobytes()] if planar == 1 else [whole[:, :, n].tobytes() for n in range(colours + 1)]
    tags: dict[str, Any] = {
        "t258": (bits,) * (colours + 1),
        "t262": 1 if colours == 1 else 2,
        "t277": colours + 1,
    }
    photo = read_photo(put(tmp_path, tiff(parts, **tags, t284=planar, t338=meaning)))
    assert np.abs(photo.pixels.astype(int) - wanted).max() <= (1 if meaning == 1 else 0)
    assert photo.alpha is None if meaning == 0 else (photo.alpha == alpha).all()


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("extra", [0, 1])
def test_inks_in_planes_and_together(tmp_path: Path, bits: int, planar: int, extra: int) -> None:
    inks = RNG.integers(0, 256, (HEIGHT, WIDTH, 4 + extra), dtype=np.uint8)
    stored = inks.astype("<u2") * 257 if bits == 16 else inks
    parts = [stored.tobytes()] if planar == 1 else [stored[:, :, n].tobytes() for n in range(4 + extra)]
    tags: dict[str, Any] = {"t258": (bits,) * (4 + extra), "t262": 5, "t277": 4 + extra, "t284": planar}
    photo = read_photo(put(tmp_path, tiff(parts, **tags, t338=2 if extra else None)))
    light = 255 - inks.astype(int)
    wanted = light[:, :, :3] * light[:, :, 3:4] / 255  # the plain formula of the Red Book
    assert np.abs(photo.pixels - wanted).max() <= 1
    assert photo.alpha is None if not extra else (photo.alpha == inks[:, :, 4]).all()


def test_inks_that_are_not_those_of_cmyk_are_refused(tmp_path: Path) -> None:
    path = put(tmp_path, tiff([bytes(4 * WIDTH * HEIGHT)], t258=(8,) * 4, t262=5, t277=4, t332=2))
    with pytest.raises(PhotoError, match="inks that are not those of CMYK"):
        read_photo(path)


@pytest.mark.parametrize("bits", [1, 8, 16])
@pytest.mark.parametrize("colours", [1, 3])
def test_a_file_that_does_not_say_what_its_samples_mean(tmp_path: Path, bits: int, colours: int) -> None:
    """As libtiff: one sample is black at zero, three are RGB."""
    numbers = RNG.integers(0, 1 << bits, (HEIGHT, WIDTH, colours))
    data = packed(numbers.reshape(HEIGHT, -1), bits)
    path = put(tmp_path, tiff([data], t258=(bits,) * colours, t262=None, t277=colours))
    assert (read_photo(path).pixels == spread(numbers, bits)).all()


def test_colours_of_half_the_size_that_are_packed(tmp_path: Path) -> None:
    """YCbCr with one pair of colours for four pixels, which TIFF 6.0, section 21, keeps in blocks."""
    across, down = np.meshgrid(np.linspace(0, 255, 28), np.linspace(0, 255, 20))
    picture = Image.fromarray(np.dstack([across, down, 255 - across]).astype(np.uint8))
    luma, blue, red = (np.asarray(band) for band in picture.convert("YCbCr").split())
    blocks = b"".join(
        luma[top : top + 2, left : left + 2].tobytes() + bytes([blue[top, left], red[top, left]])
        for top in range(0, 20, 2)
        for left in range(0, 28, 2)
    )
    tags: dict[str, Any] = {
        "t256": 28,
        "t257": 20,
        "t278": 20,
        "t258": (8, 8, 8),
        "t262": 6,
        "t277": 3,
        "t530": (2, 2),
    }
    photo = read_photo(put(tmp_path, tiff([zlib.compress(blocks)], **tags, t259=8)))
    assert np.abs(photo.pixels - np.asarray(picture).astype(int)).mean() < 6
    for more in ({"t259": 1}, {"t259": 8, "t284": 2}):
        with pytest.raises(PhotoError, match=r"not read here: YCbCr \(6\)"):
            read_photo(put(tmp_path, tiff([blocks], **tags, **more)))


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"t258": (8, 8, 16), "t262": 2, "t277": 3}, "8 and 16 bits"),
        ({"t258": (5, 6, 5), "t262": 2, "t277": 3}, "5 and 6 bits"),
        ({"t259": 50001}, r"WebP \(50001\)"),
        ({"t259": 34712}, r"JPEG 2000 \(34712\)"),
        ({"t259": 34887}, r"LERC \(34887\)"),
        ({"t262": 32845, "t339": 1}, "photometric interpretation 32845"),
        ({"t262": 4}, "photometric interpretation 4"),
        ({"t262": 3, "t258": 16, "t320": (0,) * 8}, "a palette of 16 bits"),
    ],
)
def test_what_is_not_read_says_what_it_is(tmp_path: Path, tags: dict[str, Any], reason: str) -> None:
    with pytest.raises(PhotoError, match=f"stored in a way that is not read here: .*{reason}"):
        read_photo(put(tmp_path, tiff([bytes(4 * WIDTH * HEIGHT)], **tags)))
