"""Which results lie in files: those of earlier steps instead of in memory, all others as well.

    GUI thread                            thread of the result files
    ResultCache.move_to_disk --signal-->  StoreWorker.store
    ResultCache._on_stored   <--signal--  the file, once it is whole; only then memory may let the result go

A thread of its own, so that a large result neither freezes the window nor delays the next photo. Fetching is
the files' thread's (`ui.workers.display_images`). Signals end in methods of QObjects only (see
ui/workers/engine_worker.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QObject, QThread, Signal, Slot

from restorer import paths
from restorer.pipeline.run_control import RunControl
from ui.workers.result_store import ResultStore, StoredResult, StoreWorker
from ui.workers.thread_host import ThreadHost

if TYPE_CHECKING:
    from restorer.pipeline.events import Done
    from ui.model.result import Result
    from ui.workers.finish_worker import Finishing


class ResultCache(ThreadHost):
    """The window's end of that thread."""

    stored = Signal(object)  # the Result that lies in a file now, and is still in memory
    refused = Signal(str)  # a sentence
    refused_quietly = Signal()  # a result that is in memory cannot be put into a file as well
    pictured = Signal(object, object, str)  # a Result, its Pyramid or None, a sentence why there is none
    session_written = Signal(int, bool)  # its number, and whether it could be
    _sweep = Signal()
    _write_session = Signal(int, str)
    _store = Signal(int, int, object)
    _picture = Signal(int, object, object)
    _forget = Signal(object)
    _forget_photo = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        control, result_store = RunControl(), ResultStore()
        worker = StoreWorker(result_store, control)
        super().__init__("results", worker, parent)
        self._control = control
        self._result_store = result_store  # the worker's for as long as the thread runs
        self._pending: dict[int, Result] = {}
        self._pictures: dict[int, Result] = {}
        self._count = 0
        self._unstorable: WeakSet[Result] = WeakSet()  # what could not be written
        self._only_kept: WeakSet[Result] = WeakSet()  # what goes into a file, and stays in memory
        self._is_refusal_shown = False
        self._sweep.connect(worker.sweep)
        self._store.connect(worker.store)
        self._write_session.connect(worker.write_session)
        worker.session_written.connect(self.session_written)
        self._picture.connect(worker.picture)
        self._forget.connect(worker.forget)
        self._forget_photo.connect(worker.forget_photo)
        worker.pictured.connect(self._on_pictured)
        worker.stored.connect(self._on_stored)
        worker.refused.connect(self._on_refused)
        self.thread_.start(QThread.Priority.LowPriority)
        self._sweep.emit()

    def move_to_disk(self, record: Result, key: int) -> None:
        """Let memory go of a result of the photo `key`. The first time it goes into a file, `stored` follows,
        and whoever then still wants it away asks again: it may have come into view meanwhile."""
        if record.done is None:
            return
        if record in self._only_kept:  # from now on it matters whether it can be written
            self._only_kept.discard(record)
            self._unstorable.discard(record)
        if record in self._pending.values() or record in self._unstorable:
            return
        if record.stored is not None:
            record.done = None
            return
        self._put(record, key, record.done)

    def keep(self, record: Result, key: int) -> bool:
        """Have a result of the photo `key` in a file as well, so that a crash does not lose it; `stored`
        follows. False where it lies in one already, is on its way, or cannot be written."""
        known = record.stored is not None or record in self._pending.values() or record in self._unstorable
        if known or record.done is None:
            return False
        self._only_kept.add(record)
        self._put(record, key, record.done)
        return True

    @property
    def is_storing(self) -> bool:
        """Whether results are on their way into files."""
        return bool(self._pending)

    def can_store(self, record: Result) -> bool:
        """Whether a result may still come into a file."""
        return record not in self._unstorable

    def take_over(self, record: Result, key: int) -> None:
        """Have a result that another process stored in this one's folder; `stored` follows."""
        if record.stored is not None:
            self._put(record, key, record.stored)

    def _put(self, record: Result, key: int, what: Done | StoredResult) -> None:
        self._count += 1
        self._pending[self._count] = record
        self._store.emit(self._count, key, what)

    def write_session(self, number: int, text: str) -> None:
        """Say in this process' folder what its results are; `session_written` follows."""
        self._write_session.emit(number, text)

    @property
    def keeps_folder(self) -> bool:
        """Whether the files stay when the app ends."""
        return self._result_store.is_kept

    def keep_folder(self, on: bool) -> None:
        """Whether the files stay when the app ends."""
        self._result_store.is_kept = on  # read when the thread has ended

    def start_picture(self, record: Result, finishing: Finishing | None = None) -> None:
        """Make a picture of a result for the screen; `pictured` follows, for the last one asked for alone."""
        self._count += 1
        self._pictures = {self._count: record}
        self._picture.emit(self._count, record.in_memory_or_stored, finishing)

    def forget(self, record: Result) -> None:
        """Nobody can come back to this result any more."""
        self._pending = {number: other for number, other in self._pending.items() if other is not record}
        if record.stored is not None:
            self._forget.emit(record.stored.path)

    def forget_photo(self, key: int) -> None:
        """Remove the files of a photo that was closed."""
        self._forget_photo.emit(key)

    def try_again(self) -> None:
        """There may be room now for what could not be written."""
        self._unstorable.clear()

    def close(self) -> None:
        """End the thread, at the latest after a piece of a file, and remove all files; where they are kept,
        once all are written."""
        if not self._result_store.is_kept:
            self._control.cancel()
        super().close()
        self._result_store.close()

    @Slot(int, object)
    def _on_stored(self, number: int, stored: StoredResult) -> None:
        record = self._pending.pop(number, None)
        self._is_refusal_shown = False
        if record is None:
            self._forget.emit(stored.path)
        else:
            record.stored = stored
            self.stored.emit(record)

    @Slot(int, str)
    def _on_refused(self, number: int, why: str) -> None:
        record = self._pending.pop(number, None)
        if record is not None:
            self._unstorable.add(record)
        if record is not None and record in self._only_kept:
            self.refused_quietly.emit()  # nobody wanted its memory
            return
        if not self._is_refusal_shown:
            self._is_refusal_shown = True
            text = self.tr("Earlier results stay in memory, because they cannot be put into {0}: {1}.")
            self.refused.emit(text.format(paths.cache_dir(), why))

    @Slot(int, object, str)
    def _on_pictured(self, number: int, picture: object, trouble: str) -> None:
        record = self._pictures.pop(number, None)
        if record is not None:
            self.pictured.emit(record, picture, trouble)
