"""The window's end of the engine's thread: starts it, hands it jobs, and passes its reports on as signals.

In: jobs. Out: signals in the window's thread. `ui.workers.engine_worker` is the other end.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from ui.workers.engine_tasks import EngineTask
from ui.workers.engine_worker import FRAME_MS, EngineWorker, Run, engine_run
from ui.workers.latest_value import LatestValue
from ui.workers.messages import Job, MeasureRequest, PaintJob, WearRequest
from ui.workers.thread_host import ThreadHost


class EngineHost(ThreadHost):
    """The window's end of the engine thread."""

    progressed = Signal(object)  # the newest ProgressMessage, at most one in FRAME_MS
    phase = Signal(object)
    notice = Signal(object)
    finished = Signal(object)
    region_made = Signal(object)
    varied = Signal(object)
    painted = Signal(object)
    failed = Signal(object)
    cancelled = Signal(int)
    warmed = Signal(str)
    wear_estimated = Signal(object)
    measured = Signal(object)
    answered = Signal(object, object)
    worked = Signal(object)
    _start = Signal(object)
    _paint = Signal(object)
    _work = Signal(object)
    _warm_up = Signal()
    _release_networks = Signal()
    _estimate_wear = Signal(object)
    _measure = Signal(object)

    def __init__(self, parent: QObject | None = None, run: Run = engine_run) -> None:
        mailbox = LatestValue()
        worker = EngineWorker(mailbox, run)
        super().__init__("engine", worker, parent)
        self._mailbox, self._worker = mailbox, worker
        self._job: Job | PaintJob | EngineTask | None = None
        self._measuring: MeasureRequest | None = None
        self._since_delivery = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._deliver)

        self._start.connect(worker.restore)
        self._paint.connect(worker.paint)
        self._work.connect(worker.work)
        self._warm_up.connect(worker.warm_up)
        self._release_networks.connect(worker.release_networks)
        self._estimate_wear.connect(worker.estimate_wear)
        self._measure.connect(worker.measure)
        worker.message_ready.connect(self._on_message_ready)
        ends = (
            (worker.finished, self.finished),
            (worker.region_made, self.region_made),
            (worker.varied, self.varied),
            (worker.painted, self.painted),
            (worker.worked, self.worked),
            (worker.failed, self.failed),
            (worker.cancelled, self.cancelled),
        )
        for _, ours in ends:
            ours.connect(self._clear_job)  # before anyone else, who may start the next run
        self.pass_on(
            (worker.phase, self.phase),
            (worker.notice, self.notice),
            (worker.warmed, self.warmed),
            (worker.wear_estimated, self.wear_estimated),
            (worker.measured, self.measured),
            (worker.answered, self.answered),
            *ends,
        )
        self.thread_.start()

    @property
    def busy(self) -> bool:
        return self._job is not None

    def warm_up(self) -> None:
        self._warm_up.emit()

    def release_networks(self) -> None:
        """Let the networks go that the last run used, so that their memory is free for somebody else."""
        self.stop_measuring()
        self._release_networks.emit()

    def estimate_wear(self, task: WearRequest) -> None:
        """Find out how worn a photo is, after the run that is going; `wear_estimated` follows."""
        self._estimate_wear.emit(task)

    def measure(self, task: MeasureRequest) -> None:
        """Find out how fast the device is, unless a run is going; `measured` follows. A run that begins
        meanwhile ends it."""
        if self._job is None:
            self._measuring = task
            self._measure.emit(task)

    def stop_measuring(self) -> None:
        """End a measurement that is going; its answer is None."""
        if self._measuring is not None:
            self._measuring.cancel()
            self._measuring = None

    def start(self, job: Job | PaintJob | EngineTask) -> None:
        """Start a run or a task; only one at a time, of whichever kind."""
        if self._job is not None:
            raise RuntimeError("a run is going already")
        self.stop_measuring()
        self._mailbox.take()  # a last message of the run before
        self._job = job
        if isinstance(job, EngineTask):
            self._work.emit(job)
        else:
            (self._paint if isinstance(job, PaintJob) else self._start).emit(job)

    def cancel(self) -> None:
        """Ask the run to end; `cancelled` follows after the piece of work in hand."""
        if self._job is not None:
            self._job.cancel()

    def pause(self) -> None:
        """Let the run wait after the piece of work in hand."""
        if self._job is not None:
            self._job.pause()

    def go_on(self) -> None:
        if self._job is not None:
            self._job.go_on()

    def keep(self) -> None:
        """Ask the run to end at the picture that is there; `finished` follows."""
        if self._job is not None:
            self._job.keep()

    def close(self) -> None:
        """End the run and the thread, and wait for both: at most one network evaluation."""
        self.cancel()
        self.stop_measuring()
        self._timer.stop()
        super().close()

    @Slot()
    def _on_message_ready(self) -> None:
        # No further signal comes until `_deliver` empties the mailbox, so at most one is ever queued.
        waited = self._since_delivery.elapsed() if self._since_delivery.isValid() else FRAME_MS
        if waited >= FRAME_MS:
            self._deliver()
        else:
            self._timer.start(FRAME_MS - int(waited))

    @Slot()
    def _deliver(self) -> None:
        self._since_delivery.restart()
        message = self._mailbox.take()
        if isinstance(self._job, EngineTask):
            return
        if message is not None and self._job is not None and message.run == self._job.key:
            self.progressed.emit(message)

    @Slot()
    def _clear_job(self) -> None:
        self._job = None
