"""Runs that were left by a crash or a restart: the offer to go on with them.

In: the list that the files' thread found in the cache. Out: the run to offer next, and, when the person
wants it, its photo in the row and the run going on from its last finished step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ui.controllers.job_queue import JobKind, QueuedJob
from ui.controllers.run_controller import RunController
from ui.i18n.language import tr
from ui.model.document import Document

if TYPE_CHECKING:
    from restorer.pipeline.resume.checkpoint import Unfinished


def sentence(run: Unfinished) -> str:
    """What is offered, in words."""
    if len(run.past.seeds) > 1:
        text = tr(
            "{1} variations of {0} were still to be made when Restorer ended. Go on with them? "
            "Those made before were not kept."
        )
        return text.format(run.name, len(run.past.seeds))
    text = tr("The restoration of {0} was interrupted after step {1} of {2}. Go on from there?")
    return text.format(run.name, run.step, run.steps)


@dataclass(frozen=True, eq=False, kw_only=True)
class ResumeJob(QueuedJob):
    """Go on with the run whose state lies in `folder`; preview_side as in `RestoreRequest`."""

    kind: JobKind = JobKind.RESUME
    document: Document
    folder: Path
    preview_side: int


class Recovery(QObject):
    """Owns the list of unfinished runs."""

    offered = Signal(object)  # the Unfinished to ask about, or None

    def __init__(self, runs: RunController) -> None:
        super().__init__(runs)
        self._runs = runs
        self._unfinished: list[Unfinished] = []
        runs.files.found.connect(self._on_found)
        runs.queue.set_starter(JobKind.RESUME, self._start, runs.is_ready)

    def look(self) -> None:
        """Ask for the list; `offered` follows."""
        self._runs.files.look_for_unfinished()

    def accept(self, preview_side: int) -> None:
        """Go on with the run that is offered, now or as soon as the engine is free."""
        if not self._unfinished:
            return
        run = self._unfinished.pop(0)
        document = self._runs.session.add(run.path, checkpoint_folder=run.folder, past=run.past)
        self._runs.queue.enqueue(ResumeJob(document=document, folder=run.folder, preview_side=preview_side))
        self._runs.session.show(document)
        self._offer()

    def refuse(self) -> None:
        """Forget the run that is offered."""
        from restorer.pipeline.resume import checkpoint

        if self._unfinished:
            checkpoint.discard(self._unfinished.pop(0).folder)
        self._offer()

    def offer_again(self) -> None:
        """Say once more what is offered, to whoever listens now."""
        self._offer()

    def _offer(self) -> None:
        self.offered.emit(self._unfinished[0] if self._unfinished else None)

    @Slot(object)
    def _on_found(self, runs: list[Unfinished]) -> None:
        self._unfinished = list(runs)
        self._offer()

    def _start(self, job: ResumeJob) -> bool:
        """It is the run's turn, and its photo has been read."""
        from restorer.pipeline.resume import checkpoint

        document = job.document
        if document.photo is None:
            return False
        try:
            request = checkpoint.request_of(job.folder, document.photo)
        except (OSError, ValueError, KeyError, TypeError):
            document.checkpoint_folder = None
            text = self.tr("What was kept of {0} is damaged, so its run cannot go on; restore it again.")
            self._runs.warned.emit(text.format(document.name))
            return False
        seeds = request.past.seeds
        request = replace(request, preview_side=job.preview_side)
        return self._runs.start(document, request, seeds if len(seeds) > 1 else ())
