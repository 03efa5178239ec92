"""Files with a flaw beside the picture, and uncommon layouts, are opened; what lacks pixels is not.

Oracles: the pixels that the file was made from, Pillow's reading of the file without its flaw.
"""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms
from PIL.TiffImagePlugin import TiffImageFile

from restorer.errors import PhotoError
from restorer.photo import read_photo, read_provenance, read_size, write_photo
from restorer.photo.formats.directories import LONG, SHORT, number, pack_ifd

RNG = np.random.default_rng(12)
SMOOTH = np.asarray(Image.fromarray(RNG.integers(0, 256, (9, 11, 3), dtype=np.uint8)).resize((59, 43)))


def jpeg(progressive: bool = False, restarts: bool = False) -> bytes:
    out = io.BytesIO()
    more = {"restart_marker_blocks": 2} if restarts else {}
    Image.fromarray(SMOOTH).save(out, "JPEG", quality=88, progressive=progressive, **more)
    return out.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_jpeg_that_lacks_only_its_last_marker_opens(
    tmp_path: Path, progressive: bool, restarts: bool, cut: int
) -> None:
    whole = jpeg(progressive, restarts)
    (tmp_path / "whole.jpg").write_bytes(whole)
    (tmp_path / "cut.jpg").write_bytes(whole[:-cut])
    assert (read_photo(tmp_path / "cut.jpg").pixels == read_photo(tmp_path / "whole.jpg").pixels).all()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("cut", [4, 7, 40, 900])
def test_a_jpeg_that_lacks_pixels_is_still_refused(tmp_path: Path, progressive: bool, cut: int) -> None:
    (tmp_path / "cut.jpg").write_bytes(jpeg(progressive)[:-cut])
    with pytest.raises(PhotoError, match="incomplete"):
        read_photo(tmp_path / "cut.jpg")


def test_a_progressive_jpeg_that_lacks_its_last_scan_is_refused(tmp_path: Path) -> None:
    whole = jpeg(progressive=True)
    (tmp_path / "cut.jpg").write_bytes(whole[: whole.rindex(b"\xff\xda")])
    with pytest.raises(PhotoError):
        read_photo(tmp_path / "cut.jpg")


def chunk(name: bytes, content: bytes, wrong: bool = False) -> bytes:
    crc = zlib.crc32(name + content) ^ wrong
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)


def png(extra: bytes) -> bytes:
    out = io.BytesIO()
    Image.fromarray(SMOOTH).save(out, "PNG")
    data = out.getvalue()
    return data[:33] + extra + data[33:]


CHUNKS = {
    b"tEXt": b"Title\0a title",
    b"zTXt": b"Title\0\0" + zlib.compress(b"a title"),
    b"iTXt": b"Title\0\0\0\0\0a title",
    b"pHYs": struct.pack(">IIB", 11811, 11811, 1),
    b"tIME": bytes(7),
    b"iCCP": b"p\0\0" + zlib.compress(bytes(200)),
    b"eXIf": b"MM\0*\0\0\0\x08\0\0\0\0\0\0",
    b"gAMA": struct.pack(">I", 100_000),
    b"prVt": b"a private chunk",
}


@pytest.mark.parametrize("name", CHUNKS)
@pytest.mark.parametrize("flaw", ["checksum", "content"])
def test_a_flaw_beside_the_picture_of_a_png_costs_that_chunk_only(
    tmp_path: Path, name: bytes, flaw: str, caplog: pytest.LogCaptureFixture
) -> None:
    content = CHUNKS[name]
    broken = chunk(name, content, wrong=True) if flaw == "checksum" else chunk(name, content[:3])
    sound = chunk(b"pHYs", struct.pack(">IIB", 3937, 3937, 1)) if name != b"pHYs" else b""
    path = tmp_path / "flawed.png"
    path.write_bytes(png(broken + sound))
    photo = read_photo(path)
    assert (photo.pixels == SMOOTH).all()
    assert photo.icc is None
    assert photo.dpi == (pytest.approx((100, 100), abs=0.1) if sound else None)
    assert read_size(path) == (59, 43)
    assert read_provenance(path) == {}
    if flaw == "checksum" and name not in (b"tIME", b"prVt"):
        assert name.decode() in caplog.text


@pytest.mark.parametrize("name", [b"IHDR", b"IDAT", b"tRNS"])
def test_a_wrong_checksum_in_the_picture_of_a_png_is_refused(tmp_path: Path, name: bytes) -> None:
    data = bytearray(png(chunk(b"tRNS", bytes(6))))
    at = data.index(name)
    end = at + 4 + int.from_bytes(data[at - 4 : at], "big")
    data[end] ^= 1
    (tmp_path / "flawed.png").write_bytes(data)
    with pytest.raises(PhotoError):
        read_photo(tmp_path / "flawed.png")


