"""Tells the person that a long run has ended, when another window is in front.

In: the end of runs. Out: a message of the system, by whichever way works here, and a call for attention in
the task bar. One message for a whole line of photos, or for a folder, not one for each photo; it says how
many were done and how many failed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from ui.app_core import AppCore
from ui.model.document import Document
from ui.system.notifications import Deliver, deliver

LONG_SECONDS = 15.0


@dataclass
class Outcome:
    """What came of the runs since the last message; failed: a sentence for each."""

    seconds: float = 0.0
    restored: list[str] = field(default_factory=list)
    made: int = 0
    failed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.restored or self.made or self.failed)


class Notifier(QObject):
    """Listens to one core for one window, and is told of folders."""

    def __init__(self, core: AppCore, window: QWidget, by: Deliver = deliver) -> None:
        super().__init__(window)
        self._window, self._runs = window, core.runs
        self.deliver = by
        self._outcome = Outcome()
        core.runs.finished.connect(self._on_finished)
        core.runs.failed.connect(self._on_failed)
        core.runs.queue.changed.connect(self._on_queue_changed)
        core.generation.finished.connect(self.on_generated)

    @Slot(object)
    def _on_finished(self, document: Document) -> None:
        if document.varied is not None:  # it holds the first of them as its result
            seconds = sum(done.seconds for done in document.varied.dones)
        else:
            seconds = document.record.figures.seconds if document.record is not None else 0.0
        self._outcome.seconds += seconds
        self._outcome.restored.append(document.name or self.tr("The picture"))

    @Slot(str, int, float)
    def on_generated(self, name: str, count: int, seconds: float) -> None:
        """Pictures of a class are there."""
        self._outcome.seconds += seconds
        self._outcome.made += count

    @Slot(object)
    def _on_failed(self, document: Document) -> None:
        self._outcome.seconds += LONG_SECONDS  # whoever left the window wants to know of this at any rate
        self._outcome.failed.append(document.problem)

    @Slot()
    def _on_queue_changed(self) -> None:
        """Say what came of the photos when none waits or is in work, whichever way the last one ended."""
        if self._runs.queue.has_photos:
            return
        outcome, self._outcome = self._outcome, Outcome()
        if outcome:
            self._tell(self._window, outcome.seconds, *self._words(outcome))

    @Slot(object, int, int, float, str)
    def on_folder(self, window: QWidget, done: int, failed: int, seconds: float, problem: str) -> None:
        """A folder job has ended in `window`, by itself. problem: why it broke off, or empty."""
        if problem:
            self._tell(window, LONG_SECONDS, self.tr("Restorer could not finish"), problem)
        elif done or failed:
            outcome = Outcome(seconds, restored=[""] * done, failed=[""] * failed)
            self._tell(window, seconds, *self._words(outcome))

    def _words(self, outcome: Outcome) -> tuple[str, str]:
        """Title and text of a message."""
        restored, failed = len(outcome.restored), len(outcome.failed)
        parts = []
        if restored == 1 and outcome.restored[0] and not outcome.made and not failed:
            parts.append(self.tr("{0} is restored.").format(outcome.restored[0]))
        elif restored:
            parts.append(self.tr("%n photo(s) restored.", "", restored))
        if outcome.made:
            parts.append(self.tr("%n picture(s) made.", "", outcome.made))
        if failed == 1 and outcome.failed[0] and not parts:
            return self.tr("Restorer could not finish"), outcome.failed[0]
        title = self.tr("Restorer has finished") if parts else self.tr("Restorer could not finish")
        if failed:
            parts.append(self.tr("%n photo(s) could not be restored.", "", failed))
        return title, " ".join(parts)

    def _tell(self, window: QWidget, seconds: float, title: str, text: str) -> None:
        if seconds < LONG_SECONDS or window.isActiveWindow() or not self._runs.preferences.notify:
            return
        QApplication.alert(window)
        self.deliver(title, text)
