"""Sidecars and dates of files: what lies beside a photo lies beside its result, and is true of it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.batch.recipe import JobRecipe
from restorer.photo import Photo, edits, read_photo, write_photo
from restorer.photo.export import prepared
from restorer.preferences import FileDate, Metadata, Output, Preferences, load, save

PIXELS = np.random.default_rng(7).integers(0, 256, (20, 30, 3), dtype=np.uint8)
SIDECAR = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmp:Rating="4"
xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
tiff:Orientation="6" tiff:ImageWidth="30" exif:GPSLatitude="51,1.5N">
<dc:subject><rdf:Bag><rdf:li>lake</rdf:li></rdf:Bag></dc:subject>
<mwg-rs:Area stArea:x="0.7" stArea:y="0.2" stArea:w="0.1" stArea:h="0.2" stArea:unit="normalized"/>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
PLACES = {
    "short": ("a.xmp", "out_4x.xmp"),
    "named": ("a.jpg.xmp", "out_4x.jpg.xmp"),
    "loud": ("a.XMP", "out_4x.xmp"),
}


def photo_with(folder: Path, place: str) -> Path:
    exif = Image.Exif()
    exif[274] = 6
    path = folder / "a.jpg"
    Image.fromarray(PIXELS).save(path, exif=exif.tobytes())
    (folder / PLACES[place][0]).write_bytes(SIDECAR)
    return path


def enlarged(photo: Photo) -> Photo:
    width, height = photo.size
    return photo.with_float(np.zeros((4 * height, 4 * width, 3), np.float32))


@pytest.mark.parametrize("place", PLACES)
def test_a_sidecar_lies_beside_the_result_and_is_true(tmp_path: Path, place: str) -> None:
    photo = enlarged(read_photo(photo_with(tmp_path, place)))
    write_photo(photo, tmp_path / "out_4x.jpg")
    made = (tmp_path / PLACES[place][1]).read_text("utf-8")
    for word in ('Rating="4"', "lake", 'Orientation="1"', 'ImageWidth="80"', "51,1.5N"):
        assert word in made
    assert 'stArea:x="0.800000"' in made
    assert 'stArea:y="0.700000"' in made
    assert (tmp_path / PLACES[place][0]).read_bytes() == SIDECAR
    assert len(list(tmp_path.iterdir())) == 4


def test_no_place_and_no_metadata_hold_for_sidecars_too(tmp_path: Path) -> None:
    photo = read_photo(photo_with(tmp_path, "short"))
    write_photo(prepared(photo, keep=Metadata.NO_PLACE), tmp_path / "b.jpg")
    assert b"51,1.5N" not in (tmp_path / "b.xmp").read_bytes()
    assert b"lake" in (tmp_path / "b.xmp").read_bytes()
    write_photo(prepared(photo, keep=Metadata.NONE), tmp_path / "c.jpg")
    assert not (tmp_path / "c.xmp").exists()


def test_a_sidecar_that_is_there_is_left_alone_unless_results_are_replaced(tmp_path: Path) -> None:
    photo = read_photo(photo_with(tmp_path, "short"))
    (tmp_path / "b.xmp").write_bytes(b"mine")
    write_photo(photo, tmp_path / "b.jpg", overwrite=False)
    assert (tmp_path / "b.xmp").read_bytes() == b"mine"
    write_photo(photo, tmp_path / "a.png", overwrite=True)  # its sidecar would be the original's own
    assert (tmp_path / "a.xmp").read_bytes() == SIDECAR


def test_a_crop_moves_what_a_sidecar_says(tmp_path: Path) -> None:
    photo = read_photo(photo_with(tmp_path, "short"))
    cropped = edits.applied(photo, (edits.Crop(0.5, 0.5, 0.5, 0.5),))
    assert b'stArea:x="0.600000"' in (cropped.sidecar or b"")


@pytest.mark.parametrize("content", [b"", b"no xml", b"<!DOCTYPE x>", bytes(5 << 20)])
def test_a_damaged_sidecar_does_no_harm(tmp_path: Path, content: bytes) -> None:
    path = photo_with(tmp_path, "short")
    (tmp_path / "a.xmp").write_bytes(content)
    write_photo(prepared(read_photo(path), keep=Metadata.NO_PLACE), tmp_path / "b.jpg")
    assert not (tmp_path / "b.xmp").exists()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".bmp"])
def test_the_date_of_the_photo_is_kept_if_asked(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(PIXELS).save(path)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    photo = read_photo(path)
    kept = write_photo(photo, tmp_path / f"b{suffix}", date=FileDate.KEEP)
    assert os.stat(kept).st_mtime == 1_000_000_000
    assert os.stat(write_photo(photo, tmp_path / f"c{suffix}")).st_mtime > 1_600_000_000
    path.unlink()
    assert os.stat(write_photo(photo, tmp_path / f"d{suffix}", date=FileDate.KEEP)).st_mtime > 1_600_000_000


def test_the_date_is_a_setting_and_a_part_of_recipes(tmp_path: Path) -> None:
    save(tmp_path, Preferences(output=Output(date=FileDate.KEEP)))
    assert load(tmp_path).output.date is FileDate.KEEP
    assert JobRecipe.from_text(JobRecipe(date=FileDate.KEEP).to_text()).date is FileDate.KEEP
    assert "date" not in JobRecipe().to_text()
