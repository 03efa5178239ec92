"""The way from the main window to the study: one window at a time, opened by the menu or by a start.

In: the core, and the wish to open it or to close the app. Out: the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ui.app_core import AppCore
from ui.widgets.window_launcher import WindowLauncher

if TYPE_CHECKING:
    from ui.study.window import StudyWindow


class StudyLauncher(WindowLauncher["StudyWindow"]):
    """Opens the study. Its window asks before it closes on answers that are in no file."""

    def __init__(self, core: AppCore, parent: QObject) -> None:
        super().__init__(parent)
        self._core = core

    @Slot()
    def open(self) -> StudyWindow:
        """Show the window, a new one if there is none."""
        from ui.study.window import StudyWindow  # whoever restores a photo does not wait for it

        if self.window_ is None:
            self.window_ = StudyWindow(self._core)
            self.window_.closed.connect(self._on_closed)
            self.window_.stayed.connect(self._on_stayed)
        return self._bring_forward(self.window_)

    def shut(self) -> bool:
        """Close the window with the application; False if it asks first."""
        return not self._must_stay()
