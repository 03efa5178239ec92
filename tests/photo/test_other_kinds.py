"""PNG, JPEG and BMP of kinds that Pillow alone reads otherwise than their formats say.

Oracle: the numbers that the file was made from.
"""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.errors import PhotoError
from restorer.photo import read_photo, read_size
from tests.photo.test_tiff_kinds import packed, spread

RNG = np.random.default_rng(23)
HEIGHT, WIDTH = 13, 19
COLOURS = RNG.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
LEAST = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
"""Left, top and steps of each pass of an interlaced PNG."""


def chunk(name: bytes, content: bytes, flaw: int = 0) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content) ^ flaw)
    )


def png(
    numbers: np.ndarray, bits: int, kind: int, *chunks: bytes, laced: bool = False, end: bytes | None = None
) -> bytes:
    """A PNG of (H, W, n) numbers."""
    rows = b""
    for left, top, across, down in LEAST if laced else [(0, 0, 1, 1)]:
        part = numbers[top::down, left::across]
        if part.size:
            data = packed(part.reshape(len(part), -1), bits, ">")
            length = len(data) // len(part)
            rows += b"".join(b"\0" + data[at : at + length] for at in range(0, len(data), length))
    size = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, kind, 0, 0, laced)
    middle = b"".join(chunks) + chunk(b"IDAT", zlib.compress(rows))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + middle + (chunk(b"IEND", b"") if end is None else end)
    )


def put(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize("laced", [False, True])
@pytest.mark.parametrize(("kind", "bits"), [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16)])
def test_the_one_colour_that_is_transparent_at_every_depth(
    tmp_path: Path, kind: int, bits: int, laced: bool
) -> None:
    numbers = RNG.integers(0, 1 << bits, (HEIGHT, WIDTH, 3 if kind else 1))
    clear = numbers[3, 5]
    told = chunk(b"tRNS", struct.pack(f">{len(clear)}H", *clear))
    photo = read_photo(put(tmp_path, "a.png", png(numbers, bits, kind, told, laced=laced)))
    assert (photo.pixels == spread(numbers, bits)).all()
    assert photo.alpha is not None
    top = np.iinfo(photo.alpha.dtype).max
    assert (photo.alpha == np.where((numbers == clear).all(axis=2), 0, top)).all()


@pytest.mark.parametrize("laced", [False, True])
@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_palette_of_colours_that_are_transparent_in_part(tmp_path: Path, bits: int, laced: bool) -> None:
    table = RNG.integers(0, 256, (1 << bits, 3), dtype=np.uint8)
    alpha = RNG.integers(0, 256, max(1, (1 << bits) - 1), dtype=np.uint8)
    numbers = RNG.integers(0, 1 << bits, (HEIGHT, WIDTH, 1))
    told = chunk(b"PLTE", table.tobytes()), chunk(b"tRNS", alpha.tobytes())
    photo = read_photo(put(tmp_path, "a.png", png(numbers, bits, 3, *told, laced=laced)))
    assert (photo.pixels == table[numbers[:, :, 0]]).all()
    assert photo.alpha is not None
    assert (photo.alpha == np.append(alpha, [255])[numbers[:, :, 0]]).all()


def test_a_palette_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match=r"a\.png is damaged"):
        read_photo(put(tmp_path, "a.png", png(np.zeros((HEIGHT, WIDTH, 1), int), 8, 3)))


@pytest.mark.parametrize("end", [b"", chunk(b"IEND", b"", 1), chunk(b"IEND", b"") + b"more" * 99])
def test_a_png_whose_end_is_wrong_is_whole(tmp_path: Path, end: bytes) -> None:
    photo = read_photo(put(tmp_path, "a.png", png(COLOURS, 8, 2, end=end)))
    assert (photo.pixels == COLOURS).all()


@pytest.mark.parametrize("hidden", [False, True])
def test_of_a_moving_png_the_picture_that_every_program_shows(tmp_path: Path, hidden: bool) -> None:
    control = struct.pack(">IIIIIHHBB", 0, WIDTH, HEIGHT, 0, 0, 1, 10, 0, 0)
    first = [chunk(b"acTL", struct.pack(">II", 1, 0))] + ([] if hidden else [chunk(b"fcTL", control)])
    frame = struct.pack(">I", 1) + zlib.compress(b"\0" * (HEIGHT * (3 * WIDTH + 1)))
    end = (chunk(b"fcTL", control) if hidden else b"") + chunk(b"fdAT", frame) + chunk(b"IEND", b"")
    photo = read_photo(put(tmp_path, "a.png", png(COLOURS, 8, 2, *first, end=end)))
    assert (photo.pixels == COLOURS).all()


# -- JPEG ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["Adobe", "plain", "YCCK"])
def test_the_inks_of_a_jpeg(tmp_path: Path, way: str) -> None:
    """Adobe's programs store them the other way round, and say so."""
    small = Image.fromarray(RNG.integers(0, 256, (4, 5, 4), dtype=np.uint8), mode="CMYK")
    inks = small.resize((WIDTH * 2, HEIGHT * 2), Image.Resampling.BICUBIC)
    wanted = np.asarray(inks.convert("RGB")).astype(int)
    stored = 255 - np.asarray(inks)
    if way == "plain":
        stored = 255 - stored
    elif way == "YCCK":
        light = Image.fromarray(np.asarray(inks)[:, :, :3].copy()).convert("YCbCr")
        stored = np.dstack([np.asarray(light), stored[:, :, 3]])
    out = io.BytesIO()
    Image.fromarray(255 - stored, mode="CMYK").save(
        out, "JPEG", quality=100, subsampling=0
    )  # turned by Pillow
    whole = bytearray(out.getvalue())
    at = whole.index(b"\xff\xee")
    length = 2 + int.from_bytes(whole[at + 2 : at + 4], "big")
    if way == "plain":
        del whole[at : at + length]
    elif way == "YCCK":
        whole[at + length - 1] = 2
    photo = read_photo(put(tmp_path, "a.jpg", bytes(whole)))
    assert np.abs(photo.pixels - wanted).mean() < 2