def test_a_text_that_unpacks_to_more_than_any_photo_has_costs_that_text_only(tmp_path: Path) -> None:
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(40 << 20)))
    (tmp_path / "bomb.png").write_bytes(png(bomb * 3))
    assert (read_photo(tmp_path / "bomb.png").pixels == SMOOTH).all()


CODECS = {"plain": None, "deflate": "tiff_adobe_deflate", "lzw": "tiff_lzw", "packbits": "packbits"}
CODECS |= {"lzma": "lzma", "zstd": "zstd"}


def packed(samples: np.ndarray, codec: str | None) -> tuple[bytes, int]:
    """A (rows, width) grey picture in the bytes of one strip, and the number of its compression."""
    out = io.BytesIO()
    Image.fromarray(samples).save(out, "TIFF", compression=codec, tiffinfo={278: samples.shape[0]})
    with TiffImageFile(io.BytesIO(out.getvalue())) as file:
        tags = file.tag_v2
        assert len(tags[273]) == 1
        return out.getvalue()[tags[273][0] :][: tags[279][0]], tags[259]


def tiff(
    samples: np.ndarray,
    photometric: int,
    codec: str = "plain",
    *,
    planar: bool = False,
    tile: int = 0,
    rows: int = 16,
    extra: tuple[int, ...] = (),
    lengths: bool = True,
    predictor: bool = False,
) -> bytes:
    """A TIFF of (H, W, n) samples, laid out as asked."""
    height, width, n = samples.shape
    planes = [samples[:, :, i : i + 1] for i in range(n)] if planar else [samples]
    body, offsets, counts, kind = b"", [], [], 1
    for plane in planes:
        for top in range(0, height, tile or rows):
            for left in range(0, width, tile or width):
                part = plane[top : top + (tile or rows), left : left + (tile or width)]
                if tile:
                    part = np.pad(part, ((0, tile - part.shape[0]), (0, tile - part.shape[1]), (0, 0)))
                if predictor:
                    part = np.diff(part, axis=1, prepend=np.zeros_like(part[:, :1]))
                data, kind = packed(np.ascontiguousarray(part.reshape(part.shape[0], -1)), CODECS[codec])
                offsets.append(8 + len(body))
                counts.append(len(data))
                body += data + bytes(len(data) % 2)
    fields = {
        256: number("<", LONG, width),
        257: number("<", LONG, height),
        258: number("<", SHORT, *[8 * samples.itemsize] * n),
        259: number("<", SHORT, kind),
        262: number("<", SHORT, photometric),
        277: number("<", SHORT, n),
        284: number("<", SHORT, 2 if planar else 1),
        317: number("<", SHORT, 2 if predictor else 1),
        **(
            {322: number("<", LONG, tile), 323: number("<", LONG, tile)}
            if tile
            else {278: number("<", LONG, rows)}
        ),
        324 if tile else 273: number("<", LONG, *offsets),
    }
    if lengths:
        fields[325 if tile else 279] = number("<", LONG, *counts)
    if extra:
        fields[338] = number("<", SHORT, *extra)
    directory, first = pack_ifd(fields, "<", 8 + len(body))
    return struct.pack("<2sHI", b"II", 42, first) + body + directory


DEEP = RNG.integers(0, 65536, (43, 37, 4), dtype=np.uint16) & np.uint16(0xFFF0)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("tile", [0, 16])
@pytest.mark.parametrize("predictor", [False, True])
def test_sixteen_bits_are_read_exactly_in_every_layout(
    tmp_path: Path, codec: str, planar: bool, tile: int, predictor: bool
) -> None:
    path = tmp_path / "deep.tif"
    path.write_bytes(tiff(DEEP, 2, codec, planar=planar, tile=tile, extra=(2,), predictor=predictor))
    photo = read_photo(path)
    assert (photo.pixels == DEEP[:, :, :3]).all()
    assert photo.alpha is not None
    assert (photo.alpha == DEEP[:, :, 3]).all()
    path.write_bytes(
        tiff(DEEP[:, :, :2], 1, codec, planar=planar, tile=tile, extra=(2,), predictor=predictor)
    )
    assert (read_photo(path).alpha == DEEP[:, :, 1]).all()


@pytest.mark.parametrize("codec", ["plain", "deflate", "lzw", "zstd"])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_missing_and_empty_lengths_of_strips_are_reckoned(
    tmp_path: Path, codec: str, depth: type[np.uint8] | type[np.uint16]
) -> None:
    samples = DEEP[:, :, :3].astype(depth)
    path = tmp_path / "strips.tif"
    path.write_bytes(tiff(samples, 2, codec, lengths=False))
    assert (read_photo(path).pixels == samples).all()


def test_lengths_that_are_zero_are_reckoned(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "zero.tif", DEEP[:, :, :3], photometric="rgb", rowsperstrip=43)
    data = bytearray((tmp_path / "zero.tif").read_bytes())
    with tifffile.TiffFile(tmp_path / "zero.tif") as file:
        tag = file.pages.first.tags["StripByteCounts"]
        data[tag.offset + 8 : tag.offset + 12] = bytes(4)
    (tmp_path / "zero.tif").write_bytes(data)
    assert (read_photo(tmp_path / "zero.tif").pixels == DEEP[:, :, :3]).all()


