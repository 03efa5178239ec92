"""Starts, pauses and ends the runs that restore photos; what comes of them is `ui.controllers.run_results`.

In: what the person asks for (restore, a region, pause, cancel). Out: jobs for the queue and the engine's
thread, and signals that say how a run goes. Knows no widget, so all of it runs without a window.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.errors import RestorerError
from restorer.pipeline.forecast.estimates import Estimates, RunEstimate
from restorer.preferences import Preferences
from ui.controllers.damage.filling import filling_of
from ui.controllers.forecast.run_estimates import estimate_run
from ui.controllers.job_queue import JobKind, JobQueue, QueuedJob
from ui.controllers.photo_controller import PhotoController
from ui.i18n.engine_messages import engine_message
from ui.model.document import Document, DocumentState
from ui.model.options import RestoreOptions, request_for
from ui.workers.engine_host import EngineHost
from ui.workers.engine_worker import Run, engine_run
from ui.workers.messages import Job

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.pipeline.events import Box
    from restorer.pipeline.request import RestoreRequest


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
    """Owns the engine's thread, and what decides how it is used: preferences and estimates.

    job: the run that is going.
    """

    progressed = Signal(object)  # the document whose run went on
    finished = Signal(object)  # the document whose run came to its end
    failed = Signal(object)  # the document whose run failed (`ended` follows), or could not be read for it
    ended = Signal(object)  # the document whose run was cancelled or failed
    state_left = Signal(object, object)  # of a finished run: its folder, and a tuple of its Results
    warned = Signal(str)  # a sentence about something that went wrong
    noted = Signal(str)  # a sentence worth knowing
    learned = Signal()  # estimates are better now
    closed = Signal()  # the engine's and the files' thread have ended

    def __init__(
        self,
        photos: PhotoController,
        queue: JobQueue,
        run: Run = engine_run,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._needs_warm_up = self.is_closing = False
        self.job: Job | None = None
        self.estimates = Estimates()
        self.preferences = Preferences()
        self.photos, self.session, self.files, self.queue = photos, photos.session, photos.files, queue
        self.engine = EngineHost(self, run)
        for kind in (JobKind.RESTORE, JobKind.VARIATIONS):
            queue.set_starter(kind, self._start_restore, self.is_ready)
        queue.set_starter(JobKind.REGION, self._start_region, self.is_ready)
        queue.folder_changed.connect(self._on_folder_changed)
        photos.warned.connect(self.warned)
        photos.noted.connect(self.noted)
        photos.unreadable.connect(self.failed)
        photos.read_ended.connect(self._warm_when_idle)
        self.session.current_changed.connect(self._note_view)
        self.engine.warmed.connect(self._on_warmed)

    def can_restore(self, document: Document | None) -> bool:
        """Whether a run for this photo can start now, or wait for its turn."""
        return document is not None and document.photo is not None and document.can_be_restored

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
        self.photos.fetch(job.document)  # its pictures, too, are let go while another photo is in view
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
        self.job = job = self._engine_job(document, photo, request, seeds)
        self._note_view()
        self.engine.start(job)
        document.move_to(DocumentState.RUNNING)

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

    @Slot()
    def _note_view(self) -> None:
        """Tell the run that is going whether its photo is in view."""
        if self.job is None:
            return
        current = self.session.current
        if current is not None and current.key == self.job.key:
            self.job.in_view.set()
        else:
            self.job.in_view.clear()

    def end_run(self) -> None:
        """The engine is free again."""
        self.job = None
        self.queue.finish(self.queue.active)

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

    def estimate(
        self, document: Document | None, settings: RestoreOptions, wear: float | None = None
    ) -> RunEstimate | None:
        """What a run with these settings will take; None where nothing can be said. wear: how worn the photo
        is, from 0 to 1, where that is known."""
        if document is None or document.photo is None:
            return None
        request = request_for(document.photo, settings, 0, self.preferences)
        return estimate_run(self.estimates, request, document.photo, settings.variations, wear)

    def warm_up(self) -> None:
        """Get the engine ready, but let a photo that is being opened come first."""
        self._needs_warm_up = True
        self._warm_when_idle()

    @Slot()
    def _warm_when_idle(self) -> None:
        reading = any(document.state is DocumentState.READING for document in self.session.documents)
        if self._needs_warm_up and not reading:
            self._needs_warm_up = False
            self.engine.warm_up()

    @Slot(str)
    def _on_warmed(self, sentence: str) -> None:
        if sentence:
            self.warned.emit(sentence)

    @Slot()
    def _on_folder_changed(self) -> None:
        if self.queue.folder_active:
            self.engine.release_networks()  # the folder loads its own
        if self.session.current is not None:
            self.session.current.notify()  # the status bar says whom it waits for

    def close(self) -> None:
        """Cancel what is going and end both threads."""
        self.is_closing = True
        self.engine.close()
        self.files.close()
        self.closed.emit()
