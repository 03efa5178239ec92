"""Bad input: each kind gets its own sentence that names the file, quickly, and never another exception."""

from __future__ import annotations

import io
import os
import re
import struct
import time
import tracemalloc
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from restorer.errors import PhotoError
from restorer.opencv import opencv
from restorer.photo import Photo, read_photo, read_provenance, write_photo

RNG = np.random.default_rng(4)
PIXELS = RNG.integers(0, 256, (48, 64, 3), dtype=np.uint8)


def encoded(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(PIXELS).save(out, kind, **options)
    return out.getvalue()


def deep(suffix: str) -> bytes:
    ok, out = opencv().imencode(suffix, PIXELS.astype(np.uint16) * 255)
    assert ok
    return bytes(out.tobytes())


WHOLE = {
    "JPEG": encoded("JPEG"),
    "progressive JPEG": encoded("JPEG", progressive=True),
    "PNG": encoded("PNG"),
    "TIFF": encoded("TIFF"),
    "TIFF-LZW": encoded("TIFF", compression="tiff_lzw"),
    "WebP": encoded("WEBP"),
    "BMP": encoded("BMP"),
    "PNG-16": deep(".png"),
    "TIFF-16": deep(".tiff"),
}


def sentence(path: Path) -> str:
    with pytest.raises(PhotoError) as caught:
        read_photo(path)
    text = str(caught.value)
    assert path.name.split("\0")[0] in text
    assert re.fullmatch(r"[^\n]+\.", text)
    return text


def test_missing_folder_empty_and_text_each_have_their_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "letter.jpg").write_text("Dear grandmother,\nthank you for the photos.\n" * 20, "utf-8")
    (tmp_path / "album").mkdir()
    texts = [sentence(tmp_path / name) for name in ("missing.jpg", "album", "empty.jpg", "letter.jpg")]
    for text, words in zip(
        texts, ["does not exist", "is a folder", "is empty", "is not an image"], strict=True
    ):
        assert words in text
    assert "does not exist" in sentence(tmp_path / "letter.jpg" / "inside.jpg")
    assert "cannot be opened" in sentence(tmp_path / "a\0b.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "pipe" in sentence(tmp_path / "pipe.jpg")


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_a_truncated_file_is_refused_not_padded(tmp_path: Path, kind: str, part: float) -> None:
    path = tmp_path / "cut.img"
    path.write_bytes(WHOLE[kind])
    read_photo(path)
    path.write_bytes(WHOLE[kind][: max(4, int(len(WHOLE[kind]) * part))])
    text = sentence(path)
    assert re.search("is incomplete|is damaged|is not an image", text)
    if part >= 0.3:
        assert "is incomplete" in text or kind.startswith("TIFF")


def test_a_truncated_jpeg_says_that_it_ends_early(tmp_path: Path) -> None:
    path = tmp_path / "half.jpg"
    path.write_bytes(WHOLE["JPEG"][:-40])
    assert "ends before its picture does" in sentence(path)


def test_a_16_bit_tiff_damaged_inside_is_refused_not_padded(tmp_path: Path) -> None:
    content = bytearray(WHOLE["TIFF-16"])  # LZW, as OpenCV writes it
    middle = len(content) // 2
    content[middle : middle + 500] = bytes(500)
    path = tmp_path / "hole.tif"
    path.write_bytes(content)
    assert "is damaged" in sentence(path)


def png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packed = zlib.compress(bytes(1_000_000), 9)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def tiff_header(width: int, height: int, order: str = "<", deep: bool = False) -> bytes:
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 16 if deep else 8), (259, 3, 1, 8)]
    entries += [(262, 3, 1, 1), (273, 4, 1, 200), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 100)]
    body = b"".join(
        struct.pack(order + "HHI" + ("I" if kind == 4 else "H2x"), tag, kind, count, value)
        for tag, kind, count, value in entries
    )
    start = struct.pack(order + "2sHIH", b"II" if order == "<" else b"MM", 42, 8, len(entries))
    return (start + body + bytes(4)).ljust(200, b"\0") + zlib.compress(bytes(100_000))


