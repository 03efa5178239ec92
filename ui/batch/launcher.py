"""The way from the main window to the batch window: one at a time, opened by the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Slot
from PySide6.QtWidgets import QWidget

from restorer.preferences import Preferences
from ui.controllers.device_lease import Turn

if TYPE_CHECKING:
    from ui.batch.window import BatchWindow
    from ui.main_window.window import Window


class BatchLauncher(QWidget):
    """Never shown itself; it belongs to the main window and opens the other."""

    def __init__(self, scales: tuple[int, ...], store: QSettings, parent: Window) -> None:
        super().__init__(parent)
        self.hide()
        self._workshop = parent.workshop
        self.turn = Turn(self, parent.workshop, parent.studio)
        self._leaving = parent.leaving
        self._deed: Callable[[], object] | None = None
        self._notifier = parent.desk.notifier
        self.model: str | None = None  # a pack by name, instead of the one that ships
        self.window_: BatchWindow | None = None
        self._scales = scales
        self._store = store

    @Slot()
    def open(self) -> BatchWindow:
        """Show the window, a new one if there is none."""
        from ui.batch.window import BatchWindow  # whoever restores one photo does not wait for it

        if self.window_ is not None and self.window_.isHidden():
            self.window_.finish()  # it was closed, and still ends what it did
        if self.window_ is None:
            self.window_ = BatchWindow(self._scales, self._store, self.model, self._settled, self.turn)
            self.window_.closed.connect(self._on_closed)
            self.window_.ran.connect(self._on_ran)
            self.window_.stays.connect(self._on_stays)
        self.window_.show()
        self.window_.raise_()
        self.window_.activateWindow()
        return self.window_

    def asks(self, deed: Callable[[], object]) -> bool:
        """Whether a folder is being restored; if so the person is asked, and `deed` follows if they agree to
        stop."""
        if self.window_ is None or not self.window_.host.working or self.window_.close():
            return False
        self._deed = deed
        return True

    def shut(self) -> bool:
        """Close the window with the application; False if it is at work and asks first."""
        if self.window_ is not None and not self.window_.isHidden() and not self.window_.close():
            return False
        if self.window_ is not None:
            self.window_.finish()  # what it still ends does not outlive the application
        return True

    def _settled(self) -> Preferences:
        return self._workshop.preferences

    @Slot(int, int, float, str)
    def _on_ran(self, done: int, failed: int, seconds: float, problem: str) -> None:
        if self.window_ is not None:
            self._notifier.on_folder(self.window_, done, failed, seconds, problem)

    @Slot()
    def _on_closed(self) -> None:
        if self.window_ is not None:
            self.window_.deleteLater()
            self.window_ = None
        deed, self._deed = self._deed, None
        if deed is not None:
            deed()

    @Slot()
    def _on_stays(self) -> None:
        if self._deed is not None:
            self._deed = None
            self._leaving.stay()
