"""XMP packets: correct what a new picture makes untrue, record what was reconstructed.

What comes in: a packet as found in a file (or none). What goes out: the same packet,
every foreign property kept, with its orientation and size corrected, plus one
description in Restorer's own namespace and IPTC's DigitalSourceType.

Properties that describe bytes which do not come along (thumbnails, gain maps,
embedded videos, the second half of a split packet) are taken out.

A packet can be made to fill the memory: one that is longer, deeper or of more parts than any program writes
is not made a tree of, and counts as one that cannot be read.

Source: ISO 16684-1 (XMP data model and RDF/XML form), IPTC Photo Metadata Standard
2023.1 section 16.7 (Digital Source Type).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.dom import Node
from xml.dom.minidom import Document, Element, parseString
from xml.parsers.expat import ExpatError, ParserCreate

from restorer.photo.metadata import positions

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TIFF = "http://ns.adobe.com/tiff/1.0/"
EXIF = "http://ns.adobe.com/exif/1.0/"
IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
DC = "http://purl.org/dc/elements/1.1/"
TEXTS = "http://ns.restorer.example/texts/1.0/"
_MOST_TEXTS = 1 << 20
_KNOWN_TEXTS = {
    "Title": ("title", "Alt"),
    "Description": ("description", "Alt"),
    "Comment": ("description", "Alt"),
    "Copyright": ("rights", "Alt"),
    "Author": ("creator", "Seq"),
}
RESTORER = "http://ns.restorer.example/provenance/1.0/"  # a name, not an address: .example is reserved
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
RECONSTRUCTED = f"{_SOURCE_TYPES}compositeWithTrainedAlgorithmicMedia"
INVENTED = f"{_SOURCE_TYPES}trainedAlgorithmicMedia"
_EARLIER, _MOST_EARLIER = "Earlier", 16
_MOST_BYTES, _MOST_PARTS, _MOST_DEPTH = 4 << 20, 20_000, 100
"""Of a packet: a tree takes a kilobyte for each part, and reading, copying and writing one each go down
through all of its levels."""

_STALE = {
    ("http://ns.adobe.com/xap/1.0/", "Thumbnails"),
    ("http://ns.adobe.com/xmp/note/", "HasExtendedXMP"),
}
_STALE_SPACES = {
    "http://ns.adobe.com/hdr-gain-map/1.0/",
    "http://ns.google.com/photos/1.0/container/",
    "http://ns.google.com/photos/1.0/camera/",
}
_PLACES = {
    "http://ns.adobe.com/photoshop/1.0/": ("City", "State", "Country"),
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": ("Location", "CountryCode"),
    IPTC: ("LocationCreated", "LocationShown"),
}
_PLACE_SPACES = {
    "http://www.dji.com/drone-dji/1.0/",
    "http://www.parrot.com/drone-parrot/1.0/",
    "http://pix4d.com/camera/1.0/",
    "http://pix4d.com/camera/1.0",
    "http://rs.tdwg.org/dwc/index.htm",
    "http://rs.tdwg.org/dwc/terms/",
}
"""Of drones and surveys: flight, home point and locality under names of each maker's own."""
_PLACE_NAME = re.compile(
    "gps|geo|lat(itude)?$|lon(g|gt?itude)?$|altitude|coordinat|position|waypoint|location|locality|landmark"
    "|city|town|village|district|province|state$|country|region(code|name)|worldregion|coverage|address",
    re.IGNORECASE,
)
_XMLNS = "http://www.w3.org/2000/xmlns/"
_EMPTY = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"/></x:xmpmeta>'
_BEGIN, _END = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>', '<?xpacket end="w"?>'
_LINES = {
    9: "\ufdd0",
    10: "\ufdd1",
    13: "\ufdd2",
}  # stand-ins: minidom writes these bare, and readers fold them
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def orientation(xmp: bytes | None) -> int:
    """The orientation (1 to 8) that a packet states; 1 if it states none."""
    document = _parsed(xmp)
    for value in _values(document, TIFF).get("Orientation", ()) if document else ():
        if value in set("12345678"):
            return int(value)
    return 1


