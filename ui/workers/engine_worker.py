"""The engine's thread: pulls `restorer.pipeline.restore.run` and reports to the window.

    GUI thread                          engine thread
    EngineHost.start(job)  --signal-->  EngineWorker.restore, or .paint for pictures of a class
    EngineHost.cancel(), pause(), keep()  --Events-->  looked at before each event is asked for
    EngineHost._poked      <--poke----  LatestValue (newest picture and progress only)
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
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.errors import RestorerError
from restorer.packs import catalog
from restorer.pipeline.estimates import Meter
from restorer.pipeline.events import (
    Command,
    Done,
    Enlarged,
    Generated,
    Notice,
    Phase,
    Preview,
    Progress,
    Sheet,
)
from restorer.pipeline.request import Preset, RestoreRequest
from ui.i18n.engine_messages import engine_message
from ui.imaging.live_preview import LivePreview
from ui.imaging.pyramid import enlarged_pyramid, heat_pyramid, photo_pyramid
from ui.imaging.qimage import rgb32
from ui.system.environment import drop_opencv_qt_settings
from ui.workers.latest_value import LatestValue
from ui.workers.messages import (
    Finished,
    GenerationEnd,
    Job,
    LiveContactSheet,
    PaintJob,
    ProgressMessage,
    RegionResult,
    Report,
    VariationImages,
    WearAnswer,
    WearRequest,
)
from ui.workers.torch_setup import preload_torch, use_threads

if TYPE_CHECKING:
    from restorer.pipeline.events import Event
    from restorer.pipeline.run_control import RunControl

log = logging.getLogger(__name__)

ENGINE_NICENESS = 3
FRAME_MS = 30  # the canvas takes a new preview at most this often

Run = Callable[["RestoreRequest"], "Iterator[Event]"]
"""The engine, or what a test puts in its place; a generator can be told to keep the picture that is there."""


def engine_run(request: RestoreRequest) -> Iterator[Event]:
    """The engine itself, imported on first use."""
    from restorer.pipeline import restore as engine

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
    wear_estimated = Signal(object)
    warmed = Signal(str)  # empty, or the sentence that says why the engine cannot be used

    def __init__(self, mailbox: LatestValue, run: Run) -> None:
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
            from restorer.opencv import opencv
            from restorer.pipeline import restore as engine  # noqa: F401

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
    def estimate_wear(self, task: WearRequest) -> None:
        """Quick: a few patches of the photo. A failure leaves the estimate to the run, which says why."""
        try:
            from restorer.photo.wear import wear_of

            self.wear_estimated.emit(WearAnswer(task.photo, wear_of(task.photo)))
        except Exception:
            log.exception("the wear of %s cannot be estimated", task.photo.name)

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
                self.region_made.emit(RegionResult(job.key, box, scale, done, picture))
                return
            peak = meter.peak()
            before = enlarged_pyramid(job.photo, done.photo.size)
            self.finished.emit(Finished(job.key, done, before, photo_pyramid(done.photo), peak))
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(Report(job.key, engine_message(error)))
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
        from restorer.photo.disagreement import disagreement

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
        self.varied.emit(VariationImages(job.key, tuple(dones), before, pictures, veil))

    def _pull(self, job: Job, request: RestoreRequest, place: tuple[int, int] = (1, 1)) -> Done | None:
        """Pull events until Done; None when the person cancelled. `place` is (which run, of how many).

        Leaving the `closing` block closes the generator, which is how the engine learns of it.
        """
        board: LivePreview | None = None
        paused = 0.0
        if job.cancelled.is_set():
            return None
        if job.sixteen:
            from restorer.photo.export import in_sixteen_bits

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
                        self.notice.emit(Report(job.key, engine_message(event.message)))
                    case Progress():
                        self._post(ProgressMessage(job.key, progress=of_all(event, place)))
                    case Enlarged():
                        board = LivePreview(event.image, event.size, request.preview_side, job.photo.icc)
                        self._post(ProgressMessage(job.key, image=board.image(), size=event.size))
                    case Preview():
                        if board is None:
                            board = LivePreview(event.image, event.size, request.preview_side, job.photo.icc)
                        board.pin(event.image, event.box)
                        letter = ProgressMessage(job.key, image=board.image(), size=event.size, box=event.box)
                        self._post(letter)
        return None

    @Slot(object)
    def paint(self, job: PaintJob) -> None:
        """Make pictures of a class; like `restore` it reports exactly one end."""
        try:
            use_threads(job.threads)
            for news in paintings(job):
                match news:
                    case ProgressMessage():
                        self._post(news)
                    case Report():
                        (self.phase if news.phase else self.notice).emit(news)
                    case GenerationEnd():
                        self.painted.emit(news)
                        return
            self.cancelled.emit(job.key)
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(Report(job.key, engine_message(error)))
        except Exception:
            log.exception("making pictures failed")
            text = self.tr("No picture was made: an error inside Restorer; the details are in the log.")
            self.failed.emit(Report(job.key, text))

    def _post(self, letter: ProgressMessage) -> None:
        if self._mailbox.post(letter):
            self.poke.emit()


def paintings(job: PaintJob) -> Iterator[ProgressMessage | Report | GenerationEnd]:
    """Pull the run; leaving the `closing` block closes it, which is how the engine learns of a cancel."""
    from restorer.pipeline import generate

    drop_opencv_qt_settings()
    paused, meter = 0.0, Meter()
    if job.cancelled.is_set():
        return
    with closing(generate.generate(job.request)) as events:  # type: ignore[type-var]
        for event in events:
            paused += wait(job)
            if job.cancelled.is_set():
                return
            match event:
                case Generated():
                    made = replace(event, seconds=max(0.0, event.seconds - paused))
                    peak = meter.peak()
                    yield GenerationEnd(
                        job.key, made, tuple(photo_pyramid(photo) for photo in made.photos), peak
                    )
                case Phase():
                    yield Report(job.key, event.message, event.name)
                case Notice():
                    yield Report(job.key, engine_message(event.message))
                case Progress():
                    yield ProgressMessage(job.key, progress=event)
                case Sheet():
                    yield ProgressMessage(job.key, sheet=live_sheet(event))


def live_sheet(sheet: Sheet) -> LiveContactSheet:
    """The event as the window shows it."""
    images = tuple(rgb32(picture) for picture in sheet.pictures)
    return LiveContactSheet(
        images, sheet.side, sheet.last, sheet.stage, sheet.stages, sheet.step, sheet.steps
    )


def of_all(progress: Progress, place: tuple[int, int]) -> Progress:
    """One run's progress as progress of all, `place` being (which, of how many)."""
    number, count = place
    left = progress.seconds_left
    if left is not None and progress.fraction < 1:
        left += (count - number) * left / (1 - progress.fraction)
    return replace(progress, fraction=(number - 1 + progress.fraction) / count, seconds_left=left)


def wait(job: RunControl) -> float:
    """Wait while the job is paused, with the device's memory given back; returns for how many seconds."""
    if job.going.is_set():
        return 0.0
    since = time.monotonic()
    if "torch" in sys.modules:
        from restorer.device import release_all

        release_all()
    job.going.wait()
    return time.monotonic() - since


def told(events: Iterator[Event], job: Job) -> Iterator[Event]:
    """The events of a run, which is told to end at the picture shown once the job is to be kept."""
    while True:
        try:
            if job.kept.is_set() and isinstance(events, Generator):
                yield events.send(Command.KEEP)
            else:
                yield next(events)
        except StopIteration:
            return
