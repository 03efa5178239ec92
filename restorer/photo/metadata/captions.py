"""Captions that a file carries beside its XMP packet, put into the packet.

What comes in: a packet, and texts (PNG's keywords, JPEG's comments) or IPTC's records. What goes out: a
packet that says both.

The packet's own words stay, and stay first, for they are what programs show. What is said beside them and
is no part of them goes along:

* a property that the packet lacks becomes one;
* to a list (keywords, authors) the entries that it lacks are added;
* a text in several languages (caption, title, rights) gets an alternative in the private language `x-iptc`;
* any other text is kept under its name, "IPTC Headline", among the texts that Restorer writes into PNG again.

Source: ISO 16684-1, 6.6 (arrays, language alternatives); RFC 5646, 2.2.7 (private use of language tags).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from xml.dom import Node
from xml.dom.minidom import Document, Element

from restorer.photo.metadata import tree
from restorer.photo.metadata.tree import RDF

DC = "http://purl.org/dc/elements/1.1/"
TEXTS = "http://ns.restorer.example/texts/1.0/"
IPTC_LANGUAGE = "x-iptc"
_SPACES = {
    "dc": DC,
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
}
_MOST_TEXTS = 1 << 20
_KNOWN_TEXTS = {
    "Title": ("title", "Alt"),
    "Description": ("description", "Alt"),
    "Comment": ("description", "Alt"),
    "Copyright": ("rights", "Alt"),
    "Author": ("creator", "Seq"),
}


def with_records(xmp: bytes | None, said: Sequence[tuple[str, str, str, list[str]]]) -> bytes | None:
    """The packet with what IPTC's records say, see above; itself where it says all of it.

    said: prefix ("dc", "photoshop" or "Iptc4xmpCore"), name, kind of list ("Alt", "Seq", "Bag", or empty) and
    texts. A packet that cannot be read is passed on as it is.
    """
    document = tree.parsed(xmp) or (None if xmp else tree.empty())
    if document is None:
        return xmp
    new: list[tuple[str, str, str, list[str]]] = []
    aside: list[tuple[str, str]] = []
    changed = False
    for prefix, name, kind, lines in said:
        place = _place(document, _SPACES[prefix], name)
        if place is None:
            new.append((prefix, name, kind, lines))
        elif kind:
            changed |= _added(document, place, kind, lines)
        else:
            known = [_plain(_text(place))]
            aside += [(f"IPTC {name}", line) for line in lines if not _begins(line, known)]
    if new:
        ours = tree.description(document, {"rdf": RDF, **_SPACES})
        for each in new:
            ours.appendChild(_property(document, *each))
    return with_texts(tree.written(document) if new or changed else xmp, aside)


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
    document = tree.parsed(xmp)
    if document is None:
        if xmp:
            return xmp
        document = tree.empty()
    there = set(tree.values(document, DC))
    tree.drop(document, lambda space, name: space == TEXTS)
    ours = tree.description(document, {"rdf": RDF, "texts": TEXTS, "dc": DC})
    record = document.createElementNS(TEXTS, "texts:Said")
    record.appendChild(document.createTextNode(tree.clean(json.dumps([*old, *new], ensure_ascii=False))))
    ours.appendChild(record)
    for key, text in new:
        name, kind = _KNOWN_TEXTS.get(key, ("", ""))
        if name and name not in there:
            there.add(name)
            ours.appendChild(_property(document, "dc", name, kind, [text]))
    return tree.written(document)


def texts(xmp: bytes | None) -> list[tuple[str, str]]:
    """What `with_texts` kept in a packet."""
    document = tree.parsed(xmp)
    try:
        said = json.loads((tree.values(document, TEXTS).get("Said") or ["[]"])[0]) if document else []
        return [(str(key), str(text)) for key, text in said]
    except (ValueError, TypeError, RecursionError):
        return []


def _place(document: Document, space: str, name: str) -> Element | None:
    """The element of a property; one that is written as an attribute becomes an element."""
    for description in tree.descriptions(document):
        for element in tree.elements(description):
            if (element.namespaceURI, element.localName) == (space, name):
                return element
        attribute = description.getAttributeNodeNS(space, name)
        if attribute is not None:
            element = document.createElementNS(space, attribute.name)
            element.appendChild(document.createTextNode(attribute.value))
            description.removeAttributeNode(attribute)
            description.appendChild(element)
            return element
    return None


def _added(document: Document, place: Element, kind: str, lines: Sequence[str]) -> bool:
    """Add what a list or a text in languages lacks; returns whether that was anything."""
    box = next((each for each in tree.elements(place) if each.namespaceURI == RDF), None)
    items = [] if box is None else [each for each in tree.elements(box) if each.localName == "li"]
    known = [_plain(_text(each)) for each in items or [place]]
    if kind == "Alt":
        lacking = [line for line in lines if not _begins(line, known)]
        lacking = ["\n".join(lacking)] if lacking else []  # one language has one alternative
    else:
        lacking = [line for line in dict.fromkeys(lines) if _plain(line) not in {*known, ""}]
    if not lacking:
        return False
    if box is None:  # a list that was written as one plain text
        first = _text(place)
        while place.firstChild is not None:
            place.removeChild(place.firstChild)
        box = document.createElementNS(RDF, f"rdf:{kind}")
        place.appendChild(box)
        if first.strip():
            box.appendChild(_item(document, first, "x-default" if kind == "Alt" else ""))
    for old in items:
        if kind == "Alt" and old.getAttribute("xml:lang").lower() == IPTC_LANGUAGE:
            lacking = [f"{_text(old)}\n{lacking[0]}"]
            box.removeChild(old)
    for line in lacking:
        box.appendChild(_item(document, line, IPTC_LANGUAGE if kind == "Alt" else ""))
    return True


def _begins(line: str, known: Sequence[str]) -> bool:
    """Whether a text is the beginning of a known one; IPTC's are cut off where its room ends."""
    plain = _plain(line)
    return any(text.startswith(plain) for text in known) or not plain


def _plain(text: str) -> str:
    """A text without differences that nobody sees: white space, and how accents are composed."""
    return " ".join(unicodedata.normalize("NFC", tree.clean(text)).split())


def _text(element: Element) -> str:
    """The text right inside an element."""
    return "".join(
        n.data for n in element.childNodes if n.nodeType in (Node.TEXT_NODE, Node.CDATA_SECTION_NODE)
    )


def _property(document: Document, prefix: str, name: str, kind: str, lines: Sequence[str]) -> Element:
    value = document.createElementNS(_SPACES[prefix], f"{prefix}:{name}")
    if not kind:
        value.appendChild(document.createTextNode(tree.clean("; ".join(lines))))
        return value
    box = document.createElementNS(RDF, f"rdf:{kind}")
    for line in lines:
        box.appendChild(_item(document, line, "x-default" if kind == "Alt" else ""))
    value.appendChild(box)
    return value


def _item(document: Document, text: str, language: str) -> Element:
    item = document.createElementNS(RDF, "rdf:li")
    if language:
        item.setAttribute("xml:lang", language)
    item.appendChild(document.createTextNode(tree.clean(text)))
    return item
