"""A packet of XMP as a tree: read with care, its properties found, taken out, replaced, and written again.

What comes in: a packet as found in a file. What goes out: a tree (`xml.dom.minidom`), and a packet's bytes.

A packet can be made to fill the memory: one that is longer, deeper or of more parts than any program writes
is not made a tree of, and counts as one that cannot be read.

Source: ISO 16684-1 (XMP data model and RDF/XML form).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.dom import Node
from xml.dom.minidom import Document, Element, parseString
from xml.parsers.expat import ExpatError, ParserCreate

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XMLNS = "http://www.w3.org/2000/xmlns/"
_MOST_BYTES, _MOST_PARTS, _MOST_DEPTH = 4 << 20, 20_000, 100
"""Of a packet: a tree takes a kilobyte for each part, and reading, copying and writing one each go down
through all of its levels."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EMPTY = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"/></x:xmpmeta>'
_BEGIN, _END = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>', '<?xpacket end="w"?>'
_LINES = {
    9: "\ufdd0",
    10: "\ufdd1",
    13: "\ufdd2",
}  # stand-ins: minidom writes these bare, and readers fold them


def empty() -> Document:
    """The tree of a packet that says nothing."""
    return parseString(_EMPTY)


def parsed(xmp: bytes | None) -> Document | None:
    """The packet as a tree; None if it is absent, not XML, not RDF, defines entities, or is larger than any
    program's."""
    if not xmp or len(xmp) > _MOST_BYTES:
        return None
    if b"<!" in xmp.replace(b"\0", b"").replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        return None
    try:
        packet = xmp.strip(b"\0 \t\r\n")
        end = packet.rfind(b">") + 1
        if packet.rfind(b"<?") > end and b"\0" not in packet:  # a writer that stated its end too short
            packet = packet[:end]
        _check_parts(packet)
        document = parseString(packet)
        root(document)
        return document
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


def root(document: Document) -> Element:
    """The first rdf:RDF; it lies near the top, so the search ends soon. Raises ValueError without one."""
    waiting: list[Any] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Element) and node.namespaceURI == RDF and node.localName == "RDF":
            return node
        waiting += reversed(node.childNodes)
    raise ValueError("no RDF")


def join(document: Document, other: Document) -> None:
    """Add the descriptions of another packet, with the namespaces that were named further up in it."""
    source = root(other)
    names: dict[str, str] = {}
    place: Any = source
    while isinstance(place, Element):
        for attribute in place.attributes.values():
            if attribute.namespaceURI == XMLNS:
                names.setdefault(attribute.name, attribute.value)
        place = place.parentNode
    for description in descriptions(other):
        copy = document.importNode(description, True)
        for name, space in names.items():
            if not copy.hasAttribute(name):
                copy.setAttributeNS(XMLNS, name, space)
        root(document).appendChild(copy)


def descriptions(document: Document) -> list[Element]:
    """The elements that hold the packet's properties."""
    return [n for n in elements(root(document)) if n.namespaceURI == RDF and n.localName == "Description"]


def description(document: Document, spaces: Mapping[str, str]) -> Element:
    """A new description at the end of the packet, with the namespaces that it needs: prefix -> name."""
    new = document.createElementNS(RDF, "rdf:Description")
    for prefix, space in spaces.items():
        new.setAttributeNS(XMLNS, f"xmlns:{prefix}", space)
    new.setAttributeNS(RDF, "rdf:about", "")
    root(document).appendChild(new)
    return new


def elements(parent: Element) -> list[Element]:
    """The elements right below one."""
    return [node for node in parent.childNodes if isinstance(node, Element)]


def values(document: Document, space: str) -> dict[str, list[str]]:
    """The simple properties of one namespace: name -> texts."""
    found: dict[str, list[str]] = {}
    for description in descriptions(document):
        for attribute in description.attributes.values():
            if attribute.namespaceURI == space:
                found.setdefault(attribute.localName, []).append(attribute.value)
        for element in elements(description):
            if element.namespaceURI == space:
                text = "".join(n.data for n in element.childNodes if n.nodeType in (Node.TEXT_NODE, 4))
                found.setdefault(element.localName, []).append(text)
    return found


def drop(document: Document, stale: Callable[[str, str], bool]) -> None:
    """Remove the properties that are `stale`, by namespace and name, whether written as attribute or
    element."""
    for description in descriptions(document):
        for attribute in list(description.attributes.values()):
            if stale(attribute.namespaceURI or "", attribute.localName):
                description.removeAttributeNode(attribute)
        for element in elements(description):
            if stale(element.namespaceURI or "", element.localName):
                description.removeChild(element)


def drop_deep(document: Document, stale: Callable[[str, str], bool]) -> None:
    """As `drop`, and inside of structures and lists, too."""
    waiting = descriptions(document)
    while waiting:
        parent = waiting.pop()
        for attribute in list(parent.attributes.values()):
            space = attribute.namespaceURI or ""
            if space not in (RDF, XMLNS) and stale(space, attribute.localName):
                parent.removeAttributeNode(attribute)
        for element in elements(parent):
            space = element.namespaceURI or ""
            if space != RDF and stale(space, element.localName):
                parent.removeChild(element)
            else:
                waiting.append(element)


def replace(document: Document, values: Mapping[tuple[str, str], str]) -> None:
    """Set simple properties, by namespace and name, where they stand; one that is not there stays absent."""
    for description in descriptions(document):
        for (space, name), value in values.items():
            attribute = description.getAttributeNodeNS(space, name)
            if attribute is not None:
                attribute.value = value
        for element in elements(description):
            new = values.get((element.namespaceURI or "", element.localName))
            if new is not None:
                while element.firstChild is not None:
                    element.removeChild(element.firstChild)
                element.appendChild(document.createTextNode(new))


def clean(text: str) -> str:
    """The text with what XML cannot hold marked as missing."""
    return _NOT_XML.sub("\ufffd", text)


def written(document: Document) -> bytes:
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