def test_a_tiff_that_lacks_a_strip_is_refused(tmp_path: Path) -> None:
    data = tiff(DEEP[:, :, :3], 2, "plain", lengths=False)
    whole = struct.pack("<I", 43)
    short = data.replace(
        struct.pack("<HHI", 257, 4, 1) + whole, struct.pack("<HHI", 257, 4, 1) + b"\x63\0\0\0"
    )
    (tmp_path / "short.tif").write_bytes(short)
    with pytest.raises(PhotoError):
        read_photo(tmp_path / "short.tif")


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("kind", [8, 9])
def test_lab_tiffs_are_read(tmp_path: Path, depth: int, kind: int) -> None:
    srgb, profile = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    converted = ImageCms.profileToProfile(Image.fromarray(SMOOTH), srgb, profile, outputMode="LAB")
    lab = np.array(converted).view(np.int8).astype(float)
    lab[:, :, 0] = np.array(converted)[:, :, 0] / 2.55
    most, step = (255, 1) if depth == 8 else (65535 if kind == 8 else 65280, 256)
    dtype = np.uint8 if depth == 8 else np.uint16
    middle = (128 if depth == 8 else 32768) if kind == 9 else 0
    stored = np.rint(lab * [most / 100, step, step]).astype(np.int32) + np.array([0, middle, middle])
    (tmp_path / "lab.tif").write_bytes(tiff((stored & (2**depth - 1)).astype(dtype), kind, "plain"))
    photo = read_photo(tmp_path / "lab.tif")
    shown = photo.pixels / (1 if photo.bits == 8 else 257)
    assert np.abs(shown - SMOOTH).mean() < 1.5
    assert photo.icc is None


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("codec", ["plain", "lzw"])
def test_cmyk_with_alpha_is_read(tmp_path: Path, depth: type[np.uint8] | type[np.uint16], codec: str) -> None:
    inks = np.dstack([255 - SMOOTH, np.zeros(SMOOTH.shape[:2], np.uint8), SMOOTH[:, :, 0]])
    inks = inks.astype(depth) * depth(257 if depth is np.uint16 else 1)
    (tmp_path / "inks.tif").write_bytes(tiff(inks, 5, codec, extra=(2,)))
    photo = read_photo(tmp_path / "inks.tif")
    assert (photo.pixels == SMOOTH).all()  # without a profile, inks are what white lacks
    assert photo.alpha is not None
    assert (photo.alpha == SMOOTH[:, :, 0]).all()


@pytest.mark.parametrize(
    ("dtype", "reason"),
    [
        (np.float16, "floating-point samples of 16 bits"),
        (np.float32, "floating-point samples of 32 bits"),
        (np.int16, "signed samples"),
        (np.uint32, "samples of 32 bits"),
    ],
)
def test_samples_whose_white_is_not_told_are_refused_with_the_true_reason(
    tmp_path: Path, dtype: type[np.generic], reason: str
) -> None:
    tifffile.imwrite(tmp_path / "other.tif", np.zeros((4, 5), dtype))
    with pytest.raises(PhotoError, match=rf"other\.tif holds {reason}"):
        read_photo(tmp_path / "other.tif")


def test_a_tiff_of_an_unknown_compression_says_so(tmp_path: Path) -> None:
    data = bytearray(tiff(DEEP[:, :, :3], 2))
    at = data.index(struct.pack("<HHI", 259, 3, 1))
    data[at + 8 : at + 10] = struct.pack("<H", 34712)
    (tmp_path / "other.tif").write_bytes(data)
    with pytest.raises(PhotoError, match="not read here: JPEG 2000"):
        read_photo(tmp_path / "other.tif")


def test_uncompressed_colours_of_half_the_size_are_no_wrong_picture(tmp_path: Path) -> None:
    data = tiff(np.zeros((16, 16, 3), np.uint8), 6)
    (tmp_path / "half.tif").write_bytes(data)  # without the field, colours have half the size
    with pytest.raises(PhotoError, match="not read here: YCbCr"):
        read_photo(tmp_path / "half.tif")
    Image.fromarray(SMOOTH).convert("YCbCr").save(tmp_path / "whole.tif")
    assert np.abs(read_photo(tmp_path / "whole.tif").pixels.astype(int) - SMOOTH).max() <= 3


def test_a_photo_that_opened_is_written(tmp_path: Path) -> None:
    (tmp_path / "deep.tif").write_bytes(tiff(DEEP, 2, "zstd", extra=(2,)))
    photo = read_photo(tmp_path / "deep.tif")
    write_photo(photo, tmp_path / "out.tif")
    assert (read_photo(tmp_path / "out.tif").pixels == photo.pixels).all()
