"""The engine's thread: runs what the window asks for and reports what the events of a run say.

    GUI thread                          engine thread
    EngineHost.start(job)  --signal-->  EngineWorker.restore, or .paint for pictures of a class
    EngineHost.cancel(), pause(), keep()  --RunControl-->  looked at after each event
    EngineHost._on_message_ready <-----  LatestValue (newest picture and progress only)
    EngineHost.finished    <--signal--  the result, never through the mailbox

The worker keeps the loaded networks in one `NetworkCache` from run to run: the second photo loads none. It
keeps only what the newest run used, and nothing after a run that failed or while a folder job has the device.

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
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.damage.filled_pixels import FilledPixels
from restorer.errors import RestorerError
from restorer.packs import catalog
from restorer.pipeline.event_dispatch import Controlled, Sink, dispatch_events
from restorer.pipeline.events import (
    Done,
    Enlarged,
    Generated,
    Notice,
    Phase,
    Preview,
    Progress,
    Sheet,
)
from restorer.pipeline.forecast.estimates import Meter
from restorer.pipeline.request import Preset, RestoreRequest
from restorer.threads import use_threads
from ui.i18n.engine_messages import engine_message
from ui.imaging.live_preview import LivePreview
from ui.imaging.pyramid import enlarged_pyramid, heat_pyramid, photo_pyramid, small_picture
from ui.imaging.qimage import rgb32
from ui.system.environment import drop_opencv_qt_settings
from ui.workers.engine_tasks import EngineTask, TaskEnd
from ui.workers.file_worker import THUMB_SIDE
from ui.workers.latest_value import LatestValue
from ui.workers.messages import (
    Finished,
    GenerationEnd,
    Job,
    LiveContactSheet,
    MeasureRequest,
    PaintJob,
    ProgressMessage,
    RegionResult,
    Report,
    VariationImages,
    WearAnswer,
    WearRequest,
)
from ui.workers.torch_preload import preload_torch

if TYPE_CHECKING:
    from restorer.photo import Photo
    from restorer.pipeline.events import Event
    from restorer.pipeline.network_cache import NetworkCache

log = logging.getLogger(__name__)

ENGINE_NICENESS = 3
FRAME_MS = 30  # the canvas takes a new preview at most this often

Run = Callable[["RestoreRequest", "NetworkCache"], "Iterator[Event]"]
"""The engine, or what a test puts in its place; a generator can be told to keep the picture that is there."""


def engine_run(request: RestoreRequest, networks: NetworkCache) -> Iterator[Event]:
    """The engine itself, imported on first use."""
    from restorer.pipeline import restore as engine

    drop_opencv_qt_settings()
    return engine.run(request, networks)


def _smallest_request() -> RestoreRequest:
    """The smallest request that uses all of the engine."""
    import numpy as np

    from restorer.photo import Photo

    noise = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    photo = Photo(pixels=noise, alpha=None, icc=None, exif=None, xmp=None, dpi=None, path=None)
    scales = catalog.available_scales()
    return RestoreRequest(photo, scale=scales[0] if scales else 4, preset=Preset.DRAFT, steps=2)


def _small_faces(photo: Photo) -> int:
    """How many faces are too small to be known; a run finds the same ones and does not look again."""
    from restorer.photo.faces import find_faces
    from restorer.pipeline.faces.protection import BOUND

    return sum(face.width < BOUND for face in find_faces(photo))


def _lower_priority() -> None:
    """Let the window's thread go first where both want a processor; the threads that torch starts inherit it.

    On Linux niceness belongs to a thread. Elsewhere the system favours the window in front by itself.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), ENGINE_NICENESS)


