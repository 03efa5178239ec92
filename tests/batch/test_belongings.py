"""Everything that belongs to a photo survives: scans as scanners make them, and real cameras' files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, IptcImagePlugin

from restorer.errors import PhotoError
from restorer.photo import Photo, read_photo, write_photo
from tests.photo.test_metadata import EXIF_IFD, GPS_IFD, INTEROP_IFD, MAKER_NOTE, SIZE_TAGS, exif_of, icc, xyz

Batch = Callable[..., int]
SHARED = Path(
    os.environ.get("RESTORER_SHARED", Path(__file__).resolve().parent.parent.parent.parent / "shared")
)
CAMERAS = sorted((SHARED / "data" / "metadata").glob("*.[jJ][pP][gG]"))
BROKEN = {"40bb78b1ac031125a6d8466b374962a8", "c3018ebe53d0046eecb58858ca869a99"}  # damaged on purpose
GPS_VERSION, COLOUR_SPACE = 0, 40961
PLACE_TAGS = {37396, 41486, 41487, 41488, 41492}
"""SubjectArea, the focal plane's resolution and its unit, SubjectLocation."""
GAMMA = b"curv\0\0\0\0\0\0\0\x01\x02\x33\0\0"  # 2.2


def adobe_rgb() -> bytes:
    """The primaries of Adobe RGB (1998), adapted to D50."""
    columns = {
        b"rXYZ": xyz(0.60974, 0.31111, 0.01947),
        b"gXYZ": xyz(0.20528, 0.62567, 0.06087),
        b"bXYZ": xyz(0.14919, 0.06322, 0.74457),
    }
    return icc(b"mntr", b"RGB ", b"XYZ ", columns | {b"rTRC": GAMMA, b"gTRC": GAMMA, b"bTRC": GAMMA})


