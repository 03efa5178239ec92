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

from restorer.targets import same_file
from ui.dialogs import Answer, UnsavedQuestion
from ui.export_dialog import Export, ExportDialog
from ui.preferences import Output
from ui.recall import Recall
from ui.session import Document
from ui.workshop import Workshop

if TYPE_CHECKING:
    from restorer.events import Done

Deed = Callable[[], object]


class Saver(QObject):
    """Asks and saves for one window."""

    started = Signal(str)  # the name of the file that is being written
    refused = Signal(str)  # why it is not
    stayed = Signal()  # what was to follow does not

    def __init__(self, window: QWidget, workshop: Workshop) -> None:
        super().__init__(window)
        self._window = window
        self._workshop = workshop
        self._folder: Path | None = None  # where something was saved last
        self._document: Document | None = None
        self._deed: Deed | None = None
        self._discard = ""
        self._recall = Recall(workshop)
        self._recall.ready.connect(self.save)
        self._recall.failed.connect(self._forget)
        workshop.written.connect(self._on_written)
        workshop.not_written.connect(self._forget)

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
        folder = document.path.parent if document.path is not None else self._folder or Path.home()
        if document.saved is not None:
            folder = document.saved.parent
        output = document.output(self._workshop.preferences.output)
        dialog = ExportDialog(self._window, document, output, folder, self._workshop.files)
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
        question = UnsavedQuestion(self._window, self._recall.question(document), discard)
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
