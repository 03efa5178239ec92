"""How fast this machine is, measured once before the first run says it.

In: a measurement in the engine's thread, or one that an earlier start left on disk. Out: a guess for the
estimates of a run controller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from restorer.pipeline.forecast import machine_speed
from ui.controllers.run_controller import RunController
from ui.workers.messages import MeasureRequest

if TYPE_CHECKING:
    from restorer.pipeline.forecast.estimates import Observation


class MachineSpeed(QObject):
    """Tells the estimates of a run controller how fast this machine is, before the first run does."""

    def __init__(self, runs: RunController) -> None:
        super().__init__(runs)
        self._runs = runs
        runs.engine.measured.connect(self._on_measured)

    def recall(self) -> bool:
        """Take what was measured at an earlier start; False where there is nothing."""
        seen = machine_speed.remembered(self._runs.preferences.device)
        self._on_measured(seen)
        return seen is not None

    def learn(self) -> None:
        """Measure in the engine's thread, where nothing is remembered and no run wants the engine."""
        runs = self._runs
        if not self.recall() and runs.queue.active is None and not runs.engine.busy:
            runs.engine.measure(MeasureRequest(runs.preferences.device, runs.preferences.threads))

    @Slot(object)
    def _on_measured(self, seen: Observation | None) -> None:
        if seen is not None:
            self._runs.estimates.machine = seen
            self._runs.learned.emit()
