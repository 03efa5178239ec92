"""Raw files of cameras, where the optional package rawpy is installed.

What comes in: an open raw file. What goes out: its size, or a Photo of 16 bits in sRGB, developed by LibRaw
with the camera's white balance and turned upright, with the EXIF block of the file, or of the picture inside
it.
"""

from __future__ import annotations

import importlib.util
import io
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from restorer.errors import PhotoError
from restorer.photo.formats.jpeg import Jpeg
from restorer.photo.metadata import exif as blocks
from restorer.photo.picture import Photo
from restorer.text import shown

_MOST_FILE = 1 << 30
_SRGB_GAMMA = (2.4, 12.92)
_TIFF_LIKE = {b"IIRO", b"IIRS", b"IIU\0", b"MMOR"}
"""How makers begin what is a TIFF but for its first bytes."""


def available() -> bool:
    """Whether the optional package is installed."""
    return importlib.util.find_spec("rawpy") is not None


def opened(fp: BinaryIO, path: Path) -> Any:
    """The file as LibRaw sees it, not yet decoded: a context with `sizes`.

    Raises PhotoError without the package; anything at all for a damaged file.
    """
    try:
        import rawpy
    except ImportError as error:
        raise PhotoError(
            f"{shown(path)} is a camera's raw file, which needs the optional package rawpy. Install it with "
            "pip install rawpy, or save the photo as a 16-bit TIFF in another program first."
        ) from error
    if fp.seek(0, io.SEEK_END) > _MOST_FILE:
        raise ValueError("larger than any raw file")
    fp.seek(0)
    return rawpy.imread(fp)


def size(raw: Any) -> tuple[int, int]:
    """(width, height) as stored."""
    return int(raw.sizes.width), int(raw.sizes.height)


def photo(fp: BinaryIO, raw: Any) -> Photo:
    """Develop the picture. Raises anything at all for a damaged file."""
    pixels = raw.postprocess(use_camera_wb=True, output_bps=16, gamma=_SRGB_GAMMA)
    exif = _exif(fp, raw)
    return Photo(
        pixels=np.ascontiguousarray(pixels),
        exif=blocks.upright(exif)[1] if exif else None,
        xmp=blocks.packet(_as_tiff(fp)),
    )


def _as_tiff(fp: BinaryIO) -> bytes:
    fp.seek(0)
    content = fp.read()
    if content[:4] in _TIFF_LIKE:
        content = (b"II*\0" if content[:2] == b"II" else b"MM\0*") + content[4:]
    return content


def _exif(fp: BinaryIO, raw: Any) -> bytes | None:
    with suppress(ValueError):
        return blocks.from_tiff(io.BytesIO(_as_tiff(fp)))
    with suppress(Exception):  # not every file has a picture inside, and that can be damaged on its own
        inside = Jpeg(io.BytesIO(raw.extract_thumb().data)).info.get("exif")
        return inside.removeprefix(b"Exif\0\0") if inside else None
    return None
