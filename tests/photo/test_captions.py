"""What IPTC's records say goes into a WebP beside what XMP says; neither hides the other."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restorer.photo import Photo, read_photo
from restorer.photo.export import prepared
from restorer.photo.metadata import captions, iptc
from restorer.photo.writing import write_photo
from restorer.preferences import Metadata

PIXELS = np.full((6, 8, 3), 128, np.uint8)
SPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
)


def record(dataset: int, text: str) -> bytes:
    content = text.encode()
    return b"\x1c\x02" + bytes([dataset]) + len(content).to_bytes(2, "big") + content


def packet(properties: str, attributes: str = "") -> bytes:
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {SPACES}><rdf:Description rdf:about="" {attributes}>'
        f"{properties}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def alternatives(name: str, text: str) -> str:
    return f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></dc:{name}>'


def items(xmp: bytes | None, name: str) -> list[str]:
    """The entries of a list in a packet, with their language before them where they have one."""
    found = re.search(f"<{name}>(.*?)</{name}>", (xmp or b"").decode(), re.DOTALL)
    entries = re.findall(
        '<rdf:li(?: xml:lang="([^"]*)")?>(.*?)</rdf:li>', found[1] if found else "", re.DOTALL
    )
    return [f"{language}: {text}" if language else text for language, text in entries]


def in_webp(xmp: bytes | None, records: bytes, folder: Path) -> bytes:
    """The packet of a WebP that is written of a photo with both."""
    path = write_photo(Photo(PIXELS, xmp=xmp, iptc=records), folder / "a.webp")
    with Image.open(path) as result:
        found: bytes = result.info["xmp"]
    return found


def test_a_caption_of_iptc_that_differs_stands_beside_that_of_xmp(tmp_path: Path) -> None:
    xmp = packet(alternatives("description", "On the pier, 1932"))
    found = in_webp(xmp, record(120, "Grandmother Ada"), tmp_path)
    assert items(found, "dc:description") == ["x-default: On the pier, 1932", "x-iptc: Grandmother Ada"]


@pytest.mark.parametrize("same", ["On the  pier,\n1932", "On the pier", "", "   "])
def test_a_caption_that_says_nothing_more_is_not_said_twice(same: str, tmp_path: Path) -> None:
    xmp = packet(alternatives("description", "On the pier, 1932"))
    assert items(in_webp(xmp, record(120, same), tmp_path), "dc:description") == [
        "x-default: On the pier, 1932"
    ]


def test_accents_that_are_composed_otherwise_are_the_same_caption(tmp_path: Path) -> None:
    xmp = packet(alternatives("title", "Caf\u00e9"))
    assert items(in_webp(xmp, record(5, "Cafe\u0301"), tmp_path), "dc:title") == ["x-default: Caf\u00e9"]


def test_keywords_and_authors_of_both_are_one_list(tmp_path: Path) -> None:
    xmp = packet("<dc:subject><rdf:Bag><rdf:li>boat</rdf:li><rdf:li>pier</rdf:li></rdf:Bag></dc:subject>")
    records = record(25, "pier") + record(25, "Ada") + record(25, "Ada") + record(80, "N. N.")
    found = in_webp(xmp, records, tmp_path)
    assert items(found, "dc:subject") == ["boat", "pier", "Ada"]
    assert items(found, "dc:creator") == ["N. N."]


def test_a_caption_that_is_written_as_an_attribute_stays_first(tmp_path: Path) -> None:
    found = in_webp(packet("", 'dc:description="On the pier"'), record(120, "Ada"), tmp_path)
    assert items(found, "dc:description") == ["x-default: On the pier", "x-iptc: Ada"]
    found = in_webp(packet("<dc:rights>mine</dc:rights>"), record(116, "hers"), tmp_path)
    assert items(found, "dc:rights") == ["x-default: mine", "x-iptc: hers"]


def test_single_texts_are_kept_under_their_name_and_return_into_a_png(tmp_path: Path) -> None:
    xmp = packet("<photoshop:Headline>Regatta</photoshop:Headline>", 'photoshop:City="Cowes"')
    found = in_webp(xmp, record(105, "Sails") + record(90, "Ryde"), tmp_path)
    assert b"<photoshop:Headline>Regatta</photoshop:Headline>" in found
    assert captions.texts(found) == [("IPTC Headline", "Sails"), ("IPTC City", "Ryde")]
    write_photo(read_photo(tmp_path / "a.webp"), tmp_path / "b.png")
    with Image.open(tmp_path / "b.png") as result:
        result.load()
        assert result.info["IPTC Headline"] == "Sails"
    bare = prepared(read_photo(tmp_path / "a.webp"), keep=Metadata.NO_PLACE)
    assert b"Ryde" not in (bare.xmp or b"")
    assert b"Cowes" not in (bare.xmp or b"")
    assert b"Sails" in (bare.xmp or b"")


def test_saved_again_and_again_a_caption_is_there_once(tmp_path: Path) -> None:
    xmp = packet(alternatives("description", "On the pier"))
    records = record(120, "Ada") + record(105, "Sails")
    first = captions.with_records(xmp, iptc.properties(records))
    assert captions.with_records(first, iptc.properties(records)) == first
    other = captions.with_records(first, iptc.properties(record(120, "Ada's aunt")))
    assert items(other, "dc:description") == ["x-default: On the pier", "x-iptc: Ada\nAda's aunt"]


def test_a_packet_that_cannot_be_read_is_passed_on(tmp_path: Path) -> None:
    assert captions.with_records(b"no packet", iptc.properties(record(120, "Ada"))) == b"no packet"


def test_dates_and_places_of_records_are_written_as_xmp_writes_them() -> None:
    records = record(55, "19320704") + record(60, "153000+0100") + record(92, "Pier") + record(100, "GBR")
    assert iptc.properties(records + record(122, "B. C.")) == [
        ("photoshop", "DateCreated", "", ["1932-07-04T15:30:00+01:00"]),
        ("Iptc4xmpCore", "Location", "", ["Pier"]),
        ("Iptc4xmpCore", "CountryCode", "", ["GBR"]),
        ("photoshop", "CaptionWriter", "", ["B. C."]),
    ]
    assert iptc.properties(record(55, "19320704"))[0][3] == ["1932-07-04"]
    assert iptc.properties(record(55, "about 1932") + record(60, "noon"))[0][3] == ["about 1932"]


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_finds_both(tmp_path: Path) -> None:
    xmp = packet(alternatives("description", "On the pier, 1932"))
    in_webp(xmp, record(120, "Grandmother Ada"), tmp_path)
    asked = ["exiftool", "-s", "-XMP-dc:all", "-validate", "-warning", "-a", tmp_path / "a.webp"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert re.search(r"Description +: On the pier, 1932\n", said)
    assert re.search(r"Description-x-iptc +: Grandmother Ada\n", said)
    assert "Warning" not in said
