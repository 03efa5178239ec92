"""The session at work: sends photos to the two threads and writes down what they report.

In: what the person asks for (open, restore, cancel, write). Out: changes in the
session's documents, `progressed` while a run goes, and sentences to show. Knows no
widget, so all of it runs without a window.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.cascade import Cascade
from restorer.errors import RestorerError
from restorer.estimates import Estimate, Estimates, Observation, work_of
from ui import words
from ui.files import FileFailure, FileHost, Read, Reading, Writing, Written
from ui.mailbox import Letter
from ui.reports import Finished, Job, RegionMade, Report, Varied
from ui.session import Document, Session, Settings, State, request_for
from ui.worker import EngineHost, Run, engine_run

if TYPE_CHECKING:
    from restorer.events import Box
    from restorer.photo import Photo
    from restorer.request import RestoreRequest


class Workshop(QObject):
    """Owns the session and both threads."""

    progressed = Signal(object)  # the document whose run went on
    ended = Signal(object)  # the document whose run was cancelled or failed
    written = Signal(object)  # the document that was saved
    not_written = Signal(object)
    warned = Signal(str)  # a sentence about something that went wrong
    noted = Signal(str)  # a sentence worth knowing
    learned = Signal()  # estimates are better now

    def __init__(self, parent: QObject | None = None, run: Run = engine_run) -> None:
        super().__init__(parent)
        self._cold = self._closing = False
        self._request: RestoreRequest | None = None  # of the run that is going
        self.estimates = Estimates()
        self.session = Session(self)
        self.engine = EngineHost(self, run)
        self.files = FileHost(self)
        self.session.current_changed.connect(self._fetch)
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
        self.files.written.connect(self._on_written)
        self.files.failed.connect(self._on_file_failure)

    # What is asked for -----------------------------------------------------------------------

    def open(self, paths: Iterable[Path] = (), photo: Photo | None = None) -> None:
        """Put files (or a photo in memory) in the row and bring the first of them into view."""
        added = [self.session.add(path) for path in paths]
        if photo is not None:
            added.append(self.session.add(photo=photo))
        if added:
            self.session.show(added[0])

    def can_restore(self, document: Document | None) -> bool:
        if document is None or document.photo is None:
            return False
        return document.at_rest and not self.engine.busy

    def restore(self, document: Document, settings: Settings, preview_side: int) -> None:
        """Start a run; a result that is there is given up."""
        if document.photo is None or not self.can_restore(document):
            return
        try:
            request = request_for(document.photo, settings, preview_side)
        except RestorerError as error:
            self.warned.emit(str(error))
            return
        from restorer import checkpoint

        if settings.variations > 1:
            from restorer.variations import seeds

            self.start(document, request, seeds(request.seed, settings.variations))
        else:
            self.start(document, replace(request, keep=checkpoint.new_folder()))

    def start(self, document: Document, request: RestoreRequest, seeds: tuple[int, ...] = ()) -> None:
        """Start the run that `request` describes, or one for each of `seeds`."""
        if document.photo is None or not self.can_restore(document):
            return
        document.kept, document.varying = request.keep, bool(seeds)
        document.patch = document.varied = None
        document.result = document.before = document.after = document.live = document.saved = None
        document.result_scale = request.scale
        document.phase = ""
        document.given_up = False
        self._request = request
        self.engine.start(Job(document.key, request, document.photo, seeds))
        document.move_to(State.RUNNING)

    def pick(self, document: Document, number: int) -> None:
        """Another of the variations is the result."""
        varied = document.varied
        if varied is None or not document.at_rest or not 0 <= number < len(varied.dones):
            return
        if document.result is not varied.dones[number]:
            document.saved, document.given_up = None, False
        document.chosen = number
        document.result, document.after = varied.dones[number], varied.pictures[number]
        document.tell()

    def show_all(self, document: Document, on: bool) -> None:
        """All variations side by side, or the chosen one in comparison with the photo."""
        document.choosing = on and document.varied is not None
        document.tell()

    def preview_region(self, document: Document, settings: Settings, box: Box) -> None:
        """Start a run of a part of the photo alone; what is there of a result stays."""
        if document.photo is None or not self.can_restore(document):
            return
        try:
            request = replace(request_for(document.photo, settings, 0), region=box)
        except RestorerError as error:
            self.warned.emit(str(error))
            return
        document.phase, document.kept, document.patch, document.trying = "", None, None, box
        self.engine.start(Job(document.key, request, document.photo))
        document.move_to(State.RUNNING)

    def drop_patch(self) -> bool:
        """Show the photo in view without the region that was tried; False when there is none."""
        document = self.session.current
        if document is not None and document.patch is not None and document.at_rest:
            document.patch = None
            document.tell()
            return True
        return False

    def pause(self) -> None:
        """Let the run wait, or go on where it waits."""
        document = self.session.running()
        if document is not None and document.state is State.RUNNING:
            self.engine.pause()
            document.move_to(State.PAUSED)
        elif document is not None and document.state is State.PAUSED:
            self.engine.go_on()
            document.move_to(State.RUNNING)

    def keep_here(self) -> None:
        """End the run that is going at the picture that is there."""
        document = self.session.running()
        if document is not None and document.can_keep:
            self.engine.keep()
            document.move_to(State.RUNNING)

    def cancel(self) -> bool:
        """Cancel the run that is going; False when there is none."""
        document = self.session.running()
        if document is None:
            return False
        self.engine.cancel()
        document.move_to(State.CANCELLING)
        return True

    def write(self, document: Document, path: Path, overwrite: bool) -> None:
        """Write the document's result; a file that is there already is refused unless `overwrite`."""
        if document.result is not None:
            self.files.start_writing(Writing(document.key, document.result, path, overwrite))

    def warm_up(self) -> None:
        """Get the engine ready, but let a photo that is being opened come first."""
        self._cold = True
        self._warm_when_idle()

    def _warm_when_idle(self) -> None:
        reading = any(document.state is State.READING for document in self.session.documents)
        if self._cold and not reading:
            self._cold = False
            self.engine.warm_up()

    def close(self) -> None:
        """Cancel what is going and end both threads."""
        self._closing = True
        self.engine.close()
        self.files.close()

    # What the threads report -----------------------------------------------------------------

    @Slot()
    def _fetch(self) -> None:
        """Make the pictures of the photo that came into view."""
        document = self.session.current
        if document is not None and document.state is State.WAITING:
            document.state = State.READING
            self.files.start_reading(
                Reading(document.key, document.path, document.photo, document.result, document.kept)
            )

    @Slot(object)
    def _on_read(self, read: Read) -> None:
        document = self.session.find(read.key)
        if document is None:
            return
        document.photo = read.photo
        document.original, document.before, document.after = read.original, read.before, read.after
        self._settle(document)
        self._warm_when_idle()

    @Slot(object)
    def _on_written(self, written: Written) -> None:
        document = self.session.find(written.key)
        if document is not None:
            document.saved = written.path
            document.tell()
            self.written.emit(document)

    @Slot(object)
    def _on_file_failure(self, failure: FileFailure) -> None:
        document = self.session.find(failure.key)
        if document is not None and failure.reading:
            self.session.remove(document)
        elif document is not None:
            document.tell()
            self.not_written.emit(document)
        self._warm_when_idle()
        self.warned.emit(failure.message)

    @Slot(object)
    def _on_letter(self, letter: Letter) -> None:
        document = self.session.find(letter.run)
        if document is not None and document.running:
            document.live = letter.after(document.live)
            self.progressed.emit(document)

    @Slot(object)
    def _on_phase(self, report: Report) -> None:
        document = self.session.find(report.key)
        if document is not None:
            sentence = words.phase_sentence(report.phase, report.message)
            document.phase = words.variation_sentence(sentence, *report.place)
            self.progressed.emit(document)

    @Slot(object)
    def _on_notice(self, report: Report) -> None:
        self.noted.emit(report.message)

    @Slot(object)
    def _on_finished(self, finished: Finished) -> None:
        document = self.session.find(finished.key)
        if document is not None:
            self._learn(document, finished)
            document.result = finished.done
            document.before, document.after = finished.before, finished.after
            self._settle(document)

    def _learn(self, document: Document, finished: Finished) -> None:
        """Remember what the run took; one that was stopped or cut off tells nothing."""
        done = finished.done
        if self._request is None or document.photo is None or done.stopped is not None:
            return
        with suppress(RestorerError):
            width, height = document.photo.size
            work = work_of(Cascade.of(self._request), width * height / 1e6)
            seen = Observation(done.model, done.device, work, done.megapixels, done.seconds, finished.peak)
            self.estimates.record(seen)
            self.learned.emit()

    def estimate(self, document: Document | None, settings: Settings) -> Estimate | None:
        """What a run with these settings will take; None where nothing can be said."""
        if document is None or document.photo is None:
            return None
        try:
            cascade = Cascade.of(request_for(document.photo, settings, 0))
            one = self.estimates.predict(cascade, document.photo.size)
        except RestorerError:
            return None
        return replace(one, seconds=one.seconds * settings.variations)

    @Slot(object)
    def _on_region_made(self, made: RegionMade) -> None:
        document = self.session.find(made.key)
        if document is not None:
            document.patch = made
            self._settle(document)

    @Slot(object)
    def _on_varied(self, varied: Varied) -> None:
        document = self.session.find(varied.key)
        if document is not None:
            document.varied, document.before, document.choosing = varied, varied.before, True
            document.chosen, document.result, document.after = 0, varied.dones[0], varied.pictures[0]
            self._settle(document)

    @Slot(object)
    def _on_failed(self, report: Report) -> None:
        self._end(report.key)
        self.warned.emit(report.message)

    @Slot(int)
    def _on_cancelled(self, key: int) -> None:
        document = self.session.find(key)
        if document is not None and not self._closing:
            from restorer import checkpoint

            checkpoint.discard(document.kept)  # a run that was given up; one that was cut off stays
        self._end(key)

    def _end(self, key: int) -> None:
        document = self.session.find(key)
        if document is not None:
            self._settle(document)
            self.ended.emit(document)

    def _settle(self, document: Document) -> None:
        """At rest again; pictures of a photo that is out of view are let go at once."""
        document.live = document.kept = document.trying = None
        document.varying = False
        document.state = State.READY if document.result is None else State.DONE
        if document is not self.session.current:
            document.let_go()
        document.tell()

    @Slot(str)
    def _on_warmed(self, sentence: str) -> None:
        if sentence:
            self.warned.emit(sentence)
