"""The engine's thread: pulls `restorer.engine.run` and reports to the window.

    GUI thread                          engine thread
    EngineHost.start(job)  --signal-->  EngineWorker.restore, or .paint for pictures of a class
    EngineHost.cancel(), pause(), keep()  --Events-->  looked at before each event is asked for
    EngineHost._poked      <--poke----  Mailbox (newest picture and progress only)
    EngineHost.finished    <--signal--  the result, never through the mailbox

Everything that crosses is immutable (frozen dataclasses, QImages that nobody
changes). Every receiver is a method of a QObject: only those are queued to the thread of
their object, a lambda would run in the sender's. The worker makes no QObject.

torch takes seconds to import, and the first one to do it is `warm_up` here, when
the window is on the screen already.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QThread, QTimer, Signal, Slot

from restorer import catalog
from restorer.errors import RestorerError
from restorer.estimates import Meter
from restorer.events import Done, Enlarged, Notice, Phase, Preview, Progress
from restorer.request import Preset, RestoreRequest
from ui.engine_words import engine_words
from ui.environment import drop_opencv_qt_settings, preload_torch, use_threads
from ui.mailbox import Letter, Mailbox
from ui.paintings import paintings
from ui.pulling import of_all, told, wait
from ui.pyramid import Board, enlarged_pyramid, heat_pyramid, photo_pyramid
from ui.reports import Finished, Job, Painted, PaintJob, RegionMade, Report, Varied

if TYPE_CHECKING:
    from restorer.events import Event

log = logging.getLogger(__name__)

ENGINE_NICENESS = 3
FRAME_MS = 30  # the canvas takes a new preview at most this often

Run = Callable[["RestoreRequest"], "Iterator[Event]"]
"""The engine, or what a test puts in its place; a generator can be told to keep the picture that is there."""


def engine_run(request: RestoreRequest) -> Iterator[Event]:
    """The engine itself, imported on first use."""
    from restorer import engine

    drop_opencv_qt_settings()
    return engine.run(request)


def _speck() -> RestoreRequest:
    """The smallest request that uses all of the engine."""
    import numpy as np

    from restorer.photo import Photo

    noise = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    photo = Photo(pixels=noise, alpha=None, icc=None, exif=None, xmp=None, dpi=None, path=None)
    scales = catalog.available_scales()
    return RestoreRequest(photo, scale=scales[0] if scales else 4, preset=Preset.DRAFT, steps=2)


def _step_back() -> None:
    """Let the window's thread go first where both want a processor; the threads that torch starts inherit it.

    On Linux niceness belongs to a thread. Elsewhere the system favours the window in front by itself.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), ENGINE_NICENESS)


