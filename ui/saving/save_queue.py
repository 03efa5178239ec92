"""The files that are to be written, one after the other.

    SaveController --> SaveQueue --> files' thread --> SaveEvents --> SaveQueue --> SaveController

In: jobs; a job is what the person saves with one answer, be it one result or many. Out: one write at a time,
so that opening a photo need not wait for all of them, and signals that say how far a job is. The queue knows
no widget.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from restorer.preferences import Output
from ui.app_core import AppCore
from ui.model.document import Document
from ui.workers.messages import FileFailure, WriteAnswer

if TYPE_CHECKING:
    from restorer.pipeline.events import Done
    from ui.workers.finish_worker import Finishing
    from ui.workers.result_store import StoredResult


@dataclass(frozen=True, eq=False)
class SaveItem:
    """One file. output: None means as the settings say. bits: 8 or 16 a sample; None where the format
    decides."""

    document: Document
    done: Done | StoredResult
    path: Path
    overwrite: bool = False
    output: Output | None = None
    bits: int | None = None
    finishing: Finishing | None = None


class SaveJob:
    """What the person saves with one answer.

    documents: those still to be saved. make_item: called when it is a document's turn; None means that
    nothing of it needs saving any more. folder: where all of them go; None for a file that has its own
    place. pictures: whether they are pictures of a class.
    """

    def __init__(
        self,
        documents: Iterable[Document],
        make_item: Callable[[Document], SaveItem | None],
        folder: Path | None = None,
        pictures: bool = False,
    ) -> None:
        self.documents = deque(documents)
        self.make_item, self.folder, self.pictures = make_item, folder, pictures
        self.saved = 0  # files that were written
        self.failures: list[tuple[Document, str]] = []  # with the sentence that says why

    @property
    def position(self) -> tuple[int, int]:
        """Which file of how many is being written, counted from 1."""
        number = self.saved + len(self.failures) + 1
        return number, number + len(self.documents)


class SaveQueue(QObject):
    """Serves one window."""

    started = Signal(object, object)  # a SaveJob, and its SaveItem that is being written
    failed = Signal(object)  # a SaveJob: one of its files could not be written, and the next one follows
    ended = Signal(object)  # a SaveJob that has nothing left to write

    def __init__(self, core: AppCore, parent: QObject) -> None:
        super().__init__(parent)
        self._core = core
        self._jobs: list[SaveJob] = []
        self._current: tuple[SaveJob, SaveItem] | None = None
        core.save_events.written.connect(self._on_written)
        core.save_events.failed.connect(self._on_failed)

    @property
    def jobs(self) -> tuple[SaveJob, ...]:
        """The jobs that have not ended, in their order."""
        return tuple(self._jobs)

    def holds(self, document: Document) -> bool:
        """Whether the document is being written, or waits for its turn."""
        writing = self._current is not None and self._current[1].document is document
        return writing or any(document in job.documents for job in self._jobs)

    def add(self, job: SaveJob) -> None:
        """Write a job: one file goes before what waits, a folder goes behind it."""
        self._jobs.insert(0 if job.folder is None else len(self._jobs), job)
        self._write_next()

    def _write_next(self) -> None:
        while self._current is None and self._jobs:
            job = self._jobs[0]
            item = job.make_item(job.documents.popleft()) if job.documents else None
            if item is not None:
                self._current = job, item
                self._core.photos.write(
                    item.document,
                    item.done,
                    item.path,
                    item.overwrite,
                    item.output or self._core.runs.preferences.output,
                    item.bits,
                    finishing=item.finishing,
                )
                self.started.emit(job, item)
            elif not job.documents:
                self._end(job)

    def _end(self, job: SaveJob) -> None:
        self._jobs.remove(job)
        self.ended.emit(job)

    def _advance(self, job: SaveJob) -> None:
        """The current file has its answer."""
        self._current = None
        if not job.documents:
            self._end(job)
        self._write_next()

    @Slot(object)
    def _on_written(self, written: WriteAnswer) -> None:
        if self._current is not None:
            job, item = self._current
            if written.done is item.done and not written.handed:  # handed: written for another program
                job.saved += 1
                self._advance(job)

    @Slot(object)
    def _on_failed(self, failure: FileFailure) -> None:
        if self._current is not None:
            job, item = self._current
            if failure.path == item.path:
                job.failures.append((item.document, failure.message))
                self.failed.emit(job)
                self._advance(job)
