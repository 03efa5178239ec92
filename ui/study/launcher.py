"""The way from the main window to the study: one window at a time, opened by the menu or by a start.

In: the core, and the wish to open it or to close the app. Out: the window.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ui.core import AppCore

if TYPE_CHECKING:
    from ui.study.window import StudyWindow


class StudyLauncher(QObject):
    """Opens the study. Implements `ui.widgets.protocols.Closable`."""

    stayed = Signal()  # the app was to be closed, and is not

    def __init__(self, core: AppCore, parent: QObject) -> None:
        super().__init__(parent)
        self._core = core
        self._then: Callable[[], object] | None = None
        self.window_: StudyWindow | None = None

    @Slot()
    def open(self) -> StudyWindow:
        """Show the window, a new one if there is none."""
        from ui.study.window import StudyWindow  # whoever restores a photo does not wait for it

        if self.window_ is None:
            self.window_ = StudyWindow(self._core)
            self.window_.closed.connect(self._on_closed)
            self.window_.stayed.connect(self._on_stayed)
        self.window_.show()
        self.window_.raise_()
        self.window_.activateWindow()
        return self.window_

    def ask_before_close(self, then: Callable[[], object]) -> bool:
        """Whether answers are in no file; then the person is asked, and `then` follows if they agree."""
        if self.window_ is None or self.window_.close():
            return False
        self._then = then
        return True

    def keep_open(self) -> None:
        self._then = None

    def shut(self) -> bool:
        return self.window_ is None or self.window_.close()

    @Slot()
    def _on_closed(self) -> None:
        if self.window_ is not None:
            self.window_.deleteLater()
            self.window_ = None
        then, self._then = self._then, None
        if then is not None:
            then()

    @Slot()
    def _on_stayed(self) -> None:
        if self._then is not None:
            self._then = None
            self.stayed.emit()