def provenance(xmp: bytes | None) -> dict[str, str]:
    """What Restorer wrote into a packet, as text; empty if it wrote nothing."""
    document = _parsed(xmp)
    return {name: values[0] for name, values in _values(document, RESTORER).items()} if document else {}


def updated(
    xmp: bytes | None,
    size: tuple[int, int],
    provenance: Mapping[str, str | int | float] | None,
    most: int | None = None,
) -> bytes | None:
    """Return the packet for an upright picture of `size` = (width, height); None if there is nothing to say.

    `provenance` is Restorer's record from now on, with the record that stood there before in its property
    Earlier (a JSON list of objects, the oldest first); None leaves the record as it is. A picture that was
    invented stays so: a provenance with Invented, or a packet that says so already, is told as such to IPTC.
    A packet that is not XML is passed on as it is, or replaced if there is provenance to write. A result
    longer than `most` bytes gives up the old packet.
    """
    if not xmp and provenance is None:
        return None
    document = _parsed(xmp)
    if document is None:
        if provenance is None:
            return xmp if most is None or xmp is None or len(xmp) <= most else None
        document = parseString(_EMPTY)
    _correct(document, size)
    if provenance is not None:
        _record(document, provenance)
    packet = _written(document)
    if most is not None and len(packet) > most:
        return updated(None, size, provenance)
    return packet


def without_place(xmp: bytes | None) -> bytes | None:
    """The packet without where the photo was taken; None for one that cannot be read, which might tell it."""
    document = _parsed(xmp)
    if document is None:
        return None
    said = [each for each in texts(xmp) if not _tells_place(each[0])]
    _replace(document, {(TEXTS, "Said"): json.dumps(said, ensure_ascii=False)})
    _drop_deep(
        document,
        lambda space, name: name in _PLACES.get(space, ()) or space in _PLACE_SPACES or _tells_place(name),
    )
    return _written(document)


def moved(xmp: bytes | None, how: positions.Way) -> bytes | None:
    """The packet with the regions of the picture moved, see `positions.move`; itself if it has none."""
    document = _parsed(xmp)
    return _written(document) if document is not None and positions.move(document, how) else xmp


def with_texts(xmp: bytes | None, said: Sequence[tuple[str, str]]) -> bytes | None:
    """The packet with captions that a file carries beside it, keyword and text; itself if it has them.

    They are kept as they are, so that a file that can carry them so gets them back, and told in the
    properties that other programs read, where these are not there.
    """
    old = texts(xmp)
    known = set(old)  # there may be tens of thousands of either
    new = [each for each in said if each not in known]
    if not new or sum(len(key) + len(text) for key, text in new) > _MOST_TEXTS:
        return xmp
    document = _parsed(xmp)
    if document is None:
        if xmp:
            return xmp
        document = parseString(_EMPTY)
    root = _root(document)
    assert root is not None
    there = {
        (element.namespaceURI, element.localName)
        for each in _descriptions(document)
        for element in _elements(each)
    }
    _drop(document, lambda space, name: space == TEXTS)
    ours = document.createElementNS(RDF, "rdf:Description")
    for name, space in (("rdf", RDF), ("texts", TEXTS), ("dc", DC)):
        ours.setAttributeNS(_XMLNS, f"xmlns:{name}", space)
    ours.setAttributeNS(RDF, "rdf:about", "")
    record = document.createElementNS(TEXTS, "texts:Said")
    record.appendChild(
        document.createTextNode(_NOT_XML.sub("\ufffd", json.dumps([*old, *new], ensure_ascii=False)))
    )
    ours.appendChild(record)
    for key, text in new:
        name, kind = _KNOWN_TEXTS.get(key, ("", ""))
        if not name or (DC, name) in there:
            continue
        there.add((DC, name))
        value, box, item = (
            document.createElementNS(space, label)
            for space, label in ((DC, f"dc:{name}"), (RDF, f"rdf:{kind}"), (RDF, "rdf:li"))
        )
        if kind == "Alt":
            item.setAttribute("xml:lang", "x-default")
        item.appendChild(document.createTextNode(_NOT_XML.sub("\ufffd", text)))
        box.appendChild(item)
        value.appendChild(box)
        ours.appendChild(value)
    root.appendChild(ours)
    return _written(document)


