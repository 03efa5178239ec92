"""Whose turn it is: the runs of the main window and a folder job share the device, one at a time.

In: a folder job that wants to compute, or rests. Out: `granted` once the window's runs are done. The later
one waits: a folder until the window has nothing in hand and nobody stands in its line, and photos in that
line while a folder has the engine. A folder that is paused gives the engine back for as long as it is.

All of it happens in the GUI thread: EngineHost.busy is what the window asks before it starts a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.controllers.job_queue import Claim

if TYPE_CHECKING:
    from ui.controllers.generation import Studio
    from ui.controllers.run_controller import Workshop


class Turn(QObject):
    """A folder job's end of it; without a workshop there is nobody to wait for."""

    granted = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        workshop: Workshop | None = None,
        studio: Studio | None = None,
    ) -> None:
        super().__init__(parent)
        self._workshop, self._studio = workshop, studio
        self.waiting = self.held = False
        if workshop is not None:
            workshop.line.let_claim(Claim.FOLDER, self._look)

    def ask(self) -> None:
        """Want the engine; `granted` follows, at once if it is free."""
        self.waiting = True
        self._look()

    def leave(self) -> None:
        """Wait no longer."""
        self.waiting = False

    def give_back(self) -> None:
        """The folder computes no more; whoever waits in the window may go on."""
        self.waiting = False
        if self.held:
            self._hold(False)
            if self._workshop is not None:
                self._workshop.line.go_on()

    def _look(self) -> None:
        if not self.waiting or not (self.held or self._free()):
            return
        self.waiting = False
        self._hold(True)
        self.granted.emit()

    def _free(self) -> bool:
        workshop, studio = self._workshop, self._studio
        if workshop is None:
            return True
        ahead = workshop.line.waiting or (studio is not None and studio.waiting is not None)
        return not ahead and not workshop.engine.busy

    def _hold(self, on: bool) -> None:
        if on == self.held:
            return
        self.held = on
        if self._workshop is not None:
            self._workshop.engine.lent = on
            if self._workshop.session.current is not None:
                self._workshop.session.current.notify()  # the strip says whom it waits for
        if self._studio is not None:
            self._studio.changed.emit()