def bmp_header(width: int, height: int) -> bytes:
    return struct.pack(
        "<2sIIIIiiHHIIiiII", b"BM", 1000, 0, 54, 40, width, height, 1, 24, 0, 0, 1, 1, 0, 0
    ) + bytes(99)


def webp_header(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I4x", 10) + sides
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_header(width: int, height: int) -> bytes:
    whole = WHOLE["JPEG"]
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + struct.pack(">HH", height, width) + whole[at + 4 :]


@pytest.mark.parametrize(
    "content",
    [
        png_header(60_000, 60_000),
        tiff_header(60_000, 60_000),
        tiff_header(60_000, 60_000, ">", deep=True),
        bmp_header(60_000, 60_000),
        jpeg_header(60_000, 60_000),
        webp_header(16_384, 16_384),
        png_header(250_000_001, 1),
    ],
    ids=["png", "tiff", "tiff-16", "bmp", "jpeg", "webp", "png-line"],
)
def test_a_bomb_is_refused_at_once_in_little_memory(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bomb.img"
    path.write_bytes(content)
    opencv()
    tracemalloc.start()
    start = time.process_time()
    text = sentence(path)
    seconds = time.process_time() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "is too large" in text
    assert re.search(r"60,000 x 60,000|16,384 x 16,384|250,000,001 x 1", text)
    assert seconds < 2
    assert peak < 8 << 20


def test_pillows_own_limit_does_not_stop_what_ours_allows(tmp_path: Path) -> None:
    # 90 megapixels of one bit: Pillow alone would warn, and warnings are errors here.
    path = tmp_path / "wide.tif"
    Image.new("1", (9_000, 10_000)).save(path, compression="group4")
    assert read_photo(path).size == (9_000, 10_000)


@pytest.mark.parametrize(
    ("name", "start", "words"),
    [
        ("a.gif", b"GIF89a", "a GIF"),
        ("a.mov", b"\0\0\0\x14ftypqt  ", "a video"),
        ("a.psd", b"8BPS", "Photoshop"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.jxl", b"\xff\x0a", "JPEG XL"),
    ],
)
def test_other_kinds_are_named_with_those_that_work(
    tmp_path: Path, name: str, start: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(start.ljust(64, b"\1"))
    text = sentence(tmp_path / name)
    assert words in text
    assert "JPEG, PNG, TIFF, WebP, HEIC, AVIF and BMP" in text


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int16, np.uint32])
def test_samples_without_a_known_range_are_refused(tmp_path: Path, dtype: type) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((9, 9), dtype))
    assert "range cannot be told" in sentence(tmp_path / "a.tif")


@pytest.mark.parametrize("kind", WHOLE)
def test_damaged_bytes_give_a_photo_or_a_sentence_never_anything_else(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "damaged.img"
    rng = np.random.default_rng(5)
    for turn in range(24):
        content = bytearray(WHOLE[kind])
        end = len(content) if turn % 2 else min(300, len(content))  # half of the hits go to the header
        for _ in range(int(rng.integers(1, 8))):
            content[int(rng.integers(0, end))] = int(rng.integers(0, 256))
        path.write_bytes(content)
        for read in (read_photo, read_provenance):
            with suppress(PhotoError):
                read(path)


def test_no_file_stays_open_after_an_error(tmp_path: Path) -> None:
    for name, content in (("a.jpg", b"text" * 20), ("b.jpg", WHOLE["JPEG"][:300]), ("c.jpg", b"")):
        (tmp_path / name).write_bytes(content)
        sentence(tmp_path / name)
        (tmp_path / name).unlink()  # refused on Windows while open; elsewhere -W error tells of the leak


def test_a_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.jpg")
    with pytest.raises(PhotoError) as caught:
        read_photo(path)
    str(caught.value).encode()
    try:
        path.write_bytes(WHOLE["JPEG"])
    except OSError:
        return  # this disk takes text only
    write_photo(Photo(read_photo(path).pixels), path)
