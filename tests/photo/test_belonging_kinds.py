"""Carriers of metadata at their limits, and what is said of sizes, crops and places in less usual ways.

Oracles: the words and numbers that were put in, and exiftool, pngcheck, jpeginfo, tiffinfo and webpinfo where
they are installed.
"""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from restorer.photo import Photo, edits, profiles, read_photo, write_photo
from restorer.photo.export import prepared
from restorer.photo.metadata import iptc
from restorer.photo.metadata.location import tells_place
from restorer.preferences import Metadata

PIXELS = np.random.default_rng(26).integers(0, 256, (20, 30, 3), dtype=np.uint8)
SUFFIXES = [".jpg", ".png", ".tif", ".webp"]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "GPano": "http://ns.google.com/photos/1.0/panorama/",
    "GDepth": "http://ns.google.com/photos/1.0/depthmap/",
    "core": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "ext": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "ps": "http://ns.adobe.com/photoshop/1.0/",
    "phone": "http://ns.example.com/phone/1.0/",
}


def packet(properties: str) -> bytes:
    names = "".join(f' xmlns:{name}="{space}"' for name, space in SPACES.items())
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"{names}><rdf:RDF xmlns:rdf="{RDF}">'
        f'<rdf:Description rdf:about="">{properties}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def enlarged(photo: Photo) -> Photo:
    width, height = photo.size
    return photo.with_float(np.zeros((4 * height, 4 * width, 3), np.float32))


def record(dataset: int, content: bytes, number: int = 2) -> bytes:
    return struct.pack(">BBBH", 0x1C, number, dataset, len(content)) + content


CAPTIONS = (
    record(120, b"A capacious city by the lake") + record(25, b"Location scouting") + record(80, b"Ann")
)
PLACED = (
    record(90, b"Nowhere")
    + record(95, b"Nowhereshire")
    + record(101, b"Nowhereland")
    + record(92, b"Nowhere Quay")
)
PREVIEW = record(20, b"\0\x20", 3) + record(202, b"Preview of old pixels")
RECORDS = CAPTIONS + PLACED + PREVIEW


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_iptc_goes_into_every_format_without_what_is_untrue(tmp_path: Path, suffix: str) -> None:
    path = write_photo(Photo(PIXELS, iptc=RECORDS), tmp_path / f"a{suffix}")
    again = read_photo(path)
    assert b"Preview" not in path.read_bytes()
    if suffix == ".webp":
        assert all(
            word in (again.xmp or b"") for word in (b"capacious city", b"Location scouting", b"Nowhereland")
        )
    else:
        assert again.iptc == CAPTIONS + PLACED


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_without_a_place_the_captions_stay(tmp_path: Path, suffix: str) -> None:
    photo = prepared(Photo(PIXELS, iptc=RECORDS), keep=Metadata.NO_PLACE)
    path = write_photo(photo, tmp_path / f"a{suffix}")
    again = read_photo(path)
    assert b"Nowhere" not in (again.iptc or b"") + (again.xmp or b"") + path.read_bytes()
    assert b"capacious city" in (again.xmp if suffix == ".webp" else again.iptc or b"")


def test_iptc_of_more_than_a_segment_goes_into_a_jpeg_and_back(tmp_path: Path) -> None:
    long = b"".join(record(25, bytes([97 + n % 26]) * 60) for n in range(3000))
    assert read_photo(write_photo(Photo(PIXELS, iptc=long), tmp_path / "a.jpg")).iptc == long
    endless = record(120, b"x" * 0x7FFF) + struct.pack(">BBBHI", 0x1C, 2, 120, 0x8004, 40_000) + b"y" * 40_000
    assert read_photo(write_photo(Photo(PIXELS, iptc=endless), tmp_path / "b.tif")).iptc == endless
    assert iptc.without_place(b"no records at all") is None


