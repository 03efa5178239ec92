"""The same words in every block of every kind of file: places go where asked, captions stay, a photo is
turned once.

Oracles: the words that were put in, and the pixels that the file was made from.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin, PngImagePlugin

from restorer.photo import read_photo, write_photo
from restorer.photo.export import prepared
from restorer.preferences import Metadata
from tests.photo.test_true_metadata import (
    PIXELS,
    PLACES,
    SUFFIXES,
    packet,
    placed_exif,
    raw,
)

CAPTIONS = ("Told by EXIF", "Told by XMP", "Told by IPTC")
DC = {"dc": "http://purl.org/dc/elements/1.1/", "tiff": "http://ns.adobe.com/tiff/1.0/"}
TOLD = packet(f"<dc:description>{CAPTIONS[1]}</dc:description>", DC)
TURNED = packet("<tiff:Orientation>6</tiff:Orientation>", DC)
RECORD = b"\x1c\x02\x78" + len(CAPTIONS[2]).to_bytes(2, "big") + CAPTIONS[2].encode()
PLACE_RECORD = b"\x1c\x02\x5a\0\x07Nowhere"


def resources(record: bytes) -> bytes:
    block = b"8BIM\x04\x04\0\0" + len(record).to_bytes(4, "big") + record + bytes(len(record) % 2)
    return b"Photoshop 3.0\0" + block


def made(folder: Path, kind: str, exif: bytes = b"", xmp: bytes = b"", iptc: bytes = b"") -> Path:
    """A file of a kind with these blocks, as far as the kind has a place for them."""
    suffix = kind.split()[0]
    path, image = folder / f"in.{suffix}", Image.fromarray(PIXELS)
    more: dict[str, object] = {"exif": exif} if exif else {}
    if kind == "png raw":
        told = PngImagePlugin.PngInfo()
        for name, block in (
            ("exif", b"Exif\0\0" + exif.removeprefix(b"Exif\0\0")),
            ("xmp", xmp),
            ("iptc", iptc),
        ):
            if len(block) > 6:
                told.chunks += raw(name, block).chunks
        image.save(path, pnginfo=told)
    elif suffix == "png":
        told = PngImagePlugin.PngInfo()
        if xmp:
            told.add_itxt("XML:com.adobe.xmp", xmp.decode())
        image.save(path, pnginfo=told, **more)
    elif suffix == "jpg":
        image.save(path, xmp=xmp, quality=100, subsampling=0, **more)
        if iptc:
            block = resources(iptc)
            data = path.read_bytes()
            path.write_bytes(data[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block + data[2:])
    elif suffix == "tif":
        told_by_tiff = Image.Exif()
        told_by_tiff.load(exif)
        for tag, block in ((33723, iptc), (700, xmp)):
            if block:
                told_by_tiff[tag] = block
        image.save(path, exif=told_by_tiff)
    elif suffix == "heic":
        heif = pytest.importorskip("pillow_heif", reason="the optional package pillow-heif is not installed")
        file = heif.from_pillow(image)
        file[0].info.update({"exif": exif or None, "xmp": xmp or None})
        file.save(path, quality=-1, chroma=444, matrix_coefficients=0)
    else:
        image.save(path, lossless=True, xmp=xmp, **more) if suffix == "webp" else image.save(
            path, xmp=xmp, **more
        )
    return path


KINDS = ["jpg", "png", "png raw", "tif", "webp", "avif", "heic"]
WITH_IPTC = ["jpg", "png raw", "tif"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_place_is_left_whatever_carried_it(tmp_path: Path, kind: str, suffix: str) -> None:
    path = made(tmp_path, kind, placed_exif(), PLACES, PLACE_RECORD + RECORD if kind in WITH_IPTC else b"")
    photo = read_photo(path)
    blocks = [photo.exif, photo.xmp, *([photo.iptc] if kind in WITH_IPTC else [])]
    assert all(b"Nowhere" in (block or b"") for block in blocks)  # each was there
    out = write_photo(
        prepared(photo, keep=Metadata.NO_PLACE), tmp_path / f"out{suffix}", provenance={"Model": "x"}
    )
    again = read_photo(out)
    for content in (out.read_bytes(), again.exif or b"", again.xmp or b"", again.iptc or b""):
        for word in (b"Nowhere", b"51.02", b"25.04", b"+46.0"):
            assert word not in content, word
    with Image.open(out) as written:
        assert written.getexif()[271] == "Maker"
    if kind in WITH_IPTC:
        assert CAPTIONS[2].encode() in (again.xmp if suffix == ".webp" else again.iptc)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", KINDS)
def test_captions_of_all_blocks_go_along(tmp_path: Path, kind: str, suffix: str) -> None:
    exif = Image.Exif()
    exif[270], exif[40091] = CAPTIONS[0], "Told by Windows".encode("utf-16-le")
    exif.get_ifd(34665)[37510] = b"ASCII\0\0\0Told by a camera"
    path = made(tmp_path, kind, exif.tobytes(), TOLD if kind not in WITH_IPTC else b"", RECORD)
    out = write_photo(read_photo(path), tmp_path / f"out{suffix}", provenance={"Model": "x"})
    with Image.open(out) as written:
        found = written.getexif()
        assert found[270] == CAPTIONS[0]
        assert "Told by Windows".encode("utf-16-le") in bytes(found[40091])
        assert b"Told by a camera" in found.get_ifd(34665)[37510]
    again = read_photo(out)
    if kind in WITH_IPTC:
        assert CAPTIONS[2].encode() in ((again.xmp if suffix == ".webp" else again.iptc) or b"")
    else:
        assert CAPTIONS[1].encode() in (again.xmp or b"")


@pytest.mark.parametrize("block", ["exif", "xmp"])
@pytest.mark.parametrize("kind", ["jpg", "png", "png raw", "tif", "webp"])
def test_whatever_says_how_a_photo_lies_turns_it_once(tmp_path: Path, kind: str, block: str) -> None:
    exif = Image.Exif()
    exif[274] = 6
    blocks = {"exif": exif.tobytes()} if block == "exif" else {"xmp": TURNED}
    photo = read_photo(made(tmp_path, kind, **blocks))
    upright = np.rot90(PIXELS, -1)
    assert photo.size == (20, 30)
    assert np.abs(photo.pixels.astype(int) - upright).mean() < 3
    for suffix in SUFFIXES:
        again = read_photo(write_photo(photo, tmp_path / f"out{suffix}", provenance={"Model": "x"}))
        assert again.size == (20, 30)  # and not once more


def test_the_boxes_alone_turn_an_avif(tmp_path: Path) -> None:
    """As a HEIC (ISO/IEC 23008-12, annex A): what its XMP says only repeats them."""
    assert read_photo(made(tmp_path, "avif", xmp=TURNED)).size == (30, 20)


def test_xmp_beside_iptc_loses_neither(tmp_path: Path) -> None:
    path = made(tmp_path, "jpg", xmp=TOLD, iptc=RECORD)
    photo = read_photo(path)
    for suffix in (".jpg", ".png", ".tif"):
        again = read_photo(write_photo(photo, tmp_path / f"out{suffix}"))
        assert CAPTIONS[1].encode() in (again.xmp or b"")
        assert CAPTIONS[2].encode() in (again.iptc or b"")
    packet = read_photo(write_photo(photo, tmp_path / "out.webp")).xmp or b""
    assert CAPTIONS[1].encode() in packet
    assert CAPTIONS[2].encode() in packet


def test_two_pictures_in_one_jpeg_are_the_first(tmp_path: Path) -> None:
    """As phones and stereo cameras write them."""
    out = io.BytesIO()
    Image.fromarray(PIXELS).save(
        out, "MPO", save_all=True, append_images=[Image.new("RGB", (30, 20))], quality=100
    )
    (tmp_path / "a.jpg").write_bytes(out.getvalue())
    with Image.open(io.BytesIO(out.getvalue())) as image:
        assert isinstance(image, JpegImagePlugin.JpegImageFile)
        assert (read_photo(tmp_path / "a.jpg").pixels == np.asarray(image)).all()
