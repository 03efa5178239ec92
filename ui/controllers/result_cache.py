"""The thread that carries results of earlier steps into files and throws them away.

    GUI thread                        attic's thread
    Storer.put_away(held) --signal--> StoreWorker.store
    Storer._on_stored     <--signal-- the file, once it is whole; only then memory may let the result go

A thread of its own, so that a large result neither freezes the window nor delays the next photo. Fetching is
the files' thread's (`ui.workers.display_images`). Signals end in methods of QObjects only (see
ui/workers/engine_worker.py).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QObject, QThread, Signal, Slot

from restorer import paths
from ui.workers.result_store import ResultStore, StoredResult, StoreWorker
from ui.workers.thread_host import ThreadHost

if TYPE_CHECKING:
    from ui.model.result import Result


class ResultCache(ThreadHost):
    """The window's end of the attic's thread."""

    stored = Signal(object)  # the Result that lies in a file now, and is still in memory
    refused = Signal(str)  # a sentence
    pictured = Signal(object, object, str)  # a Result, its Pyramid or None, a sentence why there is none
    _sweep = Signal()
    _store = Signal(int, int, object)
    _picture = Signal(int, object)
    _forget = Signal(object)
    _forget_photo = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        stopped, attic = threading.Event(), ResultStore()
        worker = StoreWorker(attic, stopped)
        super().__init__("attic", worker, parent)
        self._stopped = stopped
        self._attic = attic  # the worker's for as long as the thread runs
        self._asked: dict[int, Result] = {}
        self._pictures: dict[int, Result] = {}
        self._count = 0
        self._stays: WeakSet[Result] = WeakSet()  # what could not be put away
        self._told = False
        self._sweep.connect(worker.sweep)
        self._store.connect(worker.store)
        self._picture.connect(worker.picture)
        self._forget.connect(worker.forget)
        self._forget_photo.connect(worker.forget_photo)
        worker.pictured.connect(self._on_pictured)
        worker.stored.connect(self._on_stored)
        worker.refused.connect(self._on_refused)
        self.thread_.start(QThread.Priority.LowPriority)
        self._sweep.emit()

    def put_away(self, record: Result, key: int) -> None:
        """Let memory go of a result of the photo `key`. The first time it goes into a file, `stored` follows,
        and whoever then still wants it away asks again: it may have come into view meanwhile."""
        if record.done is None or record in self._asked.values() or record in self._stays:
            return
        if record.stored is not None:
            record.done = None
            return
        self._count += 1
        self._asked[self._count] = record
        self._store.emit(self._count, key, record.done)

    def start_picture(self, record: Result) -> None:
        """Make a picture of a result for the screen; `pictured` follows, for the last one asked for alone."""
        self._count += 1
        self._pictures = {self._count: record}
        self._picture.emit(self._count, record.what)

    def forget(self, record: Result) -> None:
        """Nobody can come back to this result any more."""
        self._asked = {number: asked for number, asked in self._asked.items() if asked is not record}
        if record.stored is not None:
            self._forget.emit(record.stored.path)

    def forget_photo(self, key: int) -> None:
        """Remove the files of a photo that was closed."""
        self._forget_photo.emit(key)

    def try_again(self) -> None:
        """There may be room now for what could not be put away."""
        self._stays.clear()

    def close(self) -> None:
        """End the thread, at the latest after a piece of a file, and remove all files."""
        self._stopped.set()
        super().close()
        self._attic.close()

    @Slot(int, object)
    def _on_stored(self, number: int, stored: StoredResult) -> None:
        record = self._asked.pop(number, None)
        self._told = False
        if record is None:
            self._forget.emit(stored.path)
        else:
            record.stored = stored
            self.stored.emit(record)

    @Slot(int, str)
    def _on_refused(self, number: int, why: str) -> None:
        record = self._asked.pop(number, None)
        if record is not None:
            self._stays.add(record)
        if not self._told:
            self._told = True
            text = self.tr("Earlier results stay in memory, because they cannot be put into {0}: {1}.")
            self.refused.emit(text.format(paths.cache_dir(), why))

    @Slot(int, object, str)
    def _on_pictured(self, number: int, picture: object, trouble: str) -> None:
        record = self._pictures.pop(number, None)
        if record is not None:
            self.pictured.emit(record, picture, trouble)
