"""The files' thread: reads and writes photos, and makes their pictures for the screen.

In, from the window: a document's key with a path, a photo or a result. Out: signals
with frozen reports. A thread of its own, so that a large TIFF neither freezes the
window nor waits behind a run. Signals end in methods of QObjects only (see ui/worker.py).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from restorer.errors import RestorerError
from ui.environment import drop_opencv_qt_settings

if TYPE_CHECKING:
    from restorer.events import Done
    from restorer.photo import Photo
    from ui.pyramid import Pyramid

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Reading:
    """Read `path` (or take `photo`, which is in memory), and show `result` beside it if there is one."""

    key: int
    path: Path | None
    photo: Photo | None = None
    result: Done | None = None


@dataclass(frozen=True, eq=False)
class Read:
    key: int
    photo: Photo
    original: Pyramid
    before: Pyramid | None = None
    after: Pyramid | None = None


@dataclass(frozen=True, eq=False)
class Writing:
    key: int
    done: Done
    path: Path
    overwrite: bool = False


@dataclass(frozen=True)
class Written:
    key: int
    path: Path


@dataclass(frozen=True)
class FileFailure:
    key: int
    message: str
    reading: bool


class FileWorker(QObject):
    """Lives in the files' thread."""

    read = Signal(object)
    written = Signal(object)
    failed = Signal(object)

    @Slot(object)
    def do_read(self, task: Reading) -> None:
        name = task.path.name if task.path is not None else self.tr("The picture")
        try:
            from restorer.photo import read_photo
            from ui.pyramid import enlarged_pyramid, photo_pyramid

            photo = task.photo
            if photo is None:
                assert task.path is not None, "a task without a photo names a file"
                photo = read_photo(task.path)
            before = after = None
            if task.result is not None:
                after = photo_pyramid(task.result.photo)
                before = enlarged_pyramid(photo, after.size)
            self.read.emit(Read(task.key, photo, photo_pyramid(photo), before, after))
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(FileFailure(task.key, str(error), reading=True))
        except Exception:
            log.exception("reading %s failed", name)
            sentence = self.tr(
                "{0} cannot be opened because of an error inside Restorer; the details are in the log."
            ).format(name)
            self.failed.emit(FileFailure(task.key, sentence, reading=True))
        finally:
            drop_opencv_qt_settings()

    @Slot(object)
    def do_write(self, task: Writing) -> None:
        try:
            from restorer.photo import write_photo

            path = write_photo(
                task.done.photo, task.path, provenance=task.done.provenance, overwrite=task.overwrite
            )
            self.written.emit(Written(task.key, path))
        except RestorerError as error:
            log.warning("%s", error)
            self.failed.emit(FileFailure(task.key, str(error), reading=False))
        except Exception:
            log.exception("writing %s failed", task.path)
            sentence = self.tr(
                "{0} cannot be saved because of an error inside Restorer; the details are in the log."
            ).format(task.path.name)
            self.failed.emit(FileFailure(task.key, sentence, reading=False))


class FileHost(QObject):
    """The window's end of the files' thread."""

    read = Signal(object)
    written = Signal(object)
    failed = Signal(object)
    _read = Signal(object)
    _write = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.thread_ = QThread(self)
        self.thread_.setObjectName("files")
        self._worker = FileWorker()
        self._worker.moveToThread(self.thread_)
        self.thread_.finished.connect(self._worker.deleteLater)
        self._read.connect(self._worker.do_read)
        self._write.connect(self._worker.do_write)
        self._worker.read.connect(self._on_read)
        self._worker.written.connect(self._on_written)
        self._worker.failed.connect(self._on_failed)
        self.thread_.start()

    def start_reading(self, task: Reading) -> None:
        self._read.emit(task)

    def start_writing(self, task: Writing) -> None:
        self._write.emit(task)

    def close(self) -> None:
        """Let the file in hand be finished, then end the thread."""
        self.thread_.quit()
        self.thread_.wait()

    @Slot(object)
    def _on_read(self, read: Read) -> None:
        self.read.emit(read)

    @Slot(object)
    def _on_written(self, written: Written) -> None:
        self.written.emit(written)

    @Slot(object)
    def _on_failed(self, failure: FileFailure) -> None:
        self.failed.emit(failure)
