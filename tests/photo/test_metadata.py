"""Metadata: profile, EXIF, XMP, resolution and provenance go along, in every format that has room for them.

The EXIF and XMP blocks in tests/data were written by real cameras and programs.
Oracles: Pillow's and tifffile's readers, ElementTree, scikit-image's colours.
"""

from __future__ import annotations

import io
import itertools
import json
import struct
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import tifffile
from PIL import Image
from PIL.TiffImagePlugin import IFDRational
from skimage import color

from restorer import __version__
from restorer.photo import Photo, read_photo, read_provenance, write_photo

DATA = Path(__file__).parents[1] / "data"
CARRIERS = [".jpg", ".png", ".tif", ".webp"]
PIXELS = np.random.default_rng(3).integers(0, 256, (24, 32, 3), dtype=np.uint8)
SIZE_TAGS = {256, 257, 40962, 40963}
EXIF_IFD, GPS_IFD, INTEROP_IFD, MAKER_NOTE = 34665, 34853, 40965, 37500
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
RESTORER = "{http://ns.restorer.example/provenance/1.0/}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"


def icc(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """An ICC profile, version 2.4, after ICC.1:1998-09."""
    name = b"made for a test"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + bytes(1 + 78),
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        **tags,
    }
    table, body = struct.pack(">I", len(tags)), b""
    for tag, content in tags.items():
        table += tag + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = struct.pack(">I4sI4s4s4s12x4s", 0, b"test", 0x02400000, kind, space, connection, b"acsp")
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    profile = head.ljust(128, b"\0") + table + body
    return struct.pack(">I", len(profile)) + profile[4:]


def xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))


def display_p3() -> bytes:
    """Display P3's primaries (adapted to D50) with gamma 2.2."""
    gamma = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(2.2 * 256))
    columns = {
        b"rXYZ": xyz(0.51512, 0.2412, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.1571, 0.06657, 0.78407),
    }
    return icc(b"mntr", b"RGB ", b"XYZ ", columns | {b"rTRC": gamma, b"gTRC": gamma, b"bTRC": gamma})


def black_ink() -> bytes:
    """A CMYK profile of grey inks: lightness L* falls linearly with black, and a little with the colours."""
    straight = bytes(range(256))
    corners = b""
    for cyan, magenta, yellow, black in itertools.product((0, 1), repeat=4):
        corners += bytes([round(255 * (1 - black) * (1 - (cyan + magenta + yellow) / 6)), 128, 128])
    unity = struct.pack(">9i", *(65536 if at % 4 == 0 else 0 for at in range(9)))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + unity + straight * 4 + corners + straight * 3
    return icc(b"prtr", b"CMYK", b"Lab ", {b"A2B0": lut})


def exif_of(path: Path) -> Image.Exif:
    with Image.open(path) as image:
        exif = image.getexif()
        for directory in (EXIF_IFD, GPS_IFD):
            exif.get_ifd(directory)
        return exif


def loaded(block: bytes) -> Image.Exif:
    exif = Image.Exif()
    exif.load(block)
    return exif


def xmp_of(path: Path) -> ElementTree.Element:
    with Image.open(path) as image:
        return ElementTree.fromstring(image.info["xmp"])


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("suffix", CARRIERS)
def test_a_wide_gamut_profile_is_kept_byte_by_byte(tmp_path: Path, suffix: str, bits: int) -> None:
    profile = display_p3()
    Image.fromarray(PIXELS).save(tmp_path / "p3.png", icc_profile=profile)
    photo = read_photo(tmp_path / "p3.png")
    assert np.array_equal(photo.pixels, PIXELS)  # not converted
    enlarged = photo.with_float(np.repeat(np.repeat(photo.to_float(), 4, 0), 4, 1))
    depth = bits if suffix in (".png", ".tif") else None
    path = write_photo(enlarged, tmp_path / f"a{suffix}", bits=depth)
    assert read_photo(path).icc == profile
    with Image.open(path) as image:
        assert image.info["icc_profile"] == profile


