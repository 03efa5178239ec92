"""What a file says of its photo is still true of the result, and no place is left where none is wanted.

Oracles: Pillow's reading of EXIF and comments, the words that were put in, geometry by hand.
"""

from __future__ import annotations

import io
import re
import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from restorer.photo import Photo, edits, read_photo, write_photo
from restorer.photo.export import prepared
from restorer.preferences import Metadata

PIXELS = np.random.default_rng(13).integers(0, 256, (20, 30, 3), dtype=np.uint8)
SUFFIXES = [".jpg", ".png", ".tif", ".webp"]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def packet(properties: str, spaces: dict[str, str]) -> bytes:
    names = "".join(f' xmlns:{name}="{space}"' for name, space in spaces.items())
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">'
        f'<rdf:Description rdf:about=""{names}>'
        f"{properties}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def jpeg(path: Path, **more: object) -> Path:
    Image.fromarray(PIXELS).save(path, "JPEG", **more)
    return path


PLACES = packet(
    """<dji:GpsLatitude>+51.0250000</dji:GpsLatitude><dji:AbsoluteAltitude>+46.0</dji:AbsoluteAltitude>
    <par:HomeLongitude>-25.04</par:HomeLongitude><own:StartLatitude>51.02</own:StartLatitude>
    <own:Flight rdf:parseType="Resource"><own:TakeOffLongitude>-25.04</own:TakeOffLongitude></own:Flight>
    <own:Shots><rdf:Bag><rdf:li own:Lat="51.02">kept</rdf:li></rdf:Bag></own:Shots>
    <ps:City>Nowhere</ps:City><dc:coverage>Nowhere</dc:coverage><xmp:Rating>4</xmp:Rating>
    <ext:LocationCreated><rdf:Bag><rdf:li rdf:parseType="Resource"><ext:City>Nowhere</ext:City></rdf:li>
    </rdf:Bag></ext:LocationCreated>""",
    {
        "dji": "http://www.dji.com/drone-dji/1.0/",
        "par": "http://www.parrot.com/drone-parrot/1.0/",
        "own": "http://ns.example.com/another-drone/1.0/",
        "ps": "http://ns.adobe.com/photoshop/1.0/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "ext": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    },
)


def placed_exif() -> bytes:
    exif = Image.Exif()
    exif[271] = "Maker"
    exif[700] = b"<x>Nowhere</x>"
    exif.get_ifd(34665)[37500] = b"Panasonic\0\0\0Nowhere-City\0"
    exif.get_ifd(34665)[36867] = "1999:01:02 03:04:05"
    exif.get_ifd(34853)[2] = (51.0, 1.0, 30.0)
    exif.get_ifd(34853)[29] = "Nowhere"
    return exif.tobytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_coordinate_and_no_place_name_is_left_anywhere(tmp_path: Path, suffix: str) -> None:
    path = jpeg(tmp_path / "in.jpg", xmp=PLACES, exif=placed_exif())
    photo = prepared(read_photo(path), keep=Metadata.NO_PLACE)
    write_photo(photo, tmp_path / f"out{suffix}", provenance={"Model": "x"})
    data = (tmp_path / f"out{suffix}").read_bytes()
    for word in (b"Nowhere", b"51.02", b"25.04", b"+46.0", b"Panasonic"):
        assert word not in data, word
    with Image.open(tmp_path / f"out{suffix}") as written:
        exif = written.getexif()
        assert exif[271] == "Maker"
        assert exif.get_ifd(34665)[36867] == "1999:01:02 03:04:05"
        assert 34853 not in exif
        assert 37500 not in exif.get_ifd(34665)
    kept = read_photo(tmp_path / f"out{suffix}").xmp
    assert kept is not None
    assert b"Rating" in kept
    assert b"kept" in kept


REGIONS = {
    "rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "dim": "http://ns.adobe.com/xap/1.0/sType/Dimensions#",
    "area": "http://ns.adobe.com/xmp/sType/Area#",
    "MP": "http://ns.microsoft.com/photo/1.2/",
    "RI": "http://ns.microsoft.com/photo/1.2/t/RegionInfo#",
    "Reg": "http://ns.microsoft.com/photo/1.2/t/Region#",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "ext": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
AREAS = {
    "attributes": '<rs:Area area:x="0.7" area:y="0.2" area:w="0.2" area:h="0.1" area:unit="normalized"/>',
    "elements": '<rs:Area rdf:parseType="Resource"><area:x>0.7</area:x><area:y>0.2</area:y>'
    "<area:w>0.2</area:w><area:h>0.1</area:h><area:unit>normalized</area:unit></rs:Area>",
}


def faces(area: str, orientation: int = 1) -> bytes:
    return packet(
        f"<tiff:Orientation>{orientation}</tiff:Orientation>"
        '<rs:Regions rdf:parseType="Resource"><rs:AppliedToDimensions dim:w="30" dim:h="20"/>'
        f'<rs:RegionList><rdf:Bag><rdf:li rdf:parseType="Resource"><rs:Name>Ann</rs:Name>{AREAS[area]}'
        "</rdf:li></rdf:Bag></rs:RegionList></rs:Regions>"
        '<MP:RegionInfo rdf:parseType="Resource"><RI:Regions><rdf:Bag><rdf:li Reg:PersonDisplayName="Bob" '
        'Reg:Rectangle="0.6, 0.15, 0.2, 0.1"/></rdf:Bag></RI:Regions></MP:RegionInfo>'
        '<ext:ImageRegion><rdf:Bag><rdf:li rdf:parseType="Resource"><ext:RegionBoundary '
        'ext:rbUnit="relative" ext:rbX="0.6" ext:rbY="0.15" ext:rbW="0.2" ext:rbH="0.1"/>'
        "</rdf:li></rdf:Bag></ext:ImageRegion>",
        REGIONS,
    )


def numbers(xmp: bytes | None, *names: str) -> list[float]:
    text = (xmp or b"").decode()
    found = [re.search(rf'{name}(?:="|>)([^"<]*)', text) for name in names]
    return [float(part) for each in found if each is not None for part in each[1].split(",")]


def left_top(left: float, top: float, width: float, height: float) -> list[float]:
    return [left + width / 2, top + height / 2, width, height]


# The region's left, top, width and height after turning upright, by hand.
TURNED = {
    1: (0.6, 0.15, 0.2, 0.1),
    2: (0.2, 0.15, 0.2, 0.1),
    3: (0.2, 0.75, 0.2, 0.1),
    4: (0.6, 0.75, 0.2, 0.1),
    5: (0.15, 0.6, 0.1, 0.2),
    6: (0.75, 0.6, 0.1, 0.2),
    7: (0.75, 0.2, 0.1, 0.2),
    8: (0.15, 0.2, 0.1, 0.2),
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("area", AREAS)
def test_regions_turn_with_the_pixels_and_state_the_size_of_the_result(
    tmp_path: Path, orientation: int, area: str
) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    path = jpeg(tmp_path / "in.jpg", xmp=faces(area, orientation), exif=exif)
    photo = read_photo(path)
    write_photo(photo.with_float(photo.to_float().repeat(2, 0).repeat(2, 1)), tmp_path / "out.png")
    result = read_photo(tmp_path / "out.png")
    box = TURNED[orientation]
    middle = numbers(result.xmp, "area:x", "area:y", "area:w", "area:h")
    assert middle == pytest.approx(left_top(*box), abs=1e-5)
    assert numbers(result.xmp, "Reg:Rectangle") == pytest.approx(box, abs=1e-5)
    assert numbers(result.xmp, "rbX", "rbY", "rbW", "rbH") == pytest.approx(box, abs=1e-5)
    assert tuple(numbers(result.xmp, "dim:w", "dim:h")) == result.size


@pytest.mark.parametrize("area", AREAS)
def test_a_crop_moves_regions_and_drops_those_outside(area: str) -> None:
    photo = Photo(pixels=PIXELS, xmp=faces(area))
    kept = edits.applied(photo, (edits.Crop(0.5, 0.0, 0.5, 0.5),)).xmp
    assert numbers(kept, "Reg:Rectangle") == pytest.approx([0.2, 0.3, 0.4, 0.2], abs=1e-5)
    assert numbers(kept, "area:x", "area:y") == pytest.approx([0.4, 0.4], abs=1e-5)
    dropped = edits.applied(photo, (edits.Crop(0.0, 0.5, 0.5, 0.5),)).xmp or b""
    assert b"Ann" not in dropped
    assert b"Bob" not in dropped


def test_a_turn_moves_regions_and_straightening_keeps_them_near() -> None:
    photo = Photo(pixels=PIXELS, xmp=faces("attributes"))
    turned = edits.applied(photo, (edits.Turn(1),)).xmp
    assert numbers(turned, "Reg:Rectangle") == pytest.approx(TURNED[6], abs=1e-5)
    straight = edits.applied(photo, (edits.Straighten(0.5),)).xmp
    assert numbers(straight, "Reg:Rectangle") == pytest.approx(TURNED[1], abs=0.03)


def test_where_the_subject_is_in_pixels_is_not_said_of_another_size(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(34665).update({37396: (20, 10, 5, 5), 41492: (20, 10), 41486: 100.0, 41487: 100.0, 41488: 3})
    exif.get_ifd(34665)[37382] = 2.5  # the subject's distance is still true
    xmp = packet(
        "<exif:SubjectArea><rdf:Seq><rdf:li>20</rdf:li></rdf:Seq></exif:SubjectArea>"
        "<exif:FocalPlaneXResolution>100/1</exif:FocalPlaneXResolution><exif:SubjectDistance>5/2</exif:SubjectDistance>",
        {"exif": "http://ns.adobe.com/exif/1.0/"},
    )
    photo = read_photo(jpeg(tmp_path / "in.jpg", exif=exif, xmp=xmp))
    write_photo(photo.with_float(photo.to_float().repeat(2, 0).repeat(2, 1)), tmp_path / "out.jpg")
    with Image.open(tmp_path / "out.jpg") as written:
        inner = written.getexif().get_ifd(34665)
    assert not {37396, 41492, 41486, 41487, 41488} & inner.keys()
    assert inner[37382] == 2.5
    text = read_photo(tmp_path / "out.jpg").xmp or b""
    assert b"SubjectArea" not in text
    assert b"FocalPlane" not in text
    assert b"SubjectDistance" in text


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("caption", ["Aunt Ann at the lake", "Grüße vom See, 湖"])
def test_a_jpegs_comment_goes_along(tmp_path: Path, suffix: str, caption: str) -> None:
    photo = read_photo(jpeg(tmp_path / "in.jpg", comment=caption.encode()))
    write_photo(photo, tmp_path / f"out{suffix}", provenance={"Model": "x"})
    with Image.open(tmp_path / f"out{suffix}") as written:
        if suffix == ".jpg":
            assert written.info["comment"] == caption.encode()
        elif suffix == ".png":
            assert written.text["Comment"] == caption
    again = read_photo(tmp_path / f"out{suffix}")
    assert caption.encode() in (again.xmp or b"")
    write_photo(again, tmp_path / "again.jpg")
    with Image.open(tmp_path / "again.jpg") as written:
        assert written.info["comment"] == caption.encode()


def test_every_comment_of_a_jpeg_goes_along(tmp_path: Path) -> None:
    said = [b"Aunt Ann at the lake", b"Developed in 1931", b"", b"x" * 65533]
    data = jpeg(tmp_path / "in.jpg").read_bytes()
    comments = b"".join(b"\xff\xfe" + (len(each) + 2).to_bytes(2, "big") + each for each in said)
    (tmp_path / "in.jpg").write_bytes(data[:2] + comments + data[2:])
    photo = read_photo(tmp_path / "in.jpg")
    kept = [("COM", each) for each in said if each]
    with Image.open(write_photo(photo, tmp_path / "out.jpg")) as written:
        assert [each for each in written.applist if each[0] == "COM"] == kept  # type: ignore[attr-defined]
    again = read_photo(write_photo(photo, tmp_path / "out.png"))
    with Image.open(write_photo(again, tmp_path / "again.jpg")) as written:
        assert [each for each in written.applist if each[0] == "COM"] == kept  # type: ignore[attr-defined]


def test_the_texts_of_a_png_go_along(tmp_path: Path) -> None:
    said = {"Title": "The lake", "Author": "N. Obody", "Creation Time": "1901", "Own": "äöü 湖"}
    info = PngImagePlugin.PngInfo()
    for key, text in said.items():
        (info.add_itxt if key == "Own" else info.add_text)(key, text)
    Image.fromarray(PIXELS).save(tmp_path / "in.png", pnginfo=info)
    photo = read_photo(tmp_path / "in.png")
    write_photo(photo, tmp_path / "out.png")
    write_photo(read_photo(tmp_path / "out.png"), tmp_path / "twice.png")
    with Image.open(tmp_path / "twice.png") as written:
        assert {key: written.text[key] for key in said} == said
    write_photo(photo, tmp_path / "out.tif")
    xmp = read_photo(tmp_path / "out.tif").xmp or b""
    assert b"<dc:title>" in xmp
    assert b"<dc:creator>" in xmp
    bare = prepared(photo, keep=Metadata.NONE)
    write_photo(bare, tmp_path / "bare.png")
    assert b"lake" not in (tmp_path / "bare.png").read_bytes()


def raw(kind: str, content: bytes) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text(f"Raw profile type {kind}", f"\n{kind}\n{len(content):8}\n{content.hex()}\n", zip=True)
    return info


@pytest.mark.parametrize("kind", ["exif", "APP1", "app1"])
def test_a_raw_profile_turns_the_photo_as_exif_does(tmp_path: Path, kind: str) -> None:
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(PIXELS).save(tmp_path / "in.png", pnginfo=raw(kind, b"Exif\0\0" + exif.tobytes()[6:]))
    assert read_photo(tmp_path / "in.png").size == (20, 30)


IPTC = b"\x1c\x02x\0\x04Lake"
RESOURCES = (
    b"8BIM\x03\xed\0\0" + struct.pack(">I", 3) + b"abc\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", 9) + IPTC
)


@pytest.mark.parametrize("content", [IPTC, RESOURCES])
def test_a_raw_profile_of_iptc_and_of_xmp_is_read(tmp_path: Path, content: bytes) -> None:
    Image.fromarray(PIXELS).save(tmp_path / "in.png", pnginfo=raw("iptc", content))
    assert read_photo(tmp_path / "in.png").iptc == IPTC
    Image.fromarray(PIXELS).save(tmp_path / "x.png", pnginfo=raw("xmp", PLACES))
    assert read_photo(tmp_path / "x.png").xmp == PLACES


def test_the_belongings_of_a_scan_go_along(tmp_path: Path) -> None:
    extra = [(36867, "s", 20, "1901:07:01 00:00:00", True), (34377, "B", len(RESOURCES), RESOURCES, True)]
    tifffile.imwrite(tmp_path / "scan.tif", PIXELS, photometric="rgb", extratags=extra)
    photo = read_photo(tmp_path / "scan.tif")
    assert photo.iptc == IPTC
    for suffix in SUFFIXES:
        write_photo(photo, tmp_path / f"out{suffix}")
        with Image.open(tmp_path / f"out{suffix}") as written:
            assert written.getexif().get_ifd(34665)[36867] == "1901:07:01 00:00:00"
    assert read_photo(tmp_path / "out.tif").iptc == IPTC


def test_damaged_resources_are_no_reason_to_refuse_a_scan(tmp_path: Path) -> None:
    for cut in range(4, len(RESOURCES), 3):
        out = io.BytesIO()
        tifffile.imwrite(out, PIXELS, photometric="rgb", extratags=[(34377, "B", cut, RESOURCES[:cut], True)])
        (tmp_path / "scan.tif").write_bytes(out.getvalue())
        assert (read_photo(tmp_path / "scan.tif").pixels == PIXELS).all()