# -- BMP ----------------------------------------------------------------------------------------------


def bmp(
    data: bytes, bits: int, compression: int, *more: bytes, height: int = HEIGHT, size: int = 40
) -> bytes:
    rest = b"".join(more)
    head = struct.pack("<IiiHHIIiiII", size, WIDTH, height, 1, bits, compression, len(data), 2835, 5670, 0, 0)
    at = 14 + len(head) + len(rest)
    return b"BM" + struct.pack("<IHHI", at + len(data), 0, 0, at) + head + rest + data


def rows(numbers: np.ndarray) -> bytes:
    return b"".join(row.tobytes() + bytes(-row.nbytes % 4) for row in numbers)


@pytest.mark.parametrize(
    ("bits", "widths", "starts"),
    [
        (16, (5, 6, 5), (11, 5, 0)),
        (16, (5, 5, 5), (10, 5, 0)),
        (16, (4, 4, 4), (8, 4, 0)),
        (16, (5, 6, 5), (0, 5, 11)),
        (32, (8, 8, 8), (16, 8, 0)),
        (32, (8, 8, 8), (0, 8, 16)),
        (32, (8, 8, 8), (24, 16, 8)),
        (32, (10, 10, 10), (20, 10, 0)),
    ],
)
@pytest.mark.parametrize("upright", [False, True])
def test_a_bmp_with_masks_of_any_place_and_width(
    tmp_path: Path, bits: int, widths: tuple[int, ...], starts: tuple[int, ...], upright: bool
) -> None:
    parts = [RNG.integers(0, 1 << width, (HEIGHT, WIDTH)) for width in widths]
    numbers = sum(part << start for part, start in zip(parts, starts, strict=True))
    masks = [((1 << width) - 1) << start for width, start in zip(widths, starts, strict=True)]
    data = rows(np.asarray(numbers).astype(f"<u{bits // 8}")[:: 1 if upright else -1])
    content = bmp(data, bits, 3, struct.pack("<3I", *masks), height=-HEIGHT if upright else HEIGHT)
    path = put(tmp_path, "a.bmp", content)
    photo = read_photo(path)
    assert read_size(path) == (WIDTH, HEIGHT)
    assert (photo.pixels == np.dstack([spread(*each) for each in zip(parts, widths, strict=True)])).all()
    assert photo.alpha is None
    assert photo.dpi is not None
    assert np.allclose(photo.dpi, (72, 144), atol=0.1)
    with pytest.raises(PhotoError, match=r"a\.bmp is incomplete"):
        read_photo(put(tmp_path, "a.bmp", content[:-5]))


@pytest.mark.parametrize("masks", [(0, 1, 2), (0xFF, 0xFF, 0xFF00), (0xF0F, 0xF0, 0xF000)])
def test_masks_that_make_no_sense_are_refused(tmp_path: Path, masks: tuple[int, ...]) -> None:
    data = bytes(4 * WIDTH * HEIGHT)
    with pytest.raises(PhotoError, match=r"a\.bmp is damaged"):
        read_photo(put(tmp_path, "a.bmp", bmp(data, 32, 3, struct.pack("<3I", *masks))))


@pytest.mark.parametrize("fourth", ["varies", 0, 255])
def test_the_fourth_byte_of_a_plain_bmp_is_alpha_where_it_varies(tmp_path: Path, fourth: str | int) -> None:
    alpha = RNG.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
    if isinstance(fourth, int):
        alpha[:] = fourth
    Image.fromarray(np.dstack([COLOURS, alpha])).save(tmp_path / "a.bmp")
    photo = read_photo(tmp_path / "a.bmp")
    assert (photo.pixels == COLOURS).all()
    assert photo.alpha is None if isinstance(fourth, int) else (photo.alpha == alpha).all()  # type: ignore[union-attr]


@pytest.mark.parametrize("gamma", [1.8, 2.2])
def test_the_colours_that_a_header_of_version_four_tells(tmp_path: Path, gamma: float) -> None:
    """Adobe RGB's primaries, as CIE XYZ."""
    ends = ((0.5767, 0.2973, 0.0270), (0.1856, 0.6274, 0.0707), (0.1882, 0.0753, 0.9911))
    told = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0) + bytes(4)
    told += struct.pack("<9i", *(round(value * 2**30) for each in ends for value in each))
    told += struct.pack("<3I", *[round(gamma * 65536)] * 3)
    content = bmp(rows(COLOURS[::-1, :, ::-1].reshape(HEIGHT, -1)), 24, 0, told, size=108)
    photo = read_photo(put(tmp_path, "a.bmp", content))
    assert (photo.pixels == COLOURS).all()
    assert photo.icc is not None
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(io.BytesIO(photo.icc)).profile
    assert profile.red_primary is not None
    assert np.allclose(profile.red_primary[1][:2], (0.6484, 0.3309), atol=0.01)  # 0.64, 0.33 brought to D50
    assert np.allclose(profile.green_primary[1][:2], (0.2302, 0.7016), atol=0.01)
