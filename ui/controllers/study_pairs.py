"""Makes the pairs of a study, one after the other, while the person looks at those that are there.

    StudyWindow --begin--> StudyPairs --StudyJob--> JobQueue --PairTask--> engine thread
    engine thread --PairImages--> StudyPairs.came; a file that gives no pair is passed over

In: a folder of originals and the study's settings. Out: pairs in an order that the seed decides, until there
are enough or no originals are left. Each pair is a job of its own, so a run of the main window waits for one
pair at most.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from restorer.pipeline.study.subject import Subject
from ui.controllers.job_queue import JobKind, QueuedJob
from ui.controllers.run_controller import RunController
from ui.workers.engine_tasks import EngineTask, PairImages, PairTask, TaskEnd


@dataclass(frozen=True, eq=False, kw_only=True)
class StudyJob(QueuedJob):
    """Make one pair."""

    kind: JobKind = JobKind.STUDY
    task: PairTask


class StudyPairs(QObject):
    """Serves one study at a time; it outlives its window, for a pair that is given up still ends."""

    came = Signal(object)  # a PairImages
    passed_over = Signal(str)  # a sentence: why an original gives no pair
    ended = Signal()  # no more will come

    def __init__(self, runs: RunController) -> None:
        super().__init__(runs)
        self._runs = runs
        self._paths: deque[Path] = deque()
        self._subject, self._seed, self._wanted = Subject.PHOTOS, 0, 0
        self._job: StudyJob | None = None
        runs.queue.set_starter(JobKind.STUDY, self._start)
        runs.engine.answered.connect(self._on_answered)
        runs.engine.worked.connect(self._on_worked)

    @property
    def busy(self) -> bool:
        """Whether more may come."""
        return self._job is not None

    def begin(self, paths: list[Path], subject: Subject, seed: int, count: int) -> None:
        """Make pairs of these originals in their order until there are `count`; what went on before ends."""
        self.stop()
        self._paths, self._subject, self._seed, self._wanted = deque(paths), subject, seed, count
        self._next()

    @Slot()
    def stop(self) -> None:
        """Make no more."""
        self._paths.clear()
        job, self._job = self._job, None
        if job is None:
            return
        if self._runs.queue.active is job:
            job.task.cancel()  # `worked` follows, and frees the engine
        else:
            self._runs.queue.remove(job)

    def _next(self) -> None:
        if self._wanted <= 0 or not self._paths:
            self._job = None
            self.ended.emit()
            return
        preferences = self._runs.preferences
        task = PairTask(
            self._paths.popleft(),
            self._subject,
            self._seed,
            threads=preferences.threads,
            device=preferences.device,
        )
        self._job = StudyJob(task=task)
        self._runs.queue.enqueue(self._job)

    def _start(self, job: StudyJob) -> bool:
        self._runs.engine.start(job.task)
        return True

    @Slot(object, object)
    def _on_answered(self, task: EngineTask, answer: object) -> None:
        if self._job is not None and task is self._job.task and isinstance(answer, PairImages):
            self._wanted -= 1
            self.came.emit(answer)

    @Slot(object)
    def _on_worked(self, end: TaskEnd) -> None:
        active = self._runs.queue.active
        if not isinstance(active, StudyJob) or end.task is not active.task:
            return
        is_ours = active is self._job
        if is_ours:
            if end.problem:
                self.passed_over.emit(end.problem)
            self._next()  # before the queue goes on: a person waits for it
        self._runs.queue.finish(active)
