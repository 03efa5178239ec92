"""The way out of the window: what is asked first, one after the other, and what is waited for.

In: the wish to close. Out: whether the window may, or else a question or a wait after which it closes by
itself. The folder's window is asked first. Where the person stays after all, what was given up so that the
window could close counts again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ui.settings import ui_state

if TYPE_CHECKING:
    from ui.main_window.window import Window
    from ui.workers.messages import FileFailure


class CloseGuard(QObject):
    """Serves one window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._waits = False  # until the files that are wanted are written
        window.saver.stayed.connect(self.stay)
        # After the savers, which are connected already: what they begin next is waited for, too.
        window.workshop.files.written.connect(self._on_written)
        window.workshop.files.failed.connect(self._on_failed)

    def leave(self) -> bool:
        """Remember what is to be remembered and end all that goes, if the window may close now."""
        window = self._window
        if self._held_up() or not window.batch.shut():
            return False
        ui_state.keep_wishes(window.store, *window.generate.remembered)
        ui_state.keep(window.store, window.panel.settings, window.saveGeometry(), window.retouch.shown)
        window.hide()
        window.actions_.close_windows()
        window.workshop.close()
        return True

    def _held_up(self) -> bool:
        """Whether something is asked or waited for first."""
        window, again = self._window, self._window.close
        self._waits = False
        if window.batch.asks(again):
            return True
        if window.workshop.files.writing:
            self._waits = True
            window.rooms.strip.say(self.tr("The window closes as soon as everything is saved."), aloud=True)
            return True
        return window.all_saver.asks(again) or window.generate.saver.asks(again)

    @Slot()
    def stay(self) -> None:
        """The window is not closed after all."""
        self._waits = False
        for document in (*self._window.session.documents, *self._window.studio.pictures):
            document.take_back()

    @Slot()
    def _on_written(self) -> None:
        if self._waits and not self._window.workshop.files.writing:
            self._window.close()

    @Slot(object)
    def _on_failed(self, failure: FileFailure) -> None:
        """The workshop says why; whoever reads it still has the window."""
        if self._waits and not failure.reading:
            self.stay()
