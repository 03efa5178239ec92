"""Asks what becomes of the runs before the window closes, as the folder's window asks for its own.

In: the wish to close. Out: the window closes at once where nothing is at work; else a question with three
answers: keep the runs for the next start, discard them, or go back. Whoever keeps a run closes without
waiting, for its state lies on disk; one that is discarded ends first.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from ui.app_core import AppCore
from ui.controllers.job_queue import JobKind
from ui.widgets.plain_text import PlainMessageBox

ASKED_ABOUT = (JobKind.RESTORE, JobKind.VARIATIONS, JobKind.RESUME, JobKind.GENERATE)
"""A region takes seconds to try again, and a folder has a window that asks."""


class RunAnswer(Enum):
    """What becomes of the runs."""

    KEEP = auto()
    DISCARD = auto()
    GO_BACK = auto()


class RunQuestion(PlainMessageBox):
    """Runs are at work, and the window is about to close. The box deletes itself."""

    answered = Signal(object)

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle(self.tr("A run is not finished"))
        self.setText(text)
        self.setInformativeText(
            self.tr("What is done so far can be kept. At the next start Restorer offers to go on from there.")
        )
        self.keep: QPushButton = self.addButton(
            self.tr("Keep and continue next time"), QMessageBox.ButtonRole.AcceptRole
        )
        self.discard: QPushButton = self.addButton(self.tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        back = self.addButton(self.tr("Go back"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.keep)
        self.setEscapeButton(back)
        self.finished.connect(self._tell)
        self.finished.connect(self.deleteLater)

    def _tell(self) -> None:
        clicked = self.clickedButton()
        answers = {self.keep: RunAnswer.KEEP, self.discard: RunAnswer.DISCARD}
        self.answered.emit(answers.get(clicked, RunAnswer.GO_BACK))  # type: ignore[call-overload]


class QuitQuestion(QObject):
    """Serves one window; `parent` is what the question opens over. Implements
    `ui.widgets.protocols.Closable`."""

    stayed = Signal()  # the person goes back
    _at_rest = Signal()

    def __init__(self, core: AppCore, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent, self._core = parent, core
        self._then: Callable[[], object] | None = None
        self._question: RunQuestion | None = None
        self.keeps = False  # the person wants to go on next time
        core.runs.queue.changed.connect(self._on_queue)
        core.recorder.flushed.connect(self._on_flushed)
        # Not at once: the queue is in the middle of its work.
        self._at_rest.connect(self._go_on, Qt.ConnectionType.QueuedConnection)

    def ask_before_close(self, then: Callable[[], object]) -> bool:
        if self.keeps or not self._at_work():
            return False
        self._then = then
        if self._question is not None:
            self._question.raise_()
            return True
        self._question = question = RunQuestion(self._parent, self._sentence())
        question.answered.connect(self._on_answer)
        question.open()
        return True

    def keep_open(self) -> None:
        self.keeps, self._then = False, None
        self._core.keep_session(False)

    def shut(self) -> bool:
        return True

    def keep(self) -> None:
        """Ask nothing: what is at work goes on next time."""
        self.keeps = True

    def _at_work(self) -> bool:
        queue = self._core.runs.queue
        jobs = (*queue.waiting, *([queue.active] if queue.active is not None else []))
        return any(job.kind in ASKED_ABOUT for job in jobs)

    def _sentence(self) -> str:
        running = self._core.session.running()
        waiting = len(self._core.runs.queue.documents)
        if running is None and not waiting:
            return self.tr("Pictures are still being made.")
        if running is not None and not waiting:
            return self.tr("{0} is still being restored.").format(running.name or self.tr("Pasted picture"))
        return self.tr("%n photo(s) are still to be restored.", "", waiting + (running is not None))

    @Slot(object)
    def _on_answer(self, answer: RunAnswer) -> None:
        self._question = None
        if answer is RunAnswer.KEEP:
            self.keeps = True
            self._core.recorder.flush()  # `_on_flushed` follows
        elif answer is RunAnswer.GO_BACK:
            self._then = None
            self.stayed.emit()
        else:
            self._core.runs.stop_all()
            self._core.generation.cancel()
            self._on_queue()

    @Slot()
    def _on_flushed(self) -> None:
        """All that is open lies on disk, or what cannot is asked about next."""
        self._core.keep_session(self.keeps and self._core.recorder.is_safe)
        self._go_on()

    @Slot()
    def _on_queue(self) -> None:
        if self._then is not None and self._question is None and not self._at_work():
            self._at_rest.emit()

    @Slot()
    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
