"""HEIC: read with what belongs to it, and a sentence without libheif. pillow-heif makes the files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from restorer.errors import PhotoError
from restorer.photo import count_pages, read_photo, read_provenance, read_size, write_photo
from tests.batch.test_belongings import PROFILES
from tests.photo.test_metadata import exif_of

SIZE = (48, 32)
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF/></x:xmpmeta>'


@pytest.fixture
def heif() -> Any:
    return pytest.importorskip("pillow_heif", reason="the optional package pillow-heif is not installed")


def slope(depth: type = np.uint8, channels: int = 3) -> np.ndarray:
    """(32, 48, channels): a slope over the whole range, from a dark upper left corner to a white one."""
    width, height = SIZE
    steps = np.add.outer(np.arange(height) / (height - 1), np.arange(width) / (width - 1)) / 2
    return np.repeat(np.rint(steps * np.iinfo(depth).max)[:, :, None], channels, axis=2).astype(depth)


def save(heif: Any, path: Path, mode: str, samples: np.ndarray, **options: Any) -> Path:
    """Lossless, colours and all."""
    lossless = {"quality": -1, "chroma": 444, "matrix_coefficients": 0} | options
    with path.open("wb") as file:
        heif.encode(mode, (samples.shape[1], samples.shape[0]), samples.tobytes(), file, **lossless)
    return path


def orientation_block(value: int) -> bytes:
    exif = Image.Exif()
    exif[274], exif[271], exif[306] = value, "Maker of phones", "2019:05:04 03:02:01"
    return exif.tobytes()


def test_eight_bits_are_read_as_they_are(heif: Any, tmp_path: Path) -> None:
    path = save(heif, tmp_path / "a.heic", "RGB", slope())
    photo = read_photo(path)
    np.testing.assert_array_equal(photo.pixels, slope())
    assert (photo.size, photo.bits, photo.grey, photo.alpha, photo.icc) == (SIZE, 8, False, None, None)
    assert (read_size(path), count_pages(path), read_provenance(path)) == (SIZE, 1, {})


@pytest.mark.parametrize(("twelve", "levels"), [(False, 1023), (True, 4095)])
def test_ten_and_twelve_bits_fill_sixteen(
    heif: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, twelve: bool, levels: int
) -> None:
    monkeypatch.setattr(heif.options, "SAVE_HDR_TO_12_BIT", twelve)
    photo = read_photo(save(heif, tmp_path / "a.heic", "RGB;16", slope(np.uint16)))
    assert photo.bits == 16
    assert (photo.pixels.min(), photo.pixels.max()) == (0, 65535)  # white stays white
    assert np.abs(photo.pixels.astype(int) - slope(np.uint16)).max() <= 65535 / levels + 1


@pytest.mark.parametrize(
    ("mode", "channels", "depth"), [("L", 1, np.uint8), ("RGBA", 4, np.uint8), ("RGBA;16", 4, np.uint16)]
)
def test_grey_stays_grey_and_alpha_is_kept(
    heif: Any, tmp_path: Path, mode: str, channels: int, depth: type
) -> None:
    samples = slope(depth, channels)
    photo = read_photo(save(heif, tmp_path / "a.heic", mode, samples))
    assert photo.grey == (channels == 1)
    assert (photo.alpha is not None) == (channels == 4)
    tolerance = 65 if depth is np.uint16 else 0
    assert np.abs(photo.pixels.astype(int) - samples[:, :, : 1 if channels == 1 else 3]).max() <= tolerance
    if photo.alpha is not None:
        assert np.abs(photo.alpha.astype(int) - samples[:, :, 3]).max() <= tolerance


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_turned_once(heif: Any, tmp_path: Path, orientation: int) -> None:
    """The file is turned by its own boxes, and its EXIF says so a second time."""
    picture = Image.fromarray(slope())
    picture.putpixel((0, 0), (255, 0, 0))
    block = orientation_block(orientation)
    path = save(heif, tmp_path / "a.heic", "RGB", np.asarray(picture), exif=block)
    assert block.removeprefix(b"Exif\0\0") in path.read_bytes()
    plain = tmp_path / "a.png"  # another format with the same EXIF, whose reading has its own tests
    picture.save(plain, exif=block)
    expected = read_photo(plain)
    photo = read_photo(path)
    assert photo.size == expected.size
    assert np.abs(photo.pixels.astype(int) - expected.pixels).max() <= 2
    written = write_photo(photo, tmp_path / "b.jpg")
    assert exif_of(written).get(274, 1) == 1
    assert exif_of(written)[271] == "Maker of phones"


def test_what_belongs_to_it_goes_into_the_result(heif: Any, tmp_path: Path) -> None:
    path = save(
        heif, tmp_path / "a.heic", "RGB", slope(), exif=orientation_block(1), xmp=XMP,
        icc_profile=PROFILES["adobe"],
    )  # fmt: skip
    photo = read_photo(path)
    assert photo.icc == PROFILES["adobe"]
    assert photo.xmp is not None
    assert b"xmpmeta" in photo.xmp
    result = write_photo(photo, tmp_path / "b.png", provenance={"Model": "m"})
    assert read_photo(result).icc == PROFILES["adobe"]
    exif = exif_of(result)
    assert (exif[271], exif[306]) == ("Maker of phones", "2019:05:04 03:02:01")
    assert read_provenance(result)["Model"] == "m"


def test_a_picture_beyond_white_is_a_sentence(heif: Any, tmp_path: Path) -> None:
    path = save(heif, tmp_path / "a.heic", "RGB;16", slope(np.uint16), transfer_characteristics=16)
    with pytest.raises(PhotoError, match=r"a\.heic is an HDR picture"):
        read_photo(path)


def test_damaged_files_are_a_picture_or_a_sentence(heif: Any, tmp_path: Path) -> None:
    content = save(heif, tmp_path / "whole.heic", "RGB", slope()).read_bytes()
    path = tmp_path / "a.heic"
    for part in (0.3, 0.6, 0.95):
        path.write_bytes(content[: int(len(content) * part)])
        with pytest.raises(PhotoError, match=r"a\.heic is (incomplete|damaged)"):
            read_photo(path)
    rng = np.random.default_rng(3)
    told = 0
    for _ in range(60):
        wrong = bytearray(content)
        for at in rng.integers(12, len(content), 6):
            wrong[at] ^= 1 << int(rng.integers(8))
        path.write_bytes(wrong)
        for read in (read_photo, read_size, read_provenance):
            try:
                read(path)
            except PhotoError:
                told += 1
    assert told > 10


def test_without_the_package_it_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    path = tmp_path / "a.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99))
    for read in (read_photo, read_size):
        with pytest.raises(PhotoError, match=r"a\.heic is a HEIC picture.*pip install pi-heif"):
            read(path)
