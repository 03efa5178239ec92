"""HEIC photos, as phones take them, decoded by libheif.

What comes in: an open file of the HEIF family with an HEVC picture in it. What goes out: its header, then a
Photo: 8 bits as they are, 10 and 12 bits spread over 16.

The file's own turning and mirroring are carried out by libheif, and they alone decide how a HEIC stands: an
orientation in its EXIF only repeats them (ISO/IEC 23008-12, annex A), so it is set to 1 and not followed.
"""

from __future__ import annotations

import importlib
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from restorer.errors import PhotoError
from restorer.photo import profiles
from restorer.photo.metadata import exif as blocks
from restorer.photo.picture import Photo
from restorer.photo.transparency import divided
from restorer.text import shown

HEIC_SUFFIXES = (".heic", ".heif", ".hif")


def header(fp: BinaryIO, path: Path) -> Any:
    """The main picture of a file, with `size`, `mode` and `info`, its pixels not yet decoded.

    Raises PhotoError without the package, or for a picture of a brightness that cannot be told; anything at
    all for a damaged file.
    """
    library = _library()
    if library is None:
        raise PhotoError(
            f"{shown(path)} is a HEIC picture, which needs the package pi-heif. Install it with "
            "pip install pi-heif, or save the photo as JPEG first."
        )
    # Nothing is made of thumbnails and depth maps, and each could be damaged on its own.
    options = library.options
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    # The depth stays what it is in the file: shifted up to 16 bits by libheif, white would not be white.
    file = library.open_heif(fp, convert_hdr_to_8bit=False, hdr_to_16bit=False)
    image = file[file.primary_index]
    nclx = image.info.get("nclx_profile") or {}
    if nclx.get("transfer_characteristics") in (profiles.PQ, profiles.HLG):
        raise hdr(path)
    return image


def _library() -> Any:
    """pi-heif, or its larger twin with an encoder; None where neither is there."""
    for name in ("pi_heif", "pillow_heif"):
        with suppress(ImportError):
            return importlib.import_module(name)
    return None


def hdr(path: Path) -> PhotoError:
    """The error for a picture with brightness beyond white."""
    return PhotoError(
        f"{shown(path)} is an HDR picture, whose brightness ordinary files cannot hold. Save it as JPEG "
        "or PNG in another program first."
    )


def photo(image: Any) -> Photo:
    """Decode what `header` found. Raises anything at all for a damaged file."""
    width, height = image.size
    samples = np.asarray(image)
    if samples.shape[:2] != (height, width):
        raise ValueError("another size than the header says")
    samples = samples.reshape(height, width, -1)
    kind, _, depth = image.mode.partition(";")
    if depth:
        most = (1 << int(depth.rstrip("L"))) - 1
        samples = ((samples.astype(np.uint32) * 65535 + most // 2) // most).astype(np.uint16)
    pixels, alpha = samples, None
    if kind in ("LA", "La", "RGBA", "RGBa"):
        pixels, alpha = np.ascontiguousarray(samples[:, :, :-1]), np.ascontiguousarray(samples[:, :, -1])
        if kind.endswith("a"):
            pixels = divided(pixels, alpha)
    info = image.info
    exif = info.get("exif")
    return Photo(
        pixels=np.array(pixels),  # a copy of its own: what libheif decoded into goes
        alpha=alpha,
        icc=_profile(info, pixels.shape[2]),
        exif=blocks.upright(exif.removeprefix(b"Exif\0\0"))[1] if exif else None,
        xmp=info.get("xmp") or None,
    )


def _profile(info: Any, channels: int) -> bytes | None:
    """The profile in the file, or one for the numbers that stand in its place."""
    nclx = info.get("nclx_profile") or {}
    codes = int(nclx.get("color_primaries") or 2), int(nclx.get("transfer_characteristics") or 2)
    return profiles.fitting(info.get("icc_profile") or None, channels) or profiles.of_codes(*codes, channels)
