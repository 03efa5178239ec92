"""What a drop or a paste holds: files, or a picture that is no file yet.

In: QMimeData. Out: paths, a folder's name to complain about, a `Photo` in memory, or addresses that cannot be
followed, since Restorer opens no connection. A browser brings an address and often the picture itself; a file
manager brings file URLs, and some programs the names of files as plain text. Suffixes do not matter here:
whoever reads a file finds out whether it is a photo.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColorSpace, QImage

if TYPE_CHECKING:
    from restorer.photo import Photo

GNOME_FILES = "x-special/gnome-copied-files"
_MOST_TEXT = 1 << 16
_MOST_DATA = 64 << 20
_INCH = 0.0254
_DEEP = (QImage.Format.Format_RGBA64, QImage.Format.Format_RGBX64, QImage.Format.Format_Grayscale16)


@dataclass(frozen=True, eq=False)
class MimeContent:
    """Local files and folders, or else a picture, or else addresses of what lies elsewhere; all empty if
    there is nothing to open."""

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    image: QImage | None = None
    elsewhere: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.files and not self.folders and self.image is None


def can_open(mime: QMimeData) -> bool:
    """Whether a drop of this could be opened, or told about; asked while it hovers, so no file is touched."""
    return mime.hasImage() or bool(_urls(mime)) or any(each.startswith("image/") for each in mime.formats())


def mime_content(mime: QMimeData) -> MimeContent:
    """What lies in a drop or on the clipboard; files count before a picture of them, and a picture before the
    address that it has."""
    urls = _urls(mime)
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    if paths:
        folders = tuple(path for path in paths if path.is_dir())
        return MimeContent(tuple(path for path in paths if path not in folders), folders)
    image = _image(mime, urls)
    if image is not None:
        return MimeContent(image=image)
    return MimeContent(elsewhere=tuple(url.toDisplayString() for url in urls if url.scheme() != "data"))


def _urls(mime: QMimeData) -> list[QUrl]:
    """The addresses that come as such, or as lines of text each of which is one."""
    if mime.urls():
        return mime.urls()
    text = ""
    if mime.hasFormat(GNOME_FILES):  # "copy" or "cut", then the addresses
        text = bytes(mime.data(GNOME_FILES).data()).decode("utf-8", "replace").partition("\n")[2]
    text = text or mime.text()
    if len(text) > _MOST_DATA or (len(text) > _MOST_TEXT and not text.startswith("data:")):
        return []
    found = [_url(line.strip()) for line in text.splitlines() if line.strip()]
    return [url for url in found if url is not None] if None not in found else []


def _url(line: str) -> QUrl | None:
    if line.startswith(("file:", "http:", "https:", "ftp:", "sftp:", "smb:", "data:image/")):
        return QUrl(line)
    line = line.strip("\"'")
    return QUrl.fromLocalFile(line) if Path(line).is_absolute() and len(line) > 1 else None


def _image(mime: QMimeData, urls: list[QUrl]) -> QImage | None:
    image = mime.imageData() if mime.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return image
    blocks = [bytes(mime.data(each).data()) for each in mime.formats() if each.startswith("image/")]
    blocks += [_inline(url.toString()) for url in urls if url.scheme() == "data"]
    for block in blocks:
        image = QImage.fromData(block) if block else QImage()
        if not image.isNull():
            return image
    return None


def _inline(address: str) -> bytes:
    """The content of an address that holds it (RFC 2397)."""
    head, _, content = address.partition(",")
    try:
        plain = unquote_to_bytes(content)
        return base64.b64decode(plain) if head.endswith(";base64") else plain
    except (ValueError, binascii.Error):
        return b""


def photo_from(image: QImage) -> Photo:
    """A picture from the clipboard as a photo in memory, with the alpha, profile and resolution that it has;
    16 bits where it has more than 8."""
    import numpy as np

    from restorer.photo import Photo

    space = image.colorSpace()
    deep = image.format() in _DEEP
    kind = QImage.Format.Format_RGBA64 if deep else QImage.Format.Format_RGBA8888
    image = image.convertToFormat(kind)
    height, width = image.height(), image.width()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    rows = np.ascontiguousarray(rows[:, : width * (8 if deep else 4)])
    pixels = rows.view(np.uint16 if deep else np.uint8).reshape(height, width, 4)
    alpha = pixels[..., 3].copy()
    return Photo(
        pixels=np.ascontiguousarray(pixels[..., :3]),
        alpha=None if alpha.min() == (65535 if deep else 255) else alpha,
        icc=_profile(space),
        exif=None,
        xmp=None,
        dpi=_resolution(image),
        path=None,
    )


def _profile(space: QColorSpace) -> bytes | None:
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if not space.isValid() or space == srgb or space.colorModel() != QColorSpace.ColorModel.Rgb:
        return None
    return bytes(space.iccProfile().data()) or None


def _resolution(image: QImage) -> tuple[float, float] | None:
    """Pixels per inch; None where the picture has what Qt gives to those that say nothing."""
    blank = QImage(1, 1, QImage.Format.Format_RGB32)
    stated = image.dotsPerMeterX(), image.dotsPerMeterY()
    if stated == (blank.dotsPerMeterX(), blank.dotsPerMeterY()) or min(stated) <= 0:
        return None
    return round(stated[0] * _INCH, 2), round(stated[1] * _INCH, 2)


def file_mime_data(path: Path) -> QMimeData:
    """The file, as other programs take it from a drag."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime
