"""Damage of the photo in view: found, marked by hand, filled alone.

    DamageView, or a test --find, fill--> DamageController --DamageJob--> JobQueue --> engine thread
    engine thread --DamageFound--> Document.marked   --DamageFilled--> the document's result

In: wishes, and masks that a tool makes. Out: documents whose marks or result changed. While a person marks,
from `begin` to `end`, all that changes becomes one step of the photo's history; else each change is one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.errors import PhotoError
from restorer.pipeline.finish import AS_RESTORED
from ui.controllers.damage.filling import filling_of
from ui.controllers.history import History
from ui.controllers.job_queue import JobKind, QueuedJob
from ui.controllers.run_controller import RunController
from ui.i18n.engine_messages import engine_message
from ui.model.document import DocumentState
from ui.model.marked_damage import MarkedDamage
from ui.workers.damage.tasks import DamageFilled, DamageFound, FillTask, FindTask
from ui.workers.engine_tasks import EngineTask, TaskEnd

if TYPE_CHECKING:
    from ui.model.document import Document


@dataclass(frozen=True, eq=False, kw_only=True)
class DamageJob(QueuedJob):
    """Find or fill. owner: its photo, which may go on meanwhile."""

    owner: Document
    task: FindTask | FillTask


class DamageController(QObject):
    """Serves one window."""

    changed = Signal()  # whether something is being found or filled
    found = Signal(object, object)  # the photo, and its marks with what was found
    filled = Signal(object)  # the photo

    def __init__(self, runs: RunController, history: History) -> None:
        super().__init__(runs)
        self._runs, self._history = runs, history
        self._job: DamageJob | None = None
        self._has_warned = False  # that no model finds damage; once is enough
        self._marking: tuple[Document, MarkedDamage | None] | None = None  # and what was marked at its begin
        for kind in (JobKind.FIND, JobKind.FILL):
            runs.queue.set_starter(kind, self._start)
        runs.engine.answered.connect(self._on_answered)
        runs.engine.worked.connect(self._on_worked)

    @property
    def busy(self) -> JobKind | None:
        """What is being done, or waits for its turn."""
        return None if self._job is None else self._job.kind

    # Marks -----------------------------------------------------------------------------------

    def marks_of(self, document: Document) -> MarkedDamage:
        """What is marked on the photo as it is; nothing where its file is lost, which is said."""
        assert document.photo is not None, "only a photo that is read is marked"
        marked = document.marked
        if marked is not None and marked.fits(document.photo):
            try:
                marked.planes.read()
                return marked
            except PhotoError as error:
                self._runs.warned.emit(engine_message(error))
        return MarkedDamage.none(document.photo.size)

    def begin(self, document: Document) -> None:
        """A person begins to mark a photo."""
        self.end()
        self._marking = document, document.marked

    def end(self) -> None:
        """The person is done: what was marked becomes one step of the photo's history."""
        if self._marking is None:
            return
        (document, before), self._marking = self._marking, None
        if document in self._runs.session.documents:
            self._history.mark(document, before)

    def set_marked(self, document: Document, marked: MarkedDamage | None) -> None:
        """Other marks for a photo."""
        before, document.marked = document.marked, marked
        if self._marking is None or self._marking[0] is not document:
            self._history.mark(document, before)
        document.notify()

    # Jobs ------------------------------------------------------------------------------------

    def find(self, document: Document) -> None:
        """Find the damage of a photo that is at rest; what was drawn by hand stays."""
        if self._job is not None or document.photo is None or not document.at_rest:
            return
        preferences = self._runs.preferences
        task = FindTask(document.photo, threads=preferences.threads, device=preferences.device)
        self._enqueue(DamageJob(kind=JobKind.FIND, owner=document, task=task))

    def fill(self, document: Document, another: bool = False) -> None:
        """Fill what is marked, and change nothing else. another: with a seed that was not taken yet."""
        if self._job is not None or document.photo is None or not document.at_rest:
            return
        if another and document.marked is not None:
            seeds = [record.seed for record in document.results]
            self.set_marked(document, replace(document.marked, seed=max([document.marked.seed, *seeds]) + 1))
        filling = filling_of(document)
        if filling is None:
            self._runs.noted.emit(self.tr("Nothing is marked, so nothing is filled."))
            return
        preferences = self._runs.preferences
        task = FillTask(document.photo, filling, threads=preferences.threads, device=preferences.device)
        self._enqueue(DamageJob(kind=JobKind.FILL, owner=document, task=task))

    def _enqueue(self, job: DamageJob) -> None:
        self._job = job
        self.changed.emit()
        self._runs.queue.enqueue(job)

    @Slot()
    def cancel(self) -> None:
        """Find or fill no longer."""
        job = self._job
        if job is None:
            return
        if self._runs.queue.active is job:
            job.task.cancel()  # `worked` follows
        else:
            self._job = None
            self._runs.queue.remove(job)
            self.changed.emit()

    def _start(self, job: DamageJob) -> bool:
        self._runs.engine.start(job.task)
        return True

    @Slot(object, object)
    def _on_answered(self, task: EngineTask, answer: object) -> None:
        job = self._job
        if job is None or task is not job.task:
            return
        document = job.owner
        # What was done to the photo meanwhile made another one of it.
        is_same = document in self._runs.session.documents and document.photo is job.task.photo
        if not is_same or not document.at_rest:
            return
        if isinstance(answer, DamageFound):
            marked = self.marks_of(document).with_found(answer.found)
            self.set_marked(document, marked)
            if not answer.by_network and not self._has_warned:
                self._has_warned = True
                self._runs.noted.emit(
                    self.tr(
                        "No model that finds damage is installed, so thin lines and specks were looked for. "
                        "Check what is marked before it is filled."
                    )
                )
            self.found.emit(document, marked)
        elif isinstance(answer, DamageFilled):
            self._show(document, answer)

    def _show(self, document: Document, answer: DamageFilled) -> None:
        document.before_run = document.snapshot()
        document.patch = document.varied = document.choice = document.copy = None
        document.comparison = document.finished = document.invention = None
        document.result_scale = 1
        document.set_result(answer.done, answer.before, answer.after, finish=AS_RESTORED)
        document.state = DocumentState.DONE
        if document is not self._runs.session.current:
            document.release_images()
        document.notify()
        self._runs.finished.emit(document)
        self.filled.emit(document)

    @Slot(object)
    def _on_worked(self, end: TaskEnd) -> None:
        job = self._job
        if job is None or end.task is not job.task:
            return
        self._job = None
        if end.problem:
            self._runs.warned.emit(end.problem)
        self.changed.emit()
        self._runs.queue.finish(job)
