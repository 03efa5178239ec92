"""Other versions of a restored face, three at a time, when the person asks for them.

    FaceView.ask --FaceVersionJob--> JobQueue --FaceTask--> engine thread
    engine thread --FaceLayer--> Result.more_faces; `made`

In: a photo with a result, and the number of a face. Out: more versions of it beside the result. They are
small, and stay in memory for as long as the history has the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ui.controllers.job_queue import JobKind, QueuedJob
from ui.controllers.run_controller import RunController
from ui.workers.engine_tasks import EngineTask, TaskEnd
from ui.workers.faces.task import FaceTask

if TYPE_CHECKING:
    from ui.model.document import Document
    from ui.model.result import Result

AT_A_TIME = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class FaceVersionJob(QueuedJob):
    """Make versions for a result. owner: its photo, which may go on meanwhile."""

    kind: JobKind = JobKind.FACE
    owner: Document
    record: Result
    task: FaceTask


class FaceVersions(QObject):
    """Serves one window."""

    made = Signal(object, int)  # the photo, and the number of the face that has more versions
    ended = Signal()  # the last one asked for came, or failed

    def __init__(self, runs: RunController) -> None:
        super().__init__(runs)
        self._runs = runs
        self._job: FaceVersionJob | None = None
        runs.queue.set_starter(JobKind.FACE, self._start)
        runs.engine.answered.connect(self._on_answered)
        runs.engine.worked.connect(self._on_worked)

    @property
    def busy(self) -> bool:
        """Whether versions are being made, or wait for their turn."""
        return self._job is not None

    def ask(self, document: Document, number: int) -> None:
        """Make three more versions of a restored face of the result in view; one face at a time."""
        from restorer.photo.seed_disagreement import seeds
        from restorer.pipeline.faces.layers import merged

        record, done, photo = document.record, document.result, document.photo
        if self.busy or record is None or done is None or photo is None or not document.at_rest:
            return
        layers = {layer.number: layer for layer in merged(done.face_layers, record.more_faces)}
        if number not in layers:
            return
        layer, preferences = layers[number], self._runs.preferences
        face = next(each.face for each in done.faces if each.number == number)
        last = max(version.seed for version in layer.versions)
        task = FaceTask(
            photo,
            done,
            face,
            layer,
            seeds(last + 1, AT_A_TIME),
            threads=preferences.threads,
            device=preferences.device,
        )
        self._job = FaceVersionJob(owner=document, record=record, task=task)
        self._runs.queue.enqueue(self._job)

    def cancel(self) -> None:
        """Make no more of those that were asked for."""
        job = self._job
        if job is None:
            return
        if self._runs.queue.active is job:
            job.task.cancel()  # `worked` follows
        else:
            self._job = None
            self._runs.queue.remove(job)
            self.ended.emit()

    def _start(self, job: FaceVersionJob) -> bool:
        self._runs.engine.start(job.task)
        return True

    @Slot(object, object)
    def _on_answered(self, task: EngineTask, layer: object) -> None:
        from restorer.pipeline.faces.layers import FaceLayer, merged

        job = self._job
        if job is None or task is not job.task or not isinstance(layer, FaceLayer):
            return
        others = tuple(each for each in job.record.more_faces if each.number != layer.number)
        same = tuple(each for each in job.record.more_faces if each.number == layer.number)
        job.record.more_faces = (*others, *merged(same or (layer,), (layer,)))
        self.made.emit(job.owner, layer.number)

    @Slot(object)
    def _on_worked(self, end: TaskEnd) -> None:
        job = self._job
        if job is None or end.task is not job.task:
            return
        self._job = None
        if end.problem:
            self._runs.warned.emit(end.problem)
        self.ended.emit()
        self._runs.queue.finish(job)
