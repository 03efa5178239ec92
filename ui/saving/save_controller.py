"""Saving, and the question before something unsaved is lost.

In: a document, and what to do once its result is safe or given up. Out: a write
in the files' thread; the deed is done when the person said "discard", or when the file is
written. A cancelled or failed save forgets the deed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from restorer.files.destinations import same_file
from restorer.paths import home
from restorer.preferences import Output
from ui.controllers.history import stands
from ui.controllers.run_controller import Workshop
from ui.core import AppCore
from ui.model.document import Document, DocumentState
from ui.model.result import Result
from ui.saving.export_dialog import Export, ExportDialog
from ui.widgets.dialogs import Answer, UnsavedQuestion

if TYPE_CHECKING:
    from restorer.pipeline.events import Done

Deed = Callable[[], object]


class SaveController(QObject):
    """Asks and saves for one window; `parent` is what the dialogs open over."""

    started = Signal(str)  # the name of the file that is being written
    refused = Signal(str)  # why it is not
    stayed = Signal()  # what was to follow does not

    def __init__(self, core: AppCore, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent, self._workshop = parent, core.runs
        self._folder: Path | None = None  # where something was saved last
        self._document: Document | None = None
        self._deed: Deed | None = None
        self._discard = ""
        self._recall = Recall(core.runs)
        self._recall.ready.connect(self.save)
        self._recall.failed.connect(self._forget)
        core.runs.written.connect(self._on_written)
        core.runs.not_written.connect(self._forget)

    @Slot(object)
    def save(self, document: Document) -> None:
        """Ask where, then write. What was to follow the saving of another photo does not follow."""
        done = document.result
        if done is None:  # a run began meanwhile
            self._forget()
            return
        if document is not self._document:
            self._forget()
        self._document = document
        folder = document.path.parent if document.path is not None else self._folder or home()
        if document.saved is not None:
            folder = document.saved.parent
        output = document.output(self._workshop.preferences.output)
        dialog = ExportDialog(self._parent, document, output, folder, self._workshop.files)
        dialog.wanted.connect(partial(self._on_wanted, document))
        dialog.rejected.connect(self._forget)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(
        self,
        document: Document,
        path: Path,
        overwrite: bool = False,
        output: Output | None = None,
        bits: int | None = None,
        done: Done | None = None,
    ) -> None:
        """Write `done`, or else the result in view, to `path`; the original is never overwritten, whatever
        leads to it, other files only when `overwrite` says so."""
        done = done or document.result
        if done is None:
            return
        if document.path is not None and same_file(path, document.path):
            self._forget()
            self.refused.emit(self.tr("{0} is the original photo. Choose another name.").format(path.name))
            return
        self.started.emit(path.name)
        self._workshop.write(document, done, path, overwrite, output, bits)

    def before(self, deed: Deed, document: Document, discard: str) -> None:
        """Do `deed`, but ask first when a result is unsaved, be it in view or in the history; `discard` names
        the deed on a button."""
        if not document.losses:
            deed()
            return
        self._document, self._deed, self._discard = document, deed, discard
        question = UnsavedQuestion(self._parent, self._recall.question(document), discard)
        question.answered.connect(self._on_answer)
        question.finished.connect(question.deleteLater)
        question.open()

    @Slot(object)
    def _on_answer(self, answer: Answer) -> None:
        if answer is Answer.SAVE and self._document is not None:
            self._recall.bring(self._document)
        elif answer is Answer.DISCARD:
            if self._document is not None:
                self._document.given_up = True
            self._do()
        else:
            self._forget()

    def _on_wanted(self, document: Document, export: Export) -> None:
        self._folder = export.path.parent
        self.write(document, export.path, export.overwrite, export.output, export.bits, export.done)

    @Slot(object)
    def _on_written(self, document: Document) -> None:
        if document is not self._document:
            return
        deed = self._deed
        if deed is not None and document.losses:
            self.before(deed, document, self._discard)  # each result is asked about
        else:
            self._do()

    @Slot()
    def _forget(self) -> None:
        given_up = self._deed is not None
        self._document = self._deed = None
        if given_up:
            self.stayed.emit()

    def _do(self) -> None:
        deed = self._deed
        self._document = self._deed = None
        if deed is not None:
            deed()


class Recall(QObject):
    """Serves one saver."""

    ready = Signal(object)  # the document, with the result that is to be saved in view
    failed = Signal()  # it cannot be shown; why was said

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self._workshop = workshop
        self._document: Document | None = None
        self._wanted: Result | None = None
        self._gone = False  # the history was told to go there
        workshop.session.changed.connect(self._go_on)

    def question(self, document: Document) -> str:
        """What to ask of a photo that has something to lose."""
        name = document.name or self.tr("picture")
        losses = document.losses
        if not document.unsaved:
            places = [stand.held for stand in stands(document)]
            step = document.stack.text(places.index(losses[0]) - 1) if losses[0] in places[1:] else ""
            text = self.tr("Save the earlier result of {0} first? It is in the photo's history: {1}.")
            text = text.format(name, step or self.tr("its first step"))
        else:
            text = self.tr("Save the restored {0} first?").format(name)
        if len(losses) > 1:
            more = self.tr(
                "%n more result(s) in the history of this photo are not saved.", "", len(losses) - 1
            )
            text += " " + more
        return text

    @Slot(object)
    def bring(self, document: Document) -> None:
        """Bring the first of the photo's losses into view; `ready` or `failed` follows. A run of this photo
        ends for it."""
        losses = document.losses
        if document.queued:
            self._workshop.line.leave(document)
        if document.result is not None and (not losses or losses[0] is document.held):
            self.ready.emit(document)
            return
        if not losses:
            self.failed.emit()
            return
        self._document, self._wanted, self._gone = document, losses[0], False
        self._workshop.session.show(document)
        if document.running:
            self._workshop.engine.cancel()
            document.move_to(DocumentState.CANCELLING)
        self._go_on(document)

    @Slot(object)
    def _go_on(self, document: Document) -> None:
        if document is not self._document or document.queued:
            return
        failed = document.state is DocumentState.FAILED
        there = self._gone or document.held is self._wanted
        if there and (failed or (document.at_rest and document.result is None)):
            self._end()
            self.failed.emit()
        elif document.at_rest and document.held is self._wanted:
            self._end()
            self.ready.emit(document)
        elif (document.at_rest or failed) and not self._gone:
            places = [stand.held for stand in stands(document)]
            self._gone = True
            document.stack.setIndex(places.index(self._wanted))

    def _end(self) -> None:
        self._document = self._wanted = None
