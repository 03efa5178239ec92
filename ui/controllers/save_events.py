"""What happens when a file was written, or could not be: who learns of it, in which order.

    files' thread --> SaveEvents --> 1. the documents      the photo or picture knows its file
                                     2. `written`, `failed`    whoever saves many may begin the next one

In: the answers of the files' thread. Out: the calls and signals above, in this order, whoever connected
first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ui.workers.messages import FileFailure, WriteAnswer

if TYPE_CHECKING:
    from ui.controllers.generation import GenerationController
    from ui.controllers.photo_controller import PhotoController


class SaveEvents(QObject):
    """Serves one window."""

    written = Signal(object)  # a Written; its document knows of it already
    failed = Signal(object)  # a FileFailure of a file that was to be written; why was said already

    def __init__(self, photos: PhotoController, generation: GenerationController) -> None:
        super().__init__(photos)
        self._photos, self._generation = photos, generation
        photos.files.written.connect(self._on_written)
        photos.files.failed.connect(self._on_failed)

    @Slot(object)
    def _on_written(self, written: WriteAnswer) -> None:
        self._photos.note_written(written)
        self._generation.note_written(written)
        self.written.emit(written)

    @Slot(object)
    def _on_failed(self, failure: FileFailure) -> None:
        self._photos.note_file_failure(failure)
        self._generation.note_file_failure(failure)
        if not failure.reading:
            self.failed.emit(failure)
