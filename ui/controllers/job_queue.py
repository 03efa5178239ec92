"""Who gets the engine: one queue for every kind of run, since only one thing computes at a time.

    RunController, Recovery, GenerationController, DeviceLease
        | enqueue(job)               ^ the starter of the job's kind, when it is the job's turn
        v                            |
    JobQueue: the jobs that wait, and the one that has the engine
        ^ finish(job): the next job starts

In: jobs, each of a kind, and for each kind who starts it. Out: one job started at a time, in the order of
`PRIORITY`, within a priority in the order in which they came. Knows no engine, no thread and no widget.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from pathlib import Path

    from ui.model.document import Document


class JobKind(Enum):
    """What a job does."""

    REGION = auto()  # a part of a photo, to try the settings
    FACE = auto()  # other versions of a restored face
    FIND = auto()  # the damage of a photo
    FILL = auto()  # what is marked as damage, and nothing else
    GENERATE = auto()  # pictures of a class
    RESUME = auto()  # a run that a crash or a restart interrupted
    RESTORE = auto()  # a photo
    VARIATIONS = auto()  # a photo, with several seeds
    STUDY = auto()  # one pair of pictures of a study
    FOLDER = auto()  # the folder job has the device until it pauses or ends


PRIORITY = {
    JobKind.REGION: 0,
    JobKind.FACE: 0,
    JobKind.FIND: 0,
    JobKind.FILL: 0,
    JobKind.GENERATE: 1,
    JobKind.RESUME: 2,
    JobKind.RESTORE: 3,
    JobKind.VARIATIONS: 3,
    JobKind.STUDY: 3,
    JobKind.FOLDER: 4,
}
"""The smallest goes first. A folder takes hours, so it waits until the window has nothing else to do."""


@dataclass(frozen=True, eq=False, kw_only=True)
class QueuedJob:
    """Something that needs the engine. document: the photo that it works on, if there is one. folder: where
    the state lies that it goes on from, if there is such."""

    kind: JobKind
    document: Document | None = None
    folder: Path | None = None


def _always(job: QueuedJob) -> bool:
    return True


@dataclass(frozen=True)
class _Starter:
    """start: begins a job; False where that cannot be done, and the job is dropped. is_ready: False where the
    job has to wait for something else, such as its photo being read; `start_next` is called again then."""

    start: Callable[[Any], bool]
    is_ready: Callable[[Any], bool]


class JobQueue(QObject):
    """The jobs that wait and the one that runs. The queue writes `Document.queued`."""

    changed = Signal()  # a job came, began or ended
    folder_changed = Signal()  # the folder job got the device, or gave it back

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.active: QueuedJob | None = None
        self._waiting: list[QueuedJob] = []
        self._starters: dict[JobKind, _Starter] = {}

    def set_starter(
        self, kind: JobKind, start: Callable[[Any], bool], is_ready: Callable[[Any], bool] = _always
    ) -> None:
        """Call `start(job)` when it is the turn of a job of this kind and `is_ready(job)`."""
        self._starters[kind] = _Starter(start, is_ready)

    @property
    def waiting(self) -> tuple[QueuedJob, ...]:
        """The jobs that wait, in the order in which they came."""
        return tuple(self._waiting)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The photos that wait."""
        return tuple(job.document for job in self._waiting if job.document is not None)

    @property
    def has_photos(self) -> bool:
        """Whether a photo waits or is in work."""
        return bool(self.documents) or (self.active is not None and self.active.document is not None)

    @property
    def folder_active(self) -> bool:
        """Whether the folder job has the device."""
        return self.active is not None and self.active.kind is JobKind.FOLDER

    @property
    def next(self) -> QueuedJob | None:
        """The job whose turn is next."""
        return min(self._waiting, key=lambda job: PRIORITY[job.kind], default=None)

    def enqueue(self, *jobs: QueuedJob) -> None:
        """Let jobs wait for their turn, and start the first if the engine is free."""
        self._waiting += jobs
        for job in jobs:
            if job.document is not None:
                job.document.queued, job.document.requeue_on_retry = True, False
                job.document.problem = ""
        self.start_next()
        for job in jobs:
            if job.document is not None and job in self._waiting:
                job.document.notify()

    def remove(self, job: QueuedJob) -> None:
        """Let a job wait no longer; nothing happens where it does not wait."""
        if job in self._waiting:
            self._waiting.remove(job)
            self.start_next()

    def withdraw(self, document: Document) -> None:
        """Let a photo wait no longer. Does not start the next job, because more may be withdrawn."""
        self._waiting = [job for job in self._waiting if job.document is not document]
        document.queued, document.checkpoint_folder = False, None
        document.notify()

    def finish(self, job: QueuedJob | None) -> None:
        """The job needs the engine no longer; the next one starts."""
        if job is None or job is not self.active:
            return
        self.active = None
        if job.kind is JobKind.FOLDER:
            self.folder_changed.emit()
        self.start_next()

    def start_next(self) -> None:
        """Start the job whose turn it is, if the engine is free and the job is ready."""
        while self.active is None:
            job = self.next
            if job is None or not self._starters[job.kind].is_ready(job):
                break
            self._start(job)
        self.changed.emit()

    def _start(self, job: QueuedJob) -> None:
        self._waiting.remove(job)
        if job.document is not None:
            job.document.queued = False
        self.active = job  # before it starts: what follows on that asks who has the engine
        if job.kind is JobKind.FOLDER:
            self.folder_changed.emit()
        if not self._starters[job.kind].start(job):
            self.active = None
            if job.document is not None:
                job.document.notify()
