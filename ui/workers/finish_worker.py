"""The thread of strength and grain: what a view shows of a result as the two sliders have it.

    GUI thread                     thread of the finish
    FinishHost.show   --signal-->  FinishWorker.show     only when the answer before has come: of the tasks
    FinishHost.made   <--signal--  FinishedPictures      that came meanwhile the newest is done, the others
                                                         are dropped, so that a slider has no queue
    FinishHost.copy   --signal-->  FinishWorker.copy     the whole picture, for the clipboard
    FinishHost.invent --signal-->  FinishWorker.invent   how much of a result was invented

In: results with the photo they were made of. Out: pictures for the screen, as large as the view. The worker
keeps what it measured of the results it was asked about last. Signals end in methods of QObjects only (see
ui/workers/engine_worker.py).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.pipeline.finish import LEVELS, Finish
from ui.imaging.pyramid import (
    SMALLEST_LEVEL,
    Halves,
    PicturePart,
    Pyramid,
    heat_pyramid,
    part_image,
    photo_pyramid,
    picture_of,
)
from ui.system.environment import drop_opencv_qt_settings
from ui.workers.thread_host import ThreadHost

if TYPE_CHECKING:
    import numpy as np

    from restorer.photo import Photo
    from restorer.photo.edits import Edit
    from restorer.pipeline.events import Box, Done
    from restorer.pipeline.faces.layers import FaceLayer
    from restorer.pipeline.finish import Finisher

log = logging.getLogger(__name__)

View = tuple["Box", int]
"""A part of a result, in its pixels, and how often the screen halves it."""


@dataclass(frozen=True, eq=False)
class FinishSource:
    """The photo that a result was made of: after its edits, where that is in memory, else as it was read."""

    photo: Photo | None
    raw: Photo | None
    edits: tuple[Edit, ...] = ()

    def read(self) -> Photo:
        from restorer.photo.edits import applied

        if self.photo is not None:
            return self.photo
        assert self.raw is not None, "a photo with a result stays in memory"
        return applied(self.raw, self.edits)


@dataclass(frozen=True, eq=False)
class Finishing:
    """What is still to be done with a result before it is shown or saved."""

    finish: Finish
    source: FinishSource
    more: tuple[FaceLayer, ...] = ()  # versions of faces that were made since

    def of(self, done: Done) -> Done:
        """The result, finished, with what its provenance says of that."""
        from restorer.pipeline.faces.layers import told_anew, with_choices

        picture = finisher_of(self.source.read(), done, self.more).whole(self.finish)
        faces = with_choices(done.faces, self.finish.faces)
        facts = told_anew(done.provenance, faces) if self.finish.faces else done.provenance
        return replace(done, photo=picture, provenance={**facts, **self.finish.facts()}, faces=faces)


@dataclass(frozen=True, eq=False)
class FinishTask:
    """Finish these results of one photo where the views look. shown, shown_photo: the results and the photo
    as the screen has them, so that nothing is reduced again."""

    photo: Photo
    dones: tuple[Done, ...]
    finish: Finish
    views: tuple[View, ...]
    more: tuple[tuple[FaceLayer, ...], ...] = ()  # for each result, versions of its faces made since
    shown: tuple[Pyramid, ...] = ()
    shown_photo: Pyramid | None = None


@dataclass(frozen=True, eq=False)
class Invention:
    """How much of a result was invented, as far as a strength takes it, as a heat map over the picture; None
    where that could not be told."""

    done: Done
    strength: float
    heat_map: Pyramid | None


@dataclass(frozen=True, eq=False)
class FinishedPictures:
    """The answer: a picture a result, coarse as a whole and fine where the views look. grain: whether the
    photo has grain; None while nobody has looked."""

    task: FinishTask
    pictures: tuple[Pyramid, ...]
    grain: bool | None


def finisher_of(photo: Photo, done: Done, more: tuple[FaceLayer, ...] = ()) -> Finisher:
    from restorer.photo.export import in_sixteen_bits
    from restorer.pipeline.finish import Finisher

    if done.photo.bits == 16:
        photo = in_sixteen_bits(photo)  # as the run got it, where the settings ask for 16 bits
    if done.mended is not None:
        photo = done.mended.over(photo)  # as the run got it: the damage is not to come back
    return Finisher(photo, done.photo, done.seed, layers=merged_layers(done, more), faces=done.faces)


def merged_layers(done: Done, more: tuple[FaceLayer, ...]) -> tuple[FaceLayer, ...]:
    """A result's layers with the versions that were made since."""
    from restorer.pipeline.faces.layers import merged

    return merged(done.face_layers, more)


def overview(size: tuple[int, int]) -> View:
    """All of a picture, as small as a view of it may be while a finer part is on its way."""
    level = 0
    while max(size) >> level > SMALLEST_LEVEL and level < LEVELS:
        level += 1
    return (0, 0, *size), level


