"""The history of each photo: desk work and results, one step at a time, undone and redone.

In: edits that are asked for, runs that end. Out: commands on the photo's own QUndoStack; the group's active
stack is that of the photo in view. A command holds two stands, not pixels of its own: a result's pixels are
the engine's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from ui import words
from ui.held import Stand
from ui.session import Document
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


def _result_name(stand: Stand) -> str:
    """A result, with the seed of that which was picked."""
    return words.result_name(stand.scale, stand.preset, stand.held.seed if stand.held is not None else 0)


class History(QObject):
    """All histories of one workshop."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self._workshop = workshop
        self.group = QUndoGroup(self)
        workshop.finished.connect(self._on_finished)
        workshop.session.current_changed.connect(self._follow)
        workshop.session.changed.connect(self._follow)
        workshop.session.picked.connect(self._on_picked)

    def edit(self, *edits: Edit) -> None:
        """Do desk work on the photo in view, if it is at rest; its result goes, undo brings it back."""
        document = self._workshop.session.current
        if document is None or not document.at_rest or not edits:
            return
        after = Stand((*document.edits, *edits))
        self._push(document, document.stand(), after, lambda: words.edit_name(edits[-1]))

    @Slot(object)
    def _on_finished(self, document: Document) -> None:
        after = document.stand()
        if after.held is not None:
            self._push(document, document.before_run, after, lambda: _result_name(after))

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
            self._retell(document.stack)

    def _retell(self, stack: QUndoStack) -> None:
        for place in range(stack.count()):
            command = stack.command(place)
            if isinstance(command, Step):
                command.retell()

    @Slot(object)
    def _on_picked(self, document: Document) -> None:
        """The step of the variations is called after the one that was picked."""
        stack = document.stack
        self._retell(stack)
        # Qt says nothing when a step's text changes, and the panel and the menu show what was said last.
        stack.undoTextChanged.emit(stack.undoText())
        stack.redoTextChanged.emit(stack.redoText())
        stack.indexChanged.emit(stack.index())

    @Slot()
    def _follow(self) -> None:
        """Undo belongs to the photo in view, and waits while something is done with it."""
        document = self._workshop.session.current
        if document is not None and document.at_rest and not document.queued:
            self.group.setActiveStack(document.stack)
        else:
            self.group.setActiveStack(None)  # type: ignore[arg-type]  # Qt means it, the stubs do not
