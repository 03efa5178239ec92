"""AVIF, and raw files of cameras: read with what belongs to them, or a sentence.

Oracles: Pillow's encoder of AVIF; a DNG of one colour, written field by field.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from restorer.errors import PhotoError
from restorer.photo import read_photo, read_size
from tests.batch.test_belongings import PROFILES

RAMP = np.repeat(np.linspace(0, 255, 48).astype(np.uint8)[None, :, None], 32, axis=0) * np.ones(3, np.uint8)


def avif(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, "AVIF", quality=100, subsampling="4:4:4", **options)
    return path


def test_an_avif_is_read_with_what_belongs_to_it(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271] = "Maker of phones"
    path = avif(
        tmp_path / "a.avif", Image.fromarray(RAMP), exif=exif.tobytes(), icc_profile=PROFILES["adobe"]
    )
    photo = read_photo(path)
    assert (photo.size, photo.bits, photo.alpha, photo.icc) == ((48, 32), 8, None, PROFILES["adobe"])
    assert b"Maker of phones" in (photo.exif or b"")
    assert np.abs(photo.pixels.astype(int) - RAMP).max() <= 3
    assert read_size(path) == (48, 32)


def test_an_avif_keeps_its_alpha_and_is_turned(tmp_path: Path) -> None:
    clear = np.dstack([RAMP, np.where(RAMP[:, :, 0] < 99, 0, 255).astype(np.uint8)])
    exif = Image.Exif()
    exif[274] = 6
    photo = read_photo(avif(tmp_path / "a.avif", Image.fromarray(clear), exif=exif.tobytes()))
    assert photo.size == (32, 48)
    assert photo.alpha is not None
    assert {0, 255} == set(np.unique(photo.alpha).tolist())
    assert photo.pixels[0].mean() < photo.pixels[-1].mean()


@pytest.mark.parametrize("transfer", [16, 18])
def test_an_hdr_avif_is_refused_with_a_sentence(tmp_path: Path, transfer: int) -> None:
    data = avif(tmp_path / "a.avif", Image.fromarray(RAMP)).read_bytes()
    at = data.index(b"nclx")
    path = tmp_path / "b.avif"
    path.write_bytes(data[: at + 4] + bytes([0, 9, 0, transfer]) + data[at + 8 :])
    with pytest.raises(PhotoError, match=r"b\.avif is an HDR picture"):
        read_photo(path)


def test_display_p3_told_by_an_avif_is_kept_as_a_profile(tmp_path: Path) -> None:
    data = avif(tmp_path / "a.avif", Image.fromarray(RAMP)).read_bytes()
    at = data.index(b"nclx")
    path = tmp_path / "b.avif"
    path.write_bytes(data[: at + 4] + bytes([0, 12, 0, 13]) + data[at + 8 :])
    assert b"Display P3" in (read_photo(path).icc or b"")


@pytest.mark.parametrize("keep", [20, 100, 200, 300])
def test_a_damaged_avif_is_a_sentence(tmp_path: Path, keep: int) -> None:
    data = avif(tmp_path / "a.avif", Image.fromarray(RAMP)).read_bytes()
    (tmp_path / "b.avif").write_bytes(data[:keep])
    with pytest.raises(PhotoError, match=r"b\.avif"):
        read_photo(tmp_path / "b.avif")


def dng(path: Path, level: int = 9000, orientation: int = 1) -> Path:
    """A grey card of 96 x 64, seen through a filter of red, green and blue."""
    mosaic = np.full((64, 96), level, np.uint16)
    more = [
        (271, "s", 0, "Maker of cameras", True),
        (272, "s", 0, "Model 1", True),
        (274, "H", 1, orientation, True),
        (33421, "H", 2, (2, 2), True),
        (33422, "B", 4, bytes([0, 1, 1, 2]), True),
        (50706, "B", 4, bytes([1, 4, 0, 0]), True),
        (50708, "s", 0, "Maker Model 1", True),
        (50714, "H", 1, 0, True),
        (50717, "H", 1, 65535, True),
        (50721, "2i", 9, (1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1), True),
        (50728, "2I", 3, (1, 1, 1, 1, 1, 1), True),
        (50778, "H", 1, 21, True),
    ]
    tifffile.imwrite(path, mosaic, photometric=32803, metadata=None, software=False, extratags=more)
    return path


def test_a_raw_file_is_developed(tmp_path: Path) -> None:
    pytest.importorskip("rawpy", reason="the optional package rawpy is not installed")
    photo = read_photo(dng(tmp_path / "a.dng"))
    assert (photo.bits, photo.grey, photo.icc) == (16, False, None)
    assert abs(photo.size[0] - 96) <= 4
    assert abs(photo.size[1] - 64) <= 4
    assert photo.pixels.min() > 1000
    assert np.ptp(photo.pixels.reshape(-1, 3).mean(axis=0)) < 9000  # a grey card, nearly
    assert b"Maker of cameras" in (photo.exif or b"")
    turned = read_photo(dng(tmp_path / "b.dng", orientation=6))
    assert turned.size == photo.size[::-1]
    assert read_photo(dng(tmp_path / "raw-in-disguise.tif")).size == photo.size


def test_a_damaged_raw_file_is_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("rawpy", reason="the optional package rawpy is not installed")
    data = dng(tmp_path / "a.dng").read_bytes()
    for keep in (12, 200, 3000):
        path = tmp_path / "b.nef"
        path.write_bytes(data[:keep])
        with pytest.raises(PhotoError, match=r"b\.nef"):
            read_photo(path)


STARTS = [
    b"FUJIFILMCCD-RAW 0201",
    b"II*\0\x10\0\0\0CR\2\0",
    b"IIRO\x08\0\0\0",
    b"\0\0\0\x18ftypcrx \0\0\0\1crx isom",
]


@pytest.mark.parametrize("start", STARTS)
def test_without_the_package_a_raw_file_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: bytes
) -> None:
    monkeypatch.setitem(sys.modules, "rawpy", None)
    path = tmp_path / "a.bin"
    path.write_bytes(start + bytes(99))
    for read in (read_photo, read_size):
        with pytest.raises(PhotoError, match=r"a\.bin is a camera's raw file.*pip install rawpy"):
            read(path)
