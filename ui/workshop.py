"""The session at work: sends photos to the two threads and writes down what they report.

In: what the person asks for (open, restore, cancel, write). Out: changes in the
session's documents, `progressed` while a run goes, and sentences to show. Knows no
widget, so all of it runs without a window.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.errors import RestorerError
from ui.files import FileFailure, FileHost, Found, Read, Reading, Thumb, Writing, Written
from ui.mailbox import Letter
from ui.preferences import Output, Preferences
from ui.session import Document, Session, Settings, Stand, State, request_for, with_edits
from ui.worker import EngineHost, Finished, Job, Report, Run, engine_run

if TYPE_CHECKING:
    from restorer.photo import Photo


class Workshop(QObject):
    """Owns the session and both threads."""

    progressed = Signal(object)  # the document whose run went on
    finished = Signal(object)  # the document whose run came to its end
    failed = Signal(object)  # the document whose run failed; `ended` follows
    ended = Signal(object)  # the document whose run was cancelled or failed
    written = Signal(object)  # the document that was saved
    not_written = Signal(object)
    warned = Signal(str)  # a sentence about something that went wrong
    noted = Signal(str)  # a sentence worth knowing

    def __init__(self, parent: QObject | None = None, run: Run = engine_run) -> None:
        super().__init__(parent)
        self._cold = False
        self.preferences = Preferences()
        self._line: list[tuple[Document, Settings, int]] = []  # whose turn is next, with what was asked
        self.session = Session(self)
        self.engine = EngineHost(self, run)
        self.files = FileHost(self)
        self.session.current_changed.connect(self._fetch_current)
        self.engine.letter.connect(self._on_letter)
        self.engine.phase.connect(self._on_phase)
        self.engine.notice.connect(self._on_notice)
        self.engine.finished.connect(self._on_finished)
        self.engine.failed.connect(self._on_failed)
        self.engine.cancelled.connect(self._on_cancelled)
        self.engine.warmed.connect(self._on_warmed)
        self.files.read.connect(self._on_read)
        self.files.written.connect(self._on_written)
        self.files.thumbed.connect(self._on_thumbed)
        self.files.found.connect(self._on_found)
        self.files.failed.connect(self._on_file_failure)

    # What is asked for -----------------------------------------------------------------------

    def open(self, paths: Iterable[Path] = (), photo: Photo | None = None) -> None:
        """Put files (or a photo in memory) in the row and bring the first of them into view."""
        known = set(self.session.documents)
        added = [self.session.add(path) for path in paths]
        if photo is not None:
            added.append(self.session.add(photo=photo))
        if not added:
            return
        if len(self.session.documents) > 1:  # a photo alone needs no row
            for document in self.session.documents:
                if document.thumb is None and (document not in known or len(known) == 1):
                    self.files.start_thumb(Reading(document.key, document.path, photo=document.photo))
        if self.session.current is None or not self.session.current.running:
            self.session.show(added[0])

    def open_folders(self, folders: Iterable[Path]) -> None:
        """Put all photos below folders in the row, as soon as they are found."""
        self.files.start_search(tuple(folders))

    def can_restore(self, document: Document | None) -> bool:
        """Whether a run for this photo can start now, or wait for its turn."""
        return document is not None and document.photo is not None and document.can_be_restored

    def line_up(self, documents: Iterable[Document], settings: Settings, preview_side: int) -> None:
        """Restore photos one after the other; those that cannot be are left alone."""
        for document in documents:
            if document.can_be_restored:
                document.queued = True
                document.problem = ""
                self._line.append((document, settings, preview_side))
                document.tell()
        self._next()

    def leave_line(self, document: Document) -> None:
        """Wait no longer."""
        self._line = [turn for turn in self._line if turn[0] is not document]
        document.queued = False
        document.tell()

    def retry(self, document: Document) -> None:
        """Try again to open a photo."""
        if document.state is State.FAILED:
            document.problem = ""
            document.state = State.WAITING
            self._fetch(document)
            document.tell()

    def remove(self, document: Document) -> None:
        """Take a photo out of the row, whatever is being done with it."""
        if document.queued:
            self.leave_line(document)
        if document.running:
            self.engine.cancel()
        self.session.remove(document)

    def _next(self) -> None:
        """Start the run whose turn it is; its photo is opened first where it was let go."""
        while self._line and not self.engine.busy:
            document, settings, preview_side = self._line[0]
            if document.photo is None:
                self._fetch(document)
            if document.state is State.READING:
                return  # `_on_read` comes back here
            self._line.pop(0)
            document.queued = False
            self.restore(document, settings, preview_side)

    def restore(self, document: Document, settings: Settings, preview_side: int) -> None:
        """Start a run; a result that is there is given up."""
        if document.photo is None or not self.can_restore(document):
            return
        if self.engine.busy:
            self.line_up([document], settings, preview_side)
            return
        try:
            request = request_for(document.photo, settings, preview_side, self.preferences)
        except RestorerError as error:
            self.warned.emit(str(error))
            return
        document.before_run = document.stand()
        document.result = document.before = document.after = document.live = document.saved = (
            document.copy
        ) = None
        document.result_scale = request.scale
        document.result_preset = request.preset
        document.phase = ("", "")
        document.given_up = False
        document.problem = ""
        settled = self.preferences
        self.engine.start(
            Job(
                document.key,
                request,
                document.photo,
                threads=settled.threads,
                sixteen=settled.output.sixteen,
            )
        )
        document.move_to(State.RUNNING)

    def cancel(self) -> bool:
        """End the waiting of the photo in view, or else the run that is going; False for neither."""
        waiting = self.session.current
        if waiting is not None and waiting.queued:
            self.leave_line(waiting)
            return True
        document = self.session.running()
        if document is None:
            return False
        self.engine.cancel()
        document.move_to(State.CANCELLING)
        return True

    def stop_all(self) -> None:
        """Cancel the run and send home all who wait."""
        for document, _, _ in list(self._line):
            self.leave_line(document)
        self.cancel()

    @property
    def waiting(self) -> int:
        """How many photos wait for their turn."""
        return len(self._line)

    def write(
        self,
        document: Document,
        path: Path,
        overwrite: bool,
        output: Output | None = None,
        bits: int | None = None,
        handed: bool = False,
    ) -> None:
        """Write the document's result; a file that is there already is refused unless `overwrite`."""
        if document.result is not None:
            output = output or self.preferences.output
            self.files.start_writing(
                Writing(document.key, document.result, path, overwrite, output, bits, handed)
            )

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
        self.engine.close()
        self.files.close()

    def change(self, document: Document, stand: Stand) -> None:
        """Go to another stand of a photo's history."""
        document.take(stand)
        if document is self.session.current:
            self._fetch(document)

    # What the threads report -----------------------------------------------------------------

    @Slot()
    def _fetch_current(self) -> None:
        """Make the pictures of the photo that came into view."""
        if self.session.current is not None:
            self._fetch(self.session.current)

    def _fetch(self, document: Document) -> None:
        if document.state is State.WAITING:
            document.state = State.READING
            self.files.start_reading(
                Reading(
                    document.key,
                    document.path,
                    document.raw,
                    document.result,
                    document.edits,
                    document.photo,
                )
            )

    @Slot(object)
    def _on_read(self, read: Read) -> None:
        document = self.session.find(read.key)
        if document is None:
            return
        document.raw, document.photo = read.raw, read.photo
        if document.thumb is not None and document.edits:
            document.thumb = read.original.level_for(0.0)
        document.original, document.before, document.after = read.original, read.before, read.after
        first = self._line[0][0] if self._line else None
        self._settle(document, stays=document is first)
        self._warm_when_idle()
        self._next()

    @Slot(object)
    def _on_thumbed(self, thumb: Thumb) -> None:
        document = self.session.find(thumb.key)
        if document is not None and thumb.image is not None:
            document.thumb = thumb.image
            document.tell()

    @Slot(object)
    def _on_found(self, found: Found) -> None:
        self.open(found.photos)
        if found.empty:
            self.warned.emit(self.tr("There are no photos in {0}.").format(found.empty[0].name))
        elif len(found.photos) > 1:
            self.noted.emit(self.tr("%n photo(s) opened.", "", len(found.photos)))

    @Slot(object)
    def _on_written(self, written: Written) -> None:
        document = self.session.find(written.key)
        if document is not None and written.handed:
            document.copy, document.copying = written.path, False
            document.tell()
        elif document is not None:
            document.saved = written.path
            document.saves[id(document.result)] = written.path
            document.tell()
            self.written.emit(document)

    @Slot(object)
    def _on_file_failure(self, failure: FileFailure) -> None:
        document = self.session.find(failure.key)
        if document is not None and failure.reading:
            if document.queued:
                self.leave_line(document)
            document.problem = failure.message
            document.move_to(State.FAILED)
        elif document is not None:
            document.copying = False
            document.tell()
            self.not_written.emit(document)
        self._warm_when_idle()
        self.warned.emit(failure.message)
        self._next()

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
            document.phase = (report.phase, report.message)
            self.progressed.emit(document)

    @Slot(object)
    def _on_notice(self, report: Report) -> None:
        self.noted.emit(report.message)

    @Slot(object)
    def _on_finished(self, finished: Finished) -> None:
        document = self.session.find(finished.key)
        if document is not None:
            document.result = with_edits(finished.done, document.edits)
            document.before, document.after = finished.before, finished.after
            if document.thumb is not None:
                document.thumb = finished.after.level_for(0.0)
            self._settle(document)
            self.finished.emit(document)
        self._next()

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
        self._end(key)

    def _end(self, key: int) -> None:
        document = self.session.find(key)
        if document is not None:
            document.state = State.READY
            document.take(document.before_run)
            if document.state is State.WAITING and document is self.session.current:
                self._fetch(document)
            else:
                self._settle(document)
            self.ended.emit(document)
        self._next()

    def _settle(self, document: Document, stays: bool = False) -> None:
        """At rest again; pictures of a photo that is out of view are let go at once, unless it `stays`."""
        document.live = None
        document.state = State.READY if document.result is None else State.DONE
        if document is not self.session.current and not stays:
            document.let_go()
        document.tell()

    @Slot(str)
    def _on_warmed(self, sentence: str) -> None:
        if sentence:
            self.warned.emit(sentence)
