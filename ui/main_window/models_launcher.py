"""The way from the main window to the Models window: one, made the first time it is asked for.

In: the wish to open it. Out: the window, and what it says, as signals; it stays through a change of language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from ui.model_manager.window import ModelsWindow


class ModelsLauncher(QObject):
    """Opens the Models window over `parent`, and closes it with the app."""

    chosen = Signal(str, int)  # a model to be used, and its enlargement
    removed = Signal(str)  # a model that was removed
    changed = Signal()  # models came or went

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.window_: ModelsWindow | None = None
        self._used = ""

    @Slot(str)
    def show_used(self, name: str) -> None:
        """Mark the model by name that photos are restored with; "" for the usual one."""
        self._used = name
        if self.window_ is not None:
            self.window_.show_used(name)

    @Slot()
    def open(self) -> None:
        from ui.model_manager.window import ModelsWindow  # whoever restores a photo does not wait for it

        if self.window_ is None:
            self.window_ = ModelsWindow(self._parent)
            self.window_.setObjectName("models")
            self.window_.chosen.connect(self.chosen)
            self.window_.removed.connect(self.removed)
            self.window_.changed.connect(self.changed)
        self.window_.show_used(self._used)
        self.window_.refresh()
        self.window_.show()
        self.window_.raise_()
        self.window_.activateWindow()

    def close(self) -> None:
        """Close it; its threads end."""
        if self.window_ is not None:
            self.window_.close()
            self.window_.end()
            self.window_.deleteLater()
            self.window_ = None
