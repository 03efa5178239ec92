"""Saving all results at once, and the one question before several unsaved ones are lost.

In: the window's results that lie in no file, and a folder. Out: writes in the files' thread as the settings
want them, one after the other, so that opening a photo need not wait for all; each under a name that is free
when its turn comes, so nothing is ever overwritten. In the end one sentence says how many were saved and
which were not. What was to follow, closing for one, follows only if all were.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from restorer.files.naming import unused
from restorer.paths import home
from ui.core import AppCore
from ui.model.document import Document
from ui.model.output_name import suggested_name
from ui.saving.save_controller import Deed, SaveController
from ui.widgets.dialogs import Answer, UnsavedQuestion, folder_dialog
from ui.widgets.protocols import Messages
from ui.workers.messages import FileFailure, Written

if TYPE_CHECKING:
    from restorer.pipeline.events import Done
    from ui.workers.result_store import Stored

NAMED = 5  # more names than these are counted


@dataclass(frozen=True)
class Turn:
    """What is being written, and where."""

    document: Document
    done: Done | Stored
    path: Path


class AllSaver(QObject):
    """Asks and saves for one window; `parent` is what the dialogs open over."""

    asking = Signal()  # about restored photos, which should be in view
    stayed = Signal()  # what was to follow does not

    def __init__(self, core: AppCore, saver: SaveController, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent, self._saver, self._messages = parent, saver, messages
        self._workshop, self._generation = core.runs, core.generation
        self._folder: Path | None = None
        self._todo: deque[Document] = deque()
        self._turn: Turn | None = None
        self._saved = 0
        self._failed: list[tuple[str, str]] = []  # name, sentence
        self._deed: Deed | None = None
        core.save_events.written.connect(self._on_written)
        core.save_events.failed.connect(self._on_failed)

    def shut(self) -> bool:
        return True

    def ask_before_close(self, then: Deed) -> bool:
        """Whether restored photos would be lost; if so the person is asked once for all of them and for the
        kept pictures of the other side, and `then` follows if they agree."""
        photos = self._workshop.session.unsaved()
        if self._turn is not None:
            self._deed = then  # it waits until all is written
            return True
        if not photos:
            return False
        self.asking.emit()
        discard = self.tr("Close without saving")
        lost = self._unsaved(everything=True)
        if len(lost) < 2:
            self._workshop.session.show(photos[0])
            self._saver.before(then, photos[0], discard)
            return True
        self._deed = then
        text = self.tr("Save %n unsaved result(s) first?", "", len(lost))
        question = UnsavedQuestion(self._parent, text, discard, self.tr("Save all…"))
        question.setInformativeText(
            self.tr("These lie in no file yet: {0}.").format(self._listed([self._name(one) for one in lost]))
        )
        question.answered.connect(self._on_answer)
        question.finished.connect(question.deleteLater)
        question.open()
        return True

    @Slot()
    def ask_folder(self) -> None:
        """Ask for a folder, then save every restored photo that lies in no file."""
        dialog = folder_dialog(self._parent, self._likely_folder(), self.tr("Folder for the results"))
        dialog.fileSelected.connect(self.save_to)
        dialog.rejected.connect(self._forget)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def save_to(self, folder: str) -> None:
        """Write them into a folder that is there."""
        self._folder = Path(folder)
        waiting = [*self._todo, *([self._turn.document] if self._turn is not None else [])]
        self._todo.extend(one for one in self._unsaved(self._deed is not None) if one not in waiting)
        if self._turn is None:
            self._saved, self._failed = 0, []
            self._next()

    def _unsaved(self, everything: bool) -> list[Document]:
        """Restored photos whose result lies in no file; `everything`: and kept pictures, which closing would
        lose."""
        photos = [document for document in self._workshop.session.documents if document.unsaved]
        return [*photos, *(self._generation.unsaved() if everything else ())]

    def _likely_folder(self) -> Path:
        """The folder of the last time, or else that of the first photo."""
        paths = [document.path for document in self._unsaved(everything=False) if document.path is not None]
        return self._folder or (paths[0].parent if paths else home())

    def _name(self, document: Document) -> str:
        return document.name or self.tr("Pasted picture")

    def _listed(self, names: Sequence[str]) -> str:
        text = ", ".join(names[:NAMED])
        more = len(names) - NAMED
        return text if more <= 0 else self.tr("{0} and %n more", "", more).format(text)

    # One after the other ---------------------------------------------------------------------

    def _next(self) -> None:
        """Begin with the next that is still to be saved; after the last one, tell."""
        self._turn = None
        output = self._workshop.preferences.output
        while self._todo and self._turn is None:
            document = self._todo.popleft()
            if document in self._unsaved(everything=True) and document.held is not None:
                assert self._folder is not None, "a folder was asked for"
                path = unused(self._folder / suggested_name(document, output))
                self._turn = Turn(document, document.held.what, path)
                self._workshop.write(document, self._turn.done, path, False, document.output(output))
                place = self._saved + len(self._failed) + 1
                count = place + len(self._todo)
                text = self.tr("Saving {0}, {1} of {2}…").format(path.name, place, count)
                self._messages.status(text)
        if self._turn is None:
            self._end()

    @Slot(object)
    def _on_written(self, written: Written) -> None:
        turn = self._turn
        if turn is not None and written.done is turn.done and written.path == turn.path:
            self._saved += 1
            self._next()

    @Slot(object)
    def _on_failed(self, failure: FileFailure) -> None:
        turn = self._turn
        if turn is not None and failure.path == turn.path:
            self._failed.append((self._name(turn.document), failure.message))
            self._next()

    def _end(self) -> None:
        """Say what was done. A deed that would lose what was not saved is forgotten."""
        said = self.tr("%n result(s) saved in {0}.", "", self._saved).format(self._folder)
        if self._failed:
            self._forget()
            names = self._listed([name for name, _ in self._failed])
            lost = self.tr("Not saved: {0}.").format(names)
            parts = [said] if self._saved else []
            self._messages.error("  ".join([*parts, lost, self._failed[0][1]]))
            return
        if self._saved:
            self._messages.info(said)
        self._do()

    # Answers ---------------------------------------------------------------------------------

    @Slot(object)
    def _on_answer(self, answer: Answer) -> None:
        if answer is Answer.SAVE:
            self.ask_folder()
        elif answer is Answer.DISCARD:
            for document in (*self._workshop.session.unsaved(), *self._generation.unsaved()):
                document.given_up = True
            self._do()
        else:
            self._forget()

    @Slot()
    def _forget(self) -> None:
        """What was to follow does not."""
        self._deed = None
        self.stayed.emit()

    def _do(self) -> None:
        deed, self._deed = self._deed, None
        if deed is not None:
            deed()
