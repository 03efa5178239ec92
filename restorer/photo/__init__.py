"""Files <-> arrays, with everything that belongs to a photo kept.

What lives here: `Photo` (pixels plus alpha, profile, EXIF, XMP and resolution),
`read_photo`, `write_photo` and `read_provenance`. JPEG, PNG, TIFF, WebP and BMP
go in and out, 16-bit PNG and TIFF without loss; HEIC and AVIF go in, and raw files with an optional
package.

    picture.py   Photo: the arrays, and the way to and from the engine's floats
    transparency.py  alpha enlarged, and colours spread under it
    reading.py   a file -> Photo; every doubt about the file is settled here
    sniff.py     what a file is, by its content
    heif.py      HEIC, by libheif
    avif.py      AVIF, what Pillow does not tell of it
    raw.py       raw files of cameras, by LibRaw
    segments.py  XMP and IPTC in a JPEG
    decoding.py  decoded pixels as arrays, 8 and 16 bits
    writing.py   Photo -> a file, written beside the target, synced, renamed
    chunks.py    the chunks of a PNG beside its picture
    png.py       PNG encoder (8 and 16 bits, grey to RGBA, all metadata)
    pages.py     the pages of a TIFF, each as if it were the first
    tiff.py      TIFF encoder, and how a file is laid out
    exif.py      EXIF blocks: carry over, correct, take the thumbnail out
    directories.py  the tables of fields in TIFF files and EXIF blocks
    positions.py  regions of a packet, moved as the picture is
    strips.py    the samples of TIFFs that Pillow knows less well
    xmp.py       XMP packets: correct, and record what was reconstructed
    tree.py      XMP packets as trees
    stale.py     what a new picture makes untrue in a packet
    places.py    what tells a place, by its name
    iptc.py      IPTC's records
    jpeg.py      the scans and segments of a JPEG, counted
    faces.py     where faces are, and how they lie
    profiles.py  colour profiles: whether one fits, and new ones
    colour.py    CMYK, Lab and unusual profiles -> RGB

Colours are the photo's: RGB and grey pixels stay in their own encoding and keep
their profile, because a conversion to sRGB clips wide-gamut colours.
"""

from restorer.photo.picture import Photo
from restorer.photo.reading import (
    MAX_PIXELS,
    PHOTO_SUFFIXES,
    READ_SUFFIXES,
    count_pages,
    read_photo,
    read_provenance,
    read_size,
    read_sizes,
)
from restorer.photo.writing import WRITE_SUFFIXES, check_size, remove_leftovers, write_photo

__all__ = [
    "MAX_PIXELS",
    "PHOTO_SUFFIXES",
    "READ_SUFFIXES",
    "WRITE_SUFFIXES",
    "Photo",
    "check_size",
    "count_pages",
    "read_photo",
    "read_provenance",
    "read_size",
    "read_sizes",
    "remove_leftovers",
    "write_photo",
]
