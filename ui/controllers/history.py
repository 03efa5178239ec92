"""The history of each photo: edits and results, one step at a time, undone and redone.

In: edits that are asked for, runs that end. Out: commands on the photo's own QUndoStack; the group's active
stack is that of the photo in view. A command holds two snapshots, not pixels of its own; of the results
that they name only those that were seen last are in memory, the others lie in files
(`ui.controllers.result_cache`), as do all results of photos that were out of view for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from restorer.errors import PhotoError
from ui.controllers.result_cache import ResultCache
from ui.controllers.run_controller import RunController
from ui.i18n import phrases
from ui.i18n.engine_messages import engine_message
from ui.model.document import Document, DocumentState
from ui.model.result import Result, Snapshot, last_seen_first, to_move_to_disk
from ui.model.result_names import result_name

if TYPE_CHECKING:
    from restorer.photo.edits import Edit
    from restorer.pipeline.finish import Finish
    from ui.model.marked_damage import MarkedDamage

FINISH_STEP, NO_MERGING = 1, -1  # kinds of steps, as Qt asks for them before it merges two
MOST_STEPS = 50
MOST_RECENT = 3  # photos, those seen or restored last, that have their results in memory


class HistoryCommand(QUndoCommand):
    """From one snapshot of a document to another. is_applied: the document is at `after` already, so the
    first redo, which QUndoStack.push calls, has nothing to do."""

    def __init__(
        self,
        runs: RunController,
        document: Document,
        before: Snapshot,
        after: Snapshot,
        text: Callable[[], str],
        is_applied: bool,
        merges: bool = False,
    ) -> None:
        """merges: becomes one with the step before it, where that is a step of strength and grain too."""
        super().__init__(text())
        self._runs, self._document, self._is_applied = runs, document, is_applied
        self.before, self.after, self._text, self._merges = before, after, text, merges

    def id(self) -> int:
        is_finish = self.after.outcome is self.before.outcome and self.after.finish != self.before.finish
        return FINISH_STEP if is_finish else NO_MERGING

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, HistoryCommand) or not other._merges:
            return False
        begin, self.after = self.before.finish, other.after
        finish = self.after.finish
        self._text = lambda: phrases.finish_name(begin, finish)
        self.retranslate()
        self.setObsolete(begin == finish)
        return True

    def redo(self) -> None:
        if not self._is_applied:
            self._runs.photos.change(self._document, self.after)
        self._is_applied = False

    def undo(self) -> None:
        self._runs.photos.change(self._document, self.before)

    def retranslate(self) -> None:
        """Name the step in the language that the window has now."""
        self.setText(self._text())


def snapshots(document: Document) -> list[Snapshot]:
    """Where the steps of a photo's history lead, the place before the first one included; in the order of
    the stack's indices."""
    steps = [document.stack.command(place) for place in range(document.stack.count())]
    commands = [step for step in steps if isinstance(step, HistoryCommand)]
    return [step.before for step in commands[:1]] + [step.after for step in commands]


def steps_of(document: Document) -> list[tuple[Snapshot, Snapshot]]:
    """The steps of a photo's history, done and undone: from where to where."""
    steps = [document.stack.command(place) for place in range(document.stack.count())]
    return [(step.before, step.after) for step in steps if isinstance(step, HistoryCommand)]


def _result_name(document: Document, after: Snapshot) -> str:
    """The step to a result, called by what tells it from the one before. Before the step is taken, what was
    undone is no part of the history any more."""
    steps = snapshots(document)
    places = [place for place, step in enumerate(steps) if step.outcome is after.outcome]
    earlier = steps[: places[0] if places else document.stack.index() + 1]
    return result_name(after, [step for step in earlier if step.record is not None])


