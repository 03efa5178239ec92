"""A result made ready for its file: smaller if asked, with as much of its metadata as is wanted.

In: a finished photo and the wishes of the export dialog. Out: the photo to write, and how large its file will
be. What was reconstructed is no metadata of the photo: `write_photo` records it in any case.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from restorer.opencv import opencv
from restorer.photo import Photo
from restorer.photo.metadata import exif as blocks
from restorer.photo.metadata import iptc
from restorer.photo.metadata import xmp as packets
from restorer.photo.writing import encode_photo
from restorer.preferences import Metadata

__all__ = ["estimated_bytes", "in_sixteen_bits", "prepared"]

EXACT_PIXELS = 1_500_000
SAMPLE_SIDE = 384


def prepared(photo: Photo, long_side: int = 0, keep: Metadata = Metadata.ALL) -> Photo:
    """The photo with its longer side at most `long_side` pixels (0: as it is) and the metadata that is kept;
    colour profile and resolution always are.

    It shrinks by area averaging and never grows; the resolution shrinks with it, so the print stays as large.
    """
    if keep is Metadata.NONE:
        photo = replace(photo, exif=None, xmp=None, iptc=None, sidecar=None, named_sidecar=None)
    elif keep is Metadata.NO_PLACE:
        exif = None if photo.exif is None else blocks.without_place(photo.exif)
        records = iptc.without_place(photo.iptc)
        photo = replace(
            photo,
            exif=exif,
            xmp=packets.without_place(photo.xmp),
            iptc=records,
            sidecar=packets.without_place(photo.sidecar),
            named_sidecar=packets.without_place(photo.named_sidecar),
        )
    longest = max(photo.size)
    if not 0 < long_side < longest:
        return photo
    photo = photo.spread()
    cv2 = opencv()
    size = (
        max(1, round(photo.size[0] * long_side / longest)),
        max(1, round(photo.size[1] * long_side / longest)),
    )
    pixels = np.asarray(cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA))
    alpha = photo.alpha
    if alpha is not None:
        alpha = np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA))
    dpi = photo.dpi
    if dpi is not None:
        dpi = (dpi[0] * long_side / longest, dpi[1] * long_side / longest)
    return replace(photo, pixels=pixels.reshape(size[1], size[0], -1), alpha=alpha, dpi=dpi)


def in_sixteen_bits(photo: Photo) -> Photo:
    """The photo with 16 bits a sample, before a run.

    A run keeps the photo's depth; widening its result would leave the 256 levels of 8 bits.
    """
    if photo.bits == 16:
        return photo
    alpha = None if photo.alpha is None else photo.alpha.astype(np.uint16) * np.uint16(257)
    return replace(photo, pixels=photo.pixels.astype(np.uint16) * np.uint16(257), alpha=alpha)


def estimated_bytes(
    photo: Photo,
    suffix: str,
    *,
    bits: int | None = None,
    quality: int = 95,
    provenance: Mapping[str, str | int | float] | None = None,
) -> int:
    """How large the file of a prepared photo will be: exact for a small one, else from parts all over it.

    Raises PhotoError where the format cannot hold it.
    """
    width, height = photo.size
    if width * height <= EXACT_PIXELS:
        return _encoded(photo, suffix, bits, quality, provenance)
    side = min(SAMPLE_SIDE, width, height)
    tops = np.linspace(0, height - side, 3).astype(int)
    lefts = np.linspace(0, width - side, 3).astype(int)
    squares = [(slice(top, top + side), slice(left, left + side)) for top in tops for left in lefts]
    alpha = photo.alpha
    sample = replace(
        photo,
        pixels=np.vstack([photo.pixels[square] for square in squares]),
        alpha=None if alpha is None else np.vstack([alpha[square] for square in squares]),
    )
    bare = replace(photo, pixels=photo.pixels[:1, :1], alpha=None if alpha is None else alpha[:1, :1])
    fixed = _encoded(bare, suffix, bits, quality, provenance)
    share = width * height / (side * side * len(squares))
    return fixed + round((_encoded(sample, suffix, bits, quality, provenance) - fixed) * share)


def _encoded(
    photo: Photo,
    suffix: str,
    bits: int | None,
    quality: int,
    provenance: Mapping[str, str | int | float] | None,
) -> int:
    out = io.BytesIO()
    encode_photo(photo, out, suffix, bits=bits, quality=quality, provenance=provenance)
    return out.getbuffer().nbytes