def texts(xmp: bytes | None) -> list[tuple[str, str]]:
    """What `with_texts` kept in a packet."""
    document = _parsed(xmp)
    try:
        said = json.loads((_values(document, TEXTS).get("Said") or ["[]"])[0]) if document else []
        return [(str(key), str(text)) for key, text in said]
    except (ValueError, TypeError, RecursionError):
        return []


def _parsed(xmp: bytes | None) -> Document | None:
    """The packet as a tree; None if it is absent, not XML, not RDF, defines entities, or is larger than any
    program's."""
    if not xmp or len(xmp) > _MOST_BYTES:
        return None
    if b"<!" in xmp.replace(b"\0", b"").replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        return None
    try:
        packet = xmp.strip(b"\0 \t\r\n")
        _check_parts(packet)
        document = parseString(packet)
        return document if _root(document) is not None else None
    except (ExpatError, ValueError, LookupError, RecursionError):
        return None


def _check_parts(packet: bytes) -> None:
    """Raise ValueError if a tree of the packet would be too large or too deep. Nothing is kept here."""
    depth = parts = 0

    def more(*content: object) -> None:
        nonlocal parts
        parts += 1 + (len(content[1]) if len(content) == 2 and isinstance(content[1], dict) else 0)
        if parts > _MOST_PARTS:
            raise ValueError("a packet of too many parts")

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise ValueError("a packet of too many levels")
        more(name, attributes)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartCdataSectionHandler = parser.CommentHandler = more
    parser.ProcessingInstructionHandler = more
    parser.Parse(packet, True)


def _root(document: Document) -> Element | None:
    """The first rdf:RDF; it lies near the top, so the search ends soon."""
    waiting: list[Any] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Element) and node.namespaceURI == RDF and node.localName == "RDF":
            return node
        waiting += reversed(node.childNodes)
    return None


def _descriptions(document: Document) -> list[Element]:
    root = _root(document)
    assert root is not None  # `_parsed` has seen it
    return [node for node in _elements(root) if node.namespaceURI == RDF and node.localName == "Description"]


def _elements(parent: Element) -> list[Element]:
    return [node for node in parent.childNodes if isinstance(node, Element)]


def _values(document: Document, space: str) -> dict[str, list[str]]:
    """The simple properties of one namespace: name -> texts."""
    found: dict[str, list[str]] = {}
    for description in _descriptions(document):
        for attribute in description.attributes.values():
            if attribute.namespaceURI == space:
                found.setdefault(attribute.localName, []).append(attribute.value)
        for element in _elements(description):
            if element.namespaceURI == space:
                text = "".join(n.data for n in element.childNodes if n.nodeType in (Node.TEXT_NODE, 4))
                found.setdefault(element.localName, []).append(text)
    return found


def _drop(document: Document, stale: Callable[[str, str], bool]) -> None:
    """Remove the properties that are `stale`, by namespace and name, whether written as attribute or
    element."""
    for description in _descriptions(document):
        for attribute in list(description.attributes.values()):
            if stale(attribute.namespaceURI or "", attribute.localName):
                description.removeAttributeNode(attribute)
        for element in _elements(description):
            if stale(element.namespaceURI or "", element.localName):
                description.removeChild(element)


def _drop_deep(document: Document, stale: Callable[[str, str], bool]) -> None:
    """As `_drop`, and inside of structures and lists, too."""
    waiting = _descriptions(document)
    while waiting:
        parent = waiting.pop()
        for attribute in list(parent.attributes.values()):
            space = attribute.namespaceURI or ""
            if space not in (RDF, _XMLNS) and stale(space, attribute.localName):
                parent.removeAttributeNode(attribute)
        for element in _elements(parent):
            space = element.namespaceURI or ""
            if space != RDF and stale(space, element.localName):
                parent.removeChild(element)
            else:
                waiting.append(element)