class History(QObject):
    """All histories of one run controller."""

    stepping = Signal()  # an edit or another finish is on its way: a tool with steps of its own ends here

    def __init__(self, runs: RunController) -> None:
        super().__init__(runs)
        self._runs = runs
        self.group = QUndoGroup(self)
        self.result_cache = ResultCache(self)
        self._keys: set[int] = set()  # of the photos that have results
        self._lent: QUndoStack | None = None  # a tool's, while it is open
        self._recent: list[Document] = []  # the photos that were seen or restored last, the last one first
        self.result_cache.stored.connect(self._on_stored)
        self.result_cache.refused.connect(runs.warned)
        runs.closed.connect(self.result_cache.close)
        runs.finished.connect(self._on_finished)
        runs.session.current_changed.connect(self._on_current)
        runs.session.changed.connect(self._on_changed)
        runs.session.row_changed.connect(self._on_row)
        runs.session.picked.connect(self._on_picked)

    def edit(self, *edits: Edit) -> None:
        """Edit the photo in view, if it is at rest; its result goes, undo brings it back.

        What would change nothing is left out, so that no result goes for it.
        """
        self.stepping.emit()
        document = self._at_rest()
        if document is None or document.photo is None or not edits:
            return
        from restorer.photo.edits import changes

        photo = document.photo
        done = [edit for edit in edits if changes(photo, edit)]
        if not done:
            self._runs.noted.emit(self.tr("Nothing was changed: the photo is like that already."))
            return
        after = Snapshot((*document.edits, *done), marked=self._carried(document, tuple(done)))
        self._edit(document, after, lambda: phrases.edit_name(done[-1]))

    def toggle_grey(self) -> None:
        """Black and white, or colour again where that was taken from the photo in view."""
        from restorer.photo.edits import Grey

        self.stepping.emit()
        document = self._at_rest()
        if document is None or Grey() not in document.edits:
            self.edit(Grey())
            return
        edits = tuple(edit for edit in document.edits if edit != Grey())
        after = Snapshot(edits, marked=document.marked)
        self._edit(document, after, lambda: self.tr("In colour again"))

    def _edit(self, document: Document, after: Snapshot, text: Callable[[], str]) -> None:
        had_result = document.record is not None
        self._push(document, document.snapshot(), after, text)
        if had_result:
            self._runs.noted.emit(
                self.tr(
                    "The result shows the photo as it was before. It is kept: undo brings it back (Ctrl+Z)."
                )
            )

    def _carried(self, document: Document, edits: tuple[Edit, ...]) -> MarkedDamage | None:
        """What is marked as damage goes with its photo."""
        if document.marked is None:
            return None
        try:
            return document.marked.after(edits)
        except PhotoError as error:
            self._runs.warned.emit(engine_message(error))
            return None

    def mark(self, document: Document, before: MarkedDamage | None) -> None:
        """Damage was marked: `before` is what was marked when the person began."""
        if document.marked is before:
            return
        after = document.snapshot()
        self._push(document, replace(after, marked=before), after, phrases.marking_name, is_applied=True)

    def lend(self, stack: QUndoStack | None) -> None:
        """Undo and redo belong to a tool with steps of its own; None gives them back to the photo."""
        self._lent = stack
        self._update_active_stack()

    def finish(self, finish: Finish, merges: bool = False) -> None:
        """Take another strength or grain for the result in view, if its photo is at rest. merges: it is one
        step with the last one, as of a slider that moves on."""
        self.stepping.emit()
        document = self._at_rest()
        if document is None or document.record is None or finish == document.finish:
            return
        before = document.snapshot()
        after = replace(before, finish=finish)
        text = partial(phrases.finish_name, before.finish, finish)
        self._push(document, before, after, text, merges=merges)

    def _at_rest(self) -> Document | None:
        document = self._runs.session.current
        return document if document is not None and document.at_rest else None

    @Slot(object)
    def _on_finished(self, document: Document) -> None:
        after = document.snapshot()
        if after.record is not None:
            self.result_cache.try_again()
            name = partial(_result_name, document, after)
            self._push(document, document.before_run, after, name, is_applied=True)
            document.before_run = Snapshot()  # which kept a result in memory

    def _push(
        self,
        document: Document,
        before: Snapshot,
        after: Snapshot,
        text: Callable[[], str],
        is_applied: bool = False,
        merges: bool = False,
    ) -> None:
        if document.stack.count() == 0:
            document.stack.setUndoLimit(MOST_STEPS)
        step = HistoryCommand(self._runs, document, before, after, text, is_applied, merges)
        document.stack.push(step)
        self._free_memory(document)
        self._update_active_stack()

    def put_back(
        self, document: Document, steps: list[tuple[Snapshot, Snapshot]], index: int, now: Snapshot
    ) -> None:
        """Give a photo the history that it had, `index` steps of it done, and let it stand where it stood."""
        for before, after in steps:
            name = partial(self._step_name, document, before, after)
            self._push(document, before, after, name, is_applied=True)
        document.stack.setIndex(index)
        document.restore_snapshot(now)
        self._free_memory(document)

    def _step_name(self, document: Document, before: Snapshot, after: Snapshot) -> str:
        if after.outcome is not None and after.outcome is not before.outcome:
            return _result_name(document, after)
        if after.finish != before.finish:
            return phrases.finish_name(before.finish, after.finish)
        if len(after.edits) > len(before.edits):
            return phrases.edit_name(after.edits[-1])
        if after.edits == before.edits:
            return phrases.marking_name()
        return self.tr("In colour again")

    def retranslate(self) -> None:
        """Name all steps in the language that the window has now."""
        for document in self._runs.session.documents:
            self._retranslate(document.stack)

    def _retranslate(self, stack: QUndoStack) -> None:
        for place in range(stack.count()):
            command = stack.command(place)
            if isinstance(command, HistoryCommand):
                command.retranslate()

    @Slot(object)
    def _on_picked(self, document: Document) -> None:
        """The step of the variations is called after the one that was picked."""
        stack = document.stack
        self._retranslate(stack)
        # Qt says nothing when a step's text changes, and the panel and the menu show what was said last.
        stack.undoTextChanged.emit(stack.undoText())
        stack.redoTextChanged.emit(stack.redoText())
        stack.indexChanged.emit(stack.index())

    @Slot(object)
    def _on_changed(self, document: Document) -> None:
        if document.running:
            self._note_seen(document)
        self._free_memory(document)
        self._update_active_stack()

    @Slot()
    def _on_current(self) -> None:
        if self._runs.session.current is not None:
            self._note_seen(self._runs.session.current)
        self._update_active_stack()

    def _note_seen(self, document: Document) -> None:
        """A photo is seen or restored; the one for which that is longest ago need not stay in memory."""
        if document in self._recent[:1]:
            return
        self._recent = [document, *(other for other in self._recent if other is not document)]
        all_may_go, self._recent = self._recent[MOST_RECENT:], self._recent[:MOST_RECENT]
        for other in all_may_go:
            self._free_memory(other)

    def _may_leave_memory(self, document: Document) -> bool:
        """Whether a photo is out of view and has to be fetched anyway when it comes back."""
        session = self._runs.session
        is_near = document is session.current or document in self._recent
        return not is_near and not document.queued and document.state is DocumentState.WAITING

    @Slot(object)
    def _on_stored(self, record: Result) -> None:
        for document in self._runs.session.documents:
            if record in document.results:
                self._free_memory(document)

    @Slot()
    def _on_row(self) -> None:
        """The files of a photo that was closed go with it."""
        documents = self._runs.session.documents
        self._recent = [document for document in self._recent if document in documents]
        closed_keys = self._keys - {document.key for document in documents}
        for key in closed_keys:
            self.result_cache.forget_photo(key)
        self._keys -= closed_keys

    def _free_memory(self, document: Document) -> None:
        """Let memory go of what is not in view, and let go for good of what no step leads to."""
        in_view = document.snapshot().records
        spare = document.before_run.records if document.running else ()
        past = document.results
        history = [record for snapshot in snapshots(document) for record in snapshot.records]
        document.results = last_seen_first(past, in_view, [*spare, *history])
        for record in set(past).difference(document.results):
            self.result_cache.forget(record)
            document.forget(record)
        all_may_go = self._may_leave_memory(document)
        for record in document.results if all_may_go else to_move_to_disk(document.results, in_view, spare):
            self._keys.add(document.key)
            self.result_cache.move_to_disk(record, document.key)

    @Slot()
    def _update_active_stack(self) -> None:
        """Undo belongs to the photo in view, and waits while something is done with it. Where the photo
        cannot be shown as it stands, a step may lead to where it can."""
        if self._lent is not None:
            self.group.addStack(self._lent)
            self.group.setActiveStack(self._lent)
            return
        document = self._runs.session.current
        can_step = document is not None and (document.at_rest or document.state is DocumentState.FAILED)
        if document is not None and can_step and not document.queued:
            # Of a stack that is active but no member, the group would not learn that it is deleted.
            self.group.addStack(document.stack)
            self.group.setActiveStack(document.stack)
        else:
            self.group.setActiveStack(None)  # type: ignore[arg-type]  # Qt means it, the stubs do not
