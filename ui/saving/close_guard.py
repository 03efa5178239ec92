"""The way out of the window: what is asked first, one after the other, and what is waited for.

In: the wish to close. Out: whether the window may, or else a question or a wait after which it closes by
itself. The folder's window is asked first. Where the person stays after all, what was given up so that the
window could close counts again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ui.core import AppCore
from ui.widgets.protocols import Closable, Messages


class PendingWrites(QObject):
    """The files that somebody wants and that are still being written: the window waits for them."""

    stayed = Signal()  # one of them could not be written

    def __init__(self, core: AppCore, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._files, self._messages = core.runs.files, messages
        self._then: Callable[[], object] | None = None
        core.save_events.answered.connect(self._on_answer)

    def ask_before_close(self, then: Callable[[], object]) -> bool:
        if not self._files.writing:
            return False
        self._then = then
        self._messages.status(self.tr("The window closes as soon as everything is saved."), announce=True)
        return True

    def shut(self) -> bool:
        return True

    def forget(self) -> None:
        """Nothing follows any more."""
        self._then = None

    @Slot(bool)
    def _on_answer(self, good: bool) -> None:
        """A file lies there, or does not; whoever reads why still has the window."""
        if self._then is None:
            return
        if not good:
            self.stayed.emit()
        elif not self._files.writing:
            self._then()


class CloseGuard(QObject):
    """Serves one window. `closables` are asked in their order; the window sets them when it is built."""

    def __init__(self, core: AppCore, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._core, self._window = core, window
        self.closables: Sequence[Closable] = ()
        self.pending_writes = PendingWrites(core, messages, self)
        self.pending_writes.stayed.connect(self.stay)

    def may_close(self) -> bool:
        """Whether the window may close now; if not, it closes by itself as soon as all agree."""
        self.pending_writes.forget()
        if any(part.ask_before_close(self._window.close) for part in self.closables):
            return False
        return all(part.shut() for part in self.closables)

    @Slot()
    def stay(self) -> None:
        """The window is not closed after all."""
        self.pending_writes.forget()
        for document in (*self._core.session.documents, *self._core.generation.pictures):
            document.take_back()
