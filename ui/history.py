"""The history of each photo: desk work and results, one step at a time, undone and redone.

In: edits that are asked for, runs that end. Out: commands on the photo's own QUndoStack; the group's active
stack is that of the photo in view. A command holds two stands, not pixels of its own: a result's pixels are
the engine's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QUndoCommand, QUndoGroup

from ui import words
from ui.session import Document, Stand
from ui.workshop import Workshop

if TYPE_CHECKING:
    from restorer.edits import Edit

MOST_STEPS = 50


class Step(QUndoCommand):
    """From one stand of a document to another."""

    def __init__(
        self,
        workshop: Workshop,
        document: Document,
        before: Stand,
        after: Stand,
        tell: Callable[[], str],
    ) -> None:
        super().__init__(tell())
        self._workshop, self._document = workshop, document
        self._before, self._after, self._tell = before, after, tell

    def redo(self) -> None:
        self._workshop.change(self._document, self._after)

    def undo(self) -> None:
        self._workshop.change(self._document, self._before)

    def retell(self) -> None:
        """Say it in the language spoken now."""
        self.setText(self._tell())


class History(QObject):
    """All histories of one workshop."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self._workshop = workshop
        self.group = QUndoGroup(self)
        workshop.finished.connect(self._on_finished)
        workshop.session.current_changed.connect(self._follow)
        workshop.session.changed.connect(self._follow)

    def edit(self, *edits: Edit) -> None:
        """Do desk work on the photo in view, if it is at rest; its result goes, undo brings it back.

        What would change nothing is left out, so that no result goes for it.
        """
        document = self._at_rest()
        if document is None or document.photo is None or not edits:
            return
        from restorer.edits import changes

        photo = document.photo
        done = [edit for edit in edits if changes(photo, edit)]
        if not done:
            self._workshop.noted.emit(self.tr("Nothing was changed: the photo is like that already."))
            return
        after = Stand((*document.edits, *done))
        self._push(document, document.stand(), after, lambda: words.edit_name(done[-1]))

    def toggle_grey(self) -> None:
        """Black and white, or colour again where that was taken from the photo in view."""
        from restorer.edits import Grey

        document = self._at_rest()
        if document is None or Grey() not in document.edits:
            self.edit(Grey())
            return
        after = Stand(tuple(edit for edit in document.edits if edit != Grey()))
        self._push(document, document.stand(), after, lambda: self.tr("In colour again"))

    def _at_rest(self) -> Document | None:
        document = self._workshop.session.current
        return document if document is not None and document.at_rest else None

    @Slot(object)
    def _on_finished(self, document: Document) -> None:
        after = document.stand()
        done = document.result
        if done is not None:
            self._push(
                document,
                document.before_run,
                after,
                lambda: words.result_name(after.scale, after.preset, done.seed),
            )

    def _push(self, document: Document, before: Stand, after: Stand, tell: Callable[[], str]) -> None:
        if document.stack.count() == 0:
            document.stack.setUndoLimit(MOST_STEPS)
            self.group.addStack(document.stack)
        step = Step(self._workshop, document, before, after, tell)
        document.stack.push(step)
        self._follow()

    def retell(self) -> None:
        """Another language is spoken."""
        for document in self._workshop.session.documents:
            for place in range(document.stack.count()):
                command = document.stack.command(place)
                if isinstance(command, Step):
                    command.retell()

    @Slot()
    def _follow(self) -> None:
        """Undo belongs to the photo in view, and waits while something is done with it."""
        document = self._workshop.session.current
        if document is not None and document.at_rest and not document.queued:
            self.group.setActiveStack(document.stack)
        else:
            self.group.setActiveStack(None)  # type: ignore[arg-type]  # Qt means it, the stubs do not
