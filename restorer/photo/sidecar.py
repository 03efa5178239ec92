"""Sidecars: packets of XMP that photo programs put beside a photo, "photo.xmp" or "photo.jpg.xmp".

What comes in: the path of a photo, or of its result. What goes out: the packet as found, or a file beside the
result with a packet that is true of it.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from restorer import paths

_LOG = logging.getLogger(__name__)
_MOST_BYTES = 4 << 20
_ENDINGS = (".xmp", ".XMP", ".Xmp")


def short(path: Path) -> Path:
    """The place of a sidecar that has the photo's name without its suffix, as Lightroom names them."""
    return path.with_suffix(".xmp")


def named(path: Path) -> Path:
    """The place of a sidecar that has the photo's whole name, as darktable and digiKam name them."""
    return path.with_name(path.name + ".xmp")


def read(place: Path) -> bytes | None:
    """The packet at a place, its suffix in small or capital letters; None where none can be read."""
    for ending in _ENDINGS:
        found = place.with_suffix(ending)
        try:
            if os.path.lexists(found):
                return paths.plain_bytes(found, _MOST_BYTES) or None
        except OSError as error:
            _LOG.warning("The sidecar %s is left out: %s.", found, error)
    return None
