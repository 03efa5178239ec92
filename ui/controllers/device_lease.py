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
    from ui.controllers.generation import GenerationController
    from ui.controllers.run_controller import RunController


class DeviceLease(QObject):
    """A folder job's end of it; without a run controller there is nobody to wait for."""

    granted = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        runs: RunController | None = None,
        generation: GenerationController | None = None,
    ) -> None:
        super().__init__(parent)
        self._runs, self._generation = runs, generation
        self.waiting = self.active = False
        if runs is not None:
            runs.queue.let_claim(Claim.FOLDER, self._look)

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
        if self.active:
            self._set_active(False)
            if self._runs is not None:
                self._runs.queue.go_on()

    def _look(self) -> None:
        if not self.waiting or not (self.active or self._free()):
            return
        self.waiting = False
        self._set_active(True)
        self.granted.emit()

    def _free(self) -> bool:
        runs, generation = self._runs, self._generation
        if runs is None:
            return True
        ahead = runs.queue.waiting or (generation is not None and generation.waiting is not None)
        return not ahead and not runs.engine.busy

    def _set_active(self, on: bool) -> None:
        if on == self.active:
            return
        self.active = on
        if self._runs is not None:
            self._runs.engine.lent = on
            if self._runs.session.current is not None:
                self._runs.session.current.notify()  # the strip says whom it waits for
        if self._generation is not None:
            self._generation.changed.emit()
