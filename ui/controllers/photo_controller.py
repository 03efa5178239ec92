"""The photos of the session and their files: opened, read when somebody needs them, written.

In: paths and pictures to open, results to write, the answers of the files' thread. Out: documents that have
their photo and its pictures, and sentences to show. A photo out of view drops its pictures; they are made
again when it comes into view or when its run is next. Knows no run and no widget.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from restorer.preferences import Output
from ui.controllers.job_queue import JobQueue
from ui.model.document import Document, DocumentState
from ui.model.session import Session
from ui.workers.file_worker import FileHost
from ui.workers.messages import FileFailure, ReadAnswer, WriteAnswer, WriteRequest

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.pipeline.events import Done
    from ui.model.result import Snapshot
    from ui.workers.finish_worker import Finishing
    from ui.workers.result_store import StoredResult


class PhotoController(QObject):
    """Owns the session and the files' thread."""

    added = Signal()  # photos came into the row
    written = Signal(object)  # the document that was saved
    unreadable = Signal(object)  # the document that waited for a run, and could not be read for it
    read_ended = Signal()  # a photo was read, or could not be; the next job has not started yet
    warned = Signal(str)  # a sentence about something that went wrong
    noted = Signal(str)  # a sentence worth knowing
    _changed = Signal(object)

    def __init__(self, queue: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.session = Session(self)
        self.files = FileHost(self)
        self.session.current_changed.connect(self._fetch_current)
        # Not at once: on its way to a step far back a photo passes all that lie between.
        self._changed.connect(self._on_changed, Qt.ConnectionType.QueuedConnection)
        self.files.read.connect(self._on_read)

    def open(self, paths: Iterable[Path] = (), photo: Photo | None = None) -> None:
        """Put files (or a photo in memory) in the row and bring the first of them into view."""
        added = self.session.add_all(paths)
        if photo is not None:
            added.append(self.session.add(photo=photo))
        if added:
            self.added.emit()
            current = self.session.current
            if current is None or not (current.running or self.session.keeps_view):
                self.session.show(added[0])

    def retry(self, document: Document) -> None:
        """Try again to open a photo."""
        if document.state is DocumentState.FAILED:
            document.problem = ""
            document.state = DocumentState.WAITING
            self.fetch(document)
            document.notify()

    def fetch(self, document: Document) -> None:
        """Read a photo and make its pictures, where that has not been done."""
        if document.state is DocumentState.WAITING:
            document.state = DocumentState.READING
            self.files.start_reading(document.read_request())

    @Slot()
    def _fetch_current(self) -> None:
        """Make the pictures of the photo that came into view."""
        if self.session.current is not None:
            self.fetch(self.session.current)

    def change(self, document: Document, snapshot: Snapshot) -> None:
        """Go to another snapshot of a photo's history."""
        document.restore_snapshot(snapshot)
        self._changed.emit(document)

    @Slot(object)
    def _on_changed(self, document: Document) -> None:
        if document is self.session.current:
            self.fetch(document)

    @Slot(object)
    def _on_read(self, read: ReadAnswer) -> None:
        document = self.session.find(read.key)
        if document is None or not document.apply_read(read):
            return
        if read.shown.problem:
            self.warned.emit(read.shown.problem)
        if read.pages > document.pages:  # said once, though a file is read again whenever it comes into view
            document.pages = read.pages
            text = self.tr("{0} has {1} pages; this is the first. “Restore folders” restores all of them.")
            self.noted.emit(text.format(document.name, read.pages))
        job = self._queue.next
        self.end_work(document, keep_images=job is not None and job.document is document)
        self.read_ended.emit()
        self._queue.start_next()

    def end_work(self, document: Document, keep_images: bool = False) -> None:
        """The run or the reading has ended. Out of view a photo drops its pictures, unless `keep_images`."""
        document.live = document.region = None
        document.makes_variations = False
        if not document.queued:  # a run that goes on in its turn takes its photo from there
            document.checkpoint_folder = None
        document.state = DocumentState.READY if document.record is None else DocumentState.DONE
        if document is not self.session.current and not keep_images:
            document.release_images()
        elif document.record is not None and document.after is None:
            document.state = DocumentState.WAITING  # it came into view after its run had looked
            self.fetch(document)
        document.notify()

    def write(
        self,
        document: Document,
        done: Done | StoredResult,
        path: Path,
        overwrite: bool,
        output: Output,
        bits: int | None = None,
        handed: bool = False,
        finishing: Finishing | None = None,
    ) -> None:
        """Write a result of the document; a file that is there already is refused unless `overwrite`."""
        self.files.start_writing(
            WriteRequest(document.key, done, path, overwrite, output, bits, handed, finishing)
        )

    def note_written(self, written: WriteAnswer) -> None:
        """A file lies there; called by `ui.controllers.save_events`."""
        document = self.session.find(written.key)
        if document is not None:
            document.note_saved(written.done, written.path, written.handed, written.finish)
            if not written.handed:
                self.written.emit(document)

    def note_file_failure(self, failure: FileFailure) -> None:
        """A file could not be read or written; called by `ui.controllers.save_events`."""
        document = self.session.find(failure.key)
        if document is not None and failure.reading:
            waited = document.requeue_on_retry = document.queued
            self._queue.withdraw(document)
            document.problem = failure.message
            document.move_to(DocumentState.FAILED)
            if waited:
                self.unreadable.emit(document)
        elif document is not None:
            document.copying = False
            document.notify()
        self.read_ended.emit()
        self.warned.emit(failure.message)
        self._queue.start_next()
