"""Faces and other regions that a packet of XMP marks in its picture, moved as the picture is.

What comes in: a packet as a tree, and the way that a region takes when the picture is turned, cropped or
straightened. What goes out: the same tree with the regions where they are now; those that lie outside go.

Source: MWG Guidelines for Handling Image Metadata 2.0, section 5.9 (middles and sizes as shares of the
picture); Microsoft's MP schema ("left, top, width, height"); IPTC Photo Metadata 2023.1 (image region).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from xml.dom.minidom import Document, Element

Box = tuple[float, float, float, float]
"""Left, top, width and height, as shares of the picture."""
Way = Callable[[Box], Box | None]
"""Where a region goes; None: out of the picture."""
_AREAS = ("http://ns.adobe.com/xmp/sType/Area#", "http://ns.acdsee.com/sType/Area#")
_DIMENSIONS = ("http://ns.adobe.com/xap/1.0/sType/Dimensions#", "http://ns.acdsee.com/sType/Dimensions#")
_MICROSOFT = "http://ns.microsoft.com/photo/1.2/t/Region#"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def turn(orientation: int) -> Way:
    """The way of a picture that is turned upright from EXIF's orientation."""

    def way(box: Box) -> Box:
        left, top, width, height = box
        if orientation in (5, 6, 7, 8):
            left, top, width, height = top, left, height, width
        if orientation in (3, 4, 7, 8):
            top = 1 - top - height
        if orientation in (2, 3, 6, 7):
            left = 1 - left - width
        return left, top, width, height

    return way


def crop(left: float, top: float, width: float, height: float) -> Way:
    """The way of a picture of which a part is kept. A region whose middle lies outside goes; one that reaches
    over the edge ends there."""

    def way(box: Box) -> Box | None:
        x, y = (box[0] + box[2] / 2 - left) / width, (box[1] + box[3] / 2 - top) / height
        if not (0 <= x <= 1 and 0 <= y <= 1):
            return None
        across, down = (box[0] - left) / width, (box[1] - top) / height
        right, bottom = across + box[2] / width, down + box[3] / height
        across, down, right, bottom = (min(max(each, 0.0), 1.0) for each in (across, down, right, bottom))
        return across, down, right - across, bottom - down

    return way


def straighten(size: tuple[int, int], inner: tuple[int, int], degrees: float) -> Way:
    """The way of a picture of `size` that is turned clockwise by a few degrees, of which the part of size
    `inner` in its middle is kept: regions keep their size and move with their middle."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    edge = crop(0, 0, 1, 1)

    def way(box: Box) -> Box | None:
        x, y = (box[0] + box[2] / 2 - 0.5) * size[0], (box[1] + box[3] / 2 - 0.5) * size[1]
        x, y = (x * cosine - y * sine) / inner[0] + 0.5, (x * sine + y * cosine) / inner[1] + 0.5
        width, height = box[2] * size[0] / inner[0], box[3] * size[1] / inner[1]
        return edge((x - width / 2, y - height / 2, width, height))

    return way


def move(document: Document, how: Way) -> bool:
    """Move the regions of a packet; whether there is any. One that is not told in shares goes."""
    found = False
    for element in document.getElementsByTagName("*"):
        for space in _AREAS:
            if _has(element, space, "x"):
                found = True
                _moved(element, space, ("x", "y", "w", "h"), True, how)
        if _has(element, _IPTC, "rbX"):
            found = True
            _moved(element, _IPTC, ("rbX", "rbY", "rbW", "rbH"), False, how)
        if _has(element, _MICROSOFT, "Rectangle"):
            found = True
            try:
                numbers = tuple(float(part) for part in _get(element, _MICROSOFT, "Rectangle").split(","))
                new = how(numbers) if len(numbers) == 4 else None
            except ValueError:
                new = None
            if new is None:
                _leave_out(element)
            else:
                _set(element, _MICROSOFT, "Rectangle", ", ".join(f"{value:.6f}" for value in new))
    return found


def set_size(document: Document, size: tuple[int, int]) -> None:
    """Tell the regions the size of their picture."""
    for element in document.getElementsByTagName("*"):
        if element.localName != "AppliedToDimensions":
            continue
        holders = [element, *element.getElementsByTagName("*")]
        for holder in holders:
            for name, side in zip("wh", size, strict=True):
                for space in _DIMENSIONS:
                    if _has(holder, space, name):
                        _set(holder, space, name, str(side))


def _moved(element: Element, space: str, names: tuple[str, ...], middle: bool, how: Way) -> None:
    unit = _get(element, space, "rbUnit" if space == _IPTC else "unit")
    try:
        x, y, width, height = (float(_get(element, space, name) or "0") for name in names)
    except ValueError:
        _leave_out(element)
        return
    if unit in ("pixel", "pixels") or max(x, y, width, height) > 1.5:
        _leave_out(element)
        return
    new = how((x - width / 2, y - height / 2, width, height) if middle else (x, y, width, height))
    if new is None:
        _leave_out(element)
        return
    values = (new[0] + new[2] / 2, new[1] + new[3] / 2, *new[2:]) if middle else new
    for name, value in zip(names, values, strict=True):
        if _has(element, space, name):
            _set(element, space, name, f"{value:.6f}")


def _leave_out(element: Element) -> None:
    """Take the region out, with its name: the item of a list that it lies in, or else itself."""
    item: Element = element
    while isinstance(item.parentNode, Element):
        if item.namespaceURI == _RDF and item.localName == "li":
            break
        item = item.parentNode
    target = item if item.namespaceURI == _RDF and item.localName == "li" else element
    if target.parentNode is not None:
        target.parentNode.removeChild(target)


def _has(element: Element, space: str, name: str) -> bool:
    return element.hasAttributeNS(space, name) or _child(element, space, name) is not None


def _child(element: Element, space: str, name: str) -> Element | None:
    for node in element.childNodes:
        if isinstance(node, Element) and node.namespaceURI == space and node.localName == name:
            return node
    return None


def _get(element: Element, space: str, name: str) -> str:
    if element.hasAttributeNS(space, name):
        return element.getAttributeNS(space, name)
    child = _child(element, space, name)
    return "" if child is None else "".join(getattr(node, "data", "") for node in child.childNodes).strip()


def _set(element: Element, space: str, name: str, text: str) -> None:
    attribute = element.getAttributeNodeNS(space, name)
    if attribute is not None:
        attribute.value = text
        return
    child = _child(element, space, name)
    if child is not None and element.ownerDocument is not None:
        while child.firstChild is not None:
            child.removeChild(child.firstChild)
        child.appendChild(element.ownerDocument.createTextNode(text))
