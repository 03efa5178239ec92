"""The opened photos and what became of them: the window's model, without a widget.

In: paths and pictures to open, what the two workers report. Out: signals that say
what changed, and the `RestoreRequest` for the photo in view. One photo is `ui.model.document`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from restorer.pipeline.request import Past
from ui.model.document import Document

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.pipeline.events import Done
    from ui.model.options import RestoreOptions


__all__ = ["Session", "with_past"]


class Session(QObject):
    """The row of opened photos and the one in view."""

    current_changed = Signal()
    changed = Signal(object)  # the document that changed
    pictured = Signal(object)  # the document that has got a small picture
    row_changed = Signal()
    settings_changed = Signal()  # of the panel: they are the photo's in view
    settings_given = Signal(object)  # a document that got settings, though nobody set them in the panel
    picked = Signal(object)  # the document of which another variation is the result

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.documents: list[Document] = []
        self.current: Document | None = None
        self.settings: RestoreOptions | None = None  # what the panel is set to, once there is one
        self.keeps_view = False  # the photo in view is being worked on: what is opened comes beside it
        self._keys = 0
        self._by_key: dict[int, Document] = {}

    def add(
        self,
        path: Path | None = None,
        photo: Photo | None = None,
        checkpoint_folder: Path | None = None,
        past: Past | None = None,
    ) -> Document:
        """A new photo at the end of the row; a path that is open already gives its document. `kept` is the
        folder of an unfinished run, whose photo is in there; `past` went before that run."""
        if path is not None and photo is None and checkpoint_folder is None:
            return self.add_all([path])[0]
        document = self._new(path, photo)
        document.checkpoint_folder = checkpoint_folder
        if past is not None:
            document.applied_edits, document.origin, document.title = past.desk_work, past.origin, past.title
        self.row_changed.emit()
        return document

    def add_all(self, paths: Iterable[Path]) -> list[Document]:
        """The photos of these files, the new ones at the end of the row; for all of them it changes once."""
        opened = {each.path.absolute(): each for each in reversed(self.documents) if each.path is not None}
        before = len(self.documents)
        found = []
        for path in paths:
            document = opened.get(path.absolute())
            if document is None:
                document = opened[path.absolute()] = self._new(path)
            found.append(document)
        if len(self.documents) > before:
            self.row_changed.emit()
        return found

    def _new(self, path: Path | None = None, photo: Photo | None = None) -> Document:
        self._keys += 1
        document = Document(self, self._keys, path, photo)
        document.changed.connect(self.changed)
        document.picked.connect(self.picked)
        self.documents.append(document)
        self._by_key[document.key] = document
        return document

    def remove(self, document: Document) -> None:
        """Take a photo out of the row; its neighbour comes into view."""
        place = self.documents.index(document)
        self.documents.remove(document)
        del self._by_key[document.key]
        if document is self.current:
            self.current = None
            if self.documents:
                self.show(self.documents[min(place, len(self.documents) - 1)])
            else:
                self.current_changed.emit()
        self.row_changed.emit()
        document.deleteLater()

    def show(self, document: Document | None) -> None:
        """Bring a photo into view."""
        if document is self.current:
            return
        if self.current is not None:
            self.current.release_images()
        self.current = document
        self.current_changed.emit()

    def move(self, document: Document, place: int) -> None:
        """Give a photo another place in the row, counted from 0."""
        place = min(max(place, 0), len(self.documents) - 1)
        if self.documents.index(document) != place:
            self.documents.remove(document)
            self.documents.insert(place, document)
            self.row_changed.emit()

    def step(self, by: int) -> None:
        """The next (`by` = 1) or previous (-1) photo of the row."""
        if self.current is not None:
            place = self.documents.index(self.current) + by
            if 0 <= place < len(self.documents):
                self.show(self.documents[place])

    def place(self) -> tuple[int, int]:
        """Which photo of how many is in view, counted from 1; (0, n) when none is."""
        if self.current is None:
            return 0, len(self.documents)
        return self.documents.index(self.current) + 1, len(self.documents)

    def set_settings(self, settings: RestoreOptions, is_own: bool) -> None:
        """The panel is set so. is_own: the person set it for the photo in view, which keeps it."""
        self.settings = settings
        if is_own and self.current is not None:
            self.current.options = settings
        self.settings_changed.emit()

    def give_settings(self, document: Document, settings: RestoreOptions) -> None:
        """A photo was restored with these in an earlier session."""
        document.options = settings
        self.settings_given.emit(document)

    def find(self, key: int) -> Document | None:
        return self._by_key.get(key)

    def with_problem(self, sentence: str) -> Document | None:
        """The photo of which a sentence about trouble was said, if it was said of one."""
        return next((document for document in self.documents if document.problem == sentence), None)

    def unsaved(self) -> list[Document]:
        """The photos of which a result would be lost, be it in view or in the history."""
        return [document for document in self.documents if document.losses]

    def running(self) -> Document | None:
        return next((document for document in self.documents if document.running), None)


def with_past(done: Done, document: Document) -> Done:
    """The result with what went before it in its provenance: edits, and a model that made the photo."""
    before, past = document.past, dict[str, str | int | float]()
    if before.origin:
        past |= {"Origin": before.origin, "Invented": 1}
    if before.desk_work:
        past["DeskWork"] = before.desk_work
    return replace(done, provenance={**done.provenance, **past}) if past else done