@pytest.mark.parametrize("length", [65_000, 65_480, 66_000, 300_000])
def test_a_packet_near_and_beyond_a_segment_loses_nothing_in_a_jpeg(tmp_path: Path, length: int) -> None:
    said = f"begin{'x' * length}end"
    photo = Photo(PIXELS, xmp=packet(f"<dc:source>{said}</dc:source><dc:publisher>Ann</dc:publisher>"))
    path = write_photo(photo, tmp_path / "a.jpg", provenance={"Model": "m"})
    again = read_photo(path)
    for word in (said.encode(), b"Ann", b"Model"):
        assert word in (again.xmp or b"")
    assert b"HasExtendedXMP" not in (again.xmp or b"")
    twice = read_photo(write_photo(again, tmp_path / "b.png"))
    assert said.encode() in (twice.xmp or b"")


def test_an_extension_that_lacks_a_part_is_left_out(tmp_path: Path) -> None:
    photo = Photo(PIXELS, xmp=packet(f"<dc:source>{'x' * 150_000}</dc:source>"))
    data = write_photo(photo, tmp_path / "a.jpg", provenance={"Model": "m"}).read_bytes()
    at = data.rindex(b"http://ns.adobe.com/xmp/extension/\0") - 4
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    (tmp_path / "b.jpg").write_bytes(data[:at] + data[at + 2 + length :])
    again = read_photo(tmp_path / "b.jpg")
    assert b"Model" in (again.xmp or b"")
    assert b"xxx" not in (again.xmp or b"")


PANORAMA = packet(
    "<GPano:ProjectionType>equirectangular</GPano:ProjectionType>"
    "<GPano:FullPanoWidthPixels>60</GPano:FullPanoWidthPixels>"
    "<GPano:FullPanoHeightPixels>30</GPano:FullPanoHeightPixels>"
    "<GPano:CroppedAreaImageWidthPixels>30</GPano:CroppedAreaImageWidthPixels>"
    "<GPano:CroppedAreaImageHeightPixels>20</GPano:CroppedAreaImageHeightPixels>"
    "<GPano:CroppedAreaLeftPixels>15</GPano:CroppedAreaLeftPixels>"
    "<GPano:CroppedAreaTopPixels>5</GPano:CroppedAreaTopPixels>"
)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_panorama_grows_with_its_picture(tmp_path: Path, suffix: str) -> None:
    xmp = read_photo(write_photo(enlarged(Photo(PIXELS, xmp=PANORAMA)), tmp_path / f"a{suffix}")).xmp or b""
    for name, value in (("FullPanoWidth", 240), ("FullPanoHeight", 120), ("CroppedAreaLeft", 60)):
        assert f"{name}Pixels>{value}<".encode() in xmp
    assert b"CroppedAreaImageHeightPixels>80<" in xmp


@pytest.mark.parametrize("missing", ["CroppedAreaImageWidthPixels", "CroppedAreaImageHeightPixels"])
def test_a_panorama_whose_scale_is_unknown_is_none_any_more(tmp_path: Path, missing: str) -> None:
    xmp = PANORAMA.replace(missing.encode(), b"Unknown")
    assert b"GPano:" not in (
        read_photo(write_photo(Photo(PIXELS, xmp=xmp), tmp_path / "a.png")).xmp or b""
    ).replace(b"xmlns:GPano", b"")


