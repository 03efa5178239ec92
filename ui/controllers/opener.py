"""Opening many: folders that are looked through, and the small pictures of the row.

In: folders, documents without a small picture. Out: photos in the row, pictures in the documents. The looking
and reading is done in the files' thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeDatabase, QObject, Slot

from restorer import paths
from ui.controllers.photo_controller import PhotoController
from ui.i18n.engine_messages import engine_message
from ui.i18n.language import tr
from ui.imaging.mime import MimeContent, photo_from
from ui.model.document import Document
from ui.workers.messages import FolderListing, ReadRequest, Thumbnail

SAMPLE = "brooklyn-bridge-1880s.jpg"


class Opener(QObject):
    """Serves one photo controller."""

    def __init__(self, photos: PhotoController) -> None:
        super().__init__(photos)
        self._photos = photos
        self._requested_thumbs: set[int] = set()
        # Of the photos of folders: those whose small picture is to come, and those of which none can be made.
        self._looked_at: set[int] = set()
        self._unreadable: list[Document] = []
        photos.files.thumbed.connect(self._on_thumbed)
        photos.files.listed.connect(self._on_listed)
        photos.added.connect(self._request_all_thumbs)

    def open_content(self, content: MimeContent) -> None:
        """Open what a drop or a paste brought: files at once, folders as soon as they are looked through."""
        if content.image is not None:
            self._photos.open(photo=photo_from(content.image))
        self.open_files(content.files)
        if content.folders:
            self.open_folders(content.folders)
        if content.elsewhere:
            text = self.tr(
                "{0} is an address, and Restorer opens no connection. Save the picture, then open its file."
            )
            self._photos.warned.emit(text.format(content.elsewhere[0]))

    @Slot()
    def open_sample(self) -> None:
        """Open the old photo that comes with the app."""
        self._photos.open([paths.resources_dir() / "samples" / SAMPLE])

    def open_files(self, files: Iterable[Path]) -> None:
        """Put files in the row; those that are no pictures are named and left out."""
        pictures, others = split_pictures(files)
        self._photos.open(pictures)
        if others:
            self._photos.warned.emit(not_pictures_sentence(others))

    def open_folders(self, folders: Iterable[Path]) -> None:
        """Put all photos below folders in the row, as soon as they are found."""
        self._photos.files.start_search(tuple(folders))

    @Slot()
    def _request_all_thumbs(self) -> None:
        self.request_thumbs(self._photos.session.documents)

    def request_thumbs(self, documents: list[Document]) -> None:
        """Make small pictures for a row; a photo alone needs none."""
        for document in documents if len(documents) > 1 else []:
            if document.thumb is None and document.key not in self._requested_thumbs:
                self._requested_thumbs.add(document.key)
                task = ReadRequest(document.key, document.path, photo=document.photo)
                self._photos.files.start_thumb(task)

    @Slot(object)
    def _on_thumbed(self, thumb: Thumbnail) -> None:
        document = self._photos.session.find(thumb.key)
        if document is not None and thumb.image is not None and document.thumb is None:
            document.thumb = thumb.image
            self._photos.session.pictured.emit(document)  # nothing else of it changed
        if thumb.key in self._looked_at:
            self._looked_at.discard(thumb.key)
            if document is not None and thumb.image is None:
                self._unreadable.append(document)
            if not self._looked_at:
                self._tell_unreadable()

    def _tell_unreadable(self) -> None:
        """All photos of the folders were looked at: say which of those still in the row cannot be read."""
        open_now = self._photos.session.documents
        unreadable = [document.name for document in self._unreadable if document in open_now]
        self._unreadable = []
        if unreadable:
            text = self.tr("%n photo(s) cannot be read: {0}.", "", len(unreadable))
            self._photos.warned.emit(text.format(_named(unreadable)))

    @Slot(object)
    def _on_listed(self, listed: FolderListing) -> None:
        before = set(self._photos.session.documents)
        self._photos.open(listed.photos)
        opened = [each for each in self._photos.session.documents if each not in before]
        if len(self._photos.session.documents) > 1:  # a photo alone is read at once
            self._looked_at |= {document.key for document in opened}
        if listed.closed:
            more = len(listed.closed) - 1
            text = engine_message(listed.closed[0])
            if more:
                text += " " + self.tr("%n more folder(s) cannot be looked into either.", "", more)
            self._photos.warned.emit(text)
        elif listed.empty:
            self._photos.warned.emit(self.tr("There are no photos in {0}.").format(listed.empty[0].name))
        elif len(listed.photos) > 1:
            self._photos.noted.emit(self.tr("%n photo(s) opened.", "", len(opened)))


MOST_NAMED = 5  # more files than these are counted


def split_pictures(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Pictures, and files that are something else; each in its order."""
    pictures: list[Path] = []
    others: list[Path] = []
    if not (paths := list(paths)):
        return pictures, others  # at a start without photos the window does not wait for what reads them
    from restorer.photo import PHOTO_SUFFIXES

    kinds = QMimeDatabase()
    for path in paths:
        is_photo = path.suffix.lower() in PHOTO_SUFFIXES or not path.exists()
        if is_photo or kinds.mimeTypeForFile(str(path)).name().startswith("image/"):
            pictures.append(path)
        else:
            others.append(path)
    return pictures, others


def not_pictures_sentence(others: Sequence[Path]) -> str:
    """What to say of files that were left out; one or more."""
    if len(others) == 1:
        return tr("{0} is no picture, so it was not opened.").format(others[0].name)
    names = _named([path.name for path in others])
    return tr("These files are no pictures, so they were not opened: {0}.").format(names)


def _named(names: Sequence[str]) -> str:
    """Names of files in a row; many are counted."""
    some, more = ", ".join(names[:MOST_NAMED]), len(names) - MOST_NAMED
    return tr("{0} and %n more", "", more).format(some) if more > 0 else some
