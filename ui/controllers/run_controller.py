"""The session at work: sends photos to the two threads and writes down what they report.

In: what the person asks for (open, restore, cancel, write). Out: changes in the session's documents,
`progressed` while a run goes, and sentences to show. Knows no widget, so all of it runs without a window.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from restorer.errors import RestorerError
from restorer.pipeline.forecast.estimates import Estimates, RunEstimate
from restorer.preferences import Output, Preferences
from ui.controllers.damage.filling import filling_of
from ui.controllers.estimates import estimated, learned
from ui.controllers.job_queue import JobKind, JobQueue, QueuedJob
from ui.controllers.opener import Opener
from ui.i18n.engine_messages import engine_message
from ui.model.document import Document, DocumentState
from ui.model.options import RestoreOptions, first_finish, request_for
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
    from ui.workers.finish_worker import Finishing
    from ui.workers.result_store import StoredResult


@dataclass(frozen=True, eq=False, kw_only=True)
class RestoreJob(QueuedJob):
    """Restore a photo as `options` say; preview_side as in `RestoreRequest`."""

    document: Document
    options: RestoreOptions
    preview_side: int


@dataclass(frozen=True, eq=False, kw_only=True)
class RegionJob(QueuedJob):
    """Make what a run would give in `box` of the photo."""

    kind: JobKind = JobKind.REGION
    document: Document
    options: RestoreOptions
    box: Box


class RunController(QObject):
    """Owns the session, both threads and the queue of all runs."""

    progressed = Signal(object)  # the document whose run went on
    finished = Signal(object)  # the document whose run came to its end
    failed = Signal(object)  # the document whose run failed (`ended` follows), or could not be read for it
    ended = Signal(object)  # the document whose run was cancelled or failed
    written = Signal(object)  # the document that was saved
    state_left = Signal(object, object)  # of a finished run: its folder, and a tuple of its Results
    warned = Signal(str)  # a sentence about something that went wrong
    noted = Signal(str)  # a sentence worth knowing
    learned = Signal()  # estimates are better now
    closed = Signal()  # both threads have ended
    _changed = Signal(object)

    def __init__(self, parent: QObject | None = None, run: Run = engine_run) -> None:
        super().__init__(parent)
        self._needs_warm_up = self.is_closing = False
        self._request: RestoreRequest | None = None  # of the run that is going, or of the last one
        self._job: Job | None = None  # the run that is going
        self.estimates = Estimates()
        self.preferences = Preferences()
        self.session = Session(self)
        self.engine = EngineHost(self, run)
        self.files = FileHost(self)
        self.queue = JobQueue(self)
        for kind in (JobKind.RESTORE, JobKind.VARIATIONS):
            self.queue.set_starter(kind, self._start_restore, self.is_ready)
        self.queue.set_starter(JobKind.REGION, self._start_region, self.is_ready)
        self.queue.folder_changed.connect(self._on_folder_changed)
        self.opener = Opener(self)
        self.session.current_changed.connect(self._fetch_current)
        # Not at once: on its way to a step far back a photo passes all that lie between.
        self._changed.connect(self._on_changed, Qt.ConnectionType.QueuedConnection)
        self.engine.progressed.connect(self._on_progress)
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
            self.opener.request_thumbs(self.session.documents)
            current = self.session.current
            if current is None or not (current.running or self.session.keeps_view):
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
        waited = document.queued
        if waited:
            self.queue.withdraw(document)
        if document.running:
            self.engine.cancel()
        self.session.remove(document)
        if waited:
            self.queue.start_next()

    def restore(self, document: Document, options: RestoreOptions, preview_side: int) -> None:
        """Restore a photo, now or in its turn; a result that is there is given up."""
        self.restore_all([document], options, preview_side)

    def restore_all(self, documents: Iterable[Document], options: RestoreOptions, preview_side: int) -> None:
        """Restore photos one after the other; those that cannot be are left alone."""
        kind = JobKind.VARIATIONS if options.variations > 1 else JobKind.RESTORE
        jobs = [
            RestoreJob(kind=kind, document=document, options=options, preview_side=preview_side)
            for document in documents
            if document.can_be_restored
        ]
        self.queue.enqueue(*jobs)

    def is_ready(self, job: QueuedJob) -> bool:
        """Whether the photo of a job is read; if not, it is read now, and the queue is asked again then."""
        if job.document is None:
            return True
        self.fetch(job.document)  # its pictures, too, are let go while another photo is in view
        return job.document.state is not DocumentState.READING

    def _start_restore(self, job: RestoreJob) -> bool:
        document = job.document
        if document.photo is None:
            return False
        try:
            request = request_for(document.photo, job.options, job.preview_side, self.preferences)
        except RestorerError as error:
            self.warned.emit(engine_message(error))
            return False
        from restorer.photo.seed_disagreement import seeds
        from restorer.pipeline.resume import checkpoint

        variations = job.options.variations
        several = seeds(request.seed, variations) if variations > 1 else ()
        past = replace(document.past, seeds=several)
        request = replace(request, keep=checkpoint.new_folder(), leaves_state=True, past=past)
        return self.start(document, request, several)

    def start(self, document: Document, request: RestoreRequest, seeds: tuple[int, ...] = ()) -> bool:
        """Start the run that `request` describes, or one for each of `seeds`; called when it is its turn."""
        if document.photo is None or not document.at_rest:
            return False
        document.begin(request, bool(seeds))
        self._begin(document, document.photo, request, seeds)
        return True

    def _begin(
        self, document: Document, photo: Photo, request: RestoreRequest, seeds: tuple[int, ...] = ()
    ) -> None:
        self._request = request
        self._job = job = self._engine_job(document, photo, request, seeds)
        self._note_view()
        self.engine.start(job)
        document.move_to(DocumentState.RUNNING)

    def _note_view(self) -> None:
        """Tell the run that is going whether its photo is in view."""
        if self._job is None:
            return
        current = self.session.current
        if current is not None and current.key == self._job.key:
            self._job.in_view.set()
        else:
            self._job.in_view.clear()

    def _engine_job(
        self, document: Document, photo: Photo, request: RestoreRequest, seeds: tuple[int, ...] = ()
    ) -> Job:
        preferences = self.preferences
        return Job(
            document.key,
            request,
            photo,
            seeds,
            threads=preferences.threads,
            sixteen=preferences.output.sixteen,
            filling=filling_of(document),
        )

    def preview_region(self, document: Document, options: RestoreOptions, box: Box) -> None:
        """Restore a part of the photo alone, if the engine is free; what is there of a result stays."""
        if document.photo is None or document.queued or not document.at_rest or self.queue.active is not None:
            return
        self.queue.enqueue(RegionJob(document=document, options=options, box=box))

    def _start_region(self, job: RegionJob) -> bool:
        document = job.document
        if document.photo is None or not document.at_rest:
            return False
        try:
            request = request_for(document.photo, job.options, 0, self.preferences)
        except RestorerError as error:
            self.warned.emit(engine_message(error))
            return False
        document.before_run = document.snapshot()
        document.phase, document.problem = ("", "", (1, 1)), ""
        document.checkpoint_folder, document.patch, document.region = None, None, job.box
        document.patch_options = job.options
        # A region is shown as the engine finishes it, the whole as the person does.
        self._begin(document, document.photo, replace(request, region=job.box, grain=None))
        return True

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
            self.queue.withdraw(document)
            self.queue.start_next()
        elif document is not None and document.running:
            self.engine.cancel()
            document.move_to(DocumentState.CANCELLING)

    @Slot()
    def stop_all(self) -> None:
        """Let no photo wait any longer, and cancel the run that goes."""
        for document in self.queue.documents:
            self.queue.withdraw(document)
        self.cancel(self.session.running())
        self.queue.start_next()

    def write(
        self,
        document: Document,
        done: Done | StoredResult,
        path: Path,
        overwrite: bool,
        output: Output | None = None,
        bits: int | None = None,
        handed: bool = False,
        finishing: Finishing | None = None,
    ) -> None:
        """Write a result of the document; a file that is there already is refused unless `overwrite`."""
        output = output or self.preferences.output
        self.files.start_writing(
            WriteRequest(document.key, done, path, overwrite, output, bits, handed, finishing)
        )

    def warm_up(self) -> None:
        """Get the engine ready, but let a photo that is being opened come first."""
        self._needs_warm_up = True
        self._warm_when_idle()

    def _warm_when_idle(self) -> None:
        reading = any(document.state is DocumentState.READING for document in self.session.documents)
        if self._needs_warm_up and not reading:
            self._needs_warm_up = False
            self.engine.warm_up()

    def close(self) -> None:
        """Cancel what is going and end both threads."""
        self.is_closing = True
        self.engine.close()
        self.files.close()
        self.closed.emit()

    def change(self, document: Document, snapshot: Snapshot) -> None:
        """Go to another snapshot of a photo's history."""
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
        self._note_view()
        if self.session.current is not None:
            self.fetch(self.session.current)

    def fetch(self, document: Document) -> None:
        if document.state is DocumentState.WAITING:
            document.state = DocumentState.READING
            self.files.start_reading(document.read_request())

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
        job = self.queue.next
        self._set_at_rest(document, keep_images=job is not None and job.document is document)
        self._warm_when_idle()
        self.queue.start_next()

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
            self.queue.withdraw(document)
            document.problem = failure.message
            document.move_to(DocumentState.FAILED)
            if waited:
                self.failed.emit(document)
        elif document is not None:
            document.copying = False
            document.notify()
        self._warm_when_idle()
        self.warned.emit(failure.message)
        self.queue.start_next()

    @Slot(object)
    def _on_progress(self, message: ProgressMessage) -> None:
        document = self.session.find(message.run)
        if document is not None and document.running:
            document.live = message.filled_from(document.live)
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
            document.set_result(
                with_past(finished.done, document),
                finished.before,
                finished.after,
                finished.thumb,
                first_finish(self._request),
            )
            self._tell_left_state(document)
            self._set_at_rest(document)
            self.finished.emit(document)
        else:
            self._discard_state()
        self._finish_run()

    def _tell_left_state(self, document: Document) -> None:
        """What was kept of the run is needed until its results lie in files."""
        if self._request is not None and self._request.keep is not None:
            self.state_left.emit(self._request.keep, document.snapshot().records)

    def _discard_state(self) -> None:
        if self._request is not None and not self.is_closing:
            from restorer.pipeline.resume import run_folder

            run_folder.discard(self._request.keep)

    def estimate(
        self, document: Document | None, settings: RestoreOptions, wear: float | None = None
    ) -> RunEstimate | None:
        """What a run with these settings will take; None where nothing can be said. wear: how worn the photo
        is, from 0 to 1, where that is known."""
        if document is None or document.photo is None:
            return None
        request = request_for(document.photo, settings, 0, self.preferences)
        return estimated(self.estimates, request, document.photo, settings.variations, wear)

    @Slot(object)
    def _on_region_made(self, region_result: RegionResult) -> None:
        document = self.session.find(region_result.key)
        if document is not None:
            document.patch = region_result
            self._set_at_rest(document)
        self._finish_run()

    @Slot(object)
    def _on_varied(self, varied: VariationImages) -> None:
        document = self.session.find(varied.key)
        if document is not None:
            if learned(self.estimates, self._request, document.photo, varied):
                self.learned.emit()
            varied = replace(varied, dones=tuple(with_past(done, document) for done in varied.dones))
            document.set_variations(varied, first_finish(self._request))
            self._tell_left_state(document)
            self._set_at_rest(document)
            self.finished.emit(document)
        else:
            self._discard_state()
        self._finish_run()

    @Slot(object)
    def _on_failed(self, report: Report) -> None:
        document = self.session.find(report.key)
        if document is not None:
            document.problem = report.message
            self.failed.emit(document)
        if self._job is not None and report.key == self._job.key:
            self._end(report.key)
        self.warned.emit(report.message)

    @Slot(int)
    def _on_cancelled(self, key: int) -> None:
        if self._job is None or key != self._job.key:
            return  # pictures of a class
        self._discard_state()  # of a run that was given up, even of a photo that is gone
        self._end(key)

    def _end(self, key: int) -> None:
        document = self.session.find(key)
        if document is not None:
            document.state = DocumentState.READY
            document.restore_snapshot(document.before_run)
            if document.state is DocumentState.WAITING and document is self.session.current:
                self.fetch(document)
            else:
                self._set_at_rest(document)
            self.ended.emit(document)
        self._finish_run()

    def _finish_run(self) -> None:
        """The engine is free again."""
        self._job = None
        self.queue.finish(self.queue.active)

    @Slot()
    def _on_folder_changed(self) -> None:
        if self.queue.folder_active:
            self.engine.release_networks()  # the folder loads its own
        if self.session.current is not None:
            self.session.current.notify()  # the status bar says whom it waits for

    def _set_at_rest(self, document: Document, keep_images: bool = False) -> None:
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

    @Slot(str)
    def _on_warmed(self, sentence: str) -> None:
        if sentence:
            self.warned.emit(sentence)
