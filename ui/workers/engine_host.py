"""The window's end of the engine's thread: starts it, hands it jobs, and passes its reports on as signals.

In: jobs. Out: signals in the window's thread. `ui.workers.engine_worker` is the other end.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QThread, QTimer, Signal, Slot

from ui.workers.engine_worker import FRAME_MS, EngineWorker, Run, engine_run
from ui.workers.latest_value import LatestValue
from ui.workers.messages import Finished, Job, Painted, PaintJob, RegionMade, Report, Varied


class EngineHost(QObject):
    """The window's end of the engine thread."""

    letter = Signal(object)  # the newest Letter, at most one in FRAME_MS
    phase = Signal(object)
    notice = Signal(object)
    finished = Signal(object)
    region_made = Signal(object)
    varied = Signal(object)
    painted = Signal(object)
    failed = Signal(object)
    cancelled = Signal(int)
    warmed = Signal(str)
    _start = Signal(object)
    _paint = Signal(object)
    _warm_up = Signal()

    def __init__(self, parent: QObject | None = None, run: Run = engine_run) -> None:
        super().__init__(parent)
        self._mailbox = LatestValue()
        self._job: Job | PaintJob | None = None
        self.lent = False  # a folder job computes, see ui/controllers/device_lease.py
        self._since = QElapsedTimer()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._take)

        self.thread_ = QThread(self)
        self.thread_.setObjectName("engine")
        self._worker = EngineWorker(self._mailbox, run)
        self._worker.moveToThread(self.thread_)
        self.thread_.finished.connect(self._worker.deleteLater)
        self._start.connect(self._worker.restore)
        self._paint.connect(self._worker.paint)
        self._warm_up.connect(self._worker.warm_up)
        self._worker.poke.connect(self._poked)
        self._worker.phase.connect(self._on_phase)
        self._worker.notice.connect(self._on_notice)
        self._worker.finished.connect(self._on_finished)
        self._worker.region_made.connect(self._on_region_made)
        self._worker.varied.connect(self._on_varied)
        self._worker.painted.connect(self._on_painted)
        self._worker.failed.connect(self._on_failed)
        self._worker.cancelled.connect(self._on_cancelled)
        self._worker.warmed.connect(self._on_warmed)
        self.thread_.start()

    @property
    def busy(self) -> bool:
        return self._job is not None or self.lent

    def warm_up(self) -> None:
        self._warm_up.emit()

    def start(self, job: Job | PaintJob) -> None:
        """Start a run; only one at a time, of whichever kind."""
        if self._job is not None:
            raise RuntimeError("a run is going already")
        self._mailbox.take()  # a last letter of the run before
        self._job = job
        (self._paint if isinstance(job, PaintJob) else self._start).emit(job)

    def cancel(self) -> None:
        """Ask the run to end; `cancelled` follows after the piece of work in hand."""
        if self._job is not None:
            self._job.cancelled.set()
            self._job.going.set()

    def pause(self) -> None:
        """Let the run wait after the piece of work in hand."""
        if self._job is not None:
            self._job.going.clear()

    def go_on(self) -> None:
        if self._job is not None:
            self._job.going.set()

    def keep(self) -> None:
        """Ask the run to end at the picture that is there; `finished` follows."""
        if self._job is not None:
            self._job.kept.set()
            self._job.going.set()

    def close(self) -> None:
        """End the run and the thread, and wait for both: at most one network evaluation."""
        self.cancel()
        self._later.stop()
        self.thread_.quit()
        self.thread_.wait()

    @Slot()
    def _poked(self) -> None:
        # The poke stays outstanding until `_take` empties the box, so at most one is ever queued.
        waited = self._since.elapsed() if self._since.isValid() else FRAME_MS
        if waited >= FRAME_MS:
            self._take()
        else:
            self._later.start(FRAME_MS - int(waited))

    @Slot()
    def _take(self) -> None:
        self._since.restart()
        letter = self._mailbox.take()
        if letter is not None and self._job is not None and letter.run == self._job.key:
            self.letter.emit(letter)

    @Slot(object)
    def _on_phase(self, report: Report) -> None:
        self.phase.emit(report)

    @Slot(object)
    def _on_notice(self, report: Report) -> None:
        self.notice.emit(report)

    @Slot(object)
    def _on_finished(self, finished: Finished) -> None:
        self._job = None
        self.finished.emit(finished)

    @Slot(object)
    def _on_region_made(self, made: RegionMade) -> None:
        self._job = None
        self.region_made.emit(made)

    @Slot(object)
    def _on_varied(self, varied: Varied) -> None:
        self._job = None
        self.varied.emit(varied)

    @Slot(object)
    def _on_painted(self, painted: Painted) -> None:
        self._job = None
        self.painted.emit(painted)

    @Slot(object)
    def _on_failed(self, report: Report) -> None:
        self._job = None
        self.failed.emit(report)

    @Slot(int)
    def _on_cancelled(self, key: int) -> None:
        self._job = None
        self.cancelled.emit(key)

    @Slot(str)
    def _on_warmed(self, sentence: str) -> None:
        self.warmed.emit(sentence)
