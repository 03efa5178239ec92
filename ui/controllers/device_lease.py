"""The folder job's place in the queue: it shares the device with the runs of the main window.

In: a folder job that wants to compute, or pauses. Out: `granted` when it is its turn. A folder waits until
the window's runs are done; while it has the device, the window's runs wait. A folder that is paused gives the
device back for as long as it is.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ui.controllers.job_queue import JobKind, JobQueue, QueuedJob


class DeviceLease(QObject):
    """One job of kind FOLDER, which comes and goes; without a queue of others there is nobody to wait for."""

    granted = Signal()

    def __init__(self, queue: JobQueue | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue or JobQueue(self)
        self._job = QueuedJob(kind=JobKind.FOLDER)
        self._queue.set_starter(JobKind.FOLDER, self._start)

    @property
    def waiting(self) -> bool:
        """Whether the folder waits for the device."""
        return self._job in self._queue.waiting

    @property
    def active(self) -> bool:
        """Whether the folder has the device."""
        return self._queue.active is self._job

    def request(self) -> None:
        """Ask for the device; `granted` follows, at once if it is free."""
        if self.active:
            self.granted.emit()
        elif not self.waiting:
            self._queue.enqueue(self._job)

    def withdraw(self) -> None:
        """Wait no longer."""
        self._queue.remove(self._job)

    def give_back(self) -> None:
        """The folder computes no more; the next job of the window may start."""
        self.withdraw()
        self._queue.finish(self._job)

    def _start(self, job: QueuedJob) -> bool:
        self.granted.emit()
        return True