class EngineWorker(QObject):
    """Lives in the engine thread; one job at a time."""

    poke = Signal()
    phase = Signal(object)
    notice = Signal(object)
    finished = Signal(object)
    region_made = Signal(object)
    varied = Signal(object)
    painted = Signal(object)
    failed = Signal(object)
    cancelled = Signal(int)
    warmed = Signal(str)  # empty, or the sentence that says why the engine cannot be used

    def __init__(self, mailbox: Mailbox, run: Run) -> None:
        super().__init__()
        self._mailbox = mailbox
        self._run = run

    @Slot()
    def warm_up(self) -> None:
        """Import what a run needs and run once on a speck, so that the first real run starts at once.

        torch loads large parts of itself at the first use of some functions; an import alone would
        leave them, and the stutter they cause, to the first photo.
        """
        _step_back()
        preload_torch()
        try:
            from restorer import engine  # noqa: F401
            from restorer.opencv import opencv

            opencv()
            with closing(self._run(_speck())) as events:  # type: ignore[type-var]
                deque(events, maxlen=0)
        except RestorerError:
            log.info("the engine could not be tried out", exc_info=True)
            self.warmed.emit("")  # a run will say the same, to somebody who asked for it
        except Exception:
            log.exception("the engine cannot be used")
            self.warmed.emit(
                self.tr("The engine cannot be loaded; the log says why. Installing Restorer again may help.")
            )
        else:
            self.warmed.emit("")
        finally:
            drop_opencv_qt_settings()

    @Slot(object)
    def restore(self, job: Job) -> None:
        """Run one job to its end, its failure or its cancellation; exactly one of them is reported."""
        try:
            use_threads(job.threads)
            if job.seeds:
                self._vary(job)
                return
            meter = Meter()
            done = self._pull(job, job.request)
            if done is None or job.cancelled.is_set():
                self.cancelled.emit(job.key)
                return
            if job.request.region is not None:
                picture = photo_pyramid(done.photo)
                box, scale = job.request.region, job.request.scale
                self.region_made.emit(RegionMade(job.key, box, scale, done, picture))
                return
            peak = meter.peak()
            before = enlarged_pyramid(job.photo, done.photo.size)
            self.finished.emit(Finished(job.key, done, before, photo_pyramid(done.photo), peak))
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(Report(job.key, engine_words(error)))
        except Exception:
            log.exception("the run of %s failed", job.photo.name)
            self.failed.emit(
                Report(
                    job.key,
                    self.tr(
                        "{0} could not be restored because of an error inside Restorer; "
                        "the details are in the log."
                    ).format(job.photo.name),
                )
            )

    def _vary(self, job: Job) -> None:
        """A run for each seed, then what they have in common and what not."""
        from restorer.variations import disagreement

        dones: list[Done] = []
        for number, seed in enumerate(job.seeds):
            past = replace(job.request.past, seeds=job.seeds[number:])  # what a crash leaves to be made
            request = replace(job.request, seed=seed, past=past)
            done = self._pull(job, request, (number + 1, len(job.seeds)))
            if done is None or job.cancelled.is_set():
                self.cancelled.emit(job.key)
                return
            dones.append(done)
        pictures = tuple(photo_pyramid(done.photo) for done in dones)
        before = enlarged_pyramid(job.photo, dones[0].photo.size)
        veil = heat_pyramid(disagreement([done.photo.pixels for done in dones]))
        self.varied.emit(Varied(job.key, tuple(dones), before, pictures, veil))

    def _pull(self, job: Job, request: RestoreRequest, place: tuple[int, int] = (1, 1)) -> Done | None:
        """Pull events until Done; None when the person cancelled. `place` is (which run, of how many).

        Leaving the `closing` block closes the generator, which is how the engine learns of it.
        """
        board: Board | None = None
        paused = 0.0
        if job.cancelled.is_set():
            return None
        if job.sixteen:
            from restorer.export import in_sixteen_bits

            request = replace(request, source=in_sixteen_bits(job.photo))
        with closing(self._run(request)) as events:  # type: ignore[type-var]
            for event in told(events, job):
                paused += wait(job)
                if job.cancelled.is_set():
                    return None
                match event:
                    case Done():
                        return replace(event, seconds=max(0.0, event.seconds - paused))
                    case Phase():
                        self.phase.emit(Report(job.key, event.message, event.name, place))
                    case Notice():
                        self.notice.emit(Report(job.key, engine_words(event.message)))
                    case Progress():
                        self._post(Letter(job.key, progress=of_all(event, place)))
                    case Enlarged():
                        board = Board(event.image, event.size, request.preview_side, job.photo.icc)
                        self._post(Letter(job.key, image=board.image(), size=event.size))
                    case Preview():
                        if board is None:
                            board = Board(event.image, event.size, request.preview_side, job.photo.icc)
                        board.pin(event.image, event.box)
                        letter = Letter(job.key, image=board.image(), size=event.size, box=event.box)
                        self._post(letter)
        return None

    @Slot(object)
    def paint(self, job: PaintJob) -> None:
        """Make pictures of a class; like `restore` it reports exactly one end."""
        try:
            use_threads(job.threads)
            for news in paintings(job):
                match news:
                    case Letter():
                        self._post(news)
                    case Report():
                        (self.phase if news.phase else self.notice).emit(news)
                    case Painted():
                        self.painted.emit(news)
                        return
            self.cancelled.emit(job.key)
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(Report(job.key, engine_words(error)))
        except Exception:
            log.exception("making pictures failed")
            text = self.tr("No picture was made: an error inside Restorer; the details are in the log.")
            self.failed.emit(Report(job.key, text))

    def _post(self, letter: Letter) -> None:
        if self._mailbox.post(letter):
            self.poke.emit()


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
        self._mailbox = Mailbox()
        self._job: Job | PaintJob | None = None
        self.lent = False  # a folder job computes, see ui/turn.py
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