PROFILES = {
    "srgb": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    "adobe": adobe_rgb(),
    "grey": icc(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": GAMMA}),
}


def save_like_a_scanner(path: Path, profile: str, depth: str, channels: int) -> np.ndarray:
    """A TIFF as scanner programs write it: strips, 600 dpi, maker, date, a profile."""
    most = np.iinfo(depth).max
    shape = (24, 30, channels) if channels > 1 else (24, 30)
    pixels = np.random.default_rng(channels).integers(most // 8, most, shape, dtype=depth)
    scanner = [(271, "s", 0, "Maker of scanners", True), (272, "s", 0, "Flatbed 9000", True)]
    tifffile.imwrite(
        path, pixels, photometric="rgb" if channels > 1 else "minisblack", rowsperstrip=7,
        resolution=(600, 600), resolutionunit=2, iccprofile=PROFILES[profile], datetime="1999:12:31 23:59:58",
        extratags=scanner, metadata=None, extrasamples=["unassalpha"] if channels == 4 else None,
    )  # fmt: skip
    return pixels


@pytest.mark.parametrize(
    ("profile", "depth", "channels"),
    [
        ("srgb", "uint8", 3),
        ("adobe", "uint16", 3),
        ("grey", "uint16", 1),
        ("grey", "uint8", 1),
        ("srgb", "uint16", 4),
    ],
)
def test_a_scan_keeps_depth_range_profile_resolution_alpha_and_scanner(
    tmp_path: Path, out: Path, batch: Batch, profile: str, depth: str, channels: int
) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    pixels = save_like_a_scanner(scans / "a.tif", profile, depth, channels)
    assert batch(scans, out) == 0
    result = read_photo(out / "a_4x.tif")
    assert result.size == (120, 96)
    assert result.bits == np.dtype(depth).itemsize * 8
    assert result.grey == (channels == 1)
    assert (result.alpha is not None) == (channels == 4)
    assert result.icc == PROFILES[profile]
    assert result.dpi == pytest.approx((2400, 2400))  # as large on paper as before
    colours = pixels[..., :3] if channels > 1 else pixels
    assert abs(float(result.pixels.mean()) / float(colours.mean()) - 1) < 0.05  # the range is the same
    exif = exif_of(out / "a_4x.tif")
    assert (exif[271], exif[272], exif[306]) == ("Maker of scanners", "Flatbed 9000", "1999:12:31 23:59:58")


@pytest.mark.parametrize("path", CAMERAS, ids=lambda path: path.name)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_a_cameras_file_keeps_what_it_said(tmp_path: Path, path: Path, suffix: str) -> None:
    if path.stem in BROKEN:
        with pytest.raises(PhotoError, match=path.name):
            read_photo(path)
        return
    photo = read_photo(path)
    width, height = photo.size
    made = photo.with_float(np.zeros((height * 2, width * 2, 3), np.float32))
    written = write_photo(made, tmp_path / f"a{suffix}", provenance={"Model": "m"})
    after = read_photo(written)
    assert after.icc == photo.icc
    if suffix in (".jpg", ".tif"):
        assert after.iptc == photo.iptc
    assert after.size == (width * 2, height * 2)
    if photo.dpi is not None:
        assert after.dpi == pytest.approx((photo.dpi[0] * 2, photo.dpi[1] * 2), rel=0.01)
    with Image.open(path) as image:
        stated = image.getexif().get(274, 1)
        turned = stated in (5, 6, 7, 8)
        assert photo.size == (image.size[::-1] if turned else image.size)
        if "exif" not in image.info:
            return
    before, now = exif_of(path), exif_of(written)
    assert now.get(274, 1) == 1
    for tag in {270, 271, 272, 306, 315, 33432} & before.keys():
        assert now[tag] == before[tag]
    place, place_before = (dict(sorted(each.get_ifd(GPS_IFD).items())) for each in (now, before))
    if place_before and GPS_VERSION not in place_before:  # which EXIF asks for
        assert place.pop(GPS_VERSION) == b"\2\3\0\0"
    assert repr(place) == repr(place_before)  # as text, since one has NaN seconds
    old, new = before.get_ifd(EXIF_IFD), now.get_ifd(EXIF_IFD)
    note = old.get(MAKER_NOTE)
    too_long = suffix == ".jpg" and MAKER_NOTE in old and MAKER_NOTE not in new
    # What names a place in pixels, or pixels a unit, would be untrue of a larger, upright picture.
    assert not new.keys() & PLACE_TAGS
    if after.icc is None and COLOUR_SPACE in old:
        assert new[COLOUR_SPACE] == 1  # as its pixels were read
    else:
        assert new.get(COLOUR_SPACE) == old.get(COLOUR_SPACE) or COLOUR_SPACE not in old
    for tag in old.keys() - SIZE_TAGS - PLACE_TAGS - {INTEROP_IFD, COLOUR_SPACE}:
        if not (too_long and tag == MAKER_NOTE):
            assert repr(new[tag]) == repr(old[tag]), tag
    assert note is None or too_long is False or len(note) > 20_000


def test_a_folder_of_heic_pictures_is_restored_or_says_what_it_needs(
    tmp_path: Path, batch: Batch, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scans, out = tmp_path / "scans", tmp_path / "out"
    scans.mkdir()
    (scans / "a.HEIC").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99))
    Image.new("RGB", (24, 20), "grey").save(scans / "b.png")
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "pi_heif", None)
        patch.setitem(sys.modules, "pillow_heif", None)
        assert batch(scans, out, "--types", "heic") == 1  # never passed over in silence
        assert "pip install pi-heif" in capsys.readouterr().err
    heif = pytest.importorskip("pillow_heif", reason="the optional package pillow-heif is not installed")
    pixels = np.random.default_rng(3).integers(0, 256, (20, 24, 3), np.uint8)
    heif.from_pillow(Image.fromarray(pixels)).save(scans / "a.HEIC")
    assert batch(scans, out, "--types", "heic") == 0
    assert sorted(path.name for path in out.glob("*.png")) == ["a_4x.png"]
    assert read_photo(out / "a_4x.png").size == (96, 80)


def test_iptc_records_go_along_where_the_format_has_a_place_for_them(tmp_path: Path) -> None:
    records = b"\x1c\x02\x78\x00\x0bA caption.\xe9" + b"\x1c\x02\x50\x00\x03Ann"
    photo = Photo(np.full((8, 8, 3), 99, np.uint8), iptc=records)
    for first, second in ((".jpg", ".tif"), (".tif", ".jpg"), (".jpg", ".jpg"), (".tif", ".tif")):
        path = write_photo(photo, tmp_path / f"a{first}")
        again = write_photo(read_photo(path), tmp_path / f"b{second}")
        assert read_photo(again).iptc == records
        with Image.open(again) as image:
            assert (IptcImagePlugin.getiptcinfo(image) or {})[(2, 80)] == b"Ann"
    long = Photo(photo.pixels, iptc=records * 4000)
    assert read_photo(write_photo(long, tmp_path / "c.jpg")).iptc == records * 4000