class FinishWorker(QObject):
    """Lives in the thread of the finish."""

    made = Signal(object)
    copied = Signal(object)  # a QImage, or None where there is no memory for it
    invented = Signal(object)  # an Invention
    faced = Signal(object)  # FacePictures, or None where they cannot be made

    def __init__(self) -> None:
        super().__init__()
        self._finishers: list[tuple[Photo, Done, Finisher]] = []  # of the results that were asked about last
        self._spread: tuple[Done, np.ndarray] | None = None  # what was invented of the last one

    def _finisher(self, task: FinishTask, number: int) -> Finisher:
        """Of the result with this number."""
        done, more = task.dones[number], task.more[number] if task.more else ()
        for known_photo, known, finisher in self._finishers:
            if known is done and known_photo is task.photo:
                finisher.layers = merged_layers(done, more)
                return finisher
        finisher = finisher_of(task.photo, done, more)
        finisher.halves = Halves(finisher.result, task.shown[number] if task.shown else None)
        if done.mended is None:  # else the screen has the damage
            finisher.source_halves = Halves(finisher.source, task.shown_photo)
        return finisher

    @Slot(object)
    def show(self, task: FinishTask) -> None:
        """Exactly one answer follows, without pictures where that failed."""
        try:
            self._finishers = [
                (task.photo, done, self._finisher(task, number)) for number, done in enumerate(task.dones)
            ]
            pictures = tuple(self._picture(finisher, task) for _, _, finisher in self._finishers)
            grain = self._finishers[0][2].grain is not None if task.finish.grain > 0 else None
            self.made.emit(FinishedPictures(task, pictures, grain))
        except Exception:
            log.exception("the strength and grain of %s cannot be shown", task.photo.name)
            self.made.emit(FinishedPictures(task, (), None))
        finally:
            drop_opencv_qt_settings()

    def _picture(self, finisher: Finisher, task: FinishTask) -> Pyramid:
        size = finisher.result.size
        whole = overview(size)
        # A view that shows all of a picture, and no finer than its overview, needs nothing beside it.
        finer = [view for view in task.views if view[1] < whole[1] or view[0][2:] != size]
        parts = sorted((self._part(finisher, view, task.finish) for view in finer), key=_fineness)
        return Pyramid(size, self._part(finisher, whole, task.finish).picture.levels, tuple(parts))

    def _part(self, finisher: Finisher, view: View, finish: Finish) -> PicturePart:
        box, level = view
        pixels = finisher.part(box, finish, level)
        return PicturePart(box, Pyramid((box[2], box[3]), (part_image(finisher.result, pixels, box),)))

    @Slot(object, object)
    def copy(self, done: Done, finishing: Finishing) -> None:
        """Make the whole picture for the clipboard."""
        try:
            photo = finishing.of(done).photo
            self.copied.emit(picture_of(photo, photo_pyramid(photo)))
        except Exception:
            log.exception("the result cannot be put on the clipboard")
            self.copied.emit(None)
        finally:
            drop_opencv_qt_settings()

    @Slot(object, object, float)
    def invent(self, photo: Photo, done: Done, strength: float) -> None:
        """Estimate how much of a result was invented; what is taken of the result counts."""
        from restorer.photo.invented import invented

        try:
            if self._spread is None or self._spread[0] is not done:
                scanned = replace(done, mended=None)  # for what was filled was invented too
                self._spread = done, invented(finisher_of(photo, scanned).source, done.photo)
            self.invented.emit(Invention(done, strength, heat_pyramid(self._spread[1] * strength)))
        except Exception:
            log.exception("how much of %s was invented cannot be told", photo.name)
            self.invented.emit(Invention(done, strength, None))
        finally:
            drop_opencv_qt_settings()

    @Slot(object, object, object)
    def picture_faces(self, photo: Photo, done: Done, more: tuple[FaceLayer, ...]) -> None:
        """Make the pictures of a result's faces."""
        from ui.workers.faces.pictures import face_pictures

        try:
            self.faced.emit(face_pictures(photo, done, more))
        except Exception:
            log.exception("the faces of %s cannot be shown", photo.name)
            self.faced.emit(None)
        finally:
            drop_opencv_qt_settings()

    @Slot()
    def forget(self) -> None:
        """Let memory go of the results that were asked about last."""
        self._finishers, self._spread = [], None


def _fineness(part: PicturePart) -> float:
    return part.picture.levels[0].width() / part.box[2]


class FinishHost(ThreadHost):
    """The window's end of that thread."""

    made = Signal(object)
    copied = Signal(object)
    invented = Signal(object)
    faced = Signal(object)
    _show = Signal(object)
    _picture_faces = Signal(object, object, object)
    _copy = Signal(object, object)
    _invent = Signal(object, object, float)
    _forget = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        worker = FinishWorker()
        super().__init__("finish", worker, parent)
        self._busy = False
        self._next: FinishTask | None = None
        self._show.connect(worker.show)
        self._copy.connect(worker.copy)
        self._invent.connect(worker.invent)
        self._forget.connect(worker.forget)
        self._picture_faces.connect(worker.picture_faces)
        self.made.connect(self._on_made)
        self.pass_on((worker.made, self.made), (worker.copied, self.copied), (worker.invented, self.invented))
        self.pass_on((worker.faced, self.faced))
        self.thread_.start()

    def show(self, task: FinishTask) -> None:
        """Finish what a view shows; of several tasks that wait the newest is done."""
        if self._busy:
            self._next = task
            return
        self._busy = True
        self._show.emit(task)

    def copy(self, done: Done, finishing: Finishing) -> None:
        """Make a whole picture; `copied` follows."""
        self._copy.emit(done, finishing)

    def invent(self, photo: Photo, done: Done, strength: float) -> None:
        """Estimate how much of a result was invented; `invented` follows."""
        self._invent.emit(photo, done, strength)

    def picture_faces(self, photo: Photo, done: Done, more: tuple[FaceLayer, ...]) -> None:
        """Make the pictures of a result's faces; `faced` follows."""
        self._picture_faces.emit(photo, done, more)

    def forget(self) -> None:
        """Nobody looks at the results any more that were asked about last."""
        self._next = None
        self._forget.emit()

    @Slot(object)
    def _on_made(self, made: FinishedPictures) -> None:
        self._busy = False
        if self._next is not None:
            task, self._next = self._next, None
            self.show(task)
