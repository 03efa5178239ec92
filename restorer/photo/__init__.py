"""Files <-> arrays, with everything that belongs to a photo kept.

What lives here: `Photo` (pixels plus alpha, profile, EXIF, XMP and resolution),
`read_photo`, `write_photo` and `read_provenance`. JPEG, PNG, TIFF, WebP and BMP
go in and out, 16-bit PNG and TIFF without loss; HEIC and AVIF go in, and raw files with an optional
package.

    picture.py       Photo: the arrays, and the way to and from the engine's floats
    source.py        a photo read for a run, once its result is sure to fit its file
    reading.py       a file -> Photo; every doubt about the file ends here
    sniff.py         what a file is, by its content
    decoding.py      decoded pixels as arrays, 8 and 16 bits
    writing.py       Photo -> a file, written beside the target, synced, renamed
    export.py        a result as the person wants it saved
    sidecar.py       XMP in a file beside the photo
    transparency.py  alpha enlarged, and colours spread under it
    colour.py        CMYK, Lab and unusual profiles -> RGB
    profiles.py      colour profiles: whether one fits, and new ones
    edits.py         turns, crops, tones
    framing.py       the geometry of crops and horizons
    faces.py         where faces are, and how they lie
    face_frame.py    a face turned upright, in a frame of fixed size
    wear.py          how worn a photo is
    invented.py      what of a result the photo does not tell
    seed_disagreement.py  where results of several seeds differ
    contact_sheet.py several pictures as one

    formats/   segments, jpeg: JPEG. chunks, png: PNG. directories, pages, strips, tiff: TIFF. avif, bmp,
               heif, raw: one format each
    metadata/  exif, iptc, xmp: blocks of metadata, corrected. captions: texts and IPTC put into XMP. tree:
               XMP as a tree. regions, location, stale: what a new picture changes in it

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
