"""Brings an unsaved result of a photo's history into view, so that it can be saved.

In: a document with results that lie in no file. Out: `ready`, with the first of them in view, or `failed`.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from ui.controllers.history import snapshots
from ui.controllers.run_controller import RunController
from ui.model.document import Document, DocumentState
from ui.model.result import Result


class ResultLoader(QObject):
    """Serves one save controller."""

    ready = Signal(object)  # the document, with the result that is to be saved in view
    failed = Signal()  # the result cannot be shown; the window has said why

    def __init__(self, runs: RunController) -> None:
        super().__init__(runs)
        self._runs = runs
        self._document: Document | None = None
        self._target: Result | None = None
        self._undo_requested = False  # the undo stack was told to go to the target
        runs.session.changed.connect(self._continue)

    def question(self, document: Document) -> str:
        """What to ask about a photo that has a result to lose."""
        name = document.name or self.tr("picture")
        losses = document.losses
        if not document.unsaved:
            records = [snapshot.record for snapshot in snapshots(document)]
            step = document.stack.text(records.index(losses[0]) - 1) if losses[0] in records[1:] else ""
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

    def load(self, document: Document) -> None:
        """Bring the photo's first unsaved result into view; `ready` or `failed` follows. A run of this photo
        is cancelled for it."""
        losses = document.losses
        if document.queued:
            self._runs.queue.withdraw(document)
        if document.result is not None and (not losses or losses[0] is document.record):
            self.ready.emit(document)
            return
        if not losses:
            self.failed.emit()
            return
        self._document, self._target, self._undo_requested = document, losses[0], False
        self._runs.session.show(document)
        if document.running:
            self._runs.engine.cancel()
            document.move_to(DocumentState.CANCELLING)
        self._continue(document)

    @Slot(object)
    def _continue(self, document: Document) -> None:
        if document is not self._document or document.queued:
            return
        failed = document.state is DocumentState.FAILED
        arrived = self._undo_requested or document.record is self._target
        if arrived and (failed or (document.at_rest and document.result is None)):
            self._reset()
            self.failed.emit()
        elif document.at_rest and document.record is self._target:
            self._reset()
            self.ready.emit(document)
        elif (document.at_rest or failed) and not self._undo_requested:
            records = [snapshot.record for snapshot in snapshots(document)]
            self._undo_requested = True
            document.stack.setIndex(records.index(self._target))

    def _reset(self) -> None:
        self._document = self._target = None
