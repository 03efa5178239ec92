"""What an exported file holds: its size, its metadata, and how large it will be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.photo import Photo, read_photo, read_provenance, write_photo
from restorer.photo.export import estimated_bytes, prepared
from restorer.preferences import Metadata

GPS = 34853
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    b'exif:GPSLatitude="48,8.1N" photoshop:City="Munich" dc:source="album 7"/></rdf:RDF></x:xmpmeta>'
)


@pytest.fixture
def told(tmp_path: Path, chelsea: np.ndarray) -> Photo:
    """A photo that tells who, when and where."""
    exif = Image.Exif()
    exif[315], exif[306] = "Emma Vogel", "1911:06:01 10:00:00"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (48.0, 8.0, 17.0)
    path = tmp_path / "told.jpg"
    Image.fromarray(chelsea).save(path, exif=exif, xmp=XMP, dpi=(300, 300))
    return read_photo(path)


def place_in(path: Path) -> bool:
    data = path.read_bytes()
    with Image.open(path) as image:
        return bool(image.getexif().get_ifd(GPS)) or b"Munich" in data or b"GPSLatitude" in data


def test_everything_but_the_place_is_kept(tmp_path: Path, told: Photo) -> None:
    kept = write_photo(prepared(told), tmp_path / "all.jpg", provenance={"model": "m"})
    assert place_in(kept)
    path = write_photo(prepared(told, keep=Metadata.NO_PLACE), tmp_path / "b.jpg", provenance={"model": "m"})
    assert not place_in(path)
    with Image.open(path) as image:
        assert image.getexif()[315] == "Emma Vogel"
    assert b"album 7" in path.read_bytes()
    assert read_provenance(path)["model"] == "m"


def test_without_metadata_only_the_reconstruction_is_told(tmp_path: Path, told: Photo) -> None:
    path = write_photo(prepared(told, keep=Metadata.NONE), tmp_path / "c.png", provenance={"model": "m"})
    data = path.read_bytes()
    assert b"Emma" not in data
    assert b"album 7" not in data
    assert not place_in(path)
    assert read_provenance(path)["model"] == "m"
    assert read_photo(path).dpi == pytest.approx((300, 300), abs=0.1)


def test_smaller_export_averages_and_prints_as_large(told: Photo) -> None:
    small = prepared(told, long_side=225)
    assert small.size == (225, 150)
    assert small.dpi == pytest.approx((300 * 225 / 451,) * 2)
    assert small.pixels.mean() == pytest.approx(told.pixels.mean(), abs=0.5)
    grey = Photo(told.pixels[..., :1].astype(np.uint16) * 257, alpha=None)
    assert prepared(grey, long_side=100).pixels.shape == (67, 100, 1)
    assert prepared(told, long_side=10_000).size == told.size, "nothing grows"


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_size_of_the_file_is_foretold(tmp_path: Path, told: Photo, suffix: str) -> None:
    small = write_photo(told, tmp_path / f"s{suffix}", quality=90)
    assert estimated_bytes(told, suffix, quality=90) == small.stat().st_size
    pixels = np.asarray(Image.fromarray(told.pixels).resize((1804, 1200), Image.Resampling.BICUBIC))
    large = Photo(pixels, exif=told.exif, xmp=told.xmp)
    path = write_photo(large, tmp_path / f"l{suffix}", quality=90)
    assert estimated_bytes(large, suffix, quality=90) == pytest.approx(path.stat().st_size, rel=0.25)


def test_estimating_writes_nothing(tmp_path: Path, told: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert estimated_bytes(told, ".png", bits=16) > 0
    assert sorted(tmp_path.iterdir()) == before


def test_iptc_goes_with_the_metadata_it_belongs_to() -> None:
    """It names people and places, too."""
    photo = Photo(np.zeros((4, 4, 3), np.uint8), iptc=b"\x1c\x02\x5a\x00\x06London")
    assert prepared(photo).iptc == photo.iptc
    assert prepared(photo, keep=Metadata.NONE).iptc is None
    assert prepared(photo, keep=Metadata.NO_PLACE).iptc is None