def _tells_place(name: str) -> bool:
    """Whether a property of this name tells a place, in whatever namespace."""
    return _PLACE_NAME.search(name) is not None


def _replace(document: Document, values: Mapping[tuple[str, str], str]) -> None:
    """Set simple properties, by namespace and name, where they stand; one that is not there stays absent."""
    for description in _descriptions(document):
        for (space, name), value in values.items():
            attribute = description.getAttributeNodeNS(space, name)
            if attribute is not None:
                attribute.value = value
        for element in _elements(description):
            new = values.get((element.namespaceURI or "", element.localName))
            if new is not None:
                while element.firstChild is not None:
                    element.removeChild(element.firstChild)
                element.appendChild(document.createTextNode(new))


def _correct(document: Document, size: tuple[int, int]) -> None:
    width, height = (str(side) for side in size)
    upright = {
        (TIFF, "Orientation"): "1",
        (TIFF, "ImageWidth"): width,
        (TIFF, "ImageLength"): height,
        (EXIF, "PixelXDimension"): width,
        (EXIF, "PixelYDimension"): height,
    }
    _replace(document, upright)
    _drop(
        document,
        lambda space, name: (
            space in _STALE_SPACES
            or (space, name) in _STALE
            or (
                space == EXIF
                and name.startswith(("Subject", "FocalPlane"))
                and name != "SubjectDistance"
                and name != "SubjectDistanceRange"
            )
        ),
    )
    positions.set_size(document, size)


def _record(document: Document, provenance: Mapping[str, str | int | float]) -> None:
    earlier = {name: values[0] for name, values in _values(document, RESTORER).items()}
    source = _values(document, IPTC).get("DigitalSourceType", ())
    invented = "Invented" in provenance or INVENTED in source
    if earlier:
        provenance = {**provenance, _EARLIER: _with_earlier(earlier)}
    _drop(document, lambda space, name: space == RESTORER or (space, name) == (IPTC, "DigitalSourceType"))
    descriptions = _descriptions(document)
    first = descriptions[0] if descriptions else None  # all descriptions of a packet name the same subject
    about = "" if first is None else first.getAttributeNS(RDF, "about") or first.getAttribute("about")
    for old in descriptions:  # what our own earlier description has become
        only_names = all(a.namespaceURI in (RDF, _XMLNS) for a in old.attributes.values())
        if only_names and not _elements(old) and old.parentNode is not None:
            old.parentNode.removeChild(old)
    root = _root(document)
    assert root is not None
    ours = document.createElementNS(RDF, "rdf:Description")
    for name, space in (("rdf", RDF), ("restorer", RESTORER), ("Iptc4xmpExt", IPTC)):
        ours.setAttributeNS(_XMLNS, f"xmlns:{name}", space)
    ours.setAttributeNS(RDF, "rdf:about", about)
    properties = {f"restorer:{_xml_name(key)}": str(value) for key, value in provenance.items()}
    kind = {"Iptc4xmpExt:DigitalSourceType": INVENTED if invented else RECONSTRUCTED}
    for name, value in {**properties, **kind}.items():
        space = IPTC if name.startswith("Iptc") else RESTORER
        element = document.createElementNS(space, name)
        element.appendChild(document.createTextNode(_NOT_XML.sub("\ufffd", value)))
        ours.appendChild(element)
    root.appendChild(ours)


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


def _written(document: Document) -> bytes:
    """The tree as a packet in UTF-8, between the two processing instructions that mark it."""
    for element in document.getElementsByTagName("*"):
        for attribute in element.attributes.values():
            attribute.value = attribute.value.translate(_LINES)
    inner = "".join(
        node.toxml() for node in document.childNodes if node.nodeType != Node.PROCESSING_INSTRUCTION_NODE
    )
    for code, stand_in in _LINES.items():
        inner = inner.replace(stand_in, f"&#{code};")
    return f"{_BEGIN}\n{inner}\n{_END}".encode()
