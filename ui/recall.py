"""Earlier results that are in no file: the words of the question about them, and the way back to one.

In: a photo that is about to be closed. Out: a question's text; and, where the person wants to save, the step
of the history in view and `ready`.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from ui.held import Held
from ui.history import stands
from ui.session import Document, State
from ui.workshop import Workshop


class Recall(QObject):
    """Serves one saver."""

    ready = Signal(object)  # the document, with the result that is to be saved in view
    failed = Signal()  # it cannot be shown; why was said

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self._workshop = workshop
        self._document: Document | None = None
        self._wanted: Held | None = None
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
            document.move_to(State.CANCELLING)
        self._go_on(document)

    @Slot(object)
    def _go_on(self, document: Document) -> None:
        if document is not self._document or document.queued:
            return
        failed = document.state is State.FAILED
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
