"""What a drop or a paste holds: files, or a picture that is no file yet.

In: QMimeData. Out: paths of files and folders, or a `Photo` in memory. Suffixes do not matter here: whoever
reads a file finds out whether it is a photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from restorer.photo import Photo


@dataclass(frozen=True, eq=False)
class MimeContent:
    """Local files and folders, or else a picture; all empty if there is nothing to open."""

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    image: QImage | None = None

    @property
    def empty(self) -> bool:
        return not self.files and not self.folders and self.image is None


def can_open(mime: QMimeData) -> bool:
    """Whether Restorer could open this. It reads no file, since it is called while a drop hovers."""
    return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())


def mime_content(mime: QMimeData) -> MimeContent:
    """The content of a drop or of the clipboard; files go before a picture of them."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if paths:
        folders = tuple(path for path in paths if path.is_dir())
        return MimeContent(tuple(path for path in paths if path not in folders), folders)
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return MimeContent(image=image)
    return MimeContent()


def photo_from(image: QImage) -> Photo:
    """A picture from the clipboard as a photo in memory: 8 bits, its alpha kept if it has one."""
    import numpy as np

    from restorer.photo import Photo

    kind = QImage.Format.Format_RGBA8888
    image = image.convertToFormat(kind)
    height, width = image.height(), image.width()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    pixels = rows[:, : width * 4].reshape(height, width, 4)
    alpha = pixels[..., 3].copy()
    return Photo(
        pixels=np.ascontiguousarray(pixels[..., :3]),
        alpha=None if alpha.min() == 255 else alpha,
        icc=None,
        exif=None,
        xmp=None,
        dpi=None,
        path=None,
    )


def file_mime_data(path: Path) -> QMimeData:
    """The file, as other programs take it from a drag."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime
