"""Decides whether the window may close: asks the parts that have something to lose, one after the other.

In: the wish to close. Out: whether the window may close now. If not, a part asks the person or waits for its
work, and then closes the window, which asks the next part.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from ui.widgets.protocols import Closable


class CloseGuard(QObject):
    """Serves one window. `closables` are asked in their order."""

    def __init__(self, window: QWidget, closables: Sequence[Closable]) -> None:
        super().__init__(window)
        self._window, self._closables = window, closables

    def may_close(self) -> bool:
        """Whether the window may close now; if not, it closes by itself as soon as all agree."""
        if any(part.ask_before_close(self._window.close) for part in self._closables):
            return False
        return all(part.shut() for part in self._closables)

    @Slot()
    def keep_open(self) -> None:
        """The person, or a file that could not be written, keeps the window open."""
        for part in self._closables:
            part.keep_open()