class EngineWorker(QObject):
    """Lives in the engine thread; one job at a time."""

    message_ready = Signal()
    phase = Signal(object)
    notice = Signal(object)
    finished = Signal(object)
    region_made = Signal(object)
    varied = Signal(object)
    painted = Signal(object)
    failed = Signal(object)
    cancelled = Signal(int)
    wear_estimated = Signal(object)
    measured = Signal(object)  # the Observation, or None
    answered = Signal(object, object)  # an EngineTask, and one of its answers
    worked = Signal(object)  # a TaskEnd
    warmed = Signal(str)  # empty, or the sentence that says why the engine cannot be used

    def __init__(self, mailbox: LatestValue, run: Run) -> None:
        super().__init__()
        self._mailbox = mailbox
        self._run = run
        self._networks: NetworkCache | None = None  # made in this thread, for it imports torch

    @Slot()
    def warm_up(self) -> None:
        """Import what a run needs and run once on a speck, so that the first real run starts at once.

        torch loads large parts of itself at the first use of some functions; an import alone would
        leave them, and the stutter they cause, to the first photo.
        """
        _lower_priority()
        preload_torch()
        try:
            from restorer.opencv import opencv
            from restorer.pipeline.network_cache import NetworkCache

            opencv()
            with closing(self._run(_smallest_request(), NetworkCache())) as events:  # type: ignore[type-var]
                deque(events, maxlen=0)
        except RestorerError:
            log.info("the engine could not be tried out", exc_info=True)
            self.warmed.emit("")  # a run will say the same, to somebody who asked for it
        except Exception:
            log.exception("the engine cannot be used")
            self.warmed.emit(
                self.tr(
                    "What restores photos cannot be loaded; the log says why. Installing Restorer again may "
                    "help."
                )
            )
        else:
            self.warmed.emit("")
        finally:
            drop_opencv_qt_settings()

    @Slot()
    def release_networks(self) -> None:
        """Let the loaded networks go: somebody else needs the device's memory."""
        self._networks = None

    def _cache(self) -> NetworkCache:
        if self._networks is None:
            from restorer.pipeline.network_cache import NetworkCache

            self._networks = NetworkCache()
        return self._networks

    @Slot(object)
    def estimate_wear(self, task: WearRequest) -> None:
        """Quick: a few patches of the photo. A failure leaves the estimate to the run, which says why."""
        try:
            from restorer.photo.wear import wear_of

            wear = wear_of(task.photo)
            self.wear_estimated.emit(WearAnswer(task.photo, wear))  # faces take longer
            if small := _small_faces(task.photo):
                self.wear_estimated.emit(WearAnswer(task.photo, wear, small))
        except Exception:
            log.exception("the wear of %s cannot be estimated", task.photo.name)

    @Slot(object)
    def measure(self, task: MeasureRequest) -> None:
        """Two seconds, unless a run wants to begin. A failure leaves the estimates to the first run."""
        seen = None
        try:
            if not task.cancelled.is_set():
                use_threads(task.threads)
                from restorer.pipeline.forecast import machine_speed

                seen = machine_speed.measure(task.device, task)
        except Exception:
            log.exception("this machine cannot be measured")
        self.measured.emit(seen)

    @Slot(object)
    def restore(self, job: Job) -> None:
        """Run one job to its end, its failure or its cancellation; exactly one of them is reported."""
        try:
            use_threads(job.threads)
            if job.seeds:
                self._vary(job)
                return
            meter = Meter()
            done = self._restored(job, job.request)
            if done is None:
                self.cancelled.emit(job.key)
                return
            if job.request.region is not None:
                picture = photo_pyramid(done.photo)
                box, scale = job.request.region, job.request.scale
                self.region_made.emit(RegionResult(job.key, box, scale, done, picture))
                return
            self.finished.emit(_finished(job, done, meter.peak()))
        except RestorerError as error:
            self._report_error(job.key, error)
        except Exception:
            log.exception("the run of %s failed", job.photo.name)
            text = self.tr(
                "{0} could not be restored because of an error inside Restorer; the details are in the log."
            )
            self._report_failure(job.key, text.format(job.photo.name))

    def _vary(self, job: Job) -> None:
        """A run for each seed, then what they have in common and what not."""
        from restorer.photo.seed_disagreement import disagreement
        from restorer.pipeline.resume import run_folder

        dones: list[Done] = []
        for number, seed in enumerate(job.seeds):
            keep = job.request.keep
            if keep is not None:
                keep = run_folder.folder_of(keep, number)
            request = replace(job.request, seed=seed, keep=keep)
            done = self._restored(job, request, (number + 1, len(job.seeds)))
            if done is None:
                self.cancelled.emit(job.key)
                return
            dones.append(done)
        pictures = tuple(photo_pyramid(done.photo) for done in dones)
        before = enlarged_pyramid(job.photo, dones[0].photo.size)
        heat_map = heat_pyramid(disagreement([done.photo.pixels for done in dones]))
        self.varied.emit(VariationImages(job.key, tuple(dones), before, pictures, heat_map))

    def _restored(self, job: Job, request: RestoreRequest, place: tuple[int, int] = (1, 1)) -> Done | None:
        """One run of a job; None when the person cancelled. `place` is (which run, of how many)."""
        if job.cancelled.is_set():
            return None
        if job.sixteen:
            from restorer.photo.export import in_sixteen_bits

            request = replace(request, source=in_sixteen_bits(job.photo))
        sink = _WindowSink(self, job.key, place, request.preview_side, job.photo.icc)
        facts: dict[str, str | int | float] = {}
        mended = None
        if job.filling is not None:
            sink.phase(Phase("preparing", f"Filling damage of {job.photo.name}"))
            assert not isinstance(request.source, Path), "the window reads photos before their run"
            repaired = job.filling.of(request.source, request.device)
            if request.region is None:
                mended = FilledPixels.between(request.source, repaired.photo)
            # It takes the place of the network of repair, as in the shell.
            request, facts = replace(request, source=repaired.photo, repair=False), repaired.facts
        done = dispatch_events(self._run(request, self._cache()), job, sink)
        if not isinstance(done, Done):
            return None
        facts = {**done.provenance, **facts}
        return replace(done, provenance=facts, mended=done.mended if mended is None else mended)

    @Slot(object)
    def paint(self, job: PaintJob) -> None:
        """Make pictures of a class; like `restore` it reports exactly one end."""
        try:
            use_threads(job.threads)
            from restorer.pipeline import generate

            drop_opencv_qt_settings()
            meter = Meter()
            end = dispatch_events(
                generate.generate(job.request, self._cache()), job, _WindowSink(self, job.key)
            )
            if not isinstance(end, Generated):
                self.cancelled.emit(job.key)
                return
            peak = meter.peak()
            pictures = tuple(photo_pyramid(photo) for photo in end.photos)
            self.painted.emit(GenerationEnd(job.key, end, pictures, peak))
        except RestorerError as error:
            self._report_error(job.key, error)
        except Exception:
            log.exception("making pictures failed")
            text = self.tr("No picture was made: an error inside Restorer; the details are in the log.")
            self._report_failure(job.key, text)

    @Slot(object)
    def work(self, task: EngineTask) -> None:
        """Pull a task to its end; its answers, then exactly one end are reported."""
        problem = ""
        try:
            use_threads(task.threads)
            drop_opencv_qt_settings()
            with closing(Controlled(task.answers(self._run, self._cache()), task)) as pulled:
                for answer in pulled:
                    if answer is not None:
                        self.answered.emit(task, answer)
        except RestorerError as error:
            log.warning("%s", error)
            problem = engine_message(error)
        except Exception:
            log.exception("a task of the engine failed")
            self._networks = None  # they may be the reason, or their memory missing
            problem = self.tr("Something went wrong inside Restorer; the details are in the log.")
        self.worked.emit(TaskEnd(task, problem))

    def _report_error(self, key: int, error: RestorerError) -> None:
        log.warning("%s", error)
        self._report_failure(key, engine_message(error))

    def _report_failure(self, key: int, sentence: str) -> None:
        self._networks = None  # they may be the reason, or their memory missing
        self.failed.emit(Report(key, sentence))

    def post(self, message: ProgressMessage) -> None:
        """Put the newest state of the run into the mailbox."""
        if self._mailbox.post(message):
            self.message_ready.emit()


