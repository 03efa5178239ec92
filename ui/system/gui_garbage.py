"""Cyclic garbage is collected in the GUI thread only.

Python collects cycles in whichever thread happens to allocate at that moment. If
that is the engine's and the garbage holds a widget, Qt destroys the widget in the
wrong thread. So the automatic collection is off and a timer of the GUI thread does
the same work by the same thresholds.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 500


class GuiGarbage(QObject):
    """Collects for as long as it lives; `stop` gives the work back to Python."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(INTERVAL_MS)
        gc.disable()

    @Slot()
    def collect(self) -> None:
        """One collection of the oldest generation whose turn it is."""
        due = [
            n
            for n, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > limit
        ]
        if due:
            gc.collect(due[-1])

    def stop(self) -> None:
        self._timer.stop()
        gc.enable()