def test_bmp_which_has_no_profile_gets_srgb_colours(tmp_path: Path) -> None:
    profile = display_p3()
    photo = Photo(np.tile(np.array([150, 120, 90], np.uint8), (4, 4, 1)), icc=profile)
    path = write_photo(photo, tmp_path / "a.bmp")
    p3 = np.array([[0.51512, 0.29198, 0.1571], [0.2412, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]])
    srgb = np.array([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.7141]])
    linear = np.linalg.inv(srgb) @ p3 @ (np.array([150, 120, 90]) / 255) ** 2.2
    expected = 255 * (1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(read_photo(path).pixels[0, 0] - expected).max() < 2
    assert np.abs(expected - [150, 120, 90]).max() > 4  # the profile does matter


@pytest.mark.parametrize("kind", ["tif", "jpg"])
def test_cmyk_goes_through_its_profile(tmp_path: Path, kind: str) -> None:
    black = np.linspace(0, 255, 256).astype(np.uint8).reshape(16, 16)
    inks = np.zeros((16, 16, 4), np.uint8)
    inks[..., 3] = black
    path = tmp_path / f"a.{kind}"
    extra = {"quality": 100} if kind == "jpg" else {}
    Image.fromarray(inks, "CMYK").save(path, icc_profile=black_ink(), **extra)
    photo = read_photo(path)
    lab = np.zeros((16, 16, 3))
    lab[..., 0] = 100 * (1 - black / 255)
    expected = 255 * color.lab2rgb(lab)  # on the grey axis, where white points do not matter
    assert np.abs(photo.pixels - expected).max() < 4
    assert np.abs(255 - black[..., None] - expected).max() > 8  # the plain formula would be far off
    assert photo.icc is None


def test_cmyk_with_a_profile_that_does_not_fit_takes_the_plain_formula(tmp_path: Path) -> None:
    image = Image.fromarray(PIXELS).convert("CMYK")
    image.save(tmp_path / "a.tif", icc_profile=display_p3())
    photo = read_photo(tmp_path / "a.tif")
    assert np.array_equal(photo.pixels, np.asarray(image.convert("RGB")))
    assert photo.icc is None


@pytest.mark.parametrize("suffix", CARRIERS)
@pytest.mark.parametrize("camera", ["samsung_galaxy_s", "hp_photosmart_735"])
def test_real_exif_goes_along_with_size_and_software_corrected(
    tmp_path: Path, camera: str, suffix: str
) -> None:
    block = (DATA / f"{camera}.exif").read_bytes()
    source = tmp_path / "source.jpg"
    Image.fromarray(PIXELS).save(source, exif=b"Exif\0\0" + block)
    photo = read_photo(source)
    turned = camera == "samsung_galaxy_s"
    assert photo.size == ((24, 32) if turned else (32, 24))
    photo = photo.with_float(np.zeros((96, 128, 3), np.float32))
    path = write_photo(photo, tmp_path / f"a{suffix}")

    before, after = loaded(block), exif_of(path)
    assert after[305] == f"Restorer {__version__}"
    assert after[274] == 1
    inner, old = after.get_ifd(EXIF_IFD), before.get_ifd(EXIF_IFD)
    assert (inner[40962], inner[40963]) == (128, 96)
    for tag, value in old.items():
        if tag not in SIZE_TAGS | {INTEROP_IFD}:
            assert repr(inner[tag]) == repr(value)  # as text, since one is 0/0
    assert after.get_ifd(GPS_IFD) == before.get_ifd(GPS_IFD)
    for tag in {270, 271, 272, 306} & before.keys():
        assert after[tag] == before[tag]
    assert len(old[MAKER_NOTE]) > 50


@pytest.mark.parametrize("camera", ["samsung_galaxy_s", "hp_photosmart_735"])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_the_makers_note_stays_at_its_offset_and_the_thumbnail_goes(
    tmp_path: Path, camera: str, suffix: str
) -> None:
    block = (DATA / f"{camera}.exif").read_bytes()
    note = loaded(block).get_ifd(EXIF_IFD)[MAKER_NOTE]
    assert len(tifffile.TiffFile(io.BytesIO(block)).pages) == 2  # the thumbnail
    assert b"\xff\xd8\xff" in block
    source = tmp_path / "source.jpg"
    Image.fromarray(PIXELS).save(source, exif=b"Exif\0\0" + block)
    path = write_photo(read_photo(source), tmp_path / f"a{suffix}")
    if suffix == ".tif":  # the block is the file's beginning
        carried = path.read_bytes()
    else:
        with Image.open(path) as image:
            carried = image.info["exif"].removeprefix(b"Exif\0\0")
        assert b"\xff\xd8\xff" not in carried
        assert len(carried) < len(block)
    assert carried.find(note) == block.find(note)
    with tifffile.TiffFile(io.BytesIO(carried)) as structure:
        assert len(structure.pages) == 1


def test_a_tiff_hands_its_exif_on_to_a_jpeg(tmp_path: Path) -> None:
    block = (DATA / "hp_photosmart_735.exif").read_bytes()
    Image.fromarray(PIXELS).save(tmp_path / "source.jpg", exif=b"Exif\0\0" + block)
    tiff = write_photo(read_photo(tmp_path / "source.jpg"), tmp_path / "a.tif", bits=16)
    path = write_photo(read_photo(tiff), tmp_path / "a.jpg")
    before, after = loaded(block), exif_of(path)
    assert after[272] == before[272]
    for tag, value in before.get_ifd(EXIF_IFD).items():
        if tag not in SIZE_TAGS | {INTEROP_IFD}:
            assert after.get_ifd(EXIF_IFD)[tag] == value
    assert 273 not in after  # where the strips of the TIFF were


def test_restoring_again_and_again_does_not_swell_the_exif(tmp_path: Path) -> None:
    block = (DATA / "samsung_galaxy_s.exif").read_bytes()
    path = tmp_path / "a.jpg"
    Image.fromarray(PIXELS).save(path, exif=b"Exif\0\0" + block)
    sizes = []
    for _ in range(4):
        photo = read_photo(path)
        write_photo(photo, path)
        sizes.append(len(photo.exif or b""))
    assert sizes[3] - sizes[2] < 1000
    assert exif_of(path)[272] == loaded(block)[272]


def test_exif_too_long_for_jpeg_gives_up_the_makers_note_first(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271] = "Maker"
    exif[EXIF_IFD] = {MAKER_NOTE: bytes(70_000), 33434: IFDRational(1, 125)}
    Image.fromarray(PIXELS).save(tmp_path / "a.png", exif=exif)
    photo = read_photo(tmp_path / "a.png")
    after = exif_of(write_photo(photo, tmp_path / "a.jpg"))
    assert after[271] == "Maker"
    assert after.get_ifd(EXIF_IFD)[33434] == pytest.approx(1 / 125)
    assert MAKER_NOTE not in after.get_ifd(EXIF_IFD)
    assert MAKER_NOTE in exif_of(write_photo(photo, tmp_path / "b.png")).get_ifd(EXIF_IFD)


@pytest.mark.parametrize("damage", ["junk", "cut", "loop"])
def test_broken_exif_does_not_keep_a_good_photo_out(tmp_path: Path, damage: str) -> None:
    block = (DATA / "samsung_galaxy_s.exif").read_bytes()
    broken = {
        "junk": b"not a tiff structure at all",
        "cut": block[:100],
        "loop": block[:10] + struct.pack("<HHIIHHII", 34665, 4, 1, 8, 34853, 4, 1, 8) + block[34:200],
    }[damage]
    Image.fromarray(PIXELS).save(tmp_path / "a.png", exif=b"Exif\0\0" + broken)
    photo = read_photo(tmp_path / "a.png")
    for suffix in CARRIERS:
        assert exif_of(write_photo(photo, tmp_path / f"b{suffix}"))[274] == 1


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("suffix", [*CARRIERS, ".bmp"])
def test_resolution_is_kept(tmp_path: Path, suffix: str, bits: int) -> None:
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", dpi=(300, 150))
    photo = read_photo(tmp_path / "a.jpg")
    assert photo.dpi == (300, 150)
    depth = bits if suffix in (".png", ".tif") else None
    path = write_photo(photo, tmp_path / f"b{suffix}", bits=depth)
    assert read_photo(path).dpi == pytest.approx((300, 150), abs=0.1)
    if suffix != ".webp":
        with Image.open(path) as image:
            assert [float(value) for value in image.info["dpi"]] == pytest.approx([300, 150], abs=0.1)


def test_no_resolution_is_made_up(tmp_path: Path) -> None:
    for suffix in CARRIERS:
        path = write_photo(Photo(PIXELS), tmp_path / f"a{suffix}")
        assert read_photo(path).dpi is None


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("suffix", CARRIERS)
def test_provenance_joins_the_xmp_that_was_there(tmp_path: Path, suffix: str, bits: int) -> None:
    packet = (DATA / "nikon_d5000.xmp").read_bytes()
    photo = Photo(PIXELS, xmp=packet)
    said = {"model": "sr3-photo-4x", "seed": 7, "fidelity": 0.8, "note": '<ä> & "b" 写真'}
    depth = bits if suffix in (".png", ".tif") else None
    path = write_photo(photo, tmp_path / f"a{suffix}", provenance=said, bits=depth)
    assert read_provenance(path) == {key: str(value) for key, value in said.items()}

    before, after = ElementTree.fromstring(packet.strip()), xmp_of(path)
    kept = {node.tag: (node.text or "").strip() for node in before.iter()}
    found = {node.tag: (node.text or "").strip() for node in after.iter()}
    assert len(kept) > 15
    assert kept.items() <= found.items()
    assert found[f"{RESTORER}model"] == "sr3-photo-4x"
    source_type = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    assert found[f"{IPTC}DigitalSourceType"] == source_type


def test_a_second_restoration_keeps_the_first_record_behind_its_own(tmp_path: Path) -> None:
    photo = Photo(PIXELS, xmp=(DATA / "nikon_d5000.xmp").read_bytes())
    path = write_photo(photo, tmp_path / "a.png", provenance={"model": "old", "gone": 1})
    write_photo(read_photo(path), path, provenance={"model": "new"})
    found = read_provenance(path)
    assert set(found) == {"model", "Earlier"}
    assert found["model"] == "new"
    assert json.loads(found["Earlier"]) == [{"model": "old", "gone": "1"}]
    assert len(xmp_of(path).findall(f".//{IPTC}DigitalSourceType")) == 1
    assert len(xmp_of(path).findall(f".//{RDF}Description")) == 5
    write_photo(read_photo(path), path)  # nothing new to record: the record stays
    assert read_provenance(path) == found
    write_photo(read_photo(path), path, provenance={"model": "newest"})
    assert [record["model"] for record in json.loads(read_provenance(path)["Earlier"])] == ["old", "new"]


def test_an_invented_picture_is_called_so_and_stays_so(tmp_path: Path) -> None:
    path = write_photo(Photo(PIXELS), tmp_path / "a.png", provenance={"Invented": 1, "Class": "church"})
    write_photo(read_photo(path), path, provenance={"model": "m"})  # enlarged after it was saved
    invented = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert [node.text for node in xmp_of(path).findall(f".//{IPTC}DigitalSourceType")] == [invented]
    assert json.loads(read_provenance(path)["Earlier"])[0]["Class"] == "church"


def test_xmp_is_corrected_where_the_new_picture_makes_it_untrue(tmp_path: Path) -> None:
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="uuid:1" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
        b' xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        b' xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP="0123" tiff:Orientation="8"'
        b' exif:PixelXDimension="9" xmp:Label="two&#10;lines &amp; more">'
        b"<tiff:ImageWidth>9</tiff:ImageWidth><xmp:Thumbnails><rdf:Alt/></xmp:Thumbnails>"
        b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    path = write_photo(Photo(PIXELS, xmp=packet), tmp_path / "a.jpg", provenance={"model": "m"})
    root = xmp_of(path)
    first, ours = root.findall(f".//{RDF}Description")
    assert first.get("{http://ns.adobe.com/tiff/1.0/}Orientation") == "1"
    assert first.get("{http://ns.adobe.com/exif/1.0/}PixelXDimension") == "32"
    assert first.get("{http://ns.adobe.com/xap/1.0/}Label") == "two\nlines & more"
    assert first.findtext("{http://ns.adobe.com/tiff/1.0/}ImageWidth") == "32"
    assert first.get("{http://ns.adobe.com/xmp/note/}HasExtendedXMP") is None
    assert first.find("{http://ns.adobe.com/xap/1.0/}Thumbnails") is None
    assert ours.get(f"{RDF}about") == "uuid:1"  # one packet speaks of one thing


DEEP = b"<a>" * 3000 + b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>' + b"</a>" * 3000


@pytest.mark.parametrize(
    "packet",
    [DEEP, b"no xml", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<x:xmpmeta>", b"\xff\xfe"],
)
def test_a_broken_packet_does_no_harm(tmp_path: Path, packet: bytes) -> None:
    photo = Photo(PIXELS, xmp=packet)
    path = write_photo(photo, tmp_path / "a.png", provenance={"model": "m"})
    assert read_provenance(path) == {"model": "m"}
    write_photo(photo, path)
    assert read_provenance(path) == {}
    assert read_photo(path).xmp == packet


def test_a_packet_too_long_for_a_segment_goes_along_with_the_provenance(tmp_path: Path) -> None:
    packet = (DATA / "nikon_d5000.xmp").read_bytes().replace(b"Adobe Bridge CS5", b"x" * 70_000)
    photo = Photo(PIXELS, xmp=packet)
    assert read_provenance(write_photo(photo, tmp_path / "a.jpg", provenance={"model": "m"})) == {
        "model": "m"
    }
    assert len(read_photo(write_photo(photo, tmp_path / "a.png")).xmp or b"") > 70_000


def test_a_photo_without_metadata_gets_no_more_than_the_software(tmp_path: Path) -> None:
    for suffix in CARRIERS:
        path = write_photo(Photo(PIXELS), tmp_path / f"a{suffix}")
        assert read_provenance(path) == {}
        photo = read_photo(path)
        assert (photo.icc, photo.xmp, photo.dpi) == (None, None, None)
        assert exif_of(path)[305] == f"Restorer {__version__}"


def test_bmp_carries_no_provenance_and_says_so_by_silence(tmp_path: Path) -> None:
    assert read_provenance(write_photo(Photo(PIXELS), tmp_path / "a.bmp", provenance={"a": 1})) == {}


def test_keys_and_values_that_xml_cannot_hold_are_made_fit(tmp_path: Path) -> None:
    path = write_photo(Photo(PIXELS), tmp_path / "a.png", provenance={"1 st/ep": "a\x00b\x1fc"})
    assert read_provenance(path) == {"_1_st_ep": "a\ufffdb\ufffdc"}


def test_a_grey_photo_with_a_grey_profile_keeps_its_tones_as_webp(tmp_path: Path) -> None:
    """WebP has no grey, and what reads it would not know what to do with a profile of grey."""
    linear = b"curv\0\0\0\0" + struct.pack(">I", 0)
    profile = icc(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": linear})
    tones = np.arange(256)
    ramp = np.tile(tones.astype(np.uint8), (8, 1))[:, :, None]
    found = read_photo(write_photo(Photo(ramp, icc=profile), tmp_path / "a.webp", quality=100))
    assert found.icc is None
    share = tones / 255
    expected = 255 * np.where(share <= 0.0031308, 12.92 * share, 1.055 * share ** (1 / 2.4) - 0.055)
    wrong = np.abs(found.pixels.astype(float).mean((0, 2)) - expected)
    assert wrong[16:].max() < 2
    assert wrong.max() < 10  # so near to black the curve is steep, and 8 bits of a linear profile are few


def test_a_photo_in_luma_and_chroma_keeps_its_profile(tmp_path: Path) -> None:
    profile = display_p3()
    Image.fromarray(PIXELS).convert("YCbCr").save(tmp_path / "a.tif", icc_profile=profile)
    found = read_photo(tmp_path / "a.tif")
    assert found.icc == profile
    assert np.abs(found.pixels.astype(int) - PIXELS).max() <= 3
