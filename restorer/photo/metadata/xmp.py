"""XMP packets: correct what a new picture makes untrue, record what was reconstructed.

What comes in: a packet as found in a file (or none). What goes out: the same packet,
every foreign property kept, with its orientation and size corrected, plus one
description in Restorer's own namespace and IPTC's DigitalSourceType.

`tree` reads and writes packets, `stale` knows what a new picture makes untrue, `places` what tells a place,
and `positions` where in the picture something is.

Source: ISO 16684-1 (XMP data model and RDF/XML form), IPTC Photo Metadata Standard
2023.1 section 16.7 (Digital Source Type).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import md5
from xml.dom.minidom import Document

from restorer.photo.metadata import captions, regions, stale, tree
from restorer.photo.metadata.location import tells_place
from restorer.photo.metadata.stale import TIFF
from restorer.photo.metadata.tree import RDF, XMLNS

IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
RESTORER = "http://ns.restorer.example/provenance/1.0/"  # a name, not an address: .example is reserved
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
RECONSTRUCTED = f"{_SOURCE_TYPES}compositeWithTrainedAlgorithmicMedia"
INVENTED = f"{_SOURCE_TYPES}trainedAlgorithmicMedia"
_EARLIER, _MOST_EARLIER = "Earlier", 16
_NOTE = "http://ns.adobe.com/xmp/note/"


def orientation(xmp: bytes | None) -> int:
    """The orientation (1 to 8) that a packet states; 1 if it states none."""
    document = tree.parsed(xmp)
    for value in tree.values(document, TIFF).get("Orientation", ()) if document else ():
        if value in set("12345678"):
            return int(value)
    return 1


def provenance(xmp: bytes | None) -> dict[str, str]:
    """What Restorer wrote into a packet, as text; empty if it wrote nothing."""
    document = tree.parsed(xmp)
    return {name: values[0] for name, values in tree.values(document, RESTORER).items()} if document else {}


def updated(
    xmp: bytes | None,
    size: tuple[int, int],
    provenance: Mapping[str, str | int | float] | None,
    dpi: tuple[float, float] | None = None,
    srgb: bool = True,
) -> bytes | None:
    """Return the packet for an upright picture, see `stale.correct`; None if there is nothing to say.

    `provenance` is Restorer's record from now on, with the record that stood there before in its property
    Earlier (a JSON list of objects, the oldest first); None leaves the record as it is. A picture that was
    invented stays so: a provenance with Invented, or a packet that says so already, is told as such to IPTC.
    A packet that is not XML is passed on as it is, or replaced if there is provenance to write.
    """
    if not xmp and provenance is None:
        return None
    document = tree.parsed(xmp)
    if document is None:
        if provenance is None:
            return xmp
        document = tree.empty()
    stale.correct(document, size, dpi, srgb)
    if provenance is not None:
        _record(document, provenance)
    return tree.written(document)


def joined(xmp: bytes | None, extension: bytes | None) -> bytes | None:
    """One packet of a packet and its extension, as a JPEG has them where one segment is too small for all."""
    main, more = tree.parsed(xmp), tree.parsed(extension)
    if main is None or more is None:
        return xmp
    tree.join(main, more)
    tree.drop(main, lambda space, name: (space, name) == (_NOTE, "HasExtendedXMP"))
    return tree.written(main)


def extension_of(xmp: bytes | None) -> str:
    """The fingerprint of the extension that a packet asks for; empty where it asks for none."""
    document = tree.parsed(xmp)
    return (tree.values(document, _NOTE).get("HasExtendedXMP") or [""])[0] if document is not None else ""


def split(xmp: bytes, most: int) -> tuple[bytes | None, bytes, str]:
    """A packet of at most `most` bytes, its extension with the rest, and that one's fingerprint.

    Restorer's own record stays in the packet itself. A packet that is no XML cannot be split: None.
    Source: XMP Specification, part 3, section 1.1.3.1 (extended XMP in JPEG).
    """
    if len(xmp) <= most:
        return xmp, b"", ""
    rest, main = tree.parsed(xmp), tree.parsed(xmp)
    if rest is None or main is None:
        return None, b"", ""
    tree.drop(main, lambda space, name: space not in (RDF, XMLNS) and not _ours(space, name))
    tree.drop(rest, _ours)
    extension = tree.written(rest)
    fingerprint = md5(extension, usedforsecurity=False).hexdigest().upper()
    note = tree.description(main, {"rdf": RDF, "xmpNote": _NOTE})
    note.setAttributeNS(_NOTE, "xmpNote:HasExtendedXMP", fingerprint)
    packet = tree.written(main)
    return (packet, extension, fingerprint) if len(packet) <= most else (None, b"", "")


def _ours(space: str, name: str) -> bool:
    return space in (RESTORER, TIFF) or (space, name) == (IPTC, "DigitalSourceType")


def without_place(xmp: bytes | None) -> bytes | None:
    """The packet without where the photo was taken; None for one that cannot be read, which might tell it."""
    document = tree.parsed(xmp)
    if document is None:
        return None
    said = [each for each in captions.texts(xmp) if not tells_place(each[0])]
    tree.replace(document, {(captions.TEXTS, "Said"): json.dumps(said, ensure_ascii=False)})
    tree.drop_deep(document, lambda space, name: tells_place(name, space))
    return tree.written(document)


def moved(xmp: bytes | None, how: regions.Way) -> bytes | None:
    """The packet with the regions of the picture moved, see `regions.move`; itself if it has none."""
    document = tree.parsed(xmp)
    if document is None:
        return xmp
    changed = stale.drop_panorama(document) | regions.move(document, how)
    return tree.written(document) if changed else xmp


def _record(document: Document, provenance: Mapping[str, str | int | float]) -> None:
    earlier = {name: values[0] for name, values in tree.values(document, RESTORER).items()}
    source = tree.values(document, IPTC).get("DigitalSourceType", ())
    invented = "Invented" in provenance or INVENTED in source
    if earlier:
        provenance = {**provenance, _EARLIER: _with_earlier(earlier)}
    tree.drop(document, lambda space, name: space == RESTORER or (space, name) == (IPTC, "DigitalSourceType"))
    descriptions = tree.descriptions(document)
    first = descriptions[0] if descriptions else None  # all descriptions of a packet name the same subject
    about = "" if first is None else first.getAttributeNS(RDF, "about") or first.getAttribute("about")
    for old in descriptions:  # what our own earlier description has become
        only_names = all(a.namespaceURI in (RDF, XMLNS) for a in old.attributes.values())
        if only_names and not tree.elements(old) and old.parentNode is not None:
            old.parentNode.removeChild(old)
    ours = document.createElementNS(RDF, "rdf:Description")
    for name, space in (("rdf", RDF), ("restorer", RESTORER), ("Iptc4xmpExt", IPTC)):
        ours.setAttributeNS(XMLNS, f"xmlns:{name}", space)
    ours.setAttributeNS(RDF, "rdf:about", about)
    properties = {f"restorer:{_xml_name(key)}": str(value) for key, value in provenance.items()}
    kind = {"Iptc4xmpExt:DigitalSourceType": INVENTED if invented else RECONSTRUCTED}
    for name, value in {**properties, **kind}.items():
        space = IPTC if name.startswith("Iptc") else RESTORER
        element = document.createElementNS(space, name)
        element.appendChild(document.createTextNode(tree.clean(value)))
        ours.appendChild(element)
    tree.root(document).appendChild(ours)


def _with_earlier(record: dict[str, str]) -> str:
    """The records before this one, `record` the last of them, as JSON; the newest _MOST_EARLIER of them."""
    records: list[object] = []
    try:
        before = json.loads(record.pop(_EARLIER, "[]"))
        records = [each for each in before if isinstance(each, dict)] if isinstance(before, list) else []
    except (ValueError, RecursionError):  # someone else has written there
        pass
    return json.dumps([*records, record][-_MOST_EARLIER:], ensure_ascii=False)


def _xml_name(key: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", key)
    return name if re.match(r"[A-Za-z_]", name) else f"_{name}"