def test_a_panorama_that_was_turned_is_none_any_more(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(PIXELS).save(
        path, xmp=PANORAMA.replace(b"<GPano:Proj", b"<tiff:Orientation>6</tiff:Orientation><GPano:Proj", 1)
    )
    assert b"FullPano" not in (read_photo(path).xmp or b"")


def test_what_describes_the_old_file_goes(tmp_path: Path) -> None:
    xmp = packet(
        "<crs:HasCrop>True</crs:HasCrop><crs:CropLeft>0.25</crs:CropLeft><crs:CropWidth>20</crs:CropWidth>"
        "<crs:Exposure2012>+0.50</crs:Exposure2012><tiff:XResolution>300/1</tiff:XResolution>"
        "<tiff:ReferenceBlackWhite>0</tiff:ReferenceBlackWhite><GDepth:Data>AAAA</GDepth:Data>"
        "<dc:format>image/x-nef</dc:format>"
    )
    photo = enlarged(Photo(PIXELS, xmp=xmp, dpi=(300.0, 300.0)))
    again = read_photo(write_photo(photo, tmp_path / "a.png")).xmp or b""
    for gone in (b"CropLeft", b"CropWidth", b"ReferenceBlackWhite", b"AAAA", b"x-nef", b"HasCrop>True"):
        assert gone not in again
    assert b"Exposure2012>+0.50<" in again
    assert b"XResolution>1200/1<" in again


def test_exif_of_another_colour_space_and_black_says_what_is_true(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271], exif[532], exif[256] = "Maker", (0.0, 255.0, 128.0, 255.0, 128.0, 255.0), 30
    exif.get_ifd(34665)[40961] = 65535
    exif.get_ifd(34665)[40965] = {1: "R03", 4097: 30, 4098: 20}
    photo = Photo(PIXELS, exif=exif.tobytes().removeprefix(b"Exif\0\0"))
    path = write_photo(enlarged(photo), tmp_path / "a.jpg")
    assert read_photo(path).icc is None  # sRGB, which is what its pixels are
    with Image.open(path) as image:
        after = image.getexif()
    assert after[271] == "Maker"
    assert 532 not in after
    assert after.get_ifd(34665)[40961] == 1
    assert after.get_ifd(40965)[1] == "R98"
    assert (after.get_ifd(40965)[4097], after.get_ifd(40965)[4098]) == (120, 80)


PLACE_NAMES = [
    *(
        "GPSLatitude",
        "exif:GPSLatitude",
        "GpsLongtitude",
        "latitude",
        "Lat",
        "lon",
        "HomePosition",
        "CountryCode",
    ),
    *(
        "SubLocation",
        "ProvinceState",
        "WorldRegion",
        "LocationName",
        "geohash",
        "PlaceName",
        "AbsoluteAltitude",
    ),
    *("Geography", "PostalCode", "HigherGeography", "Municipality", "Territory"),
]
OTHER_NAMES = [
    *(
        "Velocity",
        "Opacity",
        "Capacity",
        "Composition",
        "Geometry",
        "Latency",
        "Translation",
        "RegionList",
        "Salon",
    ),
    *("Keywords", "Longest", "Estate", "Understatement", "Compositeness", "PageRegion", "Headline"),
]


def test_names_are_judged_by_their_words() -> None:
    assert [name for name in PLACE_NAMES if not tells_place(name)] == []
    assert [name for name in OTHER_NAMES if tells_place(name)] == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_way_a_place_is_written_goes_and_captions_stay(tmp_path: Path, suffix: str) -> None:
    xmp = packet(
        "<core:Location>Nowhere</core:Location><core:CountryCode>NWH</core:CountryCode><ps:State>Nowhere</ps:State>"
        "<ps:Country>Nowhere</ps:Country><ext:LocationShown><rdf:Bag><rdf:li rdf:parseType='Resource'>"
        "<ext:Sublocation>Nowhere</ext:Sublocation></rdf:li></rdf:Bag></ext:LocationShown>"
        "<core:CreatorContactInfo rdf:parseType='Resource'><core:CiAdrCity>Nowhere</core:CiAdrCity>"
        "<core:CiUrlWork>https://example.org</core:CiUrlWork></core:CreatorContactInfo>"
        "<phone:Tag phone:placeName='Nowhere' phone:Mood='calm'/><phone:Opacity>80</phone:Opacity>"
        "<dc:subject><rdf:Bag><rdf:li>City of lakes</rdf:li></rdf:Bag></dc:subject>"
        "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>Position of the altitude</rdf:li></rdf:Alt>"
        "</dc:description>"
    )
    photo = prepared(Photo(PIXELS, xmp=xmp), keep=Metadata.NO_PLACE)
    again = read_photo(write_photo(photo, tmp_path / f"a{suffix}")).xmp or b""
    assert b"Nowhere" not in again
    assert b"NWH" not in again
    for kept in (b"City of lakes", b"Position of the altitude", b"calm", b"example.org", b"Opacity>80<"):
        assert kept in again


CHECKERS = {
    ".png": ["pngcheck", "-q"],
    ".jpg": ["jpeginfo", "-c"],
    ".tif": ["tiffinfo"],
    ".webp": ["webpinfo", "-quiet"],
}
HARMLESS = ("0x0103 Compression", "is not allowed in TIFF", "GPSProcessingMethod", "Unknown field with tag")
"""TIFF 6.0 is older than deflate; EXIF's sizes stand in TIFFs, too; exiftool asks a TIFF for that GPS field;
libtiff does not know Windows' captions."""


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("rich", [True, False])
def test_other_programs_find_nothing_wrong(tmp_path: Path, suffix: str, rich: bool) -> None:
    exif = Image.Exif()
    exif[271], exif[306] = "Maker", "1999:01:02 03:04:05"
    exif.get_ifd(34853)[2] = (51.0, 1.0, 30.0)
    long = packet(f"<dc:source>{'x' * 70_000}</dc:source>")
    photo = Photo(PIXELS)
    if rich:
        block = exif.tobytes().removeprefix(b"Exif\0\0")
        photo = Photo(PIXELS, exif=block, xmp=long, iptc=RECORDS, dpi=(300.0, 300.0))
    path = write_photo(photo, tmp_path / f"a{suffix}", provenance={"Model": "m"})
    checked = 0
    if shutil.which(CHECKERS[suffix][0]):
        checked += 1
        run = subprocess.run([*CHECKERS[suffix], str(path)], capture_output=True, text=True, check=False)
        complaints = [line for line in run.stderr.splitlines() if not any(word in line for word in HARMLESS)]
        assert run.returncode == 0, run.stdout
        assert complaints == []
    if shutil.which("exiftool"):
        checked += 1
        command = ["exiftool", "-validate", "-warning", "-error", "-a", "-j", "-G4", str(path)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        said = json.loads(run.stdout)[0]
        texts = [str(text) for key, text in said.items() if key.endswith((":Warning", ":Error"))]
        assert [text for text in texts if not any(word in text for word in HARMLESS)] == []
    if not checked:
        pytest.skip("no independent checker is installed")


def test_a_crop_takes_the_panorama_away() -> None:
    cropped = edits.applied(Photo(PIXELS, xmp=PANORAMA), (edits.Crop(0.0, 0.0, 0.5, 0.5),))
    assert cropped.size == (15, 10)
    assert b"FullPano" not in (cropped.xmp or b"")


def test_colours_that_only_the_fields_of_a_tiff_tell_are_kept_as_a_profile(tmp_path: Path) -> None:
    wide = [(318, "2I", 2, (3127, 10000, 3290, 10000), True)]
    wide += [(319, "2I", 6, (68, 100, 32, 100, 265, 1000, 69, 100, 15, 100, 6, 100), True)]
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, photometric="rgb", extratags=wide)
    told = read_photo(tmp_path / "a.tif").icc
    assert told == profiles.of_gamma(
        None, profiles.Space((0.3127, 0.329), (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)), 3
    )
    usual = [wide[0], (319, "2I", 6, (64, 100, 33, 100, 3, 10, 6, 10, 15, 100, 6, 100), True)]
    tifffile.imwrite(tmp_path / "b.tif", PIXELS, photometric="rgb", extratags=usual)
    assert read_photo(tmp_path / "b.tif").icc is None
    broken = [wide[0], (319, "2I", 6, (0,) * 12, True)]
    tifffile.imwrite(tmp_path / "c.tif", PIXELS, photometric="rgb", extratags=broken)
    assert read_photo(tmp_path / "c.tif").icc is None


def test_a_packet_whose_last_mark_is_cut_is_kept(tmp_path: Path) -> None:
    cut = packet("<dc:source>Camera trap</dc:source>") + b'   <?xpacket end="w"'
    path = write_photo(Photo(PIXELS, xmp=cut), tmp_path / "a.jpg", provenance={"Model": "m"})
    assert b"Camera trap" in (read_photo(path).xmp or b"")
