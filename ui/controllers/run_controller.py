"""The session at work: sends photos to the two threads and writes down what they report.

In: what the person asks for (open, restore, cancel, write). Out: changes in the session's documents,
`progressed` while a run goes, and sentences to show. Knows no widget, so all of it runs without a window.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from restorer.errors import RestorerError
from restorer.pipeline.estimates import Estimates, RunEstimate
from restorer.preferences import Output, Preferences
from ui.controllers.estimates import estimated, learned
from ui.controllers.job_queue import JobQueue
from ui.controllers.opener import Opener
from ui.i18n.engine_messages import engine_message
from ui.model.document import Document, DocumentState
from ui.model.options import RestoreOptions, request_for
from ui.model.session import Session, with_past
from ui.workers.engine_host import EngineHost
from ui.workers.engine_worker import Run, engine_run
from ui.workers.file_worker import FileHost
from ui.workers.messages import (
    FileFailure,
    Finished,
    Job,
    ProgressMessage,
    ReadAnswer,
    RegionResult,
    Report,
    VariationImages,
    WriteAnswer,
    WriteRequest,
)

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.pipeline.events import Box, Done
    from restorer.pipeline.request import RestoreRequest
    from ui.model.result import Snapshot
    from ui.workers.result_store import StoredResult


class RunController(QObject):
    """Owns the session and both threads."""

    progressed = Signal(object)  # the document whose run went on
    finished = Signal(object)  # the document whose run came to its end
    failed = Signal(object)  # the document whose run failed (`ended` follows), or could not be read for it
    ended = Signal(object)  # the document whose run was cancelled or failed
    written = Signal(object)  # the document that was saved
    warned = Signal(str)  # a sentence about something that went wrong
    noted = Signal(str)  # a sentence worth knowing
    learned = Signal()  # estimates are better now
    closed = Signal()  # both threads have ended
    _changed = Signal(object)

    def __init__(self, parent: QObject | None = None, run: Run = engine_run) -> None:
        super().__init__(parent)
        self._cold = self._closing = False
        self._request: RestoreRequest | None = None  # of the run that is going
        self.estimates = Estimates()
        self.preferences = Preferences()
        self.session = Session(self)
        self.engine = EngineHost(self, run)
        self.files = FileHost(self)
        self.queue = JobQueue(self)
        self.opener = Opener(self)
        self.session.current_changed.connect(self._fetch_current)
        # Not at once: on its way to a step far back a photo passes all that lie between.
        self._changed.connect(self._on_changed, Qt.ConnectionType.QueuedConnection)
        self.engine.letter.connect(self._on_letter)
        self.engine.phase.connect(self._on_phase)
        self.engine.notice.connect(self._on_notice)
        self.engine.finished.connect(self._on_finished)
        self.engine.region_made.connect(self._on_region_made)
        self.engine.varied.connect(self._on_varied)
        self.engine.failed.connect(self._on_failed)
        self.engine.cancelled.connect(self._on_cancelled)
        self.engine.warmed.connect(self._on_warmed)
        self.files.read.connect(self._on_read)

    # What is asked for -----------------------------------------------------------------------

    def open(self, paths: Iterable[Path] = (), photo: Photo | None = None) -> None:
        """Put files (or a photo in memory) in the row and bring the first of them into view."""
        added = self.session.add_all(paths)
        if photo is not None:
            added.append(self.session.add(photo=photo))
        if added:
            self.opener.want_thumbs(self.session.documents)
            current = self.session.current
            if current is None or not (current.running or self.session.stays):
                self.session.show(added[0])

    def can_restore(self, document: Document | None) -> bool:
        """Whether a run for this photo can start now, or wait for its turn."""
        return document is not None and document.photo is not None and document.can_be_restored

    def retry(self, document: Document) -> None:
        """Try again to open a photo."""
        if document.state is DocumentState.FAILED:
            document.problem = ""
            document.state = DocumentState.WAITING
            self.fetch(document)
            document.notify()

    def remove(self, document: Document) -> None:
        """Take a photo out of the row, whatever is being done with it."""
        if document.queued:
            self.queue.leave(document)
        if document.running:
            self.engine.cancel()
        self.session.remove(document)

    def restore(self, document: Document, settings: RestoreOptions, preview_side: int) -> None:
        """Start a run, now or in its turn; a result that is there is given up."""
        if not document.can_be_restored:
            return
        if self.engine.busy or not document.at_rest:  # or what it shall start from is not made yet
            self.queue.enqueue([document], settings, preview_side)
            return
        if document.photo is None:
            return
        try:
            request = request_for(document.photo, settings, preview_side, self.preferences)
        except RestorerError as error:
            self.warned.emit(engine_message(error))
            return
        from restorer.photo.disagreement import seeds
        from restorer.pipeline import checkpoint

        several = seeds(request.seed, settings.variations) if settings.variations > 1 else ()
        request = replace(request, keep=checkpoint.new_folder(), past=document.past)
        self.start(document, request, several)

    def start(self, document: Document, request: RestoreRequest, seeds: tuple[int, ...] = ()) -> None:
        """Start the run that `request` describes, or one for each of `seeds`."""
        if document.photo is None or document.queued or not document.at_rest or self.engine.busy:
            return
        document.begin(request, bool(seeds))
        self._request = request
        self.engine.start(self._job(document, document.photo, request, seeds))
        document.move_to(DocumentState.RUNNING)

    def _job(
        self, document: Document, photo: Photo, request: RestoreRequest, seeds: tuple[int, ...] = ()
    ) -> Job:
        settled = self.preferences
        return Job(
            document.key, request, photo, seeds, threads=settled.threads, sixteen=settled.output.sixteen
        )

    def preview_region(self, document: Document, settings: RestoreOptions, box: Box) -> None:
        """Start a run of a part of the photo alone; what is there of a result stays."""
        if document.photo is None or document.queued or not document.at_rest or self.engine.busy:
            return
        try:
            request = replace(request_for(document.photo, settings, 0, self.preferences), region=box)
        except RestorerError as error:
            self.warned.emit(engine_message(error))
            return
        document.before_run = document.snapshot()
        document.phase, document.problem = ("", "", (1, 1)), ""
        document.checkpoint_folder, document.patch, document.region = None, None, box
        self._request = request
        self.engine.start(self._job(document, document.photo, request))
        document.move_to(DocumentState.RUNNING)

    def pause(self) -> None:
        """Let the run wait, or go on where it waits."""
        document = self.session.running()
        if document is not None and document.state is DocumentState.RUNNING:
            self.engine.pause()
            document.move_to(DocumentState.PAUSED)
        elif document is not None and document.state is DocumentState.PAUSED:
            self.engine.go_on()
            document.move_to(DocumentState.RUNNING)

    def keep_here(self) -> None:
        """End the run that is going at the picture that is there."""
        document = self.session.running()
        if document is not None and document.can_keep:
            self.engine.keep()
            document.move_to(DocumentState.RUNNING)

    def cancel(self, document: Document | None) -> None:
        """End the waiting or the run of this photo, if it has either."""
        if document is not None and document.queued:
            self.queue.leave(document)
        elif document is not None and document.running:
            self.engine.cancel()
            document.move_to(DocumentState.CANCELLING)

    def write(
        self,
        document: Document,
        done: Done | StoredResult,
        path: Path,
        overwrite: bool,
        output: Output | None = None,
        bits: int | None = None,
        handed: bool = False,
    ) -> None:
        """Write a result of the document; a file that is there already is refused unless `overwrite`."""
        output = output or self.preferences.output
        self.files.start_writing(WriteRequest(document.key, done, path, overwrite, output, bits, handed))

    def warm_up(self) -> None:
        """Get the engine ready, but let a photo that is being opened come first."""
        self._cold = True
        self._warm_when_idle()

    def _warm_when_idle(self) -> None:
        reading = any(document.state is DocumentState.READING for document in self.session.documents)
        if self._cold and not reading:
            self._cold = False
            self.engine.warm_up()

    def close(self) -> None:
        """Cancel what is going and end both threads."""
        self._closing = True
        self.engine.close()
        self.files.close()
        self.closed.emit()

    def change(self, document: Document, snapshot: Snapshot) -> None:
        """Go to another stand of a photo's history."""
        document.restore_snapshot(snapshot)
        self._changed.emit(document)

    @Slot(object)
    def _on_changed(self, document: Document) -> None:
        if document is self.session.current:
            self.fetch(document)

    # What the threads report -----------------------------------------------------------------

    @Slot()
    def _fetch_current(self) -> None:
        """Make the pictures of the photo that came into view."""
        if self.session.current is not None:
            self.fetch(self.session.current)

    def fetch(self, document: Document) -> None:
        if document.state is DocumentState.WAITING:
            document.state = DocumentState.READING
            self.files.start_reading(document.reading())

    @Slot(object)
    def _on_read(self, read: ReadAnswer) -> None:
        document = self.session.find(read.key)
        if document is None or not document.returned(read):
            return
        if read.shown.lost:
            self.warned.emit(read.shown.lost)
        if read.pages > document.pages:  # said once, though a file is read again whenever it comes into view
            document.pages = read.pages
            text = self.tr("{0} has {1} pages; this is the first. “Restore folders” restores all of them.")
            self.noted.emit(text.format(document.name, read.pages))
        self._settle(document, stays=document is self.queue.first)
        self._warm_when_idle()
        self.queue.go_on()

    def note_written(self, written: WriteAnswer) -> None:
        """A file lies there; called by `ui.controllers.save_events`."""
        document = self.session.find(written.key)
        if document is not None:
            document.wrote(written.done, written.path, written.handed)
            if not written.handed:
                self.written.emit(document)

    def note_file_failure(self, failure: FileFailure) -> None:
        """A file could not be read or written; called by `ui.controllers.save_events`."""
        document = self.session.find(failure.key)
        if document is not None and failure.reading:
            waited = document.requeue_on_retry = document.queued
            self.queue.leave(document)
            document.problem = failure.message
            document.move_to(DocumentState.FAILED)
            if waited:
                self.failed.emit(document)
        elif document is not None:
            document.copying = False
            document.notify()
        self._warm_when_idle()
        self.warned.emit(failure.message)
        self.queue.go_on()

    @Slot(object)
    def _on_letter(self, letter: ProgressMessage) -> None:
        document = self.session.find(letter.run)
        if document is not None and document.running:
            document.live = letter.after(document.live)
            self.progressed.emit(document)

    @Slot(object)
    def _on_phase(self, report: Report) -> None:
        document = self.session.find(report.key)
        if document is not None:
            document.phase = (report.phase, report.message, report.place)
            self.progressed.emit(document)

    @Slot(object)
    def _on_notice(self, report: Report) -> None:
        self.noted.emit(report.message)

    @Slot(object)
    def _on_finished(self, finished: Finished) -> None:
        document = self.session.find(finished.key)
        if document is not None:
            if learned(self.estimates, self._request, document.photo, finished):
                self.learned.emit()
            document.restored(with_past(finished.done, document), finished.before, finished.after)
            self._settle(document)
            self.finished.emit(document)
        self.queue.go_on()

    def estimate(self, document: Document | None, settings: RestoreOptions) -> RunEstimate | None:
        """What a run with these settings will take; None where nothing can be said."""
        if document is None or document.photo is None:
            return None
        request = request_for(document.photo, settings, 0, self.preferences)
        return estimated(self.estimates, request, document.photo, settings.variations)

    @Slot(object)
    def _on_region_made(self, made: RegionResult) -> None:
        document = self.session.find(made.key)
        if document is not None:
            document.patch = made
            self._settle(document)
        self.queue.go_on()

    @Slot(object)
    def _on_varied(self, varied: VariationImages) -> None:
        document = self.session.find(varied.key)
        if document is not None:
            if learned(self.estimates, self._request, document.photo, varied):
                self.learned.emit()
            varied = replace(varied, dones=tuple(with_past(done, document) for done in varied.dones))
            document.varied_into(varied)
            self._settle(document)
            self.finished.emit(document)
        self.queue.go_on()

    @Slot(object)
    def _on_failed(self, report: Report) -> None:
        document = self.session.find(report.key)
        if document is not None:
            document.problem = report.message
            self.failed.emit(document)
        self._end(report.key)
        self.warned.emit(report.message)

    @Slot(int)
    def _on_cancelled(self, key: int) -> None:
        if self._request is not None and not self._closing:
            from restorer.pipeline import checkpoint

            # A run that was given up, even of a photo that is gone; one that was cut off stays.
            checkpoint.discard(self._request.keep)
        self._end(key)

    def _end(self, key: int) -> None:
        document = self.session.find(key)
        if document is not None:
            document.state = DocumentState.READY
            document.restore_snapshot(document.before_run)
            if document.state is DocumentState.WAITING and document is self.session.current:
                self.fetch(document)
            else:
                self._settle(document)
            self.ended.emit(document)
        self.queue.go_on()

    def _settle(self, document: Document, stays: bool = False) -> None:
        """At rest again; pictures of a photo that is out of view are let go at once, unless it `stays`."""
        document.live = document.region = None
        document.varying = False
        if not document.queued:  # a run that goes on in its turn takes its photo from there
            document.checkpoint_folder = None
        document.state = DocumentState.READY if document.record is None else DocumentState.DONE
        if document is not self.session.current and not stays:
            document.release_images()
        document.notify()

    @Slot(str)
    def _on_warmed(self, sentence: str) -> None:
        if sentence:
            self.warned.emit(sentence)
