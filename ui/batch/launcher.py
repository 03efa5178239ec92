"""The way from the main window to the batch window: one at a time, opened by the menu.

In: the core, and the wish to open it or to close the app. Out: the window; what its job came to, as signals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from restorer.preferences import Preferences
from ui.app_core import AppCore
from ui.model.options import RestoreOptions
from ui.widgets.window_launcher import WindowLauncher

if TYPE_CHECKING:
    from ui.batch.window import BatchWindow


class BatchLauncher(WindowLauncher["BatchWindow"]):
    """Opens the batch window. It asks before it closes on a folder that is being restored."""

    ran = Signal(object, int, int, float, str)  # the window, then as `BatchWindow.ran`

    def __init__(self, core: AppCore, scales: tuple[int, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._core = core
        self.model: str | None = None  # a pack by name, instead of the one that ships
        self._scales = scales
        self.options: Callable[[], RestoreOptions] = RestoreOptions  # how the main window is set

    @Slot()
    def open(self) -> BatchWindow:
        """Show the window, a new one if there is none."""
        from ui.batch.window import BatchWindow  # whoever restores one photo does not wait for it

        if self.window_ is not None and self.window_.isHidden():
            self.window_.finish()  # it was closed, and still ends what it did
        if self.window_ is None:
            self.window_ = BatchWindow(
                self._scales,
                self._core.store,
                self.model,
                self._current_preferences,
                self._core.lease,
                self.options(),
            )
            self.window_.closed.connect(self._on_closed)
            self.window_.ran.connect(self._on_ran)
            self.window_.stop_refused.connect(self._on_stayed)
        return self._bring_forward(self.window_)

    @Slot()
    def go_on(self) -> None:
        """Show the window, and begin what was interrupted."""
        self.open().go_on()

    def _must_stay(self) -> bool:
        return self.window_ is not None and self.window_.host.working and super()._must_stay()

    def shut(self) -> bool:
        """Close the window with the application; False if it is at work and asks first."""
        if self.window_ is not None and not self.window_.isHidden() and not self.window_.close():
            return False
        if self.window_ is not None:
            self.window_.finish()  # what it still ends does not outlive the application
        return True

    def _current_preferences(self) -> Preferences:
        return self._core.runs.preferences

    @Slot(int, int, float, str)
    def _on_ran(self, done: int, failed: int, seconds: float, problem: str) -> None:
        if self.window_ is not None:
            self.ran.emit(self.window_, done, failed, seconds, problem)
