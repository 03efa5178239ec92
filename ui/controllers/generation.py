"""Pictures of a class and the runs that make them: the Generate side's model, without a widget.

In: what the person asks for (a class, another image in one place), what the engine thread reports. Out: the
sheet, place by place; signals that say what changed. The run controller owns the engine and the queue, where
images come before photos: they start when the photo in work is done. Images that are pinned stay on the
sheet; the others go when a new sheet is finished, and come back with a step to the sheet before.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.errors import RestorerError
from restorer.pipeline.forecast.estimates import RunEstimate
from restorer.pipeline.request import MOST, GenerateRequest
from ui.controllers.forecast.run_estimates import estimate_generation, learn_from_generation
from ui.controllers.job_queue import JobKind, QueuedJob
from ui.i18n.engine_messages import engine_message
from ui.model.generated_image import GeneratedImage
from ui.model.options import ROLLED, GenerateOptions
from ui.workers.messages import FileFailure, GenerationEnd, PaintJob, ProgressMessage, Report, WriteAnswer

if TYPE_CHECKING:
    from ui.controllers.run_controller import RunController

MOST_SHEETS, MOST_MEGAPIXELS = 20, 256.0
"""Sheets, and pixels of all their pictures, that one can step back to."""
FIRST_PICTURE_KEY = -1_000_000  # runs count down from -1, pictures from here; photos count up from 1


@dataclass(frozen=True, eq=False, kw_only=True)
class ImageJob(QueuedJob):
    """A run: what is asked of the engine, and the pictures that give their places to the new ones; none of
    them for a new sheet."""

    kind: JobKind = JobKind.GENERATE
    key: int
    request: GenerateRequest
    replaced: tuple[GeneratedImage, ...] = ()


@dataclass(frozen=True, eq=False)
class ImageSlot:
    """A place of the sheet: a finished picture, or the number of one that is being made."""

    picture: GeneratedImage | None = None
    number: int = -1


class GenerationController(QObject):
    """Owns the sheet of one window."""

    changed = Signal()  # the sheet, the choice, or the state of the run
    progressed = Signal()  # `live` went on
    finished = Signal(str, int, float)  # a run came to its end: class, how many pictures, seconds
    ended = Signal()  # a run was cancelled or failed
    state_left = Signal(object, object)  # of a finished run: its folder, and a tuple of its Results

    def __init__(self, runs: RunController) -> None:
        super().__init__(runs)
        self._runs = runs
        self.sheets: list[tuple[GeneratedImage, ...]] = []  # the oldest first
        self.sheet = 0  # place of the one in view
        self.chosen: GeneratedImage | None = None
        self.running: ImageJob | None = None
        self.live: ProgressMessage | None = None
        self.phase = ("", "")
        self.cancelling = self.paused = False
        self._run_count, self._keys = 0, FIRST_PICTURE_KEY
        # On no sheet any more; some may still be on their way to a file.
        self._replaced: list[GeneratedImage] = []
        engine = runs.engine
        engine.progressed.connect(self._on_progress)
        engine.phase.connect(self._on_phase)
        engine.painted.connect(self._on_painted)
        engine.failed.connect(self._on_failed)
        engine.cancelled.connect(self._on_cancelled)
        runs.queue.set_starter(JobKind.GENERATE, self._start)
        runs.queue.folder_changed.connect(self.changed)

    # What is there -----------------------------------------------------------------------------

    @property
    def pictures(self) -> list[GeneratedImage]:
        """The pictures of the sheet in view."""
        return list(self.sheets[self.sheet]) if self.sheets else []

    def all_pictures(self) -> list[GeneratedImage]:
        """The pictures of all sheets, the oldest first."""
        return list(dict.fromkeys(picture for sheet in self.sheets for picture in sheet))

    @property
    def waiting(self) -> ImageJob | None:
        """The run that waits for its turn."""
        return next((job for job in self._runs.queue.waiting if isinstance(job, ImageJob)), None)

    @property
    def busy(self) -> bool:
        """Whether a run goes or waits for its turn."""
        return self.running is not None or self.waiting is not None

    @property
    def behind_folder(self) -> bool:
        """Whether a folder job has the engine."""
        return self._runs.queue.folder_active

    def slots(self) -> list[ImageSlot]:
        """The sheet as it is to be seen: with what is being made in the places that it will have."""
        run = self.running
        if run is None or self.live is None or self.live.sheet is None:
            return [ImageSlot(picture) for picture in self.pictures]
        return self._arranged([ImageSlot(number=number) for number in range(run.request.count)], run)

    def _arranged(self, fresh: list[ImageSlot], run: ImageJob) -> list[ImageSlot]:
        """The sheet with `fresh` in the places that the run gives them. A picture that was pinned since the
        run began stays, even where it was to be replaced."""
        if not run.replaced:
            return [ImageSlot(picture) for picture in self.pictures if picture.pinned] + fresh
        others = dict(zip(run.replaced, fresh, strict=True))
        slots: list[ImageSlot] = []
        for picture in self.pictures:
            if picture.pinned or picture not in others:
                slots.append(ImageSlot(picture))
            if picture in others:
                slots.append(others[picture])
        return slots

    def unpinned(self) -> list[GeneratedImage]:
        """The pictures that nobody keeps."""
        return [picture for picture in self.pictures if not picture.pinned]

    def to_save(self) -> list[GeneratedImage]:
        """What "save all" means: those that are kept, or all of them where none is."""
        return [picture for picture in self.pictures if picture.pinned] or list(self.pictures)

    def unsaved(self) -> list[GeneratedImage]:
        """The pictures that are kept and lie in no file."""
        return [picture for picture in self.all_pictures() if picture.unsaved]

    # What is asked for -------------------------------------------------------------------------

    def paint(self, options: GenerateOptions) -> None:
        """Make a new sheet."""
        try:
            request = self._request(options)
        except RestorerError as error:
            self._runs.warned.emit(engine_message(error))
            return
        self._request_run(request)

    def _request(self, options: GenerateOptions) -> GenerateRequest:
        preferences = self._runs.preferences
        return GenerateRequest(
            label=options.label,
            base=options.base,
            size=options.size,
            count=options.count,
            preset=options.preset,
            seed=options.seed,
            device=preferences.device,
            previews=preferences.previews,
        )

    def reroll(self, pictures: list[GeneratedImage]) -> None:
        """Make others of the first one's kind in the places of these, as far as they are not kept."""
        unpinned = tuple(picture for picture in pictures if not picture.pinned)[:MOST]
        if unpinned:
            seed = secrets.randbelow(ROLLED)
            preferences = self._runs.preferences  # which may have changed since the sheet was made
            request = replace(unpinned[0].request, device=preferences.device, previews=preferences.previews)
            self._request_run(replace(request, count=len(unpinned), seed=seed), unpinned)

    def _request_run(self, request: GenerateRequest, replaced: tuple[GeneratedImage, ...] = ()) -> None:
        if self.busy:
            return
        from restorer.pipeline.resume import picture_keeper

        request = replace(request, keep=picture_keeper.new_folder(), leaves_state=True)
        self._enqueue(request, replaced)

    def go_on(self, request: GenerateRequest) -> None:
        """Go on with a run that was left, in the folder that the request names."""
        self._enqueue(replace(request, leaves_state=True), ())

    def _enqueue(self, request: GenerateRequest, replaced: tuple[GeneratedImage, ...]) -> None:
        self._run_count -= 1
        job = ImageJob(key=self._run_count, request=request, replaced=replaced, folder=request.keep)
        self._runs.queue.enqueue(job)
        self.changed.emit()

    def cancel(self) -> bool:
        """End the waiting or the run; False for neither."""
        if self.waiting is not None:
            self._runs.queue.remove(self.waiting)
            self.changed.emit()
            self.ended.emit()
            return True
        if self.running is None:
            return False
        self.cancelling, self.paused = True, False
        self._runs.engine.cancel()
        self.changed.emit()
        return True

    @Slot()
    def pause(self) -> None:
        """Let the run wait after the piece of work in hand, or go on where it waits."""
        if self.running is not None and not self.cancelling:
            self.paused = not self.paused
            (self._runs.engine.pause if self.paused else self._runs.engine.go_on)()
            self.changed.emit()

    def estimate(self, options: GenerateOptions) -> RunEstimate | None:
        """What a sheet with these options will take; None where nothing can be said."""
        try:
            return estimate_generation(self._runs.estimates, self._request(options))
        except RestorerError:
            return None

    def can_turn(self, by: int) -> bool:
        """Whether there is a sheet `by` places further, and no run that changes the one in view."""
        return not self.busy and 0 <= self.sheet + by < len(self.sheets)

    def turn(self, by: int) -> None:
        """Go to the sheet `by` places further; -1 is the one before."""
        if self.can_turn(by):
            self.sheet += by
            if self.chosen not in self.pictures:
                self.chosen = self.pictures[0] if self.pictures else None
            self.changed.emit()

    def put_back(self, sheets: list[list[GeneratedImage]], sheet: int) -> None:
        """Have the sheets of an earlier session before those of this one."""
        earlier = [tuple(each) for each in sheets if each]
        if not earlier:
            return
        self.sheet = self.sheet + len(earlier) if self.sheets else min(sheet, len(earlier) - 1)
        self.sheets = [*earlier, *self.sheets]
        for picture in dict.fromkeys(picture for each in earlier for picture in each):
            picture.changed.connect(self._on_changed)
        self.chosen = self.chosen or self.pictures[0]
        self.changed.emit()

    def new_key(self) -> int:
        """For a picture."""
        self._keys -= 1
        return self._keys

    def choose(self, picture: GeneratedImage | None) -> None:
        """The picture that is meant from now on."""
        if picture is not self.chosen:
            self.chosen = picture
            self.changed.emit()

    def step(self, by: int) -> None:
        """The picture `by` places further, as far as there is one."""
        if self.chosen in self.pictures:
            place = self.pictures.index(self.chosen) + by
            if 0 <= place < len(self.pictures):
                self.choose(self.pictures[place])
        elif self.pictures:
            self.choose(self.pictures[0])

    def keep(self, picture: GeneratedImage, on: bool) -> None:
        """Keep a picture through new sheets, or no longer."""
        picture.pinned = on
        self.changed.emit()

    # What the threads report -------------------------------------------------------------------

    def _start(self, job: ImageJob) -> bool:
        """It is the run's turn."""
        self.running = job
        self.live, self.phase, self.cancelling, self.paused = None, ("", ""), False, False
        threads = self._runs.preferences.threads
        self._runs.engine.start(PaintJob(job.key, job.request, threads))
        self.changed.emit()
        return True

    @Slot(object)
    def _on_progress(self, message: ProgressMessage) -> None:
        if self.running is not None and message.run == self.running.key:
            self.live = message.filled_from(self.live)
            self.progressed.emit()

    @Slot(object)
    def _on_phase(self, report: Report) -> None:
        if self.running is not None and report.key == self.running.key:
            self.phase = (report.phase, report.message)
            self.progressed.emit()

    @Slot(object)
    def _on_painted(self, painted: GenerationEnd) -> None:
        run = self.running
        if run is None or painted.key != run.key:
            return
        fresh = []
        made_by = replace(run.request, keep=None, leaves_state=False)
        for number, shown in enumerate(painted.pictures):
            fresh.append(GeneratedImage(self, self.new_key(), painted.generated, number, made_by, shown))
        for picture in fresh:
            picture.changed.connect(self._on_changed)
        slots = self._arranged([ImageSlot(picture) for picture in fresh], run)
        gone = self._add_sheet(tuple(place.picture for place in slots if place.picture is not None))
        if self.chosen not in self.pictures:
            self.chosen = fresh[0]
        generated = painted.generated
        learn_from_generation(self._runs.estimates, run.request, painted)
        self._clear_run()
        for picture in self._replaced:
            picture.deleteLater()
        self._replaced = gone
        if run.request.keep is not None:
            records = tuple(picture.record for picture in fresh if picture.record is not None)
            self.state_left.emit(run.request.keep, records)
        self.finished.emit(generated.name, len(fresh), generated.seconds)
        self._runs.queue.finish(run)

    def _add_sheet(self, sheet: tuple[GeneratedImage, ...]) -> list[GeneratedImage]:
        """A new sheet behind all others; returns the pictures that no step leads to any more, where there are
        too many. A sheet with a picture that is kept and in no file stays."""
        before = self.all_pictures()
        self.sheets.append(sheet)
        for oldest in self.sheets[:-1]:
            if len(self.sheets) <= MOST_SHEETS and self._megapixels() <= MOST_MEGAPIXELS:
                break
            if not any(picture.unsaved for picture in oldest):
                self.sheets.remove(oldest)
        self.sheet = len(self.sheets) - 1
        now = self.all_pictures()
        return [picture for picture in before if picture not in now]

    def _megapixels(self) -> float:
        sizes = (picture.photo.size for picture in self.all_pictures() if picture.photo is not None)
        return sum(width * height for width, height in sizes) / 1e6

    @Slot(object)
    def _on_failed(self, report: Report) -> None:
        """The run controller says why."""
        self._end(report.key)

    @Slot(int)
    def _on_cancelled(self, key: int) -> None:
        if self.running is not None and key == self.running.key and not self._runs.is_closing:
            from restorer.pipeline.resume import run_folder

            run_folder.discard(self.running.request.keep)  # of a run that was given up
        self._end(key)

    def _end(self, key: int) -> None:
        """The run came to nothing; keys of other runs are passed over."""
        job = self.running
        if job is not None and key == job.key:
            self._clear_run()
            self.ended.emit()
            self._runs.queue.finish(job)

    def _clear_run(self) -> None:
        self.running = self.live = None
        self.cancelling = self.paused = False
        self.changed.emit()

    def _find(self, key: int) -> GeneratedImage | None:
        return next(
            (picture for picture in (*self.all_pictures(), *self._replaced) if picture.key == key), None
        )

    def note_written(self, written: WriteAnswer) -> None:
        """A file lies there; called by `ui.controllers.save_events`."""
        picture = self._find(written.key)
        if picture is not None:
            picture.note_saved(written.done, written.path, written.handed)
            if not written.handed:
                self._runs.photos.written.emit(picture)

    def note_file_failure(self, failure: FileFailure) -> None:
        """A file could not be written; called by `ui.controllers.save_events`."""
        picture = self._find(failure.key)
        if picture is not None:
            picture.copying = False
            picture.notify()

    @Slot(object)
    def _on_changed(self, picture: GeneratedImage) -> None:
        self.changed.emit()