def _finished(job: Job, done: Done, peak: int | None) -> Finished:
    """The result with its pictures; a photo out of view gets them when it comes into view."""
    if not job.in_view.is_set():
        thumb = small_picture(done.photo, THUMB_SIDE)
        return Finished(job.key, done, None, None, thumb, peak)
    before = enlarged_pyramid(job.photo, done.photo.size)
    return Finished(job.key, done, before, photo_pyramid(done.photo), peak=peak)


class _WindowSink(Sink):
    """Shows one run in the window; every method is called in the engine's thread.

    place: (which run, of how many). preview_side: of the picture that previews are pinned on. icc: of the
    photo.
    """

    def __init__(
        self,
        worker: EngineWorker,
        key: int,
        place: tuple[int, int] = (1, 1),
        preview_side: int = 0,
        icc: bytes | None = None,
    ) -> None:
        self._worker, self._key, self._place = worker, key, place
        self._preview_side, self._icc = preview_side, icc
        self._live: LivePreview | None = None

    def phase(self, event: Phase) -> None:
        self._worker.phase.emit(Report(self._key, event.message, event.name, self._place))

    def notice(self, event: Notice) -> None:
        self._worker.notice.emit(Report(self._key, engine_message(event.message)))

    def progress(self, event: Progress) -> None:
        self._worker.post(ProgressMessage(self._key, progress=overall_progress(event, self._place)))

    def enlarged(self, event: Enlarged) -> None:
        self._live = LivePreview(event.image, event.size, self._preview_side, self._icc)
        self._worker.post(ProgressMessage(self._key, image=self._live.image(), size=event.size))

    def preview(self, event: Preview) -> None:
        if self._live is None:
            self._live = LivePreview(event.image, event.size, self._preview_side, self._icc)
        self._live.pin(event.image, event.box)
        image = self._live.image()
        self._worker.post(ProgressMessage(self._key, image=image, size=event.size, box=event.box))

    def sheet(self, event: Sheet) -> None:
        self._worker.post(ProgressMessage(self._key, sheet=live_sheet(event)))


def live_sheet(sheet: Sheet) -> LiveContactSheet:
    """The event as the window shows it."""
    images = tuple(rgb32(picture) for picture in sheet.pictures)
    return LiveContactSheet(
        images, sheet.side, sheet.last, sheet.stage, sheet.stages, sheet.step, sheet.steps
    )


def overall_progress(progress: Progress, place: tuple[int, int]) -> Progress:
    """One run's progress as progress of all, `place` being (which, of how many)."""
    number, count = place
    seconds_left = progress.seconds_left
    if seconds_left is not None and progress.fraction < 1:
        seconds_left += (count - number) * seconds_left / (1 - progress.fraction)
    return replace(progress, fraction=(number - 1 + progress.fraction) / count, seconds_left=seconds_left)
