"""What a drop or a paste brings: files, or a picture that is no file yet.

In: QMimeData. Out: paths, a folder's name to complain about, or a `Photo` in memory.
Nothing is judged by its suffix here: whether a file is a photo is found out by reading it.
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
class Intake:
    """Local files and folders, or else a picture; all empty when there is nothing for us."""

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    image: QImage | None = None

    @property
    def empty(self) -> bool:
        return not self.files and not self.folders and self.image is None


def is_welcome(mime: QMimeData) -> bool:
    """Whether a drop of this could be opened; asked while it hovers, so no file is touched."""
    return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())


def intake(mime: QMimeData) -> Intake:
    """What lies in a drop or on the clipboard; files count before a picture of them."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if paths:
        folders = tuple(path for path in paths if path.is_dir())
        return Intake(tuple(path for path in paths if path not in folders), folders)
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Intake(image=image)
    return Intake()


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


def parcel(path: Path) -> QMimeData:
    """The file, as other programs take it from a drag."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime
