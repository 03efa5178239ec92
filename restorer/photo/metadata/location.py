"""Where a photo was taken, by the names of what tells it: properties, keywords of texts, IPTC records.

What comes in: a name, with its namespace where it has one. What goes out: whether a place stands there. The
words of a caption or a keyword are never judged, only what they are filed under.

Source: IPTC Photo Metadata Standard 2023.1; IPTC-IIM 4.2, record 2; makers' schemas as exiftool lists them.
"""

from __future__ import annotations

import re

_OF_SPACES = {
    "http://ns.adobe.com/photoshop/1.0/": ("City", "State", "Country"),
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": ("Location", "CountryCode"),
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": ("LocationCreated", "LocationShown"),
}
_SPACES = re.compile(
    "/drone-(dji|parrot|autel|skydio|yuneec)/|//www.dji.com/|//pix4d.com/camera|//rs.tdwg.org/dwc/|/wgs84_pos"
    "|//ns.sensefly.com/|//www.yuneec.com/|autelrobotics|//www.skydio.com/|/ns.exiftool.(org|ca)/.*/GPS/"
    "|opengis.net/|/georss",
    re.IGNORECASE,
)
"""Of drones and surveys: flight, home point and locality under names of each maker's own."""
_ANYWHERE = re.compile(
    "gps|latitude|long?t?itude|altitude|coordinat|geo(loc|tag|hash|code|name|point|ref|position)|sublocation"
    "|geograph|waypoint|landmark|plus_?code|what3words|ciadr",
    re.IGNORECASE,
)
_WORDS = {
    *("geo", "lat", "lon", "lng", "position", "location", "locations", "locality", "city", "town"),
    *("village", "district", "province", "state", "country", "countries", "county", "suburb", "street"),
    *("municipality", "territory", "postal"),
    *("postcode", "coverage", "address", "place", "places", "venue", "island", "continent"),
}
_REGIONS = {"regioncode", "regionname", "worldregion"}
_WORD = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
PLACE_RECORDS = frozenset({26, 27, 90, 92, 95, 100, 101})
"""Of IPTC's second record: content location, city, sublocation, province, country."""


def tells_place(name: str, space: str = "") -> bool:
    """Whether a property of this name, in that namespace, tells a place."""
    if name in _OF_SPACES.get(space, ()) or _SPACES.search(space) or _ANYWHERE.search(name):
        return True
    words = {word.lower() for word in _WORD.findall(name)}
    return bool(words & _WORDS) or name.lower() in _REGIONS or name.lower() == "long"
