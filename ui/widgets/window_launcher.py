"""What opens another window, one at a time, and closes it with the main window.

In: a window that says `closed`, and that it stays open though it was asked to close. Out: the window, and the
three questions of `ui.widgets.protocols.Closable`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


class WindowLauncher(QObject, Generic[W]):
    """Holds the window while it is open; a subclass makes it, and says when it may close."""

    stayed = Signal()  # the app was to be closed, and is not

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._then: Callable[[], object] | None = None
        self.window_: W | None = None

    def _bring_forward(self, window: W) -> W:
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def _must_stay(self) -> bool:
        """Whether the window has something to lose, and has asked the person about it."""
        return self.window_ is not None and not self.window_.close()

    def ask_before_close(self, then: Callable[[], object]) -> bool:
        """Whether the person is asked first; `then` follows if they agree to close."""
        if not self._must_stay():
            return False
        self._then = then
        return True

    def keep_open(self) -> None:
        """The main window stays open."""
        self._then = None

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
